"""What passes between the master and the recourse: a first-stage point one way, cuts the other."""

from __future__ import annotations

from dataclasses import dataclass

from prepos.instance import Floats, Ints


@dataclass(frozen=True)
class Point:
    """A first stage, whole or not: `stock` (I, K) units and `running` (I,), the sum of a hub's tiers, 0..1."""

    stock: Floats
    running: Floats

    def towards(self, other: Point, step: float) -> Point:
        """Return the point `step` of the way to another."""
        stock = self.stock + step * (other.stock - self.stock)
        return Point(stock, self.running + step * (other.running - self.running))


@dataclass(frozen=True)
class Groups:
    """Which needs share a cut: the group of each need, the weight of each outcome in its cuts, how many groups."""

    of_need: Ints
    weight: Floats
    count: int


@dataclass(frozen=True)
class Cuts:
    """One valid inequality for each group, and the recourse that they touch.

    ``theta_g >= constant_g + sum(stock_g * x) + sum(running_g * y)``; `recourse` (W,) is the cost of each outcome.
    """

    recourse: Floats
    constant: Floats
    stock: Floats
    running: Floats

    def at(self, point: Point) -> Floats:
        """Return the right-hand side of every cut at a point, (G,)."""
        value: Floats = self.constant + (self.stock * point.stock).sum(axis=(1, 2)) + self.running @ point.running
        return value
