"""Does every shipped file work? Each model on each bundled scenario: all of it prepared, a part of it solved."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.instance import build_instance
from prepos.model import load_model
from prepos.optimization import SolverOptions
from prepos.optimization.data import prepare
from prepos.optimization.program import build
from tests.optimization.situations import answer

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "models").glob("*.toml"))
SCENARIOS = sorted(path.parent for path in (ROOT / "scenarios").glob("*/scenario.toml"))
BUILT, SOLVED = 20, 6
"""Most disasters of which the program is built, and of which it is solved."""

each_model = pytest.mark.parametrize("model_file", MODELS, ids=lambda path: path.stem)
each_scenario = pytest.mark.parametrize("folder", SCENARIOS, ids=lambda path: path.name)


@cache
def bundled(folder: Path) -> Scenario:
    return read_scenario(folder)


def part(scenario: Scenario, count: int) -> Scenario:
    """Return a scenario with so many of its disasters, evenly spread."""
    every = max(1, -(-len(scenario.disasters) // count))
    return replace(scenario, disasters=scenario.disasters.iloc[::every])


def test_there_are_models_and_scenarios() -> None:
    assert len(MODELS) >= 5
    assert len(SCENARIOS) >= 2


@each_scenario
@each_model
def test_every_model_can_be_asked_of_every_scenario(model_file: Path, folder: Path) -> None:
    model, scenario = load_model(model_file), bundled(folder)
    data = prepare(build_instance(scenario, model), model)
    assert len(data.n) > 0
    some = part(scenario, BUILT)
    program = build(prepare(build_instance(some, model), model))
    assert len(program.u) > 0


@each_scenario
@each_model
def test_every_model_gives_a_plan_with_its_gap_on_a_part_of_every_scenario(model_file: Path, folder: Path) -> None:
    found = answer(part(bundled(folder), SOLVED), load_model(model_file), SolverOptions(gap=0.01))
    assert found.plan.status == "optimal"
    assert 0 <= found.plan.gap <= 0.01
