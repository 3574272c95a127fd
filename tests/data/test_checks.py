"""Whether tables fit together: one broken pair of tables at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prepos.data.checks import check
from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario


def test_a_scenario_made_in_memory_is_checked_with_rows_as_a_file_would_have(folder):
    scenario = read_scenario(folder())
    stock = scenario.stock.assign(hub=["NBO", "Nairobi"])
    problems = check(replace(scenario, stock=stock))
    assert [str(problem) for problem in problems] == ["stock.csv row 3, column hub: 'Nairobi' is not in hubs.csv"]
    assert [p.row for p in check(replace(scenario, stock=stock.iloc[1:]))] == [2]


def test_an_empty_scenario_is_told_what_it_lacks():
    assert [str(problem) for problem in check(Scenario("empty"))] == [
        "hubs.csv: has no row; a scenario needs at least one hub",
        "items.csv: has no row; a scenario needs at least one item",
        "disasters.csv: there is nothing to plan for; add disasters, or give outcomes.csv and needs.csv",
    ]


def test_every_reference_is_held_against_its_table(given_folder, errors_of):
    path = given_folder(
        hub_tiers="hub,tier,capacity_m3,fixed_usd_year\nC,s,1,1\n",
        stock="hub,item,quantity\nC,tents,1\n",
        lanes="hub,site,mode,item,outcome,hours,usd_per_kg\nC,X,road,rope,,1,1\nA,X,road,,wett,1,1\nB,X,road,,,1,1\n",
        needs="outcome,site,item,quantity\nwet,X,tents,10\ndrought,Y,tent,2.5\ndry,X,tent,1\nwet,X,tent,1\n",
        availability="outcome,hub,share\nwet,D,1\ndri,A,1\n",
        suppliers="supplier,item,price_usd,lead_time_days\nA,tent,5,1\nacme,tant,5,1\n",
    )
    assert errors_of(path) == [
        "hub_tiers.csv row 2, column hub: 'C' is not in hubs.csv",
        "stock.csv row 2, column hub: 'C' is not in hubs.csv",
        "stock.csv row 2, column item: 'tents' is not in items.csv (did you mean 'tent'?)",
        "lanes.csv row 2, column item: 'rope' is not in items.csv",
        "needs.csv row 2, column item: 'tents' is not in items.csv (did you mean 'tent'?)",
        "availability.csv row 2, column hub: 'D' is not in hubs.csv",
        "suppliers.csv row 3, column item: 'tant' is not in items.csv (did you mean 'tent'?)",
        "lanes.csv row 2, column hub: 'C' is not in hubs.csv or suppliers.csv",
        "suppliers.csv row 2, column supplier: 'A' is the id of a hub; give the supplier another",
        "needs.csv row 3, column site: 'Y' is not in lanes.csv",
        "needs.csv row 3, column outcome: 'drought' is not in outcomes.csv",
        "lanes.csv row 3, column outcome: 'wett' is not in outcomes.csv (did you mean 'wet'?)",
        "availability.csv row 3, column outcome: 'dri' is not in outcomes.csv (did you mean 'dry'?)",
    ]


def test_a_lane_may_start_at_a_supplier(given_folder, warnings_of):
    suppliers = "supplier,item,price_usd,lead_time_days\nacme,tent,5,1\n"
    lanes = "hub,site,mode,hours,usd_per_kg\nA,X,road,1,1\nB,X,road,1,1\nacme,X,road,1,1\n"
    assert warnings_of(given_folder(suppliers=suppliers, lanes=lanes)) == []


def test_with_a_sites_table_lanes_and_needs_keep_to_it(given_folder, errors_of):
    assert errors_of(given_folder(sites="site,lat,lon\nEpi,1,2\n"))[:2] == [
        "lanes.csv row 2, column site: 'X' is not in sites.csv; also in rows 3, 4",
        "needs.csv row 2, column site: 'X' is not in sites.csv; also in row 3",
    ]


def test_needs_at_a_place_that_no_table_knows_are_told(folder, errors_of):
    path = folder(
        sites=None,
        disasters=None,
        outcomes="outcome,probability\nw,1\n",
        needs="outcome,site,item,quantity\nw,Epi,tent,1\n",
    )
    assert errors_of(path) == ["needs.csv row 2, column site: 'Epi' is not a known place: add it to sites.csv"]


def test_a_disaster_that_has_the_id_of_a_site_must_say_whether_it_is_there(folder, errors_of, good):
    sites = good["sites.csv"] + "pam,VUT,Pacific,-17,168\n"
    assert errors_of(folder(sites=sites)) == [
        (
            "disasters.csv row 2, column site: is empty, but 'pam' is also a site of sites.csv; "
            "write the site, or rename one"
        )
    ]


def test_needs_without_outcomes_are_told(given_folder, errors_of):
    assert errors_of(given_folder(outcomes=None)) == [
        "outcomes.csv: is missing; needs.csv names outcomes (wet, dry): list them with their probabilities"
    ]


def test_needs_may_name_disasters_as_their_outcomes(folder, errors_of, warnings_of):
    needs = "outcome,site,item,quantity\npam,Penama,tent,10\nmalawi,Blantyre,tent,5\n"
    assert warnings_of(folder(needs=needs)) == []
    assert errors_of(folder(needs=needs.replace("pam,", "Pan,"))) == [
        "needs.csv row 2, column outcome: 'Pan' is not in disasters.csv (did you mean 'pam'?)"
    ]


def test_outcomes_without_needs_are_counted_but_for_one_called_none(given_folder, warnings_of):
    outcomes = "outcome,probability\nwet,0.25\ndry,0.25\nnone,0.25\ncalm,0.25\n"
    assert warnings_of(given_folder(outcomes=outcomes)) == ["outcomes.csv: 1 outcome of 4 has no need: calm"]


def test_disasters_that_given_outcomes_leave_out_are_counted(folder, warnings_of):
    assert warnings_of(folder(outcomes="outcome,probability\npam,1\n")) == [
        "disasters.csv: 1 disaster not in outcomes.csv, so left out of the plan: malawi"
    ]


def test_no_need_at_all_is_told_with_its_reason(folder, given_folder, errors_of):
    assert errors_of(folder(items="item,unit_kg,unit_m3\ntent,1,1\nblanket,1,1\n")) == [
        "disasters.csv: no unit is needed in any outcome; give units_per_household or people_per_unit in items.csv"
    ]
    assert errors_of(folder(scenario="share_from_stock = 0\n")) == [
        (
            "disasters.csv: no unit is needed in any outcome; "
            "check people_in_need, share_from_stock and the outcomes' names"
        )
    ]


def test_given_needs_of_nothing_are_told(given_folder, errors_of):
    assert errors_of(given_folder(needs="outcome,site,item,quantity\nwet,X,tent,0\n")) == [
        "needs.csv: no unit is needed in any outcome; every quantity is 0"
    ]


def test_a_disaster_without_any_place_is_told(folder, errors_of):
    disasters = "disaster,site,iso3,lat,lon,people_in_need\npam,,,,,10\nnepal,,NPL,,,10\n"
    assert errors_of(folder(disasters=disasters)) == [
        "disasters.csv row 2: 'pam' has no place; fill site, lat and lon, or iso3"
    ]


def test_a_named_site_is_no_place_where_no_table_says_where_it_is(folder, errors_of):
    disasters = "disaster,site,iso3,people_in_need\npam,Penama,,10\n"
    assert errors_of(folder(sites=None, disasters=disasters)) == [
        "disasters.csv row 2: 'pam' has no place; fill site, lat and lon, or iso3"
    ]


@pytest.mark.parametrize(("country", "hint"), [("ken", "; write KEN"), ("KE", ""), ("Kenya", "")])
def test_a_country_that_is_no_code_is_told(folder, errors_of, country, hint):
    assert errors_of(folder(hubs=f"hub,iso3\nNBO,{country}\n")) == [
        f"hubs.csv row 2, column iso3: '{country}' is not a country code of three capital letters (KEN){hint}"
    ]


def test_half_a_position_is_told_and_the_point_in_the_atlantic_is_odd(folder, errors_of, warnings_of):
    assert errors_of(folder(hubs="hub,lat,lon\nNBO,-1.3,\n")) == [
        "hubs.csv row 2, column lon: is empty, but lat is given; a place needs both"
    ]
    assert warnings_of(folder(hubs="hub,lat,lon\nNBO,0,0\n")) == [
        (
            "hubs.csv row 2, column lat: lat 0, lon 0 is a point in the Atlantic; "
            "leave both empty where the place is unknown"
        )
    ]


def test_an_item_that_no_household_gets_warns_where_needs_are_computed(folder, warnings_of):
    items = "item,unit_kg,unit_m3,units_per_household,people_per_unit\ntent,1,0.1,,\nblanket,1,0.1,2,3\n"
    assert warnings_of(folder(items=items)) == [
        (
            "items.csv row 2, column units_per_household: is empty, and so is people_per_unit: "
            "no need is computed for this item"
        ),
        "items.csv row 3, column people_per_unit: is not used, since units_per_household is given too",
    ]


def test_an_item_that_expires_before_it_arrives_is_odd(folder, warnings_of):
    header = "item,unit_kg,unit_m3,people_per_unit,shelf_life_months,lead_time_days\n"
    items = header + "tent,1,0.1,5,2,60\nblanket,1,0.1,2,1,60\n"
    assert warnings_of(folder(items=items)) == [
        (
            "items.csv row 3, column shelf_life_months: is no longer than the lead time of 60 days: "
            "the item expires before it arrives"
        )
    ]


def test_countries_that_a_forward_stock_serves_are_held_against_the_disasters(folder, errors_of, warnings_of):
    hubs = "hub,lat,lon,serves\nNBO,1,2,MWI;SDN;FJI\nMNL,1,2,VUT\n"
    assert warnings_of(folder(hubs=hubs)) == [
        "hubs.csv row 2, column serves: no disaster or site is in SDN, FJI (2 of the 3 countries that the hub serves)"
    ]
    assert errors_of(folder(hubs=hubs.replace("MWI;SDN;FJI", "MWI SDN"))) == [
        (
            "hubs.csv row 2, column serves: 'MWI SDN' is not a country code of three capital letters; "
            "separate codes with ';' (FJI;VUT)"
        )
    ]


def test_stock_at_a_hub_that_is_not_open_is_counted(folder, warnings_of):
    stock = "hub,item,quantity\nMNL,tent,1200\nMNL,blanket,34\nNBO,tent,1\n"
    assert warnings_of(folder(stock=stock)) == [
        "stock.csv: hub 'MNL' is a candidate: its 1,234 units cannot be used until it is opened"
    ]


def test_stock_that_does_not_fit_is_told_in_m3(folder, warnings_of):
    stock = "hub,item,quantity\nNBO,tent,4100\n"
    assert warnings_of(folder(stock=stock)) == [
        "hubs.csv row 2, column capacity_m3: the stock of 'NBO' takes 1,025 m3, 25 m3 more than its capacity (1,000 m3)"
    ]
    tiers = "hub,tier,capacity_m3,fixed_usd_year\nNBO,small,100,1\nNBO,large,900.5,2\n"
    assert warnings_of(folder(stock=stock, hub_tiers=tiers)) == [
        (
            "hubs.csv row 2, column capacity_m3: the stock of 'NBO' takes 1,025 m3, "
            "124.5 m3 more than its largest tier (900.5 m3)"
        )
    ]


def test_a_hub_without_any_lane_is_told_with_its_stock(given_folder, folder, warnings_of):
    stock = "hub,item,quantity\nC,tent,500\n"
    hubs = "hub,status\nA,\nB,\nC,\nD,candidate\nE,closed\n"
    assert warnings_of(given_folder(hubs=hubs, stock=stock)) == [
        "hubs.csv row 4: hub 'C' has no open lane in lanes.csv: its 500 units reach nobody",
        "hubs.csv row 5: hub 'D' has no open lane in lanes.csv: it can serve nobody",
    ]
    assert warnings_of(folder(hubs="hub,lat,lon\nNBO,,\nMNL,1,2\n")) == [
        "hubs.csv row 2: hub 'NBO' has no lat and lon, and there is no lanes.csv: its 3,100 units reach nobody"
    ]


def test_a_supplier_without_any_lane_is_told(folder, warnings_of):
    suppliers = "supplier,item,price_usd,lead_time_days\nacme,tent,5,1\nacme,blanket,5,1\n"
    assert warnings_of(folder(suppliers=suppliers)) == [
        "suppliers.csv row 2: supplier 'acme' has no lat and lon, and there is no lanes.csv: it can serve nobody"
    ]


def test_a_supplier_in_two_places_is_told(folder, errors_of):
    suppliers = "supplier,item,price_usd,lead_time_days,lat,lon\nacme,tent,5,1,1,2\nacme,blanket,5,1,1,3\n"
    assert errors_of(folder(suppliers=suppliers)) == [
        "suppliers.csv row 3, column lat: supplier 'acme' has different places in its rows; give each place its own id"
    ]


def test_a_need_that_no_given_lane_reaches_is_counted(given_folder, warnings_of):
    lanes = "hub,site,mode,item,outcome,hours,usd_per_kg\nA,X,road,tent,,10,1\nB,X,road,,wet,20,1\n"
    assert warnings_of(given_folder(lanes=lanes)) == [
        "lanes.csv: no lane leads to site 'X' for blanket: 2.5 units in 1 outcome cannot be met"
    ]


def test_only_a_lane_of_one_outcome_may_leave_its_hours_empty(given_folder, errors_of):
    lanes = "hub,site,mode,outcome,hours,usd_per_kg\nA,X,road,,,1\nB,X,road,,5,1\nB,X,road,dry,,\n"
    assert errors_of(given_folder(lanes=lanes)) == [
        (
            "lanes.csv row 2, column hours: is empty; write the hours "
            "(only a row for one outcome may do without: it closes the lane there)"
        )
    ]


def test_lanes_without_a_price_or_with_two_are_counted(given_folder, warnings_of):
    lanes = "hub,site,mode,hours,usd_per_unit,usd_per_kg\nA,X,road,1,,\nB,X,road,5,1,1\n"
    assert warnings_of(given_folder(lanes=lanes)) == [
        "lanes.csv: 1 of 2 lanes has no price; freight there counts as 0 USD",
        "lanes.csv: 1 lane has usd_per_unit and a price by kg or m3 as well; usd_per_unit is used",
    ]


def test_settings_without_effect_warn(folder, given_folder, warnings_of):
    assert warnings_of(folder(scenario='outcomes = "seasons"\n')) == [
        (
            "scenario.toml, key outcomes: 'seasons' without outcomes.csv and needs.csv: "
            "each disaster is taken as a season of its own"
        )
    ]
    assert warnings_of(given_folder(scenario="share_from_stock = 0.5\n")) == [
        "scenario.toml, key share_from_stock: has no effect, since needs.csv gives the needs"
    ]


def test_what_follows_from_a_cell_that_could_not_be_read_is_not_told_again(given_folder, errors_of):
    path = given_folder(
        lanes="hub,site,mode,hours,usd_per_kg\nA,X,road,soon,1\nB,X,road,5,1\n",
        outcomes="outcome,probability\nwet,1/4\ndry,0.75\n",
    )
    assert errors_of(path) == [
        (
            "lanes.csv row 2, column hours: 'soon' is not a number; leave the cell empty where the figure is unknown "
            "(closed, in a row for one outcome)"
        ),
        "outcomes.csv row 2, column probability: '1/4' is not a number; a figure is needed here",
    ]
