"""Which row of the table a disaster of another source is: by id, by GLIDE, or by country, hazard, date and place."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from prepos.data.importers.disasters import STAND_IN, Found, glide_core, glides_in
from prepos.data.importers.frames import Line
from prepos.data.importers.hazards import alike
from prepos.data.importers.row import km

WINDOW_DAYS = 7
WINDOW_KM = 300.0


@dataclass(frozen=True)
class Match:
    """A row of the table that a disaster was found to be.

    Parameters
    ----------
    line
        Position of the row.
    why
        By which rule.
    days, km
        How far apart the two are; -1 where not known or not needed.
    others
        Further rows of the table that would have fitted.
    """

    line: int
    why: str
    days: int = -1
    km: float = -1.0
    others: int = 0

    def told(self, name: str) -> str:
        """Return the row's id with what speaks for it."""
        if self.days < 0:
            return name
        place = f"{self.km:,.0f} km apart" if self.km >= 0 else "place of one unknown"
        more = f", {self.others} more rows would have fitted" if self.others else ""
        return f"{name} ({self.days} days, {place}{more})"


class Index:
    """The rows of the table as it was, by id, by GLIDE and country, by country and day."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._ids = {line["disaster"]: n for n, line in enumerate(lines)}
        self._glides: dict[tuple[str, str], int] = {}
        self._days: dict[str, list[tuple[int, int]]] = {}
        for n, line in enumerate(lines):
            for glide in glides_in(line["glide"]):
                self._glides.setdefault((glide_core(glide), line["iso3"]), n)
            if line["iso3"] and line["date"] and not line["date"].endswith("-01-01"):
                self._days.setdefault(line["iso3"], []).append((_ordinal(line["date"]), n))
        for days in self._days.values():
            days.sort()

    def matches(self, found: Sequence[Found]) -> dict[int, Match]:
        """Return position in `found` -> its row, for those that have one.

        Ids and GLIDE numbers first; then the nearest in days and km. A row is met by date only by a disaster of
        another source, and only once for each source.
        """
        known: dict[int, Match] = {}
        taken: set[tuple[int, str]] = set()
        for n, each in enumerate(found):
            match = self._by_name(each)
            if match is not None:
                known[n] = match
                taken.add((match.line, _source(each.id)))
        near = [
            (gap, apart, n, at) for n, each in enumerate(found) if n not in known for gap, apart, at in self._near(each)
        ]
        fitting: dict[int, int] = {}
        for _, _, n, _ in near:
            fitting[n] = fitting.get(n, 0) + 1
        for gap, apart, n, at in sorted(near):
            key = (at, _source(found[n].id))
            if n not in known and key not in taken:
                known[n] = Match(at, "same country and hazard, days apart", gap, apart, fitting[n] - 1)
                taken.add(key)
        return known

    def _by_name(self, found: Found) -> Match | None:
        if found.id in self._ids:
            return Match(self._ids[found.id], "the same id")
        for glide in found.glides:
            at = self._glides.get((glide_core(glide), found.iso3))
            if at is not None:
                return Match(at, "the same GLIDE number and country")
        return None

    def _near(self, found: Found) -> Iterator[tuple[int, float, int]]:
        days = self._days.get(found.iso3, ())
        if not days or found.precision not in ("day", "month"):
            return
        day, source = _ordinal(found.date), _source(found.id)
        last = day + WINDOW_DAYS + (30 if found.precision == "month" else 0)
        for other, n in days[bisect.bisect_left(days, (day - WINDOW_DAYS, -1)) :]:
            if other > last:
                return
            line = self._lines[n]
            apart = _apart(line, found)
            if _source(line["disaster"]) != source and alike(line["hazard"], found.hazard) and apart <= WINDOW_KM:
                yield abs(other - day), apart, n


def _source(name: str) -> str:
    return name.split("-")[0]


def _apart(line: Line, found: Found) -> float:
    """Return km between two places, -1 where one of them is not known."""
    if math.isnan(line["lat"]) or not found.located or STAND_IN in line["basis"]:
        return -1.0
    return km(line["lat"], line["lon"], found.lat, found.lon)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
