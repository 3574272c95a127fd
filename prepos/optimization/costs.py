r"""Objectives as expressions of the program; `evaluate` defines the same figures as functions of a plan.

First-stage cost is that of the period. Recourse is per outcome and is weighted by the expected number of outcomes in
the period, :math:`N`, so that both are USD of the period.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo

from prepos.evaluate import is_on_time
from prepos.instance import Floats, Instance
from prepos.model import Model
from prepos.optimization.data import ProgramData
from prepos.optimization.response import linear
from prepos.optimization.risk import RISK
from prepos.optimization.stocking import Program

Bools = npt.NDArray[np.bool_]

LEVELS: dict[str, tuple[str, ...]] = {
    "cost": ("cost",),
    "time": ("unmet", "time"),
    "coverage": ("coverage", "cost"),
    "social": ("social",),
}
"""Objective of a model -> what is minimised for it, in order."""


def level_names(model: Model) -> tuple[str, ...]:
    """Return what is minimised, in order, each once."""
    return tuple(dict.fromkeys(level for name in model.objective.minimise for level in LEVELS[name]))


def level_expression(m: Program, data: ProgramData, level: str) -> Any:
    """Return the expression of one level, to be minimised."""
    return EXPRESSIONS[level](m, data)


def cost(m: Program, data: ProgramData) -> Any:
    r"""First stage plus the risk-weighed freight, shortage and leftover.

    .. math:: F(y, x, z, r) + N \, \rho_w \Big[ \sum c f + \sum P u + \sum e (a x - f) \Big]
    """
    return m.first_stage + data.instance.recourse_weight * RISK[data.model.risk.measure](m, data, "usd", data.usd)


def social(m: Program, data: ProgramData) -> Any:
    r"""As `cost`, with the deprivation of waiting: :math:`\sum (c + g(\tau)) f` in place of :math:`\sum c f`."""
    return m.first_stage + data.instance.recourse_weight * RISK[data.model.risk.measure](
        m, data, "social", data.social_usd
    )


def unmet(m: Program, data: ProgramData) -> Any:
    r"""Return the expected unmet units: :math:`N \sum_w p_w \sum_{jk} u_{wjk}`."""
    needs, instance = data.instance.needs, data.instance
    coefficients = instance.recourse_weight * instance.probability[needs.w]
    return linear([m.u[n] for n in m.u], coefficients.tolist())


def time(m: Program, data: ProgramData) -> Any:
    r"""Unit-hours over the outcomes: :math:`N \, \rho_w \big[ \sum \tau f \big]`."""
    return data.instance.recourse_weight * RISK[data.model.risk.measure](m, data, "hours", data.hours)


def coverage(m: Program, data: ProgramData) -> Any:
    r"""Minus the expected share of need met within the target time, items balanced by weight.

    .. math:: - \sum_k \frac{\omega_k}{\sum \omega} \,
              \frac{\sum_w p_w \sum_{ijv : \tau \le T} f_{wijkv}}{\sum_w p_w \sum_j d_{wjk}}

    A need of nothing is met: -1 where no item of weight is needed.
    """
    share = share_of_a_unit(data.instance)
    if not share.any():
        return m.nothing - 1.0
    on_time = np.flatnonzero(is_on_time(data.hours, data.model.objective.target_hours))
    value = share[data.n[on_time]]
    return linear([m.f[a] for a in on_time.tolist()], (-value).tolist()) if len(on_time) else m.nothing


def share_of_a_unit(instance: Instance, members: Bools | None = None, weight: Floats | None = None) -> Floats:
    """Return what a unit of each need adds to the expected share met of a group of needs, (N,).

    The items of the group are balanced by weight, as in `evaluate.balanced_share`. 0 outside the group and for what
    is never needed; 0 everywhere where nothing of weight is needed.

    Parameters
    ----------
    members : (N,)
        Needs of the group; None: all.
    weight : (K,)
        Weights of the items; None: those of the scenario.
    """
    needs = instance.needs
    p = instance.probability[needs.w] * (1.0 if members is None else members)
    expected = np.bincount(needs.k, weights=needs.quantity * p, minlength=len(instance.items))
    counted = np.where(expected > 0, instance.weight if weight is None else weight, 0.0)
    whole = expected * counted.sum()
    per_item = np.divide(counted, whole, out=np.zeros_like(counted), where=whole > 0)
    share: Floats = per_item[needs.k] * p
    return share


EXPRESSIONS = {"cost": cost, "social": social, "unmet": unmet, "time": time, "coverage": coverage}


def add_first_stage_cost(m: Program, data: ProgramData) -> None:
    r"""Spending of the period before any disaster, and the budget that bounds it.

    .. math:: F = \sum_{il} fixed_{il} y_{il} + \sum_k price_k z_k + \sum_{ii'k} move_{ii'k} r_{ii'k}
              + \sum_{ik} hold_{ik} x_{ik} \le B
    """
    m.opening_usd = pyo.Expression(expr=_opening(m, data))
    m.purchase_usd = pyo.Expression(expr=_purchases(m, data))
    m.moves_usd = pyo.Expression(expr=_moves(m, data))
    m.holding_usd = pyo.Expression(expr=sum(float(data.instance.holding_usd[i, k]) * m.x[i, k] for i, k in m.x))
    m.first_stage = pyo.Expression(expr=m.opening_usd + m.purchase_usd + m.moves_usd + m.holding_usd)
    if data.model.budget.usd is not None:
        m.budget = pyo.Constraint(expr=m.first_stage <= data.model.budget.usd)


def _opening(m: Program, data: ProgramData) -> Any:
    if not data.model.hubs.choose:
        return 0.0
    return sum(tier.fixed_usd * m.y[i, n] for i, tiers in data.tiers.items() for n, tier in enumerate(tiers))


def _purchases(m: Program, data: ProgramData) -> Any:
    if data.model.stock.mode == "as_is":
        return 0.0
    return sum(price * m.bought[k] for k, price in enumerate(data.instance.price_usd.tolist()))


def _moves(m: Program, data: ProgramData) -> Any:
    if data.move_usd is None:
        return 0.0
    return sum(float(data.move_usd[leg]) * m.r[leg] for leg in m.r)
