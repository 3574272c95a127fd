"""Sampled outcomes: the process comes back out of them, events stay whole, and a seed says all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.data.outcome_sets.seasons import draw, learn, sample
from prepos.data.outcomes import needs, recourse_weight
from prepos.data.read import read_scenario
from prepos.data.tables import TABLES
from prepos.data.write import write_scenario
from prepos.errors import UsageError

from .past import past, poisson_past

RATE = {("FJI", "TC"): 3.0, ("KEN", "FL"): 1.0}


@pytest.fixture(scope="module")
def scenario():
    return poisson_past(60, RATE, [1, 2, 3])


@pytest.fixture(scope="module")
def two_places():
    rows = [{"iso3": "KEN", "date": f"{2000 + n}-02-01", "people_in_need": 100.0} for n in range(20)]
    rows += [{"iso3": "FJI", "date": f"{2000 + n}-02-02", "people_in_need": 300.0} for n in range(20)]
    rows = [{**row, "hazard": "TC", "glide": f"TC-{row['date'][:4]}-000001-{row['iso3']}"} for row in rows]
    return past(rows)


def test_seasons_have_the_rates_months_and_sizes_of_the_history(scenario):
    options = SampleOptions(n=4000, month_smoothing=0.0, window_days=-1)
    process = learn(scenario, options)
    draws = draw(process, "seasons", options, 365.0)
    assert len(np.unique(draws.event)) / 4000 == pytest.approx(len(process.events.people) / 60, rel=0.03)
    assert set(draws.month.tolist()) == {1, 2, 3}
    assert np.log(draws.people).mean() == pytest.approx(np.log(process.events.people).mean(), abs=0.05)
    assert np.log(draws.people).std() == pytest.approx(1.0, abs=0.1)


def test_the_number_of_events_in_a_season_is_poisson(scenario):
    options = SampleOptions(n=4000, window_days=-1, law="poisson")
    draws = draw(learn(scenario, options), "seasons", options, 365.0)
    count = np.bincount(draws.outcome, minlength=4000)
    assert count.var() == pytest.approx(count.mean(), rel=0.1)


def test_over_dispersed_years_come_back_over_dispersed():
    counts = np.random.default_rng(0).negative_binomial(2, 2 / 12, 60)
    rows = [
        {"iso3": "KEN", "hazard": "FL", "date": f"{1900 + year}-06-15", "people_in_need": 50.0}
        for year, count in enumerate(counts)
        for _ in range(count)
    ]
    options = SampleOptions(n=4000, window_days=-1)
    process = learn(past(rows), options)
    (test,) = process.rates.dispersion
    count = np.bincount(draw(process, "seasons", options, 365.0).outcome, minlength=4000)
    assert count.mean() == pytest.approx(test.mean, rel=0.05)
    assert count.var() == pytest.approx(test.variance, rel=0.15)


def test_a_season_that_starts_in_a_month_meets_only_the_months_it_lasts(scenario):
    options = SampleOptions(n=500, start_month=2, period_days=28, month_smoothing=0.0, window_days=-1)
    draws = draw(learn(scenario, options), "seasons", options, 28.0)
    assert set(draws.month.tolist()) == {2}


def test_the_disasters_of_one_event_strike_together_in_their_proportions(two_places):
    options = SampleOptions(n=300)
    process = learn(two_places, options)
    draws = draw(process, "seasons", options, 365.0)
    frame = pd.DataFrame({"event": draws.event, "outcome": draws.outcome, "month": draws.month, "people": draws.people})
    frame["site"] = process.events.disasters["site"].to_numpy()[draws.like]
    each = frame.groupby("event")
    assert (each["site"].nunique() == 2).all()
    for column in ("outcome", "month"):
        assert (each[column].min() == each[column].max()).all()
    share = frame[frame["site"] == "FJI"].set_index("event")["people"] / each["people"].sum()
    assert share.to_numpy() == pytest.approx(0.75)


def test_needs_of_disasters_at_one_site_in_one_season_add_up(scenario):
    options = SampleOptions(n=50, window_days=-1)
    made = sample(scenario, "seasons", options)
    people = pd.Series(made.draws.people).groupby(made.draws.outcome).sum()
    table = needs(made.scenario)
    blankets = table[table["item"] == "blanket"].groupby("outcome")["quantity"].sum()
    struck = [f"season-{n + 1:02d}" for n in people.index]
    assert blankets[struck].to_numpy() == pytest.approx(people.to_numpy())
    assert not table.duplicated(["outcome", "site", "item"]).any()


def test_probabilities_sum_to_one_and_quiet_seasons_are_one_outcome(scenario):
    made = sample(scenario, "seasons", SampleOptions(n=100, period_days=20, window_days=-1)).scenario
    assert made.outcomes["probability"].sum() == pytest.approx(1)
    quiet = made.outcomes[made.outcomes["outcome"] == "none"]
    assert len(quiet) == 1
    assert quiet["probability"].item() == pytest.approx((100 - len(made.outcomes) + 1) / 100)
    assert recourse_weight(made) == 1.0


def test_single_disasters_keep_the_yearly_rate_of_events(two_places):
    made = sample(two_places, "disasters", SampleOptions(n=30)).scenario
    assert made.settings.outcomes == "disasters"
    assert made.settings.disasters_per_year == pytest.approx(1.0)
    assert len(made.outcomes) == 30
    assert set(needs(made)["site"]) == {"FJI", "KEN"}


@pytest.mark.parametrize("kind", ["seasons", "disasters"])
def test_a_seed_gives_the_same_set_and_another_seed_another(scenario, kind):
    one, again, other = (sample(scenario, kind, SampleOptions(n=20, seed=s)).scenario for s in (1, 1, 2))
    for table in ("outcomes", "needs"):
        pd.testing.assert_frame_equal(one.table(table), again.table(table))
    assert not one.needs.equals(other.needs)


def test_what_spoke_of_old_outcomes_goes_and_the_rest_stays(scenario):
    from prepos.data.outcome_sets.tables import declared_table

    lanes = declared_table("lanes", hub=["A", "A"], site="KEN", mode="road", outcome=["", "d0"], hours=[5.0, 9.0])
    availability = declared_table("availability", outcome=["d0"], hub="A", share=0.0)
    made = sample(replace(scenario, lanes=lanes, availability=availability), "seasons", SampleOptions(n=5)).scenario
    assert made.lanes["hours"].tolist() == [5.0]
    assert len(made.availability) == 0
    assert len(made.disasters) == len(scenario.disasters)


def test_the_written_folder_reads_back_as_the_same_scenario(scenario, tmp_path):
    made = sample(scenario, "seasons", SampleOptions(n=10)).scenario
    write_scenario(made, tmp_path / "made")
    back = read_scenario(tmp_path / "made")
    for name in TABLES:
        pd.testing.assert_frame_equal(made.table(name), back.table(name), check_dtype=False)
    assert back.settings == made.settings


def test_impossible_options_are_refused_together():
    with pytest.raises(UsageError, match=r"n = 0 is below 1; start month 13 is not from 1 to 12"):
        SampleOptions(n=0, start_month=13)
