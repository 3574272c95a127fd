"""From people to items, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prepos.data.need_rules import climate_of, person_need, rule_set
from prepos.data.outcome_sets.tables import declared_table
from prepos.data.outcomes import needs
from prepos.data.read import read_scenario
from prepos.data.scenario import Settings
from prepos.data.settings import RULE_SETS

RULES = """\
item,hazard,climate,month_from,month_to,units_per_household,people_per_unit,share_in_need,existing_coverage,low,high
"""


@pytest.fixture
def with_rules(folder, good):
    disasters = good["disasters.csv"].replace("disaster,date", "disaster,hazard,date")
    disasters = disasters.replace("pam,", "pam,TC,").replace("malawi,", "malawi,FL,")

    def read(*rows: str, **files):
        return read_scenario(folder(**{"disasters": disasters, "need_rules": RULES + "\n".join(rows) + "\n", **files}))

    return read


def quantity(scenario, disaster, item):
    table = needs(scenario).set_index(["outcome", "item"])["quantity"]
    return table.get((disaster, item), 0.0)


def test_without_rules_needs_are_those_of_items_csv(folder):
    scenario = read_scenario(folder())
    found = person_need(scenario, np.array(["TC"], object), np.array(["warm"], object), np.array([3]))
    assert found.units[0].tolist() == [1 / 5, 1 / 2]
    assert found.low.tolist() == found.high.tolist() == [[1.0, 1.0]]


def test_share_and_coverage_scale_the_need_of_items_csv(with_rules):
    scenario = with_rules("tent,,,,,,,0.5,0.2,,")
    assert quantity(scenario, "pam", "tent") == pytest.approx(10_000 / 5 * 0.5 * 0.8)
    assert quantity(scenario, "pam", "blanket") == 10_000 / 2


def test_units_for_a_household_or_people_for_a_unit_replace_those_of_items_csv(with_rules):
    scenario = with_rules("tent,,,,,2,,,,,", "blanket,,,,,,4,,,,")
    assert quantity(scenario, "pam", "tent") == 10_000 / 5 * 2
    assert quantity(scenario, "pam", "blanket") == 10_000 / 4


def test_the_most_specific_rule_decides_whatever_its_place(with_rules):
    rows = ["tent,TC,,,,3,,,,,", "tent,,,,,2,,,,,", "tent,TC,,3,3,4,,,,,", ",TC,,3,3,9,,,,,"]
    for order in (rows, rows[::-1]):
        scenario = with_rules(*order)
        assert quantity(scenario, "pam", "tent") == 10_000 / 5 * 4
        assert quantity(scenario, "malawi", "tent") == 5_000 / 5 * 2
        assert quantity(scenario, "pam", "blanket") == 10_000 / 5 * 9


def test_each_figure_comes_from_the_most_specific_rule_that_gives_it(with_rules):
    scenario = with_rules("blanket,,,,,,1,,,,", ",TC,,,,,,,0.25,,")
    assert quantity(scenario, "pam", "blanket") == pytest.approx(10_000 * 0.75)
    assert quantity(scenario, "malawi", "blanket") == 5_000


@pytest.mark.parametrize(("months", "applies"), [("3,3", True), ("11,3", True), ("11,2", False), ("4,10", False)])
def test_months_run_over_the_turn_of_the_year(with_rules, months, applies):
    scenario = with_rules(f"tent,,,{months},2,,,,,")
    assert quantity(scenario, "pam", "tent") == 10_000 / 5 * (2 if applies else 1)


def test_fewer_months_are_more_specific(with_rules):
    scenario = with_rules("tent,,,1,6,2,,,,,", "tent,,,3,4,3,,,,,")
    assert quantity(scenario, "pam", "tent") == 10_000 / 5 * 3


@pytest.mark.parametrize(
    ("lat", "month", "climate"),
    [
        (-17.7, 7, "warm"),
        (27.7, 1, "temperate"),
        (27.7, 7, "warm"),
        (36.0, 1, "cold"),
        (36.0, 7, "temperate"),
        (-40.0, 7, "cold"),
        (-40.0, 1, "temperate"),
        (60.0, 4, "cold"),
        (36.0, 4, "temperate"),
        (36.0, 0, "temperate"),
        (float("nan"), 1, "warm"),
    ],
)
def test_climate_follows_latitude_and_month(lat, month, climate):
    assert climate_of(np.array([lat]), np.array([month])).tolist() == [climate]


def test_the_climate_of_a_site_wins_over_its_latitude(with_rules):
    sites = "site,iso3,region,lat,lon,climate\nBlantyre,MWI,Africa,-15.8,35,cold\nPenama,VUT,Pacific,-15.3,167.9,\n"
    scenario = with_rules("blanket,,cold,,,,1,,,,", sites=sites)
    assert quantity(scenario, "malawi", "blanket") == 5_000
    assert quantity(scenario, "pam", "blanket") == 10_000 / 2


def test_low_and_high_are_the_5_and_95_percent_points_of_the_need(with_rules):
    scenario = with_rules("tent,,,,,,,,,0.5,3")
    case = (np.array(["TC"], object), np.array(["warm"], object), np.array([3]))
    found = person_need(scenario, *case).at(np.zeros(3, np.int64))
    at = found.scaled(np.array([-1.6448536, 0.0, 1.6448536]))[:, 0] / found.units[:, 0]
    assert at == pytest.approx([0.5, 1.0, 3.0])


def test_a_named_set_is_used_for_the_items_it_knows(folder):
    scenario = replace(read_scenario(folder()), settings=Settings(need_rules="sphere"))
    assert quantity(scenario, "pam", "blanket") == 10_000
    assert quantity(scenario, "pam", "tent") == pytest.approx(10_000 / 5 * 0.1)


def test_own_rows_go_before_a_named_set_figure_by_figure(with_rules):
    scenario = with_rules(",,,,,,,0.5,,,")
    scenario = replace(scenario, settings=Settings(need_rules="sphere"))
    assert quantity(scenario, "pam", "blanket") == 10_000 * 0.5
    assert quantity(scenario, "pam", "tent") == pytest.approx(10_000 / 5 * 0.5)


def test_cold_calls_for_more_blankets_by_sphere(folder):
    scenario = replace(read_scenario(folder()), settings=Settings(need_rules="sphere"))
    climates = np.array(["warm", "temperate", "cold"], dtype=object)
    units = person_need(scenario, np.array(["EQ"] * 3, object), climates, np.array([1, 1, 1])).units
    assert units[:, 1] == pytest.approx([1, 1.5, 2.5], rel=0.001)


@pytest.mark.parametrize("name", RULE_SETS)
def test_every_bundled_rule_has_a_basis_a_source_and_a_range_around_1(name):
    rules = rule_set(name)
    assert len(rules) >= 10
    assert (rules["basis"] != "").all()
    assert (rules["source"] != "").all()
    assert (rules["low"].fillna(1) <= 1).all()
    assert (rules["high"].fillna(1) >= 1).all()
    assert not rules.duplicated(["item", "hazard", "climate", "month_from", "month_to"]).any()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("tent,,,3,,2,,,,,", "need_rules.csv row 2, column month_to: is empty, but month_from is given"),
        ("tent,,,1.5,3,2,,,,,", "need_rules.csv row 2, column month_from: 1.5 is not a month"),
        ("tent,,,0,3,2,,,,,", "need_rules.csv row 2, column month_from"),
        ("tnet,,,,,2,,,,,", "need_rules.csv row 2, column item: 'tnet' is not in items.csv (did you mean 'tent'?)"),
        ("tent,,chilly,,,2,,,,,", "need_rules.csv row 2, column climate"),
        ("tent,,,,,,,,,1.5,", "need_rules.csv row 2, column low"),
        ("tent,,,,,2,,,,,\ntent,,,,,3,,,,,", "need_rules.csv row 3, column item: item 'tent' is already in row 2"),
        (",,,,,,,0.5,,,\n,,,,,,,0.6,,,", "a row without any condition is already in row 2"),
        ("tent,,,1,2,2,,,,,\ntent,,,1,2,3,,,,,", "item 'tent', month_from 1, month_to 2 is already in row 2"),
    ],
)
def test_rules_that_cannot_be_used_are_told(folder, errors_of, row, message):
    found = errors_of(folder(need_rules=RULES + row + "\n"))
    assert any(message in text for text in found), found


def test_rules_without_effect_warn(with_rules):
    warnings = [str(w) for w in with_rules("tent,EQ,,,,2,4,,,,").warnings]
    assert any("no disaster has hazard 'EQ'" in text for text in warnings)
    assert any("people_per_unit: is not used" in text for text in warnings)


def test_an_unknown_rule_set_is_refused(folder, errors_of):
    (text,) = errors_of(folder(scenario='title = "x"\nneed_rules = "spere"\n'))
    assert "'spere' is not one of sphere, cluster (did you mean 'sphere'?)" in text


def test_a_rule_gives_need_to_an_item_that_says_nothing_itself(with_rules, good):
    items = good["items.csv"].replace("blanket,1.5,0.0125,5,,2", "blanket,1.5,0.0125,5,,")
    scenario = with_rules("blanket,,,,,,2,,,,", items=items)
    assert quantity(scenario, "pam", "blanket") == 10_000 / 2
    assert not any("no need is computed" in str(w) for w in scenario.warnings)


def test_declared_tables_have_the_types_of_read_ones(with_rules):
    made = declared_table("need_rules", item=["tent"], units_per_household=[2.0])
    pd.testing.assert_series_equal(made.dtypes, with_rules("tent,,,,,2,,,,,").need_rules.dtypes)
