"""What a scenario holds, in figures: the first thing to look at after reading one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from prepos.data.outcomes import disasters_per_year
from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES
from prepos.instance import Instance

WEAKEST_FIRST = ("illustrative", "estimate", "cited_from_memory", "dataset", "verified")


def summary(instance: Instance) -> dict[str, Any]:
    """Return rows per table, stock, outcomes, needs, lanes by mode and how well the figures are known."""
    scenario = instance.scenario
    return {
        "title": scenario.settings.title,
        "question": scenario.settings.question,
        "period_days": scenario.settings.period_days,
        "rows": {name: len(scenario.table(name)) for name in TABLES if len(scenario.table(name))},
        "hubs": {status: instance.status.count(status) for status in ("open", "candidate", "closed")},
        "stock": _stock(instance),
        "outcomes": _outcomes(instance),
        "needs": _needs(instance),
        "lanes": _lanes(instance),
        "basis": _basis(scenario),
    }


def _stock(instance: Instance) -> dict[str, float]:
    by_item = instance.stock.sum(axis=0)
    return {
        "units": float(by_item.sum()),
        "m3": float(by_item @ instance.unit_m3),
        "usd": float(by_item @ instance.price_usd),
        "hubs_with_stock": int((instance.stock.sum(axis=1) > 0).sum()),
    }


def _outcomes(instance: Instance) -> dict[str, Any]:
    settings = instance.scenario.settings
    people = instance.scenario.disasters["people_in_need"]
    return {
        "kind": settings.outcomes,
        "number": len(instance.outcomes),
        "expected_per_period": instance.recourse_weight,
        "disasters_per_year": disasters_per_year(instance.scenario) if settings.outcomes == "disasters" else None,
        "people_in_need": float(people.sum()) if len(people) else None,
    }


def _needs(instance: Instance) -> list[dict[str, Any]]:
    """Return expected and largest need of one outcome, by item."""
    needs = instance.needs
    by_outcome = np.zeros((len(instance.outcomes), len(instance.items)))
    np.add.at(by_outcome, (needs.w, needs.k), needs.quantity)
    expected = instance.probability @ by_outcome
    stock = instance.stock.sum(axis=0)
    return [
        {
            "item": item,
            "expected_units": float(expected[k]),
            "largest_units": float(by_outcome[:, k].max(initial=0.0)),
            "stock_units": float(stock[k]),
        }
        for k, item in enumerate(instance.items)
    ]


def _lanes(instance: Instance) -> dict[str, int]:
    """Return the number of hub-site pairs that each mode links."""
    lanes = instance.lanes
    pairs = pd.DataFrame({"i": lanes.i, "j": lanes.j, "v": lanes.v})[np.isfinite(lanes.hours)].drop_duplicates()
    counts = pairs["v"].value_counts()
    return {mode: int(counts.get(v, 0)) for v, mode in enumerate(instance.modes)}


def _basis(scenario: Scenario) -> dict[str, int]:
    """Return the rows of all tables by the weakest basis that each names; rows that name none count as "not said"."""
    texts = pd.concat([scenario.table(name)["basis"] for name in TABLES])
    weakest = texts.map(lambda text: next((word for word in WEAKEST_FIRST if word in text), "not said"))
    counts = weakest.value_counts()
    return {word: int(counts[word]) for word in (*WEAKEST_FIRST, "not said") if word in counts}
