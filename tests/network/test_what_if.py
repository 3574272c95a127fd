import math
from dataclasses import replace

import pytest

from prepos.errors import UsageError
from prepos.network.lanes import lanes
from prepos.network.reference import BorderPoint
from prepos.network.what_if import closing, reaching


@pytest.fixture
def world(reference):
    return replace(reference, borders=(BorderPoint("BET", "GAM", 0.0, 12.0, True),))


def asked(scenario):
    return scenario.closures[["kind", "id"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Suez", "passage", "Suez"),
        ("bab el mandeb", "passage", "bab el mandeb"),
        ("BETPO", "port", "BETPO"),
        ("AAA", "airport", "AAA"),
        ("H", "hub", "H"),
        ("S", "site", "S"),
        ("GAM-BET", "border", "GAM-BET"),
        ("border:GAM", "border", "GAM"),
        ("BETPO>S", "leg", "BETPO>S"),
        ("road", "mode", "road"),
        ("hub:H", "hub", "H"),
    ],
)
def test_a_name_is_closed_as_what_it_is(make, world, text, kind, name):
    assert asked(closing(make(), [text], reference=world)) == [[kind, name]]


def test_hours_after_an_equals_sign_hold_up_instead(make, world):
    rows = closing(make(), ["Suez=240", "BETPO"], reference=world).closures
    assert rows["hours"].tolist()[0] == 240
    assert math.isnan(rows["hours"].tolist()[1])


def test_an_asked_closure_goes_before_the_same_one_of_the_scenario(make, world):
    scenario = make(closures=[{"outcome": "", "kind": "passage", "id": "Suez", "hours": 10.0}])
    assert math.isnan(closing(scenario, ["Suez"], reference=world).closures["hours"].item())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Suezz", r"--close Suezz: no passage, port, airport, hub, site, border or mode \(did you mean 'Suez'\?\)"),
        ("hub:X", r"--close hub:X: 'X' is not in hubs.csv or suppliers.csv"),
        ("border:bet", r"--close border:bet: 'bet' is no border; write two countries"),
        ("Suez=soon", r"--close Suez=soon: 'soon' is no number of hours"),
        ("Suez=-1", r"--close Suez=-1: '-1' is no number of hours"),
        ("Suez=nan", r"is no number of hours"),
    ],
)
def test_what_cannot_be_closed_is_refused_with_the_way_out(make, world, text, message):
    with pytest.raises(UsageError, match=message):
        closing(make(), [text], reference=world)


def test_a_name_of_several_things_has_to_be_said_with_its_kind(make, world):
    hub = {"hub": "AAA", "iso3": "ALP", "lat": 0, "lon": 0}
    with pytest.raises(UsageError, match="write airport:AAA or hub:AAA"):
        closing(make(hubs=[hub]), ["AAA"], reference=world)


def test_an_unknown_outcome_is_refused(make, world):
    with pytest.raises(UsageError, match="outcome 'W' is not in the scenario"):
        closing(make(), [], "W", reference=world)


def test_a_site_is_reached_as_it_is(make, world):
    scenario = make()
    assert reaching(scenario, "S", world) == (scenario, "S")


def test_a_hub_a_port_and_an_airport_can_be_reached(make, world):
    hubs = [
        {"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0},
        {"hub": "G", "iso3": "BET", "lat": 0, "lon": 10, "port_km": 7},
    ]
    for name, site in (("G", "G (hub)"), ("BETPO", "BETPO (port)"), ("BBB", "BBB (airport)")):
        scenario, found = reaching(make(hubs=hubs), name, world)
        assert found == site
        reached = lanes(scenario, reference=world)
        assert {"air", "sea"} <= {mode.split("+")[0] for mode in reached.loc[reached["site"] == site, "mode"]}
    assert reaching(make(hubs=hubs), "G", world)[0].sites["road_km"].tolist()[-1] == 7


def test_an_unknown_place_is_refused_with_the_nearest(make, world):
    with pytest.raises(UsageError, match=r"'BETPQ' is no site, hub, seaport or airport .* \(did you mean 'BETPO'\?\)"):
        reaching(make(), "BETPQ", world)
