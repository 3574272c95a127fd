import math
from dataclasses import replace

import pytest

from prepos.errors import UsageError
from prepos.network.explain import PARTS, differences, explain, reach, totals
from prepos.network.lanes import lanes
from prepos.network.reference import Gateway, SeaWay


def test_the_rows_of_a_lane_sum_to_the_lane(make, reference):
    scenario = make()
    legs = explain(scenario, "H", "S", "heavy", reference=reference).groupby("lane")
    found = lanes(scenario, reference=reference)
    found = found[found["item"] == "heavy"].set_index("mode")
    for figure in ("hours", "usd_per_unit", "kgco2e_per_unit"):
        assert legs[figure].sum().to_dict() == pytest.approx(found[figure].to_dict())


def test_the_hours_of_a_leg_are_the_sum_of_their_parts(make, reference):
    legs = explain(make(), "H", "S", "heavy", reference=reference)
    assert legs["hours"].tolist() == pytest.approx(legs[list(PARTS)].sum(axis=1).tolist())


def test_each_leg_says_where_it_goes_and_how_its_km_are_known(make, reference):
    legs = explain(make(), "H", "S", "heavy", reference=reference)
    sea = legs[legs["lane"] == "sea"]
    assert sea["from"].tolist() == ["hub H", "hub H", "port ALPOR", "port BETPO"]
    assert sea["to"].tolist() == ["hub H", "port ALPOR", "port BETPO", "site S"]
    assert sea["mode"].tolist() == ["handling", "road", "sea", "road"]
    assert sea["km_basis"].tolist()[1:] == [
        "given in hubs.csv",
        "sea route (searoute 1.6, precomputed)",
        "given in sites.csv",
    ]


def test_without_an_item_a_m3_of_light_goods_is_priced(make, reference):
    legs = explain(make(), "H", "S", reference=reference)
    flight = legs[(legs["lane"] == "air") & (legs["mode"] == "air")].iloc[0]
    assert flight["usd_per_m3"] == pytest.approx(0.2 * (1111.9508 + 100))
    assert flight["kgco2e_per_t"] == pytest.approx(0.8 * 1111.9508)


def test_forbidden_modes_are_not_explained(make, reference):
    assert set(explain(make(), "H", "S", modes=["sea"], reference=reference)["lane"]) == {"sea"}


def test_a_given_lane_is_one_row(make):
    lane = {"hub": "H", "site": "S", "mode": "truck", "hours": 30, "usd_per_kg": 1}
    legs = explain(make(lanes=[lane, {**lane, "outcome": "W", "hours": 40}]), "H", "S", "heavy")
    assert legs["hours"].tolist() == [30, 40]
    assert legs["usd_per_unit"].tolist() == [100, 100]
    assert legs["note"].tolist() == ["item heavy", "item heavy, outcome W"]


def test_a_pair_without_a_lane_has_no_row(make, reference):
    scenario = make(hubs=[{"hub": "H"}])
    assert explain(scenario, "H", "S", reference=reference).empty


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("h", "S"), r"hub 'h' is not in the scenario \(did you mean 'H'\?\)"),
        (("H", "T"), "site 'T' is not in the scenario"),
        (("H", "S", "haevy"), r"item 'haevy' is not in the scenario \(did you mean 'heavy'\?\)"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(make, reference, arguments, text):
    with pytest.raises(UsageError, match=text):
        explain(make(), *arguments, reference=reference)


def test_without_a_hub_or_a_site_every_lane_is_explained(make, reference):
    sites = [{"site": "S", "iso3": "BET", "lat": 0, "lon": 10}, {"site": "T", "iso3": "GAM", "lat": 0, "lon": 14}]
    legs = explain(make(sites=sites), reference=reference)
    assert set(zip(legs["hub"], legs["site"], strict=True)) == {("H", "S"), ("H", "T")}


def test_every_way_shows_what_is_beaten_and_other_gateways_of_the_country(make, reference):
    airports = {**reference.airports, "BB2": Gateway("airport", "BB2", "BB2 town", "BET", 0.0, 11.0)}
    found = totals(explain(make(), "H", "S", every_way=True, reference=replace(reference, airports=airports)))
    assert found[["lane", "kept"]].to_numpy().tolist() == [["air", True], ["sea", True], ["air+road", False]]


def test_an_outcome_is_explained_with_its_closures(make, reference):
    ways = {("ALPOR", "BETPO"): (SeaWay(1000.0, ("Suez",)), SeaWay(3000.0))}
    world = replace(reference, sea_ways=ways)
    scenario = make(closures=[{"outcome": "W", "kind": "passage", "id": "Suez", "hours": math.nan}])
    usual = explain(scenario, "H", "S", modes=["sea"], reference=world)
    struck = explain(scenario, "H", "S", modes=["sea"], outcome="W", reference=world)
    assert (usual["km"].max(), struck["km"].max()) == (1000, 3000)


def test_hours_lost_are_a_part_of_their_own(make, reference):
    scenario = make(closures=[{"outcome": "", "kind": "port", "id": "BETPO", "hours": 48.0}])
    sea = explain(scenario, "H", "S", modes=["sea"], reference=reference)
    assert sea["lost_hours"].tolist() == [0, 0, 48, 0]
    assert sea["note"].tolist()[2] == "48 h lost"


def test_differences_tell_lanes_that_stay_change_are_lost_or_new(make, reference):
    ways = {("ALPOR", "BETPO"): (SeaWay(1000.0, ("Suez",)), SeaWay(3000.0))}
    world = replace(reference, sea_ways=ways)

    def after(*closed):
        closures = [{"outcome": "", "kind": kind, "id": name, "hours": math.nan} for kind, name in closed]
        before = totals(explain(make(), "H", "S", "heavy", reference=world))
        found = differences(before, totals(explain(make(closures=closures), "H", "S", "heavy", reference=world)))
        return dict(zip(found["lane"], found["change"], strict=True))

    assert after(("passage", "Suez")) == {"air": "same", "sea": "changed"}
    assert after(("mode", "air")) == {"air": "lost", "sea": "same"}
    assert after() == {"air": "same", "sea": "same"}


def test_given_lanes_that_close_are_lost(make):
    lane = {"hub": "H", "site": "S", "mode": "truck", "hours": 30, "usd_per_kg": 1}
    closed = [{"outcome": "", "kind": "mode", "id": "truck", "hours": math.nan}]
    before, after = make(lanes=[lane]), make(lanes=[lane], closures=closed)
    found = differences(*(totals(explain(scenario, "H", "S")) for scenario in (before, after)))
    assert found["change"].tolist() == ["lost", "lost"]  # one for each item


def test_reach_is_told_for_the_types_of_the_scenario_else_of_the_reference(make, reference):
    size = {"range_km": 2000, "payload_kg": 1000, "volume_m3": 9}
    own = {"aircraft": "own", **size, "speed_kmh": 500, "usd_block_hour": 1}
    assert reach(make(aircraft=[own]), "H", "S", reference)["aircraft"].tolist() == ["own"]
    assert reach(make(), "H", "S", reference).empty  # the reference of these tests knows no type
