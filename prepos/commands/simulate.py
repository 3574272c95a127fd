"""`prepos simulate`: a plan and today's stock in the same simulated disasters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import RenderableType

from prepos.analysis.estimates import BETTER, estimates, label, paired
from prepos.analysis.oddities import oddities
from prepos.analysis.results import plan_result
from prepos.analysis.sentences import change, rough_intervals, sentences, short
from prepos.commands.answer import Answer
from prepos.commands.progress import CountProgress, Reporter, duration
from prepos.commands.shell import problem_document
from prepos.commands.tables import table
from prepos.commands.work import command_line, kept_log, parse_changes, warn
from prepos.data.scenario import Scenario
from prepos.errors import DataError, UsageError
from prepos.evaluate import evaluate
from prepos.instance import Instance, build_instance
from prepos.library import load_scenario
from prepos.model import Budget, Hubs, Model, Objective, Risk, Service, Stock
from prepos.optimization import optimize_instance
from prepos.plan import Plan
from prepos.runs import Record, is_run, load_run, plain, run_folder, write_run
from prepos.simulation import SimulationOptions, SimulationResult
from prepos.simulation import simulate as stress_test

STOPPED_EARLY = 5


@dataclass(frozen=True)
class SimulateOptions:
    """What was asked besides the scenario or the run."""

    plan: Path | None = None
    replications: int | None = None
    precision: float | None = None
    seed: int = 1
    changes: tuple[str, ...] = ()
    out: Path | None = None

    def assumptions(self) -> SimulationOptions:
        """Return them as options of the simulation.

        Raises
        ------
        UsageError
            When both a number of replications and a precision are given, or a value is impossible.
        """
        if self.replications is not None and self.precision is not None:
            raise UsageError("give --replications or --precision, not both")
        values = parse_changes(self.changes)
        values |= {"seed": self.seed}
        if self.replications is not None:
            values |= {"replications": self.replications}
        if self.precision is not None:
            values |= {"precision": self.precision}
        return SimulationOptions.from_mapping(values)


@dataclass(frozen=True)
class Case:
    """What is tested: a scenario, and a plan with the model that it was made for (None: only today's stock)."""

    scenario: Scenario
    model: Model | None = None
    plan: Plan | None = None
    made_for: str = ""
    """What to say of a plan that does not fit the scenario; empty for the plan of the scenario's own run."""


@dataclass(frozen=True)
class Tested:
    """A stress test with everything that its run folder holds."""

    result: dict[str, Any]
    found: SimulationResult
    folder: Path


def simulate(subject: str, options: SimulateOptions) -> Answer:
    """Stress-test, write the run, and show figures and sentences."""
    assumptions = options.assumptions()
    case = read_case(subject, options.plan)
    with Reporter() as reporter:
        instance = build_instance(case.scenario, case.model)
        warn(reporter, oddities(case.scenario, case.model), subject)
        tested = run_test(case, instance, assumptions, options.out, reporter)
    exit_code = 0 if tested.found.complete else STOPPED_EARLY
    return Answer({**tested.result, "run": str(tested.folder)}, lambda: parts(tested), exit_code)


def read_case(subject: str, plan_run: Path | None) -> Case:
    """Return what a scenario or a run, and perhaps another run's plan, say is to be tested."""
    if is_run(subject):
        run = load_run(subject)
        case = Case(run.scenario, run.model, run.plan)
    else:
        case = Case(load_scenario(subject))
    if plan_run is None:
        return case
    other = load_run(plan_run)
    if other.plan is None:
        raise UsageError(f"--plan {plan_run}: the run holds no plan, only a test of today's stock")
    made_for = (
        f"the plan of {plan_run} was made for scenario {other.scenario.name}, this is {case.scenario.name}"
        if other.scenario.name != case.scenario.name
        else f"the plan of {plan_run} was made for other tables of scenario {other.scenario.name} than these"
    )
    return replace(case, model=other.model, plan=other.plan, made_for=made_for)


def run_test(
    case: Case, instance: Instance, options: SimulationOptions, out: Path | None, reporter: Reporter
) -> Tested:
    """Test a plan and today's stock on the same storms and write the run folder."""
    record = Record("simulate", command_line(), asdict(options), _repeat(case, options), options.seed)
    with kept_log() as log, run_folder(out, case.scenario.name, "stress-test") as folder:
        plans, results = _plans(case, instance)
        found = stress_test(instance, plans, options, CountProgress(reporter, "replications"))
        result = _result(case, found, results)
        result["warnings"] = [problem_document(problem) for problem in oddities(case.scenario, case.model)]
        tables = {"figures": found.figures, "differences": found.differences, "replications": found.replications}
        write_run(
            folder, record, case.scenario, result, model=case.model, plan=case.plan, tables=tables, log=log.getvalue()
        )
    return Tested(result, found, folder)


def today_model(model: Model | None) -> Model:
    """Return the model that assesses today's stock, dispatched by the same rule as the plan of another model."""
    objective = Objective(minimise=("social",)) if model is None else model.objective
    changes = {"objective": objective, "stock": Stock(mode="as_is"), "hubs": Hubs(), "budget": Budget()}
    return (model or Model(name="today")).model_copy(update={**changes, "risk": Risk(), "service": Service()})


def _plans(case: Case, instance: Instance) -> tuple[dict[str, Plan], dict[str, dict[str, Any]]]:
    """Return today's stock and the plan, and the figures that each promises, by name."""
    as_it_is = today_model(case.model)
    plans = {"today": optimize_instance(instance, as_it_is)}
    models = {"today": as_it_is}
    if case.plan is not None:
        plans["plan"], models["plan"] = case.plan, case.model or Model()
    try:
        return plans, {name: plan_result(plan, evaluate(instance, plan, models[name])) for name, plan in plans.items()}
    except DataError as error:
        if not case.made_for:
            raise
        raise UsageError(f"{case.made_for}; they do not fit ({error.problems[0].message})") from None


def _result(case: Case, found: SimulationResult, results: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    names = dict(zip(case.scenario.hubs["hub"], case.scenario.hubs["name"], strict=True))
    days = case.scenario.settings.period_days
    told: tuple[str, ...] = ()
    if case.plan is not None:
        told = sentences(found.figures, found.differences, results["today"], results["plan"], names, days)
    return {
        "status": "done" if found.complete else "interrupted",
        "scenario": case.scenario.name,
        "model": None if case.model is None else case.model.name,
        **plain(found.as_dict()),
        "assumptions": plain(asdict(found.options)),
        "notes": [*found.notes, *rough_intervals(found.done)],
        "sentences": list(told),
        **results,
    }


def _repeat(case: Case, options: SimulationOptions) -> tuple[str, ...]:
    line = ["simulate", f"inputs/{case.scenario.name}" if case.plan is None else "."]
    defaults = SimulationOptions()
    for name, value in asdict(options).items():
        if value != getattr(defaults, name) and name not in ("replications", "precision", "seed"):
            line += ["--set", f"{name}={list(value) if isinstance(value, tuple) else value}"]
    if options.precision is not None:
        line += ["--precision", repr(options.precision)]
    else:
        line += ["--replications", str(options.replications)]
    return (*line, "--seed", str(options.seed))


def parts(tested: Tested) -> tuple[RenderableType, ...]:
    """Return what a person reads about a stress test."""
    found = tested.found
    early = "" if found.complete else ", stopped early"
    head = f"{tested.result['scenario']}: {found.done} replications in {duration(found.seconds)}{early}"
    grid = figure_grid(found.figures, found.differences)
    notes = [f"Note: {note}" for note in tested.result["notes"]]
    sentences = [f"\n{sentence}" for sentence in tested.result["sentences"]]
    return (head, *notes, grid, *sentences, f"\nRun folder: {tested.folder}")


def figure_grid(figures: pd.DataFrame, differences: pd.DataFrame, only: Sequence[str] = ()) -> RenderableType:
    """Return the figures of each plan, the paired difference with its 95 % interval, and what it reads as."""
    known, difference = estimates(figures), paired(differences)
    rows = []
    for name in only or next(iter(known.values())).keys():
        means = [short(found[name].mean) for found in known.values()]
        if difference:
            rows.append([label(name), *means, change(difference[name]), difference[name].reads(BETTER[name])])
        else:
            (found,) = known.values()
            rows.append([label(name), *means, f"{short(found[name].low)} to {short(found[name].high)}"])
    headers = ["change (95 % interval)", "reads"] if difference else ["95 % interval"]
    return table("Stress test: a simulated year, mean over replications", ["figure", *known, *headers], rows)
