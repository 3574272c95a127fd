"""Which sheet is which table, and how problems that name files are told of sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from prepos.data.settings import FILE, KEYS
from prepos.data.suggest import closest, plain_name
from prepos.data.tables import TABLES
from prepos.data.workbook.grid import Book, Grid, cell_name, label
from prepos.data.workbook.package import Sheet
from prepos.data.workbook.settings import SHEET
from prepos.data.workbook.values import cell_text
from prepos.errors import Problem

OWN = ("start", "problems")
"""Sheets of prepos that hold no data."""

NAMED = re.compile(rf"\b({'|'.join((*TABLES, FILE.removesuffix('.toml')))})\.(?:csv|toml)\b")


@dataclass(frozen=True)
class Place:
    """Where a table stands in a workbook.

    Parameters
    ----------
    sheet
        Name of its sheet.
    header_row
        Row of its column names.
    columns
        Column name -> number of the column.
    keys
        Of the settings: key -> row.
    """

    sheet: str
    header_row: int = 1
    columns: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, int] = field(default_factory=dict)


def assign(sheets: Iterable[Sheet]) -> dict[str, Sheet]:
    """Return table (and ``"scenario"``) -> sheet; the exact name wins over one of other case, spaces or marks."""
    found: dict[str, Sheet] = {}
    left = list(sheets)
    for same in (lambda name, table: name == table, lambda name, table: plain_name(name) == plain_name(table)):
        for table in (SHEET, *TABLES):
            match = next((sheet for sheet in left if same(sheet.name, table)), None)
            if table not in found and match is not None:
                found[table] = match
                left.remove(match)
    return found


def strange_sheets(book: Book, taken: Mapping[str, Sheet]) -> list[Problem]:
    """Warn of sheets that look like a table under a wrong name; the user's others are left alone."""
    absent = [name for name in (SHEET, *TABLES) if name not in taken]
    problems = []
    for sheet in book.sheets:
        if sheet in taken.values() or plain_name(sheet.name) in OWN:
            continue
        match = closest(sheet.name, absent, cutoff=0.75)
        columns = "" if match else _by_columns(book.grid(sheet, most=5), absent)
        if match or columns:
            hint = (
                f"did you mean '{match}'?" if match else f"it has the columns of '{columns}': rename it if it is that"
            )
            problems.append(Problem(label(sheet.name), f"is not a table and was not read ({hint})", severity="warning"))
    return problems


def _by_columns(grid: Grid, absent: Iterable[str]) -> str:
    header = {plain_name(cell_text(value)) for values in grid.rows.values() for value in values}
    for name in absent:
        required = (
            {plain_name(column.name) for column in TABLES[name].columns if column.required} if name != SHEET else ()
        )
        if len(required) > 1 and header.issuperset(required):
            return name
    return ""


def in_sheets(problem: Problem, places: Mapping[str, Place]) -> Problem:
    """Return a problem of a file as a problem of the sheet that holds it, with its cell.

    Parameters
    ----------
    problem
        As the checks give it: table ``"hubs.csv"``, rows as the spreadsheet numbers them.
    places
        Table -> place; a table that is not there is named all the same.
    """
    name, dot, ending = problem.table.rpartition(".")
    if not dot or ending not in ("csv", "toml") or name not in (SHEET, *TABLES):
        return problem
    place = places.get(name)
    message = _renamed(problem.message, places)
    if place is None:
        return replace(problem, table=label(name), message=message)
    table = label(place.sheet)
    if name == SHEET:
        return _of_key(replace(problem, table=table, message=message), place)
    column = place.columns.get(problem.column)
    if problem.row is None and not problem.column:
        return replace(problem, table=table, message=message)
    row = problem.row or place.header_row
    cell = cell_name(row, column or min(place.columns.values(), default=1))
    return replace(problem, table=table, message=message, cell=cell)


def _of_key(problem: Problem, place: Place) -> Problem:
    """Put the row of its key in place of the key, which no column has for a name."""
    key = problem.column
    row = place.keys.get(key) or next((row for name, row in place.keys.items() if name.startswith(f"{key}.")), None)
    if not key or row is None:
        return problem
    column = "value" if key in KEYS else "key"
    cell = cell_name(row, place.columns[column])
    return replace(problem, row=row, column=column, message=f"{key}: {problem.message}", cell=cell)


def _renamed(message: str, places: Mapping[str, Place]) -> str:
    """Name sheets where a message names files, outside of what it quotes from a cell."""

    def sheet(found: re.Match[str]) -> str:
        place = places.get(found[1])
        return label(place.sheet if place else found[1])

    parts = re.split(r"('[^']*')", message)
    return "".join(part if n % 2 else NAMED.sub(sheet, part) for n, part in enumerate(parts))
