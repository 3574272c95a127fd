"""The least recourse that any allowed stock could have had in each outcome, had that outcome been known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from prepos.instance import Floats, Instance, Needs
from prepos.model import Model
from prepos.optimization.data import ProgramData, prepare
from prepos.optimization.options import OnProgress, Progress, SolverOptions
from prepos.optimization.program import build_limits
from prepos.optimization.recourse import outcome_costs
from prepos.optimization.solve import solve


def add_best_recourse(data: ProgramData, options: SolverOptions, on_progress: OnProgress) -> ProgramData:
    r"""Return the data with :math:`Q_w^* = \min_x Q_w(x)` over all first stages that the model allows, per outcome.

    Raises
    ------
    InfeasibleProgramError
        When no first stage is allowed at all.
    """
    name = "social" if "social" in data.model.objective.minimise else "usd"
    count = len(data.instance.outcomes)
    best = np.zeros(count)
    for w in range(count):
        on_progress(Progress(f"best plan for outcome {w + 1} of {count}", 0.0))
        best[w] = _least_recourse(only_outcome(data.instance, w), data.model, name, options)
    return replace(data, best_recourse={name: best})


def only_outcome(instance: Instance, w: int) -> Instance:
    """Return the instance in which outcome w is certain."""
    needs, mine = instance.needs, instance.needs.w == w
    own = instance.lanes.w == w
    lanes = replace(instance.lanes, w=np.where(own, 0, np.where(instance.lanes.w >= 0, -2, -1)))
    kept = lanes.w != -2
    columns = {name: getattr(lanes, name)[kept] for name in lanes.__dataclass_fields__}
    return replace(
        instance,
        outcomes=(instance.outcomes[w],),
        probability=np.ones(1),
        availability=instance.availability[w : w + 1],
        needs=Needs(np.zeros(int(mine.sum()), dtype=np.int64), needs.j[mine], needs.k[mine], needs.quantity[mine]),
        lanes=type(lanes)(**columns),
    )


def _least_recourse(instance: Instance, model: Model, name: str, options: SolverOptions) -> float:
    data = prepare(instance, model.model_copy(update={"service": type(model.service)()}))
    m = build_limits(data)
    per_unit: Floats = data.social_usd if name == "social" else data.usd
    m.objective_recourse = pyo.Objective(expr=outcome_costs(m, data, name, per_unit)[0] + m.nothing)
    return solve(m, options).levels[0].bound
