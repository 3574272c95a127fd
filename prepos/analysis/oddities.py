"""What is odd, but not wrong, in a scenario under a model: told before a plan is trusted."""

from __future__ import annotations

import re

from prepos.data.scenario import Scenario
from prepos.data.subject import some
from prepos.errors import Problem
from prepos.model import Model
from prepos.network.lanes import lanes
from prepos.network.problems import lane_problems


def oddities(scenario: Scenario, model: Model | None = None) -> list[Problem]:
    """Return the scenario's own warnings, then what a model makes odd.

    That is: hubs and needs that no lane reaches in the modes that it allows, and unknown prices where it may buy.

    A hub or site that the scenario's own warnings name is not told twice.
    """
    told = " ".join(problem.message for problem in scenario.warnings)
    allowed = None if model is None else model.modes.allow
    reach = lane_problems(scenario, lanes(scenario, allowed))
    new = [problem for problem in reach if f"'{_subject(problem)}'" not in told]
    if model is None or model.stock.mode == "free":
        new += unknown_prices(scenario)
    return [*scenario.warnings, *(map(scenario.origin.told, new) if scenario.origin else new)]


def unknown_prices(scenario: Scenario) -> list[Problem]:
    """Return a warning that counts the items whose price is unknown: buying them would cost nothing."""
    free = scenario.items.loc[scenario.items["price_usd"].isna(), "item"].tolist()
    if not free:
        return []
    noun = "item" if len(free) == 1 else "items"
    message = f"price_usd is unknown for {len(free)} {noun} ({some(free)}): taken as 0, so buying is free"
    return [Problem("items.csv", message, severity="warning")]


def _subject(problem: Problem) -> str:
    """Return the hub, supplier, site or code that a message begins with, in quotes."""
    named = re.match(r"'(.+?)' ", problem.message)
    return named[1] if named else problem.message
