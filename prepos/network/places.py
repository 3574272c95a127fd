"""Hubs, suppliers and sites as places in the network: where they lie and through which gateways goods pass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd

from prepos.data.outcomes import sites as all_sites
from prepos.data.scenario import Scenario
from prepos.network.distance import great_circle_km
from prepos.network.reference import Gateway, GatewayKind, Reference, nearest

PlaceKind = Literal["hub", "supplier", "site"]

# Customs and release where neither the scenario nor the reference knows the country: 2 days for air, 8 days for sea
# (facts of transport: customs_clearance of AIR, port_clearance of SEA; estimates).
DEFAULT_CUSTOMS_HOURS = {"air": 48.0, "sea": 192.0}
# A country's own ratio of road to great circle is used only where the measured stretch is at least this long.
MIN_KM_FOR_COUNTRY_DETOUR = 100.0


@dataclass(frozen=True, slots=True)
class Place:
    """A hub, supplier or site, with everything that the legs from and to it need.

    Attributes
    ----------
    table
        File that the place was read from.
    iso3
        Country; where the table gives none, that of the nearest airport of the reference.
    landmass
        Connected landmass; "" where unknown.
    islands
        Whether its country lies on islands of its own, so that a road inside it may go on by ferry.
    airport, port
        Gateways, None where there is none.
    airport_km, port_km
        Road distances to the gateways as given in the table, NaN where not given.
    port_detour
        The country's own km of road for one km of great circle from its port, NaN where unknown.
    customs_hours
        "air" and "sea" -> customs and release on arrival from another country.
    customs_note
        How the customs hours are known where they are neither the scenario's nor the country's own.
    serves
        Countries that the place may ship to; empty: every country.
    handling_usd_m3
        Handling out of the place.
    """

    kind: PlaceKind
    id: str
    table: str
    lat: float
    lon: float
    iso3: str
    landmass: str
    islands: bool
    airport: Gateway | None
    port: Gateway | None
    airport_km: float
    port_km: float
    port_detour: float
    customs_hours: Mapping[str, float]
    customs_note: str
    serves: frozenset[str]
    handling_usd_m3: float

    @property
    def node(self) -> tuple[str, str]:
        """Key of the place in the graph, such as ``("hub", "NBO")``."""
        return (self.kind, self.id)

    @property
    def located(self) -> bool:
        """Whether the place has coordinates."""
        return not (math.isnan(self.lat) or math.isnan(self.lon))

    def gateway(self, kind: GatewayKind) -> Gateway | None:
        """Return the airport or the seaport of the place."""
        return self.airport if kind == "airport" else self.port

    def through(self, gateway: Gateway) -> Place:
        """Return the place with another airport or seaport, of which no road distance is given."""
        if gateway.kind == "airport":
            return replace(self, airport=gateway, airport_km=math.nan)
        return replace(self, port=gateway, port_km=math.nan, port_detour=math.nan)

    def may_serve(self, other: Place) -> bool:
        """Whether the place may ship to the other place."""
        return not self.serves or other.iso3 in self.serves


def hub_places(scenario: Scenario, reference: Reference) -> list[Place]:
    """Return the hubs in the order of hubs.csv."""
    return [resolve("hub", row, reference) for row in records(scenario.hubs)]


def supplier_places(scenario: Scenario, reference: Reference) -> list[Place]:
    """Return each supplier once, where it has coordinates; a supplier without them takes given lanes only."""
    placed = scenario.suppliers.dropna(subset=["lat", "lon"]).drop_duplicates("supplier")
    return [resolve("supplier", row, reference) for row in records(placed)]


def site_places(scenario: Scenario, reference: Reference) -> list[Place]:
    """Return every site of the scenario, those of disasters without a site of their own included."""
    return [resolve("site", row, reference) for row in records(all_sites(scenario))]


def resolve(kind: PlaceKind, row: Mapping[str, Any], reference: Reference) -> Place:
    """Return the place of one row of hubs.csv, suppliers.csv or sites.csv.

    A gateway is the row's own code, else the country's gateway, else the nearest one in the country, else the nearest
    on the landmass. A code that the reference does not know is, in a country without a gateway, taken to lie at the
    place. A place without coordinates is taken to lie at its airport, else at its port.
    """
    lat, lon = number(row, "lat"), number(row, "lon")
    iso3 = text(row, "iso3") or _country_at(lat, lon, text(row, "airport"), reference)
    landmass = _island(row, reference) or reference.landmass.get(iso3, "")
    airport = _gateway("airport", row, lat, lon, iso3, landmass, reference)
    port = _gateway("port", row, lat, lon, iso3, landmass, reference)
    if math.isnan(lat) or math.isnan(lon):
        lat, lon = next(((g.lat, g.lon) for g in (airport, port) if g is not None), (math.nan, math.nan))
    customs, customs_note = _customs(row, iso3, airport, port, reference)
    return Place(
        kind=kind,
        id=text(row, kind),
        table=f"{kind}s.csv",
        lat=lat,
        lon=lon,
        iso3=iso3,
        landmass=landmass,
        islands=reference.has_islands(iso3),
        airport=airport,
        port=port,
        airport_km=number(row, "airport_km"),
        port_km=number(row, "road_km" if kind == "site" else "port_km"),
        port_detour=_port_detour(iso3, port, reference),
        customs_hours=customs,
        customs_note=customs_note,
        serves=frozenset(part.strip() for part in text(row, "serves").split(";") if part.strip()),
        handling_usd_m3=0.0 if math.isnan(handling := number(row, "handling_usd_m3")) else handling,
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def text(row: Mapping[str, Any], column: str) -> str:
    """Return a text of a row, "" where the column is missing or the cell empty."""
    value = row.get(column, "")
    return value if isinstance(value, str) else ""


def number(row: Mapping[str, Any], column: str) -> float:
    """Return a number of a row, NaN where the column is missing or the cell empty."""
    value = row.get(column, math.nan)
    return math.nan if value is None or isinstance(value, str) else float(value)


def _country_at(lat: float, lon: float, airport: str, reference: Reference) -> str:
    known = reference.airports.get(airport) or nearest(reference.airports.values(), lat, lon)
    return known.iso3 if known else ""


def _island(row: Mapping[str, Any], reference: Reference) -> str:
    """Island of the airport that a row names, where that is not on its country's landmass."""
    known = reference.airports.get(text(row, "airport"))
    return known.island if known else ""


def _gateway(
    kind: GatewayKind, row: Mapping[str, Any], lat: float, lon: float, iso3: str, landmass: str, reference: Reference
) -> Gateway | None:
    known = reference.gateways(kind)
    code = text(row, kind)
    if code in known:
        return known[code]
    entry = reference.entry_points.get(iso3)
    country_code = "" if entry is None else entry.airport if kind == "airport" else entry.port
    if country_code in known:
        return known[country_code]
    if code and not math.isnan(lat) and not math.isnan(lon):
        return Gateway(kind, f"{code} at {next(iter(row.values()))}", code, iso3, lat, lon)
    same_country = [g for g in known.values() if iso3 and g.iso3 == iso3]
    same_landmass = [g for g in known.values() if landmass and reference.landmass.get(g.iso3) == landmass]
    return nearest(same_country or same_landmass, lat, lon)


def _customs(
    row: Mapping[str, Any], iso3: str, airport: Gateway | None, port: Gateway | None, reference: Reference
) -> tuple[dict[str, float], str]:
    """Return customs hours by air and sea: the row's own, the country's, the gateway's country's, or the default."""
    hours: dict[str, float] = {}
    notes = []
    for mode, gateway in (("air", airport), ("sea", port)):
        column = f"customs_hours_{mode}"
        known = {"": number(row, column)}
        for country in (iso3, gateway.iso3 if gateway else ""):
            if country in reference.entry_points:
                guessed = country != text(row, "iso3")
                known[f"customs as in {country}" if guessed else " "] = getattr(reference.entry_points[country], column)
        note, value = next(
            ((n, v) for n, v in known.items() if not math.isnan(v)), ("customs by default", DEFAULT_CUSTOMS_HOURS[mode])
        )
        hours[mode] = value
        notes.append(note.strip())
    return hours, next((note for note in notes if note), "")


def _port_detour(iso3: str, port: Gateway | None, reference: Reference) -> float:
    """Km of road for one km of great circle between the country's port and its airport of entry, at least 1."""
    entry = reference.entry_points.get(iso3)
    airport = reference.airports.get(entry.airport) if entry else None
    if entry is None or airport is None or port is None or port.code != entry.port or math.isnan(entry.port_road_km):
        return math.nan
    km = float(great_circle_km(port.lat, port.lon, airport.lat, airport.lon))
    return max(1.0, entry.port_road_km / km) if km >= MIN_KM_FOR_COUNTRY_DETOUR else math.nan
