"""What a planner would say about a stress test, made from its numbers: what is gained, what it costs, what to mind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from prepos.simulation import FIGURES

WITHIN = {
    "coverage_72h": ("72 hours", "72"),
    "coverage_7d": ("7 days", "168"),
    "coverage_14d": ("14 days", "336"),
    "coverage_30d": ("30 days", "720"),
}
"""Figure of the stress test -> time in words, and the key of the same time in a plan's coverage."""

UNITS = {"share": 100.0}
MOST_NAMED = 3


def three_sentences(
    figures: pd.DataFrame,
    differences: pd.DataFrame,
    today: Mapping[str, Any],
    plan: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
) -> tuple[str, str, str]:
    """Return what the plan gains over today's stock, what it costs, and what to mind.

    Parameters
    ----------
    figures, differences
        Of a stress test of ``"today"`` and ``"plan"`` on the same storms; differences are plan - today.
    today, plan
        Results of the assessment and of the plan, as `plan_result` gives them.
    names
        Hub id -> name.
    """
    ahead = figures.set_index(["plan", "figure"])
    paired = differences.set_index("figure")
    return gain(ahead, paired), price(paired, today, plan, names or {}), caution(ahead, paired, plan)


def gain(figures: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Say what changes in need met in time, where it changes most, and in waiting."""
    figure = max(WITHIN, key=lambda name: abs(_known(differences.loc[name, "mean"])))
    words, n = WITHIN[figure][0], int(differences.loc[figure, "n"])
    plan, today = (_share(figures.loc[name, figure]) for name in ("plan", "today"))
    points = interval(differences.loc[figure], "points", 100, signed=True)
    verb = "gets" if _known(differences.loc[figure, "mean"]) >= 0 else "gets only"
    days = figures.loc[("plan", "people_days"), "mean"] - figures.loc[("today", "people_days"), "mean"]
    waiting = f"and people wait {million(abs(days))} person-days a year {'less' if days <= 0 else 'more'}"
    return (
        f"In {n} simulated years of the same disasters, the plan {verb} {plan} of the year's need to people within "
        f"{words}, today's stock {today}: {points}, {waiting}."
    )


def price(
    differences: pd.DataFrame, today: Mapping[str, Any], plan: Mapping[str, Any], names: Mapping[str, str]
) -> str:
    """Say what has to be opened, bought and paid."""
    before, after = (_open_hubs(result) for result in (today, plan))
    changes = _hub_changes([h for h in after if h not in before], [h for h in before if h not in after], names)
    bought, moved = (sum(row["quantity"] for row in plan[key]) for key in ("purchases", "moves"))
    if bought:
        changes.append(f"buys {bought:,.0f} units for {million(plan['expected']['purchase_usd'])} USD at once")
    if moved:
        changes.append(f"moves {moved:,.0f} units")
    standing = sum(plan["expected"][key] - today["expected"][key] for key in ("opening_usd", "holding_usd"))
    changes.append(f"costs {million(abs(standing))} USD a period {'more' if standing >= 0 else 'less'} in hubs and storage")
    running = [
        f"{noun} {interval(differences.loc[figure], 'USD a year', signed=True)}"
        for figure, noun in (("freight_usd", "freight"), ("replenishment_usd", "replenishment"))
    ]
    return f"For that it {listed(changes)}; in the simulated years it changes {listed(running)}."


def caution(figures: pd.DataFrame, differences: pd.DataFrame, plan: Mapping[str, Any]) -> str:
    """Say where the stress test contradicts the plan's own promise, and what gets worse beyond chance."""
    figure, (words, key) = max(
        WITHIN.items(), key=lambda item: abs(_promise(plan, item[1][1]) - _known(figures.loc[("plan", item[0]), "mean"]))
    )
    promised = f"{_promise(plan, key):.1%} within {words}"
    found = _share(figures.loc["plan", figure])
    doubt = (
        f"Mind that the optimizer, which gives every disaster the full stock, promised {promised} "
        f"where the stress test finds {found}"
    )
    worse = worse_figures(differences)
    if not worse:
        return f"{doubt}; in no figure is the plan worse than today's stock beyond chance."
    named = listed([f"{label} ({change})" for label, change in worse[:MOST_NAMED]])
    others = f" and {len(worse) - MOST_NAMED} more" if len(worse) > MOST_NAMED else ""
    return f"{doubt}; and the plan is worse than today's stock, beyond chance, in {named}{others}."


def worse_figures(differences: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the figures that are worse beyond chance (95 %), each with its change, in the order of `FIGURES`.

    Money is left out: what the plan costs is said elsewhere.
    """
    found = []
    for figure in FIGURES:
        if not figure.better or figure.unit.startswith("USD") or figure.name not in differences.index:
            continue
        row = differences.loc[figure.name]
        worse = row["low"] > 0 if figure.better == "less" else row["high"] < 0
        if worse:
            label = figure.meaning.split(",")[0].split(":")[0]
            found.append((label, interval(row, figure.unit, UNITS.get(figure.unit, 1.0), signed=True)))
    return found


def interval(row: pd.Series[Any], unit: str, scale: float = 1.0, signed: bool = False) -> str:
    """Return ``"+23.5 points (21.0 to 25.9)"``: a mean with its 95 % interval."""
    mean, low, high = (float(row[key]) * scale for key in ("mean", "low", "high"))
    unit = "points" if unit == "share" else unit
    sign = "+" if signed and mean > 0 else ""
    if math.isnan(low):
        return f"{sign}{million(mean)} {unit}"
    return f"{sign}{million(mean)} {unit} ({million(low)} to {million(high)})"


def million(value: float) -> str:
    """Return a number short enough for a sentence: ``"5.6 M"``, ``"45,300"``, ``"23.5"``."""
    if math.isnan(value):
        return "an unknown number of"
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.1f} M"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def listed(parts: Sequence[str]) -> str:
    """Return ``"a, b and c"``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _share(row: pd.Series[Any]) -> str:
    low, high = float(row["low"]), float(row["high"])
    spread = "" if math.isnan(low) else f" (95 % interval {low:.1%} to {high:.1%})"
    return f"{float(row['mean']):.1%}{spread}"


def _promise(plan: Mapping[str, Any], key: str) -> float:
    return float(plan["coverage"][key])


def _known(value: Any) -> float:
    return 0.0 if math.isnan(float(value)) else float(value)


def _open_hubs(result: Mapping[str, Any]) -> list[str]:
    return [row["hub"] for row in result["hubs"] if row["open"]]


def _hub_changes(opened: Sequence[str], closed: Sequence[str], names: Mapping[str, str]) -> list[str]:
    changes = []
    for verb, hubs in (("opens", opened), ("closes", closed)):
        if hubs:
            changes.append(f"{verb} {listed([names.get(hub) or hub for hub in hubs])}")
    return changes
