"""EM-DAT, the international disaster database (CRED / UCLouvain): the public table, both layouts."""

from __future__ import annotations

import math

from prepos.data.importers.disasters import Found, glides_in
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, Source, dated, glide_country, ident, placed
from prepos.data.importers.layout import Layout
from prepos.data.importers.row import Precision, Row
from prepos.data.importers.values import number_of

LICENCE = (
    "EM-DAT's terms forbid passing on its rows, or a table made from them, and putting them on the Internet: keep this "
    "scenario to yourself, and cite 'EM-DAT, CRED / UCLouvain, Brussels'. Commercial use needs a licence."
)

_SHARED = {
    "group": ("Disaster Group",),
    "type": ("Disaster Type",),
    "subtype": ("Disaster Subtype",),
    "name": ("Event Name",),
    "iso3": ("ISO",),
    "country": ("Country",),
    "location": ("Location",),
    "lat": ("Latitude",),
    "lon": ("Longitude",),
    "year": ("Start Year",),
    "month": ("Start Month",),
    "day": ("Start Day",),
    "injured": ("No. Injured", "No Injured"),
    "affected": ("No. Affected", "No Affected"),
    "homeless": ("No. Homeless", "No Homeless"),
    "total": ("Total Affected",),
}

NEW = Layout(
    "EM-DAT public table, layout since September 2023",
    {
        "id": ("DisNo.",),
        "historic": ("Historic",),
        "class": ("Classification Key",),
        "glide": ("External IDs",),
        **_SHARED,
    },
    ("id", "type", "country", "year", "glide"),
)

OLD = Layout(
    "EM-DAT, layout until 2023",
    {
        "id": ("Dis No",),
        "start": ("Year",),
        "seq": ("Seq",),
        "glide": ("Glide",),
        "subsubtype": ("Disaster Subsubtype",),
        **_SHARED,
    },
    ("type", "country", "year", "seq"),
)


def found(row: Row) -> Found | None:
    """Read one row of EM-DAT: one disaster in one country."""
    iso3 = row.country("iso3", "country")
    number = row.text("id") or "-".join(filter(None, (row.text("start", "year"), row.text("seq"), iso3)))
    if not number:
        row.leave_out("no DisNo., and no year and number to make it from", "id")
        return None
    date, precision = _start(row)
    glides = glides_in(row.text("glide"))
    glide_country(row, glides, iso3)
    if row.text("historic").casefold() == "yes":
        row.note("warning", "a disaster before 2000: EM-DAT marks its own record of them as uneven", "historic", "Yes")
    total = _affected(row)
    homeless = row.people("homeless")
    return Found(
        (row.id,),
        ident("EMDAT", number),
        f"EM-DAT {number} (CRED / UCLouvain)",
        iso3=iso3,
        hazard=_hazard(row),
        name=row.text("name") or f"{row.text('subtype', 'type')}, {row.text('location', 'country')}"[:80],
        date=date,
        precision=precision,
        glides=glides,
        affected=total,
        homeless=math.nan if homeless == 0 else homeless,
        **placed(row, iso3),
    )


def _start(row: Row) -> tuple[str, Precision]:
    date, precision = row.day_of_parts("year", "month", "day")
    if not date:
        row.note("warning", "no start year; the date is left empty", "year", row.cell("year"), "")
    return dated(row, date, "day") if precision == "day" else (date, precision)


def _affected(row: Row) -> float:
    """Return the total affected; where it is not the sum of its parts, say so."""
    total = row.people("total")
    parts = [number_of(row.cell(word), whole=True).number for word in ("injured", "affected", "homeless")]
    together = sum(part for part in parts if not math.isnan(part))
    if all(math.isnan(part) for part in parts):
        return total
    if math.isnan(total):
        row.note(
            "guessed", "Total Affected is empty; injured + affected + homeless taken", "total", "", f"{together:g}"
        )
        return together
    if total != together:
        why = "Total Affected is not injured + affected + homeless; the total is kept"
        row.note("warning", why, "total", f"{total:g} against {together:g}", f"{total:g}")
    return total


def _hazard(row: Row) -> str:
    hazard = hazard_of(row.text("subsubtype"), row.text("subtype"), row.text("type"))
    if not hazard:
        row.note(
            "guessed", "the type of disaster has no GLIDE code; written as OT (other)", "type", row.text("type"), "OT"
        )
        return "OT"
    if row.text("group").casefold() == "technological":
        why = "a technological disaster: rarely a need for relief items (--hazard FL,TC,EQ,... leaves it out)"
        row.note("warning", why, "group", row.text("type"))
    return hazard


SOURCE = Source(
    (NEW, OLD),
    found,
    rule="largest",
    traps=(
        "affected counts all people who need help of any kind: fewer than these need shelter and relief items",
        "an empty figure of EM-DAT means unknown, not none",
        "admin units are GAUL codes, not P-codes; they are not read",
    ),
)

EMDAT = Kind("emdat", "EM-DAT public table (XLSX, CSV), both layouts", SOURCE.read, SOURCE.layouts, LICENCE)
