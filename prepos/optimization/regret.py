"""The least recourse that any allowed stock could have had in each outcome, had that outcome been known."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from prepos.errors import NoPlanError
from prepos.instance import Floats, Instance, Needs
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
    NoPlanError
        When it was stopped on the way: the regret of a plan is not known before.
    """
    started, count = time.monotonic(), len(data.instance.outcomes)
    names = ["social" if objective == "social" else "usd" for objective in data.model.objective.minimise]
    best = {name: np.zeros(count) for name in names}
    free = data.model.model_copy(update={"service": type(data.model.service)()})
    for w in range(count):
        on_progress(Progress(f"best plan for outcome {w + 1} of {count}", time.monotonic() - started))
        alone = prepare(only_outcome(data.instance, w), free)
        for name in best:
            best[name][w] = _least_recourse(alone, name, options.left_since(started))
    return replace(data, best_recourse=best)


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


def _least_recourse(data: ProgramData, name: str, options: SolverOptions) -> float:
    m = build_limits(data)
    per_unit: Floats = data.social_usd if name == "social" else data.usd
    m.objective_recourse = pyo.Objective(expr=outcome_costs(m, data, name, per_unit)[0] + m.nothing)
    solution = solve(m, options)
    if solution.status != "optimal":
        raise NoPlanError("stopped before the best plan of each outcome was known, which regret is measured against")
    return solution.levels[0].bound
