"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) as sheets of cells, read with calamine."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from prepos.data.importers.files import Sheet, fault
from prepos.data.importers.values import Cell
from prepos.errors import DataError

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_CELLS = 60_000_000

Area = tuple[tuple[int, int], tuple[int, int]]


def read_workbook(name: str, data: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook; visible ones first.

    Raises
    ------
    DataError
        When it is protected by a password, damaged, or not a workbook.
    """
    if not data.startswith(b"PK") and ENCRYPTED in data:
        raise fault(name, "is protected by a password; open it, save a copy without one, and import the copy")
    _refuse_other_archives(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        order = sorted(book.sheets_metadata, key=lambda meta: meta.visible != SheetVisibleEnum.Visible)
        sheets = tuple(_sheet(name, book.get_sheet_by_name(meta.name)) for meta in order)
    except (DataError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # calamine is Rust: a panic there is no Exception
        raise _unreadable(name, error) from None
    if not any(sheet.rows for sheet in sheets):
        raise fault(name, "is a workbook without any filled cell")
    return sheets


def _unreadable(name: str, error: BaseException) -> Exception:
    if "password" in str(error).casefold() or "encrypt" in str(error).casefold():
        return fault(name, "is protected by a password; open it, save a copy without one, and import the copy")
    return fault(name, "is damaged or not a workbook; open it in a spreadsheet and save it again as XLSX")


def _refuse_other_archives(name: str, data: bytes) -> None:
    """Tell archives from workbooks, and refuse sheets that claim more cells than memory can hold."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if not any(n.startswith("xl/") or n == "content.xml" for n in names):
                inside = ", ".join(names[:3])
                raise fault(name, f"is an archive ({inside}); unpack it and import the table in it")
            for sheet in [n for n in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)]:
                _refuse_far_cells(name, archive, sheet)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
        raise fault(name, "is damaged: the workbook cannot be unpacked; download or save it again") from None


def _refuse_far_cells(name: str, archive: zipfile.ZipFile, sheet: str) -> None:
    with archive.open(sheet) as file:
        found = re.search(rb'<dimension ref="(?:[^":]*:)?\$?([A-Z]+)\$?(\d+)"', file.read(4000))
    if not found:
        return
    columns = 0
    for letter in found[1].decode():
        columns = columns * 26 + ord(letter) - 64
    if columns * int(found[2]) > MOST_CELLS:
        cell = (found[1] + found[2]).decode()
        raise fault(name, f"reaches to cell {cell} in {sheet}; delete the empty rows and columns behind the table")


def _sheet(name: str, sheet: CalamineSheet) -> Sheet:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise fault(name, f"sheet '{sheet.name}' reaches too far; delete the empty rows and columns behind the table")
    rows: list[list[Cell]] = [
        [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    filled, across = _fill(rows, sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, frozenset(filled), frozenset(across))


def _fill(rows: Sequence[list[Cell]], areas: Iterable[Area]) -> tuple[set[tuple[int, int]], set[int]]:
    """Give every cell of a merged area the value of its first, as the reader of the sheet sees it."""
    filled: set[tuple[int, int]] = set()
    across: set[int] = set()
    for (top, left), (bottom, right) in areas:
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
        if value is None:
            continue
        if right > left:
            across.add(top)
        for r in range(top, min(bottom + 1, len(rows))):
            for c in range(left, min(right + 1, len(rows[r]))):
                if (r, c) != (top, left):
                    rows[r][c] = value
                    filled.add((r, c))
    return filled, across
