from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from prepos.instance import Floats
from prepos.simulation.policies import Call, cheapest_first, follow_plan, nearest_first
from prepos.simulation.transport import Ways, build_ways
from tests.simulation.cases import build, item, lane, two_hubs


def call(ways: Ways, want: list[float], **changes: Any) -> Call:
    given: dict[str, Any] = {
        "sources": range(9),
        "hours_left": math.inf,
        "planned": {},
        "room": None,
        "unit_m3": np.ones(len(want)),
    }
    return Call(ways=ways, want=np.array(want), **{**given, **changes})


def ways_to_x() -> Ways:
    index, ways = build_ways(two_hubs())
    return ways[index[0, 0]]


def stock(*rows: list[float]) -> Floats:
    return np.array(rows)


def sent(ways: Ways, shipped: dict[int, Floats]) -> dict[tuple[str, str], list[float]]:
    return {
        ("AB"[ways.sources[way]], ("air", "sea")[ways.modes[way]]): units.tolist() for way, units in shipped.items()
    }


def total(shipped: dict[int, Floats]) -> list[float]:
    return np.sum(list(shipped.values()), axis=0).tolist()


def test_nearest_first_takes_the_fastest_way_of_each_hub() -> None:
    ways = ways_to_x()
    units = nearest_first(call(ways, [100.0, 50.0]), stock([60.0, 500.0], [70.0, 0.0]))
    assert sent(ways, units) == {("A", "air"): [60.0, 50.0], ("B", "air"): [40.0, 0.0]}


def test_cheapest_first_takes_the_cheapest_way_of_each_hub() -> None:
    ways = ways_to_x()
    units = cheapest_first(call(ways, [100.0, 50.0]), stock([60.0, 500.0], [70.0, 0.0]))
    assert sent(ways, units) == {("A", "sea"): [60.0, 50.0], ("B", "air"): [40.0, 0.0]}


def test_no_more_is_sent_than_is_held_or_wanted() -> None:
    units = nearest_first(call(ways_to_x(), [100.0, 50.0]), stock([10.0, 20.0], [30.0, 5.0]))
    assert total(units) == [40.0, 25.0]


def test_follow_plan_sends_by_the_plans_ways_and_the_rest_nearest_first() -> None:
    ways = ways_to_x()
    sea = ways.find(0, 1, 0)
    planned = {sea: np.array([30.0, 0.0])}
    units = follow_plan(call(ways, [100.0, 0.0], planned=planned), stock([60.0, 0.0], [70.0, 0.0]))
    assert sent(ways, units) == {("A", "sea"): [30.0, 0.0], ("A", "air"): [30.0, 0.0], ("B", "air"): [40.0, 0.0]}
    assert planned[sea].tolist() == [30.0, 0.0]


def test_follow_plan_sends_no_more_than_is_asked_for() -> None:
    ways = ways_to_x()
    planned = {ways.find(0, 1, 0): np.array([30.0, 0.0])}
    units = follow_plan(call(ways, [12.0, 0.0], planned=planned), stock([60.0, 0.0], [70.0, 0.0]))
    assert sent(ways, units) == {("A", "sea"): [12.0, 0.0]}


@pytest.mark.parametrize("policy", [nearest_first, cheapest_first, follow_plan])
def test_a_way_that_would_arrive_after_the_response_closes_is_not_used(policy: Any) -> None:
    ways = ways_to_x()
    planned = {ways.find(0, 1, 0): np.array([30.0, 0.0])}
    units = policy(call(ways, [100.0, 0.0], hours_left=50.0, planned=planned), stock([60.0, 0.0], [70.0, 0.0]))
    assert [ways.hours[way] for way in units] == [30.0]


def test_a_way_with_room_for_little_carries_items_in_proportion_and_leaves_the_rest_to_the_next() -> None:
    rows = [lane("A", "X", "air", 30.0, capacity_m3=30.0), lane("A", "X", "sea", 200.0), lane("B", "X", "air", 60.0)]
    index, every = build_ways(two_hubs(lanes=rows))
    ways = every[index[0, 0]]
    units = nearest_first(call(ways, [40.0, 20.0], room=ways.capacity_m3.copy()), stock([100.0, 100.0], [5.0, 5.0]))
    assert sent(ways, units) == {("A", "air"): [20.0, 10.0], ("B", "air"): [5.0, 5.0], ("A", "sea"): [15.0, 5.0]}


def test_a_tight_way_that_the_plan_uses_too_carries_no_more_than_its_room_in_all() -> None:
    rows = [lane("A", "X", "air", 30.0, capacity_m3=30.0), lane("B", "X", "air", 60.0)]
    index, every = build_ways(two_hubs(lanes=rows))
    ways = every[index[0, 0]]
    planned = {ways.find(0, 0, 0): np.array([20.0, 0.0])}
    the_call = call(ways, [40.0, 0.0], planned=planned, room=ways.capacity_m3.copy())
    units = follow_plan(the_call, stock([100.0, 0.0], [100.0, 0.0]))
    assert sent(ways, units) == {("A", "air"): [30.0, 0.0], ("B", "air"): [10.0, 0.0]}


def test_a_supplier_without_limit_serves_what_is_left() -> None:
    units = nearest_first(call(ways_to_x(), [100.0, 3.0]), stock([1.0, 0.0], [1e15, 1e15]))
    assert total(units) == [100.0, 3.0]


@pytest.mark.parametrize(("policy", "first"), [(nearest_first, "hours"), (cheapest_first, "usd")])
def test_the_merit_order_for_all_items_at_once_equals_one_item_after_the_other(policy: Any, first: str) -> None:
    rng = np.random.default_rng(5)
    hubs = [f"H{n}" for n in range(6)]
    rows = [lane(hub, "X", mode, float(rng.integers(1, 9)), float(rng.integers(1, 9)), item=kind)
            for hub in hubs for mode in ("air", "sea") for kind in ("a", "b", "c") if rng.random() < 0.7]  # fmt: skip
    instance = build(
        hubs=[{"hub": hub} for hub in hubs],
        items=[item(kind) for kind in "abc"],
        sites=[{"site": "X"}],
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[{"outcome": "x", "site": "X", "item": kind, "quantity": 1.0} for kind in "abc"],
        lanes=rows,
    )
    ways = build_ways(instance)[1][0]
    for _ in range(50):
        held = rng.integers(0, 6, size=(6, 3)).astype(float)
        want = rng.integers(0, 20, size=3).astype(float)
        shipped = policy(call(ways, want.tolist()), held)
        dense = np.array([shipped.get(way, np.zeros(3)) for way in range(len(ways.sources))])
        assert dense == pytest.approx(_one_by_one(ways, want, held, first))


def _one_by_one(ways: Ways, want: Floats, held: Floats, first: str) -> Floats:
    units = np.zeros_like(ways.usd)
    for k in range(3):
        left, wanted = held[:, k].copy(), want[k]
        takers = [way for way in range(len(ways.sources)) if ways.open[way, k]]
        for way in sorted(takers, key=lambda way: _key(ways, way, k, first)):
            units[way, k] = min(wanted, left[ways.sources[way]])
            wanted -= units[way, k]
            left[ways.sources[way]] -= units[way, k]
    return units


def _key(ways: Ways, way: int, k: int, first: str) -> tuple[float, float]:
    both = (ways.hours[way], float(ways.usd[way, k]))
    return both if first == "hours" else both[::-1]
