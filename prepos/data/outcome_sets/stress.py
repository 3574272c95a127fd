"""Stress sets: named what-ifs, each with a probability, put beside the outcomes as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from prepos.data.closures import PASSAGES, UNSEEN_BY_GIVEN_LANES, passage
from prepos.data.outcome_sets.events import Events, find_events
from prepos.data.outcome_sets.sampling import Draws, SampleOptions, Source, needed, stream
from prepos.data.outcome_sets.tables import BY_OUTCOME, NOTHING, declared_table, need_table, spelled_out
from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import UsageError

LARGE = 0.9
"""An event is large when its people in need reach this quantile of the history."""


@dataclass(frozen=True)
class WhatIf:
    """One what-if: what happens, and how likely it is in an outcome.

    Parameters
    ----------
    name
        Follows the name of an outcome after ``"+"``.
    probability
        That the what-if comes on top of an outcome.
    effects
        (effect, argument), such as ``("hub", "DXB")``; all of them happen together.
    """

    name: str
    probability: float
    effects: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Situation:
    """What an effect changes: a scenario, and the names of the outcomes in which the what-if has happened."""

    scenario: Scenario
    names: tuple[str, ...]
    seed: int


Effect = Callable[[Situation, str], Scenario]


def parse_what_if(text: str) -> WhatIf:
    """Return the what-if that a text describes: effects joined by ``+``, then ``@`` and the probability.

    ``"hub=DXB@0.02"``, ``"passage=Suez+needs=1.5@0.01"``, ``"two-large@0.05"``.

    Raises
    ------
    UsageError
        When it describes none; says what would be right.
    """
    body, sign, chance = text.rpartition("@")
    try:
        probability = float(chance)
    except ValueError:
        probability = math.nan
    if not sign or not 0 < probability <= 1:
        raise UsageError(f"what-if '{text}' states no probability above 0 and up to 1; write {body or text}@0.05")
    effects = tuple((part.partition("=")[0].strip(), part.partition("=")[2].strip()) for part in body.split("+"))
    for name, _ in effects:
        if name not in EFFECTS:
            known = ", ".join(EFFECTS)
            raise UsageError(f"what-if '{text}': '{name}' is not one of {known}{nearest(name, EFFECTS)}")
    return WhatIf(body, probability, effects)


def stress(scenario: Scenario, what_ifs: Iterable[WhatIf | str], seed: int = 1) -> Scenario:
    """Return the scenario with every outcome also as it would be under each what-if.

    An outcome w of probability p becomes w with p (1 - sum of the what-ifs' probabilities) and, for each what-if s of
    probability q, ``w+s`` with p q: what-ifs strike whatever else happens, one at a time. Those that are to happen
    together are one what-if with several effects. Outcomes in which nothing is needed become one.

    Raises
    ------
    UsageError
        When a what-if names something unknown, or the probabilities sum to more than 1.
    """
    asked = [parse_what_if(each) if isinstance(each, str) else each for each in what_ifs]
    total = sum(each.probability for each in asked)
    if total > 1 + 1e-9:
        raise UsageError(f"the probabilities of the what-ifs sum to {total:g}; they may not pass 1")
    base = spelled_out(scenario)
    parts = [_scaled(base, max(1 - total, 0.0))] if total < 1 - 1e-9 else []
    for number, each in enumerate(asked):
        situation = Situation(*_renamed(base, each), seed + number)
        for effect, argument in each.effects:
            situation = replace(situation, scenario=EFFECTS[effect](situation, argument))
        parts.append(situation.scenario)
    tables: dict[str, Any] = {
        name: _stacked([_general(base.table(name)), *(_special(part.table(name)) for part in parts)])
        for name in BY_OUTCOME
    }
    return _without_idle(replace(scenario, warnings=(), **tables))


def hub_struck(situation: Situation, argument: str) -> Scenario:
    """Take the stock of a hub away: ``hub=DXB``, or a share of it that is left, ``hub=DXB:0.5``."""
    hub, _, left = argument.partition(":")
    known = situation.scenario.hubs["hub"].tolist()
    if hub not in known:
        raise UsageError(f"what-if hub={argument}: '{hub}' is not in hubs.csv{nearest(hub, known)}")
    share = _number(f"hub={argument}", left or "0", 0.0, 1.0)
    table = situation.scenario.availability
    others = table[~(table["outcome"].isin(situation.names) & (table["hub"] == hub))]
    rows = declared_table("availability", outcome=situation.names, hub=hub, share=share, basis="illustrative")
    return replace(situation.scenario, availability=_stacked([others, rows]))


def closed(kind: str) -> Effect:
    """Return the effect that closes something of a kind of closures.csv: ``passage=Suez``, ``port=KEMBA``."""

    def close(situation: Situation, argument: str) -> Scenario:
        what = f"what-if {kind}={argument}"
        if not argument:
            raise UsageError(f"{what} names nothing to close")
        if kind in UNSEEN_BY_GIVEN_LANES and len(situation.scenario.lanes):
            raise UsageError(f"{what}: the scenario gives its lanes, which a closed {kind} does not change")
        known = passage(argument) if kind == "passage" else argument
        if known is None:
            raise UsageError(f"{what}: no such passage{nearest(argument, PASSAGES)}; known: {', '.join(PASSAGES)}")
        rows = declared_table("closures", outcome=situation.names, kind=kind, id=known, basis="illustrative")
        return replace(situation.scenario, closures=_stacked([situation.scenario.closures, rows]))

    return close


def needs_times(situation: Situation, argument: str) -> Scenario:
    """Multiply every need: ``needs=1.5`` for 50 % more."""
    factor = _number(f"needs={argument}", argument, 0.0, math.inf)
    table = situation.scenario.needs
    mine = table["outcome"].isin(situation.names)
    changed = table["quantity"].where(~mine, table["quantity"] * factor)
    return replace(situation.scenario, needs=table.assign(quantity=changed))


def two_large(situation: Situation, argument: str) -> Scenario:
    """Let two large disasters strike in one month: ``two-large``, or from a quantile of the past, ``two-large=0.95``.

    A month is drawn among those of large events, then two of them that struck in it; where it has only one, the second
    is drawn from all. In seasons they come on top of what happens, otherwise they are what happens.
    """
    scenario, names = situation.scenario, situation.names
    events = find_events(scenario)
    quantile = _number(f"two-large={argument}", argument or str(LARGE), 0.0, 1.0)
    draws = _pairs(events, quantile, len(names), situation.seed)
    quantity = needed(scenario, events, draws, SampleOptions(seed=situation.seed, uncertain_needs=False))
    places = events.disasters["site"].to_numpy(object)[draws.like]
    rows = need_table(draws.outcome, places, scenario.items["item"].tolist(), quantity)
    rows = rows.assign(outcome=np.array(names, dtype=object)[rows["outcome"]])
    table = scenario.needs
    if scenario.settings.outcomes == "disasters":
        table = table[~table["outcome"].isin(names)]
    both = _stacked([table, declared_table("needs", **{str(c): rows[c] for c in rows.columns})])
    total = both.groupby(["outcome", "site", "item"], as_index=False, sort=False).agg(
        {"quantity": "sum", "basis": "first", "source": "first"}
    )
    return replace(scenario, needs=total)


EFFECTS: dict[str, Effect] = {
    "hub": hub_struck,
    "needs": needs_times,
    "two-large": two_large,
    **{kind: closed(kind) for kind in ("passage", "port", "airport", "site", "border", "leg", "mode")},
}
"""Effect -> function; the names that `parse_what_if` knows."""


def _pairs(events: Events, quantile: float, number: int, seed: int) -> Draws:
    """Draw two large events of one month for each outcome, as large as they were."""
    rng = stream(seed, Source.PLACES)
    large = np.flatnonzero(events.people >= np.quantile(events.people, quantile))
    first = rng.choice(large, number)
    second = []
    for event in first.tolist():
        others = large[large != event]
        together = others[events.month[others] == events.month[event]]
        pool = together if len(together) else others if len(others) else large
        second.append(int(rng.choice(pool)))
    chosen = np.stack([first, np.array(second, dtype=np.int64)], axis=1).ravel()
    size = np.diff(events.first)[chosen]
    event = np.repeat(np.arange(len(chosen)), size)
    like = events.first[chosen][event] + np.arange(len(event)) - (np.cumsum(size) - size)[event]
    return Draws(
        outcome=event // 2,
        event=event,
        like=like,
        month=np.repeat(events.month[first], 2)[event],
        people=events.disasters["people"].to_numpy(float)[like],
        outcomes=number,
        held=0,
    )


def _without_idle(scenario: Scenario) -> Scenario:
    """Return the scenario with all outcomes in which nothing is needed put together in one."""
    table = scenario.outcomes
    idle = ~table["outcome"].isin(scenario.needs["outcome"])
    if idle.sum() < 2:
        return scenario
    one = table[idle].head(1).assign(outcome=NOTHING, probability=table.loc[idle, "probability"].sum())
    gone = set(table.loc[idle, "outcome"])
    tables: dict[str, Any] = {}
    for name in BY_OUTCOME:
        frame = scenario.table(name)
        tables[name] = frame[~frame["outcome"].isin(gone)].reset_index(drop=True)
    return replace(scenario, **(tables | {"outcomes": _stacked([table[~idle], one])}))


def _scaled(scenario: Scenario, share: float) -> Scenario:
    table = scenario.outcomes
    return replace(scenario, outcomes=table.assign(probability=table["probability"] * share))


def _renamed(scenario: Scenario, what_if: WhatIf) -> tuple[Scenario, tuple[str, ...]]:
    """Return the scenario with its outcomes under the names they have in a what-if, and those names."""
    tables: dict[str, Any] = {}
    for name in BY_OUTCOME:
        table = scenario.table(name)
        named = table["outcome"].where(table["outcome"] == "", table["outcome"] + f"+{what_if.name}")
        tables[name] = table.assign(outcome=named.astype("str"))
    names = tuple(tables["outcomes"]["outcome"].tolist())
    return _scaled(replace(scenario, **tables), what_if.probability), names


def _general(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["outcome"] == ""]


def _special(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["outcome"] != ""]


def _stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [table for table in tables if len(table)]
    stacked: pd.DataFrame = pd.concat(filled or list(tables[:1]), ignore_index=True)
    return stacked.reset_index(drop=True)


def _number(what: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high or math.isinf(value):
        bounds = f"from {low:g} to {high:g}" if math.isfinite(high) else f"from {low:g} up"
        raise UsageError(f"what-if {what}: '{text}' is not a number {bounds}")
    return value
