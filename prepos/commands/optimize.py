"""`prepos optimize`: the best stock plan for a scenario under a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from prepos.analysis.holdings import stock_by_hub
from prepos.analysis.kpis import kpi_table
from prepos.analysis.oddities import oddities
from prepos.analysis.results import plan_result
from prepos.commands.answer import Answer
from prepos.commands.progress import Reporter, SolveProgress, duration, figure
from prepos.commands.shell import problem_document
from prepos.commands.tables import hub_grid, item_grid, kpi_grid
from prepos.commands.work import blaming, command_line, kept_log, load_changed_model, warn
from prepos.data.scenario import Scenario
from prepos.evaluate import evaluate
from prepos.instance import Instance, build_instance
from prepos.library import load_scenario
from prepos.model import Model
from prepos.optimization import SolverOptions, optimize_instance
from prepos.plan import Plan
from prepos.runs import Record, run_folder, write_run

STOPPED_EARLY = 5

STOPPED_BY = {
    "time_limit": "the time limit",
    "interrupted": "your interrupt",
    "stalled": "the arithmetic of the solver",
}


@dataclass(frozen=True)
class OptimizeOptions:
    """What was asked besides the scenario and the model."""

    engine: str = "auto"
    gap: float = 0.001
    time_limit: float | None = None
    changes: tuple[str, ...] = ()
    out: Path | None = None


@dataclass(frozen=True)
class Solved:
    """A plan with what it was made from and its figures."""

    instance: Instance
    model: Model
    plan: Plan
    result: dict[str, Any]
    folder: Path


def optimize(scenario_name: str, model_name: str, options: OptimizeOptions) -> Answer:
    """Solve, write the run, and show the plan with its figures."""
    solver = SolverOptions(options.engine, options.gap, options.time_limit)
    model = load_changed_model(model_name, options.changes)
    scenario = load_scenario(scenario_name)
    with blaming(options.changes):
        instance = build_instance(scenario, model)
    with Reporter() as reporter:
        warn(reporter, oddities(scenario, model), scenario_name)
        solved = solve(instance, model, solver, options.out, reporter)
    exit_code = 0 if solved.plan.status == "optimal" else STOPPED_EARLY
    return Answer({**solved.result, "run": str(solved.folder)}, lambda: _parts(solved), exit_code)


def solve(instance: Instance, model: Model, solver: SolverOptions, out: Path | None, reporter: Reporter) -> Solved:
    """Find a plan, price it and write its run folder (``out``; None: a new one under ``runs/``)."""
    scenario = instance.scenario
    record = Record("optimize", command_line(), asdict(solver), _repeat(scenario, solver))
    with kept_log() as log, run_folder(out, scenario.name, model.name) as folder:
        progress = SolveProgress(reporter, solver.gap, solver.time_limit)
        plan = optimize_instance(instance, model, solver, progress)
        result = plan_result(plan, evaluate(instance, plan, model))
        result["warnings"] = [problem_document(problem) for problem in oddities(scenario, model)]
        write_run(folder, record, scenario, result, model=model, plan=plan, log=log.getvalue())
    return Solved(instance, model, plan, result, folder)


def verdict(plan: Mapping[str, Any], model: Model) -> str:
    """Return how good the plan is proven to be, in one sentence."""
    level = plan["levels"][-1] if plan["levels"] else {**plan, "name": "objective", "value": plan["objective"]}
    seconds = duration(plan["seconds"].get("total", 0.0))
    if model.stock.mode == "as_is":
        return f"An assessment: nothing is decided ({level['name']} {_figure(level['value'])}; {seconds})."
    proven = f"{level['name']} {_figure(level['value'])}, no plan can be below {_figure(level['bound'])}"
    gap = "unknown" if level["gap"] is None else f"{level['gap']:.2%}"
    if plan["status"] == "optimal":
        return f"Best plan found and proven: {proven}, gap {gap}; {seconds}."
    why = STOPPED_BY[plan["status"]]
    later = model.objective.minimise[-1] if plan["objective"] is None else ""
    left = f" ({later} was not yet looked at)" if later else ""
    return f"Best plan so far, stopped by {why}: {proven}, gap {gap}{left}; {seconds}."


def _figure(value: float | None) -> str:
    return "an unknown value" if value is None else figure(value)


def _repeat(scenario: Scenario, solver: SolverOptions) -> tuple[str, ...]:
    line = ["optimize", f"inputs/{scenario.name}", "--model", "inputs/model.toml"]
    line += ["--engine", solver.engine, "--gap", repr(solver.gap)]
    if solver.time_limit is not None:
        line += ["--time-limit", repr(solver.time_limit)]
    return tuple(line)


def _parts(solved: Solved) -> tuple[RenderableType, ...]:
    scenario, model = solved.instance.scenario, solved.model
    title = f"{scenario.settings.title or scenario.name}: {model.title or model.name}"
    by_item = item_grid(solved.plan.stock)
    return (
        title,
        verdict(solved.result, model),
        *(f"Note: {note}" for note in solved.plan.notes),
        hub_grid(stock_by_hub(solved.instance, solved.plan)),
        *([by_item] if by_item is not None else []),
        *_changes(solved),
        kpi_grid("Expected figures", kpi_table({"plan": solved.result})),
        f"Run folder: {solved.folder}",
    )


def _changes(solved: Solved) -> list[str]:
    """Return what to do to get from today's stock to the plan."""
    bought, moved = solved.plan.purchases["quantity"].sum(), solved.plan.moves["quantity"].sum()
    usd = solved.result["expected"].get("purchase_usd", 0.0)
    sentences = []
    if bought:
        sentences.append(f"Buy {bought:,.0f} units for {figure(usd)} USD (plan/purchases.csv lists them).")
    if moved:
        sentences.append(f"Move {moved:,.0f} units between hubs before any disaster (plan/moves.csv lists them).")
    return sentences
