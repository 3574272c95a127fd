"""HiGHS held in hand: started on a thread of its own, stopped by Ctrl-C or the clock, tried again where it stumbles."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import highspy

from prepos.errors import PreposError
from prepos.interrupt import Interrupt
from prepos.optimization.options import SolverOptions

POLL_SECONDS = 0.1
SECOND_TRY = {"presolve": "off", "simplex_strategy": 4}
"""Options of the second try: the program as it stands, primal simplex."""

Ending = highspy.HighsModelStatus
INFEASIBLE, OPTIMAL, STOPPED = Ending.kInfeasible, Ending.kOptimal, (Ending.kTimeLimit, Ending.kInterrupt)
SETTLED = (OPTIMAL, INFEASIBLE, Ending.kUnbounded, *STOPPED)

logger = logging.getLogger(__name__)


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send file descriptor 1 to nowhere: HiGHS prints a banner before any option can stop it."""
    try:
        saved = os.dup(1)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(nowhere)
        os.close(saved)


def new_solver(options: SolverOptions) -> Any:
    """Return a silent solver with the gap and the threads asked for; with all output off, it would report nothing."""
    with quiet_stdout():
        solver = highspy.Highs()
        solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("mip_rel_gap", options.gap)
    solver.setOptionValue("threads", options.threads)
    solver.HandleUserInterrupt = True
    return solver


def run(solver: Any, seconds: float | None, interrupt: Interrupt, known_feasible: bool = False) -> Any:
    """Run the solver; return how it ended, one of `SETTLED`. Where it gives up, it tries once more in another way.

    Parameters
    ----------
    known_feasible
        A plan is known: that there is none would be the solver's error.

    Raises
    ------
    PreposError
        When the solver gives up twice.
    """
    if interrupt.pressed:
        return Ending.kInterrupt
    settled = [ending for ending in SETTLED if not (known_feasible and ending == INFEASIBLE)]
    first = run_once(solver, seconds, interrupt)
    if first in settled:
        return first
    logger.warning("the solver gave up (%s); trying again without presolve", solver.modelStatusToString(first))
    solver.clearSolver()
    for option, value in SECOND_TRY.items():
        solver.setOptionValue(option, value)
    second = run_once(solver, seconds, interrupt)
    if second in settled:
        return second
    endings = " and ".join(dict.fromkeys(solver.modelStatusToString(ending) for ending in (first, second)))
    raise PreposError(
        f"the solver gave up twice ({endings}); figures of very different sizes in one scenario are the usual reason: "
        "look for prices, quantities or capacities a million times larger or smaller than the others"
    )


def run_once(solver: Any, seconds: float | None, interrupt: Interrupt) -> Any:
    """Run the solver on a thread of its own, which Ctrl-C or the clock may stop; return how it ended."""
    solver.setOptionValue("time_limit", highspy.kHighsInf if seconds is None else seconds)
    thread = solver.startSolve()
    while thread.is_alive():
        solver.wait(POLL_SECONDS)
        if interrupt.pressed:
            solver.cancelSolve()
    return solver.getModelStatus()


def check(status: Any) -> None:
    """Raise PreposError where HiGHS did not take what it was given."""
    if status == highspy.HighsStatus.kError:
        raise PreposError("HiGHS refused the program")
