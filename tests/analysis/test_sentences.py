"""Sentences are made from the numbers: each direction, each doubt, each missing figure."""

import math

import pandas as pd
import pytest

from prepos.analysis.estimates import BETTER, LABELS, Estimate, estimates, paired
from prepos.analysis.sentences import change, listed, percent, rough_intervals, short, worse_figures
from prepos.analysis.sentences import sentences as told
from prepos.simulation import FIGURES

UNITS = {figure.name: figure.unit for figure in FIGURES}


def table(means, half, **columns):
    rows = [
        {**columns, "figure": name, "unit": UNITS[name], "mean": mean, "low": mean - half, "high": mean + half, "n": 50}
        for name, mean in means.items()
    ]
    return pd.DataFrame(rows)


def story(change_of=None):
    """A stress test in which the plan meets twice the need, but for the changes given."""
    today = dict.fromkeys(UNITS, 0.2) | {"people_days": 9e6, "freight_usd": 2e6, "replenishment_usd": 3e6}
    plan = {**today, "coverage_72h": 0.4, "people_days": 5e6, "freight_usd": 2.5e6, "kgco2e": 0.2} | (change_of or {})
    figures = pd.concat([table(today, 0.01, plan="today"), table(plan, 0.01, plan="plan")])
    differences = table({name: plan[name] - today[name] for name in plan}, 0.001, plan="plan", against="today")
    return figures, differences


def result(hubs, purchases=(), opening=0.0):
    return {
        "hubs": [{"hub": hub, "open": is_open} for hub, is_open in hubs.items()],
        "purchases": [{"quantity": quantity} for quantity in purchases],
        "moves": [],
        "coverage": {"72": 0.9, "168": 0.4, "336": 0.2, "720": 0.2},
        "expected": {"purchase_usd": 1.5e6, "opening_usd": opening, "holding_usd": 0.0},
    }


TODAY, PLAN = result({"NBO": True, "MNL": False}), result({"NBO": False, "MNL": True}, (300, 200), 60_000.0)


def sentences(change_of=None, period_days=365.0):
    return told(*story(change_of), TODAY, PLAN, {"MNL": "Manila"}, period_days)


def test_the_gain_is_told_at_the_time_at_which_most_changes():
    gain, _, _ = sentences()
    assert gain == (
        "In 50 simulated years, with the same disasters for both, the plan gets 40.0 % (39.0 to 41.0) of the year's "
        "need to people within 72 hours, today's stock 20.0 % (19.0 to 21.0): +20.0 (19.9 to 20.1) points; people wait "
        "4.0 (4.0 to 4.0) M person-days a year less."
    )


def test_a_loss_is_told_as_a_loss():
    gain, _, caution = sentences({"coverage_72h": 0.1, "people_days": 1e7})
    assert "-10.0 (-10.1 to -9.9) points" in gain
    assert "people wait 1.0 (1.0 to 1.0) M person-days a year more" in gain
    assert "-10.0 (-10.1 to -9.9) points of need met within 72 hours" in caution


def test_waiting_is_left_out_where_nobody_knows_how_many_people():
    gain, _, _ = sentences({"people_days": math.nan})
    assert "person-days" not in gain
    assert gain.endswith("points.")


def test_the_price_names_hubs_purchases_and_running_costs():
    _, price, _ = sentences()
    assert price.startswith(
        "For that it opens Manila, closes NBO, buys 500 units for 1.5 M USD at once and costs 60,000"
    )
    assert "60,000 USD more a year in hubs and storage" in price
    assert "freight changes by +500,000" in price


def test_the_price_says_its_period():
    assert "USD more in 90 days in hubs" in sentences(period_days=90.0)[1]


def test_the_caution_sets_the_promise_against_the_stress_test():
    _, _, caution = sentences()
    assert "promised 90.0 % within 72 hours where the stress test finds 40.0 % (39.0 to 41.0)" in caution
    assert "in no figure beside cost is the plan worse" in caution


def test_only_differences_beyond_chance_count_as_worse():
    _, differences = story({"kgco2e": 0.5, "shortage": 0.2005, "lost_units": 0.1})
    assert worse_figures(paired(differences)) == ["kgco2e"]


def test_many_worse_figures_end_in_a_count():
    worse = dict.fromkeys(["fill_rate", "coverage_7d", "coverage_14d", "coverage_30d", "coverage_72h"], 0.1)
    assert ", and 2 more." in sentences(worse)[2]


def test_every_figure_of_the_stress_test_has_a_label():
    assert set(UNITS) <= set(LABELS)
    assert set(BETTER) == set(UNITS)


def test_shares_become_percent():
    found = estimates(table({"fill_rate": 0.5, "lost_units": 3.0}, 0.25, plan="today"))["today"]
    assert found["fill_rate"] == Estimate(50.0, 25.0, 75.0, 50)
    assert found["lost_units"].low == 2.75


def test_no_difference_is_claimed_where_chance_explains_it():
    gain, price, _ = sentences({"coverage_72h": 0.2005, "people_days": 9e6, "freight_usd": 2e6})
    assert "no difference is shown beyond chance (+0.1 (0.0 to 0.2) points)" in gain
    assert "of waiting, no difference is shown beyond chance" in gain
    assert "a year less" not in gain
    assert "freight changes by 0.0 (0.0 to 0.0) USD a year (no difference is shown beyond chance)" in price


def test_the_caution_is_left_out_where_the_stress_test_finds_what_was_promised():
    kept = PLAN | {"coverage": {"72": 0.405, "168": 0.2, "336": 0.2, "720": 0.2}}
    assert len(told(*story(), TODAY, kept)) == 2
    (_, _, caution) = told(*story({"kgco2e": 0.5}), TODAY, kept)
    assert caution.startswith("Mind that, beyond chance, the plan is worse than today's stock by +0.3")


def test_few_replications_are_told_as_rough():
    assert rough_intervals(20) == ()
    assert rough_intervals(19) == ("19 replications give rough intervals; use 20 or more to rely on them",)


@pytest.mark.parametrize(
    ("estimate", "better", "reads"),
    [
        (Estimate(2, 1, 3, 9), "more", "better"),
        (Estimate(2, 1, 3, 9), "less", "worse"),
        (Estimate(2, -1, 5, 9), "more", "unclear"),
        (Estimate(0, 0, 0, 9), "less", ""),
        (Estimate(2, math.nan, math.nan, 1), "less", ""),
        (Estimate(2, 1, 3, 9), "", ""),
    ],
)
def test_a_difference_reads_as_better_worse_or_unclear(estimate, better, reads):
    assert estimate.reads(better) == reads


def test_numbers_are_short():
    assert [short(v) for v in (999_949, 999_950, 1234.5, 12.34, 7.0, math.nan)] == [
        "999,949",
        "1.0 M",
        "1,234",
        "12.3",
        "7",
        "unknown",
    ]
    assert change(Estimate(-2.5e6, -3e6, -2e6, 9)) == "-2.5 (-3.0 to -2.0) M"
    assert change(Estimate(1.5, math.nan, math.nan, 1)) == "+1.5"
    assert percent(Estimate(50, math.nan, math.nan, 1)) == "50.0 %"
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
