"""The objectives and the budget, each worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.optimization.situations import answer, ask, situation

TWO_HUBS = {"A": {}, "B": {}}


def test_cost_is_the_first_stage_of_the_period_and_the_recourse_of_its_disasters() -> None:
    # Half a year, 4 disasters a year: 2 in the period. A: 100 a year -> 50; storage 1 USD/m3/month -> 6 a tent.
    # 10 or 20 needed, half each. Tents 11 to 20 save 0.5 x 2 x (50 - 2) = 48 for 3 + 6: hold 20.
    # 50 + 20 x (3 + 6) + 2 x (0.5 x 10 x 2 + 0.5 x 20 x 2) = 50 + 180 + 60.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 100, "storage_usd_m3_month": 1}, "B": {"fixed_usd_year": 900}},
            items={"tent": {"price_usd": 3, "shortage_usd": 50}},
            lanes={("A", "X"): (10, 2), ("B", "X"): (20, 1)},
            needs={("small", "X", "tent"): 10, ("large", "X", "tent"): 20},
            period_days=182.5,
            disasters_per_year=4.0,
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(290)
    expected = found.figures.expected
    assert (expected["opening_usd"], expected["purchase_usd"]) == pytest.approx((50, 60))
    assert (expected["holding_usd"], expected["freight_usd"]) == pytest.approx((120, 30))


def test_what_is_left_unused_costs_or_earns() -> None:
    # 10 held as they are at A, 4 needed: 4 x 1 freight and 6 left at 2 each (or worth 0.5 each); B's 1 is left as well.
    for leftover, total in ((2.0, 4 + 14), (-0.5, 4 - 3.5)):
        found = answer(
            situation(
                hubs=TWO_HUBS,
                items={"tent": {"leftover_usd": leftover}},
                stock={("A", "tent"): 10, ("B", "tent"): 1},
                lanes={("A", "X"): (10, 1)},
                needs={("w", "X", "tent"): 4},
            ),
            ask(stock={"mode": "as_is"}),
        )
        assert found.plan.objective == pytest.approx(total)


def test_what_is_lost_is_not_left_over() -> None:
    # Half of the 10 at A is lost; 4 are shipped, 1 is left at 2 USD: 4 + 2.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"leftover_usd": 2}},
            stock={("A", "tent"): 10},
            lanes={("A", "X"): (10, 1)},
            needs={("w", "X", "tent"): 4},
            availability={("w", "A"): 0.5},
        ),
        ask(stock={"mode": "as_is"}),
    )
    assert found.plan.objective == pytest.approx(6)


def test_time_leaves_the_fewest_units_unmet_and_then_delivers_them_soonest() -> None:
    # B is faster (4 h against 10 h) but holds 6 m3 only; leaving units out would be faster still, and is not done:
    # unmet 0, hours 6 x 4 + 4 x 10 = 64.
    found = answer(
        situation(
            hubs={"A": {}, "B": {"capacity_m3": 6}},
            stock={("A", "tent"): 10},
            lanes={("A", "X"): (10, 1), ("B", "X"): (4, 9)},
            needs={("w", "X", "tent"): 10},
        ),
        ask("time", stock={"mode": "fixed_total"}),
    )
    assert [(level.name, level.value) for level in found.plan.levels] == [
        ("unmet", pytest.approx(0, abs=1e-9)),
        ("time", pytest.approx(64)),
    ]
    assert found.plan.objective == pytest.approx(64)


def test_time_counts_unmet_units_before_hours() -> None:
    # 6 tents for 10 in need at X (A, 10 h) or 4 at Y (B, 1 h), half of the time each: placed at B they would be fast,
    # yet 6 - 4 would be left. Unmet at A = a: (10 - a) / 2 + (4 - min(4, 6 - a)) / 2, least for every a from 2 to 6:
    # 4. Of those, hours a x 10 / 2 + (6 - a) x 1 / 2 are least at a = 2: 12.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            stock={("A", "tent"): 6},
            lanes={("A", "X"): (10, 1), ("B", "Y"): (1, 1)},
            needs={("w1", "X", "tent"): 10, ("w2", "Y", "tent"): 4},
        ),
        ask("time", stock={"mode": "fixed_total"}),
    )
    assert [level.value for level in found.plan.levels] == pytest.approx([4, 12])
    assert found.stock("A") == pytest.approx(2)


def test_coverage_reaches_the_most_in_time_and_then_saves() -> None:
    # Within 24 h only A's air lane (5 USD) and, for half of it, B's: cheap B is late. All 10 by air: 50 and price 20.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"price_usd": 2}},
            lanes={("A", "X", "air"): (24, 5), ("A", "X", "road"): (25, 1), ("B", "X"): (48, 0)},
            needs={("w", "X", "tent"): 10},
        ),
        ask("coverage", objective={"target_hours": 24}),
    )
    assert [(level.name, level.value) for level in found.plan.levels] == [
        ("coverage", pytest.approx(-1)),
        ("cost", pytest.approx(70)),
    ]


def test_coverage_balances_items_by_weight_within_the_budget() -> None:
    # 12 USD buy 12 tents or 4 kits. 20 tents weigh 1, 10 kits weigh 3: a tent adds 1/80 a USD, a kit 3/40 / 3 = 1/40.
    # So 4 kits: 4 x 3/40 = 0.3.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"price_usd": 1, "weight": 1}, "kit": {"price_usd": 3, "weight": 3}},
            lanes={("A", "X"): (24, 0), ("B", "X"): (99, 0)},
            needs={("w", "X", "tent"): 20, ("w", "X", "kit"): 10},
        ),
        ask("coverage", budget={"usd": 12}),
    )
    assert found.plan.objective == pytest.approx(-0.3)
    assert found.stock("A", "kit") == pytest.approx(4)


@pytest.mark.parametrize("size", [1.0, 1e3, 1e6, 1e8])
def test_coverage_of_millions_is_maximised_all_the_same(size: float) -> None:
    # Of 17 needed, 14 fit, and 3 USD a tent would rather not be spent: first coverage 14/17, then 3 x 14 x size.
    # A share of a unit falls below 1e-7 here, which the solver takes for nothing unless the objective is scaled.
    found = answer(
        situation(
            hubs={"A": {"capacity_m3": 14 * size}, "B": {}},
            items={"tent": {"price_usd": 3, "shortage_usd": 0}},
            lanes={("A", "X"): (24, 0), ("B", "X"): (99, 0)},
            needs={("w", "X", "tent"): 17 * size},
        ),
        ask("coverage"),
    )
    assert [level.value for level in found.plan.levels] == pytest.approx([-14 / 17, 42 * size], rel=1e-7)


def test_coverage_is_full_where_nothing_of_weight_is_needed() -> None:
    scenario = situation(
        hubs=TWO_HUBS,
        items={"tent": {"weight": 0}},
        lanes={("A", "X"): (24, 1)},
        needs={("w", "X", "tent"): 10},
    )
    assert answer(scenario, ask("coverage")).plan.objective == -1


@pytest.mark.parametrize(("objective", "total", "hub"), [("cost", 50, "A"), ("social", 100, "B")])
def test_social_cost_prices_the_wait(objective: str, total: float, hub: str) -> None:
    # 24 USD a day is 1 an hour. A: 10 h and 5 USD -> 15 a tent; B: 2 h and 8 USD -> 10 a tent.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"deprivation_usd_day": 24}},
            lanes={("A", "X"): (10, 5), ("B", "X"): (2, 8)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(objective),
    )
    assert found.plan.objective == pytest.approx(total)
    assert found.shipped(hub=hub) == pytest.approx(10)


@pytest.mark.parametrize(
    ("minimise", "levels"),
    [
        (["cost", "time"], [("cost", 10), ("unmet", 0), ("time", 50)]),
        (["time", "cost"], [("unmet", 0), ("time", 20), ("cost", 70)]),
        (["coverage", "cost"], [("coverage", -1), ("cost", 10)]),
    ],
)
def test_a_list_of_objectives_is_minimised_in_its_order(minimise: list[str], levels: list[tuple[str, float]]) -> None:
    # From A: air 5 h and road 10 h, both 1 USD; from B 2 h for 7 USD. Cheapest first, then soonest: air, 50 h.
    # Soonest first: B, 20 h, at 70 USD.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            lanes={("A", "X", "road"): (10, 1), ("A", "X", "air"): (5, 1), ("B", "X"): (2, 7)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(minimise),
    )
    assert [level.name for level in found.plan.levels] == [name for name, _ in levels]
    assert [level.value for level in found.plan.levels] == pytest.approx([value for _, value in levels])
    first = next(level for level in found.plan.levels if level.name == minimise[0])
    assert found.plan.objective == first.value


def test_spending_keeps_to_the_budget() -> None:
    # 44 USD: 4 for the hub, and 2 + 3 of storage (0.25 USD a month and m3) for each of 8 tents. 2 of 10 stay short.
    # 4 + 40 + 8 x 1 + 2 x 10 = 72. B would cost more than the budget to open.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 4, "storage_usd_m3_month": 0.25}, "B": {"fixed_usd_year": 50}},
            items={"tent": {"price_usd": 2, "shortage_usd": 10}},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 0)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(budget={"usd": 44}),
    )
    assert found.plan.objective == pytest.approx(72)
    assert found.stock("A") == pytest.approx(8)


def test_a_budget_of_nothing_buys_nothing() -> None:
    found = answer(
        situation(
            hubs={"A": {}, "B": {"fixed_usd_year": 1}},
            items={"tent": {"price_usd": 2, "shortage_usd": 10}},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 0)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(budget={"usd": 0}),
    )
    assert found.plan.objective == pytest.approx(100)
    assert found.plan.stock.empty


@pytest.mark.parametrize("risk", [{"measure": "cvar", "alpha": 0.5, "weight": 1.0}, {"measure": "worst_case"}])
def test_hours_can_be_weighed_by_risk_as_well(risk: Any) -> None:
    # 10 tents, at X from A in 4 h or at Y from B in 12 h, half of the time each; none may be unmet, so 10 lie at both.
    # Unit-hours 40 and 120: the worst half, and the worst outcome, is 120.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            lanes={("A", "X"): (4, 1), ("B", "Y"): (12, 1)},
            needs={("w1", "X", "tent"): 10, ("w2", "Y", "tent"): 10},
        ),
        ask("time", risk=risk),
    )
    assert found.plan.objective == pytest.approx(120)
