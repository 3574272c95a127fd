"""Several objectives in order, stopped at any moment, with an honest bound."""

from __future__ import annotations

import _thread
import contextlib
import signal
import threading
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest

from prepos.errors import NoPlanError, PreposError
from prepos.optimization import Progress, SolverOptions, highs
from prepos.optimization.solve import InfeasibleProgramError, compile_matrix, relative_gap, solve
from tests.optimization.situations import Answer, answer, ask, situation

SHARE_OF_OUTCOMES = ask(service={"probability": 0.6}, stock={"integer": True})
"""Which 60 % of the outcomes to serve in full: simple to say, slow to prove."""

LEXICOGRAPHIC = ask(["time", "cost"], budget={"usd": 900}, stock={"integer": True})


def many_outcomes(outcomes: int = 80) -> Any:
    """Return random needs at 4 sites; with `SHARE_OF_OUTCOMES`, minutes of work from 80 outcomes on."""
    rng = np.random.default_rng(1)
    hubs, sites, items = (
        tuple(f"{letter}{n}" for n in range(count)) for letter, count in (("H", 5), ("S", 4), ("I", 2))
    )
    return situation(
        hubs={
            hub: {"capacity_m3": float(rng.integers(100, 300)), "fixed_usd_year": float(rng.integers(100, 900))}
            for hub in hubs
        },
        items={item: {"price_usd": float(rng.integers(1, 9)), "shortage_usd": 0.0, "lot": 7.0} for item in items},
        lanes={(hub, site): (float(rng.integers(1, 100)), float(rng.integers(1, 9))) for hub in hubs for site in sites},
        needs={
            (f"w{w}", site, item): float(rng.integers(1, 60))
            for w in range(outcomes)
            for site in sites
            if rng.random() < 0.5
            for item in items
        },
    )


def is_honest(found: Answer) -> bool:
    """Return whether the gap is that between value and bound, and above what was asked for."""
    plan = found.plan
    return plan.bound < plan.objective and plan.gap == pytest.approx(relative_gap(plan.objective, plan.bound))


def test_the_time_limit_keeps_the_best_plan_with_its_gap() -> None:
    found = stopped_by_the_clock()
    assert found.plan.status == "time_limit"
    assert is_honest(found)
    assert found.plan.gap > 1e-3


def stopped_by_the_clock() -> Answer:
    """Return the answer after the shortest time in which this machine finds any plan."""
    for seconds in (2.0, 6.0, 18.0):
        with contextlib.suppress(NoPlanError):
            return answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(time_limit=seconds))
    return answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(time_limit=60.0))


def test_a_time_limit_too_short_for_any_plan_says_so() -> None:
    with pytest.raises(NoPlanError, match="stopped by time limit before any plan was found; give it more time"):
        answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(time_limit=1e-6))


def test_ctrl_c_keeps_the_best_plan_with_its_gap() -> None:
    timers: list[threading.Timer] = []

    def press_soon(news: Progress) -> None:
        if news.objective is not None and not timers:
            timers.append(threading.Timer(0.3, _thread.interrupt_main))
            timers[0].start()

    found = answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(), press_soon)
    timers[0].join()
    assert found.plan.status == "interrupted"
    assert is_honest(found)


def test_ctrl_c_pressed_again_and_again_does_no_harm() -> None:
    def press(news: Progress) -> None:
        if news.objective is not None:
            _thread.interrupt_main()
            _thread.interrupt_main()

    found = answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(), press)
    assert found.plan.status == "interrupted"
    assert is_honest(found)


def test_ctrl_c_before_any_plan_is_no_plan() -> None:
    def press(news: Progress) -> None:
        if news.stage == "building":
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(NoPlanError, match="stopped by Ctrl-C while the program was being built"):
        answer(many_outcomes(3), SHARE_OF_OUTCOMES, SolverOptions(), press)


def test_ctrl_c_between_two_objectives_keeps_the_plan_of_the_first() -> None:
    def press(news: Progress) -> None:
        if news.stage == "time" and news.objective is None:
            _thread.interrupt_main()

    found = answer(many_outcomes(6), LEXICOGRAPHIC, SolverOptions(), press)
    assert found.plan.status == "interrupted"
    assert [level.name for level in found.plan.levels] == ["unmet", "time"]
    assert found.plan.levels[0].gap <= 1e-3
    assert any("not reached before the stop: cost" in note for note in found.plan.notes)


def test_a_plan_stopped_before_its_own_objective_has_a_value_and_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: Any) -> Any:
        assert solved(*arguments) == highs.OPTIMAL
        return highs.Ending.kInterrupt

    solved = highs.run
    monkeypatch.setattr(highs, "run", run)
    found = answer(many_outcomes(4), LEXICOGRAPHIC)
    assert [level.name for level in found.plan.levels] == ["unmet"]
    assert found.plan.objective == pytest.approx(found.figures.objectives["time"])
    assert (found.plan.bound, found.plan.gap) == (-np.inf, np.inf)
    assert any("not reached before the stop: time, cost" in note for note in found.plan.notes)


def test_an_interrupt_raised_by_the_listener_keeps_the_plan() -> None:
    def press(news: Progress) -> None:
        if news.objective is not None:
            raise KeyboardInterrupt

    assert answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(), press).plan.status == "interrupted"


def test_a_fault_of_the_listener_is_not_taken_for_one_of_the_solver() -> None:
    def fail(news: Progress) -> None:
        if news.objective is not None:
            raise ZeroDivisionError("in the listener")

    with pytest.raises(ZeroDivisionError, match="in the listener"):
        answer(many_outcomes(), SHARE_OF_OUTCOMES, SolverOptions(), fail)


def test_ctrl_c_is_heard_again_after_a_solve() -> None:
    before = signal.getsignal(signal.SIGINT)
    answer(many_outcomes(2), SHARE_OF_OUTCOMES)
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_plan_can_be_made_on_another_thread() -> None:
    found: list[Answer] = []
    thread = threading.Thread(target=lambda: found.append(answer(many_outcomes(2), SHARE_OF_OUTCOMES)))
    thread.start()
    thread.join()
    assert found[0].plan.status == "optimal"


def test_the_number_of_threads_can_change_from_plan_to_plan() -> None:
    plans = [answer(many_outcomes(2), SHARE_OF_OUTCOMES, SolverOptions(threads=n)).plan for n in (1, 2, 0)]
    assert len({plan.objective for plan in plans}) == 1


def test_progress_speaks_in_the_unit_of_the_objective() -> None:
    news: list[Progress] = []
    model = ask("coverage", budget={"usd": 900}, stock={"integer": True})
    found = answer(many_outcomes(10), model, SolverOptions(), news.append)
    assert list(dict.fromkeys(each.stage for each in news)) == ["building", "coverage", "cost"]
    values = [each.objective for each in news if each.stage == "coverage" and each.objective is not None]
    assert values
    assert all(-1 <= value <= 0 for value in values)
    assert all(each.gap is None or each.gap >= 0 for each in news)
    assert found.plan.objective == pytest.approx(values[-1], abs=1e-3)


def test_a_bound_is_never_above_the_value() -> None:
    found = answer(many_outcomes(6), LEXICOGRAPHIC)
    assert all(level.bound <= level.value for level in found.plan.levels)


def test_a_later_objective_keeps_the_value_of_an_earlier_one() -> None:
    alone = answer(many_outcomes(6), ask("time", budget={"usd": 900}, stock={"integer": True}), SolverOptions(gap=1e-6))
    both = answer(many_outcomes(6), LEXICOGRAPHIC, SolverOptions(gap=1e-6))
    assert both.plan.levels[0].value <= alone.plan.levels[0].value * (1 + 1e-5)
    assert both.plan.levels[1].value <= alone.plan.levels[1].value * (1 + 1e-5)


def test_an_objective_without_an_end_is_told_from_one_without_a_plan() -> None:
    endless, impossible = pyo.ConcreteModel(), pyo.ConcreteModel()
    for m in (endless, impossible):
        m.a, m.b = pyo.Var(domain=pyo.NonNegativeReals), pyo.Var(domain=pyo.NonNegativeReals)
        m.row = pyo.Constraint(expr=m.a - m.b <= 1)
        m.objective_any = pyo.Objective(expr=-m.a)
    impossible.never = pyo.Constraint(expr=m.a + m.b <= -1)
    with pytest.raises(PreposError, match="no lower end"):
        solve(endless, SolverOptions())
    with pytest.raises(InfeasibleProgramError):
        solve(impossible, SolverOptions())


def test_small_prices_are_scaled_and_others_are_not() -> None:
    m = pyo.ConcreteModel()
    m.a, m.b = pyo.Var(bounds=(1, 4)), pyo.Var(bounds=(1, 4))
    m.row = pyo.Constraint(expr=m.a + m.b >= 3)
    m.objective_tiny = pyo.Objective(expr=3e-9 * m.a + 1e-9 * m.b)
    m.objective_large = pyo.Objective(expr=5e8 * m.a + m.b)
    m.objective_none = pyo.Objective(expr=0 * m.a + 7.0)
    matrix = compile_matrix(m)
    assert matrix.scales.tolist() == [2.0**28, 1.0, 1.0]
    solution = solve(m, SolverOptions())
    assert [level.value for level in solution.levels] == pytest.approx([5e-9, 5e8 + 2, 7])
    assert (m.a.value, m.b.value) == pytest.approx((1, 2))


def test_the_relative_gap_is_that_to_the_value() -> None:
    assert relative_gap(200.0, 190.0) == pytest.approx(0.05)
    assert relative_gap(-0.5, -0.6) == pytest.approx(0.2)
    assert relative_gap(0.0, 0.0) == 0.0
