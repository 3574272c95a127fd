"""Small situations for the optimizer: a scenario from a few short tables, a model from a few keys, a solved answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from prepos.data.scenario import Scenario, Settings, empty_table
from prepos.evaluate import Evaluation, evaluate
from prepos.instance import Instance, build_instance
from prepos.model import Model, parse_model
from prepos.optimization import OnProgress, SolverOptions, optimize_instance
from prepos.optimization.options import ignore_progress
from prepos.plan import Plan
from tests.optimization.breaches import breaches

EXACT = SolverOptions(gap=0.0, threads=1)
Cells = Mapping[str, Any]

ITEM: Cells = {"unit_kg": 1.0, "unit_m3": 1.0, "price_usd": 0.0, "shortage_usd": 1000.0}
"""What an item is unless a test says otherwise: 1 kg, 1 m3, free of charge, 1000 USD for a unit that never arrives."""


def situation(
    *,
    hubs: Mapping[str, Cells],
    needs: Mapping[tuple[str, str, str], float],
    lanes: Mapping[tuple[str, ...], tuple[float, float] | Cells],
    items: Mapping[str, Cells] | None = None,
    stock: Mapping[tuple[str, str], float] | None = None,
    outcomes: Mapping[str, float] | None = None,
    tiers: Mapping[tuple[str, str], tuple[float, float]] | None = None,
    availability: Mapping[tuple[str, str], float] | None = None,
    suppliers: Mapping[tuple[str, str], Cells] | None = None,
    regions: Mapping[str, str] | None = None,
    **settings: Any,
) -> Scenario:
    """Return a scenario of one outcome a year; every table is key -> what the row says beyond its defaults.

    Parameters
    ----------
    hubs, items
        Id -> cells of the row.
    needs
        (outcome, site, item) -> units.
    lanes
        (hub, site), (hub, site, mode) or (hub, site, mode, outcome) -> (hours, USD a unit), or the cells of the row.
    outcomes
        Outcome -> probability; None: those of the needs, all as likely.
    tiers
        (hub, tier) -> (m3, USD a year).
    availability
        (outcome, hub) -> share of the stock.
    regions
        Site -> region.
    """
    named = list(dict.fromkeys(outcome for outcome, *_ in needs))
    chances = outcomes or {outcome: 1 / len(named) for outcome in named}
    tables = {
        "hubs": [{"hub": hub, **cells} for hub, cells in hubs.items()],
        "items": [{"item": item, **ITEM, **cells} for item, cells in (items or {"tent": {}}).items()],
        "stock": [_row("hub item quantity", *key, units) for key, units in (stock or {}).items()],
        "lanes": [_lane(key, cells) for key, cells in lanes.items()],
        "outcomes": [_row("outcome probability", *pair) for pair in chances.items()],
        "needs": [_row("outcome site item quantity", *key, units) for key, units in needs.items()],
        "hub_tiers": [_row("hub tier capacity_m3 fixed_usd_year", *key, *size) for key, size in (tiers or {}).items()],
        "availability": [_row("outcome hub share", *key, share) for key, share in (availability or {}).items()],
        "suppliers": [{**_row("supplier item", *key), **cells} for key, cells in (suppliers or {}).items()],
        "sites": [_row("site region", *pair) for pair in (regions or {}).items()],
    }
    frames = {name: table(name, rows) for name, rows in tables.items()}
    return Scenario(name="test", settings=Settings(**{"disasters_per_year": 1.0, **settings}), **frames)


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a table with its declared columns and the given cells; what is not given is empty."""
    columns = {}
    for column, kind in empty_table(name).dtypes.items():
        empty = "" if kind == "str" else float("nan")
        columns[column] = pd.Series([row.get(column, empty) for row in rows], dtype=kind)
    return pd.DataFrame(columns)


def _row(columns: str, *cells: Any) -> dict[str, Any]:
    return dict(zip(columns.split(), cells, strict=True))


def _lane(key: tuple[str, ...], cells: tuple[float, float] | Cells) -> dict[str, Any]:
    hub, site, mode, outcome = (*key, *("road", "")[len(key) - 2 :])
    figures = cells if isinstance(cells, Mapping) else _row("hours usd_per_unit", *cells)
    return {"hub": hub, "site": site, "mode": mode, "outcome": outcome, **figures}


def ask(minimise: str | list[str] = "cost", **sections: Cells) -> Model:
    """Return a model; the stock is free to buy and to move, in any quantity, unless a section says otherwise."""
    stock = {"integer": False, **sections.pop("stock", {})}
    objective = {"minimise": minimise, **sections.pop("objective", {})}
    return parse_model({"name": "test", "objective": objective, "stock": stock, **sections})


@dataclass(frozen=True)
class Answer:
    """A plan with what it was made from and its figures."""

    instance: Instance
    model: Model
    plan: Plan
    figures: Evaluation

    def stock(self, hub: str, item: str = "tent") -> float:
        """Return the units held at a hub."""
        return units(self.plan.stock, hub=hub, item=item)

    def shipped(self, **where: str) -> float:
        """Return the units shipped in the rows of the flows table that match."""
        return units(self.plan.flows, **where)

    def unmet(self, **where: str) -> float:
        """Return the units that never arrive."""
        return units(self.plan.unmet, **where)

    @property
    def running(self) -> dict[str, str]:
        """The hubs that run, each with its tier."""
        rows = self.plan.hubs[self.plan.hubs["open"]]
        return dict(zip(rows["hub"], rows["tier"], strict=True))


def answer(
    scenario: Scenario, model: Model, options: SolverOptions = EXACT, on_progress: OnProgress = ignore_progress
) -> Answer:
    """Solve a scenario under a model; hold the plan against every rule and the program's figures against `evaluate`."""
    return answer_instance(build_instance(scenario, model), model, options, on_progress)


def answer_instance(
    instance: Instance, model: Model, options: SolverOptions = EXACT, on_progress: OnProgress = ignore_progress
) -> Answer:
    """As `answer`, for a scenario already worked out."""
    plan = optimize_instance(instance, model, options, on_progress)
    figures = evaluate(instance, plan, model)
    agree(instance, model, plan, figures)
    return Answer(instance, model, plan, figures)


def agree(instance: Instance, model: Model, plan: Plan, figures: Evaluation) -> None:
    """Fail where a plan breaks a rule, or where the program and `evaluate` see different figures."""
    assert breaches(instance, plan, model) == []
    assert figures.violation <= 1e-6
    if model.risk.measure != "regret":
        for level in plan.levels:
            assert figures.objectives[level.name] == pytest.approx(level.value, rel=1e-6, abs=1e-6), level.name
    assert all(level.bound <= level.value for level in plan.levels)


def units(frame: pd.DataFrame, **where: str) -> float:
    """Return the quantity of the rows that match."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return float(frame["quantity"].sum())
