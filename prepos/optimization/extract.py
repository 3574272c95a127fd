"""Turn the values of a solved program into a Plan: tables with names, no solver object."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from prepos.evaluate import UNMET_TOLERANCE
from prepos.instance import Floats, Instance
from prepos.optimization.costs import level_names
from prepos.optimization.data import ProgramData
from prepos.optimization.solve import Solution
from prepos.optimization.stocking import Program, movable_hubs
from prepos.plan import FLOW_COLUMNS, HUB_COLUMNS, MOVE_COLUMNS, STOCK_COLUMNS, UNMET_COLUMNS, Level, Plan

NO_UNIT = 1e-7
"""Units below which a value is the solver's rounding, not a decision."""


def extract(
    m: Program,
    data: ProgramData,
    solution: Solution,
    seconds: dict[str, float],
    engine: str,
    flows: Floats | None = None,
) -> Plan:
    """Return the plan that the program's variables hold; `flows` on the arcs, where the program has none of its own."""
    instance = data.instance
    stock = stock_held(m, data)
    moves = moves_made(m, data, stock)
    flows = _array(m.f) if flows is None else flows
    named = named_level(m, data, solution)
    return Plan(
        status=solution.status,
        engine=engine,
        objective=named.value,
        bound=named.bound,
        gap=named.gap,
        seconds=seconds,
        hubs=_hubs(m, data),
        stock=_long(instance, stock),
        purchases=_long(instance, purchases_made(data, stock, moves)),
        moves=_moves_table(instance, moves),
        flows=_flows_table(data, flows),
        unmet=_unmet_table(data, flows),
        levels=solution.levels,
        notes=_notes(data, solution),
    )


def named_level(m: Program, data: ProgramData, solution: Solution) -> Level:
    """Return the level of the model's first objective; not reached before a stop, it has a value but no bound."""
    name = data.model.objective.minimise[0]
    for level in solution.levels:
        if level.name == name:
            return level
    return Level(name, float(pyo.value(m.component(f"objective_{name}"))), -np.inf, np.inf)


def stock_held(m: Program, data: ProgramData) -> Floats:
    """Return what each hub holds, (I, K); stock that cannot be used stays where it is, unless it is moved."""
    instance = data.instance
    held = np.zeros_like(instance.stock)
    for (i, k), variable in m.x.items():
        held[i, k] = _rounded(variable.value)
    pooled = data.model.stock.mode != "as_is" and data.model.stock.moves == "free"
    for i in np.flatnonzero(~data.usable).tolist():
        if data.kept[i] or not pooled:
            held[i] = instance.stock[i]
    if data.model.stock.mode != "as_is" and data.model.stock.moves == "costed":
        for (a, _, k), variable in m.r.items():
            held[a, k] -= 0.0 if data.usable[a] else _rounded(variable.value)
    return held


def moves_made(m: Program, data: ProgramData, stock: Floats) -> list[tuple[int, int, int, float]]:
    """Return (from, to, item, units) moved; free moves fill each deficit from the nearest surplus."""
    if data.model.stock.mode == "as_is" or data.model.stock.moves == "none":
        return []
    if data.model.stock.moves == "costed":
        made = [(a, b, k, _rounded(v.value)) for (a, b, k), v in m.r.items()]
        return [move for move in made if move[3] > 0]
    change = stock - data.instance.stock
    change[~np.isin(np.arange(len(change)), movable_hubs(data))] = 0.0
    return [move for k in range(change.shape[1]) for move in _match(data.instance, change[:, k], k)]


def purchases_made(data: ProgramData, stock: Floats, moves: list[tuple[int, int, int, float]]) -> Floats:
    """Return what each hub buys, (I, K): what it holds beyond today's stock and what moves bring."""
    bought = stock - data.instance.stock
    for a, b, k, units in moves:
        bought[a, k] += units
        bought[b, k] -= units
    return np.where(bought > NO_UNIT, bought, 0.0)


def _match(instance: Instance, change: Floats, k: int) -> list[tuple[int, int, int, float]]:
    surplus = {i: -float(c) for i, c in enumerate(change) if c < -NO_UNIT}
    deficit = {i: float(c) for i, c in enumerate(change) if c > NO_UNIT}
    table = instance.scenario.hubs
    moves = []
    pairs = sorted((_distance(table, a, b), a, b) for a in surplus for b in deficit)
    for _, a, b in pairs:
        units = min(surplus[a], deficit[b])
        if units > NO_UNIT:
            moves.append((a, b, k, units))
            surplus[a] -= units
            deficit[b] -= units
    return moves


def _distance(hubs: pd.DataFrame, a: int, b: int) -> float:
    from prepos.network.distance import great_circle_km

    lat, lon = hubs["lat"].to_numpy(float), hubs["lon"].to_numpy(float)
    km = float(great_circle_km(lat[a], lon[a], lat[b], lon[b]))
    return km if np.isfinite(km) else 0.0


def _hubs(m: Program, data: ProgramData) -> pd.DataFrame:
    rows = []
    for i, hub in enumerate(data.instance.hubs):
        runs = [tier.name for n, tier in enumerate(data.tiers[i]) if (m.y[i, n].value or 0.0) > 0.5]
        rows.append((hub, bool(runs), runs[0] if runs else ""))
    return pd.DataFrame(rows, columns=list(HUB_COLUMNS))


def _long(instance: Instance, units: Floats) -> pd.DataFrame:
    i, k = np.nonzero(units > NO_UNIT)
    rows = {"hub": _names(instance.hubs, i), "item": _names(instance.items, k), "quantity": units[i, k]}
    return pd.DataFrame(rows, columns=list(STOCK_COLUMNS))


def _moves_table(instance: Instance, moves: list[tuple[int, int, int, float]]) -> pd.DataFrame:
    rows = [(instance.hubs[a], instance.hubs[b], instance.items[k], units) for a, b, k, units in moves]
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS))


def _flows_table(data: ProgramData, flows: Floats) -> pd.DataFrame:
    instance = data.instance
    used = np.flatnonzero(flows > NO_UNIT)
    columns = {
        "outcome": _names(instance.outcomes, data.w[used]),
        "hub": _names(instance.sources, data.i[used]),
        "site": _names(instance.sites, data.j[used]),
        "item": _names(instance.items, data.k[used]),
        "mode": _names(instance.modes, data.v[used]),
        "quantity": flows[used],
    }
    return pd.DataFrame(columns, columns=list(FLOW_COLUMNS))


def _unmet_table(data: ProgramData, flows: Floats) -> pd.DataFrame:
    instance, needs = data.instance, data.instance.needs
    shipped = np.where(flows > NO_UNIT, flows, 0.0)
    unmet = needs.quantity - np.bincount(data.n, weights=shipped, minlength=len(needs.quantity))
    short = np.flatnonzero(unmet > UNMET_TOLERANCE)
    columns = {
        "outcome": _names(instance.outcomes, needs.w[short]),
        "site": _names(instance.sites, needs.j[short]),
        "item": _names(instance.items, needs.k[short]),
        "quantity": unmet[short],
    }
    return pd.DataFrame(columns, columns=list(UNMET_COLUMNS))


def _notes(data: ProgramData, solution: Solution) -> tuple[str, ...]:
    unsolved = level_names(data.model)[len(solution.levels) :]
    return (f"not reached before the stop: {', '.join(unsolved)}",) if unsolved else ()


def _names(ids: tuple[str, ...], positions: Any) -> list[str]:
    return [ids[position] for position in positions.tolist()]


def _array(variables: Any) -> Floats:
    return np.array([variable.value or 0.0 for variable in variables.values()], dtype=float)


def _rounded(value: float | None) -> float:
    """Return a value without the solver's last digits: whole units where it means whole units."""
    value = value or 0.0
    whole = round(value)
    return float(whole) if abs(value - whole) <= 1e-6 else value
