"""How the outcomes' costs become one number: measures worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from prepos.errors import NoPlanError
from prepos.instance import build_instance
from prepos.optimization import SolverOptions, regret
from prepos.optimization.data import prepare
from tests.optimization.situations import answer, ask, situation


def rare_large_need(**more: Any) -> Any:
    """Return 10 tents needed with probability 0.9 and 100 with 0.1; a tent costs 1 USD, one that never arrives 5."""
    return situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {"price_usd": 1, "shortage_usd": 5}},
        lanes={("A", "X"): (10, 0), ("B", "X"): (20, 1)},
        needs={("usual", "X", "tent"): 10, ("rare", "X", "tent"): 100},
        outcomes={"usual": 0.9, "rare": 0.1},
        **more,
    )


def test_expectation_holds_what_is_worth_its_price_on_average() -> None:
    # A tent beyond the tenth is needed with probability 0.1: worth 0.5 for a price of 1. 10 + 0.1 x 90 x 5 = 55.
    assert answer(rare_large_need(), ask()).plan.objective == pytest.approx(55)


@pytest.mark.parametrize(("weight", "held", "total"), [(0.5, 100, 100.0), (0.1, 10, 95.5), (0.0, 10, 55.0)])
def test_cvar_weighs_the_worst_tenth(weight: float, held: float, total: float) -> None:
    # At alpha 0.9 the tail is the rare outcome. A tent beyond the tenth is worth (1 - weight) x 0.5 + weight x 5:
    # 2.75 at 0.5, so all 100 are held; 0.95 at 0.1, so 10: 10 + 0.9 x 45 + 0.1 x 450 = 95.5.
    found = answer(rare_large_need(), ask(risk={"measure": "cvar", "alpha": 0.9, "weight": weight}))
    assert found.stock("A") == pytest.approx(held)
    assert found.plan.objective == pytest.approx(total)


def test_cvar_takes_a_part_of_an_outcome_that_straddles_the_tail() -> None:
    # Stock as it is: 10. Costs 0 (0.9) and 450 (0.1); the worst half is 0.1 of 450 and 0.4 of 0: 90.
    found = answer(
        rare_large_need(stock={("A", "tent"): 10}),
        ask(stock={"mode": "as_is"}, risk={"measure": "cvar", "alpha": 0.5, "weight": 1.0}),
    )
    assert found.plan.objective == pytest.approx(90)
    assert found.figures.cvar == pytest.approx(90)


def test_the_worst_case_is_the_dearest_outcome_that_can_happen() -> None:
    # A tent saves 5 in the rare outcome, whatever its probability: the 30 that the budget buys are held,
    # 30 + 70 x 5 = 380. An outcome of probability 0 that needs 1000 does not count.
    scenario = situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {"price_usd": 1, "shortage_usd": 5}},
        lanes={("A", "X"): (10, 0), ("B", "X"): (20, 1)},
        needs={("usual", "X", "tent"): 10, ("rare", "X", "tent"): 100, ("never", "X", "tent"): 1000},
        outcomes={"usual": 0.9, "rare": 0.1, "never": 0.0},
    )
    found = answer(scenario, ask(risk={"measure": "worst_case"}, budget={"usd": 30}))
    assert found.plan.objective == pytest.approx(380)


def test_regret_is_shared_between_outcomes_that_want_different_stock() -> None:
    # 10 tents to place; in w1 they are needed at X (from A at 1), in w2 at Y (from B at 2), each short at 5.
    # Best had it been known: 10 and 20. With a tents at A, the regrets are (10 - a) x 4 and a x 3: equal at 40 / 7,
    # where both are 120 / 7.
    found = answer(place_ten_tents(), ask(stock={"mode": "fixed_total"}, risk={"measure": "regret"}))
    assert found.stock("A") == pytest.approx(40 / 7)
    assert found.plan.objective == pytest.approx(120 / 7)


def place_ten_tents() -> Any:
    return situation(
        hubs={"A": {}, "B": {}},
        items={"tent": {"shortage_usd": 5}},
        stock={("A", "tent"): 10},
        lanes={("A", "X"): (10, 1), ("B", "Y"): (10, 2)},
        needs={("w1", "X", "tent"): 10, ("w2", "Y", "tent"): 10},
    )


def test_the_best_recourse_of_each_outcome_keeps_to_the_budget() -> None:
    # With 30 USD for tents of 1 USD, the rare outcome cannot cost less than 70 x 5; the usual one costs nothing.
    model = ask(risk={"measure": "regret"}, budget={"usd": 30})
    data = prepare(build_instance(rare_large_need(), model), model)
    best = regret.add_best_recourse(data, SolverOptions(), lambda news: None).best_recourse
    assert best is not None
    assert best["usd"].tolist() == pytest.approx([0, 350])


def test_regret_is_known_for_cost_and_social_cost_in_one_list() -> None:
    # The tent at A waits 10 h at 2.4 USD a day in both: deprivation 1 each, so the best of w1 is 20 and of w2 30,
    # and the regrets of both objectives are (10 - a) x 4 - ... : short costs 5, arriving 2 or 3.
    # cost: 120 / 7 at a = 40 / 7. social among those: (10 - a) x 3 = 90 / 7 and a x 2 = 80 / 7, so 90 / 7.
    scenario = place_ten_tents()
    scenario.items["deprivation_usd_day"] = 2.4
    found = answer(scenario, ask(["cost", "social"], stock={"mode": "fixed_total"}, risk={"measure": "regret"}))
    assert [level.value for level in found.plan.levels] == pytest.approx([120 / 7, 90 / 7])


def test_regret_of_an_interrupted_preparation_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = regret.solve

    def stopped(*arguments: Any) -> Any:
        solution = solved(*arguments)
        return type(solution)("time_limit", solution.values, solution.levels, solution.seconds)

    monkeypatch.setattr(regret, "solve", stopped)
    with pytest.raises(NoPlanError, match="before the best plan of each outcome was known"):
        answer(place_ten_tents(), ask(stock={"mode": "fixed_total"}, risk={"measure": "regret"}))


def test_a_lane_of_another_outcome_is_no_way_in_the_one_that_is_certain() -> None:
    # only_outcome keeps the general lanes and those of its own outcome.
    scenario = situation(
        hubs={"A": {}, "B": {}},
        lanes={("A", "X"): (10, 1), ("B", "X", "road", "w1"): (10, 2), ("B", "X", "road", "w2"): (10, 3)},
        needs={("w1", "X", "tent"): 10, ("w2", "X", "tent"): 10},
    )
    alone = regret.only_outcome(build_instance(scenario), 1)
    assert alone.outcomes == ("w2",)
    assert sorted(alone.lanes.usd.tolist()) == [1, 3]
    assert set(alone.lanes.w.tolist()) == {-1, 0}
    assert np.array_equal(alone.needs.w, [0])
