"""Do the two worlds agree? What the program minimises and what `evaluate` measures, on a part of the bundled 2015."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.model import load_model
from prepos.optimization import SolverOptions
from tests.optimization.situations import answer

ROOT = Path(__file__).parents[2]
MODELS = sorted((ROOT / "models").glob("*.toml"))


@cache
def first_disasters(count: int) -> Scenario:
    """Return the bundled 2015 with its first disasters only."""
    scenario = read_scenario(ROOT / "scenarios" / "iom-2015")
    return replace(scenario, disasters=scenario.disasters.head(count))


@pytest.mark.parametrize("mode", ["free", "fixed_total", "as_is"])
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_program_and_evaluate_give_one_plan_the_same_figures(path: Path, mode: str) -> None:
    # `answer` compares every level and holds the plan against every rule; a budget must not forbid today's stock.
    overrides = {"stock.mode": mode, "budget.usd": 20_000_000}
    found = answer(first_disasters(6), load_model(path, overrides), SolverOptions(gap=0.01))
    assert found.plan.objective == pytest.approx(found.figures.objectives[found.model.objective.minimise[0]], rel=1e-6)
    assert found.plan.gap <= 0.01
