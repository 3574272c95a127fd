import math

import pytest

from prepos.network.flights import Aircraft, Fleet, read_fleet
from prepos.network.lanes import lanes
from prepos.network.reference import Gateway, load_reference

DEGREE = 111.19508
SMALL = Aircraft("small", 600, 5000, 50, 400, 2000, 1000)
LARGE = Aircraft("large", 2000, 100000, 500, 900, 20000, 2500)


def airport(code, lon, runway_m=math.nan):
    return Gateway("airport", code, code, "ALP", 0.0, lon, runway_m)


WEST, MIDDLE, EAST = airport("WES", 0.0), airport("MID", 5.0), airport("EAS", 10.0)


def flight(fleet, name, start=WEST, end=EAST, closed=()):
    return next(f for f in fleet.flights(start, end, closed) if f.aircraft.aircraft == name)


def test_a_flight_within_range_is_non_stop_and_priced_by_its_block_hours():
    found = flight(Fleet([LARGE], [WEST, EAST]), "large")
    assert (found.stop, found.refusal) == ("", "")
    assert found.km == pytest.approx(10 * DEGREE)
    assert found.hours == pytest.approx(10 * DEGREE / 810)
    assert found.usd_per_t == pytest.approx(10 * DEGREE / 810 * 20000 * 1.6 / 85)


def test_beyond_its_range_an_aircraft_stops_once_for_fuel():
    found = flight(Fleet([SMALL], [WEST, MIDDLE, EAST]), "small")
    assert found.stop == "MID"
    assert found.hours == pytest.approx(10 * DEGREE / 360 + 2)


def test_without_an_airport_to_stop_at_it_cannot_fly():
    assert "out of range" in flight(Fleet([SMALL], [WEST, EAST]), "small").refusal
    assert "out of range" in flight(Fleet([SMALL], [WEST, MIDDLE, EAST]), "small", closed=["MID"]).refusal


def test_a_short_runway_refuses_a_large_aircraft():
    strip = airport("STR", 10.0, 1200)
    fleet = Fleet([SMALL, LARGE], [WEST, MIDDLE, strip])
    assert flight(fleet, "large", end=strip).refusal == "the runway of STR is 1,200 m long"
    assert fleet.best(WEST, strip).aircraft is SMALL


def test_the_cheapest_aircraft_for_light_goods_is_taken():
    assert Fleet([SMALL, LARGE], [WEST, MIDDLE, EAST]).best(WEST, EAST).aircraft is LARGE


def test_light_goods_are_charged_by_the_volume_of_the_aircraft():
    found = flight(Fleet([LARGE], [WEST, EAST]), "large")
    assert LARGE.kg_per_m3 == 200
    assert found.usd_per_m3 == pytest.approx(found.usd_per_t * 0.2)


TYPE = {
    "aircraft": "large",
    "range_km": 2000,
    "payload_kg": 100000,
    "volume_m3": 500,
    "speed_kmh": 900,
    "usd_block_hour": 20000,
}


def test_with_aircraft_csv_lanes_are_flown_by_its_types(make, reference):
    plain = lanes(make(), ["air"], reference=reference).set_index("item")
    flown = lanes(make(aircraft=[TYPE]), ["air"], reference=reference).set_index("item")
    km = 10 * DEGREE
    assert flown.loc["heavy", "hours"] == pytest.approx(plain.loc["heavy", "hours"] - km / 500 + km / 810)
    # 0.1 t: 10 km of road at 0.2, the flight and 100 USD/t of handling; 0.1 m3 out of the hub at 4
    expected = 0.1 * 2 + 0.1 * (km / 810 * 20000 * 1.6 / 85 + 100) + 0.4
    assert flown.loc["heavy", "usd_per_unit"] == pytest.approx(expected)
    assert flown.loc["heavy", "basis"].split("; ")[1] == "air: great circle, large"


def test_what_no_type_can_reach_has_no_flight(make, reference):
    assert lanes(make(aircraft=[{**TYPE, "range_km": 500}]), ["air"], reference=reference).empty


def test_wide_bodies_use_nadi_and_not_suva():
    reference = load_reference()
    fleet = Fleet(read_fleet(reference.aircraft), reference.airports.values())
    start, suva, nadi = (reference.airports[code] for code in ("BNE", "SUV", "NAN"))
    assert "runway of SUV" in flight(fleet, "B747F", start, suva).refusal
    assert not flight(fleet, "B747F", start, nadi).refusal


def test_an_il76_stops_between_brindisi_and_nairobi_and_a_747_does_not():
    reference = load_reference()
    fleet = Fleet(read_fleet(reference.aircraft), reference.airports.values())
    start, end = reference.airports["BDS"], reference.airports["NBO"]
    assert flight(fleet, "IL76", start, end).stop
    assert not flight(fleet, "B747F", start, end).stop
