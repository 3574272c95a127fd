import time
from dataclasses import replace

import numpy as np
import pytest

from prepos.errors import DataError
from prepos.network.lanes import COLUMNS, hub_lanes, lanes

LANE = {"hub": "H", "site": "S", "mode": "truck", "hours": 30}


def priced(make, *rows):
    return lanes(make(lanes=[{**LANE, **row} for row in rows]))


def figures(frame, column, **where):
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return frame[column].tolist()


def test_a_price_per_unit_comes_first(make):
    found = priced(make, {"usd_per_unit": 7, "usd_per_kg": 100, "kgco2e_per_unit": 3, "kgco2e_per_kg": 100})
    assert figures(found, "usd_per_unit") == [7, 7]
    assert figures(found, "kgco2e_per_unit") == [3, 3]


def test_else_the_larger_of_weight_and_volume_is_paid(make):
    found = priced(make, {"usd_per_kg": 2, "usd_per_m3": 50, "kgco2e_per_kg": 0.5})
    assert figures(found, "usd_per_unit", item="heavy") == [200]  # 100 kg x 2, more than 0.1 m3 x 50
    assert figures(found, "usd_per_unit", item="light") == [5]  # 0.1 m3 x 50, more than 1 kg x 2
    assert figures(found, "kgco2e_per_unit") == [50, 0.5]


def test_one_price_alone_is_paid_as_it_is(make):
    assert figures(priced(make, {"usd_per_kg": 2}), "usd_per_unit") == [200, 2]
    assert figures(priced(make, {"usd_per_m3": 50}), "usd_per_unit") == [5, 5]


def test_a_lane_without_prices_is_free_and_handling_is_never_added(make):
    found = priced(make, {})
    assert figures(found, "usd_per_unit") == [0, 0]
    assert figures(found, "kgco2e_per_unit") == [0, 0]


def test_a_row_with_an_item_beats_a_row_without(make):
    found = priced(make, {"usd_per_unit": 1}, {"item": "heavy", "usd_per_unit": 9, "hours": 99})
    assert figures(found, "usd_per_unit", item="heavy") == [9]
    assert figures(found, "usd_per_unit", item="light") == [1]


def test_a_row_with_an_item_beats_only_its_own_mode_and_outcome(make):
    found = priced(
        make,
        {"usd_per_unit": 1},
        {"outcome": "W", "usd_per_unit": 2},
        {"item": "heavy", "outcome": "W", "usd_per_unit": 3},
        {"item": "heavy", "mode": "boat", "usd_per_unit": 4},
    )
    assert figures(found, "usd_per_unit", item="heavy", mode="truck", outcome="") == [1]
    assert figures(found, "usd_per_unit", item="heavy", mode="truck", outcome="W") == [3]
    assert figures(found, "usd_per_unit", item="light", outcome="W") == [2]
    assert figures(found, "usd_per_unit", mode="boat") == [4]


def test_a_closure_stays_as_a_row_without_hours(make):
    found = priced(make, {}, {"outcome": "W", "hours": np.nan})
    assert np.isnan(figures(found, "hours", outcome="W")).all()
    assert figures(found, "hours", outcome="") == [30, 30]


def test_given_lanes_are_never_dropped_for_being_dominated(make):
    found = priced(make, {"usd_per_unit": 1}, {"mode": "boat", "hours": 300, "usd_per_unit": 10})
    assert len(found) == 4


def test_given_lanes_are_filtered_by_allowed_modes(make):
    scenario = make(lanes=[LANE, {**LANE, "mode": "boat"}, {**LANE, "mode": "boat+truck"}])
    assert set(lanes(scenario, ["boat"])["mode"]) == {"boat"}
    assert set(lanes(scenario, ["boat", "truck"])["mode"]) == {"truck", "boat", "boat+truck"}


def test_given_lanes_have_the_agreed_columns_capacity_and_basis(make):
    found = priced(make, {"capacity_m3": 40, "basis": "estimate"})
    assert tuple(found.columns) == COLUMNS
    assert figures(found, "capacity_m3") == [40, 40]
    assert set(found["basis"]) == {"given in lanes.csv, estimate"}


def test_an_unknown_item_is_refused_with_the_nearest_name(make):
    with pytest.raises(DataError, match=r"lanes.csv row 3, column item: 'haevy' is not in items.csv .*'heavy'"):
        priced(make, {}, {"item": "haevy"})


def test_moves_between_hubs_are_computed_beside_given_lanes(make, reference):
    hubs = [{"hub": "H", "iso3": "ALP", "lat": 0, "lon": 0}, {"hub": "G", "iso3": "BET", "lat": 0, "lon": 10}]
    assert len(hub_lanes(make(hubs=hubs, lanes=[LANE]), reference=reference))


def test_a_hundred_thousand_rows_are_priced_in_about_a_second(make):
    n = 100_000
    scenario = make(lanes=[LANE])
    many = scenario.lanes.take([0] * n).reset_index(drop=True).assign(site=[f"S{i}" for i in range(n)])
    scenario = replace(scenario, lanes=many)
    start = time.perf_counter()
    assert len(lanes(scenario)) == 2 * n
    assert time.perf_counter() - start < 3
