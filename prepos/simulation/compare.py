"""From replications to figures with intervals: one plan, and two plans on the same storms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from prepos.instance import Floats
from prepos.simulation.record import FIGURES, Figure

CONFIDENCE = 0.95


def interval(values: Floats) -> tuple[float, float, float, int]:
    """Return mean, low and high of the 95 % Student t interval, and the number of values that are not NaN.

    NaN bounds where fewer than two values are known.
    """
    known = values[~np.isnan(values)]
    n = len(known)
    if n == 0:
        return math.nan, math.nan, math.nan, 0
    mean = float(known.mean())
    if n == 1:
        return mean, math.nan, math.nan, 1
    half = t_quantile(n - 1) * float(known.std(ddof=1)) / math.sqrt(n)
    return mean, mean - half, mean + half, n


def t_quantile(degrees: int) -> float:
    """Return the Student t quantile of a two-sided 95 % interval."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))


def possible(found: tuple[float, float, float, int], least: float, most: float) -> tuple[float, float, float, int]:
    """Return an interval with its bounds cut at what the figure can be; NaN bounds stay."""
    mean, low, high, n = found
    return mean, float(np.maximum(low, least)), float(np.minimum(high, most)), n


def _most(figure: Figure) -> float:
    return 1.0 if figure.unit == "share" else math.inf


def summarise(plans: Sequence[str], runs: Floats) -> pd.DataFrame:
    """Return plan, figure, unit, mean, low, high, n; `runs` is (replications, plans, figures).

    No figure can be below 0 and no share above 1.
    """
    rows = [
        (plan, figure.name, figure.unit, *possible(interval(runs[:, p, f]), 0.0, _most(figure)))
        for p, plan in enumerate(plans)
        for f, figure in enumerate(FIGURES)
    ]
    return pd.DataFrame(rows, columns=["plan", "figure", "unit", "mean", "low", "high", "n"])


def differences(plans: Sequence[str], runs: Floats) -> pd.DataFrame:
    """Return the paired differences of every two plans: plan, against, figure, unit, mean, low, high, n.

    A difference is plan - against. Both plans met the same storms in each replication, so the interval is that of the
    mean difference.
    """
    rows = []
    for earlier, later in combinations(range(len(plans)), 2):
        for f, figure in enumerate(FIGURES):
            change = possible(interval(runs[:, later, f] - runs[:, earlier, f]), -_most(figure), _most(figure))
            rows.append((plans[later], plans[earlier], figure.name, figure.unit, *change))
    return pd.DataFrame(rows, columns=["plan", "against", "figure", "unit", "mean", "low", "high", "n"])
