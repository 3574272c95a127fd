"""Why a request has no plan: the smallest set of the planner's own limits that clash, and what would repair it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyomo.environ as pyo

from prepos.errors import InfeasibleError, NoPlanError, PreposError
from prepos.instance import Instance
from prepos.model import Model
from prepos.optimization.data import ProgramData, prepare
from prepos.optimization.options import SolverOptions
from prepos.optimization.program import build_limits
from prepos.optimization.response import linear
from prepos.optimization.service import chances, group_shares
from prepos.optimization.solve import InfeasibleProgramError, solve

PROOF = 1e-6
"""Relative gap to which a repair is worked out."""

Repair = Callable[[ProgramData, SolverOptions], str]


@dataclass(frozen=True)
class Limit:
    """One limit of the planner: where it stands in the model, how it reads, what lifts it, and how to repair it."""

    section: str
    name: str
    text: str
    lifted: Any
    repair: Repair

    @property
    def key(self) -> str:
        """Key in the model file."""
        return f"{self.section}.{self.name}"

    def lift(self, model: Model) -> Model:
        """Return the model without the limit."""
        section = getattr(model, self.section).model_copy(update={self.name: self.lifted})
        return model.model_copy(update={self.section: section})


def explain_infeasible(instance: Instance, model: Model, options: SolverOptions) -> InfeasibleError:
    """Return the error that names the limits that clash and, for each, how far it would have to give."""
    clash = smallest_clash(instance, model, options)
    limits = limits_of(clash)
    if not limits:
        text = (
            "no plan satisfies the stock, capacity and lot rules of the scenario, even without any limit of the model"
        )
        return InfeasibleError(text)
    lines = [f"no plan can meet all of these at once: {'; '.join(limit.text for limit in limits)}"]
    for limit in limits:
        lines.append(f"  - {limit.key}: {_repair(instance, model, clash, limit, options)}")
    return InfeasibleError("\n".join(lines), [limit.key for limit in limits])


def limits_of(model: Model) -> list[Limit]:
    """Return the limits that the model sets, in the order of the file."""
    hours = f"within {model.service.within_hours:g} h, by {model.service.by}"
    every = (
        ("budget", "usd", None, "{:,.0f}", _least_spending),
        ("hubs", "min_open", None, "{}", _most_hubs),
        ("hubs", "max_open", None, "{}", _fewest_hubs),
        ("hubs", "force_open", (), "{}", _fewer_names),
        ("hubs", "force_closed", (), "{}", _fewer_names),
        ("service", "min_coverage", None, f"{{:g}} ({hours})", _most_coverage),
        ("service", "probability", None, f"{{:g}} ({hours})", _most_chance),
    )
    found = []
    for section, name, lifted, form, repair in every:
        value = getattr(getattr(model, section), name)
        if value != lifted:
            shown = form.format(", ".join(value) if isinstance(value, tuple) else value)
            found.append(Limit(section, name, f"{section}.{name} = {shown}", lifted, repair))
    return found


def smallest_clash(instance: Instance, model: Model, options: SolverOptions) -> Model:
    """Return the model with an irreducible set of limits that clash: taking any one out makes a plan possible.

    A deletion filter: each limit in turn is left out for good where the rest still clash (Chinneck 2008).
    """
    for limit in limits_of(model):
        fewer = limit.lift(model)
        if not is_feasible(instance, fewer, options):
            model = fewer
    return model


def is_feasible(instance: Instance, model: Model, options: SolverOptions) -> bool:
    """Return whether any plan satisfies the limits of the model; True where the time did not suffice to say."""
    m = build_limits(prepare(instance, model))
    m.objective_any = pyo.Objective(expr=m.nothing + 0.0)
    try:
        solve(m, options)
    except InfeasibleProgramError:
        return False
    except NoPlanError:
        return True
    return True


def _repair(instance: Instance, model: Model, clash: Model, limit: Limit, options: SolverOptions) -> str:
    """Return how far a limit would have to give for all others; where others clash as well, for its own clash."""
    exact = replace(options, gap=min(options.gap, PROOF))
    try:
        return limit.repair(prepare(instance, limit.lift(model)), exact)
    except InfeasibleProgramError:
        return f"{limit.repair(prepare(instance, limit.lift(clash)), exact)}, and other limits clash as well"
    except PreposError:
        return "leave it out (how far it would have to give could not be found in the time)"


def _best(data: ProgramData, options: SolverOptions, expression: Callable[[Any], Any]) -> float:
    m = build_limits(data)
    m.objective_best = pyo.Objective(expr=expression(m) + m.nothing)
    return solve(m, options).levels[0].value


def _least_spending(data: ProgramData, options: SolverOptions) -> str:
    usd = _best(data, options, lambda m: m.first_stage)
    return f"at least {math.ceil(usd - 1e-6 * max(1.0, usd)):,} USD would be needed"


def _most_coverage(data: ProgramData, options: SolverOptions) -> str:
    def shortfall(m: Any) -> Any:
        m.lowest = pyo.Var(bounds=(0, 1))
        m.each = pyo.ConstraintList()
        for share in group_shares(data):
            m.each.add(linear([*(m.f[a] for a in share.arcs), m.lowest], [*share.value, -share.whole]) >= 0)
        return -m.lowest

    return f"at most {_share_reached(-_best(data, options, shortfall))} can be reached"


def _most_chance(data: ProgramData, options: SolverOptions) -> str:
    def shortfall(m: Any) -> Any:
        m.lowest = pyo.Var(bounds=(0, 1))
        m.each = pyo.ConstraintList()
        for chance in chances(m, asking):
            m.each.add(chance >= m.lowest)
        return -m.lowest

    service = data.model.service.model_copy(update={"probability": 0.0})
    asking = replace(data, model=data.model.model_copy(update={"service": service}))
    return f"at most {_share_reached(-_best(asking, options, shortfall))} can be reached"


def _share_reached(share: float) -> str:
    return f"{max(math.floor(share * 1e4 + 1e-3), 0) / 1e4:.4f}"


def _fewest_hubs(data: ProgramData, options: SolverOptions) -> str:
    return f"at least {round(_best(data, options, lambda m: _open_hubs(m, data)))} hubs would have to open"


def _most_hubs(data: ProgramData, options: SolverOptions) -> str:
    return f"at most {round(-_best(data, options, lambda m: -_open_hubs(m, data)))} hubs can open"


def _open_hubs(m: Any, data: ProgramData) -> Any:
    return sum(m.y[i, n] for i, n in m.y if not data.kept[i])


def _fewer_names(data: ProgramData, options: SolverOptions) -> str:  # noqa: ARG001 - one shape for every repair
    return "leave out one or more of its hubs"
