import math
from dataclasses import replace

import numpy as np
import pytest

from prepos.evaluate import evaluate
from prepos.instance import arcs, build_instance
from prepos.model import Model
from prepos.network.conditions import conditions
from prepos.network.lanes import hub_lanes, lanes
from prepos.network.problems import lane_problems
from prepos.network.reference import BorderPoint, Gateway, SeaWay
from prepos.optimization import optimize


@pytest.fixture
def passable(reference):
    """By Suez, else round the Cape; a second port of BET at the eastern end of the land."""
    ports = {**reference.ports, "BETP2": Gateway("port", "BETP2", "BETP2 town", "BET", 0.0, 12.0)}
    ways = {
        ("ALPOR", "BETPO"): (SeaWay(1000.0, ("Suez",)), SeaWay(3000.0, ("Gibraltar",), ("Cape of Good Hope",))),
        ("ALPOR", "BETP2"): (SeaWay(2000.0),),
    }
    return replace(reference, ports=ports, sea_ways=ways)


def close(kind, name, outcome="", hours=None):
    return {"outcome": outcome, "kind": kind, "id": name, "hours": hours}


def hours(found, mode="sea", outcome="", item="heavy"):
    rows = found[(found["mode"] == mode) & (found["outcome"] == outcome) & (found["item"] == item)]
    assert len(rows) <= 1
    return None if rows.empty else rows["hours"].iloc[0]


def test_without_closures_nothing_is_special(make, passable):
    assert (lanes(make(), reference=passable)["outcome"] == "").all()


def test_a_closed_passage_is_sailed_round(make, passable):
    plain = lanes(make(), reference=passable)
    found = lanes(make(closures=[close("passage", "Suez")]), reference=passable)
    assert hours(found) == pytest.approx(hours(plain) + 2000 / 25)
    basis = found.loc[found["mode"] == "sea", "basis"].iloc[0]
    assert "by Gibraltar, Cape of Good Hope" in basis
    assert hours(found, "air") == hours(plain, "air")


def test_the_case_and_the_hyphens_of_a_passage_do_not_count(make, passable):
    found = lanes(make(closures=[close("passage", "SUEZ")]), reference=passable)
    assert hours(found) == hours(lanes(make(closures=[close("passage", "Suez")]), reference=passable))


def test_a_slow_passage_is_waited_for_or_sailed_round(make, passable):
    plain = hours(lanes(make(), reference=passable))
    assert hours(lanes(make(closures=[close("passage", "Suez", hours=30)]), reference=passable)) == plain + 30
    assert hours(lanes(make(closures=[close("passage", "Suez", hours=300)]), reference=passable)) == pytest.approx(
        plain + 80
    )


def test_with_every_passage_closed_the_lane_is_gone(make, passable):
    found = lanes(make(closures=[close("passage", "Suez; Gibraltar")]), reference=passable)
    assert set(found["mode"]) == {"air"}


def test_a_closure_of_one_outcome_gives_rows_of_that_outcome_only(make, passable):
    plain = lanes(make(), reference=passable)
    found = lanes(make(closures=[close("passage", "Suez", "W")]), reference=passable)
    assert found[found["outcome"] == ""].reset_index(drop=True).equals(plain)
    special = found[found["outcome"] == "W"]
    assert set(special["mode"]) == {"sea"}
    assert len(special) == 2
    assert hours(found, outcome="W") == pytest.approx(hours(plain) + 80)


def test_what_is_closed_in_one_outcome_has_no_hours_there(make, passable):
    found = lanes(make(closures=[close("passage", "Suez;Gibraltar", "W")]), reference=passable)
    assert math.isnan(hours(found, outcome="W"))
    assert found.loc[found["outcome"] == "W", "basis"].tolist() == ["closed", "closed"]
    assert hours(found) == hours(lanes(make(), reference=passable))


def test_an_outcome_can_open_what_is_closed_in_general(make, passable):
    rows = [close("passage", "Suez"), close("passage", "Suez", "W", 0)]
    found = lanes(make(closures=rows), reference=passable)
    plain = hours(lanes(make(), reference=passable))
    assert (hours(found), hours(found, outcome="W")) == pytest.approx((plain + 80, plain))


def test_a_second_closure_strikes_the_detour_of_the_first(make, passable):
    rows = [close("passage", "Suez"), close("passage", "Gibraltar", "W")]
    assert math.isnan(hours(lanes(make(closures=rows), reference=passable), outcome="W"))


def test_outcomes_with_the_same_closure_have_the_same_rows(make, passable):
    rows = [close("passage", "Suez", "W"), close("passage", "Suez", "V")]
    found = lanes(make(closures=rows), reference=passable)
    w, v = (found[found["outcome"] == name].drop(columns="outcome").reset_index(drop=True) for name in "WV")
    assert len(w)
    assert w.equals(v)


def test_a_closed_port_of_entry_sends_ships_to_the_next_one(make, passable):
    found = lanes(make(closures=[close("port", "BETPO", "W")]), reference=passable)
    assert math.isnan(hours(found, "sea", "W"))
    # 100 km of road, 20 h; 2000 km at 25 km/h, 100 h; two degrees of road x 1.5 at 50 km/h, 20 h; 120 h of customs
    assert hours(found, "sea+road", "W") == pytest.approx(22 + 180 + 333.585 / 50 + 20 + 120, rel=1e-4)


def test_where_the_next_port_is_closed_as_well_the_lane_is_gone(make, passable):
    rows = [close("port", "BETPO"), close("port", "BETP2", "W")]
    found = lanes(make(closures=rows), reference=passable)
    assert hours(found, "sea") is None
    assert hours(found, "sea+road") is not None
    assert math.isnan(hours(found, "sea+road", "W"))


def test_a_slow_port_is_waited_for_once(make, passable):
    plain = hours(lanes(make(), reference=passable))
    assert hours(lanes(make(closures=[close("port", "BETPO", hours=48)]), reference=passable)) == plain + 48


@pytest.mark.parametrize(
    ("kind", "name", "left"),
    [
        ("hub", "H", set()),
        ("site", "S", set()),
        ("airport", "AAA", {"sea"}),
        ("airport", "BBB", {"air+road", "sea"}),
        ("mode", "air", {"sea"}),
        ("mode", "sea", {"air"}),
        ("mode", "road", {"air", "sea"}),
        ("leg", "ALPOR>BETPO", {"air"}),
        ("leg", "H > AAA", {"sea"}),
    ],
)
def test_anything_can_be_closed(make, passable, kind, name, left):
    airports = {**passable.airports, "BB2": Gateway("airport", "BB2", "BB2 town", "BET", 0.0, 11.0)}
    world = replace(passable, airports=airports)
    assert set(lanes(make(closures=[close(kind, name)]), reference=world)["mode"]) == left


@pytest.mark.parametrize("kind", ["hub", "site"])
def test_a_slow_place_holds_up_every_lane(make, passable, kind):
    plain = lanes(make(), reference=passable)
    found = lanes(make(closures=[close(kind, "H" if kind == "hub" else "S", hours=12)]), reference=passable)
    assert (found["hours"] - plain["hours"]).tolist() == pytest.approx([12.0] * len(plain))


def test_a_slow_mode_holds_up_its_legs(make, passable):
    plain = lanes(make(), reference=passable)
    found = lanes(make(closures=[close("mode", "air", hours=12)]), reference=passable)
    assert hours(found, "air") == hours(plain, "air") + 12
    assert hours(found, "sea") == hours(plain, "sea")


def test_a_closed_border_ends_the_road_to_a_landlocked_site(make, passable):
    borders = (BorderPoint("BET", "GAM", 0.0, 12.0, True),)
    world = replace(passable, borders=borders)
    site = {"site": "S", "iso3": "GAM", "lat": 0, "lon": 14}
    found = lanes(make(sites=[site], closures=[close("border", "GAM-BET", "W")]), reference=world)
    assert hours(found, "sea+road") is not None
    assert "1 border (BET-GAM)" in found.loc[found["mode"] == "sea+road", "basis"].iloc[0]
    assert math.isnan(hours(found, "sea+road", "W"))
    assert hours(found, "air", "W") is None  # flies over it, as always


def test_a_lane_that_was_beaten_comes_back_where_the_better_one_is_closed(make, passable):
    free = replace(passable.modes["air"], usd_per_tkm=0, fixed_usd_per_t=0, kgco2e_per_tkm=0)
    world = replace(passable, modes={**passable.modes, "air": free})
    found = lanes(make(closures=[close("airport", "BBB", "W")]), reference=world)
    assert hours(found, "sea") is None
    assert hours(found, "sea", "W") is not None
    assert math.isnan(hours(found, "air", "W"))


def test_general_closures_hold_between_hubs_too(make, passable):
    hubs = [{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0}, {"hub": "G", "iso3": "BET", "lat": 0, "lon": 10}]
    found = hub_lanes(make(hubs=hubs, closures=[close("mode", "air")]), reference=passable)
    assert set(found["mode"]) <= {"sea", "sea+road"}


def test_a_supplier_is_closed_as_a_hub_is(make, passable):
    supplier = {"supplier": "P", "item": "heavy", "price_usd": 1, "lead_time_days": 3, "lat": 0, "lon": 0}
    found = lanes(make(suppliers=[supplier], closures=[close("hub", "P")]), reference=passable)
    assert set(found["hub"]) == {"H"}


LANE = {"hub": "H", "site": "S", "mode": "truck", "hours": 30, "usd_per_kg": 1}


def test_given_lanes_close_by_hub_site_mode_and_as_a_whole(make, reference):
    for kind, name in (("hub", "H"), ("site", "S"), ("mode", "truck"), ("leg", "H>S")):
        scenario = make(lanes=[LANE], closures=[close(kind, name, "W"), close(kind, name, "V", 10)])
        found = lanes(scenario, reference=reference)
        assert found.loc[found["outcome"] == "", "hours"].tolist() == [30, 30]
        assert found.loc[found["outcome"] == "W", "hours"].isna().tolist() == [True, True]
        assert found.loc[found["outcome"] == "V", "hours"].tolist() == [40, 40]


def test_given_rows_of_an_outcome_lose_its_hours_and_are_not_doubled(make, reference):
    scenario = make(lanes=[LANE, {**LANE, "outcome": "W", "hours": 50}], closures=[close("hub", "H", "W", 10)])
    found = lanes(scenario, reference=reference)
    assert found.loc[found["outcome"] == "W", "hours"].tolist() == [60, 60]


def test_an_unknown_port_airport_or_country_is_warned_of(make, passable):
    world = replace(passable, borders=(BorderPoint("BET", "GAM", 0.0, 12.0, True),))
    rows = [close("port", "BETPQ"), close("airport", "ZZZ"), close("border", "BET-GAN")]
    scenario = make(closures=rows)
    knows = "prepos knows (did you mean 'GAM'?)"
    messages = [str(p) for p in lane_problems(scenario, lanes(scenario, reference=world), reference=world)]
    assert [m for m in messages if m.startswith("closures.csv")] == [
        "closures.csv row 2, column id: 'BETPQ' is no port of any lane (did you mean 'BETPO'?); nothing is closed",
        "closures.csv row 3, column id: 'ZZZ' is no airport of any lane; nothing is closed",
        f"closures.csv row 4, column id: 'GAN' is no country whose borders {knows}; nothing is closed",
    ]


def test_conditions_of_an_outcome_go_before_the_general_ones(make, reference):
    rows = [close("passage", "Suez", hours=10), close("passage", "Suez", "W"), close("airport", "AAA;BBB", "W", 5)]
    scenario = make(closures=rows)
    assert dict(conditions(scenario, reference).hours) == {("passage", "Suez"): 10}
    assert dict(conditions(scenario, reference, "W").hours) == {
        ("passage", "Suez"): math.inf,
        ("airport", "AAA"): 5,
        ("airport", "BBB"): 5,
    }


def test_a_plan_meets_no_need_over_a_lane_that_is_closed_in_the_outcome(make):
    disasters = [{"disaster": name, "site": "S", "people_in_need": 50} for name in ("calm", "cut")]
    sites = [{"site": "S", "iso3": "YEM", "lat": 12.8, "lon": 45.03}]
    hubs = [{"hub": "H", "iso3": "KEN", "lat": -1.3, "lon": 36.9}]
    stock = [{"hub": "H", "item": item, "quantity": 100} for item in ("heavy", "light")]
    closures = [close("site", "S", "cut")]
    scenario = make(disasters=disasters, sites=sites, hubs=hubs, stock=stock, closures=closures)
    model = Model.model_validate({"stock": {"mode": "as_is"}})
    instance = build_instance(scenario, model)
    cut = instance.outcomes.index("cut")
    assert cut not in set(instance.needs.w[arcs(instance).n])
    plan = optimize(scenario, model)
    found = evaluate(instance, plan, model).outcomes.set_index("outcome")
    assert found.loc["calm", "unmet_units"] == pytest.approx(0)
    assert found.loc["cut", "unmet_units"] == pytest.approx(found.loc["cut", "need_units"])


def test_rows_of_an_outcome_are_those_of_a_scenario_in_which_it_always_holds(make, passable):
    rows = [close("port", "BETPO", "W"), close("airport", "AAA", "W", 7)]
    found = lanes(make(closures=rows), reference=passable)
    always = lanes(make(closures=[{**row, "outcome": ""} for row in rows]), reference=passable)
    key = ["hub", "site", "mode", "item"]
    there = found[found["outcome"].isin(["", "W"])].drop_duplicates(key, keep="last").dropna(subset="hours")
    both = there.merge(always, on=key, how="outer", suffixes=("", "_always"))
    assert np.allclose(both["hours"], both["hours_always"])
    assert np.allclose(both["usd_per_unit"], both["usd_per_unit_always"])
