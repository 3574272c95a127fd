"""Dispatch policies: which source and mode serve a request, given what is in stock.

A policy is a function of a `Call` and of the stock that may be used; it returns the units to send by each way. To add
one: write the function, add the line to `DISPATCH`, add a test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np

from prepos.instance import Floats
from prepos.simulation.transport import Ways

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
    sources
        Sources whose stock holds anything that is asked for.
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
    sources: Collection[int]
    hours_left: float
    planned: dict[int, Floats]
    room: Floats | None
    unit_m3: Floats


Dispatch = Callable[[Call, Floats], dict[int, Floats]]
"""(call, stock (sources, K)) -> units (K,) to send by each way; what it is given does not change."""


def nearest_first(call: Call, stock: Floats) -> dict[int, Floats]:
    """Send by the fastest way whose source has stock, then by the next."""
    return pour(call, stock, call.ways.fastest)


def cheapest_first(call: Call, stock: Floats) -> dict[int, Floats]:
    """Send by the cheapest way whose source has stock, then by the next."""
    return pour(call, stock, call.ways.cheapest)


def follow_plan(call: Call, stock: Floats) -> dict[int, Floats]:
    """Send what the plan would have sent in this outcome, as far as there is stock; the rest nearest first."""
    return pour(call, stock, [*call.planned.items(), *call.ways.fastest])


DISPATCH: dict[str, Dispatch] = {
    "nearest_first": nearest_first,
    "cheapest_first": cheapest_first,
    "follow_plan": follow_plan,
}


def pour(call: Call, stock: Floats, offers: Iterable[tuple[int, Floats]]) -> dict[int, Floats]:
    """Serve the want from (way, most that it may send) in the order given, until the want or the stock ends.

    Items share a way that can carry only so much in proportion to what they would send by it.
    """
    want, left = call.want.copy(), stock.copy()
    ways, sent = call.ways, dict[int, Floats]()
    for way, most in offers:
        source = ways.sources[way]
        if source not in call.sources or ways.hours[way] > call.hours_left:
            continue
        units = np.minimum(np.minimum(want, left[source]), most)
        if units.max() <= TINY:
            continue
        units = units if call.room is None else squeeze(call, way, units, sent)
        sent[way] = sent[way] + units if way in sent else units
        want -= units
        if want.max() <= TINY:
            break
        left[source] -= units
    return sent


def squeeze(call: Call, way: int, units: Floats, sent: dict[int, Floats]) -> Floats:
    """Return what of some units a way can still carry, beside what it is sent already."""
    if call.room is None:
        return units
    used = float(sent[way] @ call.unit_m3) if way in sent else 0.0
    volume, room = float(units @ call.unit_m3), max(float(call.room[way]) - used, 0.0)
    return units if volume <= room else units * (room / volume)
