"""Any table: columns mapped by name, HXL tag or a saved mapping, rows into whichever of our tables was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from prepos.data.importers import mapping as maps
from prepos.data.importers.disasters import Found, combine, glides_in
from prepos.data.importers.files import Content, fault, read_content
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind, dated, ident, take_disasters
from prepos.data.importers.layout import Extract, Header, Layout, extract, extract_records, header_names, headers
from prepos.data.importers.mapping import Mapping
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.importers.row import Row, orders_of
from prepos.data.importers.upsert import upsert
from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import DataError, Problem


def read(path: Path, base: Scenario, options: Options, report: Report) -> Scenario:
    """Return the scenario with the rows of any table; the mapping used is kept beside the report."""
    content = read_content(path)
    report.remarks += content.remarks
    mapping, taken = _mapped(content, options, report)
    report.files["mapping.toml"] = maps.dump(mapping)
    for name, place in mapping.columns.items():
        report.remark(f"column '{place.header}' is read as {name}: {place.why}")
    if taken.others:
        report.remark(f"columns not read: {', '.join(taken.others)}")
    dates = [column.name for column in mapping.table.columns if column.kind == "date"]
    orders = orders_of(taken, dates)
    rows = [Row(record, taken, report, orders, options) for record in taken.records]
    if mapping.table.name == "disasters":
        return _disasters(rows, mapping, path, base, options, report)
    return upsert(rows, mapping, base, options, report)


def _mapped(content: Content, options: Options, report: Report) -> tuple[Mapping, Extract]:
    """Return the mapping and the rows that it applies to: of the sheet and header that it fits best."""
    given = maps.load(options.mapping) if options.mapping is not None else None
    table = given.table if given is not None else maps.table_named(options.table)
    best: tuple[int, Mapping, int, Header] | None = None
    if content.records is not None:
        names = header_names(content)
        mapping = given or maps.guess(table, names, {}, options.household_size)
        _require(mapping, names, content.name)
        layout, at = _layout(mapping, names)
        return mapping, extract_records(content, layout, at, names, report)
    for n, sheet in enumerate(content.sheets):
        for header in headers(sheet):
            mapping = given or maps.guess(table, header.names, header.tags, options.household_size)
            score = sum(place.header in header.names for place in mapping.columns.values())
            if best is None or score > best[0]:
                best = (score, mapping, n, header)
    if best is None:
        raise fault(content.name, "has no header: no row with two names among its first rows")
    _, mapping, n, header = best
    _require(mapping, header.names, content.name)
    layout, at = _layout(mapping, header.names)
    return mapping, extract(content.sheets[n], header, layout, at, report)


def _layout(mapping: Mapping, names: Sequence[str]) -> tuple[Layout, dict[str, int]]:
    at = {name: names.index(place.header) for name, place in mapping.columns.items()}
    columns = {name: (place.header,) for name, place in mapping.columns.items()}
    return Layout(f"any table, as {mapping.table.file}", columns, ()), at


def _require(mapping: Mapping, names: Sequence[str], file: str) -> None:
    """Refuse a table in which mapped headers or columns that every row needs are missing."""
    problems = [
        Problem(
            file, f"has no column '{place.header}'{nearest(place.header, names)}, which the mapping reads as {name}"
        )
        for name, place in mapping.columns.items()
        if place.header not in names
    ]
    made = {"disaster", "people_in_need"} if mapping.table.name == "disasters" else set()
    known = set(mapping.columns) | set(mapping.constants) | made
    missing = [column for column in mapping.table.columns if column.required and column.name not in known]
    if missing and not problems:
        wanted = ", ".join(f"{column.name} ({column.meaning})" for column in missing)
        message = f"no column was found for {wanted}; the file has {', '.join(names[:20])}"
        way_out = f'write a mapping file (table = "{mapping.table.name}", [columns] {missing[0].name} = "header") '
        problems = [Problem(file, f"{message}; {way_out}and give it with --mapping, or choose another --table")]
    if not mapping.columns and not problems:
        problems = [Problem(file, f"no column of {mapping.table.file} was found among {', '.join(names[:20])}")]
    if problems:
        raise DataError(file, problems)


def _disasters(
    rows: Sequence[Row], mapping: Mapping, path: Path, base: Scenario, options: Options, report: Report
) -> Scenario:
    found = combine([_disaster(row, mapping, path) for row in rows], "largest", report)
    return take_disasters(found, base, options, report)


def _disaster(row: Row, mapping: Mapping, path: Path) -> Found:
    iso3 = row.country("iso3") or mapping.constants.get("iso3", "")
    date, precision = dated(row, row.day("date"))
    lat, lon = row.place("lat", "lon", iso3)
    hazard = hazard_of(row.text("hazard") or mapping.constants.get("hazard", ""))
    if row.text("hazard") and hazard != row.text("hazard"):
        row.note("changed" if hazard else "warning", "hazard to its GLIDE code", "hazard", row.text("hazard"), hazard)
    glides = glides_in(row.text("glide"))
    name = row.text("disaster") or (glides[0] if glides else ident("FILE", path.stem, str(row.id[1])))
    people = {word: _times(row, word, mapping) for word in ("affected", "displaced", "people_in_need")}
    return Found(
        (row.id,),
        ident("", name).lstrip("-") or ident("FILE", path.stem, str(row.id[1])),
        row.text("source") or mapping.constants.get("source", "") or f"{path.name} row {row.id[1]}",
        iso3=iso3,
        hazard=hazard,
        name=row.text("name"),
        date=date,
        precision=precision,
        glides=glides,
        lat=lat,
        lon=lon,
        affected=people["affected"],
        displaced=people["displaced"],
        stated_need=people["people_in_need"],
    )


def _times(row: Row, word: str, mapping: Mapping) -> float:
    """Return a count of people; one of households is multiplied, and said so."""
    people = row.people(word)
    times = mapping.columns[word].times if word in mapping.columns else 1.0
    if times != 1 and not math.isnan(people):
        row.note("guessed", mapping.columns[word].why, word, people, people * times)
    return people * times


GENERIC = Kind("generic", "any table (CSV, XLSX, JSON; HXL tags understood)", read)
