"""How large: known distributions are found again, and a wrong one is told."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from prepos.data.outcome_sets.events import find_events
from prepos.data.outcome_sets.families import (
    GAMMA,
    LOGNORMAL,
    WEIBULL,
    pareto_cdf,
    pareto_fit,
    pareto_quantile,
    with_pareto_tail,
)
from prepos.data.outcome_sets.severity import fit_family, fit_severity, statistics, tail_size, usual_size

from .past import past

TAILED = with_pareto_tail(200)
TRUE_TAIL = np.array([[0.0, 1.0, 3.6, 0.4, 2.5]])


def rng(seed=0):
    return np.random.default_rng(seed)


def tailed_sample(n, seed=0):
    return np.sort(TAILED.quantile(TRUE_TAIL, rng(seed).random((1, n))), axis=1)


@pytest.mark.parametrize(
    ("family", "law"),
    [
        (LOGNORMAL, lambda p: scipy.stats.lognorm(p[1], scale=np.exp(p[0]))),
        (GAMMA, lambda p: scipy.stats.gamma(p[0], scale=p[1])),
        (WEIBULL, lambda p: scipy.stats.weibull_min(p[0], scale=p[1])),
    ],
)
def test_a_family_is_what_scipy_calls_by_its_name_and_fits_as_well(family, law):
    x = np.sort(rng(1).lognormal(0, 0.6, (1, 300)), axis=1)
    parameters = family.fit(x)
    known = law(parameters[0])
    assert family.cdf(parameters, x)[0] == pytest.approx(known.cdf(x[0]))
    assert family.log_density(parameters, x)[0] == pytest.approx(known.logpdf(x[0]))
    assert family.quantile(parameters, family.cdf(parameters, x))[0] == pytest.approx(x[0])
    for step in (0.99, 1.01):
        for column in range(2):
            other = parameters.copy()
            other[:, column] = other[:, column] * step + 1e-3
            assert family.log_density(other, x).sum() <= family.log_density(parameters, x).sum()


def test_the_shape_and_scale_of_a_generalised_pareto_are_recovered():
    for shape in (-0.2, 0.1, 0.5, 1.0):
        true = np.array([[shape, 2.0]])
        found = pareto_fit(np.sort(pareto_quantile(true, rng().random((50, 400))), axis=1))
        assert abs(found[:, 0].mean() - shape) < 0.06
        assert abs(found[:, 1].mean() - 2.0) < 0.15
        assert (np.abs(found[:, 0] - shape) < 3 * (1 + shape) / np.sqrt(400)).mean() > 0.95


def test_the_pareto_functions_are_scipys():
    x = np.linspace(0, 20, 50)
    known = scipy.stats.genpareto(0.3, scale=2.0)
    assert pareto_cdf(np.array([[0.3, 2.0]]), x[None])[0] == pytest.approx(known.cdf(x))


def test_body_and_tail_are_recovered_within_their_errors():
    found = TAILED.fit(tailed_sample(2000))[0]
    assert found[0] == pytest.approx(0.0, abs=0.1)
    assert found[1] == pytest.approx(1.0, abs=0.1)
    assert found[3] == pytest.approx(0.4, abs=3 * 1.4 / np.sqrt(200))


def test_the_spliced_distribution_has_no_gap_and_its_quantile_inverts_it():
    share = np.linspace(0.001, 0.9999, 500)[None]
    x = TAILED.quantile(TRUE_TAIL, share)
    assert (np.diff(x[0]) > 0).all()
    assert TAILED.cdf(TRUE_TAIL, x) == pytest.approx(share)


def test_the_statistic_accepts_the_true_family_and_rejects_a_wrong_one():
    x = tailed_sample(1000, seed=5)[0]
    assert fit_family(with_pareto_tail(100), x, rng(), 199).ad_p > 0.05
    assert fit_family(GAMMA, x, rng(), 199).ad_p <= 0.005
    assert fit_family(LOGNORMAL, np.sort(rng(2).lognormal(0, 1, 500)), rng(), 199).ad_p > 0.05
    assert fit_family(LOGNORMAL, np.sort(rng(2).exponential(1, 500)), rng(), 199).ad_p <= 0.01


def test_p_values_of_the_true_family_are_spread_evenly():
    found = [fit_family(LOGNORMAL, np.sort(rng(s).lognormal(1, 2, 60)), rng(s), 99).ad_p for s in range(120)]
    assert scipy.stats.kstest(found, "uniform").pvalue > 0.001


def test_the_statistics_are_those_of_the_books():
    ks, ad = statistics(np.array([[0.1, 0.5, 0.9]]))
    assert ks[0] == pytest.approx(0.9 - 2 / 3)
    terms = ((1, 0.1, 0.9), (3, 0.5, 0.5), (5, 0.9, 0.1))
    assert ad[0] == pytest.approx(-3 - sum(n / 3 * (np.log(low) + np.log(1 - high)) for n, low, high in terms))


def test_the_tail_reaches_as_low_as_a_pareto_fits():
    pure = np.sort(1 + pareto_quantile(np.array([[0.5, 1.0]]), rng(3).random((1, 300))))[0]
    assert tail_size(pure, rng(), 199) >= 60
    assert tail_size(pure[:40], rng(), 99) <= 12


def test_a_heavy_tailed_history_takes_the_tail_and_a_lognormal_one_does_not():
    heavy = np.sort(TAILED.quantile(np.array([[0.0, 0.5, 1.3, 0.9, 2.0]]), rng(4).random((1, 1500))))[0]
    rows = [{"hazard": "FL", "date": "2010-01-01", "people_in_need": float(1000 * x)} for x in heavy]
    fitted = fit_severity(find_events(past(rows)), rng(), 49)
    assert fitted.chosen.family.name == "lognormal with Pareto tail"
    light = rng(5).lognormal(0, 1, 400)
    rows = [{"hazard": "FL", "date": "2010-01-01", "people_in_need": float(1000 * x)} for x in light]
    assert fit_severity(find_events(past(rows)), rng(), 49).chosen.family.name == "lognormal"


def test_the_usual_size_of_a_place_is_its_own_the_more_the_more_it_has_seen():
    numbers = rng(6)
    rows = []
    for iso3, level, times in (("KEN", 12.0, 40), ("NPL", 9.0, 40), ("FJI", 6.0, 1)):
        people = np.exp(level + 0.5 * numbers.standard_normal(times))
        rows += [{"iso3": iso3, "hazard": "FL", "date": "", "people_in_need": float(p)} for p in people]
    events = find_events(past(rows))
    usual = usual_size(events)
    assert np.log(usual[0]) == pytest.approx(12, abs=0.3)
    assert np.log(usual[40]) == pytest.approx(9, abs=0.3)
    assert events.people[80] < usual[80] < np.exp(np.log(events.people).mean())


def test_draws_are_held_at_three_times_the_largest_departure():
    rows = [{"hazard": "FL", "date": "", "people_in_need": float(p)} for p in rng().lognormal(8, 1, 50)]
    severity = fit_severity(find_events(past(rows)), rng(), 19)
    factor, held = severity.draw(np.array([0.5, 1 - 1e-15]))
    assert factor[1] == severity.most == pytest.approx(3 * severity.factor.max())
    assert held == 1


def test_one_disaster_is_enough_of_a_history():
    severity = fit_severity(find_events(past([{"hazard": "FL", "date": "", "people_in_need": 70.0}])), rng(), 9)
    assert severity.usual.tolist() == pytest.approx([70.0])
    assert severity.draw(np.array([0.1, 0.9]))[0] == pytest.approx(1.0)
