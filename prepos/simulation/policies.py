"""Dispatch policies: which source and mode serve a request, given what is in stock.

A policy is a function of a `Call` and of the stock that may be used; it returns the units to send by each way. To add
one: write the function, add the line to `DISPATCH`, add a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from prepos.instance import Floats
from prepos.simulation.transport import Ranking, Ways

TINY = 1e-6
"""Units below which a quantity counts as nothing."""


@dataclass(slots=True)
class Call:
    """A request for stock by one site of one disaster.

    Attributes
    ----------
    ways
        Ways to the site.
    want : (K,)
        Units asked for.
    hours_left
        Time until the response closes: a way that takes longer is not used.
    planned
        Way of the plan -> units (K,) that it still means to send by it, fastest first.
    room : (R,)
        m3 that each way can still carry for this disaster; None where no way has a limit.
    unit_m3 : (K,)
        Volume of a unit.
    """

    ways: Ways
    want: Floats
    hours_left: float
    planned: dict[int, Floats]
    room: Floats | None
    unit_m3: Floats


Dispatch = Callable[[Call, Floats], Floats]
"""(call, stock (sources + 1, K), whose last row is empty) -> units to send (R, K); neither argument's arrays change."""


def nearest_first(call: Call, stock: Floats) -> Floats:
    """Send by the fastest way whose source has stock, then by the next."""
    return fill(call, call.want, stock, call.ways.fastest)


def cheapest_first(call: Call, stock: Floats) -> Floats:
    """Send by the cheapest way whose source has stock, then by the next."""
    return fill(call, call.want, stock, call.ways.cheapest)


def follow_plan(call: Call, stock: Floats) -> Floats:
    """Send what the plan would have sent in this outcome, as far as there is stock; the rest nearest first."""
    if not call.planned:
        return nearest_first(call, stock)
    sent = np.zeros_like(call.ways.usd)
    want, left = call.want.copy(), stock.copy()
    for way, meant in call.planned.items():
        source = call.ways.sources[way]
        units = np.minimum(np.minimum(want, meant), left[source])
        if call.ways.hours[way] > call.hours_left or not units.any():
            continue
        units = _squeeze(call, way, units, 0.0)
        sent[way] += units
        want -= units
        left[source] -= units
    if want.max() > TINY:
        sent += fill(call, want, left, call.ways.fastest, sent)
    return sent


DISPATCH: dict[str, Dispatch] = {
    "nearest_first": nearest_first,
    "cheapest_first": cheapest_first,
    "follow_plan": follow_plan,
}


def fill(call: Call, want: Floats, stock: Floats, ranking: Ranking, already: Floats | None = None) -> Floats:
    """Serve each item from the ranked ways until the want or the stock ends, (R, K) units.

    A merit order, for all items at once: what a way sends is the part of its source's stock that the better ways have
    left to be wanted.
    """
    if call.room is not None:
        return _fill_with_limits(call, want, stock, ranking, already)
    held = stock.take(ranking.stock)
    if ranking.slowest > call.hours_left:
        held = held * (ranking.hours <= call.hours_left)
    before = np.zeros_like(held)
    np.cumsum(held[:-1], axis=0, out=before[1:])
    units = np.minimum(held, np.maximum(want - before, 0.0))
    ways, items = call.ways.usd.shape
    sent = np.zeros((ways + 1) * items)
    sent[ranking.way] = units
    return sent.reshape(ways + 1, items)[:ways]


def _fill_with_limits(call: Call, want: Floats, stock: Floats, ranking: Ranking, already: Floats | None) -> Floats:
    """Follow the merit order way by way where ways can carry only so much; items share a tight way in proportion."""
    want, left = want.copy(), stock.copy()
    sent = np.zeros_like(call.ways.usd)
    for way in ranking.order:
        source = call.ways.sources[way]
        units = np.where(call.ways.open[way], np.minimum(want, left[source]), 0.0)
        if call.ways.hours[way] > call.hours_left or units.max() <= TINY:
            continue
        used = 0.0 if already is None else float(already[way] @ call.unit_m3)
        units = _squeeze(call, way, units, used)
        sent[way] = units
        want -= units
        left[source] -= units
    return sent


def _squeeze(call: Call, way: int, units: Floats, used_m3: float) -> Floats:
    if call.room is None:
        return units
    volume, room = float(units @ call.unit_m3), max(float(call.room[way]) - used_m3, 0.0)
    return units if volume <= room else units * (room / volume)
