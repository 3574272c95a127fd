"""The same disaster in two sources: found by GLIDE or by country, hazard, date and place; conflicts shown."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from prepos.data.importers.disasters import STAND_IN, Found, glide_core, glides_in, need_of, placed
from prepos.data.importers.frames import Line, frame_of, lines_of
from prepos.data.importers.matching import Index, Match
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report

FIGURES = ("affected", "displaced", "people_in_need")


@dataclass(frozen=True)
class Merged:
    """The table after an import.

    Parameters
    ----------
    table
        disasters, with the new rows at the end.
    added, changed
        Rows added, and rows of before in which a cell was filled or replaced.
    """

    table: pd.DataFrame
    added: int
    changed: int


def merge(table: pd.DataFrame, found: Iterable[Found], options: Options, report: Report) -> Merged:
    """Put disasters into the table; one that stands there already is merged into its row, and the conflict shown.

    The rule: the same id; else the same GLIDE number in the same country; else the same country, like hazard, a date
    within 7 days and, where both places are known, within 300 km (the nearest such row of another source, once).
    """
    lines = lines_of(table)
    every = list(found)
    matches = Index(lines).matches(every)
    before, changed, ids = len(lines), set[int](), {line["disaster"] for line in lines}
    for n, each in enumerate(every):
        if n not in matches:
            _add(_named(each, ids), lines, options, report)
        elif _merge_into(lines[matches[n].line], each, matches[n], options, report):
            changed.add(matches[n].line)
    if len(lines) == before and not changed:
        return Merged(table, 0, 0)
    return Merged(frame_of(lines, table), len(lines) - before, len(changed))


def _named(found: Found, ids: set[str]) -> Found:
    """Give the disaster an id that no other has."""
    name, n = found.id, 1
    while name in ids:
        n += 1
        name = f"{found.id}-{n}"
    ids.add(name)
    return found if name == found.id else replace(found, id=name)


def _add(found: Found, lines: list[Line], options: Options, report: Report) -> None:
    need = need_of(found, options)
    why = _unusable(found, need.people, need.basis, options)
    if why:
        for row in found.rows:
            report.leave_out(row, why)
        return
    if need.guessed:
        report.note(found.rows[0], "guessed", need.basis, "people_in_need", "", f"{need.people:,.0f}")
    lat, lon, position = placed(found, report)
    line: Line = {
        "disaster": found.id, "glide": "; ".join(found.glides), "date": found.date, "iso3": found.iso3,
        "hazard": found.hazard, "name": found.name, "site": "", "lat": lat, "lon": lon, "affected": found.affected,
        "displaced": found.displaced, "people_in_need": need.people,
        "basis": need.basis + _dated(found) + position, "source": found.source,
    }  # fmt: skip
    _warn_of_order(line, found, report)
    lines.append(line)
    for n, row in enumerate(found.rows):
        report.take(row, "disasters", found.id, merged=n > 0)


def _dated(found: Found) -> str:
    return {"month": "; date: day unknown", "year": "; date: 1 January is a placeholder"}.get(found.precision, "")


def _unusable(found: Found, people: float, basis: str, options: Options) -> str:
    if math.isnan(people):
        return basis
    if people <= 0:
        return "0 people in need: nothing to plan for"
    if people < options.min_people:
        return f"not asked for: fewer people in need than --min-people {options.min_people:g}"
    return "" if found.iso3 or found.located else "no place: neither a known country nor coordinates"


def _merge_into(line: Line, found: Found, match: Match, options: Options, report: Report) -> bool:
    """Fill what the row lacks, settle by the stated rule what differs, and note all of it; tell whether it changed."""
    before = dict(line)
    row = found.rows[0]
    report.note(
        row, "merged", f"merged into a row of the table: {match.why}", "", found.id, match.told(line["disaster"])
    )
    for name, value in {"date": found.date, "hazard": found.hazard, "name": found.name}.items():
        _settle_text(line, name, value, found, options, report)
    _settle_glide(line, found)
    _settle_place(line, found, options, report)
    need = need_of(found, options)
    for name, figure in zip(FIGURES, (found.affected, found.displaced, need.people), strict=True):
        _settle_figure(line, name, figure, found, options, report)
    changed = _differs(before, line)
    if changed and found.source not in line["source"]:
        line["source"] = "; ".join(filter(None, (line["source"], found.source)))
    for each in found.rows:
        report.take(each, "disasters", line["disaster"], merged=True)
    return changed


def _differs(before: Line, after: Line) -> bool:
    return any(old != after[name] and not (old != old and after[name] != after[name]) for name, old in before.items())


def _settle_figure(line: Line, name: str, new: float, found: Found, options: Options, report: Report) -> None:
    old = line[name]
    if math.isnan(new) or old == new:
        return
    if math.isnan(old):
        line[name] = new
        report.note(found.rows[0], "merged", "an empty figure of the table filled in", name, "", f"{new:,.0f}")
        return
    kept = {"old": old, "new": new, "larger": max(old, new)}[options.prefer]
    line[name] = kept
    old_source = line["source"] or "the table"
    shown = f"{old:,.0f} ({old_source[:80]}) against {new:,.0f} ({found.source[:80]})"
    why = f"two sources disagree; kept by --prefer {options.prefer}"
    report.note(found.rows[0], "conflict", why, name, shown, f"{kept:,.0f}")
    _warn_of_order(line, found, report)


def _settle_text(line: Line, name: str, new: str, found: Found, options: Options, report: Report) -> None:
    old = line[name]
    if not new or old == new:
        return
    if not old:
        line[name] = new
        report.note(found.rows[0], "merged", "an empty cell of the table filled in", name, "", new)
    elif options.prefer == "new" and (name != "date" or found.precision == "day"):
        line[name] = new
        report.note(
            found.rows[0], "conflict", "two sources disagree; kept by --prefer new", name, f"{old} against {new}", new
        )
    elif name != "name":
        report.note(
            found.rows[0], "conflict", "two sources disagree; the table's is kept", name, f"{old} against {new}", old
        )


def _settle_glide(line: Line, found: Found) -> None:
    known = {glide_core(glide) for glide in glides_in(line["glide"])}
    new = [glide for glide in found.glides if glide_core(glide) not in known]
    if new:
        line["glide"] = "; ".join(filter(None, (line["glide"], *new)))


def _settle_place(line: Line, found: Found, options: Options, report: Report) -> None:
    if not found.located or line["site"]:
        return
    old = (line["lat"], line["lon"])
    shown = f"{found.lat:g}, {found.lon:g}"
    if math.isnan(old[0]) or STAND_IN in line["basis"]:
        line["lat"], line["lon"] = found.lat, found.lon
        line["basis"] = "; ".join(part for part in line["basis"].split("; ") if STAND_IN not in part)
        report.note(found.rows[0], "merged", "a place for a row of the table that had none", "lat, lon", "", shown)
    elif options.prefer == "new" and old != (found.lat, found.lon):
        line["lat"], line["lon"] = found.lat, found.lon
        found_text = f"{old[0]:g}, {old[1]:g} against {shown}"
        report.note(
            found.rows[0], "conflict", "two sources disagree; kept by --prefer new", "lat, lon", found_text, shown
        )


def _warn_of_order(line: Line, found: Found, report: Report) -> None:
    if line["displaced"] > line["affected"]:
        why = "more people displaced than affected: the figures count different things, or come from two sources"
        pair = f"displaced {line['displaced']:,.0f}, affected {line['affected']:,.0f}"
        report.note(found.rows[0], "warning", why, "displaced", pair, pair)
