"""Cells of a sheet given another format; cells that are not there yet are made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple

from prepos.data.workbook.grid import cell_name
from prepos.data.workbook.splice import Edit, apply, attribute, local, prefix_of, tag_end
from prepos.data.workbook.styles import Kind

# What stands after <legacyDrawing> in a sheet, in the order that the format asks for.
LATER = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    "AlternateContent",
)  # fmt: skip

Cells = Mapping[tuple[int, int], Kind]
"""(row, column) -> mark."""


def mark_cells(xml: bytes, cells: Cells, style: Callable[[int, Kind], int]) -> bytes:
    """Return a sheet with its wrong cells in another format.

    Parameters
    ----------
    style
        From the number of a cell's format to the number of the same format with a mark.
    """
    return apply(xml, _Marker(xml, cells, style).edits())


def link_drawing(xml: bytes, relation: str) -> bytes:
    """Return a sheet that names the drawing of its comments by the id of a relation."""
    found: list[int] = []
    depth = 0
    prefix = ""
    parser = expat.ParserCreate()

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth, prefix
        if depth == 0:
            prefix = name.removesuffix(local(name))
        if depth == 1 and local(name) in LATER:
            found.append(parser.CurrentByteIndex)
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 0:
            found.append(parser.CurrentByteIndex)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    element = f'<{prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relation}"/>'.encode()
    return apply(xml, [(found[0], found[0], element)])


class _Marker:
    """One pass over a sheet: where a wanted cell stands, or where it would."""

    def __init__(self, xml: bytes, cells: Cells, style: Callable[[int, Kind], int]) -> None:
        self.xml, self.style = xml, style
        self.wanted: dict[int, dict[int, Kind]] = defaultdict(dict)
        for (row, column), kind in sorted(cells.items()):
            self.wanted[row][column] = kind
        self.next_rows = sorted(self.wanted, reverse=True)
        self.found: list[Edit] = []
        self.column_styles: list[tuple[int, int, int]] = []
        self.row = self.column = self.row_style = self.row_start = self.data_start = 0
        self.prefix = ""
        self.parser = expat.ParserCreate()

    def edits(self) -> list[Edit]:
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.Parse(self.xml, True)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        match local(name):
            case "col":
                if "style" in attributes:
                    span = (int(attributes["min"]), int(attributes["max"]), int(attributes["style"]))
                    self.column_styles.append(span)
            case "sheetData":
                self.prefix, self.data_start = prefix_of(self.xml[at : tag_end(self.xml, at)]), at
            case "row":
                self.row = int(float(attributes.get("r", self.row + 1)))
                self.column, self.row_start = 0, at
                self.row_style = int(attributes.get("s", 0)) if attributes.get("customFormat") in ("1", "true") else 0
                self._rows_before(self.row, at)
                end = tag_end(self.xml, at)
                if self.row in self.wanted and self.xml[end - 2 : end] != b"/>":
                    self.found.append((at, end, _without_spans(self.xml[at:end])))
            case "c":
                self._cell(at, attributes)

    def _end(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        if local(name) == "row":
            self._close(name, self.row_start, at, self._new_cells(self.row, None))
            self.wanted.pop(self.row, None)
        elif local(name) == "sheetData":
            rows = b"".join(self._new_row(row) for row in sorted(self.wanted))
            self.wanted.clear()
            self._close(name, self.data_start, at, rows)

    def _cell(self, at: int, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = coordinate_to_tuple(place)[1] if place else self.column + 1
        if self.row not in self.wanted:
            return
        before = self._new_cells(self.row, self.column)
        if before:
            self.found.append((at, at, before))
        kind = self.wanted[self.row].pop(self.column, None)
        if kind is not None:
            end = tag_end(self.xml, at)
            number = self.style(int(attributes.get("s", 0)), kind)
            self.found.append((at, end, attribute(self.xml[at:end], "s", str(number))))

    def _rows_before(self, row: int, at: int) -> None:
        while self.next_rows and self.next_rows[-1] < row:
            number = self.next_rows.pop()
            if number in self.wanted:
                self.found.append((at, at, self._new_row(number)))
                del self.wanted[number]

    def _new_row(self, row: int) -> bytes:
        self.row_style = 0
        return f'<{self.prefix}row r="{row}">'.encode() + self._new_cells(row, None) + f"</{self.prefix}row>".encode()

    def _new_cells(self, row: int, before: int | None) -> bytes:
        """Return the wanted cells of a row that are not there, up to a column, and take them off the list."""
        columns = [column for column in self.wanted.get(row, {}) if before is None or column < before]
        cells = []
        for column in columns:
            kind = self.wanted[row].pop(column)
            base = self.row_style or next((s for low, high, s in self.column_styles if low <= column <= high), 0)
            cells.append(f'<{self.prefix}c r="{cell_name(row, column)}" s="{self.style(base, kind)}"/>'.encode())
        return b"".join(cells)

    def _close(self, name: str, start: int, at: int, inside: bytes) -> None:
        """Put something before the end of the element that starts at `start`, opening one that closes itself."""
        if not inside:
            return
        end = tag_end(self.xml, start)
        if self.xml[end - 2 : end] == b"/>":
            tag = _without_spans(self.xml[start : end - 2].rstrip() + b">")
            self.found.append((start, end, tag + inside + f"</{name}>".encode()))
        else:
            self.found.append((at, at, inside))


def _without_spans(tag: bytes) -> bytes:
    """Leave out the hint of which columns a row fills: it may hold others now."""
    return re.sub(rb"\sspans=(\"[^\"]*\"|'[^']*')", b"", tag)
