import pytest

from prepos.network.lanes import lanes
from prepos.network.problems import lane_problems, unreachable_needs

DISASTER = {"disaster": "D", "site": "S", "people_in_need": 500}


def messages(scenario, reference, modes=None):
    found = lane_problems(scenario, lanes(scenario, modes, reference=reference), reference=reference)
    assert all(problem.severity == "warning" for problem in found)
    return [str(problem) for problem in found]


def test_a_scenario_in_order_has_no_warning(make, reference):
    assert messages(make(disasters=[DISASTER]), reference) == []


def test_a_hub_without_any_lane_counts_the_units_it_holds(make, reference):
    stock = [{"hub": "X", "item": "heavy", "quantity": 1200}, {"hub": "X", "item": "light", "quantity": 34}]
    hubs = [{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0}, {"hub": "X"}]
    assert messages(make(hubs=hubs, stock=stock), reference) == [
        (
            "hubs.csv row 3, column hub: 'X' has no lane to any site; the 1,234 units it holds reach nobody; "
            "give it lat and lon, or an airport or port, or allow more modes"
        )
    ]


def test_an_empty_candidate_without_a_lane_is_named_and_an_empty_closed_hub_is_not(make, reference):
    hubs = [{"hub": "X", "status": "candidate"}, {"hub": "Y", "status": "closed"}]
    found = messages(make(hubs=hubs), reference)
    assert len(found) == 1
    assert "'X' has no lane to any site; what it could hold would reach nobody" in found[0]


def test_a_hub_that_serves_countries_without_sites_says_so(make, reference):
    hub = {"hub": "X", "iso3": "ALP", "lat": 0, "lon": 0, "serves": "GAM"}
    assert "it serves GAM only: check the countries" in messages(make(hubs=[hub]), reference)[0]


def test_a_supplier_without_a_lane_counts_its_offers(make, reference):
    supplier = {"supplier": "P", "item": "heavy", "price_usd": 1, "lead_time_days": 5}
    assert messages(make(suppliers=[supplier]), reference) == [
        (
            "suppliers.csv row 2, column supplier: 'P' has no lane to any site; its 1 offer cannot be used; "
            "give it lat and lon"
        )
    ]


def test_a_needed_site_out_of_reach_counts_units_outcomes_and_people(make, reference):
    sites = [{"site": "S", "iso3": "BET", "lat": 0, "lon": 10}, {"site": "T", "iso3": "ZZZ", "lat": 0, "lon": 10}]
    disasters = [{"disaster": "D", "site": "T", "people_in_need": 500}, {**DISASTER, "disaster": "E"}]
    assert messages(make(sites=sites, disasters=disasters), reference) == [
        # 100 households of five: 1 heavy and 5 light each
        (
            "sites.csv row 3, column site: 'T' cannot be reached from any hub: 600 units in 1 outcome "
            "(500 people in need) stay unmet; give it an airport or port, or allow more modes"
        )
    ]


def test_a_site_that_is_not_needed_may_be_out_of_reach(make, reference):
    sites = [{"site": "S", "iso3": "BET", "lat": 0, "lon": 10}, {"site": "T", "iso3": "ZZZ", "lat": 0, "lon": 10}]
    assert messages(make(sites=sites, disasters=[DISASTER]), reference) == []


def test_a_site_out_of_reach_for_some_items_names_them(make, reference):
    given = [{"hub": "H", "site": "S", "mode": "truck", "item": "heavy", "hours": 5}]
    assert messages(make(lanes=given, disasters=[DISASTER]), reference) == [
        (
            "sites.csv row 2, column site: 'S' cannot be reached from any hub with light: 500 units in 1 outcome "
            "(500 people in need) stay unmet; add a lane to lanes.csv"
        )
    ]


def test_a_site_named_only_in_disasters_is_found_there(make, reference):
    disaster = {"disaster": "D", "iso3": "ZZZ", "lat": 0, "lon": 10, "people_in_need": 5}
    assert messages(make(sites=[], disasters=[disaster]), reference)[-1].startswith(
        "disasters.csv row 2, column disaster: 'D' cannot be reached"
    )


@pytest.mark.parametrize(
    ("special", "missed"),
    [
        ([], []),
        ([{"outcome": "D"}], ["D"]),  # closed
        ([{"outcome": "D", "hours": 9}], []),  # slower there
        ([{"outcome": "D"}, {"outcome": "D", "mode": "boat", "hours": 9}], []),  # another way opens
    ],
)
def test_closures_and_openings_of_one_outcome_count(make, special, missed):
    general = {"hub": "H", "site": "S", "mode": "truck", "item": "heavy", "hours": 5}
    own = [{"hub": "H", "site": "S", "mode": "truck", "item": "heavy", **row} for row in special]
    scenario = make(
        items=[{"item": "heavy", "unit_kg": 1, "unit_m3": 1, "units_per_household": 1}],
        disasters=[DISASTER, {**DISASTER, "disaster": "E"}],
        lanes=[general, *own],
    )
    assert unreachable_needs(scenario, lanes(scenario))["outcome"].tolist() == missed


def test_an_unknown_airport_names_the_nearest_and_what_is_used_instead(make, reference):
    hub = {"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0, "airport": "AAB"}
    assert messages(make(hubs=[hub]), reference) == [
        (
            "hubs.csv row 2, column airport: 'AAB' is not in the airports that prepos knows "
            "(did you mean 'AAA', AAA town?); AAA is used for 'H'"
        )
    ]


def test_an_unknown_port_in_an_unknown_country_is_taken_to_lie_at_the_site(make, reference):
    site = {"site": "S", "iso3": "ZZZ", "lat": 0, "lon": 10, "port": "QQQQQ"}
    assert messages(make(sites=[site]), reference) == [
        "sites.csv row 2, column port: 'QQQQQ' is not in the ports that prepos knows; it is taken to lie at 'S'"
    ]
