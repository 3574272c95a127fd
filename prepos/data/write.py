"""From a `Scenario` to a folder that reads back as the same scenario."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import tomli_w

from prepos.data.raw import SEPARATORS
from prepos.data.scenario import Scenario, Settings
from prepos.data.settings import FILE, KEYS
from prepos.data.tables import TABLES, Table
from prepos.errors import DataError, Problem, UsageError


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Write `scenario.toml` and one CSV file per table, so that `read_scenario` gives the scenario back.

    Columns are those of the file that the table was read from (`Scenario.layout`) and any other that holds a value.
    Numbers are as short as they can be without loss; texts are quoted only where they must be.

    Parameters
    ----------
    scenario
        What to write. Texts are taken to begin and end without spaces, as reading leaves them.
    folder
        Made where it does not exist; files of the same tables are replaced.

    Raises
    ------
    UsageError
        When the folder holds a table that the scenario has not: it would be read back as a part of it.
    DataError
        When a number is infinite, which no file can hold.
    """
    folder = Path(folder)
    files = {FILE: settings_text(scenario.settings, scenario.layout.get("scenario", ()))}
    for table in TABLES.values():
        if table.required or table.name in scenario.layout or len(scenario.table(table.name)):
            files[table.file] = table_text(scenario, table)
    stale = [table.file for table in TABLES.values() if table.file not in files and (folder / table.file).exists()]
    if stale:
        raise UsageError(f"{folder}: holds {', '.join(stale)}, which {scenario.name} has not; choose an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        (folder / file).write_bytes(text.encode("utf-8"))


def table_text(scenario: Scenario, table: Table) -> str:
    """Return one table as CSV text: commas, points, LF."""
    frame = scenario.table(table.name)
    names = written_columns(scenario, table)
    kinds = {column.name: column.kind for column in table.columns}
    columns = [_numbers(frame[name], table) if kinds.get(name) == "number" else _texts(frame[name]) for name in names]
    lines = [",".join(map(_quoted_name, names)), *(",".join(cells) for cells in zip(*columns, strict=True))]
    return "\n".join(lines) + "\n"


def written_columns(scenario: Scenario, table: Table) -> list[str]:
    """Return the columns to write: those of the file it came from, then required and filled ones, then the user's."""
    frame = scenario.table(table.name)
    names = [name for name in scenario.layout.get(table.name, ()) if name in frame.columns]
    for column in table.columns:
        if column.name in names or column.name not in frame.columns:
            continue
        cells = frame[column.name]
        filled = cells.notna() if column.kind == "number" else cells.fillna("") != ""
        if column.required or filled.any():
            names.append(column.name)
    return [*names, *(name for name in frame.columns if name not in table.column_names and name not in names)]


def settings_text(settings: Settings, given: tuple[str, ...] = ()) -> str:
    """Return the settings as TOML: the keys given, in their order, then those that differ from their default."""
    return tomli_w.dumps(written_settings(settings, given))


def written_settings(settings: Settings, given: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the keys that are written, in their order, each with its value in a type of TOML."""
    default = Settings()
    order = [key for key in given if key in KEYS] + [key for key in KEYS if key not in given]
    written: dict[str, Any] = {}
    for key in order:
        value = getattr(settings, key)
        if value is None or (key not in given and value == getattr(default, key)):
            continue
        written[key] = int(value) if isinstance(value, float) and value.is_integer() else value
    return written | {key: dict(value) for key, value in written.items() if key == "sources"}


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number; empty for NaN."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def _numbers(cells: pd.Series, table: Table) -> list[str]:
    values: list[float] = cells.astype("float64").tolist()
    infinite = [n for n, value in enumerate(values) if math.isinf(value)]
    if infinite:
        message = "is infinite; leave it empty (NaN) for no limit"
        raise DataError(table.file, [Problem(table.file, message, n + 2, str(cells.name)) for n in infinite])
    return [number_text(value) for value in values]


def _texts(cells: pd.Series) -> list[str]:
    return [_quoted(str(text)) for text in cells.fillna("").tolist()]


def _quoted_name(name: str) -> str:
    """Quote also what a reader of the header could take for a separator or a byte order mark."""
    strange = any(mark in name for mark in ("\ufeff", *SEPARATORS))
    return '"' + name.replace('"', '""') + '"' if strange else _quoted(name)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
