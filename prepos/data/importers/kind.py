"""What an importer is, and the one way in which every importer of disasters works."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prepos.data.importers.disasters import Combine, Found, chosen, combine, split_warnings
from prepos.data.importers.files import Content, read_content
from prepos.data.importers.layout import Extract, Layout, find
from prepos.data.importers.merge import merge
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.importers.row import Precision, Row, orders_of
from prepos.data.scenario import Scenario


class WrongLayoutError(Exception):
    """A file in which no layout of the kind was found; told to the user with what it looks like instead."""

    def __init__(self, content: Content) -> None:
        super().__init__(content.name)
        self.content = content


Read = Callable[[Path, Scenario, Options, Report], Scenario]
FoundIn = Callable[[Row], Found | None]


@dataclass(frozen=True)
class Kind:
    """One source that can be imported.

    Parameters
    ----------
    name
        As given on the command line.
    title
        What it is.
    read
        Takes the file, the scenario as it stands and the report; returns the scenario with what was read.
    layouts
        Tables of the source, for recognising its files.
    licence
        What the user must know before passing the rows on.
    """

    name: str
    title: str
    read: Read
    layouts: tuple[Layout, ...] = ()
    licence: str = ""


@dataclass(frozen=True)
class Source:
    """How the disasters of one source are read.

    Parameters
    ----------
    layouts
        Its tables.
    found
        One row to a disaster, or None for a row that it has left out; not needed where `together` is given.
    rule
        What becomes of several rows on one disaster.
    dates
        Our words of columns with dates.
    traps
        Traps of the source as a whole, for the report.
    together
        All rows at once, where one row alone says nothing.
    """

    layouts: tuple[Layout, ...]
    found: FoundIn | None = None
    rule: Combine = "largest"
    dates: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    together: Callable[[Sequence[Row], Options, Report], list[Found]] | None = None

    def read(self, path: Path, base: Scenario, options: Options, report: Report) -> Scenario:
        """Return the scenario with the disasters of the file."""
        content = read_content(path)
        report.remarks += content.remarks
        extract = find(content, self.layouts, report)
        if extract is None:
            raise WrongLayoutError(content)
        report.remark(f"layout: {extract.layout.name}")
        for trap in self.traps:
            report.remark(trap)
        if extract.others:
            report.remark(f"columns not read: {', '.join(extract.others)}")
        return take_disasters(self._disasters(extract, options, report), base, options, report)

    def _disasters(self, extract: Extract, options: Options, report: Report) -> list[Found]:
        orders = orders_of(extract, self.dates)
        rows = [Row(record, extract, report, orders, options) for record in extract.records]
        if self.together is not None:
            return self.together(rows, options, report)
        each_row = self.found
        found = (each_row(row) for row in rows if each_row is not None)
        return combine([each for each in found if each is not None], self.rule, report)


def take_disasters(found: Sequence[Found], base: Scenario, options: Options, report: Report) -> Scenario:
    """Return the scenario with these disasters added or merged."""
    wanted = list(chosen(found, options, report))
    split_warnings(wanted, report)
    merged = merge(base.disasters, wanted, options, report)
    return replace(base, disasters=merged.table)


def ident(prefix: str, *parts: str) -> str:
    """Return an id for our table: prefix and parts joined by hyphens, without spaces and marks."""
    cleaned = [re.sub(r"[^\w.]+", "-", part).strip("-") for part in parts]
    return "-".join([prefix, *filter(None, cleaned)])[:80]


def dated(row: Row, day: str, word: str = "date") -> tuple[str, Precision]:
    """Return a day and how much of it is known: 1 January is taken for a placeholder, and noted."""
    if not day:
        return "", ""
    if day.endswith("-01-01"):
        row.note("warning", "1 January: probably a placeholder for a day that is not known", word, day, day)
        return day, "year"
    return day, "day"


def glide_country(row: Row, glides: Sequence[str], iso3: str, word: str = "glide") -> None:
    """Warn where the country of a GLIDE number is not the row's (one number may cover several countries)."""
    others = [glide for glide in glides if glide.count("-") == 3 and iso3 and not glide.endswith(iso3)]
    if others:
        row.note("warning", "the GLIDE number names another country than the row", word, ", ".join(others), iso3)


def placed(row: Row, iso3: str, lat: str = "lat", lon: str = "lon") -> Mapping[str, float]:
    """Return the coordinates of a row as fields of `Found`."""
    y, x = row.place(lat, lon, iso3)
    return {"lat": y, "lon": x}
