"""Does it stay sensible? What must hold for every situation, tried on small random ones."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prepos.errors import InfeasibleError
from prepos.model import Model
from prepos.optimization import data as program_data
from prepos.optimization import response
from tests.optimization.situations import answer, ask
from tests.properties.situations import Tables, changed, models, rich_tables, scenario, tables, value

TOLERANCE = 1e-6


def tried(examples: int) -> Any:
    """Try so many situations, the same ones each time."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


def no_worse(better: float, worse: float) -> bool:
    return better <= worse + TOLERANCE * max(1.0, abs(better))


@tried(20)
@given(rich_tables(), models())
def test_every_plan_keeps_every_rule_and_reprices_to_its_objective(found: Tables, model: Model) -> None:
    with suppress(InfeasibleError):
        answer(scenario(found), model)  # holds the plan against every rule, and the program against `evaluate`


@tried(8)
@given(tables(), st.sampled_from(["cost", "coverage", "time"]), st.integers(0, 300), st.integers(1, 300))
def test_more_budget_never_hurts(found: Tables, objective: str, usd: int, more: int) -> None:
    least, most = (value(found, ask(objective, budget={"usd": budget})) for budget in (usd, usd + more))
    assert no_worse(most, least)


@tried(8)
@given(tables(), st.sampled_from(["cost", "coverage"]), st.integers(1, 40))
def test_more_capacity_never_hurts(found: Tables, objective: str, more: int) -> None:
    larger = changed(found)
    larger["hubs"]["A"]["capacity_m3"] += more
    assert no_worse(value(larger, ask(objective)), value(found, ask(objective)))


@tried(8)
@given(tables(), st.sampled_from(["cost", "time", "social"]), st.integers(0, 200), st.integers(0, 9))
def test_one_more_lane_never_hurts(found: Tables, objective: str, hours: int, usd: int) -> None:
    wider = changed(found)
    wider["lanes"]["A", "X", "air"] = (float(hours), float(usd))
    model = ask(objective, stock={"integer": True})
    assert no_worse(value(wider, model), value(found, model))


@tried(8)
@given(tables(hubs=2), st.sampled_from(["cost", "coverage"]), st.integers(0, 200), st.integers(0, 9))
def test_one_more_hub_never_hurts(found: Tables, objective: str, hours: int, usd: int) -> None:
    larger = changed(found)
    larger["hubs"]["D"] = {"fixed_usd_year": 30.0, "status": "candidate"}
    larger["lanes"]["D", "X"] = (float(hours), float(usd))
    model = ask(objective, budget={"usd": 400})
    assert no_worse(value(larger, model), value(found, model))


@tried(8)
@given(tables(), st.sampled_from(["cost", "social", "time"]), st.sampled_from([0.0, 0.5, 0.9]))
def test_cvar_of_no_weight_is_the_expectation(found: Tables, objective: str, alpha: float) -> None:
    risk = {"measure": "cvar", "weight": 0.0, "alpha": alpha}
    assert value(found, ask(objective, risk=risk)) == pytest.approx(value(found, ask(objective)), abs=TOLERANCE)


@tried(8)
@given(tables())
def test_cvar_lies_between_the_expectation_and_the_worst_case(found: Tables) -> None:
    mean, tail, worst = (
        value(found, ask(risk=risk))
        for risk in ({}, {"measure": "cvar", "alpha": 0.7, "weight": 1.0}, {"measure": "worst_case"})
    )
    assert no_worse(mean, tail)
    assert no_worse(tail, worst)


@tried(8)
@given(tables(), st.sampled_from(["cost", "time", "social", "coverage"]))
def test_rebalancing_is_never_worse_than_leaving_stock_where_it_is(found: Tables, objective: str) -> None:
    # In quantities of any size: whole lots can forbid the stock of today.
    as_it_is, moved = (
        value(found, ask(objective, stock={"mode": mode}, hubs={"choose": False})) for mode in ("as_is", "fixed_total")
    )
    assert no_worse(moved, as_it_is)


@tried(8)
@given(rich_tables(), models(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(found: Tables, model: Model, random: Any) -> None:
    def shuffled(table: Any) -> Any:
        keys = list(table)
        random.shuffle(keys)
        return {key: table[key] for key in keys}

    mixed = {name: shuffled(table) for name, table in found.items()}
    assert value(mixed, model) == pytest.approx(value(found, model), rel=TOLERANCE, abs=TOLERANCE)


@tried(10)
@given(rich_tables(), models(), st.integers(0, 200), st.integers(0, 9))
def test_leaving_out_arcs_that_no_plan_needs_never_changes_the_optimum(
    found: Tables, model: Model, hours: int, usd: int
) -> None:
    found["lanes"]["A", "X", "air"] = (float(hours), float(usd))
    fewer = value(found, model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program_data, "worth_keeping", lambda instance, model, n, lane: np.ones(len(n), dtype=bool))
        assert value(found, model) == pytest.approx(fewer, rel=TOLERANCE, abs=TOLERANCE)


@tried(10)
@given(rich_tables(), models())
def test_linking_shipments_to_open_hubs_never_changes_the_optimum(found: Tables, model: Model) -> None:
    linked = value(found, model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(response, "add_shipping_only_from_open_hubs", lambda m, data: None)
        assert value(found, model) == pytest.approx(linked, rel=TOLERANCE, abs=TOLERANCE)


@tried(8)
@given(rich_tables(), models())
def test_room_for_stock_beyond_every_need_never_changes_the_optimum(found: Tables, model: Model) -> None:
    bounded = value(found, model)
    largest = program_data._most_stock
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program_data, "_most_stock", lambda *arguments: 3 * largest(*arguments) + 100)
        assert value(found, model) == pytest.approx(bounded, rel=TOLERANCE, abs=TOLERANCE)
