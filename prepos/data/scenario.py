"""One planning situation: what is known, before anything is worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
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
    need_rules
        Name of a bundled set of rules from people to items (``"sphere"``, ``"cluster"``); rows of need_rules.csv go
        before it, items.csv after it. Empty: none.
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
    need_rules: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


def empty_table(name: str) -> pd.DataFrame:
    """Return the table with its declared columns and no row."""
    columns = TABLES[name].columns
    return pd.DataFrame({c.name: pd.Series(dtype="float64" if c.kind == "number" else "str") for c in columns})


@dataclass(frozen=True)
class Origin:
    """The workbook that a scenario was read from.

    Parameters
    ----------
    file
        Name of the file.
    content
        The file as it was read, kept for the run folder.
    told
        Turns a problem of a table (``"hubs.csv"``, position + 2) into one of the sheet and the row that hold it.
    """

    file: str
    content: bytes
    told: Callable[[Problem], Problem]


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
        Table -> columns of its file, in the order of the file, so that writing gives the same columns back;
        ``"scenario"`` -> keys of `scenario.toml`.
    warnings
        What was odd, but not wrong, when the scenario was read.
    origin
        The workbook that it was read from; None: a folder, or made in memory.
    """

    name: str
    settings: Settings = field(default_factory=Settings)
    hubs: pd.DataFrame = field(default_factory=partial(empty_table, "hubs"))
    hub_tiers: pd.DataFrame = field(default_factory=partial(empty_table, "hub_tiers"))
    items: pd.DataFrame = field(default_factory=partial(empty_table, "items"))
    stock: pd.DataFrame = field(default_factory=partial(empty_table, "stock"))
    disasters: pd.DataFrame = field(default_factory=partial(empty_table, "disasters"))
    sites: pd.DataFrame = field(default_factory=partial(empty_table, "sites"))
    modes: pd.DataFrame = field(default_factory=partial(empty_table, "modes"))
    lanes: pd.DataFrame = field(default_factory=partial(empty_table, "lanes"))
    outcomes: pd.DataFrame = field(default_factory=partial(empty_table, "outcomes"))
    needs: pd.DataFrame = field(default_factory=partial(empty_table, "needs"))
    need_rules: pd.DataFrame = field(default_factory=partial(empty_table, "need_rules"))
    availability: pd.DataFrame = field(default_factory=partial(empty_table, "availability"))
    suppliers: pd.DataFrame = field(default_factory=partial(empty_table, "suppliers"))
    closures: pd.DataFrame = field(default_factory=partial(empty_table, "closures"))
    aircraft: pd.DataFrame = field(default_factory=partial(empty_table, "aircraft"))
    layout: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    origin: Origin | None = field(default=None, repr=False, compare=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return one table by its name in `prepos.data.tables`."""
        if name not in TABLES:
            raise KeyError(name)
        frame: pd.DataFrame = getattr(self, name)
        return frame
