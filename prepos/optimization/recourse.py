r"""Recourse cost of each outcome as an expression: what the risk measures weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from prepos.instance import Floats
from prepos.optimization.data import ProgramData, group
from prepos.optimization.response import linear
from prepos.optimization.stocking import Program


def outcome_costs(m: Program, data: ProgramData, name: str, per_unit: Floats) -> Any:
    r"""Return (adding it once) the recourse of each outcome as an expression over w.

    .. math:: Q_w = \sum_a c_a f_a + \sum_{jk} P_k u_{wjk}
              + \sum_{ik} e_k \Big( a_{wi} x_{ik} - \sum_{jv} f_{wijkv} \Big)

    For ``"hours"`` only the first term counts.
    """
    if m.component(f"recourse_{name}") is None:
        shipped, needed = group(data.w), group(data.instance.needs.w)
        rows = {
            w: _outcome_cost(m, data, name, per_unit, shipped, needed, w) for w in range(len(data.instance.outcomes))
        }
        m.add_component(f"recourse_{name}", pyo.Expression(range(len(rows)), initialize=rows))
    return m.component(f"recourse_{name}")


def _outcome_cost(
    m: Program,
    data: ProgramData,
    name: str,
    per_unit: Floats,
    shipped: dict[tuple[int, ...], list[int]],
    needed: dict[tuple[int, ...], list[int]],
    w: int,
) -> Any:
    arcs = shipped.get((w,), [])
    flows = [m.f[a] for a in arcs]
    if name == "hours":
        return linear(flows, per_unit[arcs].tolist()) if flows else 0.0
    instance = data.instance
    needs = needed.get((w,), [])
    from_hub = data.i[arcs] < len(instance.hubs)
    credit = np.where(from_hub, instance.leftover_usd[data.k[arcs]], 0.0)
    stock = [(i, k) for i, k in m.x if instance.leftover_usd[k] != 0]
    unused = [float(instance.leftover_usd[k] * instance.availability[w, i]) for i, k in stock]
    variables = [*flows, *(m.u[n] for n in needs), *(m.x[pair] for pair in stock)]
    prices = instance.shortage_usd[instance.needs.k[needs]].tolist()
    return linear(variables, [*(per_unit[arcs] - credit).tolist(), *prices, *unused]) if variables else 0.0
