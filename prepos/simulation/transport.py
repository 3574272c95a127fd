"""How goods reach a site: every way there as dense arrays, ranked once by speed and by price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from prepos.instance import Floats, Instance, Ints, arcs
from prepos.network.places import site_places
from prepos.network.reference import load_reference


@dataclass(frozen=True)
class Ranking:
    """The ways of a site in order of preference, item by item: one column per item, the best way in the first row.

    Of several ways from one source only the best is ranked, since a source that has run out cannot send by another.

    Attributes
    ----------
    stock : (P, K)
        Flat position of the way's source in a (sources + 1, K) stock; the empty last row fills the column.
    way : (P, K)
        Flat position of the way in a (R + 1, K) array; the spare last row fills the column.
    hours : (P, K)
        Hours of the way.
    slowest
        Longest of the hours.
    order
        All ways, best first by their mean over items.
    """

    stock: Ints
    way: Ints
    hours: Floats
    slowest: float
    order: tuple[int, ...]


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
    reached_by
        Sources that have a way to the site.
    none
        Position of the empty row of a stock: one past the last source.
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
    reached_by: frozenset[int]
    none: int

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
            self.none,
        )

    @property
    def limited(self) -> bool:
        """Whether any way can carry only so much."""
        return bool(np.isfinite(self.capacity_m3).any())

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
    return make_ways(sources, modes, door, held_up, is_open, usd, kgco2e, capacity, len(instance.sources))


def make_ways(
    sources: Ints,
    modes: Ints,
    hours: Floats,
    customs: Floats,
    is_open: npt.NDArray[np.bool_],
    usd: Floats,
    kgco2e: Floats,
    capacity_m3: Floats,
    none: int,
) -> Ways:
    """Return ways with their rankings; see `Ways` for the arrays."""
    speed = np.where(is_open, hours[:, None], np.inf)
    price = np.where(is_open, usd, np.inf)
    return Ways(
        sources=sources.tolist(),
        modes=modes.tolist(),
        hours=hours.tolist(),
        customs=customs.tolist(),
        open=is_open,
        usd=usd,
        kgco2e=kgco2e,
        capacity_m3=capacity_m3,
        fastest=_rank(speed, price, sources, hours, none),
        cheapest=_rank(price, speed, sources, hours, none),
        reached_by=frozenset(sources.tolist()),
        none=none,
    )


def _crosses_border(instance: Instance, site: int) -> Floats:
    """Return 1 for each source in another country than the site; 0 in the same country, or where either is unknown."""
    there = instance.countries[site]
    hubs = dict(zip(instance.scenario.hubs["hub"], instance.scenario.hubs["iso3"], strict=True))
    here = [hubs.get(hub, "") for hub in instance.hubs] + ["abroad"] * len(instance.suppliers)
    return np.array([float(bool(there) and bool(iso3) and iso3 != there) for iso3 in here])


def _rank(first: Floats, second: Floats, sources: Ints, hours: Floats, n_sources: int) -> Ranking:
    """Rank ways by one criterion, ties by another; infinite where a way does not take an item."""
    ways, items = first.shape
    columns = [_best_of_each_source(first[:, k], second[:, k], sources) for k in range(items)]
    depth = max((len(column) for column in columns), default=0)
    chosen = np.full((depth, items), ways, dtype=np.int64)
    for k, column in enumerate(columns):
        chosen[: len(column), k] = column
    item = np.arange(items)
    ranked_hours = np.append(hours, 0.0)[chosen]
    finite = np.where(np.isfinite(first), first, 0.0).sum(axis=1) / np.maximum(np.isfinite(first).sum(axis=1), 1)
    return Ranking(
        stock=np.append(sources, n_sources)[chosen] * items + item,
        way=chosen * items + item,
        hours=ranked_hours,
        slowest=float(ranked_hours.max(initial=0.0)),
        order=tuple(np.argsort(finite, kind="stable").tolist()),
    )


def _best_of_each_source(first: Floats, second: Floats, sources: Ints) -> list[int]:
    order = [way for way in np.lexsort((second, first)).tolist() if np.isfinite(first[way])]
    best: dict[int, int] = {}
    for way in order:
        best.setdefault(int(sources[way]), way)
    return list(best.values())
