"""From people in need to units: what a person calls for, by item, hazard, climate and month."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.data.raw import read_csv
from prepos.data.scenario import Scenario, empty_table
from prepos.data.tables import NEED_RULES
from prepos.data.typed import typed_table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Counts = npt.NDArray[np.integer[Any]]

REFERENCE = Path(__file__).with_name("reference") / "need_rules.csv"
LOW_QUANTILE_Z = 1.6448536269514722
"""Standard normal quantile of 0.95: `low` and `high` of a rule are the 5 % and the 95 % point."""

TROPIC, SUBTROPIC, MIDDLE = 23.5, 35.0, 50.0
"""Latitudes (degrees) at which the climate rule changes; see `climate_of`."""

FIGURES = ("units", "share_in_need", "existing_coverage", "low", "high")
CONDITIONS = {"item": 8, "hazard": 4, "climate": 2, "months": 1}
"""Weight of each filled condition of a rule: the item says most, then the hazard, the climate, the months."""


@dataclass(frozen=True)
class PersonNeed:
    """What one person in need calls for, by case (hazard, climate, month) and item.

    Attributes
    ----------
    units : (cases, K)
        Units of the best estimate; NaN where nothing says so.
    low, high : (cases, K)
        The 5 % and the 95 % point of the need, as shares of the best estimate.
    """

    units: Floats
    low: Floats
    high: Floats

    def at(self, case: Ints) -> PersonNeed:
        """Return the need of each of many disasters, given the position of its case."""
        return PersonNeed(self.units[case], self.low[case], self.high[case])

    def scaled(self, normal: Floats) -> Floats:
        """Return the units of each case at a standard normal error, median the best estimate.

        The error is lognormal on either side, with the spread that `low` and `high` give that side.
        """
        side = np.where(normal[:, None] < 0, -np.log(np.maximum(self.low, 1e-9)), np.log(self.high))
        units: Floats = self.units * np.exp(normal[:, None] * side / LOW_QUANTILE_Z)
        return units


def units_per_person(scenario: Scenario) -> pd.Series:
    """Return the units of each item that one person in need calls for by items.csv; NaN where it does not say."""
    by_household = scenario.items["units_per_household"] / scenario.settings.household_size
    return by_household.fillna(1 / scenario.items["people_per_unit"])


def person_need(scenario: Scenario, hazard: Texts, climate: Texts, month: Counts) -> PersonNeed:
    """Return what one person in need calls for, in cases given by hazard, climate and month (0: unknown).

    Each figure comes from the most specific row that gives it: rows of need_rules.csv before those of the bundled set
    that `need_rules` of scenario.toml names, then items.csv. Units = units per person x share_in_need x
    (1 - existing_coverage).
    """
    found = _defaults(scenario, len(hazard))
    items = scenario.items["item"].to_numpy(object)
    for rule in _rules(scenario):
        rows = _holds(rule, hazard, climate, month)
        columns = np.full(len(items), True) if rule["item"] == "" else items == rule["item"]
        for figure in FIGURES:
            if not np.isnan(rule[figure]):
                found[figure][np.ix_(rows, columns)] = rule[figure]
    units = found["units"] * found["share_in_need"] * (1 - found["existing_coverage"])
    return PersonNeed(units, found["low"], found["high"])


def climate_of(lat: Floats, month: Counts) -> Texts:
    """Return ``"warm"``, ``"temperate"`` or ``"cold"`` by latitude and month; a rule of thumb that knows no altitude.

    Within the tropics it is warm. In the cold half of the year (November to March in the north, May to September in
    the south) it is temperate up to 35 degrees and cold beyond; in the rest of the year warm up to 35 degrees and
    temperate beyond. Beyond 50 degrees October and April (in the south April and October) are cold too. An unknown
    month counts as one of the warm half, an unknown place as warm.
    """
    away = np.abs(np.nan_to_num(lat))
    winter = np.where(np.nan_to_num(lat) >= 0, month, (month + 5) % 12 + 1)
    winter = np.where(month > 0, winter, 7)
    cold_half = np.isin(winter, (11, 12, 1, 2, 3)) | ((away >= MIDDLE) & np.isin(winter, (10, 4)))
    beyond = np.where(away < TROPIC, 0, np.where(away < SUBTROPIC, 1, 2))
    level = np.where(beyond == 0, 0, beyond - 1 + cold_half)
    return np.array(["warm", "temperate", "cold"], dtype=object)[level]


@functools.cache
def rule_set(name: str) -> pd.DataFrame:
    """Return the rows of a bundled rule set, with the columns of need_rules.csv; ``""``: none."""
    raw, _ = read_csv(REFERENCE)
    frame = empty_table("need_rules") if raw is None else typed_table(raw, NEED_RULES).frame
    chosen: pd.DataFrame = frame[frame["set"] == name] if name else frame.iloc[:0]
    return chosen[list(NEED_RULES.column_names)].reset_index(drop=True)


def _defaults(scenario: Scenario, cases: int) -> dict[str, Floats]:
    shape = (cases, len(scenario.items))
    by_items = np.broadcast_to(units_per_person(scenario).to_numpy(float), shape)
    plain = {"share_in_need": 1.0, "existing_coverage": 0.0, "low": 1.0, "high": 1.0}
    return {"units": by_items.copy()} | {name: np.full(shape, value) for name, value in plain.items()}


def _rules(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the rules from the least to the most specific, own rows last; of equal ones the first row comes last."""
    size = scenario.settings.household_size
    ordered: list[dict[str, Any]] = []
    for frame in (rule_set(scenario.settings.need_rules), scenario.need_rules):
        by_household = frame["units_per_household"] / size
        rules: list[Any] = frame.assign(units=by_household.fillna(1 / frame["people_per_unit"])).to_dict("records")
        rules.reverse()  # sorting is stable: of equal rules the first row comes last, and so decides
        ordered += sorted(rules, key=_specificity)
    return ordered


def _specificity(rule: dict[str, Any]) -> tuple[int, int]:
    """Return the weight of the conditions, then minus the number of months."""
    months = _months(rule)
    filled = {name for name in ("item", "hazard", "climate") if rule[name] != ""} | ({"months"} if months else set())
    return sum(CONDITIONS[name] for name in filled), -len(months)


def _months(rule: dict[str, Any]) -> list[int]:
    first, last = rule["month_from"], rule["month_to"]
    if np.isnan(first) and np.isnan(last):
        return []
    start = int(last if np.isnan(first) else first)
    end = int(first if np.isnan(last) else last)
    return [(start - 1 + n) % 12 + 1 for n in range((end - start) % 12 + 1)]


def _holds(rule: dict[str, Any], hazard: Texts, climate: Texts, month: Counts) -> npt.NDArray[np.bool_]:
    holds = np.full(len(hazard), True)
    if rule["hazard"] != "":
        holds &= hazard == rule["hazard"]
    if rule["climate"] != "":
        holds &= climate == rule["climate"]
    months = _months(rule)
    return holds & np.isin(month, months) if months else holds
