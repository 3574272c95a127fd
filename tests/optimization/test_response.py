"""What may be shipped when an outcome happens: two hubs solved by hand for each rule."""

from __future__ import annotations

import pytest

from prepos.optimization import stocking
from tests.optimization.situations import answer, ask, situation

AS_IS = ask(stock={"mode": "as_is"})
CHEAP_SHORTAGE = {"tent": {"shortage_usd": 10}}


def test_what_is_needed_arrives_or_is_counted_as_unmet() -> None:
    # 6 of the 10 needed are there: 4 at A (1 USD each) and 2 at B (2 USD each), 4 short at 10.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items=CHEAP_SHORTAGE,
            stock={("A", "tent"): 4, ("B", "tent"): 2},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 2)},
            needs={("w", "X", "tent"): 10},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(4 + 4 + 40)
    assert (found.shipped(), found.unmet()) == pytest.approx((6, 4))


def test_only_the_stock_that_survives_can_be_shipped() -> None:
    # Both hold 10, and 10 are needed. A dry year: 10 from A at 1. A flood leaves 40 % at A: 4 x 1 + 6 x 3 = 22.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            stock={("A", "tent"): 10, ("B", "tent"): 10},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 3)},
            needs={("dry", "X", "tent"): 10, ("flood", "X", "tent"): 10},
            availability={("flood", "A"): 0.4},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx((10 + 22) / 2)
    assert found.shipped(outcome="flood", hub="A") == pytest.approx(4)


def test_stock_is_doubled_where_half_of_it_is_lost() -> None:
    # 10 needed in the one outcome, in which half of A's stock is lost: hold 20 at 2 USD and ship 10 at 1: 50.
    # B would be 10 x (2 + 5) = 70.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"price_usd": 2}},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 5)},
            needs={("w", "X", "tent"): 10},
            availability={("w", "A"): 0.5},
        ),
        ask(),
    )
    assert found.plan.objective == pytest.approx(50)
    assert found.stock("A") == pytest.approx(20)


def test_nothing_is_shipped_from_a_hub_that_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    # With the linking of stock to running hubs taken away, only the rule on shipments is left to make a hub open.
    # A: 100 + 10 x (2 + 1) = 130. B: 60 + 10 x (2 + 8) = 160. Without the rule nothing would open: 30.
    monkeypatch.setattr(stocking, "add_linking", lambda m, data: None)
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


def test_a_supplier_delivers_up_to_its_limit_at_its_price() -> None:
    # 10 needed at two sites. A holds 2 (1 USD each); the supplier sells 5 in all, 6 USD and 1 USD freight each;
    # 3 stay short at 20: 2 + 35 + 60 = 97.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"shortage_usd": 20}},
            stock={("A", "tent"): 2},
            lanes={(source, site): (10, 1) for source in ("A", "factory") for site in ("X", "Y")},
            needs={("w", "X", "tent"): 6, ("w", "Y", "tent"): 4},
            suppliers={("factory", "tent"): {"price_usd": 6, "lead_time_days": 3, "limit": 5}},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(97)
    assert found.shipped(hub="factory") == pytest.approx(5)


def test_a_supplier_without_a_limit_delivers_all_and_sells_only_what_it_offers() -> None:
    # 10 tents at 6 + 1; kettles are not on offer, though a lane leads from the factory: 4 short at 5.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {"shortage_usd": 20}, "kettle": {"shortage_usd": 5}},
            lanes={("factory", "X"): (10, 1)},
            needs={("w", "X", "tent"): 10, ("w", "X", "kettle"): 4},
            suppliers={("factory", "tent"): {"price_usd": 6, "lead_time_days": 3}},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(70 + 20)


def test_a_supplier_makes_its_customers_wait() -> None:
    # The fastest plan takes the 4 of A at 10 h, then the factory at 100 h: 40 + 600.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            stock={("A", "tent"): 4},
            lanes={("A", "X"): (10, 1), ("factory", "X"): (100, 1)},
            needs={("w", "X", "tent"): 10},
            suppliers={("factory", "tent"): {"price_usd": 6, "lead_time_days": 3}},
        ),
        ask("time", stock={"mode": "as_is"}),
    )
    assert found.plan.objective == pytest.approx(640)


def test_no_more_leaves_a_hub_than_it_can_load() -> None:
    # A loads 1 m3 a day, 30 m3 in the 30 days of a response. 10 kits of 2 m3 save 30 each, 20 tents of 1 m3 save 10:
    # all kits (20 m3), then 10 tents. B holds 5 tents at 4 USD. 20 x 1 + 5 x 4 + 5 tents short at 10 = 90.
    found = answer(
        situation(
            hubs={"A": {"outbound_m3_day": 1}, "B": {}},
            items={"tent": {"shortage_usd": 10}, "kit": {"shortage_usd": 30, "unit_m3": 2}},
            stock={("A", "tent"): 20, ("A", "kit"): 10, ("B", "tent"): 5},
            lanes={("A", "X"): (10, 1), ("B", "X"): (20, 4)},
            needs={("w", "X", "tent"): 20, ("w", "X", "kit"): 10},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(90)
    assert found.shipped(hub="A", item="kit") == pytest.approx(10)
    assert found.shipped(hub="A", item="tent") == pytest.approx(10)


def test_no_more_goes_by_a_lane_than_it_can_lift() -> None:
    # By air 12 m3 at 1 USD a unit, by road the rest at 5. A tent (1 m3) gains 4 a m3 in the air, a kit (2 m3) 2:
    # 10 tents and 1 kit fly, 4 kits drive: 11 + 20 = 31. The aircraft of B is another one: 3 tents to Y at 1.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            items={"tent": {}, "kit": {"unit_m3": 2}},
            stock={("A", "tent"): 10, ("A", "kit"): 5, ("B", "tent"): 3},
            lanes={
                ("A", "X", "air"): {"hours": 5, "usd_per_unit": 1, "capacity_m3": 12},
                ("A", "X", "road"): {"hours": 50, "usd_per_unit": 5},
                ("B", "Y", "air"): {"hours": 5, "usd_per_unit": 1, "capacity_m3": 12},
            },
            needs={("w", "X", "tent"): 10, ("w", "X", "kit"): 5, ("w", "Y", "tent"): 3},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(31 + 3)
    assert found.shipped(hub="A", mode="air", item="kit") == pytest.approx(1)


def test_a_lane_of_one_outcome_replaces_closes_or_opens_there() -> None:
    # A serves X for 1. In the flood its row says 5; in the siege it has no hours, and B's lane exists only then (3).
    # (10 x 1 + 10 x 5 + 10 x 3) / 3 = 30.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            stock={("A", "tent"): 10, ("B", "tent"): 10},
            lanes={
                ("A", "X"): (10, 1),
                ("A", "X", "road", "flood"): (10, 5),
                ("A", "X", "road", "siege"): {"usd_per_unit": 1},
                ("B", "X", "road", "siege"): (10, 3),
            },
            needs={(outcome, "X", "tent"): 10 for outcome in ("calm", "flood", "siege")},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(30)
    assert found.shipped(outcome="siege", hub="B") == pytest.approx(10)
    assert found.shipped(outcome="calm", hub="B") == 0


def test_a_row_of_one_outcome_replaces_its_own_mode_only() -> None:
    # In the flood the road is closed, but the general air lane at 4 still flies: (10 x 1 + 10 x 4) / 2 = 25.
    found = answer(
        situation(
            hubs={"A": {}, "B": {}},
            stock={("A", "tent"): 10},
            lanes={("A", "X", "road"): (10, 1), ("A", "X", "air"): (5, 4), ("A", "X", "road", "flood"): {}},
            needs={("calm", "X", "tent"): 10, ("flood", "X", "tent"): 10},
        ),
        AS_IS,
    )
    assert found.plan.objective == pytest.approx(25)
    assert found.shipped(outcome="flood", mode="air") == pytest.approx(10)
