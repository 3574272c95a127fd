r"""How the outcomes' values become one number: :math:`\rho_w[Q_w]`.

Each function returns an expression in the outcomes' own unit; `RISK` names them as a model file does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from prepos.evaluate import tail_share
from prepos.instance import Floats
from prepos.optimization.data import ProgramData
from prepos.optimization.recourse import outcome_costs
from prepos.optimization.stocking import Program

Measure = Callable[[Program, ProgramData, str, Floats], Any]


def expectation(m: Program, data: ProgramData, name: str, per_unit: Floats) -> Any:
    r"""Return :math:`\sum_w p_w Q_w`."""
    recourse = outcome_costs(m, data, name, per_unit)
    return pyo.quicksum(p * recourse[w] for w, p in enumerate(data.instance.probability.tolist()))


def cvar(m: Program, data: ProgramData, name: str, per_unit: Floats) -> Any:
    r"""Weigh the mean with the mean of the worst outcomes (Rockafellar and Uryasev 2000; Noyan 2012).

    .. math:: (1-\lambda) \sum_w p_w Q_w + \lambda \Big( \zeta + \tfrac{1}{1-\alpha} \sum_w p_w \eta_w \Big),
              \quad \eta_w \ge Q_w - \zeta, \; \eta_w \ge 0

    Where the probabilities sum to less than 1 - alpha, the tail is all of them.
    """
    risk, recourse = data.model.risk, outcome_costs(m, data, name, per_unit)
    share = tail_share(data.instance.probability, risk.alpha)
    if share == 0:
        return m.nothing
    outcomes = range(len(data.instance.outcomes))
    threshold = pyo.Var(domain=pyo.Reals)
    excess = pyo.Var(outcomes, domain=pyo.NonNegativeReals)
    m.add_component(f"threshold_{name}", threshold)
    m.add_component(f"excess_{name}", excess)
    m.add_component(f"tail_{name}", pyo.Constraint(outcomes, rule=lambda _, w: excess[w] >= recourse[w] - threshold))
    probability = data.instance.probability.tolist()
    tail = threshold + pyo.quicksum(p / share * excess[w] for w, p in enumerate(probability))
    return (1 - risk.weight) * expectation(m, data, name, per_unit) + risk.weight * tail


def worst_case(m: Program, data: ProgramData, name: str, per_unit: Floats) -> Any:
    r"""Return :math:`\theta \ge Q_w` for every outcome that can happen."""
    return _largest(m, data, name, per_unit, [0.0] * len(data.instance.outcomes))


def regret(m: Program, data: ProgramData, name: str, per_unit: Floats) -> Any:
    r"""Return :math:`\theta \ge Q_w - Q_w^*`, with :math:`Q_w^*` the least that any allowed stock could reach."""
    if data.best_recourse is None:
        raise ValueError("the least recourse of each outcome has to be known first")
    return _largest(m, data, name, per_unit, data.best_recourse[name].tolist())


RISK: dict[str, Measure] = {
    "expectation": expectation,
    "cvar": cvar,
    "worst_case": worst_case,
    "regret": regret,
}


def _largest(m: Program, data: ProgramData, name: str, per_unit: Floats, less: list[float]) -> Any:
    recourse = outcome_costs(m, data, name, per_unit)
    possible = [w for w, p in enumerate(data.instance.probability.tolist()) if p > 0]
    if not possible:
        return m.nothing
    largest = pyo.Var(domain=pyo.Reals)
    m.add_component(f"largest_{name}", largest)
    m.add_component(f"below_{name}", pyo.Constraint(possible, rule=lambda _, w: largest >= recourse[w] - less[w]))
    return largest
