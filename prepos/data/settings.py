"""`scenario.toml`: read into `Settings`, each key held against its declared type and range."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from prepos.data.raw import read_text
from prepos.data.scenario import Settings
from prepos.data.suggest import nearest, shown
from prepos.errors import Problem

FILE = "scenario.toml"
OUTCOMES = ("disasters", "seasons")
RULE_SETS = ("sphere", "cluster")
Reader = Callable[[Any], tuple[Any, str]]


def _text(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, str) else f"{_shown(value)} is not a text; put it in quotes"


def _number(value: Any) -> tuple[Any, str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, f"{_shown(value)} is not a number; write it without quotes and with a point"
    if abs(value) <= sys.float_info.max:
        return float(value), ""
    return None, f"{_shown(value)} is not a finite number; leave the key out where it is unknown"


def _positive(value: Any) -> tuple[Any, str]:
    number, fault = _number(value)
    return number, fault or ("" if number > 0 else f"{_shown(value)} is not above 0")


def _share(value: Any) -> tuple[Any, str]:
    number, fault = _number(value)
    return number, fault or ("" if 0 <= number <= 1 else f"{_shown(value)} is outside 0 to 1; write 0.5 for 50 %")


def _outcome_kind(value: Any) -> tuple[Any, str]:
    if value in OUTCOMES:
        return value, ""
    return None, f"{_shown(value)} is not one of {', '.join(OUTCOMES)}{nearest(str(value), OUTCOMES)}"


def _rule_set(value: Any) -> tuple[Any, str]:
    if value in RULE_SETS or value == "":
        return value, ""
    return None, f"{_shown(value)} is not one of {', '.join(RULE_SETS)}{nearest(str(value), RULE_SETS)}"


def _sources(value: Any) -> tuple[Any, str]:
    if not isinstance(value, Mapping):
        return None, f'{_shown(value)} is not a table; write [sources] and, below it, name = "reference"'
    wrong = [name for name, reference in value.items() if not isinstance(reference, str)]
    fault = f"the reference of {', '.join(wrong)} is not a text; put it in quotes" if wrong else ""
    return dict(value), fault


KEYS: dict[str, Reader] = {
    "title": _text,
    "question": _text,
    "period_days": _positive,
    "disasters_per_year": _positive,
    "household_size": _positive,
    "outcomes": _outcome_kind,
    "share_from_stock": _share,
    "need_rules": _rule_set,
    "sources": _sources,
}

MEANINGS: dict[str, str] = {
    "title": "what the scenario is, in a line",
    "question": "what it is to answer",
    "period_days": "length of the planning period, days; yearly costs are scaled to it; empty: 365",
    "disasters_per_year": "expected number of disasters in a year; empty: counted from the dates of the disasters",
    "household_size": "people in a household; empty: 5",
    "outcomes": "disasters: each outcome is one disaster; seasons: each outcome is one planning period; "
    "empty: disasters",
    "share_from_stock": "share of the people in need that stock is meant to serve, 0 to 1, where needs are computed "
    "from disasters; empty: 1",
    "need_rules": "bundled rules from people to items, where needs are computed: sphere or cluster; empty: none",
    "sources": "where figures come from, a row for each source: short name after the point, reference as value",
}
"""What each key says, for people who fill it in."""


def read_settings(path: Path) -> tuple[Settings, tuple[str, ...], list[Problem]]:
    """Return the settings of a `scenario.toml`, its keys in their order, and what is wrong with it."""
    text, problems = read_text(path)
    if text is None:
        return Settings(), (), problems
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"cannot be read as TOML: {error}; put texts in quotes, write numbers with a point, and each key once"
        return Settings(), (), [*problems, Problem(FILE, message)]
    settings, faults = settings_of(found)
    return settings, tuple(found), problems + faults


def settings_of(found: Mapping[str, Any]) -> tuple[Settings, list[Problem]]:
    """Return the settings that keys and their values give, and what is wrong with them; each problem names its key."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in found.items():
        if key not in KEYS:
            message = f"is not a key of scenario.toml{nearest(key, KEYS)}; the keys are {', '.join(KEYS)}"
            problems.append(Problem(FILE, message, column=key))
            continue
        read, fault = KEYS[key](value)
        if fault:
            problems.append(Problem(FILE, fault, column=key))
        else:
            values[key] = read
    return Settings(**values), problems


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return shown(value) if isinstance(value, str) else shown(str(value)).strip("'")
