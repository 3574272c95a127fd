import math
from dataclasses import replace

import pytest

from prepos.network.distance import EARTH_RADIUS_KM
from prepos.network.routes import hub_routes, routes

TEN_DEGREES = EARTH_RADIUS_KM * math.pi / 18  # 1111.95 km of the equator


def leg(graph, origin, destination, mode):
    return graph.edges[origin, destination, mode]["leg"]


def test_the_network_has_typed_nodes_and_legs_by_mode(make, reference):
    graph = routes(make(), reference)
    assert set(graph.nodes) == {
        ("hub", "H"),
        ("site", "S"),
        ("airport", "AAA"),
        ("airport", "BBB"),
        ("port", "ALPOR"),
        ("port", "BETPO"),
    }
    assert {(origin[0], mode, destination[0]) for origin, destination, mode in graph.edges(keys=True)} == {
        ("hub", "road", "airport"),
        ("airport", "air", "airport"),
        ("airport", "road", "site"),
        ("hub", "road", "port"),
        ("port", "sea", "port"),
        ("port", "road", "site"),
    }


def test_a_short_access_leg_pays_and_waits_for_its_km_only(make, reference):
    access = leg(routes(make(), reference), ("hub", "H"), ("airport", "AAA"), "road")
    assert (access.km, access.km_basis, access.main) == (10, "given in hubs.csv", False)
    assert (access.moving_hours, access.fixed_hours, access.usd_per_t) == pytest.approx((0.2, 0, 2))


def test_a_long_access_leg_pays_its_fixed_part(make, reference):
    access = leg(routes(make(), reference), ("hub", "H"), ("port", "ALPOR"), "road")
    assert access.main
    assert (access.moving_hours, access.fixed_hours, access.usd_per_t) == pytest.approx((2, 20, 35))


def test_a_flight_follows_the_great_circle(make, reference):
    flight = leg(routes(make(), reference), ("airport", "AAA"), ("airport", "BBB"), "air")
    assert flight.km == pytest.approx(TEN_DEGREES)
    assert flight.km_basis == "great circle"
    assert flight.hours == pytest.approx(10 + TEN_DEGREES / 500)
    assert flight.kgco2e_per_t == pytest.approx(0.8 * TEN_DEGREES)


def test_a_voyage_takes_the_precomputed_distance_in_either_direction(make, reference):
    hub_in_beta = {"hub": "H", "iso3": "BET", "lat": 0, "lon": 10}
    site_in_alpha = {"site": "S", "iso3": "ALP", "lat": 0, "lon": 0}
    graph = routes(make(hubs=[hub_in_beta], sites=[site_in_alpha]), reference)
    voyage = leg(graph, ("port", "BETPO"), ("port", "ALPOR"), "sea")
    assert (voyage.km, voyage.km_basis) == (1000, "sea route (searoute 1.6, precomputed)")


def test_a_voyage_that_nobody_measured_is_an_estimate_and_says_so(make, reference):
    unmeasured = replace(reference, sea_ways={})
    voyage = leg(routes(make(), unmeasured), ("port", "ALPOR"), ("port", "BETPO"), "sea")
    assert voyage.km == pytest.approx(0.8 * TEN_DEGREES * 1.2)
    assert voyage.km_basis == "great circle x 1.2"


def test_a_given_road_distance_from_the_port_is_taken(make, reference):
    last = leg(routes(make(), reference), ("port", "BETPO"), ("site", "S"), "road")
    assert (last.km, last.km_basis, last.customs_hours) == (30, "given in sites.csv", 120)


def test_a_landlocked_country_adds_one_border_and_its_own_detour_after_the_port(make, reference):
    site = {"site": "S", "iso3": "GAM", "lat": 0, "lon": 13}
    last = leg(routes(make(sites=[site]), reference), ("port", "BETPO"), ("site", "S"), "road")
    assert last.km == pytest.approx(0.4 * TEN_DEGREES * 1.2, rel=1e-4)
    assert last.km_basis == "great circle x 1.2 (as from the port to the capital)"
    assert (last.border_hours, last.border_note, last.customs_hours) == (24, "1 border (BET)", 240)


def test_a_road_abroad_crosses_estimated_borders_and_clears_customs_as_by_air(make, reference):
    hub = {"hub": "H", "iso3": "BET", "lat": 0, "lon": 4}
    site = {"site": "S", "iso3": "GAM", "lat": 0, "lon": 14}
    road = leg(routes(make(hubs=[hub], sites=[site]), reference), ("hub", "H"), ("site", "S"), "road")
    assert road.km == pytest.approx(TEN_DEGREES * 1.5)
    assert (road.border_hours, road.customs_hours) == (48, 72)  # 1112 km are two borders of 24 h
    assert road.basis == "road: great circle x 1.5, 2 borders estimated, customs as by air"


def test_a_road_inside_a_country_crosses_no_border(make, reference):
    hub = {"hub": "H", "iso3": "BET", "lat": 0, "lon": 0}
    road = leg(routes(make(hubs=[hub]), reference), ("hub", "H"), ("site", "S"), "road")
    assert (road.border_hours, road.customs_hours) == (0, 0)
    assert road.basis == "road: great circle x 1.5"


def test_a_road_inside_a_country_of_islands_waits_for_ferries(make, reference):
    site = {"site": "S", "iso3": "ALP", "lat": 0, "lon": 10}
    road = leg(routes(make(sites=[site]), reference), ("hub", "H"), ("site", "S"), "road")
    assert (road.border_hours, road.border_note, road.customs_hours) == (48, "2 ferries estimated", 0)


def test_no_road_leads_over_the_sea_or_beyond_the_reach_of_a_truck(make, reference):
    overseas = routes(make(), reference)
    assert not overseas.has_edge(("hub", "H"), ("site", "S"))
    far = make(hubs=[{"hub": "H", "iso3": "BET", "lat": 0, "lon": -10}])  # 2,224 km of great circle, 3,336 by road
    assert not routes(far, reference).has_edge(("hub", "H"), ("site", "S"))


def test_a_flight_needs_two_airports(make, reference):
    site = {"site": "S", "iso3": "ALP", "lat": 0, "lon": 0.5}
    graph = routes(make(sites=[site]), reference)
    assert not any(mode in {"air", "sea"} for _, _, mode in graph.edges(keys=True))


def test_modes_csv_replaces_the_figures_of_the_reference(make, reference):
    fast = {"mode": "air", "speed_kmh": 1000, "usd_per_tkm": 2}
    graph = routes(make(modes=[fast]), reference)
    flight = leg(graph, ("airport", "AAA"), ("airport", "BBB"), "air")
    assert flight.hours == pytest.approx(TEN_DEGREES / 1000)
    assert not graph.has_node(("port", "ALPOR"))


def test_hubs_reach_each_other_over_the_same_legs(make, reference):
    hubs = [{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0}, {"hub": "G", "iso3": "BET", "lat": 0, "lon": 10}]
    graph = hub_routes(make(hubs=hubs), reference)
    assert graph.has_edge(("airport", "AAA"), ("airport", "BBB"), "air")
    assert graph.has_edge(("airport", "BBB"), ("hub", "G"), "road")
