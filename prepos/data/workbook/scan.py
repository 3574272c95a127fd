"""What a sheet says beside its values: merged cells, hidden rows and columns, formulas without a result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

Block = tuple[int, int, int, int]
"""First column, first row, last column, last row; counted from 1."""

TELLING = (b"mergeCell", b"hidden=", b"<f>", b"<f ", b"<f/", b":f>", b":f ")


@dataclass
class Facts:
    """What was found in one sheet; cells as (row, column), counted from 1."""

    unsolved: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Block] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def sheet_facts(xml: bytes) -> Facts:
    """Return what the XML of a sheet says; nothing where no telling word stands in it."""
    scan = _Scan()
    if any(word in xml for word in TELLING):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = scan.start
        parser.EndElementHandler = scan.end
        parser.CharacterDataHandler = scan.text
        parser.Parse(xml, True)
    return scan.facts


def cells_of(block: Block) -> Iterator[tuple[int, int]]:
    """Give the cells (row, column) of a block."""
    left, top, right, bottom = block
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


class _Scan:
    """The handlers of one pass."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.row = self.column = 0
        self.formula = self.solved = self.in_value = self.is_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.row = int(float(attributes.get("r", self.row + 1)))
                self.column = 0
                if attributes.get("hidden") in ("1", "true"):
                    self.facts.hidden_rows.append(self.row)
            case "c":
                place = attributes.get("r")
                self.column = coordinate_to_tuple(place)[1] if place else self.column + 1
                self.formula = self.solved = False
                self.is_text = attributes.get("t") == "str"
            case "f":
                self.formula = True
            case "v":
                self.in_value = True
                self.solved = self.solved or self.is_text
            case "col":
                if attributes.get("hidden") in ("1", "true"):
                    self.facts.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
            case "mergeCell":
                left, top, right, bottom = range_boundaries(attributes["ref"])
                self.facts.merged.append((left or 1, top or 1, right or 1, bottom or 1))

    def text(self, found: str) -> None:
        self.solved = self.solved or (self.in_value and bool(found.strip()))

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self.in_value = False
            case "c":
                if self.formula and not self.solved:
                    self.facts.unsolved.add((self.row, self.column))
