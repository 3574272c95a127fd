r"""First stage: which hubs run, at which size, and what they hold before any disaster.

Variables: :math:`y_{il}` hub i runs at tier l, :math:`x_{ik}` stock, :math:`z_{ik}` purchases,
:math:`r_{ii'k}` moves, :math:`n_{ik}` whole lots, :math:`t_{ik}` the hub that holds the broken lot.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from prepos.optimization.data import ProgramData

Program = Any
"""A Pyomo block; Pyomo has no types of its own."""

BROKEN_LOT_TOLERANCE = 1e-9


def add_stocking(m: Program, data: ProgramData) -> None:
    """Add the decisions taken before any disaster, and what binds them."""
    add_hubs(m, data)
    add_stock(m, data)
    add_capacity(m, data)
    add_linking(m, data)
    if data.model.stock.mode != "as_is":
        add_balance(m, data)
        if data.model.stock.integer:
            add_lots(m, data)
    add_number_of_hubs(m, data)


def add_hubs(m: Program, data: ProgramData) -> None:
    r"""Run each hub at one tier at most; forced and kept hubs are fixed.

    .. math:: \sum_l y_{il} \le 1, \qquad y_{il} \in \{0, 1\}
    """
    tiers = [(i, position) for i, choices in data.tiers.items() for position in range(len(choices))]
    m.y = pyo.Var(tiers, domain=pyo.Binary)
    m.one_tier = pyo.ConstraintList()
    for i, choices in data.tiers.items():
        runs = m.nothing + sum(m.y[i, position] for position in range(len(choices)))
        if must_open(data, i):
            m.one_tier.add(runs == 1)
        elif len(choices) > 1:
            m.one_tier.add(runs <= 1)


def must_open(data: ProgramData, i: int) -> bool:
    """Return whether hub i has to run: forced open, kept as it is, not chosen, or holding stock that cannot leave."""
    model, instance = data.model, data.instance
    if instance.hubs[i] in model.hubs.force_open:
        return True
    stuck = model.stock.moves == "none" and instance.stock[i].any()
    return bool(data.usable[i] and (data.kept[i] or not model.hubs.choose or stuck))


def add_stock(m: Program, data: ProgramData) -> None:
    """Hold stock up to what could be useful; a kept hub holds what it holds today."""
    instance = data.instance
    pairs = [(i, k) for i in np.flatnonzero(data.usable).tolist() for k in range(len(instance.items))]
    m.x = pyo.Var(pairs, domain=pyo.NonNegativeReals)
    for i, k in pairs:
        if data.kept[i]:
            m.x[i, k].fix(float(instance.stock[i, k]))
        elif np.isfinite(data.most[i, k]):
            m.x[i, k].setub(float(data.most[i, k]))


def add_capacity(m: Program, data: ProgramData) -> None:
    r"""Hold no more than fits in the tier that is run; stock that stays as it is has already found room.

    .. math:: \sum_k m3_k \, x_{ik} \le \sum_l cap_{il} \, y_{il} \quad \forall i
    """
    volume = data.instance.unit_m3.tolist()
    m.capacity = pyo.ConstraintList()
    for i, choices in data.tiers.items():
        limited = choices and not data.kept[i] and all(np.isfinite(tier.capacity_m3) for tier in choices)
        if limited:
            held = sum(volume[k] * m.x[i, k] for k in range(len(volume)))
            room = sum(tier.capacity_m3 * m.y[i, position] for position, tier in enumerate(choices))
            m.capacity.add(held <= room)


def add_linking(m: Program, data: ProgramData) -> None:
    r"""Hold nothing at a hub that does not run; item by item, which tightens the relaxation.

    .. math:: x_{ik} \le \sum_l \min(cap_{il} / m3_k, most_{ik}) \, y_{il} \quad \forall i, k

    where most is the largest quantity that any outcome could draw from the hub (`data._most_stock`).
    """
    volume = data.instance.unit_m3.tolist()
    m.linking = pyo.ConstraintList()
    for i, k in m.x:
        if data.kept[i] or must_open(data, i):
            continue
        limits = [min(t.capacity_m3 / volume[k] if volume[k] > 0 else np.inf, data.most[i, k]) for t in data.tiers[i]]
        m.linking.add(m.x[i, k] <= sum(float(limit) * m.y[i, p] for p, limit in enumerate(limits)))


def add_balance(m: Program, data: ProgramData) -> None:
    r"""Stock is what lay there, plus purchases, plus moves in, minus moves out.

    .. math:: x_{ik} = x^0_{ik} + z_{ik} + \sum_{i'} r_{i'ik} - \sum_{i'} r_{ii'k}

    Where moves cost nothing, only their sum matters: :math:`\sum_i x_{ik} = \sum_i x^0_{ik} + z_k`.
    """
    balance = {"free": _pooled_balance, "costed": _balance_with_moves, "none": _balance_without_moves}
    balance[data.model.stock.moves](m, data)


def _may_buy(data: ProgramData) -> bool:
    return data.model.stock.mode == "free"


def movable_hubs(data: ProgramData) -> list[int]:
    """Return the hubs whose stock may change, and those whose stock can only leave."""
    return [i for i in range(len(data.instance.hubs)) if not data.kept[i]]


def _pooled_balance(m: Program, data: ProgramData) -> None:
    items = range(len(data.instance.items))
    m.bought = pyo.Var(items, domain=pyo.NonNegativeReals, bounds=(0, None if _may_buy(data) else 0))
    m.balance = pyo.ConstraintList()
    for k in items:
        held = sum(m.x[i, k] for i in movable_hubs(data) if data.usable[i])
        today = float(data.instance.stock[movable_hubs(data), k].sum())
        m.balance.add(held + m.nothing == today + m.bought[k])


def _balance_without_moves(m: Program, data: ProgramData) -> None:
    changing = [(i, k) for i, k in m.x if not data.kept[i]]
    m.z = pyo.Var(changing, domain=pyo.NonNegativeReals, bounds=(0, None if _may_buy(data) else 0))
    m.bought = pyo.Expression(range(len(data.instance.items)), rule=lambda m, k: _total(m.z, changing, k))
    m.balance = pyo.ConstraintList()
    for i, k in changing:
        m.balance.add(m.x[i, k] == float(data.instance.stock[i, k]) + m.z[i, k])


def _balance_with_moves(m: Program, data: ProgramData) -> None:
    assert data.move_usd is not None
    hubs, items = movable_hubs(data), range(len(data.instance.items))
    changing = [(i, k) for i in hubs if data.usable[i] for k in items]
    ways = np.argwhere(np.isfinite(data.move_usd)).tolist()
    legs = [(a, b, k) for a, b, k in ways if a != b and a in hubs and b in hubs and data.usable[b]]
    legs = [(a, b, k) for a, b, k in legs if data.usable[a] or data.instance.stock[a, k] > 0]
    m.r = pyo.Var(legs, domain=pyo.NonNegativeReals)
    m.z = pyo.Var(changing, domain=pyo.NonNegativeReals, bounds=(0, None if _may_buy(data) else 0))
    m.bought = pyo.Expression(items, rule=lambda m, k: _total(m.z, changing, k))
    into: dict[tuple[int, int], list[Any]] = {}
    out: dict[tuple[int, int], list[Any]] = {}
    for a, b, k in legs:
        out.setdefault((a, k), []).append(m.r[a, b, k])
        into.setdefault((b, k), []).append(m.r[a, b, k])
    m.balance = pyo.ConstraintList()
    for i in hubs:
        for k in items:
            today = float(data.instance.stock[i, k])
            change = sum(into.get((i, k), [])) - sum(out.get((i, k), []))
            if data.usable[i]:
                m.balance.add(m.x[i, k] == today + m.z[i, k] + change)
            elif (i, k) in out:
                m.balance.add(-change <= today)


def _total(z: Any, pairs: list[tuple[int, int]], k: int) -> Any:
    return sum(z[pair] for pair in pairs if pair[1] == k)


def add_lots(m: Program, data: ProgramData) -> None:
    r"""Hold whole lots; the one broken lot that a pool's total may leave lies at one of its hubs.

    .. math:: x_{ik} = b_k n_{ik} + R_{qk} t_{ik}, \quad \sum_{i \in q} t_{ik} = 1, \quad n_{ik} \in \mathbb{N},
              \quad R_{qk} = \left( \sum_{i \in q} x^0_{ik} \right) \bmod b_k

    A pool q is a set of hubs among which stock may move (see `pools`).
    """
    changing = [(i, k) for i, k in m.x if not data.kept[i]]
    holders = [([i for i in pool if data.usable[i]], k, rest) for pool, k, rest in broken_lots(data)]
    rests = {(i, k): rest for some, k, rest in holders for i in some}
    m.lots = pyo.Var(changing, domain=pyo.NonNegativeIntegers)
    m.holds_rest = pyo.Var(list(rests), domain=pyo.Binary)
    m.whole_lots = pyo.ConstraintList()
    m.broken_lot = pyo.ConstraintList()
    lot = data.instance.lot.tolist()
    for i, k in changing:
        rest = rests[i, k] * m.holds_rest[i, k] if (i, k) in rests else 0.0
        m.whole_lots.add(m.x[i, k] == lot[k] * m.lots[i, k] + rest)
    for some, k, _ in holders:
        if some:
            m.broken_lot.add(sum(m.holds_rest[i, k] for i in some) == 1)


def pools(data: ProgramData) -> list[list[int]]:
    """Return the hubs whose stock may change, in groups within which it may move; without moves each is its own."""
    hubs = movable_hubs(data)
    if data.model.stock.moves == "free":
        return [hubs]
    joined = np.eye(len(hubs), dtype=bool)
    if data.move_usd is not None:
        joined |= np.isfinite(data.move_usd[np.ix_(hubs, hubs)]).any(axis=2)
    _, pool_of = connected_components(csr_array(joined), directed=False)
    return [[hubs[n] for n in np.flatnonzero(pool_of == q).tolist()] for q in np.unique(pool_of)]


def broken_lots(data: ProgramData) -> list[tuple[list[int], int, float]]:
    """Return (hubs, item, units): what today's stock of each pool holds beyond whole lots."""
    found = []
    for pool in pools(data):
        total = data.instance.stock[pool].sum(axis=0)
        rest = np.mod(total, data.instance.lot)
        tolerance = BROKEN_LOT_TOLERANCE * np.maximum(total, 1.0)
        broken = (rest > tolerance) & (data.instance.lot - rest > tolerance)
        found += [(pool, int(k), float(rest[k])) for k in np.flatnonzero(broken)]
    return found


def add_number_of_hubs(m: Program, data: ProgramData) -> None:
    r"""Run no fewer and no more hubs than asked; forward stocks that stay as they are do not count.

    .. math:: n_{min} \le \sum_{i,l} y_{il} \le n_{max}
    """
    hubs = data.model.hubs
    m.number_of_hubs = pyo.ConstraintList()
    if data.model.stock.mode == "as_is":
        return
    running = sum(m.y[i, position] for i, position in m.y if not data.kept[i])
    if hubs.min_open is not None:
        m.number_of_hubs.add(running + m.nothing >= hubs.min_open)
    if hubs.max_open is not None:
        m.number_of_hubs.add(running + m.nothing <= hubs.max_open)
