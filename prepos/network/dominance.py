"""Which of several ways are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def nondominated(group: Ints, criteria: Sequence[Floats]) -> Bools:
    """Return which ways no other way of their group dominates, for many columns at once.

    A way dominates another if it is nowhere worse and somewhere better; of equal ways the first is kept.

    Parameters
    ----------
    group : (n,)
        Group of each way, such as the hub-site pair; any numbers, in any order.
    criteria : each (n, K)
        What is to be small (hours, USD, kg CO2e), for each of K items; no NaN.

    Returns
    -------
    (n, K) True where the way is kept for the item.
    """
    kept = np.ones(criteria[0].shape, dtype=np.bool_)
    slots = _slots(group)
    for first in range(slots.shape[1]):
        for second in range(first + 1, slots.shape[1]):
            pair = slots[slots[:, second] >= 0]
            a, b = pair[:, first], pair[:, second]
            a_never_worse = np.logical_and.reduce([c[a] <= c[b] for c in criteria])
            b_never_worse = np.logical_and.reduce([c[b] <= c[a] for c in criteria])
            kept[b] &= ~a_never_worse
            kept[a] &= ~(b_never_worse & ~a_never_worse)
    return kept


def _slots(group: Ints) -> Ints:
    """Positions of the members of each group, one row per group, filled up with -1."""
    if not len(group):
        return np.empty((0, 0), dtype=np.int64)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    sizes = np.diff(np.r_[starts, len(group)])
    rank = np.arange(len(group)) - np.repeat(starts, sizes)
    slots = np.full((len(starts), int(sizes.max())), -1, dtype=np.int64)
    slots[np.repeat(np.arange(len(starts)), sizes), rank] = order
    return slots
