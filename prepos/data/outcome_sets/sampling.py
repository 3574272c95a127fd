"""Sampled futures: which events strike in a period, where, when and how large; all arrays, one entry per disaster."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np

from prepos.data.months import MONTH_START, YEAR_DAYS, month_exposure
from prepos.data.need_rules import Floats, Ints, climate_of, person_need
from prepos.data.outcome_sets.events import WINDOW_DAYS, WINDOW_KM, Events
from prepos.data.outcome_sets.rates import Law, Rates
from prepos.data.outcome_sets.severity import Severity
from prepos.data.scenario import Scenario
from prepos.errors import UsageError


class Source(IntEnum):
    """Sources of chance, each with a stream of its own; the numbers are part of what a seed means."""

    FIT = 0
    START = 1
    COUNTS = 2
    DISPERSION = 3
    MONTHS = 4
    PLACES = 5
    SEVERITY = 6
    NEEDS = 7


def stream(seed: int, source: Source) -> np.random.Generator:
    """Return the random stream of one source."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(int(source),)))


@dataclass(frozen=True)
class SampleOptions:
    """How outcomes are sampled; the defaults work.

    Parameters
    ----------
    n
        Number of outcomes.
    seed
        Seed of all chance.
    period_days
        Length of a season; None: `period_days` of the scenario.
    start_month
        Month in which seasons start; None: on any day of the year, all as likely.
    law
        Law of the number of events: ``"test"`` takes the negative binomial where the history asks for it.
    month_smoothing
        Events added to each region and hazard, spread evenly over the year.
    uncertain_needs
        Draw an error of the needs of each disaster where need rules give `low` and `high`.
    window_days, window_km
        How near disasters of one event are to each other.

    Raises
    ------
    UsageError
        When a value is impossible.
    """

    n: int = 200
    seed: int = 1
    period_days: float | None = None
    start_month: int | None = None
    law: Law | Literal["test"] = "test"
    month_smoothing: float = 1.0
    uncertain_needs: bool = True
    window_days: int = WINDOW_DAYS
    window_km: float = WINDOW_KM

    def __post_init__(self) -> None:
        wrong = {
            f"n = {self.n} is below 1": self.n < 1,
            f"seed = {self.seed} is below 0": self.seed < 0,
            f"period of {self.period_days} days is not above 0": self.period_days is not None
            and not 0 < self.period_days < float("inf"),
            f"start month {self.start_month} is not from 1 to 12": self.start_month is not None
            and not 1 <= self.start_month <= 12,
            f"law {self.law!r} is not one of test, poisson, negative binomial": self.law
            not in ("test", "poisson", "negative binomial"),
            f"month smoothing {self.month_smoothing} is below 0": not self.month_smoothing >= 0,
        }
        faults = [text for text, is_wrong in wrong.items() if is_wrong]
        if faults:
            raise UsageError("; ".join(faults))


@dataclass(frozen=True)
class Draws:
    """Sampled disasters, N of them, in order of their outcome.

    Attributes
    ----------
    outcome : (N,)
        Number of the outcome, 0 to `outcomes` - 1.
    event : (N,)
        Number of the sampled event; disasters of one event share it.
    like : (N,)
        Position, in `Events.disasters`, of the historical disaster whose place is struck.
    month : (N,)
        1 to 12.
    people : (N,)
        People in need.
    outcomes
        Number of outcomes, those in which nothing happens included.
    held
        Events whose size was held at the largest that is ever drawn.
    """

    outcome: Ints
    event: Ints
    like: Ints
    month: Ints
    people: Floats
    outcomes: int
    held: int


def draw_seasons(events: Events, rates: Rates, severity: Severity, options: SampleOptions, period_days: float) -> Draws:
    """Draw planning periods: in each, events arrive by region, hazard and month, and draw on the same stock.

    The number of events of a cell in a period is Poisson with the rate of the cell in the months that the period
    meets; of an over-dispersed hazard the rates of a period are multiplied with one gamma variate, so that their yearly
    number is negative binomial.
    """
    start = stream(options.seed, Source.START).random(options.n) * YEAR_DAYS
    if options.start_month is not None:
        start = np.full(options.n, MONTH_START[options.start_month - 1])
    exposure = month_exposure(start, period_days)
    expected = exposure @ (rates.months * rates.per_year[:, None]).T
    expected *= _multipliers(events, rates, options, period_days)
    count = stream(options.seed, Source.COUNTS).poisson(expected)
    outcome, cell = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
    weight = np.cumsum(rates.months[cell] * exposure[outcome], axis=1)
    return _strike(events, severity, options, outcome, cell, weight)


def draw_disasters(events: Events, rates: Rates, severity: Severity, options: SampleOptions) -> Draws:
    """Draw single events: each outcome is one, of a cell and a month in proportion to their rates."""
    at = stream(options.seed, Source.COUNTS).random(options.n)
    cell = _pick(np.cumsum(rates.per_year), at)
    return _strike(events, severity, options, np.arange(options.n), cell, np.cumsum(rates.months, axis=1)[cell])


def needed(scenario: Scenario, events: Events, draws: Draws, options: SampleOptions) -> Floats:
    """Return the units that each sampled disaster calls for, (N, K)."""
    months = 13
    case, at = np.unique(draws.like * months + draws.month, return_inverse=True)
    like, month = case // months, case % months
    place = events.disasters.iloc[like]
    given = place["climate"].to_numpy(object)
    climate = np.where(given == "", climate_of(place["lat"].to_numpy(float), month), given)
    each = person_need(scenario, place["hazard"].to_numpy(object), climate, month).at(at)
    units = each.units
    if options.uncertain_needs:
        errors = stream(options.seed, Source.NEEDS).standard_normal(int(draws.event.max(initial=-1)) + 1)
        units = each.scaled(errors[draws.event])
    quantity: Floats = np.nan_to_num(units) * (draws.people * scenario.settings.share_from_stock)[:, None]
    return quantity


def _multipliers(events: Events, rates: Rates, options: SampleOptions, period_days: float) -> Floats:
    """Return the gamma multiplier of each period and cell, the same for all cells of a hazard; 1 for Poisson."""
    hazards, hazard = np.unique(np.array([hazard for _, hazard in events.cells]), return_inverse=True)
    first = np.array([int(np.flatnonzero(hazard == n)[0]) for n in range(len(hazards))], dtype=np.int64)
    size = rates.size[first] * max(period_days / YEAR_DAYS, 1.0)
    drawn = stream(options.seed, Source.DISPERSION).gamma(np.minimum(size, 1e12), size=(options.n, len(hazards)))
    multiplier: Floats = np.where(np.isfinite(size), drawn / np.minimum(size, 1e12), 1.0)[:, hazard]
    return multiplier


def _strike(
    events: Events, severity: Severity, options: SampleOptions, outcome: Ints, cell: Ints, months: Floats
) -> Draws:
    """Give each sampled event of a cell a month, a place and a size; `months` is cumulative, (events, 12)."""
    number = len(outcome)
    at = stream(options.seed, Source.MONTHS).random((number, 1))
    month = (months < at * months[:, -1:]).sum(axis=1).clip(max=11) + 1
    order = np.argsort(events.cell, kind="stable")
    known = np.bincount(events.cell, minlength=len(events.cells))
    offset = (stream(options.seed, Source.PLACES).random(number) * known[cell]).astype(np.int64)
    like = order[(np.cumsum(known) - known)[cell] + np.minimum(offset, known[cell] - 1)]
    factor, held = severity.draw(stream(options.seed, Source.SEVERITY).random(number))
    people = severity.usual[like] * factor
    size = np.diff(events.first)[like]
    event = np.repeat(np.arange(number), size)
    member = events.first[like][event] + np.arange(len(event)) - (np.cumsum(size) - size)[event]
    share = events.disasters["people"].to_numpy(float)[member] / events.people[like][event]
    return Draws(
        outcome=outcome[event].astype(np.int64),
        event=event,
        like=member,
        month=month[event],
        people=people[event] * share,
        outcomes=options.n,
        held=held,
    )


def _pick(cumulative: Floats, uniform: Floats) -> Ints:
    found = np.searchsorted(cumulative, uniform * cumulative[-1], side="right")
    position: Ints = np.minimum(found, len(cumulative) - 1).astype(np.int64)
    return position
