"""The calendar of a year of 365 days, and in which months things happen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)
MONTH_START = np.concatenate([[0.0], np.cumsum(MONTH_DAYS)[:-1]])
YEAR_DAYS = 365.0


def month_shares(cell: Ints, month: Ints, cells: int, smoothing: float) -> Floats:
    """Return the share of each month in what happens in each cell (say a region and hazard), (cells, 12).

    Parameters
    ----------
    cell, month
        Of everything that happened; month 1 to 12, 0 where unknown.
    smoothing
        Number of further events in each cell, spread evenly over the days of the year, so that a month without any is
        not impossible. A cell without any known month is spread evenly.
    """
    count = np.zeros((cells, 12))
    dated = month > 0
    np.add.at(count, (cell[dated], month[dated] - 1), 1.0)
    even = MONTH_DAYS / YEAR_DAYS
    total = count.sum(axis=1, keepdims=True) + smoothing
    shares: Floats = np.divide(count + smoothing * even, total, out=np.tile(even, (cells, 1)), where=total > 0)
    return shares


def month_exposure(start_day: Floats, period_days: float) -> Floats:
    """Return how much of each month lies in each period, (periods, 12); 1: the whole month once.

    Parameters
    ----------
    start_day
        First day of each period, counted from 1 January (0).
    period_days
        Length of the periods; those longer than a year meet a month several times.
    """
    years = int(np.ceil((period_days + YEAR_DAYS) / YEAR_DAYS))
    first = (MONTH_START + YEAR_DAYS * np.arange(years)[:, None])[None]
    start = start_day[:, None, None]
    overlap = np.minimum(first + MONTH_DAYS, start + period_days) - np.maximum(first, start)
    exposure: Floats = np.maximum(overlap, 0.0).sum(axis=1) / MONTH_DAYS
    return exposure
