"""Odd but possible situations: the right answer, or a clear message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.optimization.situations import answer, ask, situation

TO_X = {("A", "X"): (10, 1), ("B", "X"): (20, 2)}
EVERY_OBJECTIVE = ("cost", "time", "coverage", "social")


@pytest.mark.parametrize("objective", EVERY_OBJECTIVE)
def test_nothing_is_held_where_nothing_can_happen(objective: str) -> None:
    scenario = situation(hubs={"A": {"fixed_usd_year": 5}}, items={"tent": {"price_usd": 1}}, lanes=TO_X, needs={})
    found = answer(scenario, ask(objective))
    assert found.plan.objective == (-1 if objective == "coverage" else 0)
    assert found.figures.shortage_probability == 0


@pytest.mark.parametrize("measure", ["cvar", "worst_case", "regret"])
def test_no_risk_lies_in_nothing(measure: str) -> None:
    found = answer(situation(hubs={"A": {}}, lanes=TO_X, needs={}), ask(risk={"measure": measure}))
    assert found.plan.objective == pytest.approx(0)


@pytest.mark.parametrize("objective", EVERY_OBJECTIVE)
def test_an_outcome_without_any_need_is_an_outcome_all_the_same(objective: str) -> None:
    # Half of the time nothing happens: 10 x 2 bought, 5 x 1 freight expected.
    scenario = situation(
        hubs={"A": {}},
        items={"tent": {"price_usd": 2}},
        lanes={("A", "X"): (10, 1)},
        needs={("w", "X", "tent"): 10},
        outcomes={"w": 0.5, "calm": 0.5},
    )
    found = answer(scenario, ask(objective))
    assert found.figures.objectives["cost"] == pytest.approx(25)
    assert found.figures.objectives["coverage"] == pytest.approx(-1)


def test_an_item_that_nobody_needs_is_not_bought_and_its_stock_stays() -> None:
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"price_usd": 1}, "kettle": {"price_usd": 1}},
            stock={("A", "kettle"): 3},
            lanes=TO_X,
            needs={("w", "X", "tent"): 10},
        ),
        ask("coverage"),
    )
    assert found.stock("A", "kettle") + found.stock("B", "kettle") == pytest.approx(3)
    assert found.plan.purchases["item"].tolist() == ["tent"]


def test_a_hub_without_room_holds_nothing() -> None:
    found = answer(
        situation(hubs={"A": {"capacity_m3": 0}, "B": {}}, lanes=TO_X, needs={("w", "X", "tent"): 10}), ask()
    )
    assert found.plan.objective == pytest.approx(20)
    assert found.stock("A") == 0


def test_an_item_without_volume_fits_everywhere() -> None:
    found = answer(
        situation(
            hubs={"A": {"capacity_m3": 0}, "B": {}},
            items={"voucher": {"unit_m3": 0}},
            lanes=TO_X,
            needs={("w", "X", "voucher"): 10},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(10)


def test_a_lane_may_take_no_time_and_cost_nothing() -> None:
    scenario = situation(hubs={"A": {}}, lanes={("A", "X"): (0, 0)}, needs={("w", "X", "tent"): 10})
    found = answer(scenario, ask("time", objective={"target_hours": 0}))
    assert found.plan.objective == pytest.approx(0)
    assert found.figures.objectives["coverage"] == pytest.approx(-1)
    assert found.figures.mean_hours == 0


def test_a_need_above_all_supply_is_met_as_far_as_it_goes() -> None:
    # 7 of a million: A's 4 at 1 USD, B's 3 at 2; the rest at 1000 each.
    found = answer(
        situation(hubs={"A": {"capacity_m3": 4}, "B": {"capacity_m3": 3}}, lanes=TO_X, needs={("w", "X", "tent"): 1e6}),
        ask(),
    )
    assert found.plan.objective == pytest.approx(4 + 6 + (1e6 - 7) * 1000)
    assert found.unmet() == pytest.approx(1e6 - 7)


def test_a_need_that_no_hub_reaches_stays_unmet() -> None:
    scenario = situation(hubs={"A": {}}, lanes={("A", "X"): (1, 1)}, needs={("w", "Y", "tent"): 10})
    for objective in EVERY_OBJECTIVE:
        assert answer(scenario, ask(objective)).unmet() == 10


def test_a_share_of_a_unit_can_be_needed() -> None:
    scenario = situation(hubs={"A": {}}, lanes={("A", "X"): (1, 8)}, needs={("w", "X", "tent"): 0.125})
    assert answer(scenario, ask()).plan.objective == pytest.approx(1)


def test_prices_from_a_thousandth_to_a_billion_stand_beside_each_other() -> None:
    # Needles at 0.001 and 0.002 of freight; a hospital at 1e9, short at 1e10; A costs 1e6 a year.
    # 1e6 + 5000 x 0.003 + 1e9 + 3: the 15 USD of the needles are not lost beside it.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 1e6}, "B": {"fixed_usd_year": 1e9}},
            items={
                "needle": {"price_usd": 0.001, "shortage_usd": 0.01},
                "hospital": {"price_usd": 1e9, "shortage_usd": 1e10},
            },
            lanes={("A", "X"): {"hours": 10, "usd_per_kg": 0.002}, ("A", "Y"): {"hours": 10, "usd_per_kg": 3}},
            needs={("w", "X", "needle"): 5000, ("w", "Y", "hospital"): 1},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(1e6 + 5000 * 0.003 + 1e9 + 3, abs=0.1)
    assert found.shipped(item="needle") == pytest.approx(5000)


@pytest.mark.parametrize("mode", ["free", "fixed_total", "as_is"])
@pytest.mark.parametrize("moves", ["free", "costed", "none"])
@pytest.mark.parametrize("integer", [True, False])
def test_every_way_to_treat_the_stock_gives_a_plan(mode: str, moves: str, integer: bool) -> None:
    stock: dict[str, Any] = {"mode": mode, "moves": moves, "integer": integer}
    scenario = situation(
        hubs={"A": {"capacity_m3": 30}, "B": {"fixed_usd_year": 20}, "F": {"serves": "FJI"}, "C": {"status": "closed"}},
        items={"tent": {"lot": 4, "price_usd": 2}, "kit": {"lot": 1, "price_usd": 30}},
        stock={("A", "tent"): 6, ("B", "tent"): 5, ("F", "kit"): 3, ("C", "kit"): 2},
        lanes={**TO_X, ("F", "X"): (3, 3), ("C", "X"): (1, 1)},
        needs={("w1", "X", "tent"): 10, ("w1", "X", "kit"): 2, ("w2", "X", "tent"): 3},
    )
    assert answer(scenario, ask("social", stock=stock)).plan.status == "optimal"
