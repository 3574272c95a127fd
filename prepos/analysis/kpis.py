"""The figures by which plans are judged: each with its unit, its denominator and the direction that is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd


@dataclass(frozen=True)
class Kpi:
    """One figure of an answer.

    Parameters
    ----------
    name
        Label, with what it is counted per.
    unit
        ``"share"``, ``"USD"``, ``"hours"``, ``"units"``, ``"kg CO2e"``.
    place
        Keys that lead to it in the result.
    better
        Which direction is better.
    """

    name: str
    unit: str
    place: tuple[str, ...]
    better: Literal["more", "less"] = "less"

    def value(self, result: Mapping[str, Any]) -> float | None:
        """Return the figure from a result, None where the result does not have it."""
        found: Any = result
        for key in self.place:
            found = found.get(key) if isinstance(found, Mapping) else None
        return None if found is None else float(found)


def _coverage(hours: str, words: str) -> Kpi:
    return Kpi(f"need met within {words}", "share", ("coverage", hours), "more")


OPENING = "opening hubs, per period"

PLAN_KPIS = (
    _coverage("24", "24 hours"),
    _coverage("72", "72 hours"),
    _coverage("168", "7 days"),
    _coverage("336", "14 days"),
    _coverage("720", "30 days"),
    Kpi("mean hours to arrival", "hours", ("mean_hours",)),
    Kpi("hours by which 90 % have arrived", "hours", ("p90_hours",)),
    Kpi("need per outcome", "units", ("expected", "need_units")),
    Kpi("unmet per outcome", "units", ("expected", "unmet_units")),
    Kpi("outcomes with unmet need", "share", ("shortage_probability",)),
    Kpi("freight per outcome", "USD", ("expected", "freight_usd")),
    Kpi("deprivation per outcome", "USD", ("expected", "deprivation_usd")),
    Kpi("shortage penalty per outcome", "USD", ("expected", "shortage_usd")),
    Kpi("cost of the worst outcomes (CVaR)", "USD", ("cvar",)),
    Kpi("emissions per outcome", "kg CO2e", ("expected", "kgco2e")),
    Kpi(OPENING, "USD", ("expected", "opening_usd")),
    Kpi("purchases, per period", "USD", ("expected", "purchase_usd")),
    Kpi("moves, per period", "USD", ("expected", "moves_usd")),
    Kpi("holding, per period", "USD", ("expected", "holding_usd")),
)


def kpi_table(results: Mapping[str, Mapping[str, Any]], kpis: Sequence[Kpi] = PLAN_KPIS) -> pd.DataFrame:
    """Return one row per figure that any result has, and one column per result.

    Returns
    -------
    DataFrame
        Columns kpi, unit, better, then one per name of `results`.
    """
    rows = []
    for kpi in kpis:
        values = {name: kpi.value(result) for name, result in results.items()}
        if any(value is not None for value in values.values()):
            rows.append({"kpi": kpi.name, "unit": kpi.unit, "better": kpi.better, **values})
    return pd.DataFrame(rows, columns=["kpi", "unit", "better", *results])


def simulated_kpis(figures: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the figures of stress tests side by side, with the bounds of their 95 % intervals; shares in percent.

    Parameters
    ----------
    figures
        Name -> figures of a stress test (plan, figure, unit, mean, low, high, n). Of a test of several plans, the last
        one named counts: the plan, where today's stock was tested beside it.

    Returns
    -------
    DataFrame
        Columns kpi, better, then for each name ``name``, ``"name low"`` and ``"name high"``.
    """
    from prepos.analysis.estimates import BETTER, estimates, label

    known = {name: list(estimates(table).values())[-1] for name, table in figures.items()}
    rows = []
    for figure in dict.fromkeys(figure for found in known.values() for figure in found):
        row: dict[str, Any] = {"kpi": label(figure), "better": BETTER.get(figure, "")}
        for name, found in known.items():
            value = found.get(figure)
            bounds = (value.mean, value.low, value.high) if value else (None, None, None)
            row |= dict(zip((name, f"{name} low", f"{name} high"), bounds, strict=True))
        rows.append(row)
    columns = ["kpi", "better", *(f"{name}{part}" for name in figures for part in ("", " low", " high"))]
    return pd.DataFrame(rows, columns=columns)
