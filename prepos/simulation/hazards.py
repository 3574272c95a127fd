"""The storms: which disasters strike when, how large they are, and every other surprise, drawn before anything happens.

Each source of chance has a random stream of its own, found by (seed, replication, source), and nothing in it depends
on a plan: two plans meet the same disasters, the same delays on the same lane, the same outages and lead times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from prepos.data.months import MONTH_DAYS, MONTH_START, month_shares
from prepos.instance import DAYS_PER_YEAR, Floats, Instance, Ints
from prepos.simulation.restock import LeadTimes

if TYPE_CHECKING:
    from prepos.simulation.options import SimulationOptions

HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = DAYS_PER_YEAR * HOURS_PER_DAY


class Source(IntEnum):
    """Sources of chance, each with a stream of its own; the numbers are part of what a seed means."""

    ARRIVALS = 0
    NEEDS = 1
    DELAYS = 2
    OUTAGES = 3
    REPLENISHMENT = 4


def stream(seed: int, replication: int, source: Source) -> np.random.Generator:
    """Return the random stream of one source in one replication, the same in whatever process it is asked for."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replication, int(source))))


@dataclass(frozen=True)
class Mark:
    """One disaster that can strike, as the scenario knows it.

    Attributes
    ----------
    outcome
        Outcome that it belongs to (position w).
    sites : (S,)
        Sites that need something (positions j).
    need : (S, K)
        Units needed.
    """

    outcome: int
    sites: Ints
    need: Floats


@dataclass(frozen=True)
class Catalogue:
    """Everything that can strike, and how often.

    Attributes
    ----------
    marks
        One disaster per outcome with needs; of a season, one per site.
    of_outcome
        Outcome -> its marks; none for an outcome in which nothing is needed.
    cumulative : (W,)
        Cumulative probability of outcomes.
    cumulative_month : (W, 12)
        Cumulative probability of the month in which an outcome of this region and hazard strikes.
    per_year
        Expected number of outcomes in a year.
    season_hours
        Length of a season; None where each outcome is one disaster.
    """

    marks: tuple[Mark, ...]
    of_outcome: tuple[tuple[int, ...], ...]
    cumulative: Floats
    cumulative_month: Floats
    per_year: float
    season_hours: float | None


@dataclass(frozen=True)
class Strike:
    """A disaster of one replication: its mark, its onset (hours) and its true needs (S, K)."""

    number: int
    mark: int
    onset: float
    need: Floats


@dataclass(frozen=True)
class Outage:
    """A hub that is struck: when (hours), for how long (hours), and the share of its stock that is lost."""

    hub: int
    start: float
    hours: float
    loss: float


@dataclass(frozen=True)
class Storms:
    """All that chance decides in one replication; the same for every plan.

    Attributes
    ----------
    strikes
        Disasters in order of onset.
    estimate : (D, steps)
        Estimated / true need at each estimate.
    lane_factor : (D, sources, modes)
        Actual / expected hours of a lane without its customs, by disaster, source and mode.
    customs_factor : (D, S, modes)
        Actual / expected customs hours, by disaster, its site and mode.
    outages
        Hubs struck.
    lead_times
        Actual / expected lead time of the n-th order of each hub.
    """

    strikes: tuple[Strike, ...]
    estimate: Floats
    lane_factor: Floats
    customs_factor: Floats
    outages: tuple[Outage, ...]
    lead_times: LeadTimes


def build_catalogue(instance: Instance, month_smoothing: float) -> Catalogue:
    """Return what can strike in a scenario.

    Disasters arrive as a Poisson process. A region and hazard has the rate of its own outcomes, in the months in which
    those happened (`month_smoothing` disasters are added, spread evenly over the year; evenly where no date is known);
    what strikes is one of these outcomes, in proportion to their probabilities.
    """
    settings = instance.scenario.settings
    seasons = settings.outcomes == "seasons"
    marks: list[Mark] = []
    of_outcome: list[tuple[int, ...]] = []
    for outcome, (sites, need) in enumerate(_needs_by_outcome(instance)):
        parts = [slice(s, s + 1) for s in range(len(sites))] if seasons else [slice(None)] if len(sites) else []
        of_outcome.append(tuple(range(len(marks), len(marks) + len(parts))))
        marks.extend(Mark(outcome, sites[part], need[part]) for part in parts)
    return Catalogue(
        marks=tuple(marks),
        of_outcome=tuple(of_outcome),
        cumulative=np.cumsum(instance.probability) / instance.probability.sum(),
        cumulative_month=np.cumsum(_month_shares(instance, month_smoothing), axis=1),
        per_year=instance.recourse_weight * DAYS_PER_YEAR / settings.period_days,
        season_hours=settings.period_days * HOURS_PER_DAY if seasons else None,
    )


def _needs_by_outcome(instance: Instance) -> list[tuple[Ints, Floats]]:
    needs = instance.needs
    found = []
    order = np.argsort(needs.w, kind="stable")
    bounds = np.searchsorted(needs.w[order], np.arange(len(instance.outcomes) + 1))
    for first, last in pairwise(bounds.tolist()):
        rows = order[first:last]
        sites, at = np.unique(needs.j[rows], return_inverse=True)
        need = np.zeros((len(sites), len(instance.items)))
        np.add.at(need, (at, needs.k[rows]), needs.quantity[rows])
        found.append((sites, need))
    return found


def _month_shares(instance: Instance, smoothing: float) -> Floats:
    """Return the probability of each month, (W, 12), alike for outcomes of one region and hazard."""
    table = instance.scenario.disasters.set_index("disaster").reindex(list(instance.outcomes))
    month = pd.to_datetime(table["date"].replace("", None), format="%Y-%m-%d", errors="coerce").dt.month
    month_number: Ints = np.array(month.fillna(0), dtype=np.int64)
    first_site = {int(w): int(j) for w, j in zip(instance.needs.w[::-1], instance.needs.j[::-1], strict=True)}
    region = [instance.regions[first_site[w]] if w in first_site else "" for w in range(len(instance.outcomes))]
    cells = list(zip(region, table["hazard"].fillna(""), strict=True))
    numbers = {cell: n for n, cell in enumerate(dict.fromkeys(cells))}
    cell = np.array([numbers[each] for each in cells], dtype=np.int64)
    shares: Floats = month_shares(cell, month_number, len(numbers), smoothing)[cell]
    return shares


def draw_storms(
    catalogue: Catalogue, options: SimulationOptions, replication: int, shape: tuple[int, int, int]
) -> Storms:
    """Draw one replication; `shape` is the number of hubs, of sources and of modes."""
    rng = stream(options.seed, replication, Source.ARRIVALS)
    if catalogue.season_hours is None:
        arrivals = _arrivals_of_disasters(catalogue, options.years, rng)
    else:
        arrivals = _arrivals_of_seasons(catalogue, catalogue.season_hours, options.years, rng)
    return script_storms(catalogue, options, replication, shape, arrivals)


def script_storms(
    catalogue: Catalogue,
    options: SimulationOptions,
    replication: int,
    shape: tuple[int, int, int],
    arrivals: Sequence[tuple[float, int]],
) -> Storms:
    """Return the storms of given arrivals (onset in hours, mark), everything else drawn as in `draw_storms`."""
    hubs, sources, modes = shape
    needs = stream(options.seed, replication, Source.NEEDS)
    delays = stream(options.seed, replication, Source.DELAYS)
    restock = stream(options.seed, replication, Source.REPLENISHMENT)
    arrivals = sorted(arrivals)
    severity = lognormal(needs.standard_normal(len(arrivals)), options.severity_sigma)
    first_error = needs.standard_normal((len(arrivals), 1))
    most_sites = max((len(mark.sites) for mark in catalogue.marks), default=0)
    return Storms(
        strikes=tuple(
            Strike(number, mark, onset, catalogue.marks[mark].need * severity[number])
            for number, (onset, mark) in enumerate(arrivals)
        ),
        estimate=lognormal(first_error, options.estimate_sigma * np.array(options.error_left)),
        lane_factor=lognormal(delays.standard_normal((len(arrivals), sources, modes)), options.lane_sigma),
        customs_factor=lognormal(delays.standard_normal((len(arrivals), most_sites, modes)), options.customs_sigma),
        outages=_draw_outages(options, hubs, stream(options.seed, replication, Source.OUTAGES)),
        lead_times=LeadTimes(hubs, options.lead_time_law, options.lead_time_sigma, restock),
    )


def lognormal(normal: Floats, sigma: float | Floats) -> Floats:
    r"""Return :math:`e^{\sigma z - \sigma^2/2}`: lognormal with mean 1, exactly 1 where sigma is 0."""
    factor: Floats = np.exp(sigma * normal - np.square(sigma) / 2)
    return factor


def _arrivals_of_disasters(catalogue: Catalogue, years: int, rng: np.random.Generator) -> list[tuple[float, int]]:
    number = int(rng.poisson(catalogue.per_year * years))
    outcome = np.searchsorted(catalogue.cumulative, rng.random(number), side="right")
    outcome = np.minimum(outcome, len(catalogue.of_outcome) - 1)
    month = (catalogue.cumulative_month[outcome] < rng.random((number, 1))).sum(axis=1).clip(max=11)
    day = MONTH_START[month] + rng.random(number) * MONTH_DAYS[month]
    onset = rng.integers(years, size=number) * HOURS_PER_YEAR + day * HOURS_PER_DAY
    return [(float(t), m) for t, w in zip(onset, outcome, strict=True) for m in catalogue.of_outcome[w]]


def _arrivals_of_seasons(
    catalogue: Catalogue, season_hours: float, years: int, rng: np.random.Generator
) -> list[tuple[float, int]]:
    """One outcome per season; its sites are struck one by one, at even odds over the season."""
    seasons = max(1, round(years * HOURS_PER_YEAR / season_hours))
    outcome = np.searchsorted(catalogue.cumulative, rng.random(seasons), side="right")
    outcome = np.minimum(outcome, len(catalogue.of_outcome) - 1)
    return [
        ((season + rng.random()) * season_hours, mark)
        for season, w in enumerate(outcome)
        for mark in catalogue.of_outcome[w]
    ]


def _draw_outages(options: SimulationOptions, hubs: int, rng: np.random.Generator) -> tuple[Outage, ...]:
    span = options.years * HOURS_PER_YEAR + options.response_days * HOURS_PER_DAY
    count = rng.poisson(options.outages_per_year * span / HOURS_PER_YEAR, size=hubs)
    hub = np.repeat(np.arange(hubs), count)
    start = rng.random(len(hub)) * span
    hours = rng.exponential(options.outage_days * HOURS_PER_DAY, len(hub))
    found = [Outage(int(i), float(t), float(h), options.outage_loss) for i, t, h in zip(hub, start, hours, strict=True)]
    return tuple(sorted(found, key=lambda outage: outage.start))
