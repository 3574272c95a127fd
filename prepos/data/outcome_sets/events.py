"""The disasters of a scenario as events: what strikes several places at once stays together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prepos.data.distance import great_circle_km
from prepos.data.need_rules import Floats, Ints
from prepos.data.outcomes import people_in_need, sites
from prepos.data.scenario import Scenario
from prepos.errors import DataError, Problem

WINDOW_DAYS = 3
"""Two disasters of one hazard this many days apart, and `WINDOW_KM` at most, are one event."""

WINDOW_KM = 1000.0
"""See `WINDOW_DAYS`; about the width of a large cyclone or of a flooded river basin."""

GLIDE = r"^([A-Z]{2}-\d{4}-\d+)"
"""Hazard, year and number of a GLIDE; the country follows."""

SPREAD_OUT = frozenset({"CF", "CE", "DR", "EP"})
"""Hazards without a day of onset (conflict, drought, epidemic): only a GLIDE number ties their disasters together."""


@dataclass(frozen=True)
class Events:
    """The past, one event after another; D disasters of E events in C cells.

    Attributes
    ----------
    disasters
        One row per disaster with people in need: disaster, site, people (of people_in_need, all of them), hazard,
        region, iso3, month, year (0: unknown), climate ("": by latitude and month), lat, lon; ordered by event, the
        largest disaster of an event first.
    first : (E + 1,)
        Position of the first disaster of each event, and their number at the end.
    cell : (E,)
        Position of the event's region and hazard in `cells`: those of its largest disaster.
    cells
        (region, hazard).
    people : (E,)
        People in need in the whole event.
    month, year : (E,)
        Of its largest disaster; 0 where unknown.
    left_out
        Disasters without people in need, which count for nothing here.
    """

    disasters: pd.DataFrame
    first: Ints
    cell: Ints
    cells: tuple[tuple[str, str], ...]
    people: Floats
    month: Ints
    year: Ints
    left_out: tuple[str, ...] = ()

    @property
    def largest(self) -> pd.DataFrame:
        """The largest disaster of each event, (E) rows."""
        return self.disasters.iloc[self.first[:-1]].reset_index(drop=True)


def find_events(scenario: Scenario, window_days: int = WINDOW_DAYS, window_km: float = WINDOW_KM) -> Events:
    """Return the events of the disasters table.

    Disasters are one event when they share hazard, year and number of their GLIDE (the country's code aside), or are
    of one hazard, `window_days` and `window_km` apart at most (`window_days` below 0: never); chains of such
    neighbours are one event as well.

    Raises
    ------
    DataError
        When there is no disaster with people in need to learn from.
    """
    frame = _disasters(scenario)
    counted = frame["people"] > 0
    left_out = tuple(frame.loc[~counted, "disaster"])
    frame = frame[counted].reset_index(drop=True)
    if frame.empty:
        message = "has no disaster with people in need; an outcome set is drawn from a history of them"
        raise DataError(scenario.name, [Problem("disasters.csv", message)])
    frame["event"] = _components(len(frame), _neighbours(frame, window_days, window_km))
    frame = frame.sort_values(["event", "people"], ascending=[True, False], kind="stable", ignore_index=True)
    first = np.flatnonzero(np.diff(frame["event"].to_numpy(np.int64), prepend=-1, append=frame["event"].iloc[-1] + 1))
    largest = frame.iloc[first[:-1]]
    pairs = list(zip(largest["region"].tolist(), largest["hazard"].tolist(), strict=True))
    cells = tuple(dict.fromkeys(pairs))
    return Events(
        disasters=frame.drop(columns=["event", "day", "stem"]),
        first=first.astype(np.int64),
        cell=np.array([cells.index(pair) for pair in pairs], dtype=np.int64),
        cells=cells,
        people=np.add.reduceat(frame["people"].to_numpy(float), first[:-1]),
        month=largest["month"].to_numpy(np.int64),
        year=largest["year"].to_numpy(np.int64),
        left_out=left_out,
    )


def _disasters(scenario: Scenario) -> pd.DataFrame:
    """Return the disasters with all that events are told by."""
    table = scenario.disasters.reset_index(drop=True)
    place = sites(scenario).set_index("site")
    frame = people_in_need(scenario).reset_index(drop=True)
    at = place.reindex(frame["site"])
    date = pd.to_datetime(table["date"].replace("", None), format="%Y-%m-%d", errors="coerce")
    return frame.assign(
        people=table["people_in_need"].fillna(0.0),
        region=at["region"].fillna("").to_numpy(),
        iso3=table["iso3"].where(table["iso3"] != "", at["iso3"].fillna("").to_numpy()),
        climate=at["climate"].fillna("").to_numpy(),
        lon=at["lon"].to_numpy(float),
        year=date.dt.year.fillna(0).astype("int64"),
        day=(date.astype("datetime64[s]") - pd.Timestamp("1970-01-01").as_unit("s")).dt.days,
        stem=table["glide"].str.extract(GLIDE, expand=False).astype("str").fillna(""),
    )


def _neighbours(frame: pd.DataFrame, window_days: int, window_km: float) -> list[tuple[int, int]]:
    """Return pairs of positions that belong to one event."""
    pairs: list[tuple[int, int]] = []
    for _, rows in frame[frame["stem"] != ""].groupby("stem"):
        positions = rows.index.tolist()
        pairs += [(positions[0], other) for other in positions[1:]]
    dated = frame[frame["day"].notna() & ~frame["hazard"].isin(SPREAD_OUT) & frame["lat"].notna()]
    for _, rows in dated.sort_values("day", kind="stable").groupby("hazard"):
        day = rows["day"].to_numpy(float)
        end = np.searchsorted(day, day + window_days, side="right")
        one = np.repeat(np.arange(len(day)), np.maximum(end - np.arange(len(day)) - 1, 0))
        other = one + 1 + np.arange(len(one)) - np.searchsorted(one, one)
        places = rows[["lat", "lon"]].to_numpy(float)
        near = great_circle_km(*places[one].T, *places[other].T) <= window_km
        index = rows.index.to_numpy()
        pairs += list(zip(index[one[near]].tolist(), index[other[near]].tolist(), strict=True))
    return pairs


def _components(number: int, pairs: list[tuple[int, int]]) -> Ints:
    """Return the connected component of each position, numbered by first appearance."""
    parent = list(range(number))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return np.unique([root(node) for node in range(number)], return_inverse=True)[1].astype(np.int64)
