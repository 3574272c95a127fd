from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from prepos.simulation import SimulationOptions
from prepos.simulation.hazards import (
    HOURS_PER_YEAR,
    Catalogue,
    Source,
    Storms,
    build_catalogue,
    draw_storms,
    lognormal,
    stream,
)
from tests.simulation.cases import build, item, lane, two_hubs

SHAPE = (2, 2, 2)


def draw(catalogue: Catalogue, replication: int = 0, **options: Any) -> Storms:
    return draw_storms(catalogue, SimulationOptions(**options), replication, SHAPE)


def test_disasters_arrive_at_the_rate_of_the_scenario() -> None:
    catalogue = build_catalogue(two_hubs(), 1.0)
    counts = np.array([len(draw(catalogue, r).strikes) for r in range(400)])
    assert counts.mean() == pytest.approx(6.0, abs=3 * np.sqrt(6.0 / 400))
    assert counts.var() == pytest.approx(6.0, rel=0.25)  # Poisson: variance = mean


def test_a_season_of_half_a_year_gives_a_rate_for_the_year() -> None:
    catalogue = build_catalogue(two_hubs({"period_days": 182.5}), 1.0)
    assert catalogue.per_year == pytest.approx(6.0)


def test_outcomes_strike_in_proportion_to_their_probability() -> None:
    instance = two_hubs(outcomes=[{"outcome": "x", "probability": 0.9}, {"outcome": "y", "probability": 0.1}])
    storms = draw(build_catalogue(instance, 1.0), years=1000)
    share = np.mean([strike.mark == 0 for strike in storms.strikes])
    assert share == pytest.approx(0.9, abs=0.015)


def test_an_outcome_without_needs_brings_no_disaster() -> None:
    instance = two_hubs(outcomes=[{"outcome": w, "probability": p} for w, p in (("x", 0.2), ("y", 0.2), ("none", 0.6))])
    storms = draw(build_catalogue(instance, 1.0), years=500)
    assert len(storms.strikes) / 500 == pytest.approx(6.0 * 0.4, rel=0.1)


def _dated(hazard_y: str = "FL") -> Any:
    return two_hubs(
        disasters=[
            {"disaster": "x", "date": "2015-04-25", "site": "X", "hazard": "EQ", "people_in_need": 1.0},
            {"disaster": "y", "date": "2015-12-01", "site": "Y", "hazard": hazard_y, "people_in_need": 1.0},
        ]
    )


def test_disasters_strike_in_the_months_of_their_region_and_hazard() -> None:
    storms = draw(build_catalogue(_dated(), 0.0), years=200)
    day = np.array([strike.onset for strike in storms.strikes]) % HOURS_PER_YEAR / 24
    of_x = np.array([strike.mark == 0 for strike in storms.strikes])
    assert ((day[of_x] >= 90) & (day[of_x] < 120)).all()
    assert (day[~of_x] >= 334).all()


def test_smoothing_spreads_disasters_over_the_year() -> None:
    shares = np.diff(build_catalogue(_dated(), 1.0).cumulative_month, axis=1, prepend=0.0)
    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert shares[0, 3] == pytest.approx((1 + 30 / 365) / 2)
    assert shares[0, 0] == pytest.approx(31 / 365 / 2)


def test_without_dates_every_day_is_alike() -> None:
    shares = np.diff(build_catalogue(two_hubs(), 0.0).cumulative_month, axis=1, prepend=0.0)
    assert shares[0] == pytest.approx(np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 365)


def test_a_season_strikes_its_sites_one_by_one_within_the_season() -> None:
    instance = build(
        {"outcomes": "seasons", "period_days": 73.0},
        hubs=[{"hub": "A"}],
        items=[item("tent")],
        sites=[{"site": s} for s in "XYZ"],
        outcomes=[{"outcome": "wet", "probability": 1.0}],
        needs=[{"outcome": "wet", "site": s, "item": "tent", "quantity": 1.0} for s in "XYZ"],
        lanes=[lane("A", s, "road", 5.0) for s in "XYZ"],
    )
    storms = draw(build_catalogue(instance, 1.0))
    onset = np.array([strike.onset for strike in storms.strikes])
    season = (onset // (73 * 24)).astype(int)
    assert np.bincount(season).tolist() == [3, 3, 3, 3, 3]
    assert len(set(onset.tolist())) == 15


def test_one_disaster_strikes_all_its_sites_at_once() -> None:
    instance = two_hubs(
        needs=[{"outcome": "x", "site": s, "item": "tent", "quantity": 1.0} for s in "XY"],
        outcomes=[{"outcome": "x", "probability": 1.0}],
    )
    catalogue = build_catalogue(instance, 1.0)
    assert [len(mark.sites) for mark in catalogue.marks] == [2]


def test_the_same_seed_and_number_give_the_same_storms() -> None:
    catalogue = build_catalogue(two_hubs(), 1.0)
    first, again, other = draw(catalogue, 3), draw(catalogue, 3), draw(catalogue, 4)
    assert _arrivals(first) == _arrivals(again)
    assert _arrivals(first) != _arrivals(other)
    assert np.array_equal(first.lane_factor, again.lane_factor)


def test_sources_of_chance_do_not_disturb_each_other() -> None:
    catalogue = build_catalogue(two_hubs(), 1.0)
    calm = draw(catalogue, outages_per_year=0.0, severity_sigma=0.0, lead_time_law="fixed")
    rough = draw(catalogue, outages_per_year=5.0, severity_sigma=0.8, lead_time_law="exponential")
    assert _arrivals(calm) == _arrivals(rough)
    assert np.array_equal(calm.lane_factor, rough.lane_factor)
    assert np.array_equal(calm.estimate, rough.estimate)


def test_every_source_of_every_replication_has_a_stream_of_its_own() -> None:
    first = [stream(1, replication, source).random() for replication in range(20) for source in Source]
    assert len(set(first)) == len(first)
    assert stream(1, 3, Source.NEEDS).random() == first[3 * len(Source) + Source.NEEDS]


def test_surprises_of_different_kinds_go_apart() -> None:
    storms = draw(build_catalogue(two_hubs(), 1.0), years=200)
    catalogue = build_catalogue(two_hubs(), 1.0)
    kinds = np.log(
        [
            [strike.need.max() / catalogue.marks[strike.mark].need.max() for strike in storms.strikes],
            storms.estimate[:, 0],
            storms.lane_factor[:, 0, 0],
            storms.lane_factor[:, 1, 0],
            storms.customs_factor[:, 0, 0],
        ]
    )
    together = np.corrcoef(kinds) - np.eye(len(kinds))
    assert np.abs(together).max() < 4 / np.sqrt(len(storms.strikes))


def test_noise_keeps_the_mean() -> None:
    normal = np.random.default_rng(1).standard_normal(400_000)
    assert lognormal(normal, 0.8).mean() == pytest.approx(1.0, abs=0.005)
    assert (lognormal(normal, 0.0) == 1.0).all()


def test_the_last_estimate_is_the_true_need() -> None:
    storms = draw(build_catalogue(two_hubs(), 1.0), years=10)
    assert (storms.estimate[:, -1] == 1.0).all()
    assert np.abs(np.log(storms.estimate)).mean(axis=0)[0] > 0.2


def test_severity_scales_all_items_of_a_disaster_alike() -> None:
    catalogue = build_catalogue(two_hubs(), 1.0)
    storms = draw(catalogue, severity_sigma=0.5, years=20)
    for strike in storms.strikes:
        needed = catalogue.marks[strike.mark].need > 0
        ratio = strike.need[needed] / catalogue.marks[strike.mark].need[needed]
        assert ratio == pytest.approx(ratio[0])


def _arrivals(storms: Storms) -> list[tuple[float, int]]:
    return [dataclasses.astuple(strike)[2:0:-1] for strike in storms.strikes]
