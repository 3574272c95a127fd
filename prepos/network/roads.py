"""Roads: over which borders they lead, how far they go and how long they take, country by country."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from prepos.network.conditions import OPEN, Conditions, border_keys, border_name
from prepos.network.distance import describe, great_circle_km
from prepos.network.reference import ModeFigures, Reference

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Spot = tuple[float, float, str]
"""lat, lon and country of a place."""


@dataclass(frozen=True, slots=True)
class Road:
    """A way by road: km and how they are known, hours of driving, borders in their order, hours lost at them."""

    km: float
    basis: str
    hours: float
    borders: tuple[str, ...] = ()
    lost_hours: float = 0.0


class RoadMap:
    """Roads of the world under given conditions: straight lines between border points, lengthened by the detour.

    Of all ways over land borders the one that takes least time is gone, waiting at borders included.

    Parameters
    ----------
    reference
        Border points, and speed and detour of each country's roads.
    road
        Figures of modes.csv. Where the scenario changes them, the figures of the countries change in proportion.
    conditions
        Borders that are closed or slow.
    """

    def __init__(self, reference: Reference, road: ModeFigures, conditions: Conditions = OPEN) -> None:
        self.reference, self.road, self.conditions = reference, road, conditions
        self._usual = reference.modes.get("road", road)
        self._from: dict[Spot, tuple[Floats, Ints]] = {}

    def speed_kmh(self, iso3: str) -> float:
        """Return the speed on the roads of a country."""
        own = self.reference.roads.get(iso3)
        if own is None or math.isnan(own.speed_kmh):
            return self.road.speed_kmh
        return self.road.speed_kmh * own.speed_kmh / self._usual.speed_kmh

    def detour(self, iso3: str) -> float:
        """Return the km of road for one km of great circle in a country."""
        own = self.reference.roads.get(iso3)
        if own is None or math.isnan(own.detour):
            return self.road.detour
        return max(1.0, self.road.detour * own.detour / self._usual.detour)

    def inside(self, iso3: str, great_circle: float) -> Road:
        """Return the road between two places of one country."""
        km = great_circle * self.detour(iso3)
        own = self.reference.roads.get(iso3)
        known = own is not None and not (math.isnan(own.speed_kmh) and math.isnan(own.detour))
        basis = describe(self.detour(iso3)) + (f" (roads of {iso3})" if known else "")
        return Road(km, basis, km / self.speed_kmh(iso3))

    def knows(self, *countries: str) -> bool:
        """Whether the land borders of all these countries are known."""
        return self._known.issuperset(countries)

    def between(self, start: Spot, end: Spot) -> Road | None:
        """Return the road between two places of different countries, None where no way by land is open."""
        arrivals = self._of_country.get(end[2])
        if arrivals is None or start[2] not in self._of_country:
            return None
        hours, before = self._reach(start)
        lat, lon = self._lat[arrivals], self._lon[arrivals]
        to_end = great_circle_km(lat, lon, end[0], end[1]) * self._pace(end[2])
        total = hours[arrivals] + to_end
        best = int(total.argmin())
        return None if math.isinf(total[best]) else self._followed(start, end, int(arrivals[best]), before)

    def _followed(self, start: Spot, end: Spot, last: int, before: Ints) -> Road:
        """Return the road that ends after a border point, read back to the start."""
        chain = [last]
        while (point := int(before[chain[-1]])) >= 0 and point < len(self._lat):
            chain.append(point)
        points = chain[::-1]
        stops = [start[:2], *((float(self._lat[p]), float(self._lon[p])) for p in points), end[:2]]
        countries = [start[2], *(self._shared(a, b) for a, b in pairwise(points)), end[2]]
        straight = [float(great_circle_km(*a, *b)) for a, b in pairwise(stops)]
        km = sum(k * self.detour(c) for k, c in zip(straight, countries, strict=True))
        hours = sum(k * self._pace(c) for k, c in zip(straight, countries, strict=True))
        borders = tuple(self._names[p] for p in points)
        lost = sum(self._lost(border) for border in borders)
        return Road(km, f"{describe(km / max(sum(straight), 1e-9))} between borders", hours, borders, lost)

    def _pace(self, iso3: str) -> float:
        """Hours for one km of great circle."""
        return self.detour(iso3) / self.speed_kmh(iso3)

    def _lost(self, border: str) -> float:
        return self.conditions.lost(*border_keys(border))

    def _shared(self, a: int, b: int) -> str:
        """Country that two border points have in common, the faster one of two."""
        common = self._sides[a] & self._sides[b]
        return min(sorted(common), key=self._pace)

    def _reach(self, start: Spot) -> tuple[Floats, Ints]:
        """Return hours from a place to every border point, its wait included, and the point before it."""
        if start not in self._from:
            n = len(self._lat)
            near = self._of_country[start[2]]
            km = great_circle_km(self._lat[near], self._lon[near], start[0], start[1])
            hours = km * self._pace(start[2]) + self._wait[near]
            web = self._web
            widened = csr_array(
                (np.r_[web.data, hours], np.r_[web.indices, near], np.r_[web.indptr, len(web.data) + len(near)]),
                shape=(n + 1, n + 1),
            )
            total, before = dijkstra(widened, indices=n, return_predecessors=True)
            self._from[start] = (total, before.astype(np.int64))
        return self._from[start]

    @cached_property
    def _points(self) -> list[tuple[str, str, float, float]]:
        """Border points that can be crossed."""
        return [
            (p.iso3, p.other, p.lat, p.lon)
            for p in self.reference.borders
            if p.road and not math.isinf(self._lost(border_name(p.iso3, p.other)))
        ]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(iso3 for p in self.reference.borders for iso3 in (p.iso3, p.other))

    @cached_property
    def _lat(self) -> Floats:
        return np.array([lat for *_, lat, _ in self._points], dtype=np.float64)

    @cached_property
    def _lon(self) -> Floats:
        return np.array([lon for *_, lon in self._points], dtype=np.float64)

    @cached_property
    def _sides(self) -> list[frozenset[str]]:
        return [frozenset((one, other)) for one, other, _, _ in self._points]

    @cached_property
    def _names(self) -> list[str]:
        return [border_name(one, other) for one, other, _, _ in self._points]

    @cached_property
    def _wait(self) -> Floats:
        return np.array([self.road.border_hours + self._lost(name) for name in self._names], dtype=np.float64)

    @cached_property
    def _of_country(self) -> dict[str, Ints]:
        found: dict[str, list[int]] = defaultdict(list)
        for n, sides in enumerate(self._sides):
            for iso3 in sides:
                found[iso3].append(n)
        return {iso3: np.array(points, dtype=np.int64) for iso3, points in found.items()}

    @cached_property
    def _web(self) -> csr_array:
        """Hours between border points of one country, the wait at the second included."""
        n = len(self._lat)
        hours = np.full((n, n), np.inf)
        for iso3, points in self._of_country.items():
            lat, lon = self._lat[points], self._lon[points]
            own = great_circle_km(lat[:, None], lon[:, None], lat, lon) * self._pace(iso3) + self._wait[points]
            block = np.ix_(points, points)
            hours[block] = np.minimum(hours[block], own)
        np.fill_diagonal(hours, np.inf)
        start, end = np.nonzero(np.isfinite(hours))
        return csr_array((hours[start, end], (start, end)), shape=(n, n))
