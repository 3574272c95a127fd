import math
from dataclasses import replace

import pytest

from prepos.network.conditions import Conditions
from prepos.network.reference import BorderPoint, Roads, load_reference
from prepos.network.roads import RoadMap

DEGREE = 111.19508  # km of the equator


@pytest.fixture
def three(reference):
    """BET, GAM and DEL side by side on the equator; DEL is also reached from BET by a point far north."""
    borders = (
        BorderPoint("BET", "GAM", 0.0, 12.0, True),
        BorderPoint("DEL", "GAM", 0.0, 16.0, True),
        BorderPoint("BET", "DEL", 10.0, 14.0, True),
        BorderPoint("ALP", "BET", 0.0, 5.0, False),
    )
    return replace(reference, borders=borders)


def road(reference, under=None, start=(0.0, 10.0, "BET"), end=(0.0, 18.0, "DEL")):
    return RoadMap(reference, reference.modes["road"], under or Conditions()).between(start, end)


def test_a_road_leads_over_the_borders_that_take_least_time(three):
    found = road(three)
    assert found.borders == ("BET-GAM", "DEL-GAM")
    assert found.km == pytest.approx(8 * DEGREE * 1.5)
    assert found.hours == pytest.approx(8 * DEGREE * 1.5 / 50)
    assert found.basis == "great circle x 1.5 between borders"


def test_a_closed_border_is_gone_round(three):
    found = road(three, Conditions({("border", "DEL-GAM"): math.inf}))
    assert found.borders == ("BET-DEL",)
    assert found.km > 20 * DEGREE * 1.5


def test_a_country_that_is_closed_is_gone_round(three):
    assert road(three, Conditions({("border", "GAM"): math.inf})).borders == ("BET-DEL",)


def test_a_slow_border_costs_its_hours_or_is_gone_round(three):
    slow = road(three, Conditions({("border", "BET-GAM"): 10.0}))
    assert (slow.borders, slow.lost_hours) == (("BET-GAM", "DEL-GAM"), 10.0)
    assert road(three, Conditions({("border", "BET-GAM"): 1000.0})).borders == ("BET-DEL",)


def test_where_every_way_is_closed_there_is_no_road(three):
    assert road(three, Conditions({("border", "DEL"): math.inf})) is None


def test_a_border_without_a_road_is_known_and_not_crossed(three):
    roads = RoadMap(three, three.modes["road"])
    assert roads.knows("ALP", "BET")
    assert roads.between((0.0, 0.0, "ALP"), (0.0, 10.0, "BET")) is None


def test_countries_have_their_own_speed_and_detour(three):
    slow = replace(three, roads={"GAM": Roads(25.0, 3.0)})
    found = road(slow, start=(0.0, 12.0, "BET"), end=(0.0, 16.0, "GAM"))
    assert found.km == pytest.approx(4 * DEGREE * 3)
    assert found.hours == pytest.approx(4 * DEGREE * 3 / 25)
    inside = RoadMap(slow, slow.modes["road"]).inside("GAM", 100.0)
    assert (inside.km, inside.hours, inside.basis) == (
        pytest.approx(300),
        pytest.approx(12),
        "great circle x 3 (roads of GAM)",
    )


def test_speeds_of_countries_follow_the_speed_of_the_scenario(three):
    slow = replace(three, roads={"GAM": Roads(25.0, math.nan)})
    fast = replace(three.modes["road"], speed_kmh=100.0)
    assert RoadMap(slow, fast).speed_kmh("GAM") == 50
    assert RoadMap(slow, fast).speed_kmh("BET") == 100


@pytest.mark.parametrize(
    ("start", "end", "borders"),
    [
        ((-1.29, 36.82, "KEN"), (4.85, 31.6, "SSD"), 1),
        ((-1.29, 36.82, "KEN"), (-1.94, 30.06, "RWA"), 2),
        ((31.95, 35.93, "JOR"), (12.8, 45.0, "YEM"), 2),
        ((24.9, 55.11, "ARE"), (27.18, 56.28, "IRN"), 3),
    ],
)
def test_bundled_borders_are_counted_as_on_the_map(start, end, borders):
    reference = load_reference()
    found = RoadMap(reference, reference.modes["road"]).between(start, end)
    assert len(found.borders) == borders


def test_dubai_reaches_iran_round_the_gulf_and_not_across_the_water():
    reference = load_reference()
    found = RoadMap(reference, reference.modes["road"]).between((24.9, 55.11, "ARE"), (27.18, 56.28, "IRN"))
    assert found.km > 2000  # 276 km across the water


def test_no_road_leads_into_north_korea_from_the_south_or_through_the_darien():
    reference = load_reference()
    roads = RoadMap(reference, reference.modes["road"])
    assert roads.between((37.5, 127.0, "KOR"), (39.0, 125.7, "PRK")) is None
    assert roads.between((9.0, -79.5, "PAN"), (4.7, -74.1, "COL")) is None
