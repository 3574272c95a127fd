"""What a planner would say about a stress test, made from its numbers: what is gained, what it costs, what to mind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from prepos.analysis.estimates import BETTER, Estimate, estimates, label, paired

WITHIN = {
    "coverage_72h": ("72 hours", "72"),
    "coverage_7d": ("7 days", "168"),
    "coverage_14d": ("14 days", "336"),
    "coverage_30d": ("30 days", "720"),
}
"""Figure of the stress test -> time in words, and the key of the same time in a plan's coverage."""

MOST_NAMED = 3
FEWEST_REPLICATIONS = 20
ROUNDING = 0.05  # percentage points that a figure of one decimal hides
BY_CHANCE = "no difference is shown beyond chance"
MILLION = 999_950  # what rounds to 1.0 M
Estimates = Mapping[str, Estimate]


def sentences(
    figures: pd.DataFrame,
    differences: pd.DataFrame,
    today: Mapping[str, Any],
    plan: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    period_days: float = 365.0,
) -> tuple[str, ...]:
    """Return what the plan gains over today's stock, what it costs, and, where there is something, what to mind.

    Parameters
    ----------
    figures, differences
        Of a stress test of ``"today"`` and ``"plan"`` on the same storms; differences are plan - today.
    today, plan
        Results of the assessment and of the plan, as `plan_result` gives them.
    names
        Hub id -> name.
    period_days
        Length of the planning period, in which hubs and storage are paid.
    """
    known, difference = estimates(figures), paired(differences)
    period = "a year" if period_days == 365 else f"in {period_days:g} days"
    told = (
        gain(known["today"], known["plan"], difference),
        price(difference, today, plan, names or {}, period),
        caution(known["plan"], difference, plan),
    )
    return tuple(filter(None, told))


def rough_intervals(replications: int) -> tuple[str, ...]:
    """Return a note where the replications are too few for intervals to be relied on."""
    if replications >= FEWEST_REPLICATIONS:
        return ()
    return (f"{replications} replications give rough intervals; use {FEWEST_REPLICATIONS} or more to rely on them",)


def gain(today: Estimates, plan: Estimates, difference: Estimates) -> str:
    """Say what changes in need met in time, at the time at which it changes most, and in waiting."""
    figure = max(WITHIN, key=lambda name: abs(_or_zero(difference[name].mean)))
    points = f"{change(difference[figure])} points"
    return (
        f"In {difference['disasters'].n} simulated years, with the same disasters for both, the plan gets "
        f"{percent(plan[figure])} of the year's need to people within {WITHIN[figure][0]}, today's stock "
        f"{percent(today[figure])}: {f'{BY_CHANCE} ({points})' if difference[figure].unclear else points}"
        f"{_waiting(difference['people_days'])}."
    )


def _waiting(days: Estimate) -> str:
    if math.isnan(days.mean):
        return ""
    if days.unclear:
        return f"; of waiting, {BY_CHANCE} ({change(days)} person-days a year)"
    less = days.mean < 0
    shown = Estimate(-days.mean, -days.high, -days.low, days.n) if less else days
    return f"; people wait {change(shown).removeprefix('+')} person-days a year {'less' if less else 'more'}"


def price(
    difference: Estimates, today: Mapping[str, Any], plan: Mapping[str, Any], names: Mapping[str, str], period: str
) -> str:
    """Say what has to be opened, bought and paid."""
    actions = _hub_actions(today, plan, names)
    bought, moved = (sum(row["quantity"] for row in plan[key]) for key in ("purchases", "moves"))
    if bought:
        actions.append(f"buys {short(bought)} units for {short(plan['expected']['purchase_usd'])} USD at once")
    if moved:
        actions.append(f"moves {short(moved)} units")
    standing = sum(plan["expected"][key] - today["expected"][key] for key in ("opening_usd", "holding_usd"))
    actions.append(
        f"costs {short(abs(standing))} USD {'more' if standing >= 0 else 'less'} {period} in hubs and storage"
    )
    freight, goods = (_spent(difference[name]) for name in ("freight_usd", "replenishment_usd"))
    return (
        f"For that it {listed(actions)}; in the simulated years freight changes by {freight} and "
        f"replenishment by {goods}."
    )


def _spent(difference: Estimate) -> str:
    by_chance = difference.unclear and not math.isnan(difference.mean)
    return f"{change(difference)} USD a year{f' ({BY_CHANCE})' if by_chance else ''}"


def caution(plan: Estimates, difference: Estimates, promised: Mapping[str, Any]) -> str:
    """Say where the stress test contradicts the plan's own promise, and what gets worse beyond chance; else ``""``."""
    doubt, worse = _doubt(plan, promised), worse_figures(difference)
    if not worse:
        return f"{doubt}; in no figure beside cost is the plan worse than today's stock beyond chance." if doubt else ""
    named = listed([_worse_by(name, difference[name]) for name in worse[:MOST_NAMED]])
    others = f", and {len(worse) - MOST_NAMED} more" if len(worse) > MOST_NAMED else ""
    start = f"{doubt}; beyond chance," if doubt else "Mind that, beyond chance,"
    return f"{start} the plan is worse than today's stock by {named}{others}."


def _doubt(plan: Estimates, promised: Mapping[str, Any]) -> str:
    """Return where promise and finding are furthest apart; ``""`` where every promise lies within its interval."""
    promise = {name: 100 * float(promised["coverage"][key]) for name, (_, key) in WITHIN.items()}
    apart = [name for name in WITHIN if not plan[name].widened(ROUNDING).holds(promise[name])]
    if not apart:
        return ""
    figure = max(apart, key=lambda name: abs(promise[name] - _or_zero(plan[name].mean)))
    return (
        f"Mind that the optimizer, which lets every disaster find the full stock, promised {promise[figure]:.1f} % "
        f"within {WITHIN[figure][0]} where the stress test finds {percent(plan[figure])}"
    )


def _worse_by(figure: str, difference: Estimate) -> str:
    words = label(figure)
    return f"{change(difference)} {f'points of {words[:-3]}' if words.endswith(', %') else words}"


def worse_figures(difference: Estimates) -> list[str]:
    """Return the figures that are worse beyond chance (95 %); money is left out, it is said elsewhere."""
    return [
        name
        for name, estimate in difference.items()
        if not name.endswith("_usd") and estimate.reads(BETTER.get(name, "")) == "worse"
    ]


def percent(estimate: Estimate) -> str:
    """Return ``"53.0 % (48.9 to 57.1)"``: a percentage with its 95 % interval."""
    spread = "" if math.isnan(estimate.low) else f" ({estimate.low:.1f} to {estimate.high:.1f})"
    return f"{estimate.mean:.1f} %{spread}"


def change(estimate: Estimate) -> str:
    """Return ``"+31.0 (28.3 to 33.8)"``, ``"+5.6 (4.7 to 6.5) M"``: a difference with its 95 % interval."""
    if estimate.mean == estimate.low == estimate.high == 0:
        return "0"
    millions = abs(estimate.mean) >= MILLION
    shown = estimate.scaled(1e-6) if millions else estimate
    digits = "z,.1f" if abs(shown.mean) < 100 else "z,.0f"
    sign = "+" if shown.mean > 0 else ""
    spread = "" if math.isnan(shown.low) else f" ({shown.low:{digits}} to {shown.high:{digits}})"
    return f"{sign}{shown.mean:{digits}}{spread}{' M' if millions else ''}"


def short(value: float) -> str:
    """Return a number short enough for a sentence: ``"5.6 M"``, ``"45,300"``, ``"23.5"``."""
    if math.isnan(value):
        return "unknown"
    if abs(value) >= MILLION:
        return f"{value / 1e6:,.1f} M"
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.1f}"


def listed(parts: Sequence[str]) -> str:
    """Return ``"a, b and c"``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _hub_actions(today: Mapping[str, Any], plan: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    before, after = ([row["hub"] for row in result["hubs"] if row["open"]] for result in (today, plan))
    changed = {"opens": [h for h in after if h not in before], "closes": [h for h in before if h not in after]}
    return [f"{verb} {listed([names.get(hub) or hub for hub in hubs])}" for verb, hubs in changed.items() if hubs]
