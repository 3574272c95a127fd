"""Sites, outcomes, needs and their weight: given or worked out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from prepos.data.outcomes import disasters_per_year, needs, outcomes, recourse_weight, sites
from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario, Settings
from prepos.data.tables import SITES


@pytest.fixture
def scenario(folder):
    return read_scenario(folder())


@pytest.fixture
def given(given_folder):
    return read_scenario(given_folder())


def records(frame):
    return [tuple(row) for row in frame.itertuples(index=False)]


def test_given_outcomes_are_taken_as_they_stand(given):
    assert records(outcomes(given)) == [("wet", 0.25), ("dry", 0.75)]


def test_without_outcomes_every_disaster_is_one_and_all_are_as_likely(scenario):
    assert records(outcomes(scenario)) == [("pam", 0.5), ("malawi", 0.5)]


def test_given_needs_are_taken_as_they_stand_but_for_rows_of_nothing(given):
    assert records(needs(given)) == [("wet", "X", "tent", 10.0), ("dry", "X", "blanket", 2.5)]
    none = given.needs.assign(quantity=[0.0, 2.5])
    assert records(needs(replace(given, needs=none))) == [("dry", "X", "blanket", 2.5)]


def test_needs_follow_from_people_households_and_what_one_unit_serves(scenario):
    assert records(needs(scenario)) == [
        ("pam", "pam", "tent", 10_000 / 5),
        ("pam", "pam", "blanket", 10_000 / 2),
        ("malawi", "Blantyre", "tent", 5_000 / 5),
        ("malawi", "Blantyre", "blanket", 5_000 / 2),
    ]


def test_share_from_stock_and_household_size_scale_computed_needs(scenario):
    settings = Settings(household_size=4, share_from_stock=0.1)
    assert needs(replace(scenario, settings=settings))["quantity"].tolist() == [250, 500, 125, 250]


def test_share_from_stock_leaves_given_needs_alone(given):
    assert needs(replace(given, settings=Settings(share_from_stock=0.1)))["quantity"].tolist() == [10, 2.5]


def test_an_item_without_a_measure_has_no_need(scenario):
    items = scenario.items.assign(people_per_unit=float("nan"))
    assert set(needs(replace(scenario, items=items))["item"]) == {"tent"}


def test_disasters_outside_given_outcomes_have_no_need(scenario):
    only = pd.DataFrame({"outcome": ["pam"], "probability": [1.0]})
    assert set(needs(replace(scenario, outcomes=only))["outcome"]) == {"pam"}


def test_sites_are_those_of_the_table_then_one_for_each_disaster_without_a_site(scenario):
    found = sites(scenario)
    assert list(found.columns) == list(SITES.column_names)
    assert found["site"].tolist() == ["Blantyre", "Penama", "pam"]
    made = found.iloc[2]
    assert (made["name"], made["iso3"], made["region"]) == ("Cyclone Pam", "VUT", "VUT")
    assert (made["lat"], made["lon"]) == (-17.7, 168.3)
    assert found["region"].tolist()[:2] == ["Africa", "Pacific"]


def test_sites_that_only_needs_and_lanes_name_come_last_and_once(given):
    found = sites(given)
    assert found["site"].tolist() == ["X"]
    assert found["lat"].isna().all()
    assert found["iso3"].tolist() == [""]


def test_a_site_named_by_disasters_alone_takes_their_place(scenario):
    found = sites(replace(scenario, sites=scenario.sites.iloc[:0]))
    assert found["site"].tolist() == ["pam", "Blantyre"]
    assert found["iso3"].tolist() == ["VUT", "MWI"]


def test_an_empty_scenario_has_nothing_but_the_columns():
    empty = Scenario("empty")
    assert list(sites(empty).columns) == list(SITES.column_names)
    assert [len(frame) for frame in (sites(empty), outcomes(empty), needs(empty))] == [0, 0, 0]
    assert sites(empty)["lat"].dtype == "float64"


def test_types_do_not_depend_on_where_rows_come_from(scenario, given):
    kinds = sites(scenario).dtypes
    assert (sites(given).dtypes == kinds).all()
    assert (sites(Scenario("empty")).dtypes == kinds).all()


def test_the_weight_of_a_season_is_one(scenario):
    assert recourse_weight(replace(scenario, settings=Settings(outcomes="seasons", disasters_per_year=9))) == 1


def test_the_weight_of_a_disaster_is_its_yearly_number_scaled_to_the_period(scenario):
    assert recourse_weight(replace(scenario, settings=Settings(disasters_per_year=10, period_days=73))) == 2


def test_the_yearly_number_is_counted_from_dates_over_calendar_years(scenario):
    assert disasters_per_year(scenario) == 2
    dates = scenario.disasters.assign(date=["2013-12-31", "2016-01-01"])
    assert disasters_per_year(replace(scenario, disasters=dates)) == 0.5
    undated = scenario.disasters.assign(date="")
    assert disasters_per_year(replace(scenario, disasters=undated)) == 1
    assert disasters_per_year(Scenario("empty")) == 1
