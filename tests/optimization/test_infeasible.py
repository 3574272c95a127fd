"""A request that nothing can meet: which of the planner's limits clash, and what would repair it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from prepos.errors import InfeasibleError
from prepos.model import Model
from prepos.optimization import SolverOptions, infeasible
from tests.optimization.situations import answer, ask, situation


def two_hubs() -> Any:
    """Return A (100 USD a year, 30 m3) and B (250.4 USD, 60 h away), 10 tents of 7 USD needed at X and 10 at Y."""
    return situation(
        hubs={"A": {"fixed_usd_year": 100, "capacity_m3": 30}, "B": {"fixed_usd_year": 250.4}},
        items={"tent": {"price_usd": 7}},
        lanes={("A", "X"): (24, 1), ("B", "X"): (60, 1), ("B", "Y"): (60, 1)},
        needs={("w1", "X", "tent"): 10, ("w2", "Y", "tent"): 10},
        regions={"X": "north", "Y": "south"},
    )


def clash(model: Model, scenario: Any = None) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        answer(scenario or two_hubs(), model)
    return caught.value


def figure(error: InfeasibleError, key: str) -> float:
    """Return the number that repairs a limit."""
    line = next(line for line in str(error).splitlines() if line.startswith(f"  - {key}: "))
    return float(re.findall(r"[\d,.]*\d", line.removeprefix(f"  - {key}: "))[0].replace(",", ""))


def test_a_budget_below_the_forced_hubs_says_what_they_cost() -> None:
    # A and B cost 100 + 250.4: 351 whole USD.
    forced = {"force_open": ["A", "B"]}
    error = clash(ask(hubs=forced, budget={"usd": 200}))
    assert error.limits == ("budget.usd", "hubs.force_open")
    assert str(error).splitlines() == [
        "no plan can meet all of these at once: budget.usd = 200; hubs.force_open = A, B",
        "  - budget.usd: at least 351 USD would be needed",
        "  - hubs.force_open: leave out one or more of its hubs",
    ]
    assert answer(two_hubs(), ask(hubs=forced, budget={"usd": 351})).plan.status == "optimal"
    assert clash(ask(hubs=forced, budget={"usd": 350})).limits == error.limits


def test_coverage_out_of_reach_says_what_can_be_reached() -> None:
    # Within 24 h only X is reached: half of all. No other limit has a part in it.
    error = clash(ask(service={"min_coverage": 0.9, "within_hours": 24}, budget={"usd": 5000}, hubs={"max_open": 2}))
    assert error.limits == ("service.min_coverage",)
    assert "service.min_coverage = 0.9 (within 24 h, by all)" in str(error)
    assert figure(error, "service.min_coverage") == 0.5
    assert answer(two_hubs(), ask(service={"min_coverage": 0.5, "within_hours": 24})).plan.status == "optimal"
    assert clash(ask(service={"min_coverage": 0.5001, "within_hours": 24}))


def test_coverage_and_budget_that_clash_each_say_how_far_to_give() -> None:
    # B alone serves both: 250.4 + 10 x 7 = 320.4. With 290 USD it holds 39.6 / 7 tents: a share of 0.5657.
    service = {"min_coverage": 1.0}
    error = clash(ask(service=service, budget={"usd": 290}))
    assert error.limits == ("budget.usd", "service.min_coverage")
    assert figure(error, "budget.usd") == 321
    assert figure(error, "service.min_coverage") == 0.5657
    assert answer(two_hubs(), ask(service=service, budget={"usd": 321})).plan.status == "optimal"
    assert answer(two_hubs(), ask(service={"min_coverage": 0.5657}, budget={"usd": 290})).plan.status == "optimal"
    assert clash(ask(service=service, budget={"usd": 320}))
    assert clash(ask(service={"min_coverage": 0.5658}, budget={"usd": 290}))


def test_a_chance_out_of_reach_says_what_can_be_reached() -> None:
    # Within 24 h the outcome at Y is never met: 0.5.
    error = clash(ask(service={"probability": 0.8, "within_hours": 24}))
    assert error.limits == ("service.probability",)
    assert figure(error, "service.probability") == 0.5
    assert answer(two_hubs(), ask(service={"probability": 0.5, "within_hours": 24})).plan.status == "optimal"


def test_fewer_hubs_than_are_forced_open_says_how_many_would_have_to_open() -> None:
    error = clash(ask(hubs={"max_open": 1, "force_open": ["A", "B"]}))
    assert error.limits == ("hubs.max_open", "hubs.force_open")
    assert figure(error, "hubs.max_open") == 2
    assert answer(two_hubs(), ask(hubs={"max_open": 2, "force_open": ["A", "B"]})).plan.status == "optimal"


def test_more_hubs_than_there_are_says_how_many_can_open() -> None:
    error = clash(ask(hubs={"min_open": 3}))
    assert error.limits == ("hubs.min_open",)
    assert figure(error, "hubs.min_open") == 2
    assert answer(two_hubs(), ask(hubs={"min_open": 2})).plan.status == "optimal"


def test_all_hubs_closed_cannot_serve() -> None:
    error = clash(ask(hubs={"force_closed": ["A", "B"]}, service={"min_coverage": 0.25}))
    assert error.limits == ("hubs.force_closed", "service.min_coverage")
    assert "hubs.force_closed: leave out one or more of its hubs" in str(error)
    assert figure(error, "service.min_coverage") == 0.0
    model = ask(hubs={"force_closed": ["A", "B"]}, service={"min_coverage": 0.0})
    assert answer(two_hubs(), model).plan.objective == pytest.approx(10_000)


def test_stock_cannot_vanish_when_all_hubs_are_closed() -> None:
    scenario = situation(
        hubs={"A": {}}, stock={("A", "tent"): 5}, lanes={("A", "X"): (1, 1)}, needs={("w", "X", "tent"): 5}
    )
    assert clash(ask(hubs={"force_closed": "A"}), scenario).limits == ("hubs.force_closed",)


def test_two_clashes_are_told_one_after_the_other() -> None:
    # A budget below the forced hubs, and a service that no lane could give: the first is named with a figure of its
    # own, and that others clash as well is said.
    asked = {"hubs": {"force_open": ["A", "B"]}, "budget": {"usd": 200}}
    error = clash(ask(**asked, service={"min_coverage": 0.9, "within_hours": 24}))
    assert error.limits == ("service.min_coverage",)
    assert "at most 0.5000 can be reached, and other limits clash as well" in str(error)


def test_a_clash_of_the_scenario_itself_names_no_limit() -> None:
    # 50 tents of 1 m3 lie in 30 m3 and may not leave.
    scenario = situation(
        hubs={"A": {"capacity_m3": 30}, "B": {}},
        stock={("A", "tent"): 50},
        lanes={("A", "X"): (1, 1)},
        needs={("w", "X", "tent"): 5},
    )
    error = clash(ask(stock={"moves": "none"}, budget={"usd": 100}), scenario)
    assert error.limits == ()
    assert "even without any limit of the model" in str(error)


def test_what_cannot_be_settled_in_the_time_stays_a_suspect(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each question is stopped at once: both limits stay named, and how far they would have to give stays open.
    def stopped(*arguments: Any) -> Any:
        raise infeasible.NoPlanError("stopped")

    monkeypatch.setattr(infeasible, "solve", stopped)
    error = clash(ask(hubs={"force_open": ["A", "B"]}, budget={"usd": 200}))
    assert error.limits == ("budget.usd", "hubs.force_open")
    assert "could not be found in the time" in str(error)


def test_the_repair_is_exact_whatever_gap_the_plan_was_asked_for() -> None:
    with pytest.raises(InfeasibleError) as caught:
        answer(two_hubs(), ask(service={"min_coverage": 1.0}, budget={"usd": 290}), SolverOptions(gap=0.5))
    assert figure(caught.value, "budget.usd") == 321
