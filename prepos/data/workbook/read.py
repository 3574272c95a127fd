"""From a workbook to a `Scenario`: the same tables, the same checks, the problems told by sheet and cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from prepos.data.read import Given, assemble
from prepos.data.scenario import Origin, Scenario, Settings
from prepos.data.settings import FILE
from prepos.data.tables import TABLES, Table
from prepos.data.typed import TypedTable, typed_table
from prepos.data.workbook.grid import Book
from prepos.data.workbook.package import Sheet, open_package
from prepos.data.workbook.settings import SHEET, SheetSettings, sheet_settings
from prepos.data.workbook.sheets import Place, assign, in_sheets, strange_sheets
from prepos.data.workbook.table import sheet_table
from prepos.errors import DataError, Problem


def read_workbook(path: Path) -> Scenario:
    """Return the scenario of a workbook: one sheet for each table, settings in the sheet `scenario`.

    Sheets that are no table are the user's own and stay unread. Formulas are read by the results that were saved with
    them. A table of which only names are there, as `write_workbook` offers them, counts as not given.

    Parameters
    ----------
    path
        An `.xlsx` (or `.xlsm`) file.

    Returns
    -------
    Scenario
        Named after the file; what was odd is in its `warnings`, the file itself in its `origin`.

    Raises
    ------
    DataError
        When the file cannot be read, or anything in it is wrong; it carries every problem of every sheet, each with
        sheet, row, column and cell.
    """
    path = Path(path)
    book = Book(open_package(path))
    try:
        given, places = _given(book)
        odd = [*_open_elsewhere(path), *strange_sheets(book, assign(book.sheets))]
    finally:
        book.close()
    given.problems[:0] = odd
    try:
        scenario = assemble(str(path), path.stem, given)
    except DataError as error:
        raise DataError(str(path), [in_sheets(problem, places) for problem in error.problems]) from None
    rows = {name: typed.rows for name, typed in given.tables.items()}
    return replace(
        scenario,
        warnings=tuple(in_sheets(problem, places) for problem in scenario.warnings),
        origin=Origin(path.name, book.package.content, partial(_told, rows=rows, places=places)),
    )


def _given(book: Book) -> tuple[Given, dict[str, Place]]:
    sheets = assign(book.sheets)
    found = _settings(book, sheets)
    given = Given(found.settings, found.keys, list(found.problems))
    places = {}
    if SHEET in sheets:
        places[SHEET] = Place(sheets[SHEET].name, columns=found.columns, keys=found.rows)
    for table in TABLES.values():
        typed, problems, place = _table(book, sheets.get(table.name), table)
        given.add(table.name, typed, problems)
        if place is not None:
            places[table.name] = place
    return given, places


def _settings(book: Book, sheets: Mapping[str, Sheet]) -> SheetSettings:
    if SHEET not in sheets:
        message = "is missing; every scenario needs it: a sheet of this name with the columns key and value"
        return SheetSettings(Settings(), (), (Problem(FILE, message),))
    return sheet_settings(book.grid(sheets[SHEET]))


def _table(book: Book, sheet: Sheet | None, table: Table) -> tuple[TypedTable | None, list[Problem], Place | None]:
    if sheet is None:
        missing = Problem(table.file, "is missing; every scenario needs a sheet of this name")
        return None, [missing] if table.required else [], None
    found = sheet_table(book.grid(sheet), table)
    if found is None:
        empty = Problem(table.file, "is empty; write the column names into the first row, and a row for each of them")
        return None, [empty] if table.required else [], Place(sheet.name)
    typed = typed_table(found.raw, table)
    problems = [p for p in typed.problems if (p.row, p.column) not in found.told]
    problems = [replace(p, row=None) if p.row == 1 and not p.column else p for p in problems]
    return typed, [*found.problems, *problems], Place(sheet.name, found.header_row, found.places)


def _open_elsewhere(path: Path) -> list[Problem]:
    lock = next((name for name in (f"~${path.name}", f".~lock.{path.name}#") if (path.parent / name).exists()), "")
    message = f"is open in another program ({lock}); changes not saved there are not read"
    return [Problem(path.name, message, severity="warning")] if lock else []


def _told(problem: Problem, rows: Mapping[str, tuple[int, ...]], places: Mapping[str, Place]) -> Problem:
    """Return a problem found after reading, which numbers rows as a table without gaps would, as one of its sheet."""
    found = rows.get(problem.table.removesuffix(".csv"), ())
    position = (problem.row or 0) - 2
    if 0 <= position < len(found):
        problem = replace(problem, row=found[position])
    return in_sheets(problem, places)
