"""Bounds on a plan made from a sample: right on a problem whose optimum is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prepos.analysis.fixed_stock import unit_costs
from prepos.analysis.outcome_charts import LOWER, UPPER, bounds_by_size, draw_bounds, draw_quantiles
from prepos.analysis.saa import candidate_of, enough, quality_table, saa_quality
from prepos.analysis.samples import kept, sampler
from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.errors import UsageError
from prepos.instance import Needs, build_instance
from prepos.optimization import optimize_instance
from tests.data.outcome_sets.past import poisson_past
from tests.optimization.situations import EXACT, ask, situation

MODEL = ask(hubs={"choose": False})
PRICE, SHORTAGE, MEAN = 2.0, 10.0, 100.0
BEST_STOCK = MEAN * np.log(SHORTAGE / PRICE)
BEST_VALUE = PRICE * BEST_STOCK + MEAN * PRICE
"""One hub, one item, exponential need: the newsvendor. Unmet at the best stock: mean x price / shortage."""


def newsvendor():
    scenario = situation(
        hubs={"A": {}},
        items={"tent": {"price_usd": PRICE, "shortage_usd": SHORTAGE}},
        needs={("w", "s", "tent"): 1.0},
        lanes={("A", "s"): (1, 0.0)},
    )
    base = build_instance(scenario, MODEL)

    def sampled(n, seed):
        zeros = np.zeros(n, dtype=np.int64)
        need = np.random.default_rng(seed).exponential(MEAN, n)
        return replace(
            base,
            outcomes=tuple(map(str, range(n))),
            probability=np.full(n, 1 / n),
            availability=np.ones((n, 1)),
            needs=Needs(np.arange(n), zeros, zeros, need),
        )

    return sampled


@pytest.fixture(scope="module")
def quality():
    return saa_quality(newsvendor(), MODEL, (5, 40), replications=12, reference=20_000, pool=300, solver=EXACT)


def test_the_bounds_stand_on_either_side_of_the_known_optimum(quality):
    for each in quality:
        assert each.in_sample - each.in_sample_half <= BEST_VALUE * 1.01
        assert each.out_of_sample + each.out_of_sample_half >= BEST_VALUE * 0.99
        assert each.in_sample - each.in_sample_half <= each.out_of_sample + each.out_of_sample_half


def test_the_gap_covers_what_the_candidate_really_loses(quality):
    for each in quality:
        stock = each.stock[0, 0]
        true = PRICE * stock + SHORTAGE * MEAN * np.exp(-stock / MEAN)
        assert true - BEST_VALUE <= each.gap_high
        assert 0 <= each.gap <= each.gap_high
        assert each.out_of_sample == pytest.approx(true, rel=0.03)


def test_larger_samples_promise_less_falsely(quality):
    sampled = {each.n: each for each in quality if each.way == "sampled"}
    assert sampled[40].excess < sampled[5].excess
    assert sampled[5].in_sample < sampled[40].in_sample <= BEST_VALUE * 1.1


def test_few_outcomes_kept_of_many_are_better_than_as_few_sampled(quality):
    found = {(each.way, each.n): each.out_of_sample for each in quality}
    assert found["kept", 40] == pytest.approx(BEST_VALUE, rel=0.03)


def test_the_in_sample_value_is_the_programs_own():
    sample = newsvendor()(30, 1)
    plan = optimize_instance(sample, MODEL, EXACT)
    candidate = candidate_of(sample, plan, MODEL)
    assert candidate.values(sample, MODEL, unit_costs(sample, MODEL)).mean() == pytest.approx(plan.objective)


def test_the_same_seed_gives_the_same_quality_and_progress_reaches_its_total():
    told = []
    one, again = (
        saa_quality(newsvendor(), MODEL, (5,), 3, 100, seed=4, solver=EXACT, on_progress=lambda *n: told.append(n))
        for _ in range(2)
    )
    assert replace(one[0], seconds=0.0, stock=0) == replace(again[0], seconds=0.0, stock=0)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)] * 2


def test_enough_is_the_smallest_sample_within_the_share(quality):
    best = min(quality, key=lambda each: each.out_of_sample)
    assert (best.excess, best.excess_half) == (0.0, 0.0)
    assert enough(quality, 0.0) is best
    assert enough(quality, 10.0) is quality[0]
    assert list(quality_table(quality)["n"]) == [5, 5, 40, 40]


@pytest.mark.parametrize("kind", ["disasters", "seasons"])
def test_a_scenario_is_sampled_as_instances_with_its_weight(kind):
    scenario = poisson_past(30, {("FJI", "TC"): 3.0, ("KEN", "FL"): 1.0}, [1, 2])
    sampled = sampler(scenario, MODEL, kind, SampleOptions(window_days=-1, period_days=180))
    one, again, other = sampled(8, 3), sampled(8, 3), sampled(8, 4)
    assert one.needs.quantity.tolist() == again.needs.quantity.tolist() != other.needs.quantity.tolist()
    assert one.probability.sum() == pytest.approx(1)
    assert one.recourse_weight == pytest.approx(1.0 if kind == "seasons" else len(scenario.disasters) / 30 * 180 / 365)
    assert np.diff(one.needs.w).min() >= 0
    assert len(one.outcomes) == one.availability.shape[0] == 8


def test_kept_outcomes_hold_the_whole_probability_and_only_their_own_needs():
    few = kept(newsvendor()(50, 2), 6)
    assert few.probability.sum() == pytest.approx(1)
    assert len(few.outcomes) == 6
    assert sorted(few.needs.w.tolist()) == list(range(6))


@pytest.mark.parametrize(
    "model",
    [
        ask("time"),
        ask(risk={"measure": "cvar"}),
        ask(service={"min_coverage": 0.5}),
    ],
)
def test_models_whose_value_is_no_plain_expectation_are_refused(model):
    with pytest.raises(UsageError, match="expected cost or social cost alone"):
        sampler(poisson_past(5, {("FJI", "TC"): 3.0}, [1]), model)


def test_too_few_replications_are_refused():
    with pytest.raises(UsageError, match="two replications"):
        saa_quality(newsvendor(), MODEL, (5,), 1)


def test_the_chart_shows_both_bounds_and_both_ways(quality):
    bounds = bounds_by_size(quality)
    assert sorted(set(bounds["line"])) == sorted([*UPPER.values(), LOWER])
    assert (bounds["low"] <= bounds["value"]).all()
    drawn = draw_bounds(bounds, "How many", "a note").to_dict()
    assert drawn["layer"][0]["encoding"]["x"]["title"] == "outcomes in the sample"
    table = pd.DataFrame({"model": [1.0, 2.0], "observed": [1.5, 2.5], "share": [0.2, 0.8]})
    assert draw_quantiles(table, "Fit", "note").to_dict()["description"] == "Fit. note"
