"""The network: a multigraph whose nodes are places and gateways and whose edges are legs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import networkx as nx
import numpy as np

from prepos.data.scenario import Scenario
from prepos.network.distance import describe, great_circle_km, matrix_km
from prepos.network.places import Place, hub_places, site_places, supplier_places
from prepos.network.reference import Gateway, GatewayKind, ModeFigures, Reference, load_reference, read_modes

Node: TypeAlias = tuple[str, str]
Graph: TypeAlias = "nx.MultiDiGraph[Node]"

SHORT_KM = 50.0  # a road leg to or from a gateway that is shorter pays and waits nothing beyond its km
KM_PER_CROSSING = 700.0  # great circle per land border, or per ferry inside a country of islands; own estimate
SEA_ROUTE = "sea route (searoute 1.6, precomputed)"
GATEWAYS: tuple[tuple[GatewayKind, str], ...] = (("airport", "air"), ("port", "sea"))


@dataclass(frozen=True, slots=True)
class Leg:
    """One edge of the network: a move by one mode.

    Attributes
    ----------
    origin, destination
        Nodes, such as ``("hub", "NBO")`` and ``("airport", "ADE")``.
    km, km_basis
        Travelled distance and how it is known.
    moving_hours, fixed_hours, customs_hours, border_hours
        The parts of `hours`.
    usd_per_t
        Freight of one chargeable tonne: km x usd_per_tkm + fixed_usd_per_t.
    kgco2e_per_t
        Emissions of one tonne, actual weight.
    main
        False for a short access leg: no fixed hours, no fixed freight, not named in the mode of the lane.
    border_note, customs_note
        How borders and customs hours are known, where that is worth saying.
    """

    origin: Node
    destination: Node
    mode: str
    km: float
    km_basis: str
    moving_hours: float
    fixed_hours: float
    customs_hours: float
    border_hours: float
    usd_per_t: float
    kgco2e_per_t: float
    main: bool
    border_note: str = ""
    customs_note: str = ""

    @property
    def hours(self) -> float:
        """Hours of the leg, all parts together."""
        return self.moving_hours + self.fixed_hours + self.customs_hours + self.border_hours

    @property
    def basis(self) -> str:
        """How the figures of the leg are known."""
        parts = (self.km_basis, self.border_note, self.customs_note)
        return f"{self.mode}: " + ", ".join(part for part in parts if part)

    def without_customs(self) -> Leg:
        """Return the leg for goods that do not come from another country."""
        return replace(self, customs_hours=0.0, customs_note="")


def mode_figures(scenario: Scenario, reference: Reference) -> dict[str, ModeFigures]:
    """Return the figures of every mode: modes.csv of the scenario, and road of the reference where that has none.

    With modes.csv, a mode that is not in it does not exist (see `scenario_modes`); the road figures stay needed for the
    legs between places and gateways.
    """
    given = read_modes(scenario.modes)
    road = {"road": reference.modes["road"]} if "road" in reference.modes else {}
    return {**road, **given} if given else dict(reference.modes)


def scenario_modes(scenario: Scenario, reference: Reference) -> frozenset[str]:
    """Return the modes that lanes of the scenario may name."""
    return frozenset(scenario.modes["mode"]) or frozenset(reference.modes)


def routes(scenario: Scenario, reference: Reference | None = None) -> Graph:
    """Return the network from hubs and suppliers to sites.

    Nodes carry ``place`` (a `Place`) or ``gateway`` (a `Gateway`); edges are keyed by mode and carry ``leg`` (a `Leg`),
    ``km`` and ``hours``.

    Parameters
    ----------
    reference
        Tables beside the scenario; None: those that come with prepos.
    """
    reference = reference or load_reference()
    origins = hub_places(scenario, reference) + supplier_places(scenario, reference)
    return build(origins, site_places(scenario, reference), mode_figures(scenario, reference), reference)


def hub_routes(scenario: Scenario, reference: Reference | None = None) -> Graph:
    """Return the network between hubs: the same legs, each hub being a place of departure and of arrival."""
    reference = reference or load_reference()
    hubs = hub_places(scenario, reference)
    return build(hubs, hubs, mode_figures(scenario, reference), reference)


def build(
    origins: Sequence[Place], destinations: Sequence[Place], figures: dict[str, ModeFigures], reference: Reference
) -> Graph:
    """Return the multigraph of all legs from the origins, over gateways, to the destinations."""
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from((place.node, {"place": place}) for place in (*origins, *destinations))
    for kind, mode in GATEWAYS:
        if mode in figures:
            for place in (*origins, *destinations):
                if (gateway := _gateway(place, kind)) is not None:
                    graph.add_node((kind, gateway.code), gateway=gateway)
            _add(graph, _access_legs(origins, kind, figures))
            _add(graph, _gateway_legs(origins, destinations, kind, figures[mode], reference))
            _add(graph, _last_legs(destinations, kind, mode, figures))
    _add(graph, _road_legs(origins, destinations, figures))
    return graph


def _add(graph: Graph, legs: Iterable[Leg]) -> None:
    for leg in legs:
        graph.add_edge(leg.origin, leg.destination, key=leg.mode, leg=leg, km=leg.km, hours=leg.hours)


def _gateway(place: Place, kind: GatewayKind) -> Gateway | None:
    return place.airport if kind == "airport" else place.port


def _leg(origin: Node, destination: Node, figures: ModeFigures, km: float, km_basis: str, *, main: bool = True) -> Leg:
    """Return a leg priced and timed by the figures of its mode, before customs and borders."""
    return Leg(
        origin=origin,
        destination=destination,
        mode=figures.mode,
        km=km,
        km_basis=km_basis,
        moving_hours=km / figures.speed_kmh,
        fixed_hours=figures.fixed_hours if main else 0.0,
        customs_hours=0.0,
        border_hours=0.0,
        usd_per_t=km * figures.usd_per_tkm + (figures.fixed_usd_per_t if main else 0.0),
        kgco2e_per_t=km * figures.kgco2e_per_tkm,
        main=main,
    )


def _access_legs(places: Sequence[Place], kind: GatewayKind, figures: dict[str, ModeFigures]) -> list[Leg]:
    """Legs by road from the places to their gateways."""
    legs = (_gateway_road(place, kind, figures["road"], outbound=True) for place in places)
    return [leg for leg in legs if leg is not None]


def _last_legs(places: Sequence[Place], kind: GatewayKind, mode: str, figures: dict[str, ModeFigures]) -> list[Leg]:
    """Legs by road from gateways of entry to the places, customs and release included."""
    legs = ((place, _gateway_road(place, kind, figures["road"], outbound=False)) for place in places)
    return [
        replace(leg, customs_hours=place.customs_hours[mode], customs_note=place.customs_note)
        for place, leg in legs
        if leg is not None
    ]


def _gateway_road(place: Place, kind: GatewayKind, road: ModeFigures, *, outbound: bool) -> Leg | None:
    """Leg by road between a place and its gateway, if any; one border if the gateway lies in another country."""
    gateway = _gateway(place, kind)
    if gateway is None or not place.located:
        return None
    great_circle = float(great_circle_km(place.lat, place.lon, gateway.lat, gateway.lon))
    km, basis = _gateway_km(place, kind, great_circle, road)
    if km > road.max_km:
        return None
    ends = (place.node, (gateway.kind, gateway.code))
    origin, destination = ends if outbound else ends[::-1]
    leg = _leg(origin, destination, road, km, basis, main=km >= SHORT_KM)
    if place.iso3 and gateway.iso3 != place.iso3:
        return replace(leg, border_hours=road.border_hours, border_note=f"1 border ({gateway.iso3})")
    return _with_ferries(leg, great_circle, road) if place.islands else leg


def _gateway_km(place: Place, kind: GatewayKind, great_circle: float, road: ModeFigures) -> tuple[float, str]:
    """Road km between a place and its gateway: given, else by the country's own detour, else by that of modes.csv."""
    given = place.airport_km if kind == "airport" else place.port_km
    if not math.isnan(given):
        return given, f"given in {place.table}"
    if kind == "port" and not math.isnan(place.port_detour):
        return great_circle * place.port_detour, f"{describe(place.port_detour)} (as from the port to the capital)"
    return great_circle * road.detour, describe(road.detour)


def _with_ferries(leg: Leg, great_circle: float, road: ModeFigures) -> Leg:
    """Return a road leg inside a country of islands, each estimated ferry being waited for as a border is."""
    ferries = round(great_circle / KM_PER_CROSSING)
    return replace(leg, border_hours=ferries * road.border_hours, border_note=_estimated(ferries, "ferr", "y", "ies"))


def _estimated(count: int, stem: str, one: str, many: str) -> str:
    return f"{count} {stem}{one if count == 1 else many} estimated" if count else ""


def _gateway_legs(
    origins: Sequence[Place],
    destinations: Sequence[Place],
    kind: GatewayKind,
    figures: ModeFigures,
    reference: Reference,
) -> list[Leg]:
    """Legs by air or sea between all gateways of departure and of entry."""
    start = _distinct(_gateway(place, kind) for place in origins)
    end = _distinct(_gateway(place, kind) for place in destinations)
    km = matrix_km([(g.lat, g.lon) for g in start], [(g.lat, g.lon) for g in end]) * figures.detour
    estimated = describe(figures.detour)
    legs = []
    for a, one in enumerate(start):
        for b, other in enumerate(end):
            if one.code == other.code:
                continue
            sea = reference.sea_route_km(one.code, other.code) if kind == "port" else None
            distance, basis = (float(km[a, b]), estimated) if sea is None else (sea, SEA_ROUTE)
            if distance <= figures.max_km:
                legs.append(_leg((kind, one.code), (kind, other.code), figures, distance, basis))
    return legs


def _road_legs(origins: Sequence[Place], destinations: Sequence[Place], figures: dict[str, ModeFigures]) -> list[Leg]:
    """Legs by road from door to door, where both ends lie on one landmass and within reach of a truck."""
    if "road" not in figures:
        return []
    road = figures["road"]
    great_circle = matrix_km([(p.lat, p.lon) for p in origins], [(p.lat, p.lon) for p in destinations])
    near = great_circle * road.detour <= road.max_km
    pairs = ((origins[a], destinations[b], float(great_circle[a, b])) for a, b in np.argwhere(near))
    return [_road_leg(one, other, km, road) for one, other, km in pairs if _connected(one, other)]


def _connected(one: Place, other: Place) -> bool:
    """Whether a road may link two places: one country (ferries included), or one landmass."""
    if one.node == other.node:
        return False
    same_country = bool(one.iso3) and one.iso3 == other.iso3
    return same_country or (bool(one.landmass) and one.landmass == other.landmass)


def _road_leg(one: Place, other: Place, great_circle: float, road: ModeFigures) -> Leg:
    """Leg by road from door to door: abroad, it waits at estimated borders and for customs as air freight does."""
    leg = _leg(one.node, other.node, road, great_circle * road.detour, describe(road.detour))
    if one.iso3 and one.iso3 == other.iso3:
        return _with_ferries(leg, great_circle, road) if other.islands else leg
    borders = max(1, round(great_circle / KM_PER_CROSSING))
    return replace(
        leg,
        border_hours=borders * road.border_hours,
        border_note=_estimated(borders, "border", "", "s"),
        customs_hours=other.customs_hours["air"],
        customs_note=other.customs_note or "customs as by air",
    )


def _distinct(gateways: Iterable[Gateway | None]) -> list[Gateway]:
    return list({gateway.code: gateway for gateway in gateways if gateway is not None}.values())
