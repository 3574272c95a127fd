"""Answers that a formula gives: one depot that holds everything, and the newsvendor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.optimization.situations import answer, ask, situation


def test_one_depot_that_holds_all_costs_the_sum_of_probability_need_and_freight() -> None:
    rng = np.random.default_rng(2015)
    outcomes, sites, items = ("w1", "w2", "w3"), ("X", "Y", "Z"), {"tent": {}, "kit": {}}
    probability = dict(zip(outcomes, (0.5, 0.3, 0.2), strict=True))
    needs = {(w, j, k): float(rng.integers(1, 50)) for w in outcomes for j in sites for k in items}
    freight = {j: float(rng.integers(1, 9)) for j in sites}
    found = answer(
        situation(
            hubs={"A": {}},
            items=items,
            stock={("A", item): 1000.0 for item in items},
            lanes={("A", j): (10, freight[j]) for j in sites},
            needs=needs,
            outcomes=probability,
        ),
        ask(stock={"mode": "as_is"}),
    )
    assert found.plan.objective == pytest.approx(sum(probability[w] * d * freight[j] for (w, j, _), d in needs.items()))


DEMAND = {10.0: 0.1, 20.0: 0.2, 30.0: 0.3, 40.0: 0.25, 50.0: 0.15}
"""Units needed -> probability."""


@pytest.mark.parametrize("price", [0.9, 4.3, 12.2, 16.5])
@pytest.mark.parametrize("shortage", [5.0, 18.0, 60.0])
@pytest.mark.parametrize("leftover", [-0.5, 0.0, 2.0])
def test_one_hub_holds_the_critical_fractile_of_demand(price: float, shortage: float, leftover: float) -> None:
    # One unit too few costs Cu = shortage - freight - price, one too many Co = price + leftover.
    # The best stock is the least q with P(D <= q) >= Cu / (Cu + Co); none where Cu <= 0.
    freight = 1.0
    too_few, too_many = shortage - freight - price, price + leftover
    best, cost = 0.0, expected_cost(0.0, price, shortage, leftover, freight)
    if too_few > 0:
        share = np.cumsum(list(DEMAND.values()))
        best = list(DEMAND)[int(np.argmax(share >= too_few / (too_few + too_many) - 1e-12))]
        cost = expected_cost(best, price, shortage, leftover, freight)
    found = answer(newsvendor(price, shortage, leftover, freight), ask())
    assert found.plan.objective == pytest.approx(cost)
    assert found.stock("A") == pytest.approx(best)


@pytest.mark.parametrize("disasters_a_year", [0.5, 3.0])
def test_the_fractile_counts_the_disasters_of_the_period(disasters_a_year: float) -> None:
    # N disasters draw on the same stock, bought once: Cu = N (shortage - freight) - price, Co = price.
    gain = disasters_a_year * (18.0 - 1.0)
    share = np.cumsum(list(DEMAND.values()))
    best = list(DEMAND)[int(np.argmax(share >= (gain - 4.0) / gain))]
    found = answer(newsvendor(4.0, 18.0, 0.0, 1.0, disasters_per_year=disasters_a_year), ask())
    assert found.stock("A") == pytest.approx(best)


@pytest.mark.parametrize("lot", [7.0, 15.0, 60.0])
def test_in_lots_the_newsvendor_holds_the_best_multiple(lot: float) -> None:
    costs = [expected_cost(lot * n, 4.0, 18.0, 0.0, 1.0) for n in range(12)]
    found = answer(newsvendor(4.0, 18.0, 0.0, 1.0, lot=lot), ask(stock={"integer": True}))
    assert found.plan.objective == pytest.approx(min(costs))
    assert found.stock("A") == pytest.approx(lot * int(np.argmin(costs)))


def newsvendor(
    price: float, shortage: float, leftover: float, freight: float, lot: float = 1.0, **settings: Any
) -> Any:
    cells = {"price_usd": price, "shortage_usd": shortage, "leftover_usd": leftover, "lot": lot}
    return situation(
        hubs={"A": {}},
        items={"tent": cells},
        lanes={("A", "X"): (10, freight)},
        needs={(f"w{units:g}", "X", "tent"): units for units in DEMAND},
        outcomes={f"w{units:g}": p for units, p in DEMAND.items()},
        **settings,
    )


def expected_cost(held: float, price: float, shortage: float, leftover: float, freight: float) -> float:
    """Return price x held + E[freight sold + shortage short + leftover left], not selling what is dearer to ship."""
    total = price * held
    for needed, p in DEMAND.items():
        sold = min(held, needed) if freight - leftover < shortage else 0.0
        total += p * (freight * sold + shortage * (needed - sold) + leftover * (held - sold))
    return total
