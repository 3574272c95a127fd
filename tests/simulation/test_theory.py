"""The simulation against closed forms, run through the same code as everything else."""

from __future__ import annotations

from typing import Any

import pytest

from prepos.instance import Instance
from prepos.simulation import SimulationOptions, SimulationResult, simulate
from tests.simulation.cases import build, item, lane, plan


def one_hub(per_year: float, **item_cells: Any) -> Instance:
    """Return one hub that gets Poisson requests of one unit."""
    return build(
        {"disasters_per_year": per_year},
        hubs=[{"hub": "A"}],
        items=[item("tent", **item_cells)],
        sites=[{"site": "X"}],
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[{"outcome": "x", "site": "X", "item": "tent", "quantity": 1.0}],
        lanes=[lane("A", "X", "road", 1.0)],
    )


def figure(result: SimulationResult, name: str) -> dict[str, float]:
    row = result.figures.set_index("figure").loc[name]
    return {bound: float(row[bound]) for bound in ("mean", "low", "high")}


def erlang_loss(load: float, servers: int) -> float:
    r"""Return :math:`B = (a^S / S!) / \sum_{n \le S} a^n / n!` by its recursion."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


@pytest.mark.parametrize("law", ["exponential", "fixed", "lognormal"])
def test_base_stock_with_lost_sales_loses_what_the_erlang_formula_says(law: str) -> None:
    """Palm: one unit is ordered for each that leaves, so units on order are the busy servers of M/G/S/S."""
    per_year, lead_days, base = 1000.0, 1.46, 5
    instance = one_hub(per_year, lead_time_days=lead_days)
    options = SimulationOptions.without_surprises(
        replications=12,
        workers=1,
        restock="order_up_to",
        review_days=0.0,
        lead_time_law=law,
        lead_time_sigma=0.5,
        backlog=False,
        response_days=1.0,
        seed=11,
    )
    result = simulate(instance, {"base stock": plan(instance, {("A", "tent"): float(base)})}, options)
    lost = 1 - figure(result, "fill_rate")["mean"]
    expected = erlang_loss(per_year * lead_days / 365, base)
    assert expected == pytest.approx(0.19907, abs=1e-5)
    assert 1 - figure(result, "fill_rate")["high"] <= expected <= 1 - figure(result, "fill_rate")["low"]
    assert lost == pytest.approx(expected, abs=0.015)
    assert figure(result, "stockout_share")["mean"] == pytest.approx(lost, abs=0.005)


def test_consignments_wait_for_one_crew_as_the_pollaczek_khinchine_formula_says() -> None:
    """M/D/1: the mean wait is rho s / (2 (1 - rho)) for loading of s hours at utilisation rho."""
    per_year, utilisation = 2000.0, 0.7
    loading_hours = utilisation * 8760 / per_year
    instance = one_hub(per_year)
    options = SimulationOptions.without_surprises(
        replications=12, workers=1, crews=1, crew_m3_hour=1 / loading_hours, response_days=5.0, seed=3
    )
    result = simulate(instance, {"plenty": plan(instance, {("A", "tent"): 1e6})}, options)
    expected = utilisation * loading_hours / (2 * (1 - utilisation))
    wait = figure(result, "queue_hours")
    assert wait["low"] <= expected <= wait["high"]
    assert wait["mean"] == pytest.approx(expected, rel=0.1)
