"""One sheet as a `RawTable`: its header found, its columns named as declared, its cells as texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from prepos.data.raw import RawTable
from prepos.data.subject import counted, some
from prepos.data.suggest import plain_name, shown
from prepos.data.tables import Table
from prepos.data.workbook.grid import Grid, amiss, texts
from prepos.data.workbook.values import SERIAL, cell_text, day_of
from prepos.errors import Problem

TOP = 20  # rows among which the header is looked for


@dataclass(frozen=True)
class SheetTable:
    """A sheet, read as a table.

    Parameters
    ----------
    raw
        Its texts; `file` is the table's, so that checks name it as they always do.
    header_row
        Row of the column names.
    places
        Column name -> number of its column.
    problems
        What is wrong or odd, in terms of `raw`.
    told
        Cells (row, column name) that hold no value to read: told already.
    """

    raw: RawTable
    header_row: int
    places: Mapping[str, int]
    problems: tuple[Problem, ...]
    told: frozenset[tuple[int, str]] = frozenset()


def sheet_table(grid: Grid, table: Table) -> SheetTable | None:
    """Return the table of a sheet; None where the sheet is empty, or holds nothing but names that are offered."""
    if not grid.rows:
        return None
    header_row = _header_row(grid, table)
    named, problems = _names(grid, table, header_row)
    body = [row for row in grid.rows if row > header_row]
    used = {column: name for column, name in named.items() if _in_use(grid, table, header_row, column, name, body)}
    if not body and not used:
        return None
    faults = dict(amiss(grid, [header_row, *body], used))
    problems += [
        Problem(table.file, message, row, used[column]) for (row, column), message in faults.items() if message
    ]
    columns = {column: texts(grid, body, column) for column in used}
    position = {row: n for n, row in enumerate(body)}
    for row, column in faults:
        if row in position:
            columns[column][position[row]] = ""
    problems += _dates(grid, table, used, columns, body) + _spaces(table, columns) + _hidden(grid, table, used, body)
    problems += _nameless(grid, table, header_row, named, body)
    stripped = tuple([text.strip() for text in column] for column in columns.values())
    return SheetTable(
        RawTable(table.file, tuple(used.values()), stripped, tuple(body)),
        header_row,
        {name: column for column, name in used.items()},
        tuple(problems),
        frozenset((row, used[column]) for row, column in faults),
    )


def _header_row(grid: Grid, table: Table) -> int:
    """Return the row that names most columns of the table; the first that holds anything where none does."""
    first = list(grid.rows)[:TOP]
    declared = {plain_name(name) for name in table.column_names}

    def matches(row: int) -> int:
        return len(declared & {plain_name(cell_text(value)) for value in grid.rows[row]})

    return max(first, key=lambda row: (matches(row), -row))


def _names(grid: Grid, table: Table, header_row: int) -> tuple[dict[int, str], list[Problem]]:
    """Return column number -> name: as declared where only case, spaces or marks differ, else as written."""
    written = {n: cell_text(value).strip() for n, value in enumerate(grid.rows[header_row], start=1)}
    exact = set(written.values())
    declared = {plain_name(name): name for name in table.column_names if name not in exact}
    named: dict[int, str] = {}
    problems: list[Problem] = []
    above = [row for row in grid.rows if row < header_row]
    if above:
        message = f"the column names are taken from row {header_row}; what stands above them is left out"
        problems.append(Problem(table.file, message, severity="warning"))
    for column, name in written.items():
        if not name:
            continue
        meant = name if name in table.column_names else declared.pop(plain_name(name), name)
        if meant != name:
            problems.append(Problem(table.file, f"{shown(name)} is read as {meant}", header_row, meant, "warning"))
        if meant in named.values():
            first = next(n for n, other in named.items() if other == meant)
            letters = f"{get_column_letter(first)} and {get_column_letter(column)}"
            problems.append(Problem(table.file, f"two columns ({letters}) have this name", header_row, meant))
        else:
            named[column] = meant
    return named, problems


def _in_use(grid: Grid, table: Table, header_row: int, column: int, name: str, body: list[int]) -> bool:
    """Tell whether a column is part of the table: not merely offered, or filled, or needed by rows that are there."""
    if (header_row, column) not in grid.offered or any(texts(grid, body, column)):
        return True
    return bool(body) and any(declared.name == name and declared.required for declared in table.columns)


def _dates(
    grid: Grid, table: Table, used: Mapping[int, str], columns: Mapping[int, list[str]], body: list[int]
) -> list[Problem]:
    """Put days in place of date serials: numbers in a column of dates."""
    problems = []
    dates = {declared.name for declared in table.columns if declared.kind == "date"}
    for column in (column for column, name in used.items() if name in dates):
        cells = columns[column]
        serials = [
            n
            for n, text in enumerate(cells)
            if SERIAL.fullmatch(text) and isinstance(grid.rows[body[n]][column - 1], int | float)
        ]
        for n in serials:
            cells[n] = day_of(float(cells[n]), grid.epoch)
        if serials:
            verb = "is a number" if len(serials) == 1 else "are numbers"
            message = f"{counted(len(serials), 'date')} {verb}; read as the day it stands for ({cells[serials[0]]})"
            problems.append(Problem(table.file, message, body[serials[0]], used[column], "warning"))
    return problems


def _spaces(table: Table, columns: Mapping[int, list[str]]) -> list[Problem]:
    spaced = sum(text != text.strip() for cells in columns.values() for text in cells)
    if not spaced:
        return []
    cells = "1 cell begins or ends" if spaced == 1 else f"{spaced:,} cells begin or end"
    return [Problem(table.file, f"{cells} with a space; the spaces were left out", severity="warning")]


def _hidden(grid: Grid, table: Table, used: Mapping[int, str], body: list[int]) -> list[Problem]:
    """Warn of what the user does not see and is read all the same."""
    rows = sorted(set(grid.facts.hidden_rows) & set(body))
    names = [
        name for column, name in used.items() if any(low <= column <= high for low, high in grid.facts.hidden_columns)
    ]
    found = []
    if grid.sheet.hidden:
        found.append("the sheet is hidden")
    if rows:
        found.append(f"{counted(len(rows), 'row')} hidden ({some([str(row) for row in rows])})")
    if names:
        found.append(f"{counted(len(names), 'column')} hidden ({some(names)})")
    if not found:
        return []
    message = f"{'; '.join(found)}; read like all others, delete what is not meant"
    return [Problem(table.file, message, severity="warning")]


def _nameless(grid: Grid, table: Table, header_row: int, named: Mapping[int, str], body: list[int]) -> list[Problem]:
    """Find values below no name: a note of the user's, or a column that lost its name."""
    first: dict[int, int] = {}
    counts: Counter[int] = Counter()
    for row in body:
        for column, value in enumerate(grid.rows[row], start=1):
            if column not in named and cell_text(value).strip():
                first.setdefault(column, row)
                counts[column] += 1
    return [
        Problem(
            table.file,
            f"column {get_column_letter(column)} holds {counted(counts[column], 'value')} below no column name; "
            f"name it in row {header_row}, or move notes to a sheet of their own",
            row,
        )
        for column, row in sorted(first.items())
        if not _duplicate(grid, header_row, column)
    ]


def _duplicate(grid: Grid, header_row: int, column: int) -> bool:
    header = grid.rows[header_row]
    return column <= len(header) and bool(cell_text(header[column - 1]).strip())
