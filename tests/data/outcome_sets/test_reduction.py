"""Fewer outcomes: the error is the Kantorovich distance, and small cases are checked against every choice there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from prepos.data.outcome_sets.reduction import distances, need_vectors, reduce_outcomes, reduce_vectors
from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.data.outcome_sets.seasons import sample
from prepos.data.outcome_sets.tables import declared_table
from prepos.errors import UsageError

from .past import past, poisson_past

ONE_GROUP = np.zeros(200, dtype=np.int64)


def case(n, d, seed):
    rng = np.random.default_rng(seed)
    p = rng.random(n)
    return rng.gamma(0.7, 10, (n, d)), p / p.sum()


def transport(vectors, p, kept, q):
    """Return the Kantorovich distance as the linear program that defines it."""
    cost = np.abs(vectors[:, None] - vectors[kept][None]).sum(axis=2)
    n, m = cost.shape
    rows = np.concatenate([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    return linprog(cost.ravel(), A_eq=rows, b_eq=np.concatenate([p, q]), method="highs").fun


@pytest.mark.parametrize("seed", range(5))
def test_the_error_is_the_kantorovich_distance_to_the_reduced_set(seed):
    vectors, p = case(9, 3, seed)
    found = reduce_vectors(vectors, p, 3)
    assert found.error == pytest.approx(transport(vectors, p, found.kept, found.probability), rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_the_redistributed_probabilities_are_the_best_there_are(seed):
    vectors, p = case(8, 2, seed)
    found = reduce_vectors(vectors, p, 3)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        q = rng.dirichlet(np.ones(3))
        assert transport(vectors, p, found.kept, q) >= found.error * (1 - 1e-5)


def test_a_small_case_is_solved_to_the_best_choice_found_by_trying_all():
    exact = 0
    for seed in range(20):
        vectors, p = case(9, 2, seed)
        found = reduce_vectors(vectors, p, 3)
        cost = np.abs(vectors[:, None] - vectors[None]).sum(axis=2)
        best = min(p @ cost[list(kept)].min(axis=0) for kept in combinations(range(9), 3))
        assert best * (1 - 1e-5) <= found.error <= 1.35 * best
        exact += found.error == pytest.approx(best, rel=1e-5)
    assert exact >= 12


def test_two_clear_groups_keep_one_of_each_by_hand():
    vectors = np.array([[0.0], [1.0], [2.0], [100.0], [101.0]])
    found = reduce_vectors(vectors, np.full(5, 0.2), 2)
    assert found.kept.tolist()[0] == 1
    assert found.error == pytest.approx(0.2 * (1 + 0 + 1 + 0 + 1))
    assert found.probability.tolist() == pytest.approx([0.6, 0.4])
    assert found.scale == pytest.approx(204 / 5)


@given(st.integers(2, 30), st.integers(1, 4), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_probability_is_kept_and_more_outcomes_never_err_more(n, d, seed):
    vectors, p = case(n, d, seed)
    errors = []
    for keep in sorted({1, (n + 1) // 2, n}):
        found = reduce_vectors(vectors, p, keep)
        assert found.probability.sum() == pytest.approx(1)
        assert len(np.unique(found.kept)) == keep
        errors.append(found.error)
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(errors))
    assert errors[-1] == pytest.approx(0, abs=1e-6)


def test_distances_do_not_depend_on_blocks():
    vectors, _ = case(1203, 3, 0)
    found = distances(vectors, np.zeros(1203, dtype=np.int64))
    rows = np.array([0, 499, 500, 1202])
    assert found[rows] == pytest.approx(np.abs(vectors[rows][:, None] - vectors[None]).sum(axis=2), rel=1e-5, abs=1e-4)


def test_a_vector_counts_households_by_region_and_item():
    rows = [
        {"disaster": "a", "iso3": "FJI", "people_in_need": 50.0},
        {"disaster": "b", "iso3": "KEN", "people_in_need": 10.0},
    ]
    vectors = need_vectors(past(rows))
    assert vectors.sum(axis=1) == pytest.approx([10.0, 2.0])
    assert np.abs(vectors[0] - vectors[1]).sum() == pytest.approx(12.0)


def test_an_item_without_a_measure_weighs_as_much_as_the_others():
    rows = [{"disaster": "a", "iso3": "FJI", "people_in_need": 50.0}]
    scenario = past(rows)
    nothing = scenario.items.assign(units_per_household=[1.0, np.nan], people_per_unit=np.nan)
    table = declared_table("needs", outcome="a", site="FJI", item=["tent", "blanket"], quantity=[10.0, 7777.0])
    vectors = need_vectors(replace(scenario, items=nothing, needs=table))
    assert sorted(vectors[vectors > 0]) == pytest.approx([5.0, 5.0])


def test_outcomes_with_other_hubs_struck_are_not_put_together():
    scenario = sample(poisson_past(20, {("FJI", "TC"): 3.0}, [1]), "disasters", SampleOptions(n=12)).scenario
    struck = declared_table("availability", outcome=["disaster-03", "disaster-07"], hub="A", share=0.0)
    made, found = reduce_outcomes(replace(scenario, availability=struck), 3)
    assert set(made.outcomes["outcome"]) & {"disaster-03", "disaster-07"}
    assert len(made.availability) == 1
    assert made.outcomes["probability"].sum() == pytest.approx(1)
    assert set(made.needs["outcome"]) == set(made.outcomes["outcome"])
    assert found.probability.min() > 0
    with pytest.raises(UsageError, match="2 of them differ in hubs struck"):
        reduce_outcomes(replace(scenario, availability=struck), 1)


def test_disasters_without_given_outcomes_can_be_reduced_as_well():
    made, _ = reduce_outcomes(poisson_past(10, {("FJI", "TC"): 3.0}, [1]), 4)
    assert len(made.outcomes) == 4
    assert set(made.needs["outcome"]) == set(made.outcomes["outcome"])


@pytest.mark.parametrize(("n", "message"), [(0, "keep 1 at least"), (99, "there are not so many")])
def test_impossible_numbers_are_refused(n, message):
    vectors, p = case(5, 2, 0)
    with pytest.raises(UsageError, match=message):
        reduce_vectors(vectors, p, n)
