"""The recourse of a fixed stock, worked out without a program, is what the optimizer finds for the same stock."""

from __future__ import annotations

import numpy as np
import pytest

from prepos.analysis.fixed_stock import recourse_costs
from prepos.errors import UsageError
from prepos.evaluate import recourse_usd, usable_stock
from prepos.instance import build_instance
from tests.optimization.situations import answer, ask, situation

HUBS = ("A", "B", "C")


def random_situation(seed, sites_per_outcome=1):
    rng = np.random.default_rng(seed)
    needs, lanes = {}, {}
    for w in range(6):
        for j in rng.choice(4, sites_per_outcome, replace=False):
            for item in ("tent", "mat"):
                needs[f"w{w}", f"s{j}", item] = float(rng.integers(1, 60))
    for hub in (*HUBS, "X"):
        for j in range(4):
            if rng.random() < 0.8:
                for mode in ("air", "road"):
                    lanes[hub, f"s{j}", mode] = (float(rng.integers(5, 90)), float(rng.integers(1, 130)))
    return situation(
        hubs={hub: {} for hub in HUBS},
        items={"tent": {"shortage_usd": 100.0, "leftover_usd": 3.0}, "mat": {"deprivation_usd_day": 2.0}},
        stock={(hub, item): float(rng.integers(0, 50)) for hub in HUBS for item in ("tent", "mat")},
        needs=needs,
        lanes=lanes,
        availability={("w1", "A"): 0.0, ("w2", "B"): 0.5},
        suppliers={("X", "tent"): {"price_usd": 20.0, "lead_time_days": 1.0, "limit": 15.0}},
    )


@pytest.mark.parametrize("sites", [1, 3])
@pytest.mark.parametrize("goal", ["cost", "social"])
@pytest.mark.parametrize("seed", range(6))
def test_it_costs_what_the_program_finds_in_every_outcome(seed, sites, goal):
    model = ask(goal, stock={"mode": "as_is"})
    found = answer(random_situation(seed, sites), model)
    stock = usable_stock(found.instance, found.plan)
    by_program = recourse_usd(found.figures.outcomes, model)
    assert recourse_costs(found.instance, model, stock) == pytest.approx(by_program, rel=1e-7)


def test_a_merit_order_by_hand():
    scenario = situation(
        hubs={"A": {}, "B": {}},
        stock={("A", "tent"): 10.0, ("B", "tent"): 50.0},
        needs={("w", "s", "tent"): 30.0},
        lanes={("A", "s"): (10, 5.0), ("B", "s"): (10, 8.0)},
    )
    instance = build_instance(scenario)
    assert recourse_costs(instance, ask(), instance.stock).tolist() == [10 * 5 + 20 * 8]
    assert recourse_costs(instance, ask(), instance.stock * 0).tolist() == [30 * 1000]


def test_sites_that_want_the_same_stock_share_it_in_the_best_way():
    scenario = situation(
        hubs={"A": {}, "B": {}},
        stock={("A", "tent"): 10.0, ("B", "tent"): 10.0},
        needs={("w", "near", "tent"): 10.0, ("w", "far", "tent"): 10.0},
        lanes={("A", "near"): (1, 1.0), ("B", "near"): (1, 2.0), ("A", "far"): (1, 3.0), ("B", "far"): (1, 90.0)},
    )
    instance = build_instance(scenario)
    assert recourse_costs(instance, ask(), instance.stock).tolist() == [pytest.approx(10 * 2 + 10 * 3)]


def test_limits_that_tie_items_together_are_refused():
    tied = build_instance(
        situation(hubs={"A": {"outbound_m3_day": 1.0}}, needs={("w", "s", "tent"): 1.0}, lanes={("A", "s"): (1, 1)})
    )
    with pytest.raises(UsageError, match="outbound limits of hubs"):
        recourse_costs(tied, ask(), tied.stock)
