"""A sheet as rows of values, with what can be said of its cells before their meaning is known."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils import get_column_letter

from prepos.data.workbook.package import SAVE_AS, Package, Sheet, relations
from prepos.data.workbook.scan import Facts, cells_of, sheet_facts
from prepos.data.workbook.values import cell_text
from prepos.errors import DataError, Problem

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, EOFError, ElementTree.ParseError)
MOST_OFFERED = 500  # rows from the top that may hold an offered name: the header of a table, the keys of the settings


@dataclass(frozen=True)
class Grid:
    """The rows of a sheet that hold anything.

    Parameters
    ----------
    sheet
        The sheet.
    rows
        Row as the spreadsheet numbers it -> its values, up to the last that holds something.
    facts
        Merged cells, hidden rows, formulas without a result.
    errors
        Cells (row, column) that hold an error of the spreadsheet.
    offered
        Cells of text (row, column) in italics: names that `prepos` wrote for columns and keys nobody uses yet.
    epoch
        Day that date serials count from.
    """

    sheet: Sheet
    rows: dict[int, tuple[Any, ...]]
    facts: Facts
    errors: frozenset[tuple[int, int]]
    offered: frozenset[tuple[int, int]]
    epoch: datetime

    @property
    def label(self) -> str:
        """The sheet as messages name it."""
        return label(self.sheet.name)


def label(name: str) -> str:
    """Return how messages name a sheet."""
    return f"sheet {name}"


class Book:
    """The sheets of a workbook, each read when asked for."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.sheets = package.sheets
        with _unreadable(package.file):
            self._book = openpyxl.load_workbook(BytesIO(package.content), read_only=True, data_only=True)
            self._texts = shared_texts(package)

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def grid(self, sheet: Sheet, most: int | None = None) -> Grid:
        """Return the rows of a sheet that hold anything; `most`: only the first few rows are looked at."""
        with _unreadable(self.package.file, sheet.name):
            found = self._book[sheet.name]
            found.reset_dimensions()
            found._shared_strings = self._texts
            rows: dict[int, tuple[Any, ...]] = {}
            offered: set[tuple[int, int]] = set()
            errors: set[tuple[int, int]] = set()
            for number, cells in enumerate(found.iter_rows(max_row=most), start=1):
                values = _trimmed([cell.value for cell in cells])
                if values:
                    rows[number] = values
                    errors |= {(number, n) for n, cell in enumerate(cells, start=1) if cell.data_type == "e"}
                    if len(rows) <= MOST_OFFERED:
                        offered |= {(number, n) for n, cell in enumerate(cells, start=1) if _italic(cell)}
            facts = sheet_facts(self.package.parts[sheet.part]) if most is None else Facts()
        return Grid(sheet, rows, facts, frozenset(errors), frozenset(offered), self._book.epoch)


def shared_texts(package: Package) -> list[str]:
    """Return the texts that cells refer to by number, as they stand: openpyxl drops a part of what is escaped."""
    part = next((target for _, kind, target in relations(package.parts, package.main) if kind == "sharedStrings"), "")
    if part not in package.parts:
        return []
    found = []
    for _, item in ElementTree.iterparse(BytesIO(package.parts[part])):
        if item.tag.endswith("}si"):
            found.append("".join(text.text or "" for text in _runs(item)))
            item.clear()
    return found


def _runs(item: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Give the texts of an item, without what says how they are pronounced."""
    for child in item:
        if child.tag.endswith("}t"):
            yield child
        elif child.tag.endswith("}r"):
            yield from (text for text in child if text.tag.endswith("}t"))


@contextlib.contextmanager
def _unreadable(file: str, sheet: str = "") -> Iterator[None]:
    """Turn whatever a broken part brings up into a message."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UNREADABLE as error:
        found = " ".join(str(error).split())[:120] or type(error).__name__
        message = f"cannot be read ({found}); {SAVE_AS}"
        raise DataError(file, [Problem(label(sheet) if sheet else file, message)]) from None


def _trimmed(values: list[Any]) -> tuple[Any, ...]:
    last = 0
    for n, value in enumerate(values, start=1):
        if value is not None and (not isinstance(value, str) or value.strip()):
            last = n
    return tuple(values[:last])


def _italic(cell: Any) -> bool:
    return isinstance(cell.value, str) and bool(cell.font.i)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell: ``B14``."""
    return f"{get_column_letter(column)}{row}"


def amiss(grid: Grid, rows: Iterable[int], columns: dict[int, str]) -> Iterator[tuple[tuple[int, int], str]]:
    """Give each cell (row, column) that holds no value to read, with the reason.

    Parameters
    ----------
    grid
        The sheet.
    rows, columns
        Rows of the table's body; number -> name of its columns.
    """
    body = set(rows)
    for row, column in sorted(grid.errors):
        if column in columns and row in body:
            error = grid.rows[row][column - 1]
            yield (row, column), f"'{error}' is an error of the spreadsheet; mend the formula, or write the value"
    for row, column in sorted(grid.facts.unsolved):
        if column in columns and row >= min(body, default=1):
            yield (row, column), "holds a formula without a result; open the workbook in a spreadsheet and save it"
    for block in grid.facts.merged:
        yield from _merged(grid, block, body, columns)


def _merged(
    grid: Grid, block: tuple[int, int, int, int], body: set[int], columns: dict[int, str]
) -> Iterator[tuple[tuple[int, int], str]]:
    cells = [(row, column) for row, column in cells_of(block) if column in columns and row in body]
    left, top, right, bottom = block
    if not cells or not any(cell_text(value) for value in grid.rows.get(top, ())[left - 1 : right]):
        return
    name = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
    message = f"{name} is merged, so only its first cell holds a value; unmerge it and fill each cell"
    yield cells[0], message
    for cell in cells[1:]:
        yield cell, ""


def texts(grid: Grid, rows: Iterable[int], column: int) -> list[str]:
    """Return the texts of one column."""
    return [cell_text(values[column - 1]) if column <= len(values := grid.rows[row]) else "" for row in rows]
