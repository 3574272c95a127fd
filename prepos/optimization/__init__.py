"""The optimizer: what to hold where, under uncertain disasters. README.md here maps each equation to its function."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from prepos.data.scenario import Scenario
from prepos.errors import NoPlanError
from prepos.instance import Instance, build_instance
from prepos.model import Model
from prepos.optimization.data import prepare
from prepos.optimization.engines import ENGINES, choose
from prepos.optimization.infeasible import explain_infeasible
from prepos.optimization.options import OnProgress, Progress, SolverOptions, ignore_progress
from prepos.optimization.regret import add_best_recourse
from prepos.optimization.solve import InfeasibleProgramError
from prepos.plan import Plan

__all__ = ["OnProgress", "Progress", "SolverOptions", "optimize", "optimize_instance"]

logger = logging.getLogger(__name__)


def optimize(
    scenario: Scenario,
    model: Model,
    options: SolverOptions | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Plan:
    """Return the best plan for a scenario under a model, with its bound and gap.

    Parameters
    ----------
    scenario
        What is known.
    model
        What is asked.
    options
        How hard to look; see `SolverOptions`.
    on_progress
        Called with a `Progress` at every stage and at every improvement.

    Raises
    ------
    DataError
        When the model speaks of hubs or items that the scenario does not have.
    InfeasibleError
        When the planner's own limits clash; names them and what would repair it.
    NoPlanError
        When the solve was stopped before any plan was found.
    """
    return optimize_instance(build_instance(scenario, model), model, options, on_progress)


def optimize_instance(
    instance: Instance,
    model: Model,
    options: SolverOptions | None = None,
    on_progress: OnProgress = ignore_progress,
) -> Plan:
    """As `optimize`, for a scenario already worked out with `build_instance(scenario, model)`."""
    options = options or SolverOptions()
    started = time.monotonic()
    try:
        on_progress(Progress("building", 0.0))
        data = prepare(instance, model)
        if model.risk.measure == "regret":
            data = add_best_recourse(data, options.left_since(started), on_progress)
        engine, why = choose(data) if options.engine == "auto" else (options.engine, "")
        logger.info("%d flows over %d outcomes; %s", len(data.n), len(instance.outcomes), why or engine)
        plan = ENGINES[engine](data, options.left_since(started), on_progress)
    except InfeasibleProgramError:
        raise explain_infeasible(instance, model, options) from None
    except KeyboardInterrupt:
        raise NoPlanError("stopped by Ctrl-C while the program was being built, before any plan was found") from None
    seconds = {**plan.seconds, "total": time.monotonic() - started}
    return replace(plan, seconds=seconds, notes=(*plan.notes, why) if why else plan.notes)
