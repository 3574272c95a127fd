"""The ways to solve a program, and which one to take when the planner leaves the choice open."""

from __future__ import annotations

import time
from collections.abc import Callable

from prepos.errors import UsageError
from prepos.optimization.benders.engine import solve_by_cuts
from prepos.optimization.data import ProgramData
from prepos.optimization.extract import extract
from prepos.optimization.options import OnProgress, SolverOptions
from prepos.optimization.program import build
from prepos.optimization.solve import solve
from prepos.plan import Plan

LARGE = 30_000
"""Flows from which decomposition pays; below, one program is solved in seconds (benchmarks/engines.py)."""


def solve_extensive(data: ProgramData, options: SolverOptions, on_progress: OnProgress) -> Plan:
    """Return the plan that one program with every outcome in it gives."""
    started = time.monotonic()
    program = build(data)
    built = time.monotonic() - started
    solution = solve(program, options.left_since(started), on_progress)
    seconds = {"build": built, "solve": solution.seconds, "total": time.monotonic() - started}
    return extract(program, data, solution, seconds, "extensive")


def solve_benders(data: ProgramData, options: SolverOptions, on_progress: OnProgress) -> Plan:
    """Return the plan that decomposition by cuts gives.

    Raises
    ------
    UsageError
        When the model asks for something that ties the outcomes together after the first stage.
    """
    reason = needs_one_program(data)
    if reason:
        raise UsageError(f"the engine 'benders' cannot take this model: {reason}; use 'extensive' or 'auto'")
    started = time.monotonic()
    program, solution, flows = solve_by_cuts(data, options, on_progress)
    seconds = {"build": 0.0, "solve": solution.seconds, "total": time.monotonic() - started}
    return extract(program, data, solution, seconds, "benders", flows)


def needs_one_program(data: ProgramData) -> str:
    """Return why the outcomes cannot be solved apart; empty where they can."""
    model = data.model
    if len(model.objective.minimise) > 1 or model.objective.minimise[0] in ("time", "coverage"):
        return "several objectives in order bind all outcomes together"
    if model.service.min_coverage is not None or model.service.probability is not None:
        return "a service level binds all outcomes together"
    return ""


def choose(data: ProgramData) -> tuple[str, str]:
    """Return the engine for a program, and why, in words."""
    reason = needs_one_program(data)
    if reason:
        return "extensive", f"engine extensive: {reason}"
    if len(data.n) < LARGE:
        return "extensive", f"engine extensive: {len(data.n):,} flows are solved fast in one program"
    size = f"{len(data.n):,} flows in {len(data.instance.outcomes):,} outcomes"
    return "benders", f"engine benders: {size} are too many for one program"


Engine = Callable[[ProgramData, SolverOptions, OnProgress], Plan]
ENGINES: dict[str, Engine] = {"extensive": solve_extensive, "benders": solve_benders}
