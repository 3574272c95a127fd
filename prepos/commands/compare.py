"""`prepos compare`: runs side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd
from rich.console import RenderableType

from prepos.analysis.compare import Comparison
from prepos.analysis.compare import compare as lay_side_by_side
from prepos.commands.answer import Answer
from prepos.commands.tables import difference_grid, kpi_grid, number, table
from prepos.runs import plain

MOST_ROWS = 30


def compare(runs: Sequence[Path]) -> Answer:
    """Compare two or more runs; the first is the base."""
    found = lay_side_by_side(runs)
    letters = {name: chr(ord("A") + n) if n < 26 else f"run {n + 1}" for n, name in enumerate(found.names)}
    return Answer(_document(found), lambda: _parts(found, letters))


def _document(found: Comparison) -> dict[str, object]:
    return {
        "runs": list(found.names),
        "inputs": plain(found.inputs),
        "kpis": plain(found.kpis),
        "simulated": plain(found.simulated),
        "operations": plain(found.operations),
    }


def _parts(found: Comparison, letters: dict[str, str]) -> tuple[RenderableType, ...]:
    legend = "\n".join(f"{letter} = {name}" for name, letter in letters.items())
    grids: list[RenderableType] = [legend, *_differences("Inputs that differ", found.inputs, letters)]
    if len(found.kpis):
        uncounted = {(kpi, letters[name]) for kpi, name in found.uncounted}
        grids.append(kpi_grid("Figures of the plans", found.kpis.rename(columns=letters), uncounted))
        grids += _note(uncounted)
    if len(found.simulated):
        grids.append(_simulated_grid(found.simulated, letters))
    return (*grids, *_differences("Operations that differ", found.operations, letters))


def _differences(title: str, rows: pd.DataFrame, letters: dict[str, str]) -> list[RenderableType]:
    if rows.empty:
        return [f"\n{title}: none"]
    shown = [[row["part"], row["what"], *(_cell(row[name]) for name in letters)] for row in plain(rows.head(MOST_ROWS))]
    grid = difference_grid(f"{title} ({len(rows):,})", ["part", "what", *letters.values()], shown)
    more = [f"... and {len(rows) - MOST_ROWS:,} more; --json lists all"] if len(rows) > MOST_ROWS else []
    return [grid, *more]


def _note(uncounted: Collection[tuple[str, str]]) -> list[str]:
    if not uncounted:
        return []
    named = ", ".join(sorted({letter for _, letter in uncounted}))
    return [f"Note: the model of {named} leaves hubs as they are (hubs.choose = false) and does not count their cost."]


def _simulated_grid(figures: pd.DataFrame, letters: dict[str, str]) -> RenderableType:
    named = [name for name in letters if name in figures.columns]
    rows = []
    for row in figures.to_dict("records"):
        spreads = [f"{number(row[n])} ({number(row[f'{n} low'])} to {number(row[f'{n} high'])})" for n in named]
        rows.append([row["kpi"], *spreads])
    return table("Stress test: mean (95 % interval)", ["figure", *(letters[n] for n in named)], rows)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return "-" if value in ("", None) else str(value)
