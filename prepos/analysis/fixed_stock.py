r"""What a fixed stock costs in many outcomes, fast: the recourse :math:`Q_w(x)` without a program.

Costs of lanes do not depend on the outcome here, nor do items share anything, so each outcome and item stands alone.
With one site it is a merit order. With several it is a merit order for each site as long as no hub is asked for more
than it has; what is left are transportation problems, solved together as one sparse linear program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from prepos.errors import UsageError
from prepos.evaluate import deprivation_usd
from prepos.instance import Floats, Instance, Ints
from prepos.model import Model

PROBLEMS_AT_ONCE = 400
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Recourse:
    """Costs and stocks of one item in one outcome at a time; S sources, N needs.

    Attributes
    ----------
    cost : (N, S)
        Cost of a unit from each source, less what it would cost if left unused; inf where there is no lane, or where
        leaving the need unmet costs less.
    supply : (N, S)
        Units that each source can ship in the outcome of the need.
    quantity, shortage : (N,)
        Units needed, and the cost of each that never arrives.
    """

    cost: Floats
    supply: Floats
    quantity: Floats
    shortage: Floats


def refuse_what_ties(instance: Instance) -> None:
    """Raise UsageError where items or outcomes have limits of their own, which these short cuts do not know."""
    tied = {
        "outbound limits of hubs": bool(np.isfinite(instance.outbound_m3).any()),
        "capacities of lanes": bool(np.isfinite(instance.lanes.capacity_m3).any()),
        "lanes of single outcomes": bool((instance.lanes.w >= 0).any()),
    }
    found = [name for name, is_there in tied.items() if is_there]
    if found:
        raise UsageError(f"the value of a fixed stock on many outcomes is not worked out with {', '.join(found)}")


def unit_costs(instance: Instance, model: Model) -> Floats:
    """Return the least cost of a unit by site, item and source, (J, K, S) USD; inf where there is no lane."""
    lanes = instance.lanes
    usd = lanes.usd
    if "social" in model.objective.minimise:
        usd = usd + deprivation_usd(instance, lanes.k, lanes.hours)
    table = np.full((len(instance.sites), len(instance.items), len(instance.sources)), np.inf)
    there = np.isfinite(lanes.hours)
    np.minimum.at(table, (lanes.j[there], lanes.k[there], lanes.i[there]), usd[there])
    return table


def recourse_costs(instance: Instance, model: Model, stock: Floats, units: Floats | None = None) -> Floats:
    """Return the recourse cost of each outcome with this stock in the hubs, (W,) USD.

    Parameters
    ----------
    stock : (I, K)
        Units that open hubs hold.
    units
        `unit_costs` of the instance, where they are known already.

    Raises
    ------
    UsageError
        Where the instance has outbound limits, lane capacities or lanes of single outcomes.
    """
    refuse_what_ties(instance)
    needs = instance.needs
    table = _recourse(instance, stock, unit_costs(instance, model) if units is None else units)
    shipped = _merit_order(table)
    several = _contested(instance, table, shipped)
    usd = np.where(np.isfinite(table.cost), table.cost, 0.0)
    per_need = (shipped * usd).sum(axis=1) + (table.quantity - shipped.sum(axis=1)) * table.shortage
    if several.any():
        per_need[several] = 0.0
    cost = _by_outcome(instance, needs.w, per_need)
    cost += instance.availability @ (stock @ instance.leftover_usd)
    rows = np.flatnonzero(several)
    for part in _parts(instance, rows):
        cost += _transport(instance, table, part)
    return cost


def _recourse(instance: Instance, stock: Floats, units: Floats) -> Recourse:
    needs = instance.needs
    shortage = instance.shortage_usd[needs.k]
    from_hub = np.arange(len(instance.sources)) < len(instance.hubs)
    cost = units[needs.j, needs.k] - np.where(from_hub, instance.leftover_usd[needs.k][:, None], 0.0)
    cost = np.where(cost < shortage[:, None], cost, np.inf)
    held = instance.availability[needs.w] * stock.T[needs.k]
    bought = instance.supplier_limit.T[needs.k]
    return Recourse(cost, np.concatenate([held, bought], axis=1), needs.quantity, shortage)


def _merit_order(table: Recourse) -> Floats:
    """Return the units shipped from each source if each need had all stock for itself, (N, S): cheapest first."""
    order = np.argsort(table.cost, axis=1, kind="stable")
    supply = np.where(np.isfinite(table.cost), table.supply, 0.0)
    offered = np.minimum(np.take_along_axis(supply, order, axis=1), table.quantity[:, None])
    reached = np.minimum(np.cumsum(offered, axis=1), table.quantity[:, None])
    shipped: Floats = np.zeros_like(offered)
    np.put_along_axis(shipped, order, np.diff(reached, axis=1, prepend=0.0), axis=1)
    return shipped


def _contested(instance: Instance, table: Recourse, shipped: Floats) -> Any:
    """Return which needs have an outcome and item in which some source would be asked for more than it has."""
    needs = instance.needs
    _, group = np.unique(needs.w * len(instance.items) + needs.k, return_inverse=True)
    drawn = np.zeros((int(group.max(initial=-1)) + 1, shipped.shape[1]))
    np.add.at(drawn, group, shipped)
    over = (drawn[group] > table.supply * (1 + TOLERANCE) + TOLERANCE).any(axis=1)
    return np.bincount(group, over, minlength=len(drawn))[group] > 0


def _parts(instance: Instance, rows: Ints) -> list[Ints]:
    """Split needs into parts of `PROBLEMS_AT_ONCE` outcomes and items."""
    if not len(rows):
        return []
    key = instance.needs.w[rows] * len(instance.items) + instance.needs.k[rows]
    _, group = np.unique(key, return_inverse=True)
    return [rows[group // PROBLEMS_AT_ONCE == part] for part in range(int(group.max()) // PROBLEMS_AT_ONCE + 1)]


def _transport(instance: Instance, table: Recourse, rows: Ints) -> Floats:
    """Return the cost by outcome, (W,), of needs that compete for stock: transportation problems side by side."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    key = instance.needs.w[rows] * len(instance.items) + instance.needs.k[rows]
    _, problem = np.unique(key, return_inverse=True)
    sources = table.cost.shape[1]
    n, i = np.nonzero(np.isfinite(table.cost[rows]) & (table.supply[rows] > 0))
    saved = table.cost[rows][n, i] - table.shortage[rows][n]
    limits = np.concatenate([table.quantity[rows], np.zeros((int(problem.max()) + 1) * sources)])
    limits[len(rows) + (problem[:, None] * sources + np.arange(sources))] = table.supply[rows]
    column = np.arange(len(n))
    constraint = np.concatenate([n, len(rows) + problem[n] * sources + i])
    matrix = coo_array((np.ones(2 * len(n)), (constraint, np.tile(column, 2))), shape=(len(limits), len(n))).tocsr()
    bounded = np.isfinite(limits)
    answer = linprog(saved, A_ub=matrix[bounded], b_ub=limits[bounded], method="highs")
    if answer.status != 0:
        raise ArithmeticError(f"a transportation problem was not solved: {answer.message}")
    unmet = _by_outcome(instance, instance.needs.w[rows], table.quantity[rows] * table.shortage[rows])
    return unmet + _by_outcome(instance, instance.needs.w[rows][n], saved * answer.x)


def _by_outcome(instance: Instance, w: Ints, values: Floats) -> Floats:
    total = np.zeros(len(instance.outcomes))
    np.add.at(total, w, values)
    return total
