"""From a `Scenario` to a workbook that a person can fill in, and that reads back as the same scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from prepos.data.cells import is_date
from prepos.data.scenario import Scenario
from prepos.data.settings import KEYS, MEANINGS, OUTCOMES, RULE_SETS
from prepos.data.tables import TABLES, Column, Table
from prepos.data.workbook.entry import guide
from prepos.data.workbook.look import NEEDED, OFFERED, USED, Look, header, look, note
from prepos.data.workbook.settings import HEADER, SHEET, SOURCES
from prepos.data.workbook.start import write_start
from prepos.data.write import written_columns, written_settings
from prepos.errors import DataError, Problem, UsageError

MOST_ROWS = 1_048_576  # of a sheet
MOST_LETTERS = 32_767  # of a cell
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900; earlier days are written as text
WIDEST, SAMPLE = 42, 300
CHOICES = {"outcomes": OUTCOMES, "need_rules": RULE_SETS}


class ExactSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose numbers read back as they were: XlsxWriter itself rounds to 16 digits."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        texts = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{texts}><v>{float(number)!r}</v></c>")


def write_workbook(scenario: Scenario, path: Path) -> None:
    """Write a filled workbook: a sheet `start` in plain words, the settings, and a sheet for every table.

    Column names carry notes (meaning, unit, what an empty cell means); cells offer ids and choices and hold to bounds.
    Tables and columns that the scenario does not use are there with their names in italics, to be filled in.

    Raises
    ------
    UsageError
        When the file cannot be written.
    DataError
        When a number is infinite, or a text or a table is too long for a workbook.
    """
    path = Path(path)
    problems = [problem for table in TABLES.values() for problem in _too_large(scenario, table)]
    if problems:
        raise DataError(path.name, problems)
    book = xlsxwriter.Workbook(path, {"nan_inf_to_errors": False})
    formats = look(book)
    start = book.add_worksheet("start")
    _settings(book, scenario, formats)
    in_use = frozenset(table.name for table in TABLES.values() if len(scenario.table(table.name)))
    columns = {table.name: _columns(scenario, table) for table in TABLES.values()}
    for table in TABLES.values():
        _table(book, scenario, table, columns, in_use, formats)
    write_start(start, scenario, path.name, {name: len(scenario.table(name)) for name in in_use}, formats)
    try:
        book.close()
    except (OSError, XlsxWriterException) as error:
        raise UsageError(f"{path}: cannot be written ({error}); close it in other programs") from None


def _too_large(scenario: Scenario, table: Table) -> list[Problem]:
    frame = scenario.table(table.name)
    if len(frame) >= MOST_ROWS:
        return [Problem(table.file, f"has {len(frame):,} rows; a sheet holds {MOST_ROWS - 1:,}")]
    problems = []
    for name in frame.columns:
        for n, cell in enumerate(frame[name].tolist()):
            if isinstance(cell, float) and math.isinf(cell):
                problems.append(Problem(table.file, "is infinite; leave it empty (NaN) for no limit", n + 2, str(name)))
            elif isinstance(cell, str) and len(cell) > MOST_LETTERS // 2 and _letters(cell) > MOST_LETTERS:
                message = f"has {_letters(cell):,} letters; a cell of a workbook holds {MOST_LETTERS:,}"
                problems.append(Problem(table.file, message, n + 2, str(name)))
    return problems


def _letters(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _columns(scenario: Scenario, table: Table) -> list[str]:
    """Return the columns of a sheet: those in use in their order, each other one behind its declared neighbour."""
    names = _used(scenario, table)
    before = ""
    for name in table.column_names:
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
        before = name
    return names


def _used(scenario: Scenario, table: Table) -> list[str]:
    given = table.required or table.name in scenario.layout or len(scenario.table(table.name))
    return written_columns(scenario, table) if given else []


def _table(
    book: Workbook,
    scenario: Scenario,
    table: Table,
    columns: dict[str, list[str]],
    in_use: frozenset[str],
    formats: Look,
) -> None:
    sheet = book.add_worksheet(table.name, ExactSheet)
    frame, names, used = scenario.table(table.name), columns[table.name], _used(scenario, table)
    declared = {column.name: column for column in table.columns}
    for position, name in enumerate(names):
        column = declared.get(name)
        sheet.write_string(0, position, name, header(column, name in used, formats))
        cells = frame[name].tolist() if name in frame.columns else []
        _cells(sheet, position, cells, column, formats)
        sheet.set_column(position, position, _width(name, cells))
        if column is not None:
            _note(sheet, position, column)
            guide(sheet, column, position, len(frame), columns, in_use)
    _frame(sheet, table, len(frame), len(names))
    sheet.set_tab_color(NEEDED if table.required else USED if table.name in in_use else OFFERED)


def _cells(sheet: Worksheet, position: int, cells: Sequence[Any], column: Column | None, formats: Look) -> None:
    kind = "text" if column is None else column.kind
    for row, cell in enumerate(cells, start=1):
        if kind == "number":
            if not math.isnan(cell):
                sheet.write_number(row, position, cell)
        elif kind == "date" and is_date(str(cell)) and date.fromisoformat(cell) >= FIRST_DAY:
            sheet.write_datetime(row, position, date.fromisoformat(cell), formats.day)
        elif cell:
            sheet.write_string(row, position, str(cell))


def _note(sheet: Worksheet, position: int, column: Column) -> None:
    text = note(column)
    lines = sum(-(-len(line) // 44) for line in text.splitlines()) + 1
    options = {"author": "prepos", "width": 300, "height": 17 * lines, "font_size": 9, "color": "#FFFDF2"}
    sheet.write_comment(0, position, text, options)


def _frame(sheet: Worksheet, table: Table, rows: int, columns: int) -> None:
    """Set what stays in sight, what can be filtered, and how it prints."""
    keys = [name for name in table.key if name in table.column_names[:2]]
    sheet.freeze_panes(1, 1 if keys else 0)
    sheet.autofilter(0, 0, max(rows, 1), columns - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A2:XFD{max(rows, 1) + 1}"})
    sheet.set_row(0, 20)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _width(name: str, cells: Sequence[Any]) -> float:
    longest = max((len(f"{cell:g}" if isinstance(cell, float) else str(cell)) for cell in cells[:SAMPLE]), default=0)
    return min(max(longest, len(name) + 4, 9) + 1.5, WIDEST)


def _settings(book: Workbook, scenario: Scenario, formats: Look) -> None:
    sheet = book.add_worksheet(SHEET, ExactSheet)
    for position, (name, width) in enumerate(zip(HEADER, (26, 62, 80), strict=True)):
        sheet.write_string(0, position, name, formats.needed)
        sheet.set_column(position, position, width)
    written = written_settings(scenario.settings, scenario.layout.get(SHEET, ()))
    row = 1
    for key in [*written, *(key for key in KEYS if key not in written)]:
        sources = written.get(key) if key == SOURCES else None
        pairs = [(f"{SOURCES}.{name}", text) for name, text in sources.items()] if sources else []
        for n, (name, value) in enumerate(pairs or [(key, written.get(key) if key != SOURCES else None)]):
            sheet.write_string(row, 0, name, formats.used if key in written else formats.offered)
            if isinstance(value, str):
                sheet.write_string(row, 1, value, formats.wrapped)
            elif value is not None:
                sheet.write_number(row, 1, value, formats.left)
            if n == 0:
                sheet.write_string(row, 2, MEANINGS[key], formats.wrapped)
            if key in CHOICES:
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(CHOICES[key])})
            row += 1
    sheet.freeze_panes(1, 1)
    sheet.set_tab_color(NEEDED)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
