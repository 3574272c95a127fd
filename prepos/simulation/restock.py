"""Restock policies: when and how much is ordered to bring a hub back to the plan's stock, and when it comes.

A policy is a function of what a hub has and has on order, and of what the plan wants there; it returns the units
missing. To add one: write the function, add the line to `RESTOCK`, add a test.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from prepos.instance import Floats

Restock = Callable[[Floats, Floats, float], Floats]
"""(position (K,): units in stock and on order, target (K,): the plan's stock, reorder share) -> units to order (K,)."""


def order_up_to(position: Floats, target: Floats, reorder_share: float) -> Floats:  # noqa: ARG001
    """Order whatever is missing from the plan's stock at every review."""
    return np.maximum(target - position, 0.0)


def reorder_point(position: Floats, target: Floats, reorder_share: float) -> Floats:
    """Order up to the plan's stock once the position has fallen to a share of it: the (s, S) rule."""
    return np.where(position <= reorder_share * target, np.maximum(target - position, 0.0), 0.0)


def none(position: Floats, target: Floats, reorder_share: float) -> Floats:  # noqa: ARG001
    """Order nothing: what is used is gone."""
    return np.zeros_like(target)


RESTOCK: dict[str, Restock] = {"order_up_to": order_up_to, "reorder_point": reorder_point, "none": none}


def whole_lots(units: Floats, lot: Floats) -> Floats:
    """Round an order down to whole lots; what is left is ordered once a lot is missing."""
    lots: Floats = np.floor(units / lot + 1e-9) * lot
    return lots


LeadTimeLaw = Callable[[np.random.Generator, tuple[int, int], float], Floats]


def _lognormal(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:
    return np.exp(sigma * rng.standard_normal(shape) - sigma**2 / 2)


def _exponential(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:  # noqa: ARG001
    return rng.standard_exponential(shape)


def _fixed(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:  # noqa: ARG001
    return np.ones(shape)


LEAD_TIME_LAWS: dict[str, LeadTimeLaw] = {"lognormal": _lognormal, "exponential": _exponential, "fixed": _fixed}
"""Laws of actual / expected lead time; each has mean 1."""


class LeadTimes:
    """Actual / expected lead time of the n-th review of each hub, drawn in blocks as reviews come.

    The value of (hub, n) does not depend on which hubs order, so that two plans meet the same suppliers.
    """

    BLOCK = 64

    def __init__(self, hubs: int, law: str, sigma: float, rng: np.random.Generator) -> None:
        self._hubs, self._law, self._sigma, self._rng = hubs, LEAD_TIME_LAWS[law], sigma, rng
        self._blocks: list[Floats] = []

    def factor(self, hub: int, number: int) -> float:
        """Return the factor for the order that a hub places at its review `number` (from 0)."""
        block, within = divmod(number, self.BLOCK)
        while len(self._blocks) <= block:
            self._blocks.append(self._law(self._rng, (self.BLOCK, self._hubs), self._sigma))
        return float(self._blocks[block][within, hub])
