"""Dartmouth Flood Observatory: the Global Active Archive of Large Flood Events, 1985 to 2021."""

from __future__ import annotations

import math

from prepos.data.importers.disasters import Found, glides_in
from prepos.data.importers.kind import Kind, Source, dated, glide_country, ident, placed
from prepos.data.importers.layout import Layout
from prepos.data.importers.row import Row

LICENCE = "Dartmouth Flood Observatory: cite it (Brakenridge, Global Active Archive); large parts need their agreement."
CODED = frozenset({3.0, 30.0, 300.0, 3000.0, 30000.0, 300000.0})

ARCHIVE = Layout(
    "Dartmouth Flood Observatory archive (FloodArchive)",
    {
        "id": ("ID", "Register #"),
        "glide": ("GlideNumber", "Glide #"),
        "country": ("Country",),
        "other": ("OtherCountry", "Other"),
        "lon": ("long", "Centroid X"),
        "lat": ("lat", "Centroid Y"),
        "area": ("Area",),
        "date": ("Began",),
        "ended": ("Ended",),
        "validation": ("Validation",),
        "dead": ("Dead",),
        "displaced": ("Displaced",),
        "cause": ("MainCause", "Main cause"),
        "severity": ("Severity",),
    },
    ("country", "lat", "lon", "date", "displaced"),
)


def found(row: Row) -> Found | None:
    """Read one flood; displaced 0 is unknown, and 300 is how 'hundreds' was coded."""
    iso3 = row.country("country")
    date, precision = dated(row, row.day("date"))
    displaced = row.people("displaced")
    if displaced == 0:
        row.note("changed", "0 displaced stands for 'unknown' in this source; left empty", "displaced", 0, "")
        displaced = math.nan
    if displaced in CODED:
        why = "a figure of 3, 30, 300 ... is how this source codes 'hundreds', 'thousands'"
        row.note("warning", why, "displaced", displaced, displaced)
    if row.text("other") not in ("", "0"):
        why = "the flood struck several countries; it is put under the first, with all its figures"
        row.note("warning", why, "other", row.text("other"), iso3)
    glides = glides_in(row.text("glide"))
    glide_country(row, glides, iso3)
    number = row.text("id") or f"{iso3}-{date}"
    return Found(
        (row.id,),
        ident("DFO", number),
        f"Dartmouth Flood Observatory {number}",
        iso3=iso3,
        hazard="FL",
        name=f"Flood, {row.text('country')}" + (f" ({row.text('cause').casefold()})" if row.text("cause") else ""),
        date=date,
        precision=precision,
        glides=glides,
        displaced=displaced,
        **placed(row, iso3),
    )


SOURCE = Source(
    (ARCHIVE,),
    found,
    rule="largest",
    dates=("date", "ended"),
    traps=("the position is the centroid of the flooded area, which can lie far from the people",),
)

DFO = Kind("dfo", "Dartmouth Flood Observatory archive (XLSX, CSV)", SOURCE.read, SOURCE.layouts, LICENCE)
