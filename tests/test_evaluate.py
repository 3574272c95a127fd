"""The figures of a plan, worked out by hand from its tables alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prepos.errors import DataError
from prepos.evaluate import balanced_share, cvar, evaluate, is_on_time, recourse_usd, usable_stock
from prepos.instance import Instance, build_instance
from prepos.model import Model
from prepos.plan import PLAN_TABLES, Plan
from tests.optimization.situations import ask, situation


def instance() -> Instance:
    """Return hubs A and B, sites X (north) and Y (south), tents (weight 1) and kits (weight 3).

    Outcome w1 (0.75): 10 tents at X. Outcome w2 (0.25): 20 tents and 4 kits at Y. Two disasters in the period.
    """
    return build_instance(
        situation(
            hubs={"A": {"fixed_usd_year": 100, "storage_usd_m3_month": 1}, "B": {"fixed_usd_year": 60}},
            tiers={("B", "small"): (50, 30)},
            items={
                "tent": {"price_usd": 5, "shortage_usd": 40, "deprivation_usd_day": 24, "leftover_usd": 0.5},
                "kit": {"price_usd": 7, "shortage_usd": 90, "weight": 3},
            },
            stock={("A", "tent"): 4},
            lanes={
                ("A", "X", "air"): {"hours": 24, "usd_per_unit": 3, "kgco2e_per_unit": 2},
                ("A", "Y", "air"): {"hours": 72, "usd_per_unit": 6, "kgco2e_per_unit": 4},
                ("A", "Y", "sea"): {"hours": 400, "usd_per_unit": 1, "kgco2e_per_unit": 0.5},
                ("B", "Y", "road"): {"hours": 200, "usd_per_unit": 2, "kgco2e_per_unit": 1},
            },
            needs={("w1", "X", "tent"): 10, ("w2", "Y", "tent"): 20, ("w2", "Y", "kit"): 4},
            outcomes={"w1": 0.75, "w2": 0.25},
            availability={("w2", "A"): 0.5},
            regions={"X": "north", "Y": "south"},
            disasters_per_year=2.0,
        )
    )


def plan(**tables: Sequence[tuple[Any, ...]]) -> Plan:
    """Return a plan from rows of its tables."""
    frames = {}
    for name, columns in PLAN_TABLES.items():
        frame = pd.DataFrame(tables.get(name, ()), columns=list(columns))
        frames[name] = frame.astype({"open": bool} if name == "hubs" else {"quantity": float})
    return Plan("optimal", "by hand", 0.0, 0.0, 0.0, {}, **frames)


def carried_out() -> Plan:
    """Return 12 tents at A (8 bought) and 4 kits at B: w1 is met, of w2 6 tents by air and 2 kits by road."""
    return plan(
        hubs=[("A", True, "base"), ("B", True, "small")],
        stock=[("A", "tent", 12), ("B", "kit", 4)],
        purchases=[("A", "tent", 8), ("B", "kit", 4)],
        flows=[
            ("w1", "A", "X", "tent", "air", 10),
            ("w2", "A", "Y", "tent", "air", 6),
            ("w2", "B", "Y", "kit", "road", 2),
        ],
        unmet=[("w2", "Y", "tent", 14), ("w2", "Y", "kit", 2)],
    )


def test_expected_figures_are_per_outcome_and_spending_that_of_the_period() -> None:
    found = evaluate(instance(), carried_out(), ask("social"))
    assert found.expected == {
        "need_units": pytest.approx(0.75 * 10 + 0.25 * 24),
        "unmet_units": pytest.approx(0.25 * 16),
        "unit_hours": pytest.approx(0.75 * 240 + 0.25 * (6 * 72 + 2 * 200)),
        "freight_usd": pytest.approx(0.75 * 30 + 0.25 * (36 + 4)),
        "kgco2e": pytest.approx(0.75 * 20 + 0.25 * (24 + 2)),
        "deprivation_usd": pytest.approx(0.75 * 240 + 0.25 * 6 * 72),
        "shortage_usd": pytest.approx(0.25 * (14 * 40 + 2 * 90)),
        "leftover_usd": pytest.approx(0.75 * 0.5 * (12 - 10) + 0.25 * 0.5 * (6 - 6)),
        "opening_usd": 130,
        "purchase_usd": 8 * 5 + 4 * 7,
        "moves_usd": 0,
        "holding_usd": pytest.approx(12 * 12),
    }
    assert found.violation == 0


def test_objectives_weigh_the_outcomes_of_the_period() -> None:
    # Two disasters in the period. w1 costs 30 + 1 (left over), w2 40 + 740; waiting 240 and 432.
    spent = 130 + 68 + 144
    found = evaluate(instance(), carried_out(), ask("cost")).objectives
    assert found["cost"] == pytest.approx(spent + 2 * (0.75 * 31 + 0.25 * 780))
    assert found["social"] == pytest.approx(found["cost"] + 2 * (0.75 * 240 + 0.25 * 432))
    assert found["unmet"] == pytest.approx(2 * 0.25 * 16)
    assert found["time"] == pytest.approx(2 * (0.75 * 240 + 0.25 * 832))


@pytest.mark.parametrize(
    ("risk", "of_recourse"),
    [
        ({"measure": "cvar", "alpha": 0.5, "weight": 0.4}, 0.6 * 218.25 + 0.4 * (0.25 * 780 + 0.25 * 31) / 0.5),
        ({"measure": "worst_case"}, 780),
    ],
)
def test_risk_weighs_the_recourse_and_not_the_spending(risk: Any, of_recourse: float) -> None:
    found = evaluate(instance(), carried_out(), ask("cost", risk=risk))
    assert found.objectives["cost"] == pytest.approx(130 + 68 + 144 + 2 * of_recourse)


def test_the_worst_case_may_be_a_gain() -> None:
    gain = replace(instance(), leftover_usd=np.array([-100.0, 0.0]))
    idle = plan(
        hubs=[("A", True, "base")],
        stock=[("A", "tent", 20)],
        flows=[("w1", "A", "X", "tent", "air", 10)],
        unmet=[("w2", "Y", "tent", 20), ("w2", "Y", "kit", 4)],
    )
    # w1: 30 - 10 x 100. w2: 20 x 40 + 4 x 90 - 10 x 100 = 160.
    assert evaluate(gain, idle, ask(risk={"measure": "worst_case"})).objectives["cost"] == pytest.approx(
        100 + 240 + 320
    )
    never = replace(gain, probability=np.array([1.0, 0.0]))
    found = evaluate(never, idle, ask(risk={"measure": "worst_case"}))
    assert found.objectives["cost"] == pytest.approx(100 + 240 + 2 * (30 - 1000))


def test_regret_is_not_known_from_a_plan_alone() -> None:
    found = evaluate(instance(), carried_out(), ask(risk={"measure": "regret"}))
    assert np.isnan(found.objectives["cost"])


def test_coverage_balances_the_items_by_weight() -> None:
    # Expected need: tents 7.5 + 5, kits 1. In 24 h: 7.5 tents. In 72 h: 9 tents. In 336 h: 9 tents and half the kits.
    found = evaluate(instance(), carried_out(), ask())
    assert found.items[24.0].tolist() == pytest.approx([7.5 / 12.5, 0])
    assert found.items[336.0].tolist() == pytest.approx([9 / 12.5, 0.5])
    assert found.coverage[24.0] == pytest.approx((0.6 * 1 + 0 * 3) / 4)
    assert found.coverage[72.0] == pytest.approx((0.72 * 1 + 0 * 3) / 4)
    assert found.coverage[336.0] == pytest.approx((0.72 * 1 + 0.5 * 3) / 4)
    assert found.objectives["coverage"] == -found.coverage[72.0]


def test_coverage_of_a_region_balances_the_items_that_it_needs() -> None:
    found = evaluate(instance(), carried_out(), ask())
    regions = found.regions.set_index("region")
    assert regions.loc["north", 24.0] == pytest.approx(1)
    assert regions.loc["south", 72.0] == pytest.approx((0.3 * 1 + 0 * 3) / 4)
    assert regions.loc["south", 336.0] == pytest.approx((0.3 * 1 + 0.5 * 3) / 4)
    assert regions["need_units"].tolist() == pytest.approx([7.5, 6])
    assert regions["unmet_units"].tolist() == pytest.approx([0, 4])


def test_the_times_of_the_model_stand_beside_the_usual_ones() -> None:
    model = ask("coverage", objective={"target_hours": 71.9}, service={"within_hours": 200})
    found = evaluate(instance(), carried_out(), model)
    assert found.items[71.9].tolist() == pytest.approx([0.6, 0])
    assert found.items[200.0].tolist() == pytest.approx([0.72, 0.5])
    assert set(found.coverage) == {24.0, 72.0, 168.0, 336.0, 720.0}


def test_what_arrives_at_the_limit_is_in_time() -> None:
    assert is_on_time(np.array([71.99, 72.0, 72.01]), 72.0).tolist() == [True, True, False]


def test_a_share_of_nothing_is_whole() -> None:
    items = pd.DataFrame({"need_units": [0.0, 0.0], 72.0: [1.0, 1.0]})
    assert balanced_share(instance(), items, 72.0) == 1
    weightless = replace(instance(), weight=np.zeros(2))
    assert evaluate(weightless, carried_out(), ask()).coverage[24.0] == 1


def test_hours_are_those_of_the_delivered_units() -> None:
    # Expected units: 7.5 at 24 h, 1.5 at 72 h, 0.5 at 200 h; nine tenths of 9.5 have come after 72 h.
    found = evaluate(instance(), carried_out(), ask())
    assert found.mean_hours == pytest.approx((7.5 * 24 + 1.5 * 72 + 0.5 * 200) / 9.5)
    assert found.p90_hours == 72
    nothing = plan(unmet=[("w1", "X", "tent", 10), ("w2", "Y", "tent", 20), ("w2", "Y", "kit", 4)])
    assert np.isnan(evaluate(instance(), nothing, ask()).mean_hours)


def test_a_shortage_is_any_unit_unmet() -> None:
    assert evaluate(instance(), carried_out(), ask()).shortage_probability == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [(0.0, 0.5 * 10 + 0.3 * 20 + 0.2 * 100), (0.8, 100), (0.9, 100), (0.5, (0.2 * 100 + 0.3 * 20) / 0.5), (0.6, 60)],
)
def test_cvar_is_the_mean_of_the_worst_outcomes(alpha: float, expected: float) -> None:
    # alpha 0.6: 0.2 of 100 and 0.2 of 20, over 0.4.
    values, probability = np.array([10.0, 100.0, 20.0]), np.array([0.5, 0.2, 0.3])
    assert cvar(values, probability, alpha) == pytest.approx(expected)


def test_cvar_of_nothing_is_nothing() -> None:
    assert cvar(np.empty(0), np.empty(0), 0.9) == 0


def test_the_tail_counts_waiting_where_the_model_does() -> None:
    found = evaluate(instance(), carried_out(), ask("social"))
    assert recourse_usd(found.outcomes, ask("cost")).tolist() == pytest.approx([31, 780])
    assert recourse_usd(found.outcomes, ask("social")).tolist() == pytest.approx([271, 1212])


def test_figures_go_into_json_as_they_are() -> None:
    found = evaluate(instance(), carried_out(), ask()).as_dict()
    assert json.loads(json.dumps(found)) == found
    assert set(found["items"][0]["coverage"]) == {"24", "72", "168", "336", "720"}
    assert evaluate(instance(), plan(), ask()).as_dict()["mean_hours"] is None


def test_stock_in_a_hub_that_does_not_run_is_of_no_use() -> None:
    closed = replace(
        carried_out(), hubs=pd.DataFrame([("A", False, ""), ("B", True, "small")], columns=["hub", "open", "tier"])
    )
    assert usable_stock(instance(), closed).tolist() == [[0, 0], [0, 4]]
    assert evaluate(instance(), closed, ask()).violation == pytest.approx(10)


def test_overdrawn_stock_is_a_violation() -> None:
    # 7 tents in w2, of which half of 12 survive: 1 too many.
    greedy = replace(
        carried_out(),
        flows=carried_out().flows.replace({"quantity": {6.0: 7.0}}),
        unmet=carried_out().unmet.replace({"quantity": {14.0: 13.0}}),
    )
    assert evaluate(instance(), greedy, ask()).violation == pytest.approx(1)


@pytest.mark.parametrize(("unmet", "violation"), [(13.0, 1.0), (17.0, 3.0)])
def test_a_need_that_does_not_add_up_is_a_violation(unmet: float, violation: float) -> None:
    odd = replace(carried_out(), unmet=carried_out().unmet.replace({"quantity": {14.0: unmet}}))
    assert evaluate(instance(), odd, ask()).violation == pytest.approx(violation)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"hubs": [("C", True, "base")]}, "hubs, column hub: 'C' is not in the scenario"),
        ({"hubs": [("A", True, "huge")]}, "hubs, column tier: 'A' has no tier 'huge'"),
        ({"stock": [("C", "tent", 1)]}, "stock, column hub: 'C' is not in the scenario"),
        ({"stock": [("A", "rope", 1)]}, "stock, column item: 'rope' is not in the scenario"),
        ({"stock": [("factory", "tent", 1)]}, "stock, column hub: 'factory' is not in the scenario"),
        ({"purchases": [("A", "rope", 1)]}, "purchases, column item: 'rope' is not in the scenario"),
        ({"moves": [("A", "C", "tent", 1)]}, "moves, column to_hub: 'C' is not in the scenario"),
        ({"moves": [("A", "B", "tent", 1)]}, "moves: no lane leads from 'A' to 'B'"),
        ({"flows": [("w9", "A", "X", "tent", "air", 1)]}, "flows, column outcome: 'w9' is not in the scenario"),
        ({"flows": [("w1", "A", "Z", "tent", "air", 1)]}, "flows, column site: 'Z' is not in the scenario"),
        ({"flows": [("w1", "A", "X", "tent", "rail", 1)]}, "flows, column mode: 'rail' is not in the scenario"),
        (
            {"flows": [("w1", "B", "X", "tent", "air", 1)]},
            "1 flows use a lane or meet a need that does not exist, first B -> X",
        ),
        (
            {"flows": [("w1", "A", "Y", "tent", "air", 1)]},
            "1 flows use a lane or meet a need that does not exist, first A -> Y",
        ),
        ({"unmet": [("w1", "Y", "tent", 1)]}, "unmet: nobody needs 'tent' at 'Y' in w1"),
        ({"unmet": [("w2", "Z", "tent", 1)]}, "unmet, column site: 'Z' is not in the scenario"),
    ],
)
def test_a_plan_that_speaks_of_what_is_not_there_is_refused(tables: Any, expected: str) -> None:
    with pytest.raises(DataError) as caught:
        evaluate(with_supplier(), plan(**tables), ask(stock={"moves": "costed"}))
    assert expected in str(caught.value)


def with_supplier() -> Instance:
    found = instance()
    return replace(found, suppliers=("factory",), supplier_limit=np.ones((1, 2)), supplier_usd=np.ones((1, 2)))


def test_a_costed_move_costs_what_its_lane_does(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("prepos.evaluate")
    monkeypatch.setattr(module, "move_usd", lambda instance: np.full((2, 2, 2), 2.5))
    moved = replace(carried_out(), moves=pd.DataFrame([("A", "B", "tent", 4.0)], columns=list(PLAN_TABLES["moves"])))
    for moves, usd in (("costed", 10.0), ("free", 0.0)):
        assert evaluate(instance(), moved, ask(stock={"moves": moves})).expected["moves_usd"] == pytest.approx(usd)


def test_hubs_that_are_not_chosen_cost_nothing() -> None:
    model: Model = ask(hubs={"choose": False})
    assert evaluate(instance(), carried_out(), model).expected["opening_usd"] == 0
