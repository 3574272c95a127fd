"""Solve a program with HiGHS: several objectives in order, stoppable at any moment, with an honest bound.

Pyomo states the program; its matrix goes to HiGHS at once, which keeps the best plan, the bound and the clock in hand.
"""

from __future__ import annotations

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
from prepos.interrupt import Interrupt, deferred_interrupt
from prepos.optimization import highs
from prepos.optimization.options import OnProgress, Progress, SolverOptions, ignore_progress
from prepos.optimization.stocking import Program
from prepos.plan import Level, Status

STAY_WITHIN = 1e-9
"""Relative slack with which a later objective keeps the value of an earlier one."""

POLISH_SECONDS = 60.0
"""Most time for making a plan exact; as good as always a small part of a second."""


class InfeasibleProgramError(PreposError):
    """No values satisfy the constraints; the caller finds out which limits clash."""


@dataclass(frozen=True)
class Matrix:
    """A program as HiGHS takes it; one row of `costs` per objective, in order.

    HiGHS is given each objective times its entry in `scales`: it takes prices below 1e-7 for nothing, and a share of
    a need of millions is made of such prices.
    """

    names: tuple[str, ...]
    costs: Floats
    offsets: Floats
    scales: Floats
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
    PreposError
        When the solver gave up.
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
    costs, offsets = form.c.toarray(), np.asarray(form.c_offset, dtype=float)
    return Matrix(names, costs, offsets, _scales(costs), lp, form.columns, integer)


def solve_matrix(matrix: Matrix, options: SolverOptions, on_progress: OnProgress = ignore_progress) -> Solution:
    """Minimise each objective in turn, later ones among the plans that keep the earlier values."""
    started = time.monotonic()
    solver = highs.new_solver(options)
    highs.check(solver.passModel(matrix.lp))
    levels: list[Level] = []
    values: Floats | None = None
    status: Status = "optimal"
    with deferred_interrupt() as interrupt:
        for position, name in enumerate(matrix.names):
            if values is not None:
                _keep_earlier_value(solver, matrix, position - 1, levels[-1].value)
                _start_from(solver, values)
            _set_objective(solver, matrix, position)
            with _listening(solver, name, matrix.scales[position], started, on_progress, interrupt):
                ending = highs.run(solver, options.left_since(started).time_limit, interrupt, values is not None)
            status = _status(ending)
            values = _values(solver, status, values)
            levels.append(_level(name, values, matrix, position, _bound(solver, matrix, position, status)))
            if status != "optimal":
                break
        assert values is not None
        interrupt.pressed = False
        values = _polish(solver, matrix, len(levels) - 1, values, interrupt)
    levels = [_level(level.name, values, matrix, n, level.bound) for n, level in enumerate(levels)]
    return Solution(status, values, tuple(levels), time.monotonic() - started)


def relative_gap(value: float, bound: float) -> float:
    """Return |value - bound| / |value|, 0 where both are the same."""
    distance = abs(value - bound)
    return 0.0 if distance <= 1e-9 else distance / max(abs(value), 1e-9)


def _row_bounds(form: Any) -> tuple[Floats, Floats]:
    """Return lower and upper bounds of the rows; in mixed form 1 is <=, -1 is >=, 0 is ==."""
    kind = np.array([entry.bound_type for entry in form.rows], dtype=int)
    rhs = np.asarray(form.rhs, dtype=float)
    return np.where(kind > 0, -np.inf, rhs), np.where(kind < 0, np.inf, rhs)


def _scales(costs: Floats) -> Floats:
    """Return for each objective the power of 2 that brings its largest price to about 1, where that is below 1."""
    largest = np.abs(costs).max(axis=1, initial=0.0)
    small = (largest > 0) & (largest < 1)
    return np.exp2(np.where(small, -np.round(np.log2(np.where(small, largest, 1.0))), 0.0))


def _set_objective(solver: Any, matrix: Matrix, position: int) -> None:
    columns, scale = np.arange(matrix.costs.shape[1], dtype=np.int32), matrix.scales[position]
    highs.check(solver.changeColsCost(len(columns), columns, matrix.costs[position] * scale))
    highs.check(solver.changeObjectiveOffset(float(matrix.offsets[position] * scale)))


def _keep_earlier_value(solver: Any, matrix: Matrix, position: int, value: float) -> None:
    """Add the row c x <= value, in units of the largest price."""
    cost = matrix.costs[position]
    used = np.flatnonzero(cost).astype(np.int32)
    most = value - matrix.offsets[position] + STAY_WITHIN * abs(value)
    largest = float(np.abs(cost).max(initial=0.0)) or 1.0
    highs.check(solver.addRow(-highspy.kHighsInf, most / largest, len(used), used, cost[used] / largest))


def _start_from(solver: Any, values: Floats) -> None:
    start = highspy.HighsSolution()
    start.col_value = values.tolist()
    highs.check(solver.setSolution(start))


@contextmanager
def _listening(
    solver: Any, stage: str, scale: float, started: float, on_progress: OnProgress, interrupt: Interrupt
) -> Iterator[None]:
    """Tell of every improvement meanwhile; a fault of the listener stops the solver and is raised afterwards."""
    faults: list[Exception] = []

    def tell(value: float | None = None, bound: float | None = None) -> None:
        gap = None if value is None or bound is None else relative_gap(value, bound)
        try:
            on_progress(Progress(stage, time.monotonic() - started, value, bound, gap))
        except KeyboardInterrupt:
            interrupt.pressed = True
        except Exception as fault:
            faults.append(fault)
            interrupt.pressed = True

    def listen(event: Any) -> None:
        figures = [float(event.data_out.mip_primal_bound) / scale, float(event.data_out.mip_dual_bound) / scale]
        tell(*(figure if np.isfinite(figure) else None for figure in figures))

    tell()
    solver.cbMipLogging += listen
    try:
        yield
    finally:
        solver.cbMipLogging -= listen
    if faults:
        raise faults[0]


def _status(ending: Any) -> Status:
    if ending == highs.INFEASIBLE:
        raise InfeasibleProgramError("no plan satisfies every limit")
    if ending == highspy.HighsModelStatus.kUnbounded:
        raise PreposError("the objective has no lower end: something earns more than it costs, without limit")
    if ending == highs.OPTIMAL:
        return "optimal"
    return "time_limit" if ending == highspy.HighsModelStatus.kTimeLimit else "interrupted"


def _bound(solver: Any, matrix: Matrix, position: int, status: Status) -> float:
    """Return the proven bound of the objective; a continuous program has one only when it is solved."""
    if solver.getModelStatus() == highspy.HighsModelStatus.kNotset:
        return -np.inf
    if matrix.integer.any():
        return float(solver.getInfo().mip_dual_bound / matrix.scales[position])
    return float(solver.getObjectiveValue() / matrix.scales[position]) if status == "optimal" else -np.inf


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


def _polish(solver: Any, matrix: Matrix, position: int, values: Floats, interrupt: Interrupt) -> Floats:
    """Round what is whole and solve the rest again, so that no unit hides in the solver's tolerance."""
    if not matrix.integer.any():
        return values
    columns = np.flatnonzero(matrix.integer).astype(np.int32)
    whole = np.round(values[columns])
    highs.check(solver.changeColsBounds(len(columns), columns, whole, whole))
    highs.check(solver.changeColsIntegrality(len(columns), columns, np.zeros(len(columns), dtype=np.uint8)))
    _set_objective(solver, matrix, position)
    if highs.run_once(solver, POLISH_SECONDS, interrupt) != highs.OPTIMAL:
        return values
    return np.array(solver.getSolution().col_value, dtype=float)
