"""How often: the rate of events by region, hazard and month, and whether years differ more than chance alone says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from prepos.data.months import month_shares
from prepos.data.need_rules import Floats
from prepos.data.outcome_sets.events import Events
from prepos.data.outcomes import disasters_per_year
from prepos.data.scenario import Scenario

SIGNIFICANCE = 0.05
FEWEST_YEARS = 5

Law = Literal["poisson", "negative binomial"]


@dataclass(frozen=True)
class Dispersion:
    """Whether the yearly number of events of one hazard varies more than a Poisson process would.

    Attributes
    ----------
    events, years
        What the test rests on.
    mean, variance
        Of the yearly numbers.
    p
        Probability of so large a variance if the process were Poisson (index of dispersion, chi-square with
        years - 1 degrees of freedom); NaN with fewer than `FEWEST_YEARS` years.
    p_without_largest
        The same without the year that has the most events: one year recorded more fully than the others is no
        evidence of a process.
    law
        ``"negative binomial"`` where both, corrected for the number of hazards (Holm 1979), are below `SIGNIFICANCE`.
    size
        Size of the negative binomial: variance = mean + mean^2 / size; inf for Poisson.
    """

    hazard: str
    events: int
    years: int
    mean: float
    variance: float
    p: float
    p_without_largest: float
    law: Law = "poisson"
    size: float = float("inf")


@dataclass(frozen=True)
class Rates:
    """The point process of events; C cells of region and hazard.

    Attributes
    ----------
    per_year : (C,)
        Expected events in a year.
    months : (C, 12)
        Share of them that strikes in each month.
    size : (C,)
        Size of the negative binomial of the cell's hazard; inf where Poisson.
    dispersion
        The test of each hazard.
    """

    per_year: Floats
    months: Floats
    size: Floats
    dispersion: tuple[Dispersion, ...]


def find_rates(
    scenario: Scenario, events: Events, month_smoothing: float, law: Law | Literal["test"] = "test"
) -> Rates:
    """Return the rates of a history.

    A cell has its share of all events. The number of events in a year is `disasters_per_year` of the scenario (given,
    or counted from the dates) x events / disasters of the table.

    Parameters
    ----------
    month_smoothing
        Events added to each cell, spread evenly over the year, so that a month without any is not impossible.
    law
        ``"test"``: negative binomial for the hazards whose years vary too much for Poisson (see `Dispersion`).
    """
    count = np.bincount(events.cell, minlength=len(events.cells)).astype(np.float64)
    yearly = yearly_events(scenario, events)
    tests = dispersion_tests(events, law)
    size = {test.hazard: test.size for test in tests}
    return Rates(
        per_year=yearly * count / count.sum(),
        months=month_shares(events.cell, events.month, len(events.cells), month_smoothing),
        size=np.array([size[hazard] for _, hazard in events.cells]),
        dispersion=tests,
    )


def yearly_events(scenario: Scenario, events: Events) -> float:
    """Return the expected number of events in a year; disasters without people in need count for none."""
    return disasters_per_year(scenario) * len(events.people) / max(len(scenario.disasters), 1)


def dispersion_tests(events: Events, law: Law | Literal["test"] = "test") -> tuple[Dispersion, ...]:
    """Return the test of each hazard, in order of its first event."""
    known = events.year > 0
    span = np.arange(events.year[known].min(), events.year[known].max() + 1) if known.any() else np.array([], np.int64)
    hazards = np.array([hazard for _, hazard in events.cells])[events.cell]
    tests = []
    for hazard in dict.fromkeys(hazards.tolist()):
        mine = known & (hazards == hazard)
        tests.append(_dispersion(hazard, (events.year[mine][:, None] == span).sum(axis=0).astype(np.float64)))
    chosen = _holm([max(test.p, test.p_without_largest) for test in tests]) if law == "test" else [law] * len(tests)
    return tuple(_with_law(test, each) for test, each in zip(tests, chosen, strict=True))


def _dispersion(hazard: str, yearly: Floats) -> Dispersion:
    years = len(yearly)
    mean = float(yearly.mean()) if years else 0.0
    variance = float(yearly.var(ddof=1)) if years > 1 else float("nan")
    rest = np.delete(yearly, np.argmax(yearly)) if years else yearly
    return Dispersion(hazard, int(yearly.sum()), years, mean, variance, _dispersion_p(yearly), _dispersion_p(rest))


def _dispersion_p(yearly: Floats) -> float:
    from scipy.special import gammaincc

    if len(yearly) < FEWEST_YEARS - 1 or yearly.sum() == 0:
        return float("nan")
    statistic = ((yearly - yearly.mean()) ** 2).sum() / yearly.mean()
    return float(gammaincc((len(yearly) - 1) / 2, statistic / 2))


def _holm(p: list[float]) -> list[Law]:
    """Return the law of each hazard by Holm's step-down correction of its p-value."""
    laws: list[Law] = ["poisson"] * len(p)
    order = sorted((value, n) for n, value in enumerate(p) if not np.isnan(value))
    for rank, (value, n) in enumerate(order):
        if value > SIGNIFICANCE / (len(order) - rank):
            break
        laws[n] = "negative binomial"
    return laws


def _with_law(test: Dispersion, law: Law) -> Dispersion:
    over = test.variance - test.mean
    size = test.mean**2 / over if law == "negative binomial" and over > 0 else float("inf")
    return replace(test, law="negative binomial" if np.isfinite(size) else "poisson", size=size)
