"""Where every unit is: nothing may appear or vanish in a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from prepos.errors import PreposError
from prepos.instance import Floats


class Ledger:
    """Units by item and by what became of them; every process books what it moves.

    Attributes
    ----------
    initial, replenished, supplied
        Units that came in: held at the start, received by hubs, taken from suppliers.
    waiting, travelling, delivered, lost
        Units that left the stock: assigned and not yet loaded, on their way, arrived, lost with a struck hub.
    """

    def __init__(self, initial: Floats) -> None:
        self.initial = initial.sum(axis=0)
        empty = np.zeros_like(self.initial)
        self.replenished, self.supplied = empty.copy(), empty.copy()
        self.waiting, self.travelling, self.delivered, self.lost = (empty.copy() for _ in range(4))

    def check(self, stock: Floats, recorded: Floats, items: Sequence[str]) -> None:
        """Hold the books against the stock that is left and the deliveries that were recorded, (K,).

        Raises
        ------
        PreposError
            When stock + delivered + in transit + lost differs from initial + replenished + supplied, when the record
            differs from the books, or when stock is negative.
        """
        came = self.initial + self.replenished + self.supplied
        went = stock.sum(axis=0) + self.waiting + self.travelling + self.delivered + self.lost
        tolerance = 1e-6 + 1e-9 * came
        faults = {
            "units in and out differ by": went - came,
            "recorded deliveries differ from the books by": recorded - self.delivered,
            "stock is below 0 by": np.minimum(stock.min(axis=0, initial=0.0), 0.0),
        }
        for fault, units in faults.items():
            wrong = np.flatnonzero(np.abs(units) > tolerance)
            if len(wrong):
                k = int(wrong[0])
                count = f"{fault} {units[k]:+.6g}"
                raise PreposError(f"the simulation lost count of {items[k]}: {count}; its figures are void")
