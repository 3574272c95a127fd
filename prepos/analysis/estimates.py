"""Figures of a stress test as values with intervals, and what a difference reads as."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from prepos.simulation import FIGURES

LABELS = {
    "disasters": "disasters a year",
    "need_units": "units needed a year",
    "fill_rate": "need met in the end, %",
    "coverage_72h": "need met within 72 hours, %",
    "coverage_7d": "need met within 7 days, %",
    "coverage_14d": "need met within 14 days, %",
    "coverage_30d": "need met within 30 days, %",
    "hours_to_50": "hours to meet half of the need",
    "hours_to_90": "hours to meet 90 % of the need",
    "never_50": "disasters never half met, %",
    "never_90": "disasters never 90 % met, %",
    "shortage": "disasters with an item short, %",
    "stockouts": "requests not met in full a year",
    "stockout_share": "requests not met in full, %",
    "people_days": "person-days of waiting a year",
    "delivered_units": "units delivered a year",
    "surplus_units": "units beyond need a year",
    "freight_usd": "USD of freight a year",
    "supplier_usd": "USD of suppliers' goods a year",
    "replenishment_usd": "USD of replenishment a year",
    "kgco2e": "kg CO2e emitted a year",
    "queue_hours": "hours of wait for a loading crew",
    "queue_hours_p95": "hours of wait, 95th percentile",
    "lost_units": "units lost in struck hubs a year",
}
"""Figure -> short label with its unit; `FIGURES` holds the full meaning."""

BETTER = {figure.name: figure.better for figure in FIGURES}


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its 95 % interval (NaN bounds: unknown) and the replications behind it."""

    mean: float
    low: float
    high: float
    n: int

    def scaled(self, factor: float) -> Estimate:
        """Return the estimate in another unit."""
        return Estimate(self.mean * factor, self.low * factor, self.high * factor, self.n)

    @property
    def unclear(self) -> bool:
        """Whether this difference is not told apart from chance: its interval holds 0, or is unknown."""
        return math.isnan(self.low) or self.low <= 0 <= self.high

    def widened(self, by: float) -> Estimate:
        """Return the estimate with an interval that reaches further on both sides."""
        return Estimate(self.mean, self.low - by, self.high + by, self.n)

    def holds(self, value: float) -> bool:
        """Return whether a value lies in the interval."""
        return self.low <= value <= self.high

    def reads(self, better: str) -> str:
        """Return whether this difference is "better", "worse" or "unclear" (not told apart from chance)."""
        if not better or math.isnan(self.low) or self.low == self.high == 0:
            return ""
        if self.unclear:
            return "unclear"
        return "better" if (self.low > 0) == (better == "more") else "worse"


def estimates(figures: pd.DataFrame) -> dict[str, dict[str, Estimate]]:
    """Return plan -> figure -> estimate from the figures of a stress test; shares in percent."""
    found: dict[str, dict[str, Estimate]] = {}
    for row in figures.itertuples(index=False):
        found.setdefault(str(row.plan), {})[str(row.figure)] = _estimate(row)
    return found


def paired(differences: pd.DataFrame) -> dict[str, Estimate]:
    """Return figure -> paired difference of the last plan against the first; shares in percentage points."""
    if differences.empty:
        return {}
    last = differences[(differences["plan"] == differences["plan"].iloc[-1])]
    last = last[last["against"] == differences["against"].iloc[0]]
    return {str(row.figure): _estimate(row) for row in last.itertuples(index=False)}


def label(figure: str) -> str:
    """Return the short label of a figure; its meaning where it has none."""
    return LABELS.get(figure) or MEANINGS.get(figure, figure)


MEANINGS: Mapping[str, str] = {figure.name: f"{figure.meaning}, {figure.unit}" for figure in FIGURES}


def _estimate(row: object) -> Estimate:
    mean, low, high, n, unit = (getattr(row, name) for name in ("mean", "low", "high", "n", "unit"))
    known = Estimate(float(mean), float(low), float(high), int(n))
    return known.scaled(100) if unit == "share" else known
