"""How goods reach a site: every way there as dense arrays, ranked once by speed and by price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from prepos.instance import Floats, Instance, Ints, arcs
from prepos.network.places import site_places
from prepos.network.reference import load_reference

Ranking = tuple[tuple[int, Floats], ...]
"""Ways of a site, best first, each with what it may carry (K,): inf for the items that it is ranked for there, else 0.

Items that prefer the ways in the same order are ranked together, one such group after the other. A way that is no
faster than a better one from the same source is left out, unless ways can carry only so much.
"""


@dataclass(frozen=True)
class Ways:
    """Every way to one site: a source, a mode and its hours.

    Attributes
    ----------
    sources, modes : (R,)
        Positions of the source i and the mode v.
    hours, customs : (R,)
        Door to door, and the part of it that is customs.
    open : (R, K)
        Whether the way takes the item.
    usd, kgco2e : (R, K)
        For one unit, 0 where the way does not take the item.
    capacity_m3 : (R,)
        Most that the way can carry for one outcome.
    fastest, cheapest
        The two rankings.
    limited
        Whether any way can carry only so much.
    reached_by
        Sources that have a way to the site.
    """

    sources: list[int]
    modes: list[int]
    hours: list[float]
    customs: list[float]
    open: npt.NDArray[np.bool_]
    usd: Floats
    kgco2e: Floats
    capacity_m3: Floats
    fastest: Ranking
    cheapest: Ranking
    limited: bool
    reached_by: frozenset[int]

    def of_sources(self, sources: frozenset[int]) -> Ways:
        """Return the ways from some sources only, ranked anew; fewer ways make a faster simulation."""
        keep = [way for way, source in enumerate(self.sources) if source in sources]
        return make_ways(
            np.array(self.sources, dtype=np.int64)[keep],
            np.array(self.modes, dtype=np.int64)[keep],
            np.array(self.hours)[keep],
            np.array(self.customs)[keep],
            self.open[keep],
            self.usd[keep],
            self.kgco2e[keep],
            self.capacity_m3[keep],
        )

    def find(self, source: int, mode: int, item: int) -> int | None:
        """Return the cheapest way of a source and mode that takes the item, None where there is none."""
        fitting = [
            way
            for way, (i, v) in enumerate(zip(self.sources, self.modes, strict=True))
            if (i, v) == (source, mode) and self.open[way, item]
        ]
        return min(fitting, key=lambda way: float(self.usd[way, item]), default=None)


def build_ways(instance: Instance) -> tuple[dict[tuple[int, int], int], tuple[Ways, ...]]:
    """Return (outcome, site) -> position in the second part: the ways to the site in that outcome.

    Outcomes that see a site through the same lanes share their ways. Lanes of one source and mode that differ in hours
    by item are ways of their own, so that a consignment arrives at one time.
    """
    known = arcs(instance)
    needs = instance.needs
    customs = customs_hours(instance)
    place = needs.w * len(instance.sites) + needs.j
    order = np.argsort(place[known.n], kind="stable")
    keys, first = np.unique(place[known.n][order], return_index=True)
    index: dict[tuple[int, int], int] = {}
    shared: dict[bytes, int] = {}
    ways: list[Ways] = []
    for key, lanes in zip(keys, np.split(known.lane[order], first[1:]), strict=True):
        lanes = np.sort(lanes)
        position = shared.setdefault(lanes.tobytes(), len(ways))
        if position == len(ways):
            ways.append(_ways_of(instance, lanes, customs))
        index[int(key) // len(instance.sites), int(key) % len(instance.sites)] = position
    return index, tuple(ways)


def customs_hours(instance: Instance) -> Floats:
    """Return the customs hours that are part of a lane's hours, (sites, modes), for goods that cross a border.

    Computed lanes hold those of the network; a given lane is door to door, so only sites.csv can say. A chain pays for
    the mode by which it enters the country: its last leg other than road.
    """
    hours = np.zeros((len(instance.sites), len(instance.modes)))
    known = _known_customs(instance)
    for v, mode in enumerate(instance.modes):
        entry = next((leg for leg in reversed(mode.split("+")) if leg in ("air", "sea")), "")
        if not entry:
            continue
        for j, site in enumerate(instance.sites):
            hours[j, v] = known.get(site, {}).get(entry, 0.0)
    return hours


def _known_customs(instance: Instance) -> dict[str, dict[str, float]]:
    """Return site -> "air" and "sea" -> customs hours: of the network, or of sites.csv where lanes are given."""
    if instance.scenario.lanes.empty:
        return {place.id: dict(place.customs_hours) for place in site_places(instance.scenario, load_reference())}
    table = instance.scenario.sites[["site", "customs_hours_air", "customs_hours_sea"]].fillna(0.0)
    return {site: {"air": air, "sea": sea} for site, air, sea in table.itertuples(index=False, name=None)}


def _ways_of(instance: Instance, rows: Ints, customs: Floats) -> Ways:
    lanes = instance.lanes
    i, v, k, hours = lanes.i[rows], lanes.v[rows], lanes.k[rows], lanes.hours[rows]
    site = int(lanes.j[rows[0]])
    keys, way = np.unique(np.stack([i, v, hours], axis=1), axis=0, return_inverse=True)
    shape = (len(keys), len(instance.items))
    usd, kgco2e, is_open = np.full(shape, np.inf), np.zeros(shape), np.zeros(shape, dtype=bool)
    cheapest_last = np.argsort(-lanes.usd[rows], kind="stable")
    where = (way[cheapest_last], k[cheapest_last])
    usd[where], kgco2e[where], is_open[where] = lanes.usd[rows][cheapest_last], lanes.kgco2e[rows][cheapest_last], True
    capacity = np.full(len(keys), np.inf)
    np.minimum.at(capacity, way, lanes.capacity_m3[rows])
    sources, modes, door = keys[:, 0].astype(np.int64), keys[:, 1].astype(np.int64), keys[:, 2]
    crossing = _crosses_border(instance, site)[sources]
    held_up = np.minimum(customs[site, modes], door) * crossing
    usd = np.where(is_open, usd, 0.0)
    return make_ways(sources, modes, door, held_up, is_open, usd, kgco2e, capacity)


def make_ways(
    sources: Ints,
    modes: Ints,
    hours: Floats,
    customs: Floats,
    is_open: npt.NDArray[np.bool_],
    usd: Floats,
    kgco2e: Floats,
    capacity_m3: Floats,
) -> Ways:
    """Return ways with their rankings; see `Ways` for the arrays."""
    speed = np.where(is_open, hours[:, None], np.inf)
    price = np.where(is_open, usd, np.inf)
    limited = bool(np.isfinite(capacity_m3).any())
    return Ways(
        sources=sources.tolist(),
        modes=modes.tolist(),
        hours=hours.tolist(),
        customs=customs.tolist(),
        open=is_open,
        usd=usd,
        kgco2e=kgco2e,
        capacity_m3=capacity_m3,
        fastest=_rank(speed, price, sources, hours, limited),
        cheapest=_rank(price, speed, sources, hours, limited),
        limited=limited,
        reached_by=frozenset(sources.tolist()),
    )


def _crosses_border(instance: Instance, site: int) -> Floats:
    """Return 1 for each source in another country than the site; 0 in the same country, or where either is unknown."""
    there = instance.countries[site]
    hubs = dict(zip(instance.scenario.hubs["hub"], instance.scenario.hubs["iso3"], strict=True))
    here = [hubs.get(hub, "") for hub in instance.hubs] + ["abroad"] * len(instance.suppliers)
    return np.array([float(bool(there) and bool(iso3) and iso3 != there) for iso3 in here])


def _rank(first: Floats, second: Floats, sources: Ints, hours: Floats, limited: bool) -> Ranking:
    """Rank ways by one criterion, ties by another, both (R, K) and infinite where a way does not take an item."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for k in range(first.shape[1]):
        takers = [way for way in np.lexsort((second[:, k], first[:, k])).tolist() if np.isfinite(first[way, k])]
        order = takers if limited else _without_slower(takers, sources, hours)
        groups.setdefault(tuple(order), []).append(k)
    ranking: list[tuple[int, Floats]] = []
    for ways, items in groups.items():
        carries = np.zeros(first.shape[1])
        carries[items] = np.inf
        ranking.extend((way, carries) for way in ways)
    return tuple(ranking)


def _without_slower(order: list[int], sources: Ints, hours: Floats) -> list[int]:
    """Leave out a way that is no faster than a better one from the same source: it would find the source empty."""
    fastest: dict[int, float] = {}
    kept = []
    for way in order:
        if hours[way] < fastest.get(int(sources[way]), np.inf):
            fastest[int(sources[way])] = float(hours[way])
            kept.append(way)
    return kept
