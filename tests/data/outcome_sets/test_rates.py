"""How often: rates of a known process are found again, and over-dispersion is told from fuller records."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from prepos.data.months import MONTH_DAYS, month_exposure, month_shares
from prepos.data.outcome_sets.events import find_events
from prepos.data.outcome_sets.rates import dispersion_tests, find_rates

from .past import past, poisson_past

RATE = {("FJI", "TC"): 3.0, ("KEN", "FL"): 1.0}


def yearly(counts, hazard="FL"):
    rows = []
    for year, count in enumerate(counts):
        for n in range(count):
            date = f"{2000 + year}-0{1 + n % 9}-01"
            rows.append({"iso3": "KEN", "hazard": hazard, "date": date, "people_in_need": 9.0})
    return find_events(past(rows), window_days=-1)


def test_the_rates_of_a_known_process_are_recovered():
    years = 400
    scenario = poisson_past(years, RATE, [1, 2, 3])
    events = find_events(scenario, window_days=-1)
    rates = find_rates(scenario, events, 0.0)
    found = dict(zip(events.cells, rates.per_year, strict=True))
    for (country, hazard), rate in RATE.items():
        region = {"FJI": "Pacific", "KEN": "Africa"}[country]
        assert found[region, hazard] == pytest.approx(rate, abs=3 * np.sqrt(rate / years))


def test_months_are_those_of_the_history_and_smoothing_adds_the_rest():
    shares = month_shares(np.array([0, 0, 0, 0]), np.array([1, 1, 2, 0]), 2, 0.0)
    assert shares[0, :3] == pytest.approx([2 / 3, 1 / 3, 0])
    assert shares[1] == pytest.approx(MONTH_DAYS / 365)
    smooth = month_shares(np.array([0, 0, 0]), np.array([1, 1, 2]), 1, 1.0)
    assert smooth[0, 2] == pytest.approx(31 / 365 / 4)
    assert smooth.sum() == pytest.approx(1)


def test_a_period_meets_each_month_as_often_as_it_lasts():
    assert month_exposure(np.array([200.0]), 365.0)[0] == pytest.approx(np.ones(12))
    assert month_exposure(np.array([0.0]), 45.0)[0, :3] == pytest.approx([1, 0.5, 0])
    assert month_exposure(np.array([350.0]), 30.0)[0, [11, 0]] == pytest.approx([15 / 31, 15 / 31])
    assert month_exposure(np.array([0.0]), 730.0)[0] == pytest.approx(2 * np.ones(12))


def test_the_given_yearly_number_wins_over_the_counted_one():
    scenario = poisson_past(20, RATE, [5])
    events = find_events(scenario, window_days=-1)
    scaled = replace(scenario, settings=replace(scenario.settings, disasters_per_year=8.0))
    assert find_rates(scaled, events, 1.0).per_year.sum() == pytest.approx(8.0)


def test_years_that_differ_much_are_negative_binomial_with_the_size_of_their_moments():
    (test,) = dispersion_tests(yearly([0, 9, 1, 12, 0, 8, 14, 0, 1, 10]))
    assert test.law == "negative binomial"
    assert test.size == pytest.approx(test.mean**2 / (test.variance - test.mean))


def test_one_year_recorded_more_fully_is_no_evidence():
    (test,) = dispersion_tests(yearly([4, 3, 5, 4, 30, 4, 3, 5, 4, 4]))
    assert test.p < 0.001
    assert test.law == "poisson"


def test_a_poisson_history_stays_poisson():
    scenario = poisson_past(30, RATE, [1, 6])
    assert {test.law for test in dispersion_tests(find_events(scenario, window_days=-1))} == {"poisson"}


def test_the_law_can_be_set():
    (test,) = dispersion_tests(yearly([0, 9, 1, 12, 0, 8, 14, 0, 1, 10]), "poisson")
    assert test.size == float("inf")
