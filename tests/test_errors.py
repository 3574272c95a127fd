"""How problems read."""

from __future__ import annotations

from prepos.errors import DataError, Problem, list_problems

SITE = Problem("needs.csv", "'Penana' is not in sites.csv (did you mean 'Penama'?)", 14, "site")
SUM = Problem("outcomes.csv", "probabilities sum to 0.93; add a 'none' row or rescale")
MARK = Problem("hubs.csv", "begins with a byte order mark; it was left out", severity="warning")


def test_problems_are_counted_and_each_has_its_place():
    assert str(DataError("scenarios/my-plan", [SITE, SUM])).splitlines() == [
        "scenarios/my-plan: 2 problems",
        "  - needs.csv row 14, column site: 'Penana' is not in sites.csv (did you mean 'Penama'?)",
        "  - outcomes.csv: probabilities sum to 0.93; add a 'none' row or rescale",
    ]


def test_warnings_are_counted_apart():
    assert list_problems("plan", [SITE, MARK]).splitlines()[0] == "plan: 1 problem, 1 warning"
    assert list_problems("plan", [MARK]).splitlines() == [
        "plan: 1 warning",
        "  - warning: hubs.csv: begins with a byte order mark; it was left out",
    ]


def test_the_many_of_one_column_end_in_a_count():
    many = [Problem("needs.csv", "is empty", row, "site") for row in range(2, 32)]
    lines = list_problems("plan", [*many, SUM]).splitlines()
    assert lines[0] == "plan: 31 problems"
    assert lines[11] == "  - needs.csv, column site: and 20 more, from row 12 on"
    assert lines[12:] == [f"  - {SUM}"]


def test_a_single_one_more_is_written_out():
    many = [Problem("needs.csv", "is empty", row, "site") for row in range(2, 13)]
    assert list_problems("plan", many).splitlines()[-1] == "  - needs.csv row 12, column site: is empty"
