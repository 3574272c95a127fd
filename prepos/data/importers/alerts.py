"""Alerts and registers of disasters: GDACS events, GLIDE numbers, USGS earthquakes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from prepos.data.importers.countries import country_of
from prepos.data.importers.disasters import Found, glides_in
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, Source, dated, glide_country, ident, placed
from prepos.data.importers.layout import Layout
from prepos.data.importers.row import Precision, Row
from prepos.data.importers.values import number_of

GDACS_LAYOUT = Layout(
    "GDACS event GeoJSON",
    {
        "type": ("eventtype",),
        "event": ("eventid",),
        "episode": ("episodeid",),
        "name": ("eventname", "name"),
        "title": ("name",),
        "glide": ("glide",),
        "alert": ("alertlevel",),
        "temporary": ("istemporary",),
        "country": ("country",),
        "iso3": ("iso3",),
        "date": ("fromdate",),
        "countries": ("affectedcountries",),
        "sendai": ("sendai",),
        "severity": ("severitydata.severitytext",),
        "lat": ("geometry.lat", "latitude"),
        "lon": ("geometry.lon", "longitude"),
    },
    ("type", "event", "date"),
)

GLIDE_LAYOUT = Layout(
    "GLIDE number list (jsonglideset)",
    {
        "type": ("event",),
        "number": ("number",),
        "geocode": ("geocode",),
        "docid": ("docid",),
        "location": ("location",),
        "year": ("year",),
        "month": ("month",),
        "day": ("day",),
        "affected": ("affected",),
        "homeless": ("homeless",),
        "lat": ("latitude",),
        "lon": ("longitude",),
        "comments": ("comments",),
    },
    ("type", "number", "geocode"),
)

USGS_LAYOUT = Layout(
    "USGS earthquake catalogue (ComCat)",
    {
        "date": ("time",),
        "lat": ("latitude",),
        "lon": ("longitude",),
        "depth": ("depth",),
        "mag": ("mag",),
        "mag_type": ("magType",),
        "id": ("id",),
        "name": ("place",),
        "type": ("type",),
    },
    ("date", "lat", "lon", "mag"),
)


def gdacs(row: Row) -> Found | None:
    """Read one GDACS event (or one episode of it)."""
    event = row.text("event")
    if not event:
        row.leave_out("no event id", "event")
        return None
    iso3 = row.country("iso3", "country")
    _several_countries(row, iso3)
    date, precision = dated(row, row.day("date"))
    glides = glides_in(row.text("glide"))
    glide_country(row, glides, iso3)
    if row.text("temporary").casefold() == "true":
        row.note("warning", "a provisional event: GDACS may still change or withdraw it", "temporary")
    affected, displaced, homeless = _sendai(row)
    return Found(
        (row.id,),
        ident("GDACS", row.text("type"), event),
        f"GDACS {row.text('type')} {event} (alert {row.text('alert') or 'unknown'})",
        iso3=iso3,
        hazard=hazard_of(row.text("type")) or "OT",
        name=row.text("name", "title") or f"{row.text('type')} {row.text('country')}",
        date=date,
        precision=precision,
        glides=glides,
        affected=affected,
        displaced=displaced,
        homeless=homeless,
        version=_or_zero(number_of(row.cell("episode")).number),
        **placed(row, iso3),
    )


def _several_countries(row: Row, iso3: str) -> None:
    listed = row.cell("countries")
    codes = (
        [str(each.get("iso3", "")) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    )
    if len(codes) > 1:
        why = "the event struck several countries; it is put under the first, with all its figures"
        row.note("warning", why, "countries", ", ".join(codes), iso3)


def _sendai(row: Row) -> tuple[float, float, float]:
    """Return affected, displaced and homeless from the figures of authorities; the latest of each region, added up."""
    entries = row.cell("sendai")
    known = [each for each in entries if isinstance(each, Mapping)] if isinstance(entries, list) else []
    latest = [each for each in known if str(each.get("latest")).casefold() in ("true", "1")] or known
    best: dict[tuple[str, str, str], float] = {}
    for entry in latest:
        what = str(entry.get("sendainame", "")).casefold()
        figure = number_of(entry.get("sendaivalue"), whole=True).number
        kind = next((k for k, words in _SENDAI.items() if re.search(words, what)), "")
        if kind and not math.isnan(figure):
            key = (kind, str(entry.get("country", "")), str(entry.get("region", "")))
            best[key] = max(figure, best.get(key, 0.0))
            if kind == "displaced" and "evacuat" in what:
                row.note("warning", "evacuations are counted as displacement", "sendai", f"{what} {figure:g}")
    sums = [
        [v for (kind, _, _), v in best.items() if kind == wanted] for wanted in ("affected", "displaced", "homeless")
    ]
    affected, displaced, homeless = (sum(values) if values else math.nan for values in sums)
    return affected, displaced, homeless


_SENDAI = {"displaced": r"displac|evacuat|relocat", "homeless": r"homeless", "affected": r"affected"}


def glide(row: Row) -> Found | None:
    """Read one GLIDE number; a 0 of the register means unknown."""
    number = glides_in("-".join((row.text("type"), row.text("number"), row.text("geocode"))))
    if not number:
        row.leave_out("event, number and geocode do not make a GLIDE number (FL-2024-000199-ESP)", "number")
        return None
    iso3 = row.country("geocode")
    date, precision = _glide_date(row)
    return Found(
        (row.id,),
        ident("GLIDE", number[0]),
        f"GLIDE {number[0]}",
        iso3=iso3,
        hazard=hazard_of(row.text("type")) or "OT",
        name=row.text("location")[:80] or number[0],
        date=date,
        precision=precision,
        glides=number,
        affected=_unless_zero(row, "affected"),
        homeless=_unless_zero(row, "homeless"),
        **placed(row, iso3),
    )


def _glide_date(row: Row) -> tuple[str, Precision]:
    date, precision = row.day_of_parts("year", "month", "day")
    return dated(row, date, "day") if precision == "day" else (date, precision)


def _unless_zero(row: Row, word: str) -> float:
    people = row.people(word)
    if people == 0:
        row.note("changed", "0 stands for 'unknown' in this source; left empty", word, 0, "")
        return math.nan
    return people


def usgs(row: Row) -> Found | None:
    """Read one earthquake; the catalogue knows no people, so it completes rows of other sources."""
    kind = row.text("type")
    if kind and kind.casefold() != "earthquake":
        row.leave_out("not an earthquake", "type")
        return None
    place = placed(row, "")
    if math.isnan(place["lat"]):
        row.leave_out("no place: latitude and longitude cannot be read", "lat")
        return None
    country = country_of(row.text("name").split(",")[-1])
    if country.iso3:
        row.note("guessed", "country taken from the description of the place", "name", row.text("name"), country.iso3)
    date = row.day("date")
    name = row.text("id") or f"{date}-{place['lat']:g}-{place['lon']:g}"
    return Found(
        (row.id,),
        ident("USGS", name),
        f"USGS ComCat {name}, magnitude {row.text('mag')}",
        iso3=country.iso3,
        hazard="EQ",
        name=f"M {row.text('mag')} {row.text('name')}".strip(),
        date=date,
        precision="day" if date else "",
        lat=place["lat"],
        lon=place["lon"],
    )


def _or_zero(number: float) -> float:
    return 0.0 if math.isnan(number) else number


GDACS_SOURCE = Source(
    (GDACS_LAYOUT,),
    gdacs,
    rule="last",
    dates=("date",),
    traps=(
        "GDACS gives alerts, not needs: figures of people are there only where an authority reported them (sendai)",
    ),
)
GLIDE_SOURCE = Source((GLIDE_LAYOUT,), glide, rule="last", traps=("figures of the GLIDE register are first reports",))
USGS_SOURCE = Source(
    (USGS_LAYOUT,),
    usgs,
    rule="last",
    dates=("date",),
    traps=("the catalogue knows no people: its rows complete those of other sources, or need --need-if-unknown",),
)

GDACS = Kind(
    "gdacs",
    "GDACS events (GeoJSON)",
    GDACS_SOURCE.read,
    GDACS_SOURCE.layouts,
    "GDACS (European Commission, JRC): reuse with attribution; check the terms on gdacs.org.",
)
GLIDE = Kind(
    "glide",
    "GLIDE numbers (JSON)",
    GLIDE_SOURCE.read,
    GLIDE_SOURCE.layouts,
    "GLIDE (ADRC) states no licence: pass on the numbers, not the texts.",
)
USGS = Kind(
    "usgs", "USGS earthquakes (CSV)", USGS_SOURCE.read, USGS_SOURCE.layouts, "USGS data are in the public domain."
)
