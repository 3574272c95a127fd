"""Every constraint that the program can hold has a test that shows what it does."""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.environ as pyo
import pytest

from prepos.instance import Instance, build_instance
from prepos.model import Model
from prepos.optimization import SolverOptions
from prepos.optimization.data import prepare
from prepos.optimization.program import build
from prepos.optimization.regret import add_best_recourse
from tests.optimization import test_costs, test_response, test_risk, test_service, test_stocking
from tests.optimization.situations import ask, situation
from tests.optimization.test_stocking import set_moves

SHOWN_BY = {
    "one_tier": test_stocking.test_a_hub_runs_at_one_tier_at_most,
    "capacity": test_stocking.test_stock_never_exceeds_what_a_hub_can_hold,
    "linking": test_stocking.test_stock_lies_only_at_hubs_that_run,
    "balance": test_stocking.test_a_costed_move_is_made_where_it_beats_buying,
    "whole_lots": test_stocking.test_stock_is_bought_in_whole_lots,
    "broken_lot": test_stocking.test_the_broken_lot_of_the_total_lies_at_one_hub,
    "number_of_hubs": test_stocking.test_no_more_hubs_run_than_asked_for,
    "demand": test_response.test_what_is_needed_arrives_or_is_counted_as_unmet,
    "supply": test_response.test_only_the_stock_that_survives_can_be_shipped,
    "shipping_only_from_open_hubs": test_response.test_nothing_is_shipped_from_a_hub_that_does_not_run,
    "supplier_limit": test_response.test_a_supplier_delivers_up_to_its_limit_at_its_price,
    "outbound": test_response.test_no_more_leaves_a_hub_than_it_can_load,
    "lift": test_response.test_no_more_goes_by_a_lane_than_it_can_lift,
    "budget": test_costs.test_spending_keeps_to_the_budget,
    "service": test_service.test_expected_coverage_by_item_holds_for_each_item,
    "full_coverage": test_service.test_a_chance_of_full_coverage_holds_stock_for_the_likely_outcomes,
    "chance": test_service.test_a_chance_of_full_coverage_holds_stock_for_the_likely_outcomes,
    "tail_usd": test_risk.test_cvar_weighs_the_worst_tenth,
    "tail_hours": test_costs.test_hours_can_be_weighed_by_risk_as_well,
    "below_usd": test_risk.test_the_worst_case_is_the_dearest_outcome_that_can_happen,
    "below_social": test_risk.test_regret_is_known_for_cost_and_social_cost_in_one_list,
}
"""Constraint of the program -> the test that works it out by hand."""

MODELS = (
    ask(stock={"integer": True}),
    ask(stock={"integer": True, "moves": "none"}),
    ask("coverage", stock={"moves": "costed"}, budget={"usd": 50}, hubs={"min_open": 1, "max_open": 2}),
    ask(service={"min_coverage": 0.1, "probability": 0.1, "by": "item"}),
    ask("time", risk={"measure": "cvar"}),
    ask(risk={"measure": "cvar"}),
    ask("social", risk={"measure": "worst_case"}),
    ask(risk={"measure": "regret"}),
    ask(stock={"mode": "as_is"}),
)


def everything_that_limits() -> Instance:
    return build_instance(
        situation(
            hubs={"A": {"capacity_m3": 50, "outbound_m3_day": 1}, "B": {}, "F": {"serves": "FJI"}},
            tiers={("B", "small"): (10, 1), ("B", "large"): (20, 2)},
            items={"tent": {"lot": 4}, "kit": {}},
            stock={("A", "tent"): 5, ("F", "kit"): 2},
            lanes={
                ("A", "X"): {"hours": 10, "usd_per_unit": 1, "capacity_m3": 9},
                ("B", "X"): (20, 2),
                ("factory", "X"): (30, 1),
            },
            needs={("w1", "X", "tent"): 10, ("w2", "X", "kit"): 10},
            suppliers={("factory", "tent"): {"price_usd": 1, "lead_time_days": 1, "limit": 5}},
        )
    )


@pytest.fixture
def constraints(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of all constraints that hold at least one row in any of the models."""
    set_moves(monkeypatch, {("A", "B"): 1.0})
    return {name for model in MODELS for name in _constraints(everything_that_limits(), model)}


def _constraints(instance: Instance, model: Model) -> Iterator[str]:
    data = prepare(instance, model)
    if model.risk.measure == "regret":
        data = add_best_recourse(data, SolverOptions(), lambda news: None)
    for component in build(data).component_objects(pyo.Constraint):
        if len(component):
            yield component.name


def test_every_constraint_has_a_test_of_its_own(constraints: set[str]) -> None:
    assert constraints - set(SHOWN_BY) - {"tail_social", "below_hours"} == set()


def test_no_test_stands_for_a_constraint_that_is_gone(constraints: set[str]) -> None:
    assert set(SHOWN_BY) - constraints == set()


def test_objectives_stand_in_the_program_in_order() -> None:
    program = build(prepare(everything_that_limits(), ask(["time", "cost"])))
    names = [objective.name for objective in program.component_objects(pyo.Objective)]
    assert names == ["objective_unmet", "objective_time", "objective_cost"]
