"""Whatever stands in the cells of a workbook, it reads whole or is a `DataError`, and its copy can be opened."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepos.data.tables import TABLES
from prepos.data.workbook.annotate import annotate
from prepos.data.workbook.read import read_workbook
from prepos.errors import DataError
from tests.data.test_properties import NASTY
from tests.data.workbook.conftest import PLAIN, by_hand

CELLS = [
    *(text for text in NASTY if text.isprintable()), "two\nlines", None, True, False, 0, -1, 1e300, 0.1, 47635, "=1+1",
    "=Nothing!A1", "#N/A", date(2030, 1, 1), datetime(1899, 12, 31), datetime(2030, 1, 1, 5), time(0, 0), time(9, 30),
    timedelta(days=2),
]  # fmt: skip


@st.composite
def spoiled(draw):
    """Draw the plain tables with other things in some cells, rows repeated, cut or blank."""
    sheets = {name: [list(row) for row in rows] for name, rows in PLAIN.items()}
    for name in draw(st.lists(st.sampled_from(sorted(sheets)), min_size=1, max_size=3)):
        rows = sheets[name]
        row = draw(st.sampled_from(rows))
        place = draw(st.integers(0, len(row)))
        deed = draw(st.sampled_from(["cell", "cell", "cell", "cut", "insert", "repeat", "blank"]))
        if deed == "cut":
            del row[place:]
        elif deed == "insert":
            row.insert(place, draw(st.sampled_from(CELLS)))
        elif deed == "repeat":
            rows.append(list(row))
        elif deed == "blank":
            rows.insert(draw(st.integers(0, len(rows))), [])
        elif row:
            row[min(place, len(row) - 1)] = draw(st.sampled_from(CELLS))
    return sheets


def filled_rows(path: Path, name: str) -> int:
    sheet = openpyxl.load_workbook(path)[name]
    return sum(any(str(v).strip() for v in row if v is not None) for row in sheet.iter_rows(values_only=True))


def problems_of(path: Path):
    """Read a workbook; give its scenario or its problems. Nothing else may happen."""
    try:
        return read_workbook(path), ()
    except DataError as error:
        return None, error.problems


@given(sheets=spoiled())
@settings(max_examples=25, deadline=None)
def test_any_cell_reads_or_is_told_and_marked(sheets):
    with tempfile.TemporaryDirectory() as place:
        path = by_hand(Path(place, "plan.xlsx"), **sheets)
        scenario, problems = problems_of(path)
        if scenario is None:
            assert problems
            assert all(problem.message and problem.table for problem in problems)
            copy = openpyxl.load_workbook(annotate(path, problems))
            marked = [problem for problem in problems if problem.cell]
            assert all(copy[p.table.removeprefix("sheet ")][p.cell].comment for p in marked)
            return
        for name in TABLES.keys() & sheets.keys():
            rows = max(filled_rows(path, name) - 1, 0)
            told = any(name in warning.table for warning in scenario.warnings)
            assert len(scenario.table(name)) == rows or told, name


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_any_sheet_may_be_missing_empty_or_only_a_header(tmp_path, name):
    for rows in (None, [], PLAIN[name][:1], [[None, None], ["x"]]):
        scenario, problems = problems_of(by_hand(tmp_path / "plan.xlsx", **{name: rows}))
        assert scenario is not None or problems
