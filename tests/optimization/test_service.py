"""Service that a plan must reach: two hubs solved by hand for each form. Shortage is free: only the limit bites."""

from __future__ import annotations

from typing import Any

import pytest

from tests.optimization.situations import answer, ask, situation

FREE = {"shortage_usd": 0.0}


def two_items() -> Any:
    """Return 10 tents and 10 kits needed at X; A serves in 24 h at 1 USD, B in 100 h for nothing, which is too late.

    A tent costs 0.5 + 1 and weighs 1, a kit costs 5 + 1 and weighs 3.
    """
    return situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {**FREE, "price_usd": 0.5, "weight": 1}, "kit": {**FREE, "price_usd": 5, "weight": 3}},
        lanes={("A", "X"): (24, 1), ("B", "X"): (100, 0)},
        needs={("w", "X", "tent"): 10, ("w", "X", "kit"): 10},
    )


def test_without_a_service_level_nothing_is_done() -> None:
    assert answer(two_items(), ask()).plan.objective == pytest.approx(0)


def test_expected_coverage_of_all_balances_the_items_by_weight() -> None:
    # 60 % within 72 h: a tent gives 1/40 for 1.50 (60 USD a share), a kit 3/40 for 6 (80). All tents give 25 % for 15;
    # the other 35 % are 35 / 7.5 kits at 6 = 28. In all 43.
    found = answer(two_items(), ask(service={"min_coverage": 0.6, "by": "all"}))
    assert found.plan.objective == pytest.approx(43)
    assert found.figures.coverage[72.0] == pytest.approx(0.6)
    assert found.shipped(hub="B") == pytest.approx(0)


def test_expected_coverage_by_item_holds_for_each_item() -> None:
    # 6 of the 10 tents at 1.50 and 6 of the 10 kits at 6: 9 + 36.
    found = answer(two_items(), ask(service={"min_coverage": 0.6, "by": "item"}))
    assert found.plan.objective == pytest.approx(45)
    assert found.figures.items[72.0].tolist() == pytest.approx([0.6, 0.6])


def test_an_item_without_weight_is_served_as_well_where_each_item_counts() -> None:
    # Its weight matters for a sum of items only: 6 tents at 1.50 and 6 kits at 6, whatever they weigh.
    scenario = situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {**FREE, "price_usd": 0.5, "weight": 0}, "kit": {**FREE, "price_usd": 5}},
        lanes={("A", "X"): (24, 1), ("B", "X"): (100, 0)},
        needs={("w", "X", "tent"): 10, ("w", "X", "kit"): 10},
    )
    assert answer(scenario, ask(service={"min_coverage": 0.6, "by": "item"})).plan.objective == pytest.approx(45)
    assert answer(scenario, ask(service={"min_coverage": 0.6, "by": "all"})).plan.objective == pytest.approx(36)


def two_regions(**more: Any) -> Any:
    """Return 10 tents needed in the north (A, 1 USD) and 10 in the south (B, 9 USD)."""
    return situation(
        hubs={"A": {}, "B": {}},
        items={"tent": FREE},
        lanes={("A", "X"): (24, 1), ("B", "Y"): (24, 9)},
        needs={("w", "X", "tent"): 10, ("w", "Y", "tent"): 10},
        regions={"X": "north", "Y": "south"},
        **more,
    )


@pytest.mark.parametrize(("by", "total"), [("all", 10), ("region", 50)])
def test_expected_coverage_by_region_leaves_no_region_behind(by: str, total: float) -> None:
    # Half of all: the 10 in the north, 10 x 1. Half of each region: 5 x 1 + 5 x 9.
    found = answer(two_regions(), ask(service={"min_coverage": 0.5, "by": by}))
    assert found.plan.objective == pytest.approx(total)


def test_what_never_happens_asks_for_no_service() -> None:
    # The need of the south belongs to an outcome of probability 0, and no lane leads there in time.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": FREE},
            lanes={("A", "X"): (24, 1), ("B", "Y"): (999, 9)},
            needs={("likely", "X", "tent"): 10, ("never", "Y", "tent"): 10},
            outcomes={"likely": 1.0, "never": 0.0},
            regions={"X": "north", "Y": "south"},
        ),
        ask(service={"min_coverage": 0.5, "by": "region"}),
    )
    assert found.plan.objective == pytest.approx(5)


def test_coverage_counts_over_the_outcomes_by_their_probability() -> None:
    # Expected need 0.8 x 10 + 0.2 x 40 = 16; half of it is 8: hold 8 (3 USD) would cover 0.8 x 8 + 0.2 x 8 = 8.
    # 8 x 3 bought and 8 x 1 freight in every outcome: 32.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {**FREE, "price_usd": 3}},
            lanes={("A", "X"): (24, 1), ("B", "X"): (100, 0)},
            needs={("small", "X", "tent"): 10, ("large", "X", "tent"): 40},
            outcomes={"small": 0.8, "large": 0.2},
        ),
        ask(service={"min_coverage": 0.5}),
    )
    assert found.plan.objective == pytest.approx(32)
    assert found.stock("A") == pytest.approx(8)


def growing_needs() -> Any:
    """Return needs of 10, 20, 30 and 40 tents with probabilities 0.4, 0.3, 0.2 and 0.1."""
    return situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {**FREE, "price_usd": 5}},
        lanes={("A", "X"): (24, 1), ("B", "X"): (100, 0)},
        needs={(f"w{n}", "X", "tent"): 10.0 * n for n in (1, 2, 3, 4)},
        outcomes={"w1": 0.4, "w2": 0.3, "w3": 0.2, "w4": 0.1},
    )


@pytest.mark.parametrize(("probability", "held", "total"), [(0.7, 20, 110), (0.71, 30, 166), (0.4, 10, 54), (0, 0, 0)])
def test_a_chance_of_full_coverage_holds_stock_for_the_likely_outcomes(
    probability: float, held: float, total: float
) -> None:
    # 0.7: meet 10 and 20 in full, so hold 20: 20 x 5 + 0.4 x 10 + 0.3 x 20 = 110; in the others nothing is shipped.
    # 0.71: hold 30: 150 + 4 + 6 + 0.2 x 30 = 166. 0.4: hold 10: 50 + 4.
    found = answer(growing_needs(), ask(service={"probability": probability}))
    assert found.stock("A") == pytest.approx(held)
    assert found.plan.objective == pytest.approx(total)


def test_an_outcome_without_need_counts_as_fully_covered() -> None:
    # Kits are needed in one outcome of probability 0.3: with 0.7 by item, no kit has to be held.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {**FREE, "price_usd": 1}, "kit": {**FREE, "price_usd": 5}},
            lanes={("A", "X"): (24, 0)},
            needs={("often", "X", "tent"): 10, ("seldom", "X", "kit"): 10},
            outcomes={"often": 0.7, "seldom": 0.3},
        ),
        ask(service={"probability": 0.7, "by": "item"}),
    )
    assert found.plan.objective == pytest.approx(10)
    assert found.stock("A", "kit") == 0


def test_a_chance_needs_every_item_where_all_count_together() -> None:
    # By all, the outcome is met only when tents and kits are: 10 x 1 + 10 x 5.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {**FREE, "price_usd": 1}, "kit": {**FREE, "price_usd": 5}},
            lanes={("A", "X"): (24, 0)},
            needs={("w", "X", "tent"): 10, ("w", "X", "kit"): 10},
        ),
        ask(service={"probability": 0.9, "by": "all"}),
    )
    assert found.plan.objective == pytest.approx(60)


@pytest.mark.parametrize("size", [1.0, 1e3, 1e6, 1e8])
def test_a_share_of_millions_is_a_share_all_the_same(size: float) -> None:
    # The share that one unit adds falls below what the solver can tell from nothing; the limit must still bite.
    # As by item above, `size` times: 45 x size.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {**FREE, "price_usd": 0.5}, "kit": {**FREE, "price_usd": 5}},
            lanes={("A", "X"): (24, 1), ("B", "X"): (100, 0)},
            needs={("w", "X", "tent"): 10 * size, ("w", "X", "kit"): 10 * size},
        ),
        ask(service={"min_coverage": 0.6, "by": "item"}),
    )
    assert found.plan.objective == pytest.approx(45 * size)
