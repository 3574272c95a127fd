"""Paths of the network: every way from a place of departure to a place of arrival, before anything is priced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from prepos.network.legs import Leg, Node
from prepos.network.places import Place, PlaceKind
from prepos.network.routes import Graph

_ORIGINS: dict[PlaceKind, tuple[PlaceKind, ...]] = {"site": ("hub", "supplier"), "hub": ("hub",)}


@dataclass(frozen=True, slots=True)
class Path:
    """One way from door to door: a single leg, or access leg, main leg and last leg."""

    origin: Place
    destination: Place
    legs: tuple[Leg, ...]

    @property
    def mode(self) -> str:
        """Main legs after the origin's own gateway, as a chain: ``"air"``, ``"sea+road"``, ``"road"``."""
        return "+".join(leg.mode for leg in self.main_legs)

    @property
    def main_legs(self) -> tuple[Leg, ...]:
        """Legs that the mode names."""
        return self.legs if len(self.legs) == 1 else tuple(leg for leg in self.legs[1:] if leg.main)

    @property
    def hours(self) -> float:
        """Hours from door to door."""
        return sum(leg.hours for leg in self.legs)

    @property
    def basis(self) -> str:
        """How the distances, borders and customs of the legs are known."""
        return "; ".join(leg.basis for leg in self.legs)


def mode_allowed(mode: str, modes: Collection[str] | None) -> bool:
    """Return whether a chain such as ``"sea+road"``, or every part of it, is allowed; None allows everything."""
    return modes is None or mode in modes or all(part in modes for part in mode.split("+"))


def find_paths(graph: Graph, to: PlaceKind, modes: Collection[str] | None = None) -> list[Path]:
    """Return every allowed path of the network, by origin, then destination.

    Parameters
    ----------
    graph
        As `prepos.network.routes.routes` or `hub_routes` make it.
    to
        ``"site"``, or ``"hub"`` for ways between hubs.
    modes
        The modes allowed; None: all.
    """
    outgoing: dict[Node, list[Leg]] = defaultdict(list)
    for start, _, edge in graph.edges(data=True):
        outgoing[start].append(edge["leg"])
    places: dict[Node, Place] = {node: data["place"] for node, data in graph.nodes(data=True) if "place" in data}
    order = {node: position for position, node in enumerate(places)}
    found: list[Path] = []
    for node, place in places.items():
        if place.kind in _ORIGINS[to]:
            paths = (made(place, places[legs[-1].destination], legs) for legs in _chains(node, to, outgoing))
            allowed = [p for p in paths if place.may_serve(p.destination) and mode_allowed(p.mode, modes)]
            found += sorted(allowed, key=lambda path: order[path.destination.node])
    return found


def _chains(origin: Node, to: PlaceKind, outgoing: dict[Node, list[Leg]]) -> Iterator[tuple[Leg, ...]]:
    """Walk the layers of the network: origin, gateway of departure, gateway of entry, destination."""
    for first in outgoing[origin]:
        if first.destination[0] == to:
            yield (first,)
            continue
        for main in outgoing[first.destination]:
            if main.mode == "road":
                continue
            for last in outgoing[main.destination]:
                if last.destination[0] == to and last.destination != origin:
                    yield first, main, last


def made(origin: Place, destination: Place, legs: tuple[Leg, ...]) -> Path:
    """Return the path over these legs; inside one country nothing is cleared by customs."""
    if origin.iso3 and origin.iso3 == destination.iso3:
        legs = (*legs[:-1], legs[-1].without_customs())
    return Path(origin, destination, legs)
