"""One planning situation: what is known, before anything is worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from prepos.data.tables import TABLES
from prepos.errors import Problem


@dataclass(frozen=True)
class Settings:
    """What `scenario.toml` says.

    Parameters
    ----------
    title, question
        What the scenario is and what it is to answer.
    period_days
        Length of the planning period; yearly costs are scaled to it.
    disasters_per_year
        Expected number of disasters in a year; None: counted from the dates of the disasters.
    household_size
        People in a household.
    outcomes
        ``"disasters"``: each outcome is one disaster, probabilities conditional on a disaster happening;
        ``"seasons"``: each outcome is one planning period.
    share_from_stock
        Share of the people in need that pre-positioned stock is meant to serve; the rest is served by others.
        Applies to needs computed from disasters, not to a given needs table.
    sources
        Name -> reference, from the ``[sources]`` table.
    """

    title: str = ""
    question: str = ""
    period_days: float = 365.0
    disasters_per_year: float | None = None
    household_size: float = 5.0
    outcomes: Literal["disasters", "seasons"] = "disasters"
    share_from_stock: float = 1.0
    sources: Mapping[str, str] = field(default_factory=dict)


def empty_table(name: str) -> pd.DataFrame:
    """Return the table with its declared columns and no row."""
    columns = TABLES[name].columns
    return pd.DataFrame({c.name: pd.Series(dtype="float64" if c.kind == "number" else "str") for c in columns})


def _empty(name: str) -> pd.DataFrame:
    return field(default_factory=lambda: empty_table(name))  # type: ignore[no-any-return, call-overload]


@dataclass(frozen=True)
class Scenario:
    """A planning situation: one DataFrame per table of `prepos.data.tables`.

    Every declared column is present: numbers as float64 with NaN for an empty cell, texts and dates as str with
    ``""`` for an empty cell. Columns of the user's own follow, as text. Frames are not changed in place; a variant is
    ``dataclasses.replace(scenario, hubs=fewer)``.

    Parameters
    ----------
    name
        Name of the folder.
    layout
        Table -> columns of its file, in the order of the file, so that writing gives the same columns back.
    warnings
        What was odd, but not wrong, when the scenario was read.
    """

    name: str
    settings: Settings = field(default_factory=Settings)
    hubs: pd.DataFrame = _empty("hubs")
    hub_tiers: pd.DataFrame = _empty("hub_tiers")
    items: pd.DataFrame = _empty("items")
    stock: pd.DataFrame = _empty("stock")
    disasters: pd.DataFrame = _empty("disasters")
    sites: pd.DataFrame = _empty("sites")
    modes: pd.DataFrame = _empty("modes")
    lanes: pd.DataFrame = _empty("lanes")
    outcomes: pd.DataFrame = _empty("outcomes")
    needs: pd.DataFrame = _empty("needs")
    availability: pd.DataFrame = _empty("availability")
    suppliers: pd.DataFrame = _empty("suppliers")
    layout: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

    def table(self, name: str) -> pd.DataFrame:
        """Return one table by its name in `prepos.data.tables`."""
        if name not in TABLES:
            raise KeyError(name)
        frame: pd.DataFrame = getattr(self, name)
        return frame
