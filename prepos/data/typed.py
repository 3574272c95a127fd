"""From texts to a DataFrame with the declared columns: numbers, dates and choices, each bad cell explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.data.cells import NUMBER, explain_bounds, explain_date, explain_number, is_date
from prepos.data.raw import RawTable
from prepos.data.scenario import empty_table
from prepos.data.suggest import closest, nearest, shown
from prepos.data.tables import Column, Table
from prepos.errors import Problem


@dataclass(frozen=True)
class TypedTable:
    """One table, read.

    Parameters
    ----------
    frame
        Declared columns, then the user's own; a cell that could not be read is empty.
    rows
        Spreadsheet row of each row of the frame.
    layout
        Columns of the file, in its order.
    problems
        What is wrong or odd.
    whole
        False where a required column is missing, so that other tables cannot be held against this one.
    """

    frame: pd.DataFrame
    rows: tuple[int, ...]
    layout: tuple[str, ...]
    problems: tuple[Problem, ...]
    whole: bool = True


def typed_table(raw: RawTable, table: Table) -> TypedTable:
    """Return the typed frame of a raw table, with a problem for every cell and column that does not fit."""
    columns = dict(zip(raw.header, raw.columns, strict=True))
    problems = _header_problems(raw, table)
    if not any(name in columns for name in table.column_names):
        return TypedTable(empty_table(table.name), (), (), tuple(problems), whole=False)
    series: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in columns:
            series[column.name] = _blank(column, len(raw.rows))
            continue
        series[column.name], found = _typed_column(columns[column.name], raw, column)
        problems += [problem for problem in found if problem.row not in raw.broken]
    own = {name: pd.Series(columns[name], dtype="str") for name in raw.header if name not in series}
    if not raw.rows and not table.required:
        problems.append(Problem(raw.file, "has column names but no row", severity="warning"))
    whole = all(column.name in columns for column in table.columns if column.required)
    return TypedTable(pd.DataFrame(series | own), raw.rows, raw.header, tuple(problems), whole)


def _blank(column: Column, length: int) -> pd.Series:
    if column.kind == "number":
        return pd.Series(np.full(length, np.nan))
    return pd.Series([""] * length, dtype="str")


def _header_problems(raw: RawTable, table: Table) -> list[Problem]:
    missing = [c.name for c in table.columns if c.required and c.name not in raw.header]
    own = [name for name in raw.header if name not in table.column_names]
    if len(own) == len(raw.header):
        wanted = ", ".join(c.name for c in table.columns if c.required)
        message = f"the header names no column of this table; it needs {wanted}"
        hints = [f"'{name}' looks like '{match}'" for name in own if (match := closest(name, table.column_names, 0.5))]
        return [Problem(raw.file, message + (f" ({', '.join(hints)})" if hints else ""), row=1)]
    problems = []
    for name in missing:
        match = closest(name, own, cutoff=0.5)
        hint = f"'{match}' looks like it: rename it" if match else f"it holds the {_meaning(table, name)}"
        problems.append(Problem(raw.file, f"is missing; {hint}", column=name))
        own = [left for left in own if left != match]
    absent = [name for name in table.column_names if name not in raw.header]
    for name in own:
        hint = f" (did you mean '{match}'?)" if (match := closest(name, absent)) else ""
        message = f"is not a column of this table; kept as text, not used{hint}"
        problems.append(Problem(raw.file, message, column=name, severity="warning"))
    return problems


def _meaning(table: Table, name: str) -> str:
    return next(column.meaning for column in table.columns if column.name == name)


def _typed_column(texts: list[str], raw: RawTable, column: Column) -> tuple[pd.Series, list[Problem]]:
    problems: list[Problem] = []
    if column.required and "" in texts:
        blank = [n for n, text in enumerate(texts) if not text]
        problems += _at(raw, column, blank, (f"is empty, but every row needs it ({column.meaning})" for _ in blank))
    if column.kind == "number":
        values, found = _numbers(texts, raw, column)
        return pd.Series(values), problems + found
    if column.kind == "date":
        texts, found = _dates(texts, raw, column)
    elif column.choices:
        found = _choices(texts, raw, column)
    else:
        found = []
    return pd.Series(texts, dtype="str"), problems + found


def _at(raw: RawTable, column: Column, positions: Iterable[int], messages: Iterable[str]) -> list[Problem]:
    pairs = zip(positions, messages, strict=True)
    return [Problem(raw.file, message, row=raw.rows[n], column=column.name) for n, message in pairs]


def _numbers(texts: list[str], raw: RawTable, column: Column) -> tuple[npt.NDArray[np.float64], list[Problem]]:
    match = NUMBER.fullmatch
    values = np.array([float(text) if match(text) else np.nan for text in texts], dtype=np.float64)
    bad = [n for n in np.flatnonzero(~np.isfinite(values)).tolist() if texts[n]]
    problems = _at(raw, column, bad, [explain_number(texts[n], column) for n in bad])
    outside = np.flatnonzero(_outside(values, column)).tolist()
    problems += _at(raw, column, outside, [explain_bounds(texts[n], column) for n in outside])
    values[bad] = np.nan
    values[outside] = np.nan
    return values, problems


def _outside(values: npt.NDArray[np.float64], column: Column) -> npt.NDArray[np.bool_]:
    finite = np.isfinite(values)
    outside = np.zeros(len(values), dtype=bool)
    if column.low is not None:
        outside |= values < column.low
    if column.high is not None:
        outside |= values > column.high
    if column.above is not None:
        outside |= values <= column.above
    return outside & finite


def _dates(texts: list[str], raw: RawTable, column: Column) -> tuple[list[str], list[Problem]]:
    bad = {text for text in set(texts) if text and not is_date(text)}
    if not bad:
        return texts, []
    positions = [n for n, text in enumerate(texts) if text in bad]
    problems = _at(raw, column, positions, [explain_date(texts[n]) for n in positions])
    return ["" if text in bad else text for text in texts], problems


def _choices(texts: Sequence[str], raw: RawTable, column: Column) -> list[Problem]:
    bad = {text for text in set(texts) if text and text not in column.choices}
    if not bad:
        return []
    listed = ", ".join(column.choices)
    messages = {text: f"{shown(text)} is not one of {listed}{nearest(text, column.choices)}" for text in bad}
    positions = [n for n, text in enumerate(texts) if text in bad]
    return _at(raw, column, positions, [messages[texts[n]] for n in positions])
