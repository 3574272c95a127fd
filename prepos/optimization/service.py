r"""Service that a plan must reach, in expectation or with a probability."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from prepos.instance import Floats, Ints
from prepos.optimization.data import ProgramData, group
from prepos.optimization.response import linear
from prepos.optimization.stocking import Program


def add_service(m: Program, data: ProgramData) -> None:
    """Add what the model asks of service; nothing where it asks for nothing."""
    if data.model.service.min_coverage is not None:
        add_expected_coverage(m, data)
    if data.model.service.probability is not None:
        add_chance_of_full_coverage(m, data)


def add_expected_coverage(m: Program, data: ProgramData) -> None:
    r"""In expectation, meet a share of need in time: of each item, of each region, or of all.

    .. math:: \sum_k \frac{\omega_k}{\sum \omega}
              \frac{\sum_w p_w \sum_{\tau \le T} f_{wijkv}}{\sum_w p_w \sum_j d_{wjk}} \ge c \quad \text{for each group}

    A region or the whole balances its items by weight; an item is its own group.
    """
    least = data.model.service.min_coverage
    m.service = pyo.ConstraintList()
    for arcs, value in group_shares(data):
        m.service.add(linear([*(m.f[a] for a in arcs), m.nothing], [*value, 1.0]) >= least)


def group_shares(data: ProgramData) -> list[tuple[list[int], list[float]]]:
    """Return each group's arcs that are on time and what a unit on each adds to the share; groups with a need only."""
    needs = data.instance.needs
    of_need = _groups_of_needs(data)
    shares = []
    for g in np.unique(of_need).tolist():
        value = _share_of_a_unit(data, np.flatnonzero(of_need == g))
        arcs = np.flatnonzero(data.on_time & (of_need[data.n] == g))
        if needs.quantity[of_need == g].sum() > 0:
            shares.append((arcs.tolist(), value[data.n[arcs]].tolist()))
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


def _share_of_a_unit(data: ProgramData, members: Ints) -> Floats:
    """Return what a unit of each need of the group adds to the group's balanced expected share, (N,)."""
    instance = data.instance
    needs, p = instance.needs, instance.probability
    k, mass = needs.k[members], p[needs.w[members]] * needs.quantity[members]
    expected = np.bincount(k, weights=mass, minlength=len(instance.items))
    weight = np.where(expected > 0, instance.weight, 0.0)
    share = np.zeros(len(needs.k))
    share[members] = p[needs.w[members]] * weight[k] / np.maximum(expected[k] * weight.sum(), 1e-300)
    return share


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
    for g in np.unique(of_need).tolist():
        m.chance.add(_chance_of(m, data, members, g) >= data.model.service.probability)


def _met_if(m: Program, arcs: list[int], needed: float, met: Any) -> None:
    if arcs:
        m.full_coverage.add(linear([*(m.f[a] for a in arcs), met], [1.0] * len(arcs) + [-needed]) >= 0)
    else:
        met.fix(0)


def _chance_of(m: Program, data: ProgramData, members: dict[tuple[int, ...], list[int]], g: int) -> Any:
    probability = data.instance.probability.tolist()
    without_need = sum(p for w, p in enumerate(probability) if (w, g) not in members)
    with_need = [w for w in range(len(probability)) if (w, g) in members]
    return without_need + m.nothing + pyo.quicksum(probability[w] * m.fully_met[w, g] for w in with_need)
