"""The files of an ESUPS folder: their rows, each accounted for, and the lookups with a DEFAULT in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from prepos.data.importers.files import is_blank, read_content
from prepos.data.importers.frames import Line
from prepos.data.importers.report import Report, RowId
from prepos.data.importers.values import Cell, number_of, text_of
from prepos.data.suggest import nearest
from prepos.errors import DataError, Problem, UsageError

DEFAULT = "DEFAULT"
OFF = 1e8


class Folder:
    """The folder under reading.

    Parameters
    ----------
    path
        Folder with disasters.csv, items.csv, distanceMatrix.csv ... and inventory/.
    report
        Where its rows are accounted for.
    """

    def __init__(self, path: Path, report: Report) -> None:
        if not path.is_dir():
            raise UsageError(
                f"{path}: is no folder; give the folder that holds disasters.csv, items.csv and inventory/"
            )
        self.path = path
        self._report = report
        self._parameters: dict[tuple[str, str, str], float] | None = None
        self.countries = {text_of(line.get("gglCountry")) for line in self.read("disasters.csv")}
        unused = ("countryContinents.csv", "province_lookup.csv")
        for name in (name for name in unused if (path / name).exists()):
            for line in self.rows(name):
                self.leave_out(line, "this file is not needed")

    def rows(self, name: str, *needed: str) -> list[Line]:
        """Return the rows of a file, registered in the report; refuse a file without the columns needed."""
        lines = self.read(name, *needed)
        self._report.expect(self.id_of(line) for line in lines)
        return lines

    def _refuse_without(self, name: str, lines: list[Line], needed: tuple[str, ...]) -> None:
        missing = [column for column in needed if lines and column not in lines[0]]
        if missing:
            there = [column for column in lines[0] if not column.startswith(" ")]
            hints = [f"'{column}'{nearest(column, there)}" for column in missing]
            raise DataError(self.path.name, [Problem(name, f"has no column {', '.join(hints)}")])

    def used(self, name: str, *needed: str) -> list[Line]:
        """Return the rows of a file of which every row counts; none where the file is absent."""
        lines = self.rows(name, *needed) if (self.path / name).exists() else []
        for line in lines:
            self.take(line, "", "")
        return lines

    def read(self, name: str, *needed: str) -> list[Line]:
        """Return the rows of a file by column name, without accounting for them."""
        if not (self.path / name).is_file():
            raise DataError(self.path.name, [Problem(name, "is missing from the ESUPS folder")])
        content = read_content(self.path / name)
        if not content.sheets:
            raise DataError(self.path.name, [Problem(name, "is not a CSV table")])
        header, *body = content.sheets[0].rows
        names = [text_of(cell) for cell in header]
        lines = [
            {" part": name, " row": n} | dict.fromkeys(names) | dict(zip(names, row, strict=False))
            for n, row in enumerate(body, start=2)
            if not is_blank(row)
        ]
        self._refuse_without(name, lines, needed)
        return lines

    def inventory(self, name: str) -> str:
        """Return the file of one inventory, relative to the folder."""
        folder = self.path / "inventory"
        known = sorted(file.stem for file in folder.glob("*.csv")) if folder.is_dir() else []
        wanted = name.removesuffix(".csv")
        if wanted not in known:
            raise UsageError(f"--stock {name}: there is no such inventory{nearest(wanted, known)}; {', '.join(known)}")
        others = [each for each in known if each != wanted]
        if others:
            self._report.remark(f"inventory '{wanted}' is read; others (--stock NAME): {', '.join(others)}")
        return f"inventory/{wanted}.csv"

    def parameters(self) -> Mapping[tuple[str, str, str], float]:
        """Return (attribute, mode, depot address or DEFAULT) -> figure."""
        if self._parameters is None:
            lines = self.used("transportParameters.csv", "Attribute", "Mode", "gglAddress", "Number")
            self._parameters = {
                (text_of(line["Attribute"]), text_of(line["Mode"]), text_of(line["gglAddress"])): figure(line["Number"])
                for line in lines
            }
        return self._parameters

    def id_of(self, line: Line) -> RowId:
        """Return where a row stands."""
        return line[" part"], line[" row"]

    def take(self, line: Line, table: str, key: str) -> None:
        """Account for a row as read."""
        self._report.take(self.id_of(line), table, key)

    def leave_out(self, line: Line, why: str) -> None:
        """Account for a row as left out."""
        self._report.leave_out(self.id_of(line), why)


def persons_per_item(folder: Folder) -> Callable[[Line], dict[str, float]]:
    """Return a function: row of disasters.csv -> item -> persons for one of it, the most specific row first."""
    items = {text_of(line["ItemName"]) for line in folder.read("items.csv", "ItemName")}
    rules: dict[str, list[tuple[tuple[str, str, str], float]]] = {}
    for line in folder.rows("personsPerItem.csv", "Item", "Disaster Type", "Month", "gglCountry", "PersonsPerItem"):
        item, persons = text_of(line["Item"]), figure(line["PersonsPerItem"])
        if item not in items:
            folder.leave_out(line, "an item that items.csv does not hold")
        elif not persons > 0:
            folder.leave_out(line, "PersonsPerItem is not a number above 0")
        else:
            key = (text_of(line["Disaster Type"]), text_of(line["Month"]), text_of(line["gglCountry"]))
            rules.setdefault(item, []).append((key, persons))
            folder.take(line, "", "")

    def of(line: Line) -> dict[str, float]:
        month = figure(line.get("Month"))
        here = (text_of(line["Type"]), "-1" if math.isnan(month) else f"{month:g}", text_of(line.get("gglCountry")))
        return {item: persons for item, known in rules.items() if (persons := _most_specific(known, here)) is not None}

    return of


def _most_specific(known: Iterable[tuple[tuple[str, str, str], float]], here: tuple[str, str, str]) -> float | None:
    """Return the figure of the rule with fewest DEFAULTs among those that fit."""
    fitting = [
        (sum(part == DEFAULT for part in key), n, persons)
        for n, (key, persons) in enumerate(known)
        if all(part in (DEFAULT, wanted) for part, wanted in zip(key, here, strict=True))
    ]
    return min(fitting)[2] if fitting else None


def address_name(address: str, among: Iterable[str] = ()) -> str:
    """Return the place of an address ("Shefa, Vanuatu"), or the whole of it where two places share the name."""
    name = address.split(",")[0].strip()
    shared = sum(other.split(",")[0].strip() == name for other in among)
    return address if shared > 1 else name


def figure(cell: Cell) -> float:
    """Return the number of a cell, of either sign, NaN where it is none."""
    text = text_of(cell)
    negative = text.startswith("-")
    number = number_of(text.lstrip("-")).number
    return -number if negative else number
