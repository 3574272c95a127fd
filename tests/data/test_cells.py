"""Messages for one cell: what was found and what to write."""

from __future__ import annotations

import pytest

from prepos.data.cells import explain_bounds, explain_date, explain_number, is_date
from prepos.data.tables import Column

VOLUME = Column("capacity_m3", "usable volume", "m3", "number", low=0, default="no limit")
SHARE = Column("share", "share of the stock", "", "number", required=True, low=0, high=1)


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("12,5", "has a decimal comma; write 12.5"),
        ("-0,25", "has a decimal comma; write -0.25"),
        ("1,200", "has a comma; write 1200, or 1.200 if the comma was a decimal one"),
        ("1 200", "has thousands separators; write 1200"),
        ("1\u00a0200\u00a0000", "has thousands separators; write 1200000"),
        ("1'200", "has thousands separators; write 1200"),
        ("1,200,000", "has thousands separators; write 1200000"),
        ("1,200.50", "has thousands separators; write 1200.50"),
        ("1.200,50", "has thousands separators; write 1200.50"),
        ("1.200.000", "has thousands separators; write 1200000"),
        ("50%", "is not a number; write 50, or 0.5 for a share"),
        ("12 m3", "is not a bare number; write 12 (the column is in m3)"),
        ("USD 1,200.50", "is not a bare number; write 1200.50 (the column is in m3)"),
        ("$12", "is not a bare number; write 12 (the column is in m3)"),
        ("\u22125", "has a long minus sign; write -5"),
        ("n/a", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("-", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("unknown", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("nan", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("inf", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("#REF!", "is an error of the spreadsheet; leave the cell empty where the figure is unknown (no limit)"),
        ("many", "is not a number; leave the cell empty where the figure is unknown (no limit)"),
        ("1e999", "is too large for a number"),
    ],
)
def test_a_cell_that_is_no_number_is_told_with_the_way_out(text, way_out):
    shown = text.replace("\u00a0", " ")
    assert explain_number(text, VOLUME) == f"'{shown}' {way_out}"


def test_percent_in_a_share_is_told_as_a_share():
    assert explain_number("50%", SHARE) == "'50%' is not a number; write 0.5"
    assert explain_bounds("50", SHARE) == "50 is outside 0 to 1 (share of the stock); write 0.5 for 50 %"
    assert explain_number("n/a", SHARE) == "'n/a' is not a number; a figure is needed here"


def test_a_number_out_of_bounds_is_told_with_the_bounds():
    assert explain_bounds("-5", VOLUME) == "-5 is negative; it must be 0 or more (usable volume, m3)"
    above = Column("lot", "smallest quantity", "units", "number", above=0)
    assert explain_bounds("0", above) == "0 is not above 0 (smallest quantity, units)"
    low = Column("detour", "travelled km", "km/km", "number", low=1)
    assert explain_bounds("0.5", low) == "0.5 is less than 1 (travelled km, km/km)"


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("13/03/2015", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("03/13/2015", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("03/04/2015", "is not a date as YYYY-MM-DD; write 2015-04-03 or 2015-03-04"),
        ("03/03/2015", "is not a date as YYYY-MM-DD; write 2015-03-03"),
        ("13.03.15", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("2015/3/13", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("2015-03-13T00:00", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("13 March 2015", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("13-Mar-2015", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("March 13, 2015", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("42076", "is not a date as YYYY-MM-DD; write 2015-03-13"),
        ("2015-02-30", "is not a day of the calendar"),
        ("2015", "is not a date; write it as YYYY-MM-DD"),
        ("13 Foo 2015", "is not a date; write it as YYYY-MM-DD"),
        ("soon", "is not a date; write it as YYYY-MM-DD"),
    ],
)
def test_a_date_in_another_form_is_told_with_the_date_that_was_meant(text, way_out):
    assert not is_date(text)
    assert explain_date(text) == f"'{text}' {way_out}"


def test_a_day_of_the_calendar_is_a_date():
    assert is_date("2024-02-29")
    assert not is_date("2023-02-29")
