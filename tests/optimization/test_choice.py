"""Arcs that no plan needs are left out, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from prepos.instance import arcs, build_instance
from prepos.model import Model
from prepos.optimization.choice import worth_keeping
from tests.optimization.situations import ask, situation

WAYS = {
    ("A", "X", "air"): (24, 9),
    ("A", "X", "sea"): (700, 1),
    ("A", "X", "road"): (90, 4),
    ("A", "X", "sea+road"): (800, 2),
    ("B", "X", "air"): (30, 20),
}


def kept(model: Model, **capacity: float) -> set[str]:
    """Return the modes from A to X that the program of a model holds."""
    ways = {key: {"hours": hours, "usd_per_unit": usd, **capacity} for key, (hours, usd) in WAYS.items()}
    instance = build_instance(situation(hubs={"A": {}, "B": {}}, lanes=ways, needs={("w", "X", "tent"): 10}))
    every = arcs(instance)
    chosen = worth_keeping(instance, model, every.n, every.lane)
    from_a = instance.lanes.i[every.lane] == 0
    return {instance.modes[v] for v in instance.lanes.v[every.lane[chosen & from_a]]}


def test_cost_needs_the_cheapest_way_only() -> None:
    assert kept(ask("cost")) == {"sea"}


def test_time_needs_the_fastest_way_only() -> None:
    assert kept(ask("time")) == {"air"}


def test_two_objectives_need_every_way_that_is_best_in_some_mix() -> None:
    assert kept(ask(["cost", "time"])) == {"air", "road", "sea"}


def test_coverage_needs_the_cheapest_way_in_time_and_the_cheapest_of_all() -> None:
    assert kept(ask("coverage", objective={"target_hours": 100})) == {"road", "sea"}
    assert kept(ask("coverage", objective={"target_hours": 1})) == {"sea"}


@pytest.mark.parametrize("limit", [{"min_coverage": 0.5}, {"probability": 0.5}])
def test_a_service_level_needs_the_cheapest_way_in_its_time(limit: dict[str, float]) -> None:
    assert kept(ask("cost", service={"within_hours": 100, **limit})) == {"road", "sea"}


def test_a_capacity_on_the_lanes_keeps_every_way() -> None:
    assert kept(ask("cost"), capacity_m3=5) == {"air", "road", "sea", "sea+road"}


def test_every_source_keeps_a_way_of_its_own() -> None:
    instance = build_instance(situation(hubs={"A": {}, "B": {}}, lanes=WAYS, needs={("w", "X", "tent"): 10}))
    every = arcs(instance)
    chosen = worth_keeping(instance, ask("cost"), every.n, every.lane)
    assert np.unique(instance.lanes.i[every.lane[chosen]]).tolist() == [0, 1]
