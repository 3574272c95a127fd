"""A scenario as arrays: positions, defaults and prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from prepos.data.scenario import Scenario
from prepos.errors import DataError
from prepos.instance import Instance, arcs, build_instance, move_usd
from prepos.model import parse_model
from tests.optimization.situations import ask, situation, table

LANES = {("A", "X"): (10, 1), ("B", "X"): (20, 2)}


def built(**tables: Any) -> Instance:
    given = {"hubs": {"A": {}, "B": {}}, "lanes": LANES, "needs": {("w", "X", "tent"): 10}, **tables}
    return build_instance(situation(**given))


def test_unknown_hubs_items_and_modes_of_a_model_are_named_with_the_nearest() -> None:
    scenario = situation(hubs={"Nairobi": {}}, lanes={("Nairobi", "X", "sea+truck"): (1, 1)}, needs={})
    asked: dict[str, Any] = {
        "hubs": {"force_open": ["Nairobbi"], "force_closed": ["Manila"]},
        "shortage": {"usd_per_unit": {"tant": 5}},
        "modes": {"allow": ["air", "see", "truck", "sea+truck"]},
    }
    with pytest.raises(DataError) as caught:
        build_instance(scenario, parse_model({"name": "mine", **asked}))
    assert str(caught.value).splitlines() == [
        "mine: 4 problems",
        "  - mine.toml, key hubs.force_open: 'Nairobbi' is not in hubs.csv (did you mean 'Nairobi'?)",
        "  - mine.toml, key hubs.force_closed: 'Manila' is not in hubs.csv",
        "  - mine.toml, key shortage.usd_per_unit: 'tant' is not in items.csv (did you mean 'tent'?)",
        "  - mine.toml, key modes.allow: 'see' is not a mode of the scenario (did you mean 'sea'?)",
    ]


def test_a_mode_that_is_not_allowed_offers_no_lane() -> None:
    lanes = {("A", "X", "air"): (1, 9), ("A", "X", "sea+road"): (9, 1), ("A", "X", "road"): (5, 5)}
    scenario = situation(hubs={"A": {}}, lanes=lanes, needs={("w", "X", "tent"): 1})
    instance = build_instance(scenario, ask(modes={"allow": ["sea", "road"]}))
    assert instance.modes == ("road", "sea+road")


def test_yearly_and_monthly_costs_are_those_of_the_period() -> None:
    # A quarter of a year is 3 months: 400 a year -> 100; 2 USD/m3/month x 3 months x 0.5 m3 = 3 a tent.
    instance = built(
        hubs={"A": {"fixed_usd_year": 400, "storage_usd_m3_month": 2}, "B": {}},
        items={"tent": {"unit_m3": 0.5}},
        tiers={("B", "small"): (5, 40)},
        period_days=365 / 4,
        disasters_per_year=8.0,
    )
    assert instance.base[0].fixed_usd == pytest.approx(100)
    assert instance.holding_usd.tolist() == [[pytest.approx(3)], [0]]
    assert [(tier.hub, tier.name, tier.fixed_usd) for tier in instance.tiers] == [
        (0, "base", pytest.approx(100)),
        (1, "small", pytest.approx(10)),
    ]
    assert instance.recourse_weight == pytest.approx(2)


def test_what_is_not_given_has_a_default_that_binds_nothing() -> None:
    instance = built()
    assert instance.base[0].capacity_m3 == np.inf
    assert instance.outbound_m3.tolist() == [np.inf, np.inf]
    assert instance.availability.tolist() == [[1.0, 1.0]]
    assert instance.lot.tolist() == instance.weight.tolist() == [1.0]
    assert instance.status == ("open", "open")


def test_batches_of_an_item_at_a_hub_add_up() -> None:
    scenario = situation(hubs={"A": {}}, lanes={("A", "X"): (1, 1)}, needs={("w", "X", "tent"): 1})
    rows = [{"hub": "A", "item": "tent", "quantity": units, "batch": str(units)} for units in (3, 4)]
    assert build_instance(replace(scenario, stock=table("stock", rows))).stock.tolist() == [[7.0]]


def shortage(model: dict[str, Any], **cells: float) -> float:
    scenario = situation(
        hubs={"A": {}},
        items={"tent": {"shortage_usd": np.nan, "price_usd": np.nan, **cells}},
        lanes={("A", "X"): (10, 7), ("A", "Y"): (10, 4)},
        needs={("w", "X", "tent"): 1},
    )
    return float(build_instance(scenario, parse_model(model)).shortage_usd[0])


def test_a_shortage_costs_what_is_given_or_follows_from_price_freight_or_waiting() -> None:
    assert shortage({}, shortage_usd=3.0, price_usd=100.0) == 3
    assert shortage({}, price_usd=100.0) == 500
    assert shortage({}) == 70  # ten times the dearest freight
    assert shortage({}, price_usd=1.0, deprivation_usd_day=2.0) == 60  # 30 days of waiting


def test_a_model_sets_the_price_of_a_shortage() -> None:
    assert shortage({"shortage": {"usd_per_unit": 9}}, shortage_usd=3.0) == 9
    assert shortage({"shortage": {"usd_per_unit": {"tent": 8}}}, shortage_usd=3.0) == 8
    assert shortage({"shortage": {"usd_per_unit": {}}}, shortage_usd=3.0) == 3


def test_a_supplier_on_a_given_lane_keeps_its_hours_and_adds_its_price() -> None:
    instance = built(
        lanes={("A", "X"): (10, 1), ("factory", "X"): (100, 3)},
        suppliers={("factory", "tent"): {"price_usd": 20, "lead_time_days": 5, "limit": 7}},
    )
    lane = int(np.flatnonzero(instance.lanes.i == 2)[0])
    assert instance.sources == ("A", "B", "factory")
    assert (instance.lanes.hours[lane], instance.lanes.usd[lane]) == (100, 23)
    assert instance.supplier_limit.tolist() == [[7]]


def test_a_supplier_on_a_computed_lane_waits_its_lead_time_first() -> None:
    place = {"lat": 0.0, "lon": 30.0}
    lead = {days: computed(place, {"price_usd": 20, "lead_time_days": days, **place}) for days in (0.0, 5.0)}
    hours = {days: instance.lanes.hours[instance.lanes.i == 1] for days, instance in lead.items()}
    assert len(hours[0.0])
    assert (hours[5.0] - hours[0.0]).tolist() == [pytest.approx(120)] * len(hours[0.0])


def computed(place: dict[str, float], supplier: dict[str, float]) -> Instance:
    """Return a scenario in Uganda whose lanes are computed, with a supplier beside the hub."""
    scenario = situation(
        hubs={"A": {"iso3": "UGA", **place}},
        lanes={},
        needs={("w", "X", "tent"): 1},
        suppliers={("factory", "tent"): supplier},
    )
    sites = table("sites", [{"site": "X", "iso3": "UGA", "lat": 1.0, "lon": 32.0}])
    return build_instance(replace(scenario, sites=sites))


def test_a_lane_of_one_outcome_stands_beside_the_general_ones() -> None:
    lanes = {("A", "X"): (10, 1), ("A", "X", "road", "v"): (30, 5), ("B", "X", "road", "v"): {}}
    instance = built(lanes=lanes, needs={("w", "X", "tent"): 10, ("v", "X", "tent"): 10})
    every = arcs(instance)
    found = {
        (instance.outcomes[instance.needs.w[n]], instance.lanes.hours[lane])
        for n, lane in zip(every.n, every.lane, strict=True)
    }
    assert found == {("w", 10.0), ("v", 30.0)}


def test_a_lane_for_one_item_replaces_the_lane_for_every_item() -> None:
    scenario = situation(
        hubs={"A": {}},
        items={"tent": {}, "kit": {}},
        lanes={},
        needs={("w", "X", "tent"): 1, ("w", "X", "kit"): 1},
    )
    rows = [
        {"hub": "A", "site": "X", "mode": "road", "hours": 10, "usd_per_unit": 1},
        {"hub": "A", "site": "X", "mode": "road", "item": "kit", "hours": 10, "usd_per_unit": 4},
    ]
    instance = build_instance(replace(scenario, lanes=table("lanes", rows)))
    assert dict(zip(instance.lanes.k.tolist(), instance.lanes.usd.tolist(), strict=True)) == {0: 1, 1: 4}


def test_forward_stock_is_that_of_hubs_which_serve_some_countries_only() -> None:
    assert built(hubs={"A": {}, "B": {"serves": "FJI;VUT"}}).forward.tolist() == [False, True]


def test_moves_need_a_lane_between_the_hubs() -> None:
    places = {"A": {"iso3": "UGA", "lat": 0.3, "lon": 32.6}, "B": {"iso3": "KEN", "lat": -1.3, "lon": 36.8}, "C": {}}
    cost = move_usd(built(hubs=places))[:, :, 0]
    assert cost[0, 1] > 0
    assert np.isnan(cost[[0, 1, 2], [2, 2, 0]]).all()


def test_positions_point_into_the_tables() -> None:
    position = built().position
    assert position["hub"] == {"A": 0, "B": 1}
    assert position["item"] == {"tent": 0}


def test_an_empty_scenario_is_an_instance_all_the_same() -> None:
    scenario: Scenario = situation(hubs={"A": {}}, lanes=LANES, needs={})
    instance = build_instance(scenario)
    assert (len(instance.outcomes), len(instance.needs.w), len(arcs(instance).n)) == (0, 0, 0)
