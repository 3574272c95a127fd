"""The figures that come with prepos: airports, seaports, sea routes, borders, modes, countries ...

Each table lies in ``prepos/network/reference/`` with a basis and a source per row; it is read once per process.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import pandas as pd

from prepos.data.scenario import empty_table
from prepos.data.tables import AIRCRAFT, MODES
from prepos.network.distance import great_circle_km

GatewayKind = Literal["airport", "port"]

_NUMBERS = {
    *("lat", "lon", "km", "runway_m", "road_speed_kmh", "road_detour"),
    *("port_road_km", "customs_hours_air", "customs_hours_sea"),
}
_MODE_DEFAULTS = {
    "fixed_hours": 0.0,
    "fixed_usd_per_t": 0.0,
    "kgco2e_per_tkm": 0.0,
    "kg_per_m3": 0.0,
    "detour": 1.0,
    "border_hours": 0.0,
    "max_km": math.inf,
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """An airport or a seaport: where goods change to or from the road.

    Attributes
    ----------
    runway_m
        Length of the longest runway, NaN where unknown.
    island
        Landmass that it lies on, where that is not its country's.
    """

    kind: GatewayKind
    code: str
    name: str
    iso3: str
    lat: float
    lon: float
    runway_m: float = math.nan
    island: str = ""


@dataclass(frozen=True, slots=True)
class SeaWay:
    """One route between two ports: its km, the passages that it depends on, and the capes that it rounds."""

    km: float
    passages: tuple[str, ...] = ()
    capes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BorderPoint:
    """A place on the land border of two countries; `road` says whether goods can cross there at all."""

    iso3: str
    other: str
    lat: float
    lon: float
    road: bool


@dataclass(frozen=True, slots=True)
class Roads:
    """What is known of the roads of a country; NaN where they are as everywhere."""

    speed_kmh: float
    detour: float


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """Where relief goods enter a country, and how long they wait there; NaN where unknown."""

    airport: str
    port: str
    port_road_km: float
    customs_hours_air: float
    customs_hours_sea: float


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """One row of modes.csv with its defaults filled in; see `prepos.data.tables.MODES` for units and meanings."""

    mode: str
    speed_kmh: float
    fixed_hours: float
    usd_per_tkm: float
    fixed_usd_per_t: float
    kgco2e_per_tkm: float
    kg_per_m3: float
    detour: float
    border_hours: float
    max_km: float


@dataclass(frozen=True)
class Reference:
    """What is known of the world beside the scenario.

    Attributes
    ----------
    airports, ports
        Code -> gateway; an airport is found by its IATA and by its ICAO code.
    entry_points
        ISO3 -> entry point of the country.
    sea_ways
        (code, code) in alphabetical order -> routes between two ports, shortest first: each later one is the shortest
        when some passages are closed.
    modes
        Mode -> its figures.
    landmass
        ISO3 -> name of the connected landmass, the reach of road lanes.
    roads
        ISO3 -> speed and detour of its roads.
    borders
        Points on every land border.
    aircraft
        Types of aircraft, with the columns of aircraft.csv.
    """

    airports: Mapping[str, Gateway] = field(default_factory=dict)
    ports: Mapping[str, Gateway] = field(default_factory=dict)
    entry_points: Mapping[str, EntryPoint] = field(default_factory=dict)
    sea_ways: Mapping[tuple[str, str], tuple[SeaWay, ...]] = field(default_factory=dict)
    modes: Mapping[str, ModeFigures] = field(default_factory=dict)
    landmass: Mapping[str, str] = field(default_factory=dict)
    roads: Mapping[str, Roads] = field(default_factory=dict)
    borders: tuple[BorderPoint, ...] = ()
    aircraft: pd.DataFrame = field(default_factory=partial(empty_table, "aircraft"))

    def has_islands(self, iso3: str) -> bool:
        """Return whether the country has its landmass for itself, so that its roads may go on by ferry."""
        landmass = self.landmass.get(iso3)
        return landmass is not None and list(self.landmass.values()).count(landmass) == 1

    def gateways(self, kind: GatewayKind) -> Mapping[str, Gateway]:
        """Return airports or seaports by code."""
        return self.airports if kind == "airport" else self.ports

    def ways(self, port: str, other: str) -> tuple[SeaWay, ...]:
        """Return the precomputed sea routes in either direction, shortest first; none where the pair is not known."""
        return self.sea_ways.get(_pair(port, other), ())


@functools.cache
def load_reference() -> Reference:
    """Return the bundled tables, read once."""
    airports = table("airports").rename(columns={"airport": "code"})
    ports = table("seaports").rename(columns={"port": "code"})
    countries = _records(table("countries"))
    return Reference(
        airports=_by_code("airport", airports),
        ports=_by_code("port", ports),
        entry_points={
            row["iso3"]: EntryPoint(
                row["airport"], row["port"], row["port_road_km"], row["customs_hours_air"], row["customs_hours_sea"]
            )
            for row in _records(table("entry_points"))
        },
        sea_ways=_sea_ways(table("sea_distances")),
        modes=read_modes(table("modes")),
        landmass={row["iso3"]: row["landmass"] for row in countries},
        roads={row["iso3"]: Roads(row["road_speed_kmh"], row["road_detour"]) for row in countries},
        borders=tuple(
            BorderPoint(row["iso3"], row["iso3_other"], row["lat"], row["lon"], row["road"] == "yes")
            for row in _records(table("land_borders"))
        ),
        aircraft=table("aircraft"),
    )


def table(name: str) -> pd.DataFrame:
    """Return one bundled table as it stands in its file; texts as str (empty: ""), numbers as float."""
    with files("prepos.network").joinpath("reference", f"{name}.csv").open("rb") as file:
        frame = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    numbers = _NUMBERS | {column.name for column in (*MODES.columns, *AIRCRAFT.columns) if column.kind == "number"}
    for column in numbers & set(frame.columns):
        frame[column] = pd.to_numeric(frame[column].replace("", None)).astype("float64")
    return frame


def read_modes(frame: pd.DataFrame) -> dict[str, ModeFigures]:
    """Return mode -> figures from a table with the columns of modes.csv; an empty cell takes its declared default."""
    names = [column.name for column in MODES.columns if column.kind == "number"]
    figures = {}
    for row in _records(frame):
        values = {name: _filled(row.get(name, math.nan), _MODE_DEFAULTS.get(name, math.nan)) for name in names}
        figures[str(row["mode"])] = ModeFigures(mode=str(row["mode"]), **values)
    return figures


def nearest(gateways: Iterable[Gateway], lat: float, lon: float) -> Gateway | None:
    """Return the gateway closest to a point by great circle; None if there is no gateway or no point."""
    candidates = list(gateways)
    if not candidates or math.isnan(lat) or math.isnan(lon):
        return None
    km = great_circle_km(lat, lon, [g.lat for g in candidates], [g.lon for g in candidates])
    return candidates[int(np.argmin(km))]


def _by_code(kind: GatewayKind, frame: pd.DataFrame) -> dict[str, Gateway]:
    found: dict[str, Gateway] = {}
    for row in _records(frame):
        place = (row["iso3"], row["lat"], row["lon"])
        gateway = Gateway(kind, row["code"], row["name"], *place, row.get("runway_m", math.nan), row.get("island", ""))
        found[gateway.code] = gateway
        if row.get("icao"):
            found.setdefault(row["icao"], gateway)
    return found


def _sea_ways(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[SeaWay, ...]]:
    columns = ("from_port", "to_port", "km", "passages", "capes")
    found: dict[tuple[str, str], list[SeaWay]] = {}
    for port, other, km, passages, capes in zip(*(frame[c].tolist() for c in columns), strict=True):
        found.setdefault(_pair(port, other), []).append(SeaWay(km, _parts(passages), _parts(capes)))
    return {pair: tuple(sorted(ways, key=lambda way: way.km)) for pair, ways in found.items()}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _pair(port: str, other: str) -> tuple[str, str]:
    return (port, other) if port <= other else (other, port)


def _filled(value: float, default: float) -> float:
    return default if math.isnan(value) else float(value)
