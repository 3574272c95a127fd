"""The solver held in hand: where it gives up it is asked once more, in another way."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from prepos.errors import PreposError
from prepos.optimization import highs
from tests.optimization.situations import Answer, answer, ask, situation


def solved() -> Answer:
    scenario = situation(
        hubs={"A": {"fixed_usd_year": 5}, "B": {}},
        lanes={("A", "X"): (10, 1), ("B", "X"): (20, 2)},
        needs={("w", "X", "tent"): 10},
    )
    return answer(scenario, ask(["cost", "time"], stock={"integer": True}))


class Stumbling:
    """A solver that gives up in its first runs."""

    def __init__(self, *endings: Any) -> None:
        self.endings = list(endings)
        self.presolve: list[str] = []
        self.run_once = highs.run_once

    def __call__(self, solver: Any, seconds: float | None, interrupt: highs.Interrupt) -> Any:
        ending = self.run_once(solver, seconds, interrupt)
        self.presolve.append(solver.getOptionValue("presolve")[1])
        return self.endings.pop(0) if self.endings else ending


@pytest.mark.parametrize("ending", ["kSolveError", "kUnknown", "kUnboundedOrInfeasible", "kIterationLimit"])
def test_a_solver_that_gives_up_is_tried_again_without_presolve(
    ending: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stumbling = Stumbling(getattr(highs.Ending, ending))
    monkeypatch.setattr(highs, "run_once", stumbling)
    with caplog.at_level(logging.WARNING, "prepos"):
        found = solved()
    assert found.plan.status == "optimal"
    assert found.plan.objective == pytest.approx(15)
    assert stumbling.presolve[:2] == ["choose", "off"]
    assert "the solver gave up" in caplog.text
    assert "trying again without presolve" in caplog.text


def test_a_solver_that_gives_up_twice_says_how_and_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "run_once", Stumbling(highs.Ending.kSolveError, highs.Ending.kUnknown))
    with pytest.raises(PreposError, match=r"gave up twice \(Solve error and Unknown\); figures of very"):
        solved()


def test_a_plan_that_is_known_cannot_be_lost_to_a_claim_that_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first objective is solved; of the second the solver says that nothing is feasible: asked once more.
    first = highs.run_once
    runs = []

    def run_once(solver: Any, seconds: float | None, interrupt: highs.Interrupt) -> Any:
        runs.append(first(solver, seconds, interrupt))
        return highs.Ending.kInfeasible if len(runs) == 2 else runs[-1]

    monkeypatch.setattr(highs, "run_once", run_once)
    assert solved().plan.status == "optimal"


def test_a_program_without_a_plan_is_not_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = highs.new_solver(highs.SolverOptions())
    stumbling = Stumbling(highs.Ending.kInfeasible)
    monkeypatch.setattr(highs, "run_once", stumbling)
    assert highs.run(solver, None, highs.Interrupt()) == highs.INFEASIBLE
    assert len(stumbling.presolve) == 1


def test_what_the_solver_does_not_take_is_an_error_of_ours() -> None:
    with pytest.raises(PreposError, match="HiGHS refused the program"):
        highs.check(highs.highspy.HighsStatus.kError)
