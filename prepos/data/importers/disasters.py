"""Disasters found in a foreign file: parts of one put together, people in need worked out, filters applied."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from prepos.data.importers.countries import countries
from prepos.data.importers.hazards import SLOW, alike
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report, RowId
from prepos.data.importers.row import Precision

Combine = Literal["sum", "largest", "last"]

SHARE_OF_AFFECTED = 0.4
SHARE_REASON = "median of displaced / affected in the 230 disasters of the bundled global-2010-2024 that have both"
STAND_IN = "stands in for the country"

_GLIDE = re.compile(r"\b([A-Z]{2})-(\d{4})-(\d{1,6})(?:-([A-Z]{3}))?\b")
FIGURES = ("affected", "displaced", "homeless", "stated_need")


@dataclass(frozen=True)
class Found:
    """One disaster as a source tells it.

    Parameters
    ----------
    rows
        Rows of the file that tell of it.
    id
        Id that it gets in our table; the source's own id with a prefix.
    iso3, hazard, name
        Country, GLIDE code of the hazard, name.
    date, precision
        Onset as ISO text, and how much of it is known.
    glides
        GLIDE numbers, written in full.
    lat, lon
        Degrees, NaN where not given.
    affected, displaced, homeless, stated_need
        People, NaN where not given; `stated_need` is a number in need that the source itself gives.
    source
        Reference for the row of our table.
    version
        Order among reports of one disaster (later ones replace earlier ones).
    """

    rows: tuple[RowId, ...]
    id: str
    source: str
    iso3: str = ""
    hazard: str = ""
    name: str = ""
    date: str = ""
    precision: Precision = ""
    glides: tuple[str, ...] = ()
    lat: float = math.nan
    lon: float = math.nan
    affected: float = math.nan
    displaced: float = math.nan
    homeless: float = math.nan
    stated_need: float = math.nan
    version: float = 0.0

    @property
    def located(self) -> bool:
        """Whether it has coordinates of its own."""
        return not math.isnan(self.lat)


@dataclass(frozen=True)
class Need:
    """People in need of a disaster, with the reasoning."""

    people: float
    basis: str
    guessed: bool = field(default=False)


def glides_in(text: str) -> tuple[str, ...]:
    """Return the GLIDE numbers in a text, written in full: ``FL-2016-000064-CHN``."""
    found = [f"{h}-{y}-{int(n):06d}{f'-{c}' if c else ''}" for h, y, n, c in _GLIDE.findall(text.upper())]
    return tuple(dict.fromkeys(found))


def glide_core(glide: str) -> str:
    """Return a GLIDE number without its country."""
    return "-".join(glide.split("-")[:3])


def combine(found: Sequence[Found], rule: Combine, report: Report) -> list[Found]:
    """Put the rows that one source gives on one disaster in one country together; each is noted."""
    groups: dict[tuple[str, str], list[Found]] = {}
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for each in found:
        keys = [(each.id, each.iso3), *((glide_core(g), each.iso3) for g in each.glides if each.iso3)]
        home = next((names[key] for key in keys if key in names), keys[0])
        groups.setdefault(home, []).append(each)
        for key in keys:
            names.setdefault(key, home)
    return [_one(parts, rule, report) for parts in groups.values()]


def _one(parts: list[Found], rule: Combine, report: Report) -> Found:
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    rows = tuple(row for part in parts for row in part.rows)
    why = {
        "sum": "several rows on one disaster in one country: figures added up",
        "largest": "several rows on one disaster in one country: the largest figure is kept",
        "last": "several reports of one disaster: the latest is kept",
    }[rule]
    chosen = max(parts, key=lambda part: part.version) if rule == "last" else first
    figures = {name: _joined([getattr(part, name) for part in parts], rule) for name in FIGURES}
    if rule == "last":
        figures = {name: getattr(chosen, name) for name in FIGURES}
    for part in parts[1:]:
        report.note(part.rows[0], "merged", why, "", _told(part), f"{first.id} (with row {first.rows[0][1]})")
    dated = min((part for part in parts if part.date), key=lambda part: part.date, default=first)
    placed = next((part for part in parts if part.located), first)
    glides = tuple(dict.fromkeys(glide for part in parts for glide in part.glides))
    whole = replace(chosen, id=first.id, rows=rows, glides=glides, lat=placed.lat, lon=placed.lon)
    whole = replace(whole, date=dated.date, precision=dated.precision)
    return replace(
        whole,
        affected=figures["affected"],
        displaced=figures["displaced"],
        homeless=figures["homeless"],
        stated_need=figures["stated_need"],
    )


def _joined(figures: Iterable[float], rule: Combine) -> float:
    known = [figure for figure in figures if not math.isnan(figure)]
    if not known:
        return math.nan
    return sum(known) if rule == "sum" else max(known)


def _told(found: Found) -> str:
    figures = ((name, getattr(found, name)) for name in FIGURES)
    return ", ".join(f"{name} {figure:,.0f}" for name, figure in figures if not math.isnan(figure))


def chosen(found: Iterable[Found], options: Options, report: Report) -> Iterator[Found]:
    """Return the disasters that were asked for; the rows of the others are left out with the reason."""
    for each in found:
        why = _unwanted(each, options)
        if why:
            for row in each.rows:
                report.leave_out(row, why)
        else:
            yield each


def _unwanted(found: Found, options: Options) -> str:
    if options.countries and found.iso3 not in options.countries:
        return f"not asked for: --country {','.join(options.countries)}"
    if options.hazards and found.hazard not in options.hazards:
        return f"not asked for: --hazard {','.join(options.hazards)}"
    if options.since and (not found.date or found.date < options.since):
        return f"not asked for: --from {options.since}"
    if options.until and (not found.date or found.date > options.until):
        return f"not asked for: --to {options.until}"
    if not found.located and found.iso3 not in countries():
        return "no place: neither coordinates nor a country that is known"
    return ""


def need_of(found: Found, options: Options) -> Need:
    """Return the people in need: stated, else displaced, else homeless, else a share of the affected."""
    if not math.isnan(found.stated_need):
        return Need(found.stated_need, "dataset: people in need as the source states it")
    for name in ("displaced", "homeless"):
        people = getattr(found, name)
        if not math.isnan(people):
            return Need(people, f"estimate: people in need = {name} x 1.00 (all {name} need shelter or NFI)", True)
    if not math.isnan(found.affected):
        return _share_need(found, options)
    if options.need_if_unknown is not None:
        people = options.need_if_unknown
        return Need(people, "estimate: no figure is known; people in need as given with --need-if-unknown", True)
    return Need(math.nan, "no figure of people at all; --need-if-unknown N keeps such disasters with N people in need")


def _share_need(found: Found, options: Options) -> Need:
    share = options.share_of_affected
    if share is None and found.hazard in SLOW:
        why = f"affected by {SLOW[found.hazard]} only: seldom a need for relief items; --share-of-affected keeps it"
        return Need(math.nan, why)
    reason = f"({SHARE_REASON})" if share is None else "(share given with --share-of-affected)"
    share = SHARE_OF_AFFECTED if share is None else share
    return Need(round(found.affected * share), f"estimate: people in need = affected x {share:.2f} {reason}", True)


def placed(found: Found, report: Report) -> tuple[float, float, str]:
    """Return where a disaster lies and a note on it: its own place, else the city that stands in for its country."""
    country = countries().get(found.iso3)
    if found.located or country is None or math.isnan(country.lat):
        return found.lat, found.lon, ""
    why = f"no coordinates: the capital or largest city {STAND_IN}"
    report.note(found.rows[0], "guessed", why, "lat, lon", "", f"{country.city}: {country.lat:g}, {country.lon:g}")
    return country.lat, country.lon, f"; position: {country.city} {STAND_IN}"


def split_warnings(found: Sequence[Found], report: Report, days: int = 7) -> None:
    """Warn of disasters of one file that may be parts of one: same country and hazard, days apart."""
    by_country: dict[str, list[tuple[int, Found]]] = {}
    for each in found:
        if each.iso3 and each.precision == "day":
            by_country.setdefault(each.iso3, []).append((date.fromisoformat(each.date).toordinal(), each))
    for dated in by_country.values():
        dated.sort(key=lambda pair: (pair[0], pair[1].id))
        for (day, each), (next_day, after) in itertools.pairwise(dated):
            if next_day - day <= days and alike(each.hazard, after.hazard):
                why = f"may be a part of another disaster of the file (same country and hazard, within {days} days)"
                report.note(after.rows[0], "warning", why, "", each.id, after.id)
