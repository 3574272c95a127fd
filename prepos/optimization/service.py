r"""Service that a plan must reach, in expectation or with a probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from prepos.instance import Ints
from prepos.optimization.costs import share_of_a_unit
from prepos.optimization.data import ProgramData, group
from prepos.optimization.response import linear
from prepos.optimization.stocking import Program


def add_service(m: Program, data: ProgramData) -> None:
    """Add what the model asks of service; nothing where it asks for nothing."""
    if data.model.service.min_coverage is not None:
        add_expected_coverage(m, data)
    if data.model.service.probability is not None:
        add_chance_of_full_coverage(m, data)


@dataclass(frozen=True)
class Share:
    r"""Expected share of a group's need met in time: :math:`\sum_a value_a f_a / whole`.

    A sum of units over a sum of units: written as shares, a need of millions would make coefficients so small that
    the solver takes them for nothing.
    """

    arcs: list[int]
    value: list[float]
    whole: float


def add_expected_coverage(m: Program, data: ProgramData) -> None:
    r"""In expectation, meet a share of need in time: of each item, of each region, or of all.

    .. math:: \sum_k \frac{\omega_k}{\sum \omega}
              \frac{\sum_w p_w \sum_{\tau \le T} f_{wijkv}}{\sum_w p_w \sum_j d_{wjk}} \ge c \quad \text{for each group}

    A region or the whole balances its items by weight; an item is its own group. A group that never needs anything
    asks for nothing.
    """
    least = data.model.service.min_coverage or 0.0
    m.service = pyo.ConstraintList()
    for share in group_shares(data):
        m.service.add(linear([*(m.f[a] for a in share.arcs), m.nothing], [*share.value, 1.0]) >= least * share.whole)


def group_shares(data: ProgramData) -> list[Share]:
    """Return the share of each group that needs something."""
    of_need = _groups_of_needs(data)
    weight = np.ones(len(data.instance.items)) if data.model.service.by == "item" else None
    shares = []
    for g in np.unique(of_need).tolist():
        value = share_of_a_unit(data.instance, of_need == g, weight)
        arcs = np.flatnonzero(data.on_time & (of_need[data.n] == g))
        if value.any():
            shares.append(Share(arcs.tolist(), (value[data.n[arcs]] / value.max()).tolist(), 1 / float(value.max())))
    return shares


def _groups_of_needs(data: ProgramData) -> Ints:
    instance = data.instance
    match data.model.service.by:
        case "item":
            return instance.needs.k
        case "region":
            names = {name: g for g, name in enumerate(dict.fromkeys(instance.regions))}
            return np.array([names[instance.regions[j]] for j in instance.needs.j.tolist()], dtype=np.int64)
        case _:
            return np.zeros(len(instance.needs.k), dtype=np.int64)


def add_chance_of_full_coverage(m: Program, data: ProgramData) -> None:
    r"""With a probability, meet all of a group's need in time.

    .. math:: \sum_{iv : \tau \le T} f_{wijkv} \ge d_{wjk} s_{wg}, \qquad
              \sum_w p_w s_{wg} \ge \alpha, \qquad s_{wg} \in \{0, 1\}

    An outcome without need of the group counts as met.
    """
    needs, of_need = data.instance.needs, _groups_of_needs(data)
    members = group(needs.w, of_need)
    m.fully_met = pyo.Var(list(members), domain=pyo.Binary)
    m.full_coverage = pyo.ConstraintList()
    on_time = np.flatnonzero(data.on_time)
    arriving = {key[0]: on_time[some].tolist() for key, some in group(data.n[on_time]).items()}
    for key, some in members.items():
        for n in some:
            _met_if(m, arriving.get(n, []), float(needs.quantity[n]), m.fully_met[key])
    m.chance = pyo.ConstraintList()
    for chance in chances(m, data):
        m.chance.add(chance >= data.model.service.probability)


def chances(m: Program, data: ProgramData) -> list[Any]:
    """Return the probability of each group that all its need is met in time."""
    probability = data.instance.probability.tolist()
    needing: dict[int, list[int]] = {}
    for w, g in m.fully_met:
        needing.setdefault(g, []).append(w)
    return [
        sum(p for w, p in enumerate(probability) if w not in needing[g])
        + m.nothing
        + pyo.quicksum(probability[w] * m.fully_met[w, g] for w in needing[g])
        for g in sorted(needing)
    ]


def _met_if(m: Program, arcs: list[int], needed: float, met: Any) -> None:
    if arcs:
        m.full_coverage.add(linear([*(m.f[a] for a in arcs), met], [1.0] * len(arcs) + [-needed]) >= 0)
    else:
        met.fix(0)
