"""Do the engines agree? The same small situations, solved as one program and by cuts."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepos.data.scenario import Scenario
from prepos.errors import InfeasibleError, UsageError
from prepos.evaluate import evaluate
from prepos.instance import build_instance
from prepos.model import Model, parse_model
from prepos.optimization import Progress, SolverOptions, optimize_instance
from prepos.optimization.benders.merit import applies
from prepos.optimization.data import prepare
from prepos.plan import Plan
from tests.optimization.situations import situation

EXACT = 1e-7


def random_situation(seed: int, several_sites: bool, tied: bool) -> Scenario:
    """Return a situation of a few hubs and outcomes; `tied` adds outbound and lane capacities."""
    rng = np.random.default_rng(seed)
    hubs, items = [f"h{i}" for i in range(rng.integers(2, 5))], ["tent", "mat"][: rng.integers(1, 3)]
    sites, outcomes = ["a", "b", "c"], [f"w{w}" for w in range(rng.integers(2, 5))]
    chances = rng.dirichlet(np.ones(len(outcomes)))
    struck = {(w, h): float(rng.choice([0.0, 0.5])) for w in outcomes for h in hubs if rng.random() < 0.2}
    needs = {}
    for w in outcomes:
        places = sites[: rng.integers(2, 4)] if several_sites else [str(rng.choice(sites))]
        needs |= {(w, j, k): float(rng.integers(1, 200)) for j in places for k in items}
    lanes: dict[tuple[str, ...], dict[str, Any]] = {}
    for h in hubs:
        for j in sites:
            lane = {"hours": float(rng.integers(1, 100)), "usd_per_unit": float(rng.integers(1, 60))}
            lanes[h, j] = lane | ({"capacity_m3": float(rng.integers(20, 300))} if tied and rng.random() < 0.4 else {})
    return situation(
        hubs={
            h: {
                "capacity_m3": float(rng.integers(50, 500)),
                "fixed_usd_year": float(rng.integers(0, 2000)),
                "storage_usd_m3_month": float(rng.random()),
                **({"outbound_m3_day": float(rng.integers(1, 10))} if tied and rng.random() < 0.5 else {}),
            }
            for h in hubs
        },
        items={
            k: {
                "unit_m3": float(rng.integers(1, 4)),
                "price_usd": float(rng.integers(0, 20)),
                "shortage_usd": float(rng.integers(30, 200)),
                "deprivation_usd_day": float(rng.integers(0, 20)),
                "lot": float(rng.choice([1, 7, 20])),
                "leftover_usd": float(rng.choice([0.0, 1.5])),
            }
            for k in items
        },
        stock={(h, k): float(rng.integers(0, 60)) for h in hubs for k in items if rng.random() < 0.5},
        outcomes=dict(zip(outcomes, chances.tolist(), strict=True)),
        availability=struck,
        needs=needs,
        lanes=lanes,
    )


def solve_both(scenario: Scenario, model: Model) -> tuple[Plan, Plan]:
    instance = build_instance(scenario, model)
    one, cut = (
        optimize_instance(instance, model, SolverOptions(engine=engine, gap=EXACT, threads=1))
        for engine in ("extensive", "benders")
    )
    return one, cut


def assert_same_answer(scenario: Scenario, model: Model) -> None:
    try:
        one, cut = solve_both(scenario, model)
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            optimize_instance(build_instance(scenario, model), model, SolverOptions(engine="benders"))
        return
    assert cut.objective == pytest.approx(one.objective, rel=1e-6, abs=1e-4)
    assert cut.bound <= cut.objective + 1e-6 * abs(cut.objective)
    assert cut.gap <= 1e-5
    figures = evaluate(build_instance(scenario, model), cut, model)
    assert figures.violation <= 1e-6
    if model.risk.measure != "regret":
        assert figures.objectives[model.objective.minimise[0]] == pytest.approx(cut.objective, rel=1e-6, abs=1e-4)


questions = st.fixed_dictionaries(
    {
        "objective": st.fixed_dictionaries({"minimise": st.sampled_from(["cost", "social"])}),
        "stock": st.fixed_dictionaries(
            {
                "mode": st.sampled_from(["free", "fixed_total", "as_is"]),
                "integer": st.booleans(),
                "moves": st.sampled_from(["free", "none"]),
            }
        ),
        "risk": st.fixed_dictionaries({"measure": st.sampled_from(["expectation", "cvar", "worst_case", "regret"])}),
        "hubs": st.fixed_dictionaries({"choose": st.booleans()}),
    }
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), question=questions)
def test_cuts_and_one_program_agree_where_an_outcome_has_one_site(seed: int, question: dict[str, Any]) -> None:
    scenario, model = random_situation(seed, several_sites=False, tied=False), parse_model(question)
    assert applies(prepare(build_instance(scenario, model), model))
    assert_same_answer(scenario, model)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), question=questions, tied=st.booleans())
def test_cuts_and_one_program_agree_where_sites_or_items_compete(
    seed: int, question: dict[str, Any], tied: bool
) -> None:
    scenario, model = random_situation(seed, several_sites=True, tied=tied), parse_model(question)
    assert_same_answer(scenario, model)


@pytest.mark.parametrize("several_sites", [False, True])
def test_a_supplier_delivers_the_same_in_both(several_sites: bool) -> None:
    scenario = random_situation(3, several_sites, tied=False)
    extra = situation(
        hubs={"x": {}},
        needs={("w", "a", "tent"): 1.0},
        lanes={("maker", j): {"hours": 24.0, "usd_per_unit": 12.0} for j in "abc"},
        suppliers={("maker", "tent"): {"price_usd": 9.0, "lead_time_days": 10.0, "limit": 40.0}},
    )

    lanes = pd.concat([scenario.lanes, extra.lanes], ignore_index=True)
    scenario = replace(scenario, suppliers=extra.suppliers, lanes=lanes)
    assert_same_answer(scenario, parse_model({"stock": {"integer": False}}))


def test_a_budget_and_tiers_bind_alike() -> None:
    scenario = situation(
        hubs={"h1": {}, "h2": {}, "h3": {}},
        tiers={(h, size): (m3, usd) for h in ("h1", "h2", "h3") for size, m3, usd in (("s", 60, 100), ("l", 200, 260))},
        items={"tent": {"price_usd": 10.0, "shortage_usd": 90.0, "lot": 5.0}},
        needs={(f"w{w}", site, "tent"): need for w, (site, need) in enumerate([("a", 120), ("b", 80), ("c", 150)])},
        lanes={(h, s): (1.0, 1.0 + abs(n - m)) for n, h in enumerate(("h1", "h2", "h3")) for m, s in enumerate("abc")},
    )
    for usd in (400.0, 1200.0, 2500.0):
        assert_same_answer(scenario, parse_model({"budget": {"usd": usd}}))


def test_the_engine_says_what_it_cannot_take() -> None:
    scenario, model = (
        random_situation(1, several_sites=False, tied=False),
        parse_model({"objective": {"minimise": "time"}}),
    )
    with pytest.raises(UsageError, match="several objectives in order bind all outcomes together; use 'extensive'"):
        optimize_instance(build_instance(scenario, model), model, SolverOptions(engine="benders"))


def test_a_plan_found_by_cuts_before_the_proof_has_an_honest_gap() -> None:
    scenario, model = random_situation(11, several_sites=True, tied=False), parse_model({})
    instance, stop = build_instance(scenario, model), threading.Event()

    def stop_at_first_plan(progress: Progress) -> None:
        if progress.objective is not None and not stop.is_set():
            stop.set()
            signal.raise_signal(signal.SIGINT)

    plan = optimize_instance(instance, model, SolverOptions(engine="benders", gap=1e-6), stop_at_first_plan)
    assert plan.status == "interrupted"
    assert plan.bound < plan.objective
    assert evaluate(instance, plan, model).objectives["cost"] == pytest.approx(plan.objective, rel=1e-6)


@pytest.mark.parametrize("measure", ["expectation", "cvar"])
def test_an_outcome_that_needs_nothing_costs_nothing_in_both(measure: str) -> None:
    scenario = situation(
        hubs={"h": {"fixed_usd_year": 50.0}},
        items={"tent": {"price_usd": 1.0, "shortage_usd": 90.0}},
        outcomes={"storm": 0.4, "quiet": 0.6},
        needs={("storm", "a", "tent"): 30.0, ("storm", "b", "tent"): 10.0},
        lanes={("h", "a"): (1.0, 2.0), ("h", "b"): (1.0, 3.0)},
    )
    assert_same_answer(scenario, parse_model({"risk": {"measure": measure}}))
