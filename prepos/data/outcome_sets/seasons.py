"""Sampled outcome sets: seasons in which several disasters draw on the same stock, or disasters one by one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from prepos.data.outcome_sets.events import Events, find_events
from prepos.data.outcome_sets.rates import Rates, find_rates
from prepos.data.outcome_sets.sampling import (
    Draws,
    SampleOptions,
    Source,
    draw_disasters,
    draw_seasons,
    needed,
    stream,
)
from prepos.data.outcome_sets.severity import Severity, fit_severity
from prepos.data.outcome_sets.tables import need_table, with_outcomes
from prepos.data.scenario import Scenario

Kind = Literal["seasons", "disasters"]


@dataclass(frozen=True)
class Process:
    """The process that outcomes are sampled from: what happened, how often, how large."""

    events: Events
    rates: Rates
    severity: Severity

    def as_dict(self) -> dict[str, Any]:
        """Return rates and fit as plain values; NaN and infinity as None."""
        number, cells = np.bincount(self.events.cell, minlength=len(self.events.cells)), self.events.cells
        rows = [
            {"region": region, "hazard": hazard, "events": int(n), "events_per_year": float(rate)}
            for (region, hazard), n, rate in zip(cells, number, self.rates.per_year, strict=True)
        ]
        return {
            "disasters": len(self.events.disasters),
            "events": len(self.events.people),
            "left_out": list(self.events.left_out),
            "events_per_year": float(self.rates.per_year.sum()),
            "rates": sorted(rows, key=lambda row: -row["events_per_year"]),
            "dispersion": [_plain(asdict(test)) for test in self.rates.dispersion],
            "severity": {
                "candidates": [candidate.as_dict() for candidate in self.severity.candidates],
                "largest_factor": self.severity.most,
                "quantiles": self.severity.quantiles().to_dict("list"),
            },
        }


@dataclass(frozen=True)
class Sampled:
    """A scenario that holds a sampled outcome set, with the process and the draws behind it."""

    scenario: Scenario
    process: Process
    draws: Draws

    def as_dict(self) -> dict[str, Any]:
        """Return what was sampled, beside what the history says of the same figures."""
        draws, process = self.draws, self.process
        scale = 1 / draws.outcomes
        return {
            "outcomes": draws.outcomes,
            "without_disaster": int(draws.outcomes - len(np.unique(draws.outcome))),
            "events_per_outcome": float(len(np.unique(draws.event)) * scale),
            "disasters_per_outcome": float(len(draws.outcome) * scale),
            "people_per_event": float(draws.people.sum() / max(len(np.unique(draws.event)), 1)),
            "people_per_event_in_history": float(process.events.people.mean()),
            "held_at_the_largest_factor": draws.held,
        }


def learn(scenario: Scenario, options: SampleOptions) -> Process:
    """Return the process that the disasters of a scenario speak for.

    Raises
    ------
    DataError
        When there is no disaster with people in need.
    """
    events = find_events(scenario, options.window_days, options.window_km)
    rates = find_rates(scenario, events, options.month_smoothing, options.law)
    return Process(events, rates, fit_severity(events, stream(options.seed, Source.FIT)))


def sample(scenario: Scenario, kind: Kind, options: SampleOptions, process: Process | None = None) -> Sampled:
    """Return a sampled outcome set, every outcome as likely; the same for the same seed.

    Parameters
    ----------
    kind
        ``"seasons"``: each outcome is a planning period of `options.period_days`; ``"disasters"``: each outcome is one
        event, and the yearly rate is that of events.
    process
        To sample from; None: learned from the disasters of the scenario.
    """
    process = process or learn(scenario, options)
    days = options.period_days or scenario.settings.period_days
    draws = draw(process, kind, options, days)
    quantity = needed(scenario, process.events, draws, options)
    places = process.events.disasters["site"].to_numpy(object)[draws.like]
    table = need_table(draws.outcome, places, scenario.items["item"].tolist(), quantity)
    stem = kind.removesuffix("s")
    names = [f"{stem}-{n:0{len(str(options.n))}d}" for n in range(1, options.n + 1)]
    settings = {"period_days": days} if kind == "seasons" else {"disasters_per_year": process.rates.per_year.sum()}
    source = f"sampled from disasters.csv of {scenario.name} with seed {options.seed}"
    chance = np.full(options.n, 1 / options.n)
    return Sampled(with_outcomes(scenario, kind, names, chance, table, source, **settings), process, draws)


def draw(process: Process, kind: Kind, options: SampleOptions, period_days: float) -> Draws:
    """Return sampled disasters without making tables of them."""
    events, rates, severity = process.events, process.rates, process.severity
    if kind == "seasons":
        return draw_seasons(events, rates, severity, options, period_days)
    return draw_disasters(events, rates, severity, options)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value for name, value in values.items()
    }
