from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from prepos.evaluate import evaluate
from prepos.instance import Instance
from prepos.model import Model
from prepos.plan import Plan
from prepos.simulation import FIGURES
from prepos.simulation.record import COVERAGE, FIGURE_NAMES, balanced, figures
from tests.simulation.cases import item, lane, plan, story, two_hubs


def measure(instance: Instance, the_plan: Plan, *args: Any, **options: Any) -> dict[str, float]:
    world, setting, storms = story(instance, the_plan, *args, **options)
    return dict(zip(FIGURE_NAMES, figures(world.run(), setting, storms).tolist(), strict=True))


def test_items_are_balanced_by_weight_and_not_by_pieces() -> None:
    met, need = np.array([50.0, 1000.0, 0.0]), np.array([100.0, 1000.0, 0.0])
    assert balanced(met, need, np.array([1.0, 1.0, 1.0])) == pytest.approx(0.75)
    assert balanced(met, need, np.array([3.0, 1.0, 9.0])) == pytest.approx((3 * 0.5 + 1) / 4)


def test_coverage_is_measured_from_onset_and_grows_with_time() -> None:
    instance = two_hubs()
    flows = [
        ("x", "A", "X", "mat", "sea", 500.0),
        ("x", "A", "X", "tent", "air", 40.0),
        ("x", "B", "X", "tent", "air", 60.0),
    ]
    stock = {("A", "tent"): 40.0, ("A", "mat"): 500.0, ("B", "tent"): 60.0}
    found = measure(instance, plan(instance, stock, flows))
    assert found["coverage_72h"] == pytest.approx(0.5)
    assert found["coverage_7d"] == pytest.approx(0.5)
    assert found["coverage_14d"] == pytest.approx(1.0)
    assert found["fill_rate"] == pytest.approx(1.0)
    assert found["hours_to_50"] == 60.0
    assert found["hours_to_90"] == 200.0


def test_without_surprises_coverage_is_that_of_evaluate() -> None:
    instance = two_hubs(
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[
            {"outcome": "x", "site": "X", "item": "tent", "quantity": 100.0},
            {"outcome": "x", "site": "X", "item": "mat", "quantity": 500.0},
        ],
        items=[item("tent", weight=3.0), item("mat", unit_m3=0.1)],
    )
    flows = [
        ("x", "A", "X", "tent", "air", 40.0),
        ("x", "A", "X", "mat", "sea", 300.0),
        ("x", "B", "X", "tent", "air", 35.0),
    ]
    stock = {("A", "tent"): 40.0, ("A", "mat"): 300.0, ("B", "tent"): 35.0}
    the_plan = plan(instance, stock, flows, [("x", "X", "tent", 25.0), ("x", "X", "mat", 200.0)])
    judged = evaluate(instance, the_plan, Model())
    found = measure(instance, the_plan)
    assert {name: found[name] for name in COVERAGE} == pytest.approx(
        {name: judged.coverage[hours] for name, hours in COVERAGE.items()}
    )
    assert found["freight_usd"] == pytest.approx(judged.expected["freight_usd"])
    assert found["kgco2e"] == pytest.approx(judged.expected["kgco2e"])
    assert found["need_units"] - found["delivered_units"] == pytest.approx(judged.expected["unmet_units"])


def test_a_share_that_is_never_reached_counts_as_the_response_time() -> None:
    instance = two_hubs()
    found = measure(instance, plan(instance, {("B", "tent"): 60.0}), [(0.0, 1)], response_days=30.0)
    assert (found["hours_to_50"], found["never_50"]) == (60.0, 0.0)
    assert (found["hours_to_90"], found["never_90"]) == (720.0, 1.0)
    assert found["shortage"] == 1.0


def test_people_wait_until_their_share_arrives() -> None:
    instance = two_hubs()
    found = measure(instance, plan(instance, {("B", "tent"): 60.0}), [(0.0, 1)], response_days=30.0)
    people = 80 * 5  # 80 tents are needed, each for five people
    assert found["people_days"] == pytest.approx(people * (0.75 * 2.5 + 0.25 * 30))


def test_what_arrives_after_the_response_closed_counts_as_surplus() -> None:
    instance = two_hubs(lanes=[lane("B", "Y", "air", 60.0)])
    world, setting, storms = story(instance, plan(instance, {("B", "tent"): 80.0}), [(0.0, 1)], response_days=10.0)
    storms.lane_factor[:] = 5.0
    found = dict(zip(FIGURE_NAMES, figures(world.run(), setting, storms).tolist(), strict=True))
    assert found["fill_rate"] == 0.0
    assert found["surplus_units"] == 80.0


def test_two_sites_of_a_disaster_are_measured_each_against_its_own_need() -> None:
    instance = two_hubs(
        outcomes=[{"outcome": "x", "probability": 1.0}],
        needs=[{"outcome": "x", "site": s, "item": "tent", "quantity": q} for s, q in (("X", 10.0), ("Y", 30.0))],
    )
    world, setting, storms = story(instance, plan(instance, {("B", "tent"): 100.0}))
    log = world.run()
    log.arrive(0, 0, 70.0, 1, 0, np.array([50.0, 0.0]))  # too much for X does not count for Y
    found = dict(zip(FIGURE_NAMES, figures(log, setting, storms).tolist(), strict=True))
    assert found["fill_rate"] == pytest.approx(1.0)
    assert found["surplus_units"] == pytest.approx(50.0)


def test_every_figure_says_what_it_is() -> None:
    assert all(figure.unit and figure.meaning and figure.better in ("", "more", "less") for figure in FIGURES)
