"""IOM DTM: how many displaced people each round found where; differences between rounds are new displacement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from prepos.data.importers.disasters import Found
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, Source, ident
from prepos.data.importers.layout import Layout
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.importers.row import Row

LICENCE = "IOM DTM data on HDX are usually CC BY-IGO 3.0: name IOM DTM and the dataset; check the licence of yours."

TABLE = Layout(
    "IOM DTM, displaced people by round and place (API v3, HDX)",
    {
        "id": ("id", "#id+code"),
        "operation": ("operation", "#operation+name"),
        "country": ("admin0Name", "#country+name"),
        "iso3": ("admin0Pcode", "#country+code"),
        "admin1": ("admin1Name", "#adm1+name"),
        "admin1_code": ("admin1Pcode", "#adm1+code"),
        "admin2": ("admin2Name", "#adm2+name"),
        "admin2_code": ("admin2Pcode", "#adm2+code"),
        "people": (
            "numPresentIdpInd",
            "Number of IDPs (individuals)",
            "IDPs (ind)",
            "idps",
            "Individuals",
            "affected+idps",
        ),
        "households": ("numPresentIdpHh", "Number of IDPs (households)", "IDPs (hh)", "Households", "hh"),
        "date": ("reportingDate", "#date+reported"),
        "round": ("roundNumber", "Round", "#round+code"),
        "reason": ("displacementReason", "#cause"),
    },
    ("date", "round", "country", "people"),
)

HOUSEHOLDS = Layout(TABLE.name + ", in households", TABLE.columns, ("date", "round", "country", "households"))


@dataclass(frozen=True)
class Count:
    """People present at one place in one round."""

    row: Row
    iso3: str
    place: tuple[str, str]
    hazard: str
    round: float
    date: str
    people: float


def together(rows: Sequence[Row], options: Options, report: Report) -> list[Found]:
    """Take the rise of each place from round to round; the rises of a country's round are one disaster."""
    counts = [count for row in rows if (count := _count(row)) is not None]
    series: dict[tuple[str, tuple[str, str], str], dict[float, list[Count]]] = {}
    for count in counts:
        series.setdefault((count.iso3, count.place, count.hazard), {}).setdefault(count.round, []).append(count)
    firsts: dict[str, float] = {}
    for count in counts:
        firsts[count.iso3] = min(count.round, firsts.get(count.iso3, math.inf))
    rises: dict[tuple[str, float, str], list[tuple[float, list[Count]]]] = {}
    for (iso3, _, hazard), rounds in series.items():
        for number, rise, at in _rises(rounds, firsts[iso3], options, report):
            rises.setdefault((iso3, number, hazard), []).append((rise, at))
    return [_disaster(key, parts) for key, parts in sorted(rises.items())]


def _count(row: Row) -> Count | None:
    iso3 = row.country("iso3", "country")
    number, date = row.number("round"), row.day("date")
    people = row.people("people") if row.has("people") else math.nan
    if math.isnan(people) and row.text("households"):
        households = row.people("households")
        people = households * row.options.household_size
        row.note("guessed", f"households x {row.options.household_size:g} people", "households", households, people)
    if math.isnan(number) or not date:
        row.leave_out("no round number or no date: a difference between rounds cannot be taken", "round")
        return None
    if math.isnan(people):
        row.leave_out("no number of people present", "people")
        return None
    place = (row.text("admin1_code", "admin1"), row.text("admin2_code", "admin2"))
    return Count(row, iso3, place, hazard_of(row.text("reason")) or "CF", number, date, people)


def _rises(
    rounds: dict[float, list[Count]], first: float, options: Options, report: Report
) -> list[tuple[float, float, list[Count]]]:
    """Return (round, rise, rows) of one place; rows that show no rise are accounted for."""
    found = []
    before = 0.0 if options.first_round == "all" else math.nan
    for number in sorted(rounds):
        at = rounds[number]
        people = sum(count.people for count in at)
        if math.isnan(before) and number > first:
            before = 0.0
            at[0].row.note(
                "guessed", "the place is new in this round; nobody is taken to have been there before", "people"
            )
        if math.isnan(before):
            for count in at:
                count.row.note(
                    "changed", "first round: the base of the next difference, no disaster", "people", count.people
                )
                report.take(count.row.id, "", "")
        elif people > before:
            found.append((number, people - before, at))
        else:
            for count in at:
                count.row.leave_out("no new displacement: not more people than in the round before", "people")
        before = people
    return found


def _disaster(key: tuple[str, float, str], parts: list[tuple[float, list[Count]]]) -> Found:
    iso3, number, hazard = key
    counts = [count for _, at in parts for count in at]
    first = counts[0]
    people = sum(rise for rise, _ in parts)
    for rise, at in parts:
        at[0].row.note(
            "changed", "a stock; the rise since the round before is taken", "people", sum(c.people for c in at), rise
        )
    for count in counts[1:]:
        count.row.note("merged", "places of one country and round are one disaster", "admin1", "", f"round {number:g}")
    operation = first.row.text("operation", "country") or iso3
    first.row.note("guessed", "date of the round; people were displaced since the round before", "date", "", first.date)
    return Found(
        tuple(count.row.id for count in counts),
        ident("DTM", iso3, f"R{number:g}", hazard, operation[:20]),
        f"IOM DTM {operation}, round {number:g}",
        iso3=iso3,
        hazard=hazard,
        name=f"{operation}, DTM round {number:g}: newly displaced in {len(parts)} places",
        date=min(count.date for count in counts),
        precision="month",
        displaced=people,
    )


SOURCE = Source(
    (TABLE, HOUSEHOLDS),
    dates=("date",),
    traps=(
        "DTM counts people present (a stock); what is new is the difference between rounds of a place",
        "people who left and others who came in one place cancel out: the difference is a lower bound",
        "a reason for displacement that is not given is taken for conflict (CF)",
    ),
    together=together,
)

DTM = Kind("dtm", "IOM DTM rounds (XLSX, CSV, API JSON)", SOURCE.read, SOURCE.layouts, LICENCE)
