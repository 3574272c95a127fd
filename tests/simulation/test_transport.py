from __future__ import annotations

import numpy as np
import pytest

from prepos.simulation.transport import build_ways, customs_hours
from tests.simulation.cases import build, item, lane, two_hubs

TENT, MAT = 0, 1


def test_every_lane_of_a_site_is_a_way() -> None:
    instance = two_hubs()
    index, ways = build_ways(instance)
    to_x = ways[index[0, 0]]
    found = zip(to_x.sources, to_x.modes, to_x.hours, strict=True)
    assert sorted(found) == [(0, 0, 30.0), (0, 1, 200.0), (1, 0, 60.0)]
    assert to_x.open.all()


def test_lanes_whose_hours_differ_by_item_are_ways_of_their_own() -> None:
    rows = [lane("A", "X", "air", 30.0), lane("A", "X", "air", 90.0, item="mat"), lane("B", "Y", "air", 60.0)]
    index, ways = build_ways(two_hubs(lanes=rows))
    to_x = ways[index[0, 0]]
    assert sorted(zip(to_x.hours, to_x.open.tolist(), strict=True)) == [(30.0, [True, False]), (90.0, [False, True])]


def test_a_lane_closed_in_an_outcome_is_no_way_there() -> None:
    rows = [lane("A", "X", "air", 30.0), lane("A", "X", "air", np.nan, outcome="x"), lane("B", "X", "air", 60.0)]
    index, ways = build_ways(two_hubs(lanes=rows))
    assert ways[index[0, 0]].hours == [60.0]
    assert ways[index[0, 0]].reached_by == {1}


def test_a_site_that_nothing_reaches_has_no_ways() -> None:
    index, _ = build_ways(two_hubs(lanes=[lane("A", "X", "air", 30.0)]))
    assert (1, 1) not in index


def test_outcomes_that_see_the_same_lanes_share_their_ways() -> None:
    needs = [{"outcome": w, "site": "X", "item": "tent", "quantity": 1.0} for w in ("x", "y")]
    index, ways = build_ways(two_hubs(needs=needs))
    assert len(ways) == 1
    assert index == {(0, 0): 0, (1, 0): 0}


def test_a_plans_flow_uses_the_cheapest_way_of_its_mode() -> None:
    rows = [lane("A", "X", "air", 30.0, usd=9.0), lane("A", "X", "air", 40.0, usd=2.0, item="tent")]
    index, ways = build_ways(two_hubs(lanes=rows))
    to_x = ways[index[0, 0]]
    tent, mat = to_x.find(0, 0, TENT), to_x.find(0, 0, MAT)
    assert tent is not None
    assert mat is not None
    assert (to_x.hours[tent], to_x.hours[mat]) == (40.0, 30.0)
    assert to_x.find(1, 0, TENT) is None


def _abroad(hub_iso3: str, site_iso3: str, customs: float) -> list[float]:
    instance = build(
        hubs=[{"hub": "A", "iso3": hub_iso3}],
        items=[item("tent")],
        sites=[{"site": "X", "iso3": site_iso3, "customs_hours_air": customs}],
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[{"outcome": "x", "site": "X", "item": "tent", "quantity": 1.0}],
        lanes=[lane("A", "X", "air+road", 40.0)],
    )
    return build_ways(instance)[1][0].customs


@pytest.mark.parametrize(
    ("hub", "site", "customs", "expected"),
    [("KEN", "MWI", 24.0, 24.0), ("MWI", "MWI", 24.0, 0.0), ("", "MWI", 24.0, 0.0), ("KEN", "MWI", 100.0, 40.0)],
)
def test_customs_are_part_of_the_hours_of_lanes_that_cross_a_border(
    hub: str, site: str, customs: float, expected: float
) -> None:
    assert _abroad(hub, site, customs) == [expected]


def test_a_given_lane_holds_no_customs_unless_sites_say_so() -> None:
    assert customs_hours(two_hubs()).sum() == 0
