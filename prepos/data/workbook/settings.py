"""The sheet `scenario`: what `scenario.toml` says, one key in a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from prepos.data.cells import NUMBER
from prepos.data.scenario import Settings
from prepos.data.settings import FILE, settings_of
from prepos.data.suggest import plain_name
from prepos.data.workbook.grid import Grid, amiss
from prepos.data.workbook.values import cell_text
from prepos.errors import Problem

SHEET = "scenario"
HEADER = ("key", "value", "meaning")
SOURCES = "sources"
TEXTS = {field.name for field in fields(Settings) if isinstance(field.default, str)}


@dataclass(frozen=True)
class SheetSettings:
    """The settings of a sheet, and where each key stands.

    Parameters
    ----------
    settings, keys
        As `prepos.data.settings.read_settings` gives them.
    problems
        Each names its key.
    rows
        Key (and ``sources.name``) -> row.
    columns
        ``"key"`` and ``"value"`` -> number of the column.
    """

    settings: Settings
    keys: tuple[str, ...]
    problems: tuple[Problem, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)


def sheet_settings(grid: Grid) -> SheetSettings:
    """Return what the sheet says; a key without a value is taken as not given."""
    if not grid.rows:
        return SheetSettings(Settings(), (), (Problem(FILE, "is empty; write key and value into the first row"),))
    header_row, key_column, value_column = _header(grid)
    found: dict[str, Any] = {}
    rows: dict[str, int] = {}
    problems: list[Problem] = []
    faults = {row: message for (row, _), message in amiss(grid, grid.rows, {value_column: "value"})}
    for row in (row for row in grid.rows if row > header_row):
        key, value = cell_text(_at(grid, row, key_column)).strip(), _at(grid, row, value_column)
        offered = (row, key_column) in grid.offered
        if not key:
            if cell_text(value).strip():
                problems.append(Problem(FILE, f"row {row} holds a value without a key"))
        elif key in rows:
            problems.append(Problem(FILE, f"stands in row {rows[key]} and row {row}; keep one", column=key))
        else:
            rows[key] = row
            if faults.get(row):
                problems.append(Problem(FILE, faults[row], column=key))
            elif not _blank(value) or (not offered and key.partition(".")[0] in (*TEXTS, SOURCES)):
                _take(found, key, value)
    settings, more = settings_of(found)
    columns = {"key": key_column, "value": value_column}
    return SheetSettings(settings, tuple(found), (*problems, *more), rows, columns)


def _header(grid: Grid) -> tuple[int, int, int]:
    """Return the row of the header and the columns of key and value; row 0 where there is no header."""
    for row, values in list(grid.rows.items())[:10]:
        names = [plain_name(cell_text(value)) for value in values]
        if "key" in names and "value" in names:
            return row, names.index("key") + 1, names.index("value") + 1
    return 0, 1, 2


def _at(grid: Grid, row: int, column: int) -> Any:
    values = grid.rows[row]
    return values[column - 1] if column <= len(values) else None


def _blank(value: Any) -> bool:
    return not cell_text(value).strip()


def _take(found: dict[str, Any], key: str, value: Any) -> None:
    """Put a value where TOML would have put it, in the type that its key asks for."""
    name, point, source = key.partition(".")
    if name == SOURCES:
        sources = found.setdefault(SOURCES, {})
        if point:
            sources[source] = cell_text(value)
        elif not _blank(value):
            sources[""] = cell_text(value)
        return
    text = cell_text(value)
    if name in TEXTS or isinstance(value, bool):
        found[key] = value if isinstance(value, bool) and name not in TEXTS else text
    else:
        found[key] = _number(text.strip()) if NUMBER.fullmatch(text.strip()) else text


def _number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)
