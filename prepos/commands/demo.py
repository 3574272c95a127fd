"""`prepos demo`: the main job on IOM's stock of 2015."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import RenderableType

from prepos.analysis.holdings import stock_by_hub
from prepos.analysis.kpis import kpi_table
from prepos.analysis.oddities import oddities
from prepos.analysis.sentences import rough_intervals
from prepos.commands.answer import Answer
from prepos.commands.optimize import Solved, solve, verdict
from prepos.commands.progress import Reporter
from prepos.commands.simulate import Case, Tested, figure_grid, run_test
from prepos.commands.tables import hub_grid, kpi_grid
from prepos.instance import build_instance
from prepos.library import load_model, load_scenario
from prepos.optimization import SolverOptions
from prepos.runs import run_folder
from prepos.simulation import SimulationOptions

SCENARIO = "iom-2015"
MODEL = "social-cost"
REPLICATIONS = 100
GAP = 0.005
SECONDS = 30.0
SHOWN = (
    "disasters",
    "coverage_72h",
    "coverage_7d",
    "coverage_14d",
    "coverage_30d",
    "fill_rate",
    "hours_to_50",
    "never_90",
    "stockout_share",
    "people_days",
    "freight_usd",
    "replenishment_usd",
    "kgco2e",
)
"""Figures of the stress test that the demo prints; the run folder holds all."""


def demo(out: Path | None, replications: int | None, seed: int) -> Answer:
    """Check the scenario, assess today's stock, optimize, stress-test both, and say what it means."""
    options = SimulationOptions(replications=replications or REPLICATIONS, seed=seed)
    solver = SolverOptions(gap=GAP, time_limit=SECONDS)
    scenario, model = load_scenario(SCENARIO), load_model(MODEL)
    as_it_is = load_model("assess", {"objective.minimise": list(model.objective.minimise)})
    instance = build_instance(scenario, model)
    odd = len(oddities(scenario, model))
    with run_folder(out, "demo", SCENARIO) as folder, Reporter() as reporter:
        reporter.say(f"1/4 checked {SCENARIO}: no error, {odd} warnings (prepos check {SCENARIO} lists them)")
        reporter.say("2/4 assessing today's stock")
        today = solve(instance, as_it_is, solver, folder / "today", reporter)
        reporter.say(f"3/4 optimizing with models/{MODEL}.toml")
        planned = solve(instance, model, solver, folder / "plan", reporter)
        reporter.say(f"4/4 stress-testing both on the same {options.replications} simulated years")
        case = Case(scenario, model, planned.plan)
        tested = run_test(case, instance, options, folder / "stress-test", reporter)
    document = _document(today, planned, tested, folder)
    return Answer(document, lambda: _parts(today, planned, tested, folder))


def _document(today: Solved, planned: Solved, tested: Tested, folder: Path) -> dict[str, Any]:
    return {
        "scenario": planned.instance.scenario.name,
        "model": planned.model.name,
        "today": today.result,
        "plan": planned.result,
        "simulation": {key: tested.result[key] for key in ("plans", "differences", "replications", "seed", "notes")},
        "sentences": tested.result["sentences"],
        "runs": {"today": str(today.folder), "plan": str(planned.folder), "stress-test": str(tested.folder)},
        "run": str(folder),
    }


def _parts(today: Solved, planned: Solved, tested: Tested, folder: Path) -> tuple[RenderableType, ...]:
    settings = planned.instance.scenario.settings
    return (
        f"{settings.title}\n{settings.question}\n",
        f"{planned.model.title}: {planned.model.question}\n{verdict(planned.result, planned.model)}\n",
        hub_grid(stock_by_hub(planned.instance, planned.plan)),
        kpi_grid("What the optimizer expects", kpi_table({"today": today.result, "plan": planned.result})),
        figure_grid(tested.found.figures, tested.found.differences, SHOWN),
        *(f"Note: {note}\n" for note in rough_intervals(tested.found.done)),
        *(f"{n}. {sentence}\n" for n, sentence in enumerate(tested.result["sentences"], 1)),
        f"Run folders: {folder}; look closer with: prepos compare {today.folder} {planned.folder}",
    )
