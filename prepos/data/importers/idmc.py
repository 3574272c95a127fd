"""IDMC: the GIDD export and its REST answer, the disaggregated figures, and the updates (IDU)."""

from __future__ import annotations

import math

from prepos.data.importers.disasters import Found, glides_in
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, Source, dated, glide_country, ident, placed
from prepos.data.importers.layout import Layout
from prepos.data.importers.row import Precision, Row

LICENCE = "IDMC data are CC BY-NC 4.0: name IDMC, and do not use or pass on the rows commercially."

EXPORT = Layout(
    "IDMC GIDD export, sheet 1_Disaster_Displacement_data",
    {
        "iso3": ("ISO3",),
        "country": ("Country / Territory", "Name", "Country"),
        "year": ("Year",),
        "name": ("Event Name",),
        "date": ("Date of Event (start)", "Start Date", "Date of event"),
        "rounded": ("Disaster Internal Displacements",),
        "displaced": ("Disaster Internal Displacements (Raw)",),
        "category": ("Hazard Category",),
        "type": ("Hazard Type",),
        "subtype": ("Hazard Sub Type",),
        "glide": ("Event Codes (Code:Type)", "Event Codes"),
        "event": ("Event ID",),
        "occurred": ("Displacement occurred",),
    },
    ("iso3", "year", "type", "rounded"),
)

REST = Layout(
    "IDMC GIDD REST, gidd/disasters",
    {
        "iso3": ("iso3",),
        "country": ("country_name",),
        "year": ("year",),
        "name": ("event_name",),
        "date": ("start_date",),
        "accuracy": ("start_date_accuracy",),
        "displaced": ("new_displacement",),
        "rounded": ("new_displacement_rounded",),
        "stock": ("total_displacement",),
        "category": ("hazard_category_name",),
        "type": ("hazard_type_name", "hazard_type"),
        "subtype": ("hazard_sub_type_name", "hazard_sub_type"),
        "glide": ("glide_numbers",),
        "codes": ("event_codes",),
        "event": ("event_id",),
    },
    ("iso3", "displaced", "name", "date"),
)

FIGURES = Layout(
    "IDMC GIDD disaggregated figures",
    {
        "figure": ("ID",),
        "iso3": ("ISO3",),
        "country": ("Country",),
        "cause": ("Figure cause",),
        "year": ("Year",),
        "kind": ("Figure category",),
        "unit": ("Figure unit",),
        "reported": ("Reported figures",),
        "household": ("Household size",),
        "displaced": ("Total figures",),
        "category": ("Hazard category",),
        "type": ("Hazard type",),
        "subtype": ("Hazard sub type",),
        "date": ("Start date",),
        "event": ("Event ID",),
        "name": ("Event name",),
        "event_date": ("Event start date",),
        "glide": ("Event codes (Code:Type)",),
        "occurred": ("Displacement occurred",),
        "lat": ("geometry.lat",),
        "lon": ("geometry.lon",),
    },
    ("iso3", "kind", "unit", "displaced"),
)

UPDATES = Layout(
    "IDMC internal displacement updates (IDU)",
    {
        "figure": ("id",),
        "iso3": ("iso3",),
        "country": ("country",),
        "lat": ("latitude",),
        "lon": ("longitude",),
        "role": ("role",),
        "cause": ("displacement_type",),
        "displaced": ("figure",),
        "date": ("displacement_start_date", "displacement_date"),
        "year": ("year",),
        "event": ("event_id",),
        "name": ("event_name",),
        "glide": ("event_codes",),
        "event_date": ("event_start_date",),
        "category": ("category",),
        "type": ("type",),
        "subtype": ("subtype",),
        "occurred": ("displacement_occurred",),
    },
    ("iso3", "role", "displaced", "cause"),
)


def found(row: Row) -> Found | None:
    """Read one figure: people newly displaced by one event in one country and year."""
    if _not_a_flow(row):
        return None
    iso3 = row.country("iso3", "country")
    date, precision = _start(row)
    glides = glides_in(row.text("glide") + " " + row.text("codes"))
    glide_country(row, glides, iso3)
    if _evacuated(row.text("occurred")):
        why = "preventive evacuations are counted as displacement; many of these people need nothing"
        row.note("warning", why, "occurred", row.text("occurred"))
    event = row.text("event")
    key = (event, iso3) if event else (iso3, date, row.text("name")[:30])
    label = f"event {event}" if event else f"{iso3} {date}"
    return Found(
        (row.id,),
        ident("GIDD", *key),
        f"IDMC GIDD {label} (CC BY-NC 4.0)",
        iso3=iso3,
        hazard=_hazard(row),
        name=row.text("name") or f"{row.text('subtype', 'type')}, {row.text('country', 'iso3')}",
        date=date,
        precision=precision,
        glides=glides,
        displaced=_displaced(row),
        **placed(row, iso3),
    )


def _not_a_flow(row: Row) -> bool:
    """Leave out figures that would be counted twice, or that say how many are displaced, not how many newly."""
    role, kind = row.text("role"), row.text("kind")
    if role and role.casefold() != "recommended figure":
        row.leave_out("not the recommended figure of its event: it would be counted twice", "role")
        return True
    if kind and "displacement" not in kind.casefold():
        row.leave_out("a stock (people living in displacement), not a flow", "kind")
        return True
    return False


def _displaced(row: Row) -> float:
    people = row.people("displaced") if row.text("displaced") else math.nan
    if math.isnan(people) and row.text("rounded"):
        people = row.people("rounded")
        if row.has("displaced"):
            row.note("guessed", "no raw figure; the rounded one is taken", "displaced", "", f"{people:g}")
    if "household" not in row.text("unit").casefold():
        return people
    if not math.isnan(people):
        why = "counted in households; the figure of people (households x household size) is read"
        row.note("warning", why, "unit", f"{row.text('reported')} households x {row.text('household')}", f"{people:g}")
        return people
    households, size = row.people("reported"), row.number("household")
    size = row.options.household_size if math.isnan(size) else size
    row.note("guessed", f"households x {size:g} people", "reported", f"{households:g}", f"{households * size:g}")
    return households * size


def _start(row: Row) -> tuple[str, Precision]:
    """Return the start of the event; a first of January is taken for a placeholder, and so is a vague date."""
    day = row.day("date", "event_date")
    if not day:
        return row.day_of_parts("year", "month", "day") if row.text("year") else ("", "")
    date, precision = dated(row, day)
    accuracy = row.text("accuracy").casefold()
    if precision == "day" and accuracy in ("month", "year"):
        row.note("warning", f"the date is only known to the {accuracy}", "accuracy", accuracy, date)
        return date, "month" if accuracy == "month" else "year"
    return date, precision


def _hazard(row: Row) -> str:
    hazard = hazard_of(row.text("subtype"), row.text("type"), row.text("category"), row.text("cause"))
    if not hazard:
        row.note("guessed", "the hazard has no GLIDE code; written as OT (other)", "type", row.text("type"), "OT")
    return hazard or "OT"


def _evacuated(text: str) -> bool:
    lowered = text.casefold()
    return ("evacuat" in lowered and "without" not in lowered) or lowered == "before"


SOURCE = Source(
    (EXPORT, REST, FIGURES, UPDATES),
    found,
    rule="sum",
    dates=("date", "event_date"),
    traps=(
        "figures count displacement movements: one person can count twice, preventive evacuations are included",
        "rows of 2008 to 2012 (and some later ones) carry 1 January for an unknown date",
        "total_displacement is a stock at the end of the year; it is not read",
    ),
)

IDMC = Kind("idmc", "IDMC GIDD export (XLSX, CSV) and REST answer (JSON), IDU", SOURCE.read, SOURCE.layouts, LICENCE)
