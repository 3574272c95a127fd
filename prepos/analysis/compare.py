"""Runs side by side: the inputs that differ, the figures, and what would be done differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from prepos.analysis.kpis import OPENING, kpi_table, simulated_kpis
from prepos.data.tables import TABLES
from prepos.errors import UsageError
from prepos.runs import Run, load_run

NOT_THERE = ""
KEYS_OF_PLAN = {
    "hubs": ("hub",),
    "stock": ("hub", "item"),
    "purchases": ("hub", "item"),
    "moves": ("from_hub", "to_hub", "item"),
}


@dataclass(frozen=True)
class Comparison:
    """What differs between runs; every table has one column per run, named as in `names`.

    Parameters
    ----------
    names
        Path of each run, as given; the first is the base.
    inputs
        part, what, then the value in each run, for every input that is not the same in all.
    kpis
        kpi, unit, better, then the figure of each run.
    simulated
        The same for figures of a stress test, with ``low`` and ``high`` of the 95 % interval in columns
        ``"<name> low"`` and ``"<name> high"``.
    operations
        part, what, then the value in each run: hubs, stock, purchases and moves that differ.
    uncounted
        Pairs (kpi, name of the run) that the run's model does not count: their figure is 0 and says nothing.
    """

    names: tuple[str, ...]
    inputs: pd.DataFrame
    kpis: pd.DataFrame
    simulated: pd.DataFrame
    operations: pd.DataFrame
    uncounted: frozenset[tuple[str, str]] = frozenset()


def compare(runs: Sequence[Run | Path | str]) -> Comparison:
    """Lay two or more runs side by side.

    Raises
    ------
    UsageError
        When fewer than two runs are given, or one is given twice.
    """
    opened = [run if isinstance(run, Run) else load_run(run) for run in runs]
    names = tuple(str(run.path) for run in opened)
    if len(opened) < 2:
        raise UsageError("a comparison takes two runs or more")
    if len(set(names)) < len(names):
        raise UsageError("the same run is given twice; a comparison takes different ones")
    by_name = dict(zip(names, opened, strict=True))
    return Comparison(
        names=names,
        inputs=_differing(by_name, _inputs),
        kpis=kpi_table({name: run.result for name, run in by_name.items()}),
        simulated=simulated_kpis(
            {name: run.tables["figures"] for name, run in by_name.items() if "figures" in run.tables}
        ),
        operations=_differing(by_name, _operations),
        uncounted=frozenset(
            (OPENING, name)
            for name, run in by_name.items()
            if run.model is not None and not run.model.hubs.choose and "expected" in run.result
        ),
    )


def _differing(runs: Mapping[str, Run], facts: Callable[[Run], dict[tuple[str, str], Any]]) -> pd.DataFrame:
    """Return the facts that are not the same in all runs, in order of first appearance."""
    known = {name: facts(run) for name, run in runs.items()}
    places = dict.fromkeys(place for found in known.values() for place in found)
    rows = []
    for part, what in places:
        values = [found.get((part, what), NOT_THERE) for found in known.values()]
        if any(value != values[0] for value in values[1:]):
            rows.append({"part": part, "what": what, **dict(zip(known, values, strict=True))})
    return pd.DataFrame(rows, columns=["part", "what", *known], dtype="object")


def _inputs(run: Run) -> dict[tuple[str, str], Any]:
    facts: dict[tuple[str, str], Any] = {("scenario", "name"): run.scenario.name}
    for key, value in _flat(asdict(run.scenario.settings)).items():
        facts["scenario.toml", key] = value
    for name, table in TABLES.items():
        facts |= _table_facts(table.file, run.scenario.table(name), table.key)
    if run.model is not None:
        facts |= {("model", key): value for key, value in _flat(run.model.model_dump(mode="json")).items()}
    facts |= {("options", key): value for key, value in _flat(run.manifest.get("options", {})).items()}
    return facts


def _operations(run: Run) -> dict[tuple[str, str], Any]:
    if run.plan is None:
        return {}
    facts: dict[tuple[str, str], Any] = {}
    for name, key in KEYS_OF_PLAN.items():
        facts |= _table_facts(name, getattr(run.plan, name), key)
    return facts


def _table_facts(part: str, table: pd.DataFrame, key: Sequence[str]) -> dict[tuple[str, str], Any]:
    """Return (part, ``"NBO, tent: quantity"``) -> value for every filled cell outside the key."""
    others = [column for column in table.columns if column not in key]
    facts: dict[tuple[str, str], Any] = {}
    for row in table.to_dict("records"):
        label = ", ".join(str(row[column]) for column in key if row[column] != "")
        for column in others:
            if row[column] != "" and row[column] == row[column]:  # NaN, an empty number, differs from itself
                facts[part, f"{label}: {column}"] = row[column]
    return facts


def _flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return dotted key -> value; None counts as not there."""
    flat: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        elif value is not None:
            flat[f"{prefix}{key}"] = value
    return flat
