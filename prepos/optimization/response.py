r"""Second stage: what is shipped when an outcome happens.

Variables: :math:`f_a` units on arc a = (w, i, j, k, v), :math:`u_{wjk}` units that never arrive.
"""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr import LinearExpression

from prepos.instance import Floats, Ints
from prepos.optimization.data import ProgramData, group
from prepos.optimization.stocking import Program, must_open


def add_response(m: Program, data: ProgramData) -> None:
    """Add the shipments of every outcome, and what binds them."""
    m.f = pyo.Var(range(len(data.n)), domain=pyo.NonNegativeReals)
    m.u = pyo.Var(range(len(data.instance.needs.w)), domain=pyo.NonNegativeReals)
    add_demand(m, data)
    add_supply(m, data)
    add_shipping_only_from_open_hubs(m, data)
    add_suppliers(m, data)
    add_outbound(m, data)
    add_lift(m, data)


def linear(variables: list[object], coefficients: list[float] | None = None) -> LinearExpression:
    """Return a sum of variables, weighted; built at once, which is far faster than term by term."""
    return LinearExpression(linear_coefs=coefficients or [1.0] * len(variables), linear_vars=variables)


def add_demand(m: Program, data: ProgramData) -> None:
    r"""Whatever is needed arrives or is unmet.

    .. math:: \sum_{i,v} f_{wijkv} + u_{wjk} = d_{wjk} \quad \forall w, j, k
    """
    quantity = data.instance.needs.quantity.tolist()
    into = group(data.n)
    m.demand = pyo.ConstraintList()
    for n, needed in enumerate(quantity):
        arriving = [m.f[a] for a in into.get((n,), [])]
        m.u[n].setub(needed)
        m.demand.add(linear([*arriving, m.u[n]]) == needed)


def add_supply(m: Program, data: ProgramData) -> None:
    r"""Ship no more than is held and survives.

    .. math:: \sum_{j,v} f_{wijkv} \le a_{wi} \, x_{ik} \quad \forall w, i, k
    """
    share = data.instance.availability.tolist()
    m.supply = pyo.ConstraintList()
    for (w, i, k), shipped in _from_hubs(data, data.w, data.i, data.k).items():
        m.supply.add(linear([*(m.f[a] for a in shipped), m.x[i, k]], [1.0] * len(shipped) + [-share[w][i]]) <= 0)


def add_shipping_only_from_open_hubs(m: Program, data: ProgramData) -> None:
    r"""Ship from a hub no more than a need asks for, and nothing if the hub does not run.

    .. math:: \sum_v f_{wijkv} \le d_{wjk} \sum_l y_{il} \quad \forall w, i, j, k

    Implied by `add_supply` and `add_linking`, yet far tighter: it keeps a relaxation from opening a fraction of a hub
    for the small outcomes. On the bundled 2015 scenario the root bound becomes the optimum.
    """
    needed = data.instance.needs.quantity.tolist()
    m.shipping_only_from_open_hubs = pyo.ConstraintList()
    for (n, i), shipped in _from_hubs(data, data.n, data.i).items():
        if not must_open(data, i):
            runs = [m.y[i, position] for position in range(len(data.tiers[i]))]
            coefficients = [1.0] * len(shipped) + [-needed[n]] * len(runs)
            m.shipping_only_from_open_hubs.add(linear([*(m.f[a] for a in shipped), *runs], coefficients) <= 0)


def add_suppliers(m: Program, data: ProgramData) -> None:
    r"""Call no more from a supplier than its contract allows.

    .. math:: \sum_{j,v} f_{wsjkv} \le limit_{sk} \quad \forall w, s, k
    """
    first = len(data.instance.hubs)
    called = np.flatnonzero(data.i >= first)
    m.supplier_limit = pyo.ConstraintList()
    for (_, s, k), some in group(data.w[called], data.i[called] - first, data.k[called]).items():
        limit = float(data.instance.supplier_limit[s, k])
        if np.isfinite(limit):
            m.supplier_limit.add(linear([m.f[a] for a in called[some].tolist()]) <= limit)


def add_outbound(m: Program, data: ProgramData) -> None:
    r"""Ship no more from a hub than it can load within the horizon, all items together.

    .. math:: \sum_{j,k,v} m3_k f_{wijkv} \le outbound_i \quad \forall w, i
    """
    m.outbound = pyo.ConstraintList()
    for (_, i), shipped in _from_hubs(data, data.w, data.i).items():
        limit = float(data.instance.outbound_m3[i])
        if np.isfinite(limit):
            m.outbound.add(_volume(m, data.volume, shipped) <= limit)


def add_lift(m: Program, data: ProgramData) -> None:
    r"""Ship no more on a lane than it can lift in one outcome, all items together.

    .. math:: \sum_k m3_k f_{wijkv} \le cap_{ijv} \quad \forall w, i, j, v
    """
    m.lift = pyo.ConstraintList()
    limited = np.flatnonzero(np.isfinite(data.lane_capacity_m3))
    letters = [column[limited] for column in (data.w, data.i, data.j, data.v)]
    for some in group(*letters).values():
        arcs = limited[some].tolist()
        m.lift.add(_volume(m, data.volume, arcs) <= float(data.lane_capacity_m3[arcs].min()))


def _volume(m: Program, volume: Floats, arcs: list[int]) -> LinearExpression:
    return linear([m.f[a] for a in arcs], volume[arcs].tolist())


def _from_hubs(data: ProgramData, *letters: Ints) -> dict[tuple[int, ...], list[int]]:
    own = np.flatnonzero(data.i < len(data.instance.hubs))
    return {key: own[some].tolist() for key, some in group(*(column[own] for column in letters)).items()}
