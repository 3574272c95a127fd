"""A world small enough to work out by hand: Alpha on a western island, Beta and landlocked Gamma on an eastern one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from prepos.data.scenario import Scenario, empty_table
from prepos.network.reference import EntryPoint, Gateway, ModeFigures, Reference, SeaWay


def rows(table: str, *given: dict[str, Any]) -> pd.DataFrame:
    """Return a table with its declared columns and the given cells."""
    frame = empty_table(table)
    filled = pd.DataFrame(list(given)).reindex(columns=frame.columns)
    for column in frame.columns:
        filled[column] = filled[column].astype(frame[column].dtype)
        if frame[column].dtype == "str":
            filled[column] = filled[column].fillna("")
    return filled


HUB = {"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0, "airport_km": 10, "port_km": 100, "handling_usd_m3": 4}
SITE = {"site": "S", "iso3": "BET", "lat": 0, "lon": 10, "road_km": 30}
HEAVY = {"item": "heavy", "unit_kg": 100, "unit_m3": 0.1, "units_per_household": 1}
LIGHT = {"item": "light", "unit_kg": 1, "unit_m3": 0.1, "units_per_household": 5}


@pytest.fixture
def reference() -> Reference:
    airports = [("AAA", "ALP", 0.0, 0.0), ("BBB", "BET", 0.0, 10.0), ("CCC", "GAM", 0.0, 14.0)]
    ports = [("ALPOR", "ALP", 0.0, 1.0), ("BETPO", "BET", 0.0, 9.0)]
    modes = [
        ModeFigures("air", 500, 10, 1.0, 100, 0.8, 200, 1.0, 0, math.inf),
        ModeFigures("sea", 25, 100, 0.01, 10, 0.02, 1000, 1.2, 0, math.inf),
        ModeFigures("road", 50, 20, 0.2, 15, 0.1, 300, 1.5, 24, 2000),
    ]
    return Reference(
        airports={code: Gateway("airport", code, f"{code} town", iso3, lat, lon) for code, iso3, lat, lon in airports},
        ports={code: Gateway("port", code, f"{code} town", iso3, lat, lon) for code, iso3, lat, lon in ports},
        entry_points={
            "ALP": EntryPoint("AAA", "ALPOR", math.nan, 24, 96),
            "BET": EntryPoint("BBB", "BETPO", 30, 48, 120),
            "GAM": EntryPoint("CCC", "BETPO", 667.17, 72, 240),
        },
        sea_ways={("ALPOR", "BETPO"): (SeaWay(1000.0),)},
        modes={mode.mode: mode for mode in modes},
        landmass={"ALP": "West", "BET": "East", "GAM": "East"},
    )


@pytest.fixture
def make() -> Callable[..., Scenario]:
    """Return a function that makes a scenario of one hub, one site and two items, with other tables as asked."""

    def make_scenario(**tables: list[dict[str, Any]]) -> Scenario:
        given = {"hubs": [HUB], "sites": [SITE], "items": [HEAVY, LIGHT], **tables}
        return Scenario("tiny", **{name: rows(name, *content) for name, content in given.items()})

    return make_scenario
