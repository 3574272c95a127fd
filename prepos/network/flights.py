"""Flights by type of aircraft: what reaches where, non-stop or with one stop for fuel, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.network.distance import great_circle_km
from prepos.network.reference import Gateway

Floats = npt.NDArray[np.float64]

BLOCK_SHARE = 0.9  # of the cruise speed, from gate to gate
LOAD_SHARE = 0.85  # of the payload, as aircraft are filled
EMPTY_SHARE = 0.6  # of the hours flown again without cargo, to position
STOP_HOURS = 2.0  # on the ground for fuel


@dataclass(frozen=True, slots=True)
class Aircraft:
    """One type; `runway_m` is 0 where it needs none."""

    aircraft: str
    range_km: float
    payload_kg: float
    volume_m3: float
    speed_kmh: float
    usd_block_hour: float
    runway_m: float

    @property
    def kg_per_m3(self) -> float:
        """Density at which it is full and at its payload at once: lighter goods are charged by volume."""
        return self.payload_kg / self.volume_m3

    def can_use(self, airport: Gateway) -> bool:
        """Whether the runway is long enough, as far as it is known."""
        return not airport.runway_m < self.runway_m


@dataclass(frozen=True, slots=True)
class Flight:
    """How one type flies between two airports; `refusal` says why it cannot."""

    aircraft: Aircraft
    km: float = math.nan
    stop: str = ""
    hours: float = math.nan
    usd_per_t: float = math.nan
    refusal: str = ""

    @property
    def usd_per_m3(self) -> float:
        """Price of one m3 of goods light enough to be charged by volume."""
        return self.usd_per_t * self.aircraft.kg_per_m3 / 1000


def read_fleet(table: pd.DataFrame) -> tuple[Aircraft, ...]:
    """Return the types of a table with the columns of aircraft.csv."""
    columns = ("aircraft", "range_km", "payload_kg", "volume_m3", "speed_kmh", "usd_block_hour", "runway_m")
    rows = table[list(columns)].fillna({"runway_m": 0.0}).itertuples(index=False, name=None)
    return tuple(Aircraft(*row) for row in rows)


class Fleet:
    """Types of aircraft and the airports at which they may stop for fuel."""

    def __init__(self, types: Iterable[Aircraft], airports: Collection[Gateway]) -> None:
        self.types = tuple(types)
        self._stops = list({airport.code: airport for airport in airports}.values())
        self._lat = np.array([airport.lat for airport in self._stops], dtype=np.float64)
        self._lon = np.array([airport.lon for airport in self._stops], dtype=np.float64)
        self._runway = np.array([airport.runway_m for airport in self._stops], dtype=np.float64)
        self._to_stops: dict[tuple[float, float], Floats] = {}

    def best(
        self, start: Gateway, end: Gateway, closed: Collection[str] = (), kg_per_m3: float = 167.0
    ) -> Flight | None:
        """Return the flight that is cheapest for one m3 of relief goods, None where no type can fly."""
        able = [flight for flight in self.flights(start, end, closed) if not flight.refusal]
        price = {f: f.usd_per_t * max(f.aircraft.kg_per_m3, kg_per_m3) for f in able}
        return min(able, key=lambda flight: (price[flight], flight.hours), default=None)

    def flights(self, start: Gateway, end: Gateway, closed: Collection[str] = ()) -> list[Flight]:
        """Return how each type flies between two airports, or why it cannot.

        Parameters
        ----------
        closed
            Airports at which no stop can be made.
        """
        km = float(great_circle_km(start.lat, start.lon, end.lat, end.lon))
        return [self._flight(aircraft, start, end, km, closed) for aircraft in self.types]

    def _flight(self, aircraft: Aircraft, start: Gateway, end: Gateway, km: float, closed: Collection[str]) -> Flight:
        for airport in (start, end):
            if not aircraft.can_use(airport):
                return Flight(aircraft, refusal=f"the runway of {airport.code} is {airport.runway_m:,.0f} m long")
        if km <= aircraft.range_km:
            return _priced(aircraft, km, "")
        total = self._by_stop(aircraft, start, end, closed)
        if not len(total) or math.isinf(shortest := float(total.min())):
            return Flight(aircraft, refusal=f"out of range, also with one stop ({aircraft.range_km:,.0f} km a leg)")
        return _priced(aircraft, shortest, self._stops[int(total.argmin())].code)

    def _by_stop(self, aircraft: Aircraft, start: Gateway, end: Gateway, closed: Collection[str]) -> Floats:
        """Km over each airport of the reference, inf where it is no stop for the type."""
        first, second = self._distances(start), self._distances(end)
        able = (np.maximum(first, second) <= aircraft.range_km) & ~(self._runway < aircraft.runway_m)
        for n, stop in enumerate(self._stops):
            if able[n] and stop.code in closed:
                able[n] = False
        return np.where(able, first + second, np.inf)

    def _distances(self, airport: Gateway) -> Floats:
        place = (airport.lat, airport.lon)
        if place not in self._to_stops:
            self._to_stops[place] = great_circle_km(self._lat, self._lon, *place)
        return self._to_stops[place]


def _priced(aircraft: Aircraft, km: float, stop: str) -> Flight:
    r"""Time and price a flight: :math:`h = km / (0.9 v)`, :math:`c = h \, a (1 + 0.6) / (0.85 \, payload)`."""
    block_hours = km / (BLOCK_SHARE * aircraft.speed_kmh)
    usd_per_t = block_hours * aircraft.usd_block_hour * (1 + EMPTY_SHARE) / (LOAD_SHARE * aircraft.payload_kg / 1000)
    return Flight(aircraft, km, stop, block_hours + (STOP_HOURS if stop else 0.0), usd_per_t)
