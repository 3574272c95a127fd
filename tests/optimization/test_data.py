"""The door of the program: bounds, groups and what may be used."""

from __future__ import annotations

import numpy as np
import pytest

from prepos.errors import DataError
from prepos.instance import build_instance
from prepos.model import Model
from prepos.optimization.data import ProgramData, group, prepare
from tests.optimization.situations import answer, ask, situation

LANES = {("A", "X"): (10, 1), ("B", "X"): (20, 2)}


def prepared(model: Model, **tables: object) -> ProgramData:
    given = {"hubs": {"A": {}, "B": {}}, "lanes": LANES, "needs": {("w", "X", "tent"): 10}, **tables}
    return prepare(build_instance(situation(**given), model), model)  # type: ignore[arg-type]


def test_a_group_keeps_the_order_of_first_appearance() -> None:
    assert group(np.array([2, 1, 2]), np.array([0, 0, 0])) == {(2, 0): [0, 2], (1, 0): [1]}


def test_stock_is_bounded_by_what_the_largest_outcome_needs() -> None:
    data = prepared(ask(), needs={("w1", "X", "tent"): 10, ("w2", "X", "tent"): 30})
    assert data.most.tolist() == [[30], [30]]


def test_stock_is_bounded_by_what_each_outcome_can_draw_through_its_losses() -> None:
    # 10 needed where half of A survives: 20. 30 needed where all of it does: 30. Not 30 / 0.5 = 60. Where nothing of it
    # survives, nothing can be drawn.
    data = prepared(
        ask(),
        needs={("half", "X", "tent"): 10, ("all", "X", "tent"): 30, ("none", "X", "tent"): 50},
        availability={("half", "A"): 0.5, ("none", "A"): 0.0},
    )
    assert data.most[0].tolist() == [30]
    assert data.most[1].tolist() == [50]


def test_the_bound_leaves_room_for_the_stock_of_today_and_for_whole_lots() -> None:
    # 23 lie there today: at most 24 in lots of 8, and the broken lot of 7 beside them.
    data = prepared(ask(), items={"tent": {"lot": 8}}, stock={("A", "tent"): 23})
    assert data.most.tolist() == [[31], [31]]


def test_stock_is_bounded_by_what_fits_in_the_largest_tier() -> None:
    data = prepared(
        ask(),
        items={"tent": {"unit_m3": 2}},
        tiers={("A", "small"): (4, 1), ("A", "large"): (12, 2)},
        needs={("w", "X", "tent"): 10},
    )
    assert data.most.tolist() == [[6], [10]]


def test_stock_that_is_worth_more_unused_than_it_costs_is_bounded_by_room() -> None:
    # A tent costs 1 and is worth 5 when it is left over: hold all 40 that fit and ship only what is cheaper to ship.
    found = answer(
        situation(
            hubs={"A": {"capacity_m3": 30}, "B": {"capacity_m3": 10}},
            items={"tent": {"price_usd": 1, "leftover_usd": -5}},
            lanes=LANES,
            needs={("w", "X", "tent"): 10},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(40 + 10 - 30 * 5)


def test_stock_that_is_worth_more_unused_than_it_costs_is_bounded_by_the_budget() -> None:
    # 60 USD buy 60 tents; 10 are shipped, 50 are left at 5 each, though only 10 are ever needed.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"price_usd": 1, "leftover_usd": -5}},
            lanes=LANES,
            needs={("w", "X", "tent"): 10},
        ),
        ask(budget={"usd": 60}),
    )
    assert found.plan.objective == pytest.approx(60 + 10 - 250)


def test_buying_without_end_is_refused() -> None:
    scenario = situation(
        hubs={"A": {}, "B": {"capacity_m3": 9}},
        items={"tent": {"price_usd": 1, "leftover_usd": -5}},
        lanes=LANES,
        needs={("w", "X", "tent"): 10},
    )
    with pytest.raises(DataError, match=r"items.csv, column leftover_usd: buying 'tent' without end would pay.*'A'"):
        answer(scenario, ask())
    assert answer(scenario, ask("time")).plan.status == "optimal"


def test_a_value_of_unused_stock_below_its_price_does_not_pay_by_itself() -> None:
    # 4 disasters a year at 0.2 of value each: 0.8 for a price of 1.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"price_usd": 1, "leftover_usd": -0.2}},
            lanes=LANES,
            needs={("w", "X", "tent"): 10},
            disasters_per_year=4.0,
        ),
        ask(),
    )
    assert found.stock("A") == pytest.approx(10)
    assert found.plan.objective == pytest.approx(10 + 4 * 10)


def test_a_hub_that_cannot_be_used_offers_no_way() -> None:
    data = prepared(ask(hubs={"force_closed": ["A"]}))
    assert set(data.i.tolist()) == {1}
    assert data.usable.tolist() == [False, True]
    assert data.tiers[0] == []


def test_an_outcome_of_probability_zero_can_still_be_served() -> None:
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"price_usd": 1}},
            lanes=LANES,
            needs={("w", "X", "tent"): 10, ("never", "X", "tent"): 90},
            outcomes={"w": 1.0, "never": 0.0},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(20)
    assert found.stock("A") == pytest.approx(10)
