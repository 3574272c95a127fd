"""A foreign file as sheets of cells: CSV in any usual encoding, workbooks, JSON; no meaning yet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prepos.data.importers.values import Cell
from prepos.data.raw import EXCEL_SEPARATOR, SEPARATORS
from prepos.data.suggest import nearest
from prepos.errors import DataError, Problem, UsageError

LOOKED_AT = 25  # first lines that show which separator is used
LISTS = ("result", "results", "data", "glideset", "features", "items", "records", "value")


@dataclass(frozen=True)
class Sheet:
    """Cells of one sheet, or of a CSV file; ``rows[0]`` is row 1.

    Parameters
    ----------
    filled
        (row, column), from 0, of cells of a merged area that took the value of its first cell.
    across
        Rows, from 0, in which cells are merged across columns.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    filled: frozenset[tuple[int, int]] = frozenset()
    across: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Content:
    """What a file holds: sheets, or the records of a JSON document.

    Parameters
    ----------
    name
        Name of the file.
    sheets
        Sheets of a table; empty for JSON.
    records
        Objects of a JSON list, nested names joined by points; None stands for an element that is no object.
    remarks
        What was odd about the file as a whole.
    """

    name: str
    sheets: tuple[Sheet, ...] = ()
    records: tuple[Mapping[str, Cell] | None, ...] | None = None
    remarks: tuple[str, ...] = field(default=())


def read_content(path: Path) -> Content:
    """Read a file whatever its name says it is.

    Raises
    ------
    UsageError
        When there is no such file.
    DataError
        When it holds no table: empty, protected by a password, damaged, or of another kind.
    """
    data = _bytes(path)
    name = path.name
    if not data.strip():
        raise fault(name, "is empty; export it again")
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        from prepos.data.importers.workbooks import read_workbook

        return Content(name, read_workbook(name, data))
    text, remarks = decode(name, data)
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise fault(name, "is a web page or XML, not a table; download the export itself (a login page was saved?)")
    if path.suffix.lower() in (".json", ".geojson") or start.startswith(("{", "[")):
        records, more = _records(name, text)
        return Content(name, records=records, remarks=(*remarks, *more))
    sheet, more = _read_csv(name, text)
    return Content(name, (sheet,), remarks=(*remarks, *more))


def fault(name: str, message: str, row: int | None = None) -> DataError:
    """Return the error of a file that cannot be used at all."""
    return DataError(name, [Problem(name, message, row=row)])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise UsageError(f"{path}: is a folder; give the file that was exported") from None
    except FileNotFoundError:
        beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        raise UsageError(f"{path}: there is no such file{nearest(path.name, beside)}") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened: {error.strerror or error}") from None


def decode(name: str, data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file: UTF-8 with or without a mark, UTF-16, else Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _decoded(name, data, encoding)
    start = data[:2000]
    if start.count(0) > len(start) // 4:
        return _decoded(name, data, "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be")
    if 0 in start:
        raise fault(name, "is not a text and not a workbook that is known (CSV, XLSX, XLS, ODS, JSON)")
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        return text, ["the text is not UTF-8; read as Windows-1252 (check the accents)"]


def _decoded(name: str, data: bytes, encoding: str) -> tuple[str, list[str]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise fault(
            name, f"begins as {encoding} text, but byte {error.start + 1} does not fit; save as UTF-8"
        ) from None
    return text, [] if encoding == "utf-8-sig" else [f"the text is {encoding.upper()}; read so"]


def _read_csv(name: str, text: str) -> tuple[Sheet, list[str]]:
    separator = _separator(text)
    text = EXCEL_SEPARATOR.sub("", text, count=1) if EXCEL_SEPARATOR.match(text) else text
    rows: list[list[Cell]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(list(record))
    except csv.Error:
        raise fault(name, 'a quote (") opens in this row and is never closed', row=len(rows) + 1) from None
    long = [n for n, row in enumerate(rows, start=1) if any(str(cell).count("\n") > 3 for cell in row)]
    remarks = [] if separator == "," else [f"the columns are separated by {SEPARATORS[separator]}; read so"]
    if long:
        message = 'a cell runs over several lines; if that is not meant, a quote (") was left open'
        remarks.append(f"row {long[0]}: {message}" + (f" (and {len(long) - 1} more rows)" if len(long) > 1 else ""))
    return Sheet(name, rows), remarks


def _separator(text: str) -> str:
    """Return the separator used most in the first lines, outside quotes."""
    named = EXCEL_SEPARATOR.match(text)
    if named:
        return str(named[1])
    lines = [line for _, line in zip(range(LOOKED_AT), io.StringIO(text), strict=False)]
    bare = "\n".join("".join(line.split('"')[::2]) for line in lines)
    return max(SEPARATORS, key=bare.count)


def _records(name: str, text: str) -> tuple[tuple[Mapping[str, Cell] | None, ...], list[str]]:
    try:
        document = json.loads(text)
    except RecursionError:
        raise fault(name, "is nested too deeply to be an export") from None
    except ValueError as error:
        return _json_lines(name, text, error)
    found = _list_of(document)
    if found is None:
        raise fault(name, f"holds no list of records; a list, or one under {', '.join(LISTS)}, was expected")
    return tuple(flat(element) for element in found), _pages(document, len(found))


def _json_lines(name: str, text: str, error: ValueError) -> tuple[tuple[Mapping[str, Cell] | None, ...], list[str]]:
    """Read one object per line; a text that is not even that is damaged."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        objects = [json.loads(line) for line in lines] if len(lines) > 1 else []
    except (ValueError, RecursionError):
        objects = []
    if not objects:
        raise fault(name, f"is not valid JSON ({error}); the download may have been cut off") from None
    return tuple(flat(element) for element in objects), ["one JSON object per line; read so"]


def _list_of(document: Any, depth: int = 0) -> list[Any] | None:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or depth > 3:
        return None
    for key in LISTS:
        found = _list_of(document[key], depth + 1) if isinstance(document.get(key), list | dict) else None
        if found is not None:
            return found
    return [document] if document and depth == 0 else None


def _pages(document: Any, number: int) -> list[str]:
    if not isinstance(document, dict):
        return []
    count = document.get("count")
    if document.get("next") or (isinstance(count, int) and count > number):
        return [f"the file is one page of a longer list ({number} records of {count}); fetch the other pages too"]
    return []


def flat(element: Any) -> dict[str, Cell] | None:
    """Return an object with nested names joined by points; None where it is no object.

    Properties of a GeoJSON feature come without the word; a point geometry gives ``geometry.lat`` and ``.lon``.
    """
    if not isinstance(element, dict):
        return None
    cells: dict[str, Cell] = {}
    properties = element.get("properties")
    if isinstance(properties, dict):
        _flatten("", properties, cells)
        _point(element.get("geometry"), cells)
        _flatten("", {k: v for k, v in element.items() if k not in ("properties", "geometry", "type")}, cells, "over")
    else:
        _flatten("", element, cells)
    return cells


def _flatten(prefix: str, value: Mapping[str, Any], cells: dict[str, Cell], mode: str = "") -> None:
    stack = [(prefix, value)]
    while stack:
        start, mapping = stack.pop()
        for key, cell in mapping.items():
            name = f"{start}{key}"
            if isinstance(cell, dict):
                stack.append((f"{name}.", cell))
            elif mode != "over" or name not in cells:
                cells[name] = cell


def _point(geometry: Any, cells: dict[str, Cell]) -> None:
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return
    position = geometry.get("coordinates")
    if isinstance(position, list) and len(position) >= 2:
        cells["geometry.lon"], cells["geometry.lat"] = position[0], position[1]


def is_blank(row: Sequence[Cell]) -> bool:
    """Tell whether a row holds nothing but spaces."""
    return all(cell is None or (isinstance(cell, str) and not re.search(r"\S", cell)) for cell in row)
