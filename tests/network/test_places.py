import math
from dataclasses import replace

import pytest

from prepos.network.places import DEFAULT_CUSTOMS_HOURS, hub_places, resolve, site_places


def site(reference, **cells):
    return resolve("site", {"site": "S", "lat": 0.0, "lon": 10.5, **cells}, reference)


def test_the_codes_of_the_row_come_first(reference):
    place = site(reference, iso3="BET", airport="CCC", port="ALPOR")
    assert (place.airport.code, place.port.code) == ("CCC", "ALPOR")


def test_without_codes_the_gateways_of_the_country_serve(reference):
    place = site(reference, iso3="GAM")
    assert (place.airport.code, place.port.code) == ("CCC", "BETPO")


def test_without_an_entry_point_the_nearest_gateway_on_the_landmass_serves(reference):
    wider = dict(reference.landmass) | {"DEL": "East"}
    place = site(replace(reference, landmass=wider), iso3="DEL")
    assert (place.airport.code, place.port.code) == ("BBB", "BETPO")


def test_an_island_that_the_reference_does_not_know_has_no_gateway(reference):
    place = site(reference, iso3="ZZZ")
    assert place.airport is None
    assert place.port is None


def test_an_unknown_code_in_an_unknown_country_is_taken_to_lie_at_the_place(reference):
    place = site(reference, iso3="ZZZ", airport="QQQ")
    assert place.airport.code == "QQQ at S"
    assert (place.airport.lat, place.airport.lon) == (0.0, 10.5)


def test_a_place_without_a_country_is_in_that_of_the_nearest_airport(reference):
    place = site(reference)
    assert place.iso3 == "BET"
    assert place.customs_hours == {"air": 48, "sea": 120}
    assert place.customs_note == "customs as in BET"


def test_a_place_without_coordinates_lies_at_its_airport(reference):
    place = site(reference, iso3="GAM", lat=math.nan, lon=math.nan)
    assert (place.lat, place.lon) == (0.0, 14.0)


def test_customs_hours_of_the_site_come_before_those_of_the_country(reference):
    place = site(reference, iso3="BET", customs_hours_air=5.0)
    assert place.customs_hours == {"air": 5.0, "sea": 120}
    assert place.customs_note == ""


def test_customs_hours_fall_back_to_a_stated_default(reference):
    place = site(reference, iso3="ZZZ", airport="QQQ", port="QQQQQ")
    assert place.customs_hours == DEFAULT_CUSTOMS_HOURS
    assert place.customs_note == "customs by default"


def test_a_long_known_road_from_port_to_capital_gives_the_detour_of_the_country(reference):
    # 5 degrees of the equator are 555.98 km; 667.17 km of road are 1.2 times that
    assert site(reference, iso3="GAM").port_detour == pytest.approx(1.2, abs=1e-4)


def test_a_port_beside_the_capital_gives_no_detour_to_the_country(reference):
    near = dict(reference.ports)
    near["BETPO"] = replace(near["BETPO"], lon=9.9)
    assert math.isnan(site(replace(reference, ports=near), iso3="BET").port_detour)


def test_a_hub_lists_the_countries_it_serves(reference, make):
    scenario = make(hubs=[{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0, "serves": "BET; GAM"}])
    assert hub_places(scenario, reference)[0].serves == {"BET", "GAM"}


def test_disasters_without_a_site_are_places_too(reference, make):
    scenario = make(disasters=[{"disaster": "D", "iso3": "GAM", "lat": 0, "lon": 13, "people_in_need": 100}])
    assert [place.id for place in site_places(scenario, reference)] == ["S", "D"]
