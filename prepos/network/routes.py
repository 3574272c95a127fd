"""The network: a multigraph whose nodes are places and gateways and whose edges are legs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import networkx as nx
import numpy as np

from prepos.data.scenario import Scenario
from prepos.network.conditions import OPEN, Conditions
from prepos.network.distance import great_circle_km, matrix_km
from prepos.network.flights import Fleet, read_fleet
from prepos.network.legs import Leg, LegMaker, Node
from prepos.network.places import Place, hub_places, site_places, supplier_places
from prepos.network.reference import Gateway, GatewayKind, ModeFigures, Reference, load_reference, read_modes

Graph: TypeAlias = "nx.MultiDiGraph[Node]"

GATEWAYS: tuple[tuple[GatewayKind, str], ...] = (("airport", "air"), ("port", "sea"))


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


def leg_maker(scenario: Scenario, reference: Reference, under: Conditions = OPEN) -> LegMaker:
    """Return the maker of the scenario's legs; with aircraft.csv it flies by those types."""
    fleet = Fleet(read_fleet(scenario.aircraft), reference.airports.values()) if len(scenario.aircraft) else None
    usual = LegMaker(mode_figures(scenario, reference), reference, fleet)
    return usual.given(under) if under.hours else usual


def routes(scenario: Scenario, reference: Reference | None = None, under: Conditions = OPEN) -> Graph:
    """Return the network from hubs and suppliers to sites.

    Nodes carry ``place`` (a `Place`) or ``gateway`` (a `Gateway`); edges are keyed by mode and carry ``leg`` (a `Leg`),
    ``km`` and ``hours``.

    Parameters
    ----------
    reference
        Tables beside the scenario; None: those that come with prepos.
    under
        What is closed or held up; nothing, unless asked: see `prepos.network.conditions.conditions`.
    """
    reference = reference or load_reference()
    origins = hub_places(scenario, reference) + supplier_places(scenario, reference)
    return build(origins, site_places(scenario, reference), leg_maker(scenario, reference, under))


def hub_routes(scenario: Scenario, reference: Reference | None = None, under: Conditions = OPEN) -> Graph:
    """Return the network between hubs: the same legs, each hub being a place of departure and of arrival."""
    reference = reference or load_reference()
    hubs = hub_places(scenario, reference)
    return build(hubs, hubs, leg_maker(scenario, reference, under))


def build(origins: Sequence[Place], destinations: Sequence[Place], make: LegMaker) -> Graph:
    """Return the multigraph of all legs from the origins, over gateways, to the destinations."""
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from((place.node, {"place": place}) for place in (*origins, *destinations))
    for kind, mode in GATEWAYS:
        if mode in make.figures:
            for place in (*origins, *destinations):
                if (gateway := place.gateway(kind)) is not None:
                    graph.add_node((kind, gateway.code), gateway=gateway)
            _add(graph, (make.access(place, kind) for place in origins))
            _add(graph, _links(origins, destinations, kind, make))
            _add(graph, (make.last(place, kind) for place in destinations))
    if "road" in make.figures:
        _add(graph, _roads(origins, destinations, make))
    return graph


def remade(leg: Leg, graph: Graph, make: LegMaker) -> Leg | None:
    """Return a leg of the network as another maker makes it, None where it is closed."""
    start, end = graph.nodes[leg.origin], graph.nodes[leg.destination]
    if "gateway" in start and "gateway" in end:
        return make.link(start["gateway"], end["gateway"], _between(start["gateway"], end["gateway"]))
    if "gateway" in end:
        return make.access(start["place"], end["gateway"].kind)
    if "gateway" in start:
        return make.last(end["place"], start["gateway"].kind)
    return make.road(start["place"], end["place"], _between(start["place"], end["place"]))


def _between(one: Place | Gateway, other: Place | Gateway) -> float:
    return float(great_circle_km(one.lat, one.lon, other.lat, other.lon))


def _add(graph: Graph, legs: Iterable[Leg | None]) -> None:
    for leg in legs:
        if leg is not None:
            graph.add_edge(leg.origin, leg.destination, key=leg.mode, leg=leg, km=leg.km, hours=leg.hours)


def _links(
    origins: Sequence[Place], destinations: Sequence[Place], kind: GatewayKind, make: LegMaker
) -> Iterable[Leg | None]:
    """Legs by air or sea between all gateways of departure and of entry."""
    start = _distinct(place.gateway(kind) for place in origins)
    end = _distinct(place.gateway(kind) for place in destinations)
    km = matrix_km([(g.lat, g.lon) for g in start], [(g.lat, g.lon) for g in end])
    return (
        make.link(one, other, float(km[a, b]))
        for a, one in enumerate(start)
        for b, other in enumerate(end)
        if one.code != other.code
    )


def _roads(origins: Sequence[Place], destinations: Sequence[Place], make: LegMaker) -> Iterable[Leg | None]:
    """Legs by road from door to door, where both ends lie on one landmass and within reach of a truck."""
    km = matrix_km([(p.lat, p.lon) for p in origins], [(p.lat, p.lon) for p in destinations])
    near = km <= make.figures["road"].max_km
    pairs = ((origins[a], destinations[b], float(km[a, b])) for a, b in np.argwhere(near))
    return (make.road(one, other, km) for one, other, km in pairs if _connected(one, other))


def _connected(one: Place, other: Place) -> bool:
    """Whether a road may link two places: one country (ferries included), or one landmass."""
    if one.node == other.node:
        return False
    same_country = bool(one.iso3) and one.iso3 == other.iso3
    return same_country or (bool(one.landmass) and one.landmass == other.landmass)


def _distinct(gateways: Iterable[Gateway | None]) -> list[Gateway]:
    return list({gateway.code: gateway for gateway in gateways if gateway is not None}.values())
