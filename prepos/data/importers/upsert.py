"""Rows of a foreign table into one of ours by its key: new ones added, known ones settled by a stated rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prepos.data.importers.countries import country_of
from prepos.data.importers.frames import Line, frame_of, lines_of
from prepos.data.importers.layout import plain
from prepos.data.importers.mapping import Mapping
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.importers.row import Row
from prepos.data.importers.values import day_of, number_of
from prepos.data.scenario import Scenario
from prepos.data.suggest import closest, nearest
from prepos.data.tables import Column

Key = tuple[Any, ...]


def upsert(rows: Sequence[Row], mapping: Mapping, base: Scenario, options: Options, report: Report) -> Scenario:
    """Return the scenario with these rows in the mapped table."""
    table = mapping.table
    frame = base.table(table.name)
    lines = lines_of(frame)
    at = {_key(line, table.key): n for n, line in enumerate(lines)}
    old = len(lines)
    ids = {column.refers: _ids(base, column.refers) for column in table.columns if column.refers}
    for row in rows:
        line = _line(row, mapping, ids)
        if line is None:
            continue
        key = _key(line, table.key)
        name = ", ".join(str(part) for part in key if part != "")
        if key not in at:
            at[key] = len(lines)
            lines.append(line)
            report.take(row.id, table.name, name)
            continue
        same_file = at[key] >= old
        _settle(lines[at[key]], line, row, mapping, options, same_file)
        report.take(row.id, table.name, name, merged=True)
    changed: dict[str, Any] = {table.name: frame_of(lines, frame)}
    return replace(base, **changed)


def _key(line: Line, names: Sequence[str]) -> Key:
    return tuple(line[name] for name in names)


def _ids(base: Scenario, table: str) -> dict[str, str]:
    """Return plain id or name -> id of a table, so that 'Nairobi' finds NBO."""
    frame = base.table(table)
    names: dict[str, str] = {}
    for text in ("name", "id"):
        column = frame.columns[0] if text == "id" else text
        if column in frame.columns:
            names.update(
                {plain(str(cell)): str(key) for cell, key in zip(frame[column], frame.iloc[:, 0], strict=True)}
            )
    names.pop("", None)
    return names


def _line(row: Row, mapping: Mapping, ids: dict[str, dict[str, str]]) -> Line | None:
    """Return a row of our table; None where the row cannot be used, which is then accounted for."""
    line: Line = {}
    for column in mapping.table.columns:
        if column.name in ("lat", "lon"):
            line[column.name] = math.nan
            continue
        value = _value(row, column, mapping, ids)
        empty = value == "" or (isinstance(value, float) and math.isnan(value))
        if column.required and empty:
            what = "is empty or cannot be read" if column.name in mapping.columns else "is not in the file"
            row.leave_out(f"{column.name} ({column.meaning}) {what}", column.name)
            return None
        known = ids.get(column.refers)
        if known is not None and not empty:
            found = _known(row, column, str(value), known)
            if found is None:
                return None
            value = found
        line[column.name] = value
    if "lat" in mapping.columns and "lon" in mapping.columns:
        line["lat"], line["lon"] = row.place("lat", "lon", str(line.get("iso3", "")))
    elif "lat" in line:
        line["lat"] = line["lon"] = math.nan
    return line


def _value(row: Row, column: Column, mapping: Mapping, ids: dict[str, dict[str, str]]) -> Any:
    name = column.name
    cell = row.cell(name) if name in mapping.columns else mapping.constants.get(name)
    if column.kind == "number":
        return _number(row, column, cell, mapping.columns[name].times if name in mapping.columns else 1.0)
    if column.kind == "date":
        return row.day(name) if name in mapping.columns else day_of(cell).text
    text = row.text(name) if name in mapping.columns else str(cell or "")
    if name == "iso3":
        return row.country(name) if name in mapping.columns else country_of(text).iso3
    if column.choices and text and text not in column.choices and column.refers not in ids:
        match = closest(text, column.choices, cutoff=0.7) or ""
        row.note("guessed" if match else "warning", f"one of {', '.join(column.choices)} is needed", name, text, match)
        return match
    return text


def _number(row: Row, column: Column, cell: Any, times: float) -> float:
    value = number_of(cell, whole=column.unit in ("units", "people"))
    if value.what:
        row.note(value.what, value.why, column.name, cell, "" if math.isnan(value.number) else value.number)
    number = value.number * times
    low, high, above = column.low, column.high, column.above
    outside = (low is not None and number < low) or (high is not None and number > high)
    if outside or (above is not None and number <= above):
        row.note("warning", f"outside what {column.name} can be; left empty", column.name, cell, "")
        return math.nan
    if times != 1 and not math.isnan(number):
        row.note("changed", f"unit of the file x {times:g}", column.name, cell, number)
    return number


def _known(row: Row, column: Column, text: str, known: dict[str, str]) -> str | None:
    found = known.get(plain(text))
    if found is None:
        hint = nearest(text, known.values())
        row.leave_out(f"'{text}' is not in {column.refers}.csv{hint}", column.name)
        return None
    if found != text:
        row.note("changed", f"name to the id in {column.refers}.csv", column.name, text, found)
    return found


def _settle(line: Line, new: Line, row: Row, mapping: Mapping, options: Options, same_file: bool) -> None:
    """Put a second row of a key into the first: quantities of one file add up, everything else by the stated rule."""
    for name, value in new.items():
        old = line[name]
        empty = value == "" or (isinstance(value, float) and math.isnan(value))
        adds_up = same_file and name == "quantity" and not empty
        if (empty or old == value) and not adds_up:
            continue
        if adds_up:
            line[name] = old + value
            row.note("merged", "several rows of one key in the file: quantities added up", name, value, line[name])
        elif old == "" or (isinstance(old, float) and math.isnan(old)):
            line[name] = value
            row.note("merged", "an empty cell of the table filled in", name, "", value)
        else:
            larger = max(old, value) if isinstance(old, float) else old
            line[name] = {"old": old, "new": value, "larger": larger}[options.prefer]
            row.note(
                "conflict",
                f"table and file disagree; kept by --prefer {options.prefer}",
                name,
                f"{old} against {value}",
                line[name],
            )
    row.note(
        "merged",
        "a row of this key was there already",
        mapping.table.key[0],
        "",
        " ".join(map(str, _key(line, mapping.table.key))),
    )
