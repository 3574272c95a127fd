"""Solve a program with HiGHS: several objectives in order, stoppable at any moment, with an honest bound.

Pyomo states the program; its matrix goes to HiGHS at once, which keeps the best plan, the bound and the clock in hand.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from prepos.errors import NoPlanError, PreposError
from prepos.instance import Floats
from prepos.optimization.options import OnProgress, Progress, SolverOptions, ignore_progress
from prepos.optimization.stocking import Program
from prepos.plan import Level, Status

POLL_SECONDS = 0.1
STAY_WITHIN = 1e-9
"""Relative slack with which a later objective keeps the value of an earlier one."""


class InfeasibleProgramError(PreposError):
    """No values satisfy the constraints; the caller finds out which limits clash."""


@dataclass(frozen=True)
class Matrix:
    """A program as HiGHS takes it; one row of `costs` per objective, in order."""

    names: tuple[str, ...]
    costs: Floats
    offsets: Floats
    lp: Any
    variables: Sequence[Any]
    integer: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Solution:
    """Values of the variables, what was proven, and how long it took."""

    status: Status
    values: Floats
    levels: tuple[Level, ...]
    seconds: float


def solve(m: Program, options: SolverOptions, on_progress: OnProgress = ignore_progress) -> Solution:
    """Minimise the program's objectives in order; load the values into its variables.

    Raises
    ------
    InfeasibleProgramError
        When nothing satisfies the constraints.
    NoPlanError
        When the solve was stopped before any plan was found.
    """
    matrix = compile_matrix(m)
    solution = solve_matrix(matrix, options, on_progress)
    for variable, value in zip(matrix.variables, solution.values.tolist(), strict=True):
        variable.set_value(value, skip_validation=True)
    return solution


def compile_matrix(m: Program) -> Matrix:
    """Return the matrix of a Pyomo program; every active objective becomes a row of costs."""
    form = LinearStandardFormCompiler().write(m, mixed_form=True)
    lower, upper = _row_bounds(form)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(form.columns), len(form.rows)
    bounds = [variable.bounds for variable in form.columns]
    lp.col_lower_ = np.array([-np.inf if low is None else low for low, _ in bounds], dtype=float)
    lp.col_upper_ = np.array([np.inf if high is None else high for _, high in bounds], dtype=float)
    lp.col_cost_ = np.zeros(len(form.columns))
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = form.A.indptr, form.A.indices, form.A.data
    integer = np.array([variable.is_integer() for variable in form.columns], dtype=bool)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in integer]
    names = tuple(str(objective.name).removeprefix("objective_") for objective in form.objectives)
    return Matrix(names, form.c.toarray(), np.asarray(form.c_offset, dtype=float), lp, form.columns, integer)


def solve_matrix(matrix: Matrix, options: SolverOptions, on_progress: OnProgress = ignore_progress) -> Solution:
    """Minimise each objective in turn, later ones among the plans that keep the earlier values."""
    started = time.monotonic()
    solver = _new_solver(options)
    _check(solver.passModel(matrix.lp))
    levels: list[Level] = []
    values: Floats | None = None
    status: Status = "optimal"
    for position, name in enumerate(matrix.names):
        if values is not None:
            _keep_earlier_value(solver, matrix, position - 1, levels[-1].value)
            _start_from(solver, values)
        _set_objective(solver, matrix, position)
        status, bound = _run(solver, name, options, started, on_progress)
        values = _values(solver, status, values)
        levels.append(_level(name, values, matrix, position, bound))
        if status != "optimal":
            break
    assert values is not None
    values = _polish(solver, matrix, len(levels) - 1, values)
    levels = [_level(level.name, values, matrix, n, level.bound) for n, level in enumerate(levels)]
    return Solution(status, values, tuple(levels), time.monotonic() - started)


def relative_gap(value: float, bound: float) -> float:
    """Return |value - bound| / |value|, 0 where both are the same."""
    distance = abs(value - bound)
    return 0.0 if distance <= 1e-9 else distance / max(abs(value), 1e-9)


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


def _new_solver(options: SolverOptions) -> Any:
    with quiet_stdout():
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", options.gap)
    solver.setOptionValue("threads", options.threads)
    solver.HandleUserInterrupt = True
    return solver


def _row_bounds(form: Any) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of the rows; in mixed form 1 is <=, -1 is >=, 0 is ==."""
    kind = np.array([entry.bound_type for entry in form.rows], dtype=int)
    rhs = np.asarray(form.rhs, dtype=float)
    return np.where(kind > 0, -np.inf, rhs), np.where(kind < 0, np.inf, rhs)


def _set_objective(solver: Any, matrix: Matrix, position: int) -> None:
    columns = np.arange(matrix.costs.shape[1], dtype=np.int32)
    _check(solver.changeColsCost(len(columns), columns, matrix.costs[position]))
    _check(solver.changeObjectiveOffset(float(matrix.offsets[position])))


def _keep_earlier_value(solver: Any, matrix: Matrix, position: int, value: float) -> None:
    cost = matrix.costs[position]
    used = np.flatnonzero(cost).astype(np.int32)
    most = value - matrix.offsets[position] + STAY_WITHIN * max(1.0, abs(value))
    scale = 1.0 / max(1.0, float(np.abs(cost).max(initial=0.0)))
    _check(solver.addRow(-highspy.kHighsInf, most * scale, len(used), used, cost[used] * scale))


def _start_from(solver: Any, values: Floats) -> None:
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    _check(solver.setSolution(start))


def _run(
    solver: Any, stage: str, options: SolverOptions, started: float, on_progress: OnProgress
) -> tuple[Status, float]:
    """Run the solver on another thread, so that Ctrl-C reaches this one; return how it ended and the bound."""
    if options.time_limit is not None:
        left = max(0.01, options.time_limit - (time.monotonic() - started))
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
    listener = _listener(stage, started, on_progress)
    on_progress(Progress(stage, time.monotonic() - started))
    solver.cbMipLogging += listener
    thread = solver.startSolve()
    interrupted = False
    while thread.is_alive():
        try:
            solver.wait(POLL_SECONDS)
        except KeyboardInterrupt:
            interrupted = True
            solver.cancelSolve()
    solver.cbMipLogging -= listener
    return _ending(solver, interrupted)


def _listener(stage: str, started: float, on_progress: OnProgress) -> Any:
    def listen(event: Any) -> None:
        out = event.data_out
        value, bound = float(out.mip_primal_bound), float(out.mip_dual_bound)
        gap = relative_gap(value, bound) if np.isfinite([value, bound]).all() else None
        known = [number if np.isfinite(number) else None for number in (value, bound)]
        on_progress(Progress(stage, time.monotonic() - started, known[0], known[1], gap))

    return listen


def _ending(solver: Any, interrupted: bool) -> tuple[Status, float]:
    status = solver.getModelStatus()
    ended = highspy.HighsModelStatus
    if status in (ended.kInfeasible, ended.kUnboundedOrInfeasible):
        raise InfeasibleProgramError("no plan satisfies every limit")
    if status == ended.kUnbounded:
        raise PreposError("cost has no lower end: some unused stock is worth more than it costs, and nothing limits it")
    is_mip = any(kind == highspy.HighsVarType.kInteger for kind in solver.getLp().integrality_)
    bound = solver.getInfo().mip_dual_bound if is_mip else solver.getObjectiveValue()
    if status == ended.kOptimal:
        return "optimal", float(bound)
    if status == ended.kTimeLimit:
        return "time_limit", float(bound) if is_mip else -np.inf
    if interrupted or status == ended.kInterrupt:
        return "interrupted", float(bound) if is_mip else -np.inf
    raise PreposError(f"the solver gave up: {solver.modelStatusToString(status)}")


def _values(solver: Any, status: Status, earlier: Floats | None) -> Floats:
    """Return the best values found; those of the earlier objective where the last solve found none."""
    feasible = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if feasible:
        return np.array(solver.getSolution().col_value, dtype=float)
    if earlier is not None:
        return earlier
    reason = "Ctrl-C" if status == "interrupted" else "time limit"
    raise NoPlanError(f"stopped by {reason} before any plan was found; give it more time or a simpler model")


def _level(name: str, values: Floats, matrix: Matrix, position: int, bound: float) -> Level:
    value = float(matrix.costs[position] @ values + matrix.offsets[position])
    bound = min(bound, value)
    return Level(name, value, bound, relative_gap(value, bound) if np.isfinite(bound) else np.inf)


def _polish(solver: Any, matrix: Matrix, position: int, values: Floats) -> Floats:
    """Round what is whole and solve the rest again, so that no unit hides in the solver's tolerance."""
    if not matrix.integer.any():
        return values
    columns = np.flatnonzero(matrix.integer).astype(np.int32)
    whole = np.round(values[columns])
    _check(solver.changeColsBounds(len(columns), columns, whole, whole))
    continuous = np.zeros(len(columns), dtype=np.uint8)
    _check(solver.changeColsIntegrality(len(columns), columns, continuous))
    _set_objective(solver, matrix, position)
    solver.setOptionValue("time_limit", highspy.kHighsInf)
    _check(solver.run())
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return values
    return np.array(solver.getSolution().col_value, dtype=float)


def _check(status: Any) -> None:
    if status == highspy.HighsStatus.kError:
        raise PreposError("HiGHS refused the program")
