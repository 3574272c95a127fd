r"""Recourse as a merit order: outcomes with one site and no shared lift.

With one site in an outcome and no capacity that ties items together, the best response to a need fills it from the
hubs in increasing cost and stops at the price of shortage (MODEL section 3). Its value and a subgradient are a sort
done once and a cumulative sum per call, for all outcomes and items at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from prepos.instance import Floats, Instance, Ints
from prepos.optimization.benders.point import Cuts, Groups, Point
from prepos.optimization.data import ProgramData

FULL = 1e-9
"""Relative shortfall below which a need counts as filled."""


@dataclass(frozen=True)
class MeritOrder:
    """The needs with their ways in order of cost; arrays of (N, R), padded with ways that carry nothing.

    Attributes
    ----------
    arc
        Position of the arc in `ProgramData`, -1 where padded.
    i, k
        Hub (0 where padded or a supplier) and item.
    cost
        Cost of one unit on the way, less what it saves as leftover; the price of shortage where padded.
    share
        Share of the hub's stock that can be used; 0 for a supplier.
    limit
        What a supplier can deliver; 0 for a hub.
    gated
        True where the way is open only if its hub runs.
    needed, shortage : (N,)
        Units needed and the price of one that never arrives.
    group, weight : (N,)
        Cut group that the need adds to, and with what weight.
    """

    data: ProgramData
    arc: Ints
    i: Ints
    k: Ints
    cost: Floats
    share: Floats
    limit: Floats
    gated: npt.NDArray[np.bool_]
    needed: Floats
    shortage: Floats
    outcome: Ints
    group: Ints
    weight: Floats
    groups: int

    def cuts(self, point: Point) -> Cuts:
        r"""Return the recourse of each outcome at a point, and one cut for each group.

        For any marginal cost :math:`\pi` the recourse of a need is at least
        :math:`\pi d - \sum_i (\pi - c_i)^+ \min(a_i x_i, d y_i)`, with equality at the way that fills it last.
        """
        by_stock = self.share * point.stock[self.i, self.k]
        by_opening = np.where(self.gated, self.needed[:, None] * point.running[self.i], np.inf)
        on_stock = by_stock < by_opening
        usable = np.where(self.limit > 0, self.limit, np.minimum(by_stock, by_opening))
        marginal = self._marginal(usable)
        saving = np.maximum(marginal[:, None] - self.cost, 0.0)
        value = marginal * self.needed - (saving * usable).sum(axis=1)
        constant = marginal * self.needed - (saving * self.limit).sum(axis=1)
        hub = self.limit <= 0
        to_stock = np.where(hub & on_stock, -saving * self.share, 0.0)
        to_opening = np.where(hub & ~on_stock, -saving * self.needed[:, None], 0.0)
        outcomes = len(self.data.instance.outcomes)
        return Cuts(
            recourse=add_up(self.outcome, value, outcomes),
            constant=add_up(self.group, self.weight * constant, self.groups),
            stock=self._sum(to_stock, self.k, len(self.data.instance.items)),
            running=self._sum(to_opening, None, 1)[:, :, 0],
        )

    def flows(self, point: Point) -> Floats:
        """Return the units shipped on each arc when the stock of the point is used in merit order."""
        usable = np.where(self.limit > 0, self.limit, self.share * point.stock[self.i, self.k])
        usable = np.where(self.cost < self.shortage[:, None], usable, 0.0)
        before = np.cumsum(usable, axis=1) - usable
        shipped = np.clip(self.needed[:, None] - before, 0.0, usable)
        flows = np.zeros(len(self.data.n))
        real = self.arc >= 0
        flows[self.arc[real]] = shipped[real]
        return flows

    def _marginal(self, usable: Floats) -> Floats:
        """Return the cost of the way that fills each need last; the price of shortage where none does."""
        filled = np.cumsum(usable, axis=1) >= self.needed[:, None] * (1 - FULL)
        last = np.argmax(filled, axis=1)
        cost = np.take_along_axis(self.cost, last[:, None], axis=1)[:, 0]
        return np.where(filled.any(axis=1), np.minimum(cost, self.shortage), self.shortage)

    def _sum(self, values: Floats, k: Ints | None, items: int) -> Floats:
        hubs = len(self.data.instance.hubs)
        cell = (self.group[:, None] * hubs + self.i) * items + (0 if k is None else k)
        total = add_up(cell.ravel(), (values * self.weight[:, None]).ravel(), self.groups * hubs * items)
        return total.reshape(self.groups, hubs, items)


def add_up(where: Ints, values: Floats, size: int) -> Floats:
    """Return the sum of the values at each place."""
    return np.bincount(where, weights=values, minlength=size).astype(np.float64, copy=False)


def applies(data: ProgramData) -> bool:
    """Return whether every outcome has one site and nothing ties its items together."""
    needs = data.instance.needs
    site_of = np.full(len(data.instance.outcomes), -1)
    site_of[needs.w] = needs.j
    one_site = bool((site_of[needs.w] == needs.j).all())
    free = not np.isfinite(data.instance.outbound_m3).any() and not np.isfinite(data.lane_capacity_m3).any()
    return one_site and free


def merit_order(data: ProgramData, per_unit: Floats, gated: npt.NDArray[np.bool_], groups: Groups) -> MeritOrder:
    """Sort the ways of every need by cost, once.

    Parameters
    ----------
    per_unit
        Cost of one unit on each arc (freight, or freight and deprivation).
    gated
        Hub -> True where it may or may not run.
    groups
        Which needs share a cut.
    """
    instance, needs = data.instance, data.instance.needs
    own = data.i < len(instance.hubs)
    cost = per_unit - np.where(own, instance.leftover_usd[data.k], 0.0)
    order = np.lexsort([cost, data.n])
    n = data.n[order]
    rank = np.arange(len(n)) - np.searchsorted(n, n)
    shape = (len(needs.w), int(rank.max(initial=-1)) + 1)
    arc = np.full(shape, -1, dtype=np.int64)
    arc[n, rank] = order
    real = arc >= 0
    shortage = instance.shortage_usd[needs.k]
    hub = real & own[arc]
    source = np.where(real, data.i[arc], 0)
    return MeritOrder(
        data=data,
        arc=arc,
        i=np.where(hub, source, 0),
        k=np.broadcast_to(needs.k[:, None], shape),
        cost=np.where(real, cost[arc], shortage[:, None]),
        share=np.where(hub, instance.availability[needs.w[:, None], np.where(hub, source, 0)], 0.0),
        limit=_limits(instance, real & ~own[arc], source, needs.k, needs.quantity),
        gated=hub & gated[np.where(hub, source, 0)],
        needed=needs.quantity,
        shortage=shortage,
        outcome=needs.w,
        group=groups.of_need,
        weight=groups.weight[needs.w],
        groups=groups.count,
    )


def _limits(instance: Instance, supplied: npt.NDArray[np.bool_], source: Ints, k: Ints, needed: Floats) -> Floats:
    if not len(instance.suppliers):
        return np.zeros(supplied.shape)
    s = np.where(supplied, source - len(instance.hubs), 0)
    limit = np.minimum(instance.supplier_limit[s, k[:, None]], needed[:, None])
    return np.where(supplied, limit, 0.0)
