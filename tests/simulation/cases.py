"""Small situations for the simulation: scenarios from a few rows, plans from a few quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from prepos.data.scenario import Scenario, Settings, empty_table
from prepos.instance import Instance, build_instance
from prepos.plan import PLAN_TABLES, Plan
from prepos.simulation import SimulationOptions
from prepos.simulation.hazards import Storms, script_storms
from prepos.simulation.record import Log
from prepos.simulation.setting import Setting, build_setting, read_plan
from prepos.simulation.world import World


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a table of the scenario with its declared columns and the given cells."""
    frame = empty_table(name)
    filled = pd.DataFrame(list(rows)).reindex(columns=frame.columns)
    for column in frame.columns:
        filled[column] = filled[column].astype(frame[column].dtype)
        if frame[column].dtype == "str":
            filled[column] = filled[column].fillna("")
    return filled


def item(name: str, **cells: Any) -> dict[str, Any]:
    """Return a row of items.csv: 1 kg, 1 m3, 10 USD."""
    return {"item": name, "unit_kg": 1.0, "unit_m3": 1.0, "price_usd": 10.0, **cells}


def lane(hub: str, site: str, mode: str, hours: float, usd: float = 1.0, **cells: Any) -> dict[str, Any]:
    """Return a row of lanes.csv."""
    return {
        "hub": hub,
        "site": site,
        "mode": mode,
        "hours": hours,
        "usd_per_unit": usd,
        "kgco2e_per_unit": 0.5,
        **cells,
    }


def build(settings: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]) -> Instance:
    """Return the instance of a scenario with the given tables."""
    filled = {name: table(name, rows) for name, rows in tables.items()}
    return build_instance(Scenario(name="test", settings=Settings(**(settings or {})), **filled))


def two_hubs(settings: Mapping[str, Any] | None = None, **tables: Any) -> Instance:
    """Return two hubs and two sites in two regions, two items, and one disaster at each site.

    Hub A reaches X by air in 30 h and by sea in 200 h; hub B reaches both sites by air in 60 h.
    """
    given: dict[str, Any] = {
        "hubs": [{"hub": "A", "status": "open"}, {"hub": "B", "status": "open"}],
        "items": [item("tent", people_per_unit=5.0), item("mat", unit_m3=0.1, people_per_unit=1.0)],
        "sites": [{"site": "X", "region": "east"}, {"site": "Y", "region": "west"}],
        "outcomes": [{"outcome": "x", "probability": 0.5}, {"outcome": "y", "probability": 0.5}],
        "needs": [
            {"outcome": "x", "site": "X", "item": "tent", "quantity": 100.0},
            {"outcome": "x", "site": "X", "item": "mat", "quantity": 500.0},
            {"outcome": "y", "site": "Y", "item": "tent", "quantity": 80.0},
        ],
        "lanes": [
            lane("A", "X", "air", 30.0, usd=5.0),
            lane("A", "X", "sea", 200.0, usd=1.0),
            lane("B", "X", "air", 60.0, usd=4.0),
            lane("B", "Y", "air", 60.0, usd=4.0),
        ],
    }
    return build({"disasters_per_year": 6.0, **(settings or {})}, **{**given, **tables})


def plan(
    instance: Instance,
    stock: Mapping[tuple[str, str], float],
    flows: Sequence[tuple[str, str, str, str, str, float]] = (),
    unmet: Sequence[tuple[str, str, str, float]] = (),
) -> Plan:
    """Return a plan that holds the stock, (hub, item) -> units, in hubs that are all open."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in PLAN_TABLES}
    rows["hubs"] = [(hub, True, "base") for hub in instance.hubs]
    rows["stock"] = [(hub, name, units) for (hub, name), units in stock.items()]
    rows["flows"] = list(flows)
    rows["unmet"] = list(unmet)
    tables = {name: _frame(rows[name], columns) for name, columns in PLAN_TABLES.items()}
    return Plan(status="optimal", engine="none", objective=0.0, bound=0.0, gap=0.0, seconds={}, **tables)


def _frame(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns))
    return frame.astype({c: "float64" if c == "quantity" else "bool" if c == "open" else "str" for c in columns})


def story(
    instance: Instance,
    the_plan: Plan,
    arrivals: Sequence[tuple[float, int]] = ((0.0, 0),),
    **options: Any,
) -> tuple[World, Setting, Storms]:
    """Return a world that is ready to run: (onset in hours, disaster) one after the other, and no other surprise."""
    setting = build_setting(instance, SimulationOptions.without_surprises(**options))
    storms = script_storms(setting.catalogue, setting.options, 0, setting.shape, arrivals)
    return World(setting, read_plan(instance, setting, "plan", the_plan), storms), setting, storms


def deliveries(instance: Instance, log: Log) -> list[tuple[str, str, float, tuple[float, ...]]]:
    """Return source, mode, hours after onset and units of each arrival, in order of arrival."""
    return [
        (instance.sources[i], instance.modes[v], round(age, 6), tuple(units.round(6).tolist()))
        for i, v, age, units in zip(log.source, log.mode, log.age, log.units, strict=True)
    ]
