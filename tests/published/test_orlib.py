"""OR-Library capacitated warehouse location (Beasley 1988): hub opening, capacity and linking with known optima."""

from __future__ import annotations

from pathlib import Path

import pytest

from prepos.data.read import read_scenario
from prepos.evaluate import evaluate
from prepos.instance import build_instance
from prepos.model import Model, parse_model
from prepos.optimization import SolverOptions, optimize_instance
from tests.published.cases import needs_cases, write_orlib

MODEL: Model = parse_model({"name": "orlib", "stock": {"mode": "free", "integer": False}, "hubs": {"choose": True}})


@needs_cases
@pytest.mark.parametrize(
    ("name", "optimum"),
    [("cap41", 1040444.375), ("cap44", 1235500.450), ("cap61", 932615.750), ("cap71", 932615.750)],
)
def test_the_published_optimum_is_found_and_proven(name: str, optimum: float, tmp_path: Path) -> None:
    instance = build_instance(read_scenario(write_orlib(name, tmp_path)), MODEL)
    plan = optimize_instance(instance, MODEL, SolverOptions(gap=1e-6))
    assert plan.objective == pytest.approx(optimum, rel=1e-5)
    assert plan.status == "optimal"
    assert plan.gap <= 1e-6
    assert evaluate(instance, plan, MODEL).objectives["cost"] == pytest.approx(plan.objective, rel=1e-6)
