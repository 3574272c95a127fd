"""The past as it was."""

from __future__ import annotations

import pandas as pd
import pytest

from prepos.data.outcome_sets.history import history
from prepos.data.outcomes import needs
from prepos.errors import DataError

from .past import past

ROWS = [
    {"disaster": "a", "glide": "TC-2010-000001-FJI", "iso3": "FJI", "date": "2010-01-01", "people_in_need": 100.0},
    {"disaster": "b", "glide": "TC-2010-000001-KEN", "iso3": "KEN", "date": "2010-01-02", "people_in_need": 20.0},
    {"disaster": "c", "glide": "FL-2012-000007-KEN", "iso3": "KEN", "date": "2012-07-01", "people_in_need": 40.0},
]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("disaster", {"a": 100.0, "b": 20.0, "c": 40.0}),
        ("event", {"a": 120.0, "c": 40.0}),
        ("year", {"year-2010": 120.0, "year-2012": 40.0}),
    ],
)
def test_needs_are_as_they_were_whatever_they_are_put_together_by(by, expected):
    made = history(past(ROWS), by)
    table = needs(made)
    blankets = table[table["item"] == "blanket"].groupby("outcome")["quantity"].sum()
    assert blankets.to_dict() == expected
    assert made.outcomes["probability"].sum() == pytest.approx(1)


def test_a_quiet_year_is_an_outcome_and_a_year_is_a_season_of_365_days():
    made = history(past(ROWS, period_days=90), "year")
    assert made.outcomes.set_index("outcome")["probability"]["none"] == pytest.approx(1 / 3)
    assert (made.settings.outcomes, made.settings.period_days) == ("seasons", 365.0)


def test_fewer_events_than_disasters_strike_less_often():
    assert history(past(ROWS, disasters_per_year=3.0), "event").settings.disasters_per_year == pytest.approx(2.0)
    assert history(past(ROWS, disasters_per_year=3.0), "disaster").settings.disasters_per_year == pytest.approx(3.0)


def test_a_history_by_year_needs_dates():
    with pytest.raises(DataError, match=r"without a date \(c\)"):
        history(past([*ROWS[:2], {**ROWS[2], "date": ""}]), "year")


def test_rows_of_both_tables_have_the_declared_types():
    made = history(past(ROWS), "event")
    assert made.needs["quantity"].dtype == "float64"
    assert isinstance(made.needs["site"].dtype, pd.StringDtype)
