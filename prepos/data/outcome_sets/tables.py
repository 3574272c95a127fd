"""From arrays to the tables of a scenario that holds its outcome set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from prepos.data.need_rules import Floats, Ints
from prepos.data.outcomes import needs, outcomes
from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES

NOTHING = "none"
"""Outcome in which nothing is needed; all of those are put together in one."""

BY_OUTCOME = tuple(name for name, table in TABLES.items() if "outcome" in table.column_names)
"""Tables that speak of outcomes."""


def with_outcomes(
    scenario: Scenario,
    kind: Literal["disasters", "seasons"],
    names: Sequence[str],
    probability: Floats,
    wanted: pd.DataFrame,
    source: str,
    **settings: Any,
) -> Scenario:
    """Return the scenario with its outcomes and needs replaced, and whatever spoke of the old outcomes left out.

    Parameters
    ----------
    names, probability
        Of the outcomes; those without any need become one, `NOTHING`.
    wanted
        outcome (position in `names`), site, item, quantity.
    source
        Where the rows come from, for the column of that name.
    settings
        Further settings to change, such as `period_days`.
    """
    named = np.array(list(names), dtype=object)
    struck = np.zeros(len(named), dtype=bool)
    struck[wanted["outcome"].to_numpy(np.int64)] = True
    rows = [*named[struck], *([NOTHING] if not struck.all() else [])]
    chance = [*probability[struck], *([probability[~struck].sum()] if not struck.all() else [])]
    table = declared_table("outcomes", outcome=rows, probability=chance, basis="estimate", source=source)
    wanted = wanted.assign(outcome=named[wanted["outcome"].to_numpy(np.int64)])
    kept = {name: _general(scenario.table(name)) for name in BY_OUTCOME}
    kept |= {"outcomes": table, "needs": declared_table("needs", **{str(c): wanted[c] for c in wanted.columns})}
    layout = {name: columns for name, columns in scenario.layout.items() if name not in kept or len(kept[name])}
    layout = {name: columns for name, columns in layout.items() if name not in ("outcomes", "needs")}
    changed = replace(scenario.settings, outcomes=kind, **settings)
    tables: dict[str, Any] = {**kept}
    return replace(scenario, settings=changed, layout=layout, warnings=(), **tables)


def spelled_out(scenario: Scenario) -> Scenario:
    """Return the scenario with its outcomes and needs as tables, given or worked out from its disasters."""
    known = outcomes(scenario).merge(scenario.outcomes.drop(columns="probability"), on="outcome", how="left")
    columns: dict[str, Any] = {str(c): known[c] for c in known.columns if c in scenario.outcomes.columns}
    tables: dict[str, Any] = {"outcomes": declared_table("outcomes", **columns)}
    if not len(scenario.needs):
        wanted = needs(scenario)
        tables["needs"] = declared_table("needs", **{str(c): wanted[c] for c in wanted.columns})
    return replace(scenario, **tables)


def need_table(outcome: Ints, site: Iterable[str], items: Sequence[str], quantity: Floats) -> pd.DataFrame:
    """Return needs by outcome, site and item; what several disasters need at one site in one outcome adds up.

    Parameters
    ----------
    outcome, site : (N,)
        Of each disaster.
    quantity : (N, K)
        Units needed.
    """
    sites, at = np.unique(np.array(list(site), dtype=object).astype(str), return_inverse=True)
    key, row = np.unique(outcome * max(len(sites), 1) + at, return_inverse=True)
    total = np.zeros((len(key), len(items)))
    np.add.at(total, row, quantity)
    r, k = np.nonzero(total > 0)
    names = sites.astype(object)
    return pd.DataFrame(
        {
            "outcome": key[r] // max(len(sites), 1),
            "site": pd.Series(names[key[r] % max(len(sites), 1)], dtype="str"),
            "item": pd.Series(np.array(list(items), dtype=object)[k], dtype="str"),
            "quantity": total[r, k],
        }
    )


def _general(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that hold in every outcome."""
    return table[table["outcome"] == ""].reset_index(drop=True)


def declared_table(name: str, **columns: Any) -> pd.DataFrame:
    """Return a declared table with these columns filled."""
    given = pd.DataFrame(columns)
    declared = {}
    for column in TABLES[name].columns:
        cells = given[column.name] if column.name in given else pd.Series(index=given.index, dtype="object")
        text = cells.astype("object").fillna("").astype("str") if column.kind != "number" else cells
        declared[column.name] = text.astype("float64") if column.kind == "number" else text
    return pd.DataFrame(declared)
