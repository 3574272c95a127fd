"""What may be decided before any disaster: two hubs solved by hand for each rule."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from prepos.optimization import response
from tests.optimization.situations import answer, ask, situation

TWO_HUBS = {"A": {}, "B": {}}
TO_X = {("A", "X"): (10, 1), ("B", "X"): (20, 2)}
OWN_SITES = {("A", "X"): (10, 1), ("B", "Y"): (20, 3)}


def test_a_hub_runs_at_one_tier_at_most() -> None:
    # A runs small (30 m3 for 100 USD) or large (40 m3 for 150 USD). Both together would serve all 60 for
    # 100 + 150 + 60 = 310. One of them: large 150 + 40 + 20 short at 10 = 390, small 100 + 30 + 300 = 430, none 600.
    # B costs more to open than the 60 x 10 it could save.
    found = answer(
        situation(
            hubs={"A": {}, "B": {"fixed_usd_year": 700}},
            tiers={("A", "small"): (30, 100), ("A", "large"): (40, 150)},
            items={"tent": {"shortage_usd": 10}},
            lanes=TO_X,
            needs={("w", "X", "tent"): 60},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(390)
    assert found.running == {"A": "large"}


def test_stock_never_exceeds_what_a_hub_can_hold() -> None:
    # A tent is 2 m3, so 30 m3 at A hold 15 and 10 m3 at B hold 5; 30 of the 50 stay unmet.
    # Bought 20 x 2 = 40, freight 15 x 1 + 5 x 5 = 40, shortage 30 x 10 = 300.
    found = answer(
        situation(
            hubs={"A": {"capacity_m3": 30}, "B": {"capacity_m3": 10}},
            items={"tent": {"unit_m3": 2, "price_usd": 2, "shortage_usd": 10}},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 5)},
            needs={("w", "X", "tent"): 50},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(380)
    assert (found.stock("A"), found.stock("B"), found.unmet()) == pytest.approx((15, 5, 30))


def test_stock_lies_only_at_hubs_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    # With the rule on shipments taken away, only the linking of stock to running hubs is left to make a hub open.
    # A: 100 + 10 x (2 + 1) = 130. B: 60 + 10 x (2 + 8) = 160. Without linking nothing would open: 30.
    monkeypatch.setattr(response, "add_shipping_only_from_open_hubs", lambda m, data: None)
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 100}, "B": {"fixed_usd_year": 60}},
            items={"tent": {"price_usd": 2}},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 8)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(130)
    assert list(found.running) == ["A"]
    assert found.stock("B") == 0


def test_free_moves_bring_stock_where_it_is_needed_before_any_is_bought() -> None:
    # All 10 tents lie at A and are needed at Y, which B alone reaches: moved for nothing, shipped for 10 x 2.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"price_usd": 50}},
            stock={("A", "tent"): 10},
            lanes={("A", "X"): (10, 1), ("B", "Y"): (20, 2)},
            needs={("w", "Y", "tent"): 10},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(20)
    assert found.plan.moves.to_dict("records") == [
        {"from_hub": "A", "to_hub": "B", "item": "tent", "quantity": pytest.approx(10)}
    ]
    assert found.plan.purchases.empty


@pytest.mark.parametrize(("usd", "total", "moved"), [(3.0, 50.0, 10.0), (5.0, 60.0, 0.0), (np.nan, 60.0, 0.0)])
def test_a_costed_move_is_made_where_it_beats_buying(
    usd: float, total: float, moved: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 10 tents at A, needed at Y, which B alone reaches at 2 a tent. Moving costs 3 (5, or no lane leads there),
    # buying 4: 10 x (3 + 2) = 50, else 10 x (4 + 2) = 60.
    set_moves(monkeypatch, {("A", "B"): usd})
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"price_usd": 4}},
            stock={("A", "tent"): 10},
            lanes={("A", "X"): (10, 1), ("B", "Y"): (20, 2)},
            needs={("w", "Y", "tent"): 10},
        ),
        ask(stock={"moves": "costed"}),
    )
    assert found.plan.objective == pytest.approx(total)
    assert found.figures.expected["moves_usd"] == pytest.approx(3 * moved)
    assert found.plan.moves["quantity"].sum() == pytest.approx(moved)


def test_a_closed_hub_gives_up_only_what_is_worth_its_move(monkeypatch: pytest.MonkeyPatch) -> None:
    # A is closed and holds 10; 6 are needed at X. Moving costs 3, shipping 2: 6 x 5 = 30, and 4 stay at A.
    set_moves(monkeypatch, {("A", "B"): 3.0})
    found = answer(
        situation(
            hubs={"A": {"status": "closed"}, "B": {}},
            stock={("A", "tent"): 10},
            lanes=TO_X,
            needs={("w", "X", "tent"): 6},
        ),
        ask(stock={"moves": "costed", "mode": "fixed_total"}),
    )
    assert found.plan.objective == pytest.approx(30)
    assert (found.stock("A"), found.stock("B")) == pytest.approx((4, 6))


def test_without_moves_each_hub_keeps_what_it_has_and_buys_the_rest() -> None:
    # A keeps its 10, which nobody can use; B buys 6 x 4 and ships 6 x 2.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"price_usd": 4}},
            stock={("A", "tent"): 10},
            lanes={("A", "X"): (10, 1), ("B", "Y"): (20, 2)},
            needs={("w", "Y", "tent"): 6},
        ),
        ask(stock={"moves": "none"}),
    )
    assert found.plan.objective == pytest.approx(36)
    assert (found.stock("A"), found.stock("B")) == pytest.approx((10, 6))


def test_a_hub_whose_stock_cannot_leave_has_to_run() -> None:
    # A costs 100 and is of no use, but its 10 tents cannot leave it: 100 + 6 x 2 from B, where 6 lie.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 100}, "B": {}},
            stock={("A", "tent"): 10, ("B", "tent"): 6},
            lanes={("B", "Y"): (20, 2)},
            needs={("w", "Y", "tent"): 6},
        ),
        ask(stock={"moves": "none"}),
    )
    assert found.plan.objective == pytest.approx(112)
    assert list(found.running) == ["A", "B"]


def test_stock_is_bought_in_whole_lots() -> None:
    # Lots of 8 for 10 needed: two lots from A cost 16 x 2 + 10 x 1 = 42, one lot 16 + 8 + 2 short at 100 = 224.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"lot": 8, "price_usd": 2, "shortage_usd": 100}},
            lanes=TO_X,
            needs={("w", "X", "tent"): 10},
        ),
        ask(stock={"integer": True}),
    )
    assert found.plan.objective == pytest.approx(42)
    assert found.stock("A") == 16


def test_the_broken_lot_of_the_total_lies_at_one_hub() -> None:
    # 20 tents in lots of 8 are two lots and a rest of 4. Each site needs 10 from its own hub, so 10 and 10 would be
    # best; allowed are 12 and 8. A holds the rest: 10 x 1 + 8 x 3 + 2 short at 100 = 234; B holds it: 238.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"lot": 8, "shortage_usd": 100}},
            stock={("A", "tent"): 20},
            lanes=OWN_SITES,
            needs={("w", "X", "tent"): 10, ("w", "Y", "tent"): 10},
        ),
        ask(stock={"integer": True, "mode": "fixed_total"}),
    )
    assert found.plan.objective == pytest.approx(234)
    assert (found.stock("A"), found.stock("B")) == (12, 8)


def test_without_moves_each_hub_keeps_its_own_broken_lot() -> None:
    # Lots of 5: A holds 3 and needs 7, so one lot more (8); B holds the 4 it needs. 5 x 2 + 7 x 1 + 4 x 3 = 29.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"lot": 5, "price_usd": 2}},
            stock={("A", "tent"): 3, ("B", "tent"): 4},
            lanes=OWN_SITES,
            needs={("w", "X", "tent"): 7, ("w", "Y", "tent"): 4},
        ),
        ask(stock={"integer": True, "moves": "none"}),
    )
    assert found.plan.objective == pytest.approx(29)
    assert (found.stock("A"), found.stock("B")) == (8, 4)


def test_hubs_that_no_lane_joins_keep_their_own_broken_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    # As above: moves are paid for, but none can be made, so the two totals do not mix.
    set_moves(monkeypatch, {})
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"lot": 5, "price_usd": 2}},
            stock={("A", "tent"): 3, ("B", "tent"): 4},
            lanes=OWN_SITES,
            needs={("w", "X", "tent"): 7, ("w", "Y", "tent"): 4},
        ),
        ask(stock={"integer": True, "moves": "costed"}),
    )
    assert found.plan.objective == pytest.approx(29)


def test_no_more_hubs_run_than_asked_for() -> None:
    # Each site has its own hub. One hub only: serve the 10 at X for 10 and leave the 6 at Y unmet at 10 each.
    found = answer(
        situation(
            hubs=TWO_HUBS,
            items={"tent": {"shortage_usd": 10}},
            lanes=OWN_SITES,
            needs={("w", "X", "tent"): 10, ("w", "Y", "tent"): 6},
        ),
        ask(hubs={"max_open": 1}),
    )
    assert found.plan.objective == pytest.approx(70)
    assert list(found.running) == ["A"]


def test_no_fewer_hubs_run_than_asked_for() -> None:
    # B is not needed, but two hubs are asked for: 5 + 7 + 10 x 1.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 5}, "B": {"fixed_usd_year": 7}},
            lanes=TO_X,
            needs={("w", "X", "tent"): 10},
        ),
        ask(hubs={"min_open": 2}),
    )
    assert found.plan.objective == pytest.approx(22)
    assert list(found.running) == ["A", "B"]


@pytest.mark.parametrize(
    ("hubs", "total", "running"),
    [({}, 15, ["A"]), ({"force_open": ["B"]}, 65, ["A", "B"]), ({"force_closed": ["A"]}, 70, ["B"])],
)
def test_a_hub_is_open_or_closed_where_the_planner_says_so(hubs: Any, total: float, running: list[str]) -> None:
    # A: 5 + 10 x 1 = 15. B forced open as well: 5 + 50 + 10 x 1 = 65, B alone 50 + 10 x 2 = 70.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 5}, "B": {"fixed_usd_year": 50}},
            lanes=TO_X,
            needs={("w", "X", "tent"): 10},
        ),
        ask(hubs=hubs),
    )
    assert found.plan.objective == pytest.approx(total)
    assert list(found.running) == running


def test_a_closed_hub_runs_only_when_it_is_forced_open() -> None:
    # A is closed: B serves at 2 a tent, 20. Forced open, A serves at 1: 10, and 3 for opening it.
    hubs = {"A": {"status": "closed", "fixed_usd_year": 3}, "B": {}}
    scenario = situation(hubs=hubs, lanes=TO_X, needs={("w", "X", "tent"): 10})
    assert answer(scenario, ask()).plan.objective == pytest.approx(20)
    forced = answer(scenario, ask(hubs={"force_open": "A"}))
    assert forced.plan.objective == pytest.approx(13)
    assert forced.running["A"] == "base"


@pytest.mark.parametrize(("needed", "tier", "total"), [(8, "small", 18), (20, "large", 60)])
def test_the_smallest_tier_that_suffices_is_run(needed: float, tier: str, total: float) -> None:
    # Small: 10 m3 for 10 USD; large: 50 m3 for 40 USD; 1 USD a tent. 10 + 8 = 18; 40 + 20 = 60.
    found = answer(
        situation(
            hubs={"A": {}, "B": {"fixed_usd_year": 500}},
            tiers={("A", "small"): (10, 10), ("A", "large"): (50, 40)},
            lanes=TO_X,
            needs={("w", "X", "tent"): needed},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(total)
    assert found.running == {"A": tier}


@pytest.mark.parametrize(("forward", "total", "left"), [("keep", 72, 7), ("move", 9, 0)])
def test_forward_stock_stays_unless_the_model_moves_it(forward: str, total: float, left: float) -> None:
    # F serves Fiji only and holds 7; 9 are needed at X, which A alone reaches, and A holds 2.
    # Kept: 2 x 1 + 7 short at 10 = 72. Moved: 9 x 1.
    found = answer(
        situation(
            hubs={"A": {}, "F": {"serves": "FJI"}},
            items={"tent": {"shortage_usd": 10}},
            stock={("A", "tent"): 2, ("F", "tent"): 7},
            lanes={("A", "X"): (10, 1), ("F", "Y"): (5, 1)},
            needs={("w", "X", "tent"): 9},
        ),
        ask(stock={"mode": "fixed_total", "forward": forward}),
    )
    assert found.plan.objective == pytest.approx(total)
    assert found.stock("F") == pytest.approx(left)


def test_forward_stock_at_a_hub_forced_closed_stays_in_the_plan() -> None:
    # The 7 at F can neither be used nor be moved, but they are still there.
    found = answer(
        situation(
            hubs={"A": {}, "F": {"serves": "FJI"}},
            items={"tent": {"shortage_usd": 10}},
            stock={("A", "tent"): 2, ("F", "tent"): 7},
            lanes={("A", "X"): (10, 1), ("F", "X"): (5, 1)},
            needs={("w", "X", "tent"): 9},
        ),
        ask(stock={"mode": "fixed_total"}, hubs={"force_closed": ["F"]}),
    )
    assert found.plan.objective == pytest.approx(72)
    assert found.stock("F") == 7


def test_hubs_that_are_not_chosen_stay_as_they_are_and_cost_nothing() -> None:
    # A is open and dear, B only a candidate: without a choice A serves, and its 500 USD are not the plan's doing.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 500}, "B": {"status": "candidate"}},
            lanes={("A", "X"): (10, 3), ("B", "X"): (20, 2)},
            needs={("w", "X", "tent"): 10},
        ),
        ask(hubs={"choose": False}),
    )
    assert found.plan.objective == pytest.approx(30)
    assert list(found.running) == ["A"]


def test_an_assessment_leaves_everything_as_it_is() -> None:
    # 6 of 10 at A, opened for 40: 40 + 6 x 1 + 4 short at 10 = 86. A lot of 4 and a limit of 0 hubs change nothing.
    found = answer(
        situation(
            hubs={"A": {"fixed_usd_year": 40}, "B": {"status": "candidate"}},
            items={"tent": {"shortage_usd": 10, "lot": 4}},
            stock={("A", "tent"): 6},
            lanes=TO_X,
            needs={("w", "X", "tent"): 10},
        ),
        ask(stock={"mode": "as_is", "integer": True}, hubs={"max_open": 0}),
    )
    assert found.plan.objective == pytest.approx(86)
    assert found.plan.moves.empty
    assert found.plan.purchases.empty


def set_moves(monkeypatch: pytest.MonkeyPatch, usd: dict[tuple[str, str], float]) -> None:
    """Set what it costs to move a unit of any item from hub to hub."""

    def move_usd(instance: Any) -> Any:
        cost = np.full((len(instance.hubs), len(instance.hubs), len(instance.items)), np.nan)
        for (a, b), each in usd.items():
            cost[instance.hubs.index(a), instance.hubs.index(b)] = each
        return cost

    for module in ("prepos.optimization.data", "prepos.evaluate"):
        monkeypatch.setattr(import_module(module), "move_usd", move_usd)
