"""The past as it was: each disaster, each event or each year of the history is one outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from prepos.data.need_rules import Ints
from prepos.data.outcome_sets.events import Events, find_events
from prepos.data.outcome_sets.rates import yearly_events
from prepos.data.outcome_sets.tables import with_outcomes
from prepos.data.outcomes import needs
from prepos.data.scenario import Scenario, empty_table
from prepos.errors import DataError, Problem

By = Literal["disaster", "event", "year"]


def history(scenario: Scenario, by: By = "event") -> Scenario:
    """Return the scenario with its disasters, as they were, for outcomes; all as likely.

    Parameters
    ----------
    by
        ``"disaster"``: each row of disasters.csv; ``"event"``: disasters of one event together (see `find_events`);
        ``"year"``: each calendar year is a season of 365 days, quiet years included.

    Raises
    ------
    DataError
        When there is no disaster with people in need, or, by year, when one of them has no date.
    """
    events = find_events(scenario)
    label, names = _labels(scenario, events, by)
    computed = needs(replace(scenario, outcomes=empty_table("outcomes"), needs=empty_table("needs")))
    outcome = computed["outcome"].map(dict(zip(events.disasters["disaster"], label.tolist(), strict=True)))
    table = computed.assign(outcome=outcome.astype("int64")).groupby(["outcome", "site", "item"], as_index=False).sum()
    chance = np.full(len(names), 1 / len(names))
    settings: dict[str, Any] = {"period_days": 365.0}
    if by != "year":
        per_event = len(names) / len(events.people)
        settings = {"disasters_per_year": float(yearly_events(scenario, events) * per_event)}
    kind: Literal["seasons", "disasters"] = "seasons" if by == "year" else "disasters"
    source = f"history of disasters.csv of {scenario.name}, by {by}"
    return with_outcomes(scenario, kind, names, chance, table, source, **settings)


def _labels(scenario: Scenario, events: Events, by: By) -> tuple[Ints, list[str]]:
    """Return the outcome of each disaster, and the names of the outcomes."""
    rows = events.disasters
    if by == "disaster":
        return np.arange(len(rows)), rows["disaster"].tolist()
    event = np.repeat(np.arange(len(events.people)), np.diff(events.first))
    if by == "event":
        return event, events.largest["disaster"].tolist()
    undated = rows.loc[rows["year"] == 0, "disaster"].tolist()
    if undated:
        message = f"has disasters without a date ({', '.join(undated[:5])}); a history by year needs them"
        raise DataError(scenario.name, [Problem("disasters.csv", message, column="date")])
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return (events.year - first)[event], [f"year-{year}" for year in range(first, last + 1)]
