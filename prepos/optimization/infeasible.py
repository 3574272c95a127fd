"""Why a request has no plan: the smallest set of the planner's own limits that clash, and what would repair it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from prepos.errors import InfeasibleError, PreposError
from prepos.instance import Instance
from prepos.model import Model
from prepos.optimization.data import ProgramData, prepare
from prepos.optimization.options import SolverOptions
from prepos.optimization.program import build_limits
from prepos.optimization.response import linear
from prepos.optimization.service import group_shares
from prepos.optimization.solve import InfeasibleProgramError, solve


@dataclass(frozen=True)
class Limit:
    """One limit of the planner: its key in the model file, how it reads, the model without it, and how to repair it."""

    key: str
    text: str
    without: Model
    repair: Callable[[ProgramData, SolverOptions], str] | None = None


def explain_infeasible(instance: Instance, model: Model, options: SolverOptions) -> InfeasibleError:
    """Return the error that names the limits that clash and, for each, how far it would have to give."""
    clash = smallest_clash(instance, model, options)
    if not clash:
        text = (
            "no plan satisfies the stock, capacity and lot rules of the scenario, even without any limit of the model"
        )
        return InfeasibleError(text)
    limits = [limit for limit in limits_of(model) if limit.key in clash]
    lines = [f"no plan can meet all of these at once: {'; '.join(limit.text for limit in limits)}"]
    for limit in limits:
        lines.append(f"  - {limit.key}: {_repair(instance, limit, options)}")
    return InfeasibleError("\n".join(lines), [limit.key for limit in limits])


def limits_of(model: Model) -> list[Limit]:
    """Return the limits that the model sets, in the order of the file."""
    found = []
    if model.budget.usd is not None:
        text = f"budget.usd = {model.budget.usd:,.0f}"
        found.append(Limit("budget.usd", text, _change(model, "budget", usd=None), _least_spending))
    for key, without, repair in (
        ("min_open", None, _most_hubs),
        ("max_open", None, _fewest_hubs),
        ("force_open", (), None),
        ("force_closed", (), None),
    ):
        value = getattr(model.hubs, key)
        if value != without:
            found.append(
                Limit(f"hubs.{key}", f"hubs.{key} = {_show(value)}", _change(model, "hubs", **{key: without}), repair)
            )
    hours = f"within {model.service.within_hours:g} h, by {model.service.by}"
    if model.service.min_coverage is not None:
        text = f"service.min_coverage = {model.service.min_coverage:g} ({hours})"
        found.append(Limit("service.min_coverage", text, _change(model, "service", min_coverage=None), _most_coverage))
    if model.service.probability is not None:
        text = f"service.probability = {model.service.probability:g} ({hours})"
        found.append(Limit("service.probability", text, _change(model, "service", probability=None)))
    return found


def smallest_clash(instance: Instance, model: Model, options: SolverOptions) -> set[str]:
    """Return the keys of an irreducible set of limits that clash: taking any one out makes a plan possible.

    A deletion filter: each limit in turn is left out for good where the rest still clash (Chinneck 2008).
    """
    kept = model
    for limit in limits_of(model):
        fewer = next(other.without for other in limits_of(kept) if other.key == limit.key)
        if not is_feasible(instance, fewer, options):
            kept = fewer
    return {limit.key for limit in limits_of(kept)}


def is_feasible(instance: Instance, model: Model, options: SolverOptions) -> bool:
    """Return whether any plan satisfies the limits of the model."""
    m = build_limits(prepare(instance, model))
    m.objective_any = pyo.Objective(expr=m.nothing + 0.0)
    try:
        solve(m, options)
    except InfeasibleProgramError:
        return False
    return True


def _repair(instance: Instance, limit: Limit, options: SolverOptions) -> str:
    if limit.repair is None:
        return "lower it, or leave it out"
    try:
        return limit.repair(prepare(instance, limit.without), options)
    except PreposError:
        return "leave it out (how far it would have to give could not be found in the time)"


def _best(data: ProgramData, options: SolverOptions, expression: Callable[[Any], Any]) -> float:
    m = build_limits(data)
    m.objective_best = pyo.Objective(expr=expression(m) + m.nothing)
    return solve(m, options).levels[0].value


def _least_spending(data: ProgramData, options: SolverOptions) -> str:
    usd = _best(data, options, lambda m: m.first_stage)
    return f"at least {usd:,.0f} USD would be needed"


def _most_coverage(data: ProgramData, options: SolverOptions) -> str:
    def shortfall(m: Any) -> Any:
        m.lowest = pyo.Var(bounds=(0, 1))
        m.each = pyo.ConstraintList()
        for arcs, value in group_shares(data):
            m.each.add(linear([*(m.f[a] for a in arcs), m.lowest], [*value, -1.0]) >= 0)
        return -m.lowest

    return f"at most {-_best(data, options, shortfall):.4f} can be reached"


def _open_hubs(m: Any, data: ProgramData) -> Any:
    return sum(m.y[i, n] for i, n in m.y if not data.kept[i])


def _fewest_hubs(data: ProgramData, options: SolverOptions) -> str:
    return f"at least {round(_best(data, options, lambda m: _open_hubs(m, data)))} hubs would have to open"


def _most_hubs(data: ProgramData, options: SolverOptions) -> str:
    return f"at most {round(-_best(data, options, lambda m: -_open_hubs(m, data)))} hubs can open"


def _show(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _change(model: Model, section: str, **values: Any) -> Model:
    return model.model_copy(update={section: getattr(model, section).model_copy(update=values)})
