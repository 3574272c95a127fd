"""IFRC GO: appeals, events with their field reports, and field reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from prepos.data.importers.disasters import Found, glides_in
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, Source, dated, glide_country, ident
from prepos.data.importers.layout import Layout
from prepos.data.importers.row import Row
from prepos.data.importers.values import number_of, text_of

LICENCE = "IFRC GO states no licence; appeals on HDX are CC BY-IGO. Name IFRC GO, and pass on single rows only."

APPEALS = Layout(
    "IFRC GO appeals",
    {
        "id": ("aid", "code"),
        "code": ("code",),
        "name": ("name",),
        "type": ("dtype.name", "dtype"),
        "kind": ("atype_display", "atype"),
        "targeted": ("num_beneficiaries",),
        "date": ("start_date",),
        "event": ("event",),
        "iso3": ("country.iso3", "country.iso", "iso3"),
        "country": ("country.name", "country"),
    },
    ("name", "type", "targeted", "date"),
)

_PEOPLE = {
    f"{prefix}num_{what}": (f"{prefix}num_{what}",)
    for prefix in ("", "gov_", "other_")
    for what in ("affected", "displaced", "potentially_affected")
}

EVENTS = Layout(
    "IFRC GO emergencies (events)",
    {
        "id": ("id",),
        "name": ("name",),
        "type": ("dtype.name", "dtype"),
        "date": ("disaster_start_date",),
        "glide": ("glide",),
        "countries": ("countries",),
        "iso3": ("country.iso3", "iso3"),
        "reports": ("field_reports",),
        **_PEOPLE,
    },
    ("name", "type", "date"),
)

REPORTS = Layout(
    "IFRC GO field reports",
    {
        "id": ("event.id", "event", "id"),
        "name": ("event.name", "summary", "title"),
        "type": ("dtype.name", "dtype"),
        "date": ("start_date", "report_date"),
        "glide": ("event.glide", "glide"),
        "countries": ("countries", "countries_details"),
        "iso3": ("country.iso3",),
        **_PEOPLE,
    },
    ("date", "type", "num_affected"),
)


def found(row: Row) -> Found | None:
    """Read one appeal, event or field report."""
    name = row.text("id", "code")
    if not name:
        row.leave_out("no id", "id")
        return None
    iso3 = _country(row)
    date, precision = dated(row, row.day("date"))
    glides = glides_in(row.text("glide"))
    glide_country(row, glides, iso3)
    targeted = row.people("targeted")
    if targeted == 0:
        targeted = math.nan
    if not math.isnan(targeted):
        row.note(
            "warning", "people whom the appeal targets: fewer than are in need, often", "targeted", targeted, targeted
        )
    key = row.text("event") or name
    return Found(
        (row.id,),
        ident("IFRC", key, iso3),
        f"IFRC GO {row.layout.removeprefix('IFRC GO ').split()[0]} {row.text('code', 'id')}",
        iso3=iso3,
        hazard=hazard_of(row.text("type")) or "OT",
        name=row.text("name")[:80],
        date=date,
        precision=precision,
        glides=glides,
        affected=_people(row, "affected"),
        displaced=_people(row, "displaced"),
        stated_need=targeted,
    )


def _country(row: Row) -> str:
    listed = row.cell("countries")
    if not isinstance(listed, list):
        return row.country("iso3", "country")
    codes = [text_of(each.get("iso3") or each.get("name")) for each in listed if isinstance(each, Mapping)]
    if len(codes) > 1:
        why = "the emergency struck several countries; it is put under the first, with all its figures"
        row.note("warning", why, "countries", ", ".join(codes), codes[0])
    return codes[0] if codes and len(codes[0]) == 3 else row.country("iso3")


def _people(row: Row, what: str) -> float:
    """Return the first figure given: of the National Society, the government, others; newest field report first."""
    holders: list[Mapping[str, Any]] = [{name: row.cell(name) for name in _PEOPLE}]
    reports = row.cell("reports")
    if isinstance(reports, list):
        known = [report for report in reports if isinstance(report, Mapping)]
        holders += sorted(known, key=lambda report: text_of(report.get("updated_at")), reverse=True)
    for stem in (what, "potentially_affected") if what == "affected" else (what,):
        for holder in holders:
            for prefix in ("", "gov_", "other_"):
                figure = number_of(holder.get(f"{prefix}num_{stem}"), whole=True).number
                if figure > 0:
                    if prefix or stem != what:
                        row.note("guessed", f"figure taken from {prefix}num_{stem}", f"num_{what}", "", figure)
                    return figure
    return math.nan


SOURCE = Source(
    (APPEALS, EVENTS, REPORTS),
    found,
    rule="largest",
    dates=("date",),
    traps=("appeals of one emergency (DREF, then emergency appeal) are one disaster here: the largest figure is kept",),
)

IFRC = Kind("ifrc", "IFRC GO appeals, events, field reports (JSON, CSV)", SOURCE.read, SOURCE.layouts, LICENCE)
