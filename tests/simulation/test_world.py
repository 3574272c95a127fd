from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from prepos.errors import PreposError
from prepos.instance import Instance
from prepos.plan import Plan
from prepos.simulation.hazards import HOURS_PER_DAY, Outage, Storms
from prepos.simulation.ledger import Ledger
from prepos.simulation.record import FIGURE_NAMES, Log, figures
from prepos.simulation.world import World
from tests.simulation.cases import build, deliveries, item, lane, plan, story, two_hubs

PLENTY = {("A", "tent"): 500.0, ("A", "mat"): 5000.0, ("B", "tent"): 500.0}


def run(instance: Instance, the_plan: Plan, *args: Any, **options: Any) -> Log:
    return story(instance, the_plan, *args, **options)[0].run()


def test_nothing_surprises_and_the_plans_flows_arrive_in_the_hours_of_their_lanes() -> None:
    instance = two_hubs()
    flows = [
        ("x", "A", "X", "tent", "air", 40.0),
        ("x", "A", "X", "mat", "sea", 500.0),
        ("x", "B", "X", "tent", "air", 60.0),
        ("y", "B", "Y", "tent", "air", 80.0),
    ]
    stock = {("A", "tent"): 40.0, ("A", "mat"): 500.0, ("B", "tent"): 80.0}
    log = run(instance, plan(instance, stock, flows), [(100.0, 0)])
    assert deliveries(instance, log) == [
        ("A", "air", 30.0, (40.0, 0.0)),
        ("B", "air", 60.0, (60.0, 0.0)),
        ("A", "sea", 200.0, (0.0, 500.0)),
    ]
    assert log.freight_usd == pytest.approx(40 * 5 + 60 * 4 + 500 * 1)
    assert log.kgco2e == pytest.approx(0.5 * 600)
    other = run(instance, plan(instance, stock, flows), [(0.0, 1)])
    assert deliveries(instance, other) == [("B", "air", 60.0, (80.0, 0.0))]


def test_a_later_disaster_finds_what_the_first_left() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, {("B", "tent"): 120.0}), [(0.0, 1), (10.0, 1)])
    assert [units for *_, units in deliveries(instance, log)] == [(80.0, 0.0), (40.0, 0.0)]
    assert (log.requests, log.turned_away) == (2, 1)


def test_requests_wait_for_approval() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, PLENTY), [(0.0, 1)], approval_hours=12.0)
    assert deliveries(instance, log) == [("B", "air", 72.0, (80.0, 0.0))]


def test_each_estimate_asks_for_what_is_still_missing() -> None:
    instance = two_hubs()
    world, _, storms = story(
        instance, plan(instance, PLENTY), [(0.0, 1)], reveal_days=(0.0, 3.0, 10.0), error_left=(1.0, 0.5, 0.0)
    )
    storms.estimate[:] = [0.5, 0.75, 1.0]
    assert deliveries(instance, world.run()) == [
        ("B", "air", 60.0, (40.0, 0.0)),
        ("B", "air", 60.0 + 72.0, (20.0, 0.0)),
        ("B", "air", 60.0 + 240.0, (20.0, 0.0)),
    ]


def test_an_estimate_that_was_too_high_leaves_a_surplus() -> None:
    instance = two_hubs()
    world, setting, storms = story(
        instance, plan(instance, PLENTY), [(0.0, 1)], reveal_days=(0.0, 3.0), error_left=(1.0, 0.0)
    )
    storms.estimate[:] = [1.5, 1.0]
    found = dict(zip(FIGURE_NAMES, figures(world.run(), setting, storms), strict=True))
    assert found["surplus_units"] == pytest.approx(40.0)
    assert found["fill_rate"] == pytest.approx(1.0)


def test_a_need_that_finds_no_stock_waits_for_the_next_delivery() -> None:
    instance = two_hubs(items=[item("tent", lead_time_days=20.0), item("mat", unit_m3=0.1)])
    options: dict[str, Any] = {"restock": "order_up_to", "review_days": 5.0}
    log = run(instance, plan(instance, {("B", "tent"): 50.0}), [(0.0, 1)], **options)
    assert deliveries(instance, log)[:2] == [
        ("B", "air", 60.0, (50.0, 0.0)),
        ("B", "air", 25 * HOURS_PER_DAY + 60.0, (30.0, 0.0)),
    ]
    turned_away = run(instance, plan(instance, {("B", "tent"): 50.0}), [(0.0, 1)], backlog=False, **options)
    assert len(turned_away.units) == 1


def test_the_oldest_disaster_is_served_first_when_stock_comes() -> None:
    instance = two_hubs(items=[item("tent", lead_time_days=20.0), item("mat", unit_m3=0.1)])
    options: dict[str, Any] = {"restock": "order_up_to", "review_days": 5.0}
    log = run(instance, plan(instance, {("B", "tent"): 50.0}), [(0.0, 1), (24.0, 1)], **options)
    assert log.strike[:3] == [0, 0, 1]
    assert [units[0] for units in log.units[:3]] == [50.0, 30.0, 20.0]


def test_orders_bring_a_hub_back_to_the_plan_and_are_paid() -> None:
    instance = two_hubs(items=[item("tent", lead_time_days=20.0, lot=30.0), item("mat", unit_m3=0.1)])
    world, *_ = story(
        instance, plan(instance, {("B", "tent"): 100.0}), [(0.0, 1)], restock="order_up_to", review_days=5.0
    )
    log = world.run()
    assert log.replenishment_usd == 60 * 10.0  # 80 are missing: two whole lots of 30
    assert world.stock[1, 0] == 80.0


def test_a_crew_that_is_busy_makes_consignments_queue() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, PLENTY), [(0.0, 1), (1.0, 1)], crews=1, crew_m3_hour=8.0)
    assert log.queue_hours == [0.0, 9.0]
    assert [age for _, _, age, _ in deliveries(instance, log)] == [60.0, 69.0]


def test_more_crews_load_at_once() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, PLENTY), [(0.0, 1), (1.0, 1)], crews=2, crew_m3_hour=8.0)
    assert log.queue_hours == [0.0, 0.0]


def test_loading_beyond_the_ordinary_delays_the_arrival() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, PLENTY), [(0.0, 1)], crews=1, crew_m3_hour=2.0, ordinary_loading_hours=24.0)
    assert [age for _, _, age, _ in deliveries(instance, log)] == [60.0 + 16.0]


def test_nothing_arrives_before_it_is_loaded() -> None:
    instance = two_hubs(lanes=[lane("B", "Y", "road", 2.0)])
    log = run(instance, plan(instance, PLENTY), [(0.0, 1)], crews=1, crew_m3_hour=4.0)
    assert [age for _, _, age, _ in deliveries(instance, log)] == [20.0]


def test_a_large_consignment_is_split() -> None:
    instance = two_hubs()
    log = run(instance, plan(instance, PLENTY), [(0.0, 1)], consignment_m3=30.0)
    assert [units[0] for *_, units in deliveries(instance, log)] == pytest.approx([80 / 3] * 3, abs=1e-5)


def test_a_hub_with_a_given_outbound_volume_loads_at_that_rate() -> None:
    instance = two_hubs(hubs=[{"hub": "A"}, {"hub": "B", "outbound_m3_day": 48.0}])
    log = run(instance, plan(instance, PLENTY), [(0.0, 1), (0.0, 1)], crews=1)
    assert log.queue_hours == [0.0, 40.0]


def _struck(world: World, *outages: Outage) -> World:
    storms = world.storms
    world.storms = Storms(
        storms.strikes, storms.estimate, storms.lane_factor, storms.customs_factor, outages, storms.lead_times
    )
    return world


def test_a_struck_hub_loses_stock_and_sends_nothing_until_it_is_back() -> None:
    instance = two_hubs()
    world, *_ = story(instance, plan(instance, {("B", "tent"): 100.0}), [(10.0, 1)])
    log = _struck(world, Outage(hub=1, start=0.0, hours=50.0, loss=0.3)).run()
    assert log.lost_units == pytest.approx(30.0)
    assert deliveries(instance, log) == [("B", "air", 40.0 + 60.0, (70.0, 0.0))]


def test_what_waits_for_a_crew_stays_while_the_hub_is_out() -> None:
    instance = two_hubs()
    world, *_ = story(instance, plan(instance, PLENTY), [(0.0, 1), (1.0, 1)], crews=1, crew_m3_hour=8.0)
    log = _struck(world, Outage(hub=1, start=2.0, hours=30.0, loss=0.0)).run()
    assert log.queue_hours == [0.0, 31.0]


def test_another_hub_serves_while_one_is_out() -> None:
    instance = two_hubs()
    world, *_ = story(instance, plan(instance, PLENTY), [(10.0, 0)])
    log = _struck(world, Outage(hub=0, start=0.0, hours=500.0, loss=0.0)).run()
    assert deliveries(instance, log)[0] == ("B", "air", 60.0, (100.0, 0.0))


def test_stock_that_an_outcome_keeps_back_is_not_sent() -> None:
    instance = two_hubs(availability=[{"outcome": "y", "hub": "B", "share": 0.25}])
    log = run(instance, plan(instance, {("B", "tent"): 100.0}), [(0.0, 1), (1.0, 0)])
    assert deliveries(instance, log) == [("B", "air", 60.0, (25.0, 0.0)), ("B", "air", 60.0, (75.0, 0.0))]


def test_a_supplier_delivers_up_to_its_limit_for_each_disaster() -> None:
    instance = two_hubs(
        suppliers=[{"supplier": "S", "item": "tent", "price_usd": 20.0, "lead_time_days": 7.0, "limit": 50.0}],
        lanes=[lane("B", "Y", "air", 60.0), lane("S", "Y", "air", 300.0, usd=3.0)],
    )
    log = run(instance, plan(instance, {("B", "tent"): 20.0}), [(0.0, 1), (1.0, 1)])
    by_source = [(source, units[0]) for source, _, _, units in deliveries(instance, log)]
    assert by_source == [("B", 20.0), ("S", 50.0), ("S", 50.0)]
    assert log.supplier_usd == pytest.approx(2000.0)
    assert log.freight_usd == pytest.approx(20 * 1.0 + 100 * 3.0)


def test_a_lane_carries_no_more_than_its_capacity_for_one_disaster() -> None:
    rows = [lane("A", "Y", "air", 10.0, capacity_m3=30.0), lane("B", "Y", "air", 60.0)]
    instance = two_hubs(lanes=rows)
    log = run(instance, plan(instance, {("A", "tent"): 500.0, ("B", "tent"): 20.0}), [(0.0, 1), (500.0, 1)])
    assert [(source, units[0]) for source, _, _, units in deliveries(instance, log)] == [
        ("A", 30.0),
        ("B", 20.0),
        ("A", 30.0),
    ]


def test_delays_stretch_customs_and_the_rest_of_a_lane_apart() -> None:
    instance = build(
        {"disasters_per_year": 1.0},
        hubs=[{"hub": "A", "iso3": "KEN"}],
        items=[item("tent")],
        sites=[{"site": "X", "iso3": "MWI", "customs_hours_air": 20.0}],
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[{"outcome": "x", "site": "X", "item": "tent", "quantity": 1.0}],
        lanes=[lane("A", "X", "air", 50.0)],
    )
    world, _, storms = story(instance, plan(instance, {("A", "tent"): 1.0}))
    storms.lane_factor[:], storms.customs_factor[:] = 2.0, 3.0
    assert deliveries(instance, world.run()) == [("A", "air", 30.0 * 2 + 20.0 * 3, (1.0,))]


def test_a_site_that_nothing_reaches_is_turned_away() -> None:
    instance = two_hubs(lanes=[lane("A", "X", "air", 30.0)])
    log = run(instance, plan(instance, PLENTY), [(0.0, 1)])
    assert (len(log.units), log.turned_away) == (0, 1)


def test_a_year_without_disasters_delivers_nothing() -> None:
    instance = two_hubs()
    world, setting, storms = story(instance, plan(instance, PLENTY), [])
    found = dict(zip(FIGURE_NAMES, figures(world.run(), setting, storms), strict=True))
    assert found["disasters"] == 0
    assert math.isnan(found["fill_rate"])
    assert found["freight_usd"] == 0


def test_a_unit_that_vanishes_from_stock_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    serve = World.serve

    def leak(self: World, *args: Any) -> None:
        serve(self, *args)
        self.stock[1, 0] -= 1.0

    monkeypatch.setattr(World, "serve", leak)
    instance = two_hubs()
    with pytest.raises(PreposError, match=r"lost count of tent: units in and out differ by -1; its figures are void"):
        run(instance, plan(instance, PLENTY), [(0.0, 1)])


def test_a_unit_that_is_sent_twice_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "usable", lambda self, _: self.stock)  # `serve` and `send` both take units off it
    instance = two_hubs()
    with pytest.raises(PreposError, match="lost count of tent"):
        run(instance, plan(instance, PLENTY), [(0.0, 1)])


def test_an_arrival_that_is_not_recorded_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Log, "arrive", lambda *_: None)
    instance = two_hubs()
    with pytest.raises(PreposError, match="recorded deliveries differ from the books by -80"):
        run(instance, plan(instance, PLENTY), [(0.0, 1)])


def test_stock_below_nothing_is_caught() -> None:
    ledger = Ledger(np.array([[5.0]]))
    ledger.delivered += 6.0
    with pytest.raises(PreposError, match="stock is below 0 by -1"):
        ledger.check(np.array([[-1.0]]), np.array([6.0]), ["tent"])
