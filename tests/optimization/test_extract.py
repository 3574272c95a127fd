"""From the values of the variables to a plan: tables that speak for themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from prepos.plan import PLAN_TABLES
from tests.optimization.situations import answer, ask, situation

PLACES = {"A": {"lat": 0, "lon": 0}, "B": {"lat": 0, "lon": 10}, "C": {"lat": 0, "lon": 11}}
OWN_SITES = {("A", "X"): (10, 1), ("B", "Y"): (10, 1), ("C", "Z"): (10, 1)}


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


def test_a_plan_holds_its_tables_with_the_declared_columns() -> None:
    plan = answer(situation(hubs={"A": {}}, lanes={("A", "X"): (1, 1)}, needs={("w", "X", "tent"): 5}), ask()).plan
    assert {name: tuple(getattr(plan, name).columns) for name in PLAN_TABLES} == dict(PLAN_TABLES)
    assert plan.engine == "extensive"
    assert set(plan.seconds) == {"build", "solve", "total"}


def test_free_moves_fill_each_deficit_from_the_nearest_surplus_and_the_rest_is_bought() -> None:
    # A and C hold 6 and 4 too many; B, next to C, needs 12: 4 from C, 6 from A, 2 bought.
    found = answer(
        situation(
            hubs=PLACES,
            items={"tent": {"price_usd": 9}},
            stock={("A", "tent"): 8, ("C", "tent"): 4},
            lanes=OWN_SITES,
            needs={("w", "X", "tent"): 2, ("w", "Y", "tent"): 12},
        ),
        ask(stock={"integer": True}),
    )
    assert rows(found.plan.moves) == [("C", "B", "tent", 4.0), ("A", "B", "tent", 6.0)]
    assert rows(found.plan.purchases) == [("B", "tent", 2.0)]
    assert rows(found.plan.stock) == [("A", "tent", 2.0), ("B", "tent", 12.0)]


def test_stock_of_a_closed_hub_is_moved_where_moves_are_free() -> None:
    found = answer(
        situation(
            hubs={"A": {"status": "closed"}, "B": {}},
            stock={("A", "tent"): 5},
            lanes={("B", "X"): (10, 1)},
            needs={("w", "X", "tent"): 5},
        ),
        ask(stock={"mode": "fixed_total"}),
    )
    assert rows(found.plan.moves) == [("A", "B", "tent", 5.0)]
    assert rows(found.plan.hubs) == [("A", False, ""), ("B", True, "base")]


def test_stock_of_a_closed_hub_stays_there_where_nothing_moves() -> None:
    found = answer(
        situation(
            hubs={"A": {"status": "closed"}, "B": {}},
            stock={("A", "tent"): 5, ("B", "tent"): 1},
            lanes={("A", "X"): (10, 1), ("B", "X"): (10, 1)},
            needs={("w", "X", "tent"): 5},
        ),
        ask(stock={"mode": "as_is"}),
    )
    assert rows(found.plan.stock) == [("A", "tent", 5.0), ("B", "tent", 1.0)]
    assert found.unmet() == 4


def test_whole_lots_come_out_as_whole_numbers() -> None:
    found = answer(
        situation(
            hubs={"A": {}},
            items={"tent": {"lot": 7, "price_usd": 1}},
            lanes={("A", "X"): (10, 1)},
            needs={("w", "X", "tent"): 1000.3},
        ),
        ask(stock={"integer": True}),
    )
    assert found.plan.stock["quantity"].tolist() == [1001.0]


def test_flows_and_unmet_units_add_up_to_the_need_in_every_outcome() -> None:
    found = answer(
        situation(
            hubs={"A": {"capacity_m3": 7}},
            lanes={("A", "X"): (10, 1)},
            needs={("w1", "X", "tent"): 5, ("w2", "X", "tent"): 11},
        ),
        ask(),
    )
    assert [(found.shipped(outcome=w), found.unmet(outcome=w)) for w in ("w1", "w2")] == [
        (5, 0),
        (pytest.approx(7), pytest.approx(4)),
    ]
