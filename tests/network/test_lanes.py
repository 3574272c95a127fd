from dataclasses import replace

import pandas as pd
import pytest

from prepos.network.lanes import COLUMNS, HUB_COLUMNS, hub_lanes, lanes

AIR_KM = 1111.9508  # ten degrees of the equator


def lane(frame, item, mode):
    found = frame[(frame["item"] == item) & (frame["mode"] == mode)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_flight_worked_out_by_hand(make, reference):
    found = lanes(make(), reference=reference)
    heavy, light = lane(found, "heavy", "air"), lane(found, "light", "air")
    # 10 km of road at 50 km/h; 10 h and 1,112 km of flight at 500 km/h; 48 h of customs; at the site
    assert heavy["hours"] == light["hours"] == pytest.approx(0.2 + 10 + AIR_KM / 500 + 48)
    # heavy: 0.1 t by air and by road; light: 20 kg by air, 30 kg by road; handling of 0.1 m3 at 4 USD
    assert heavy["usd_per_unit"] == pytest.approx(0.1 * 10 * 0.2 + 0.1 * (AIR_KM + 100) + 0.4)
    assert light["usd_per_unit"] == pytest.approx(0.03 * 10 * 0.2 + 0.02 * (AIR_KM + 100) + 0.4)
    assert heavy["kgco2e_per_unit"] == pytest.approx(0.1 * (10 * 0.1 + AIR_KM * 0.8))
    assert light["kgco2e_per_unit"] == pytest.approx(0.001 * (10 * 0.1 + AIR_KM * 0.8))
    assert heavy["basis"] == "road: given in hubs.csv; air: great circle; road: great circle x 1.5"


def test_a_voyage_worked_out_by_hand(make, reference):
    found = lanes(make(), reference=reference)
    heavy, light = lane(found, "heavy", "sea"), lane(found, "light", "sea")
    # 100 km of road (20 h fixed); 100 h and 1,000 km at 25 km/h; 120 h of customs; 30 km of road
    assert heavy["hours"] == pytest.approx(22 + 140 + 120 + 0.6)
    # per chargeable t: road 100 x 0.2 + 15, sea 1000 x 0.01 + 10, road 30 x 0.2
    assert heavy["usd_per_unit"] == pytest.approx(0.1 * 35 + 0.1 * 20 + 0.1 * 6 + 0.4)
    assert light["usd_per_unit"] == pytest.approx(0.03 * 35 + 0.1 * 20 + 0.03 * 6 + 0.4)
    assert light["kgco2e_per_unit"] == pytest.approx(0.001 * (100 * 0.1 + 1000 * 0.02 + 30 * 0.1))


def test_lanes_have_the_agreed_columns_and_hold_in_every_outcome(make, reference):
    found = lanes(make(), reference=reference)
    assert tuple(found.columns) == COLUMNS
    assert (found["outcome"] == "").all()
    assert found["capacity_m3"].isna().all()


def test_a_long_last_leg_is_named_in_the_mode(make, reference):
    site = {"site": "S", "iso3": "BET", "lat": 0, "lon": 11}  # 167 km by road from the airport
    found = lanes(make(sites=[site]), reference=reference)
    assert set(found["mode"]) == {"air+road", "sea+road"}
    last_km = AIR_KM / 10 * 1.5
    hours = 0.2 + 10 + AIR_KM / 500 + 48 + 20 + last_km / 50
    assert lane(found, "heavy", "air+road")["hours"] == pytest.approx(hours)


def test_a_landlocked_site_waits_at_the_border_of_its_port_once(make, reference):
    site = {"site": "S", "iso3": "GAM", "lat": 0, "lon": 14}
    found = lanes(make(sites=[site]), reference=reference)
    last_km = 0.5 * AIR_KM * 1.2
    hours = 22 + 140 + 240 + 20 + last_km / 50 + 24
    assert lane(found, "heavy", "sea+road")["hours"] == pytest.approx(hours, rel=1e-5)
    assert "1 border (BET)" in lane(found, "heavy", "sea+road")["basis"]


def test_a_hub_ships_only_to_the_countries_it_serves(make, reference):
    sites = [{"site": "S", "iso3": "BET", "lat": 0, "lon": 10}, {"site": "T", "iso3": "GAM", "lat": 0, "lon": 14}]
    hub = {"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0, "serves": "GAM"}
    assert set(lanes(make(hubs=[hub], sites=sites), reference=reference)["site"]) == {"T"}


def test_goods_from_the_same_country_clear_no_customs(make, reference):
    airports = dict(reference.airports)
    airports["DDD"] = replace(airports["AAA"], code="DDD", iso3="BET")
    wider = replace(reference, airports=airports)
    hub = {"hub": "H", "iso3": "BET", "lat": 0, "lon": 0, "airport": "DDD"}
    flight = lane(lanes(make(hubs=[hub]), ["air"], reference=wider), "heavy", "air")
    assert flight["hours"] == pytest.approx(10 + AIR_KM / 500)


def test_a_dominated_lane_comes_back_when_the_better_mode_is_forbidden(make, reference):
    free_air = {**reference.modes, "air": replace(reference.modes["air"], usd_per_tkm=0, fixed_usd_per_t=0)}
    clean_air = {**free_air, "air": replace(free_air["air"], kgco2e_per_tkm=0)}
    world = replace(reference, modes=clean_air)
    assert set(lanes(make(), reference=world)["mode"]) == {"air"}
    assert set(lanes(make(), ["sea", "road"], reference=world)["mode"]) == {"sea"}


@pytest.mark.parametrize(
    ("modes", "expected"),
    [
        (None, {"air+road", "sea+road"}),
        (["sea", "road"], {"sea+road"}),
        (["sea+road"], {"sea+road"}),
        (["air"], set()),
        ([], set()),
    ],
)
def test_a_chain_is_allowed_when_all_its_parts_are(make, reference, modes, expected):
    site = {"site": "S", "iso3": "BET", "lat": 0, "lon": 11}
    assert set(lanes(make(sites=[site]), modes, reference=reference)["mode"]) == expected


def test_a_mode_that_modes_csv_does_not_have_makes_no_lane(make, reference):
    air = {"mode": "air", "speed_kmh": 500, "usd_per_tkm": 1}
    found = lanes(make(modes=[air], hubs=[{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0}]), reference=reference)
    assert set(found["mode"]) == {"air"}


def test_no_lane_of_a_pair_dominates_another(make, reference):
    hubs = [{"hub": f"H{n}", "iso3": "BET", "lat": n, "lon": n} for n in range(4)]
    sites = [{"site": f"S{n}", "iso3": "GAM", "lat": n, "lon": 10 + n} for n in range(4)]
    found = lanes(make(hubs=hubs, sites=sites), reference=reference)
    both = found.merge(found, on=["hub", "site", "item"], suffixes=("", "_other"))
    both = both[both["mode"] != both["mode_other"]]
    figures = ["hours", "usd_per_unit", "kgco2e_per_unit"]
    worse = pd.concat([both[f] >= both[f"{f}_other"] for f in figures], axis=1).all(axis=1)
    assert len(both)
    assert not worse.any()


def test_a_supplier_with_coordinates_has_lanes_without_its_lead_time(make, reference):
    supplier = {"supplier": "P", "item": "heavy", "price_usd": 1, "lead_time_days": 30, "lat": 0, "lon": 0}
    found = lanes(make(suppliers=[supplier, {**supplier, "item": "light"}]), reference=reference)
    flight = lane(found[found["hub"] == "P"], "heavy", "air")
    assert flight["hours"] == pytest.approx(10 + AIR_KM / 500 + 48)


def test_a_supplier_without_coordinates_has_no_computed_lane(make, reference):
    supplier = {"supplier": "P", "item": "heavy", "price_usd": 1, "lead_time_days": 30}
    assert "P" not in set(lanes(make(suppliers=[supplier]), reference=reference)["hub"])


def test_hubs_send_to_each_other_but_a_forward_stock_only_receives(make, reference):
    hubs = [
        {"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0},
        {"hub": "G", "iso3": "BET", "lat": 0, "lon": 10},
        {"hub": "F", "iso3": "BET", "lat": 0, "lon": 11, "serves": "BET"},
    ]
    found = hub_lanes(make(hubs=hubs), reference=reference)
    assert tuple(found.columns) == HUB_COLUMNS
    pairs = set(zip(found["hub"], found["to_hub"], strict=True))
    assert pairs == {("H", "G"), ("H", "F"), ("G", "H"), ("G", "F")}
    assert lane(found[found["to_hub"] == "G"], "heavy", "air")["hours"] == pytest.approx(10 + AIR_KM / 500 + 48)


def test_hubs_without_coordinates_have_no_lane(make, reference):
    scenario = make(hubs=[{"hub": "H"}])
    assert lanes(scenario, reference=reference).empty
    assert hub_lanes(scenario, reference=reference).empty
