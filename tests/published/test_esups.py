"""ESUPS Vanuatu (Acimovic and Goentzel 2016; ESUPS / Gurobi case study): 20 disasters, 6 depots, the stock of today.

Freight and unit-hours with the stock where it is, and with the same total placed freely; shortage minimised first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from prepos.data.read import read_scenario
from prepos.evaluate import evaluate
from prepos.instance import build_instance
from prepos.model import parse_model
from prepos.optimization import optimize_instance
from tests.published.cases import needs_cases, write_esups

TABLE = [
    ("actual", "Blankets", 48969.5833, 3525.6167, 3865.71045, 3813.39447, 108648.755, 106823.030),
    ("actual_50pct", "Blankets", 48969.5833, 4374.1667, 4768.99740, 4666.22493, 133771.803, 130207.400),
    ("actual_50pct", "Buckets", 11752.7000, 1049.7600, 694.34093, 679.37815, 32104.088, 31248.684),
]


@needs_cases
@pytest.mark.parametrize(
    ("stock", "item", "need", "covered", "usd_as_is", "usd_moved", "hours_as_is", "hours_moved"), TABLE
)
def test_the_published_figures_are_reproduced(
    stock: str,
    item: str,
    need: float,
    covered: float,
    usd_as_is: float,
    usd_moved: float,
    hours_as_is: float,
    hours_moved: float,
    tmp_path: Path,
) -> None:
    scenario = read_scenario(write_esups(stock, item, tmp_path))
    expected = {
        ("cost", "as_is"): ("freight_usd", usd_as_is),
        ("cost", "fixed_total"): ("freight_usd", usd_moved),
        ("time", "as_is"): ("unit_hours", hours_as_is),
        ("time", "fixed_total"): ("unit_hours", hours_moved),
    }
    for (objective, mode), (figure, published) in expected.items():
        model = parse_model(
            {
                "name": "esups",
                "objective": {"minimise": objective},
                "stock": {"mode": mode, "integer": False},
                "hubs": {"choose": False},
            }
        )
        instance = build_instance(scenario, model)
        plan = optimize_instance(instance, model)
        figures = evaluate(instance, plan, model)
        assert figures.expected[figure] == pytest.approx(published, rel=1e-5), (objective, mode)
        assert figures.expected["need_units"] == pytest.approx(need, rel=1e-5)
        assert figures.expected["need_units"] - figures.expected["unmet_units"] == pytest.approx(covered, rel=1e-5)
        assert figures.objectives[objective] == pytest.approx(plan.objective, rel=1e-6)
        assert figures.violation <= 1e-6
