"""Ways as they are when something is closed or held up: only what is touched is worked out anew."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import pandas as pd

from prepos.data.scenario import Scenario
from prepos.network.conditions import Conditions, Key, conditions, gateway_key, leg_id, struck_outcomes
from prepos.network.distance import great_circle_km
from prepos.network.legs import Leg, LegMaker, Node
from prepos.network.paths import Path, made
from prepos.network.reference import GatewayKind, Reference
from prepos.network.routes import Graph, remade

Name: TypeAlias = tuple[Node, Node, str]


class Disruption:
    """The paths of a network under changing conditions.

    Parameters
    ----------
    graph, paths
        The network with everything open, and its paths.
    make
        Maker of its legs, with everything open.
    """

    def __init__(self, graph: Graph, paths: Sequence[Path], make: LegMaker) -> None:
        self.graph, self.paths, self.make = graph, paths, make
        self._legs: dict[Name, Leg] = {}
        self._touching: dict[Key, set[Name]] = defaultdict(set)
        self._over: dict[Name, set[int]] = defaultdict(set)
        self._spare: dict[Key, set[int]] = defaultdict(set)
        for _, _, edge in graph.edges(data=True):
            self._enter(edge["leg"])
        for p, path in enumerate(paths):
            for leg in path.legs:
                self._over[leg.name].add(p)

    def general(self, under: Conditions) -> list[Path | None]:
        """Return every path under the conditions of all outcomes, None where it is closed.

        What a leg depends on afterwards is noted, so that outcomes can be told from these conditions.
        """
        self._under = under
        self._now = self._remade(set(under.hours), under)
        for leg in self._now.values():
            if leg is not None:
                self._enter(leg)
        touched = self._paths_over(self._now, set(under.hours))
        make = self.make.given(under)
        self._general = [self._path(p, self._now, make) if p in touched else path for p, path in enumerate(self.paths)]
        for p in touched:
            for key in _keys_of(self._general[p]):
                self._spare[key].add(p)
        return self._general

    def changes(self, under: Conditions) -> dict[int, Path | None]:
        """Return the paths that differ from `general` under the conditions of an outcome, by position."""
        keys = under.changed_from(self._under)
        own = self._remade(keys, under)
        now, make = {**self._now, **own}, self.make.given(under)
        found = {p: self._path(p, now, make) for p in self._paths_over(own, keys)}
        return {p: path for p, path in found.items() if path != self._general[p]}

    def _enter(self, leg: Leg) -> None:
        self._legs.setdefault(leg.name, leg)
        for key in leg.keys:
            self._touching[key].add(leg.name)

    def _remade(self, keys: set[Key], under: Conditions) -> dict[Name, Leg | None]:
        make = self.make.given(under)
        touched = dict.fromkeys(name for key in sorted(keys) for name in sorted(self._touching.get(key, ())))
        return {name: remade(self._legs[name], self.graph, make) for name in touched}

    def _paths_over(self, names: Iterable[Name], keys: set[Key]) -> set[int]:
        """Positions of the paths over some legs, or by a mode among the keys."""
        modes = {name for kind, name in keys if kind == "mode"}
        by_mode = {p for p, path in enumerate(self.paths) if modes and modes & {leg.mode for leg in path.main_legs}}
        return by_mode.union(*(self._over[name] for name in names), *(self._spare.get(key, ()) for key in keys))

    def _path(self, p: int, now: Mapping[Name, Leg | None], make: LegMaker) -> Path | None:
        """Return one path over the legs as they are now; where its gateway of entry is closed, over the next best."""
        path = self.paths[p]
        legs = [now.get(leg.name, leg) for leg in path.legs]
        open_legs = tuple(leg for leg in legs if leg is not None)
        if len(open_legs) == len(legs):
            return _by_mode(made(path.origin, path.destination, open_legs), make.under)
        if len(legs) == 1 or not math.isinf(make.under.lost(gateway_key(path.legs[-1].origin))):
            return None
        others = (_by_mode(other, make.under) for other in by_other_gateways(path, make))
        return min((other for other in others if other is not None), key=lambda other: other.hours, default=None)


def _keys_of(path: Path | None) -> set[Key]:
    return set().union(*(leg.keys for leg in path.legs)) if path is not None else set()


def by_other_gateways(path: Path, make: LegMaker) -> list[Path]:
    """Return the same way through each other airport or seaport of entry in the country, as far as it is open."""
    if len(path.legs) == 1:
        return []
    kind: GatewayKind = "airport" if path.legs[1].mode == "air" else "port"
    start, used = path.origin.gateway(kind), path.destination.gateway(kind)
    access = make.access(path.origin, kind)
    if start is None or used is None or access is None:
        return []
    found = []
    countries = (path.destination.iso3, used.iso3)
    codes = (used.code, start.code, path.legs[1].destination[1])
    for other in dict.fromkeys(make.reference.gateways(kind).values()):
        reached_by_road = other.island in ("", path.destination.landmass)
        if other.iso3 in countries and other.code not in codes and reached_by_road:
            place = path.destination.through(other)
            link = make.link(start, other, float(great_circle_km(start.lat, start.lon, other.lat, other.lon)))
            last = make.last(place, kind)
            if link is not None and last is not None:
                found.append(made(path.origin, path.destination, (access, link, last)))
    return found


def _by_mode(path: Path, under: Conditions) -> Path | None:
    """Return the path with the hours lost by its modes, None if one of them is closed."""
    lost = {leg.name: under.lost(("mode", leg.mode)) for leg in path.main_legs}
    if not any(lost.values()):
        return path
    if math.isinf(sum(lost.values())):
        return None
    legs = tuple(replace(leg, lost_hours=leg.lost_hours + lost.get(leg.name, 0.0)) for leg in path.legs)
    return replace(path, legs=legs)


def distinct_conditions(scenario: Scenario, reference: Reference) -> list[tuple[Conditions, list[str]]]:
    """Return the conditions that differ from the general ones, each with the outcomes that have them."""
    general = conditions(scenario, reference)
    found: dict[frozenset[tuple[Key, float]], tuple[Conditions, list[str]]] = {}
    for outcome in struck_outcomes(scenario):
        under = conditions(scenario, reference, outcome)
        if under.changed_from(general):
            found.setdefault(frozenset(under.hours.items()), (under, []))[1].append(outcome)
    return list(found.values())


def given_under(table: pd.DataFrame, scenario: Scenario, reference: Reference) -> pd.DataFrame:
    """Return given lanes with the closings of hubs, sites, modes and whole lanes; the rest of a lane is not known.

    General rows lose the hours of the general conditions, a row of one outcome those of the outcome; where an outcome
    differs, general rows get a row of its own.
    """
    if scenario.closures.empty:
        return table
    general = conditions(scenario, reference)
    own = {outcome: conditions(scenario, reference, outcome) for outcome in struck_outcomes(scenario)}
    lost = pd.Series(0.0, index=table.index)
    for outcome, rows in table.groupby("outcome", sort=False):
        lost[rows.index] = _lost(rows, own.get(str(outcome), general))
    everywhere = table[table["outcome"] == ""]
    parts = [_later(table, lost)]
    key = ["hub", "site", "mode", "item"]
    for outcome, under in own.items():
        replaced = pd.MultiIndex.from_frame(table.loc[table["outcome"] == outcome, key])
        free = everywhere[~pd.MultiIndex.from_frame(everywhere[key]).isin(replaced)]
        struck = _lost(free, under)
        differs = struck != lost[free.index]
        parts.append(_later(free[differs], struck[differs]).assign(outcome=outcome))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _later(rows: pd.DataFrame, lost: pd.Series[float]) -> pd.DataFrame:
    return rows.assign(hours=(rows["hours"] + lost).where(lost < math.inf))


def _lost(rows: pd.DataFrame, under: Conditions) -> pd.Series[float]:
    names = list(zip(rows["hub"], rows["site"], rows["mode"], strict=True))
    known = {name: under.lost(*_keys(*name)) for name in dict.fromkeys(names)}
    return pd.Series([known[name] for name in names], index=rows.index, dtype="float64")


def _keys(hub: str, site: str, mode: str) -> list[Key]:
    parts = dict.fromkeys((*mode.split("+"), mode))
    places: list[Key] = [("hub", hub), ("supplier", hub), ("site", site), ("leg", leg_id(hub, site))]
    return places + [("mode", part) for part in parts]
