"""Workbooks for the tests: a right one to be made wrong, and a way to read what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.data.workbook.read import read_workbook
from prepos.data.workbook.write import write_workbook
from prepos.errors import DataError

# A workbook as a planner makes it by hand: no notes, no colours, two tables.
PLAIN = {
    "scenario": [["key", "value"], ["title", "By hand"]],
    "hubs": [["hub", "name", "lat", "lon"], ["A", "Alpha", 1, 2], ["B", "Beta", 3.5, 4]],
    "items": [["item", "unit_kg", "unit_m3"], ["tent", 50, 0.25]],
    "stock": [["hub", "item", "quantity", "expiry"], ["A", "tent", 10, None], ["B", "tent", 20, None]],
    "lanes": [["hub", "site", "mode", "hours", "usd_per_kg"], ["A", "X", "road", 10, 1], ["B", "X", "road", 5, 1]],
    "outcomes": [["outcome", "probability"], ["wet", 1]],
    "needs": [["outcome", "site", "item", "quantity"], ["wet", "X", "tent", 30]],
}

Make = Callable[..., Path]


def by_hand(path: Path, change: Callable[[openpyxl.Workbook], None] | None = None, **sheets: object) -> Path:
    """Write the plain workbook with some sheets replaced (None: left out), changed as asked."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (PLAIN | sheets).items():
        if rows is None:
            continue
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change is not None:
        change(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture(name="plain")
def plain_fixture(tmp_path: Path) -> Make:
    """Give the function that writes the plain workbook."""
    return lambda change=None, **sheets: by_hand(tmp_path / "plan.xlsx", change, **sheets)


@pytest.fixture
def filled(folder: Callable[..., Path], tmp_path: Path) -> Make:
    """Give the function that writes the good scenario as prepos does, then changes it as a person would."""

    def make(change: Callable[[openpyxl.Workbook], None] | None = None, **files: object) -> Path:
        path = tmp_path / "plan.xlsx"
        write_workbook(read_scenario(folder(**files)), path)
        if change is not None:
            book = openpyxl.load_workbook(path)
            change(book)
            book.save(path)
        return path

    return make


def problems_in(path: Path) -> list[str]:
    """Return the errors of a workbook as a user reads them."""
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    assert caught.value.exit_code == 3
    return [str(problem) for problem in caught.value.problems if problem.severity == "error"]


@pytest.fixture(scope="session")
def wrong() -> Callable[[Path], list[str]]:
    """Give the function that reads a wrong workbook and returns its errors."""
    return problems_in


@pytest.fixture(scope="session")
def odd() -> Callable[[Path], list[str]]:
    """Give the function that reads a right workbook and returns its warnings."""
    return lambda path: [str(problem) for problem in read_workbook(path).warnings]


@pytest.fixture(scope="session")
def read() -> Callable[[Path], Scenario]:
    """Give the function that reads a workbook."""
    return read_workbook
