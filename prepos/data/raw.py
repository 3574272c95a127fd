"""A CSV file as a grid of texts: encoding, separator, quotes, row numbers; no meaning yet.

A reader of workbooks only has to give the same `RawTable`; `prepos.data.typed` takes it from there.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from prepos.errors import Problem

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}

EXCEL_SEPARATOR = re.compile(r"sep=([,;|\t])\r?\n", re.IGNORECASE)  # a line that Excel understands and does not show


@dataclass(frozen=True)
class RawTable:
    """The texts of one table, stripped of outer spaces, without blank rows.

    Parameters
    ----------
    file
        File or sheet, as the user knows it.
    header
        Column names as found; a column without name or cells is left out.
    columns
        The cells, one list for each name of `header`.
    rows
        Spreadsheet row of each cell of a column (the header is row 1, blank rows count).
    broken
        Rows with more cells than the header: their cells may stand in the wrong column.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[list[str], ...]
    rows: tuple[int, ...]
    broken: frozenset[int] = frozenset()


def read_csv(path: Path) -> tuple[RawTable | None, list[Problem]]:
    """Return the texts of a CSV file and what is wrong or odd about it; None where it cannot be read at all."""
    text, problems = read_text(path)
    if text is None:
        return None, problems
    raw, more = parse_csv(path.name, text)
    return raw, problems + more


def read_text(path: Path) -> tuple[str | None, list[Problem]]:
    """Return the text of a UTF-8 file, a byte order mark left out; None and the reason where there is none."""
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        return None, [Problem(path.name, "is a folder, not a file")]
    except PermissionError:
        return None, [Problem(path.name, "may not be opened; close it in other programs, or change its permissions")]
    except OSError as error:
        return None, [Problem(path.name, f"cannot be opened: {error.strerror or error}")]
    return _decode(path.name, data)


def parse_csv(file: str, text: str) -> tuple[RawTable | None, list[Problem]]:
    """Return the grid of texts of a CSV text; None where its quotes leave no grid to read, or it is empty."""
    separator, problems = _separator(file, text)
    if EXCEL_SEPARATOR.match(text):
        text = EXCEL_SEPARATOR.sub("", text, count=1)
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            records.append(record)
    except csv.Error as error:
        return None, [*problems, _quote_problem(file, len(records) + 1, error)]
    return _grid(file, records, problems)


def _decode(file: str, data: bytes) -> tuple[str | None, list[Problem]]:
    save = "save the file as 'CSV UTF-8'"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None, [Problem(file, f"is UTF-16 text, not UTF-8; {save}")]
    if data.startswith(b"PK\x03\x04"):
        return None, [Problem(file, f"is a workbook with another name, not CSV; open it in a spreadsheet and {save}")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        letter = data[error.start : error.start + 1].decode("cp1252", errors="replace")
        byte = f"byte {error.start + 1} (0x{data[error.start]:02x}, probably '{letter}')"
        return None, [Problem(file, f"{byte} is not UTF-8 text; {save}", row=row)]
    if not text.startswith("\ufeff"):
        return text, []
    return text[1:], [Problem(file, "begins with a byte order mark; it was left out", severity="warning")]


def _separator(file: str, text: str) -> tuple[str, list[Problem]]:
    """Return the separator that the header uses most, outside quotes; commas where there is none."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    named = EXCEL_SEPARATOR.match(text)
    bare = "".join(first.split('"')[::2])
    found = named[1] if named else max(SEPARATORS, key=bare.count)
    if found == ",":
        return found, []
    message = f"the columns are separated by {SEPARATORS[found]}; read so, but commas are the rule"
    return found, [Problem(file, message, severity="warning")]


def _quote_problem(file: str, row: int, error: csv.Error) -> Problem:
    if "unexpected end" in str(error) or "field larger" in str(error):
        return Problem(file, 'a quote (") opens in this row and is never closed', row=row)
    return Problem(file, 'text follows a closing quote ("); write a quote inside a text twice ("")', row=row)


def _grid(file: str, records: list[list[str]], problems: list[Problem]) -> tuple[RawTable | None, list[Problem]]:
    stripped = [[cell.strip() for cell in record] for record in records]
    spaced = sum(a != b for old, new in zip(records, stripped, strict=True) for a, b in zip(old, new, strict=True))
    if spaced:
        cells = "1 cell begins or ends" if spaced == 1 else f"{spaced:,} cells begin or end"
        problems = [*problems, Problem(file, f"{cells} with a space; the spaces were left out", severity="warning")]
    numbered = [(row, cells) for row, cells in enumerate(stripped, start=1) if any(cells)]
    if not numbered:
        return None, [*problems, Problem(file, "is empty; write the column names into the first row")]
    (_, header), body = numbered[0], numbered[1:]
    width = len(header)
    long = [(row, cells) for row, cells in body if any(cells[width:])]
    columns = list(itertools.zip_longest(*(cells[:width] for _, cells in body), fillvalue=""))
    columns += [("",) * len(body)] * (width - len(columns))
    problems = [*problems, *(_too_long(file, row, cells, width) for row, cells in long)]
    problems += _broken_lines(file, header, columns, [row for row, _ in body])
    kept, more = _named(file, header, columns, [row for row, _ in body])
    raw = RawTable(
        file,
        tuple(header[n] for n in kept),
        tuple(list(columns[n]) for n in kept),
        tuple(row for row, _ in body),
        frozenset(row for row, _ in long),
    )
    return raw, [*problems, *more]


def _too_long(file: str, row: int, cells: list[str], width: int) -> Problem:
    count = max(n for n, cell in enumerate(cells, start=1) if cell)
    way_out = "put a text with a comma in quotes, and write 12.5 or 1200, not 12,5 or 1,200"
    return Problem(file, f"{count} cells for {width} columns; {way_out}", row=row)


def _broken_lines(file: str, header: list[str], columns: list[tuple[str, ...]], rows: list[int]) -> list[Problem]:
    """Warn of cells that run over several lines: two stray quotes would swallow the rows between them."""
    message = 'the cell runs over {} lines; if that is not meant, a quote (") was left open'
    return [
        Problem(file, message.format(len(re.split("\r\n|\r|\n", text))), row=row, column=name, severity="warning")
        for name, cells in zip(header, columns, strict=True)
        for row, text in zip(rows, cells, strict=True)
        if "\n" in text or "\r" in text
    ]


def _named(
    file: str, header: list[str], columns: list[tuple[str, ...]], rows: list[int]
) -> tuple[list[int], list[Problem]]:
    """Return the positions of the columns to keep: named ones, each name once."""
    kept: list[int] = []
    problems: list[Problem] = []
    nameless = [n for n, name in enumerate(header) if not name and any(columns[n])]
    if nameless:
        first = min(row for n in nameless for row, text in zip(rows, columns[n], strict=True) if text)
        numbers = ", ".join(str(n + 1) for n in nameless)
        message = f"the header gives no name for the values in column {numbers}"
        problems.append(Problem(file, message, row=first))
    for n, name in enumerate(header):
        if not name:
            continue
        if name in (header[k] for k in kept):
            first = header.index(name) + 1
            problems.append(Problem(file, f"two columns (numbers {first} and {n + 1}) have this name", column=name))
        else:
            kept.append(n)
    return kept, problems
