"""The answer: tables of what to hold, buy, move and ship, and how good it is proven to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Status = Literal["optimal", "time_limit", "interrupted", "stalled"]

HUB_COLUMNS = ("hub", "open", "tier")
STOCK_COLUMNS = ("hub", "item", "quantity")
MOVE_COLUMNS = ("from_hub", "to_hub", "item", "quantity")
FLOW_COLUMNS = ("outcome", "hub", "site", "item", "mode", "quantity")
UNMET_COLUMNS = ("outcome", "site", "item", "quantity")

PLAN_TABLES: Mapping[str, tuple[str, ...]] = {
    "hubs": HUB_COLUMNS,
    "stock": STOCK_COLUMNS,
    "purchases": STOCK_COLUMNS,
    "moves": MOVE_COLUMNS,
    "flows": FLOW_COLUMNS,
    "unmet": UNMET_COLUMNS,
}


@dataclass(frozen=True)
class Level:
    """One objective of a lexicographic list, as it was solved.

    `value` and `bound` are in the objective's own unit and sense (all are minimised); the bound of a later level
    holds among the plans that keep the earlier values.
    """

    name: str
    value: float
    bound: float
    gap: float


@dataclass(frozen=True)
class Plan:
    """A stock plan, with what it would ship in each outcome; no solver object in it.

    Parameters
    ----------
    status
        ``"optimal"``: within the gap that was asked for; otherwise why the solve ended early (``"stalled"``: the
        arithmetic of the solver allows no further proof).
    engine
        Which engine found it: ``"extensive"``.
    objective, bound, gap
        Value, proven bound and relative gap of the objective that the model names.
    seconds
        ``build``, ``solve`` and ``total``.
    levels
        One entry per objective solved, in order.
    hubs
        hub, open (bool), tier (text).
    stock
        hub, item, quantity held (units); rows with a quantity only.
    purchases
        hub, item, quantity bought.
    moves
        from_hub, to_hub, item, quantity.
    flows
        outcome, hub (or supplier), site, item, mode, quantity shipped.
    unmet
        outcome, site, item, quantity that never arrives.
    """

    status: Status
    engine: str
    objective: float
    bound: float
    gap: float
    seconds: Mapping[str, float]
    hubs: pd.DataFrame
    stock: pd.DataFrame
    purchases: pd.DataFrame
    moves: pd.DataFrame
    flows: pd.DataFrame
    unmet: pd.DataFrame
    levels: tuple[Level, ...] = ()
    notes: tuple[str, ...] = field(default=())
