"""Sanity of the lanes of the two scenarios that come with prepos."""

import time
from pathlib import Path

import numpy as np
import pytest

from prepos.data.outcomes import sites
from prepos.data.read import read_scenario
from prepos.network.explain import explain, totals
from prepos.network.lanes import hub_lanes, lanes
from prepos.network.problems import lane_problems
from prepos.network.what_if import closing, reaching

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module", params=["iom-2015", "global-2010-2024"])
def scenario(request):
    return read_scenario(SCENARIOS / request.param)


@pytest.fixture(scope="module")
def found(scenario):
    return lanes(scenario)


@pytest.fixture(scope="module")
def world():
    return read_scenario(SCENARIOS / "global-2010-2024")


@pytest.fixture(scope="module")
def world_lanes(world):
    return lanes(world)


def of(found, hub, site, item="blanket"):
    lane = found[(found["hub"] == hub) & (found["site"] == site) & (found["item"] == item)]
    return lane.set_index("mode")


def test_every_hub_reaches_every_site_that_it_may_serve(scenario, found):
    places = sites(scenario)
    reached = found.groupby("hub")["site"].nunique()
    for hub, serves in zip(scenario.hubs["hub"], scenario.hubs["serves"], strict=True):
        expected = places["iso3"].isin(serves.split(";")).sum() if serves else len(places)
        assert reached.get(hub, 0) == expected, hub


def test_every_lane_is_finite_and_positive(found):
    figures = found[["hours", "usd_per_unit", "kgco2e_per_unit"]]
    assert np.isfinite(figures).all(axis=None)
    assert (figures > 0).all(axis=None)


def test_every_pair_has_a_lane_for_every_item(scenario, found):
    assert (found.groupby(["hub", "site"])["item"].nunique() == len(scenario.items)).all()


def test_only_stock_kept_for_a_country_without_disasters_has_no_lane(scenario, found):
    struck = set(sites(scenario)["iso3"])
    serves = scenario.hubs.set_index("hub")["serves"]
    idle = {hub for hub, countries in serves.items() if countries and not struck & set(countries.split(";"))}
    problems = lane_problems(scenario, found)
    assert {problem.message.split("'")[1] for problem in problems} == idle


def test_nairobi_reaches_aden_by_air_in_two_weeks_and_by_sea_in_six(world_lanes):
    lane = of(world_lanes, "NBO", "aden")
    assert set(lane.index) == {"air", "sea"}  # no road leads from Africa to Arabia
    # 4 km of road, 36 h of mobilisation and loading, 1,810 km of flight, ten days of customs, 6 km of road
    assert lane.loc["air", "hours"] == pytest.approx(0.1 + 36 + 1812 / 750 + 240 + 0.2, abs=1)
    # 485 km of road, ten days of booking, three days at sea, 25 days of port and customs
    assert 35 * 24 < lane.loc["sea", "hours"] < 45 * 24
    assert lane.loc["sea", "usd_per_unit"] < lane.loc["air", "usd_per_unit"] / 3


@pytest.mark.parametrize("site", ["tacloban", "catarman"])
def test_manila_reaches_the_visayas_by_road_and_ferry_in_three_days(world_lanes, site):
    lane = of(world_lanes, "MNL", site)
    assert "road" in lane.index
    assert 48 < lane.loc["road", "hours"] < 96
    assert "1 ferry estimated" in lane.loc["road", "basis"]
    assert "customs" not in lane.loc["road", "basis"]


def test_manila_beats_nairobi_in_the_philippines(scenario, found):
    philippines = sites(scenario).query("iso3 == 'PHL'")["site"]
    for site in philippines:
        assert of(found, "MNL", site)["hours"].min() < of(found, "NBO", site)["hours"].min(), site


def test_air_is_never_slower_than_sea_between_continents(found):
    best = found.assign(by=found["mode"].str.slice(0, 3)).groupby(["hub", "site", "by"])["hours"].min().unstack()
    both = best.dropna(subset=["air", "sea"])
    assert len(both)
    assert (both["air"] < both["sea"]).all()


def test_hubs_reach_each_other(scenario):
    found = hub_lanes(scenario)
    senders = scenario.hubs.loc[scenario.hubs["serves"] == "", "hub"]
    assert found.groupby("hub")["to_hub"].nunique().reindex(senders).eq(len(scenario.hubs) - 1).all()


def test_a_bundled_lane_can_be_explained(world, world_lanes):
    legs = explain(world, "NBO", "aden", "blanket")
    assert legs.groupby("lane")["usd_per_unit"].sum().to_dict() == pytest.approx(
        of(world_lanes, "NBO", "aden")["usd_per_unit"].to_dict()
    )


def test_nairobi_to_aden_is_explained_by_air_by_sea_and_by_sea_and_road(world):
    ways = totals(explain(world, "NBO", "aden", every_way=True)).set_index("lane")
    assert ways.loc[["air", "sea"], "kept"].all()
    assert not ways.loc["sea+road", "kept"]
    by_hodeidah = explain(world, "NBO", "aden", every_way=True).query("lane == 'sea+road'")
    assert by_hodeidah["to"].tolist() == ["hub NBO", "port KEMBA", "port YEHOD", "site aden"]
    assert by_hodeidah["km_basis"].tolist()[2].endswith("by Bab el-Mandeb")


def test_closing_bab_el_mandeb_sends_brindisi_to_mombasa_round_the_cape(world):
    scenario, mombasa = reaching(world, "KEMBA")
    open_sea = explain(scenario, "BDS", mombasa).query("mode == 'sea'").iloc[0]
    round_cape = explain(closing(scenario, ["Bab el-Mandeb"]), "BDS", mombasa).query("mode == 'sea'").iloc[0]
    assert open_sea["km_basis"].endswith("by Suez, Bab el-Mandeb")
    assert 7000 < open_sea["km"] < 8000
    assert round_cape["km_basis"].endswith("by Gibraltar, Cape of Good Hope")
    assert 15500 < round_cape["km"] < 18000  # about 8,800 nautical miles
    assert round_cape["hours"] - open_sea["hours"] == pytest.approx((round_cape["km"] - open_sea["km"]) / 27.8)


def test_closing_hormuz_leaves_jebel_ali_without_a_ship(world):
    scenario, mombasa = reaching(world, "KEMBA")
    assert "sea" not in set(explain(closing(scenario, ["Hormuz"]), "DXB", mombasa)["lane"])


def test_no_road_leads_to_socotra(world_lanes):
    to_socotra = world_lanes[world_lanes["site"] == "hadibu"]
    assert len(to_socotra)
    assert "road" not in set(to_socotra["mode"])


def test_all_lanes_of_a_scenario_take_less_than_five_seconds(scenario):
    start = time.perf_counter()
    lanes(scenario)
    assert time.perf_counter() - start < 5
