"""The nearest known name."""

from __future__ import annotations

import pytest

from prepos.data.suggest import closest, nearest, shown

PLACES = ["Penama", "Shefa", "Tafea"]


@pytest.mark.parametrize("name", ["Penana", "penama", "PENAMA", "Pen ama", "Penam", "Penama Province"])
def test_a_near_name_is_found_whatever_its_case_and_spaces(name):
    assert nearest(name, PLACES) == " (did you mean 'Penama'?)"


@pytest.mark.parametrize("name", ["Nairobi", "", "-", "P"])
def test_a_name_that_is_not_near_gives_no_hint(name):
    assert nearest(name, PLACES) == ""


def test_a_short_form_is_near():
    assert closest("latitude", ["name", "lat", "lon"]) == "lat"


def test_nothing_is_near_where_nothing_is_known():
    assert nearest("Penama", []) == ""
    assert nearest("Penama", [""]) == ""


def test_a_long_or_broken_text_is_shown_short_and_on_one_line():
    assert shown("two\nlines\x1b[0m") == "'two lines [0m'"
    assert shown("x" * 100) == f"'{'x' * 57}...'"
