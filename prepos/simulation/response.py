"""The state of one disaster's response, and the consignments it is sent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from prepos.instance import Floats
from prepos.simulation.hazards import HOURS_PER_DAY, Strike
from prepos.simulation.policies import Call
from prepos.simulation.transport import Ways

if TYPE_CHECKING:
    from prepos.simulation.world import World


@dataclass(slots=True)
class Consignment:
    """Goods of all items that travel together: to a site of a disaster, by one way.

    Attributes
    ----------
    units : (K,)
        What it carries.
    volume
        m3.
    asked
        Hour at which it was assigned.
    """

    strike: Strike
    site: int
    ways: Ways
    way: int
    units: Floats
    volume: float
    asked: float

    @property
    def source(self) -> int:
        """Hub or supplier that it comes from."""
        return self.ways.sources[self.way]


class Response:
    """The state of one disaster's response.

    Attributes
    ----------
    sent : (S, K)
        Units assigned to each site so far.
    left : (S, K)
        Latest estimate of the need less what was sent; below 0 where more was sent than is now thought needed. A view
        of the world's `left`.
    closes
        Hour at which the response ends.
    blocked : (I, K)
        Stock that this outcome keeps from leaving; None where all of it can.
    supplier_left : (suppliers, K)
        Units that suppliers can still deliver.
    calls
        One standing call per site; None where nothing reaches it.
    """

    def __init__(self, world: World, strike: Strike) -> None:
        setting, mark = world.setting, world.setting.catalogue.marks[strike.mark]
        self.strike = strike
        first = world.first_row[strike.number]
        self.sent, self.left = np.zeros_like(strike.need), world.left[first : first + len(strike.need)]
        self.closes = strike.onset + setting.options.response_days * HOURS_PER_DAY
        usable = setting.availability[mark.outcome]
        held = world.stock[: setting.hubs]
        self.blocked: Floats | None = (1 - usable)[:, None] * held if usable.min(initial=1.0) < 1 else None
        self.supplier_left = setting.supplier_limit.copy()
        self.calls = [self._call(world, s, at) for s, at in enumerate(setting.ways_of[strike.mark])]

    def _call(self, world: World, site: int, at: int) -> Call | None:
        if at < 0:
            return None
        ways = world.holding.ways[at]
        flows = world.holding.flows.get((self.strike.mark, site), {})
        planned = {way: units.copy() for way, units in flows.items()}
        room = ways.capacity_m3.copy() if ways.limited else None
        return Call(ways, np.zeros(world.setting.items), (), math.inf, planned, room, world.setting.unit_m3)

    def revise(self, estimate: Floats) -> None:
        """Take in a new estimate of the need, (S, K)."""
        self.left[:] = estimate - self.sent

    def close(self) -> None:
        """End the response: nothing is wanted any more."""
        self.left[:] = 0.0
