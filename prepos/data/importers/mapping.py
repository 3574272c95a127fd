"""Which column of a foreign table is which of ours: guessed from names, synonyms, units and HXL tags, or given."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli_w

from prepos.data.importers.layout import plain
from prepos.data.raw import read_text
from prepos.data.suggest import closest, nearest
from prepos.data.tables import TABLES, Column, Table
from prepos.errors import DataError, Problem, UsageError

LIKE = 0.82  # likeness from which a header is taken for a column

SYNONYMS: dict[str, tuple[str, ...]] = {
    "hub": ("warehouse", "warehouse name", "depot", "hub name", "warehouse id", "store"),
    "name": ("title", "description", "event name", "disaster name", "full name"),
    "iso3": ("country", "country code", "iso", "iso code", "iso 3", "country name", "countryname"),
    "lat": ("latitude", "y", "gps lat", "latitude dd"),
    "lon": ("longitude", "long", "lng", "x", "gps lon", "longitude dd"),
    "capacity_m3": ("capacity", "storage capacity", "volume capacity", "usable volume"),
    "item": ("item name", "product", "article", "sku", "material", "commodity", "relief item", "item id", "item code"),
    "unit": ("uom", "unit of measure", "unit type"),
    "unit_kg": ("weight", "gross weight", "unit weight", "weight per unit", "kg"),
    "unit_m3": ("volume", "unit volume", "cbm", "volume per unit", "cubic metres", "cubic meters", "m3"),
    "price_usd": ("price", "unit price", "unit cost", "cost", "value per unit"),
    "units_per_household": ("per household", "quantity per household", "units per hh", "per family"),
    "people_per_unit": ("persons per item", "people per item", "persons per unit", "beneficiaries per unit"),
    "shelf_life_months": ("shelf life",),
    "lead_time_days": ("lead time", "delivery time"),
    "quantity": ("qty", "stock", "balance", "on hand", "quantity on hand", "total", "units", "amount", "stock level"),
    "owner": ("organisation", "organization", "agency", "partner", "donor"),
    "batch": ("lot", "lot number", "batch no", "batch number"),
    "expiry": ("expiry date", "expiration date", "exp date", "best before"),
    "disaster": ("disaster id", "event id", "event", "disno", "id"),
    "glide": ("glide number", "glidenumber", "glide no", "external ids"),
    "date": ("start date", "date of event", "began", "onset", "event date", "fromdate", "reporting date"),
    "hazard": ("hazard type", "disaster type", "event type", "type of disaster", "type"),
    "affected": ("people affected", "total affected", "affected people", "no affected", "affected population"),
    "displaced": ("people displaced", "idps", "displacement", "total displaced", "internally displaced"),
    "people_in_need": ("in need", "pin", "people in need pin", "need", "population in need"),
    "site": ("location", "settlement", "place", "district", "village", "camp"),
    "probability": ("weight", "likelihood"),
    "supplier": ("vendor", "supplier name"),
    "limit": ("maximum", "max quantity"),
    "hours": ("travel time", "transit time", "duration"),
    "outcome": ("scenario", "outcome id"),
    "share": ("availability",),
}

# HXL tag -> column; the first whose parts are all in the tag of the file wins.
TAGS: tuple[tuple[str, str], ...] = (
    ("loc+warehouse", "hub"), ("item+stock", "quantity"), ("value+stock", "quantity"), ("item+num", "quantity"),
    ("item+unit", "unit"), ("item+code", "item"), ("item", "item"), ("item+name", "item"), ("org", "owner"),
    ("capacity+volume", "capacity_m3"), ("geo+lat", "lat"), ("geo+lon", "lon"), ("country+code", "iso3"),
    ("country", "iso3"), ("affected+displaced", "displaced"), ("affected+idps", "displaced"), ("affected", "affected"),
    ("inneed", "people_in_need"), ("date", "date"), ("event+name", "name"), ("event+type", "hazard"),
    ("event+code", "glide"), ("event+id", "disaster"), ("loc", "site"), ("adm2", "site"), ("adm1", "site"),
)  # fmt: skip

# Unit of our column -> words in a foreign header -> what one of theirs is of ours.
UNITS: dict[str, dict[str, float]] = {
    "kg": {"mt": 1000, "t": 1000, "ton": 1000, "tons": 1000, "tonne": 1000, "tonnes": 1000, "g": 0.001, "gram": 0.001,
           "grams": 0.001, "lb": 0.45359237, "lbs": 0.45359237, "pounds": 0.45359237},
    "m3": {"l": 0.001, "litre": 0.001, "litres": 0.001, "liter": 0.001, "liters": 0.001, "dm3": 0.001, "cm3": 1e-6,
           "ft3": 0.028316847, "cft": 0.028316847, "cuft": 0.028316847},
    "hours": {"days": 24, "day": 24, "minutes": 1 / 60, "min": 1 / 60},
    "days": {"weeks": 7, "week": 7, "months": 365 / 12, "hours": 1 / 24},
    "months": {"years": 12, "year": 12, "days": 12 / 365, "weeks": 84 / 365},
    "km": {"miles": 1.609344, "mile": 1.609344, "m": 0.001, "metres": 0.001},
}  # fmt: skip
MONEY = frozenset({"eur", "euro", "euros", "chf", "gbp", "aud", "jpy", "kes", "inr", "xof", "xaf"})
LOOSE = frozenset(
    {"total", "units", "amount", "type", "id", "need", "name", "event", "title", "x", "y", "weight", "cost"}
)
HOUSEHOLDS = frozenset({"household", "households", "hh", "hhs", "families", "family"})


@dataclass(frozen=True)
class Place:
    """Where the cells of one of our columns come from: a header, and what one of its units is of ours."""

    header: str
    times: float = 1.0
    why: str = ""


@dataclass(frozen=True)
class Mapping:
    """A table of ours, and where its columns come from.

    Parameters
    ----------
    table
        One of `prepos.data.tables`.
    columns
        Our column -> place in the file.
    constants
        Our column -> text that every row gets.
    """

    table: Table
    columns: MappingType[str, Place]
    constants: MappingType[str, str] = field(default_factory=dict)


def table_named(name: str) -> Table:
    """Return one of our tables; refuse an unknown name with the known ones."""
    if name not in TABLES:
        raise UsageError(f"--table {name}: is not one of {', '.join(TABLES)}{nearest(name, TABLES)}")
    return TABLES[name]


def guess(table: Table, headers: Sequence[str], tags: MappingType[int, str], household_size: float) -> Mapping:
    """Guess which header stands for which column of a table; each column and each header is used once."""
    found: dict[str, Place] = {}
    free = {n: header for n, header in enumerate(headers) if header}
    for test in (_by_name, _by_tag, _by_synonym, _by_likeness):
        for column in table.columns:
            if column.name in found:
                continue
            hit = test(column, free, tags)
            if hit is not None:
                times, unit = factor(column, free[hit[0]], household_size)
                found[column.name] = Place(free.pop(hit[0]), times, hit[1] + (f"; {unit}" if unit else ""))
    return Mapping(table, found)


Hit = tuple[int, str] | None


def _by_name(column: Column, free: dict[int, str], tags: MappingType[int, str]) -> Hit:
    del tags
    return next(((n, "the same name") for n, header in free.items() if plain(header) == plain(column.name)), None)


def _by_tag(column: Column, free: dict[int, str], tags: MappingType[int, str]) -> Hit:
    hits = [n for n in free if n in tags and tagged(tags[n]) == column.name]
    if not hits:
        return None
    n = min(hits, key=lambda hit: "+code" not in tags[hit])  # a code says more than a name
    return n, f"HXL tag {tags[n]}"


def _by_synonym(column: Column, free: dict[int, str], tags: MappingType[int, str]) -> Hit:
    known = [plain(word) for word in SYNONYMS.get(column.name, ())]
    bare = {
        n: plain(re.sub(r"[(\[].*?[)\]]", "", header)) for n, header in free.items() if n not in tags or not tags[n]
    }
    for word in [plain(column.name), *known]:
        hit = next((n for n, header in bare.items() if header == word), None)
        if hit is not None:
            return hit, "a usual name"
    for word in (word for word in (column.name, *SYNONYMS.get(column.name, ())) if word not in LOOSE):
        hit = next((n for n in bare if words(free[n])[: len(words(word))] == words(word)), None)
        if hit is not None:
            return hit, "begins like a usual name"
    return None


def _by_likeness(column: Column, free: dict[int, str], tags: MappingType[int, str]) -> Hit:
    by_name = {header: n for n, header in free.items() if n not in tags and len(plain(header)) > 3}
    for word in (column.name, *SYNONYMS.get(column.name, ())):
        match = closest(word, by_name, cutoff=LIKE) if len(plain(word)) > 3 else None
        if match is not None and abs(len(plain(match)) - len(plain(word))) <= 3:
            return by_name[match], f"nearly '{word}'"
    return None


def tagged(tag: str) -> str:
    """Return the column that an HXL tag stands for, ``""`` where it stands for none."""
    parts = set(re.split(r"\s*\+\s*", tag.casefold().lstrip("# ")))
    best = max((pair for pair in TAGS if set(pair[0].split("+")) <= parts), key=lambda pair: len(pair[0]), default=None)
    return best[1] if best else ""


def factor(column: Column, header: str, household_size: float) -> tuple[float, str]:
    """Return what one unit of a header is of our column's unit, and why, from the words of the header."""
    found = words(header)
    if column.unit == "people" and HOUSEHOLDS & set(found):
        return household_size, f"households x {household_size:g} people"
    if "USD" in column.unit and MONEY & set(found):
        return 1.0, f"money not in USD ({', '.join(sorted(MONEY & set(found)))}): not converted, give 'times'"
    known = UNITS.get(column.unit, {})
    hit = next((word for word in reversed(found) if word in known), None)
    return (known[hit], f"{hit} x {known[hit]:g} = {column.unit}") if hit else (1.0, "")


def words(header: str) -> list[str]:
    """Return the words of a header; ``WeightMetricTon`` has three, and m3 is one."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold().replace("\u00b3", "3")
    return re.findall(r"[a-z]+[23]?", apart)


def dump(mapping: Mapping) -> str:
    """Return a mapping as TOML, to be corrected and used again with --mapping."""
    columns: dict[str, Any] = {}
    for name, place in mapping.columns.items():
        columns[name] = place.header if place.times == 1 else {"column": place.header, "times": place.times}
    head = "# Which column of the file is which of ours. Correct it and use it again: --mapping THIS-FILE\n"
    return head + tomli_w.dumps({"table": mapping.table.name, "columns": columns, "constants": dict(mapping.constants)})


def load(path: Path) -> Mapping:
    """Read a mapping file; raise DataError with every problem in it."""
    text, problems = read_text(path)
    if text is None:
        raise DataError(path.name, problems)
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(path.name, [Problem(path.name, f"cannot be read as TOML: {error}")]) from None
    table = table_named(str(content.get("table", "disasters")))
    columns: dict[str, Place] = {}
    wrong: list[Problem] = []
    for name, value in _section(content, "columns", path.name).items():
        place = _place(value)
        if name not in table.column_names:
            hint = nearest(name, table.column_names)
            wrong.append(Problem(path.name, f"is not a column of {table.file}{hint}", column=f"columns.{name}"))
        elif place is None:
            message = 'write name = "Header", or name = { column = "Header", times = 0.001 }'
            wrong.append(Problem(path.name, message, column=f"columns.{name}"))
        else:
            columns[name] = place
    constants = {str(k): str(v) for k, v in _section(content, "constants", path.name).items()}
    wrong += [
        Problem(
            path.name, f"is not a column of {table.file}{nearest(name, table.column_names)}", column=f"constants.{name}"
        )
        for name in constants
        if name not in table.column_names
    ]
    if wrong:
        raise DataError(path.name, wrong)
    return Mapping(table, columns, constants)


def _section(content: dict[str, Any], name: str, file: str) -> dict[str, Any]:
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise DataError(file, [Problem(file, f"is not a section; write [{name}]", column=name)])
    return found


def _place(value: Any) -> Place | None:
    if isinstance(value, str):
        return Place(value, why="as mapped")
    if isinstance(value, dict) and isinstance(value.get("column"), str):
        times = value.get("times", 1.0)
        if isinstance(times, int | float) and not isinstance(times, bool) and 0 < times < 1e12:
            return Place(value["column"], float(times), "as mapped")
    return None
