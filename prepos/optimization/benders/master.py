r"""The master: the first stage of the program with an estimate :math:`\theta_g` of recourse, raised by cuts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo

from prepos.instance import Floats, Ints
from prepos.optimization.benders.point import Cuts, Point
from prepos.optimization.costs import add_first_stage_cost, cost, social
from prepos.optimization.data import ProgramData
from prepos.optimization.highs import check, new_solver
from prepos.optimization.options import SolverOptions
from prepos.optimization.solve import Matrix, compile_matrix
from prepos.optimization.stocking import Program, add_stocking

VIOLATION = 1e-9
"""Relative violation below which a cut says nothing new."""


def build_first_stage(data: ProgramData, unit: Floats) -> Program:
    """Return the program of the first stage; `theta` estimates the recourse of each group of outcomes.

    With an expectation a group's theta is the weighted recourse of its outcomes; with any other risk measure each
    outcome is a group, and its theta takes the place of the recourse in `risk`. A theta is counted in units of
    `unit` USD, (G,), so that no coefficient of a cut is lost beside a much larger one.
    """
    m = pyo.ConcreteModel()
    m.nothing = pyo.Var(bounds=(0, 0))
    add_stocking(m, data)
    add_first_stage_cost(m, data)
    m.theta = pyo.Var(range(len(unit)))
    theta = {g: float(unit[g]) * m.theta[g] for g in m.theta}
    instance = data.instance
    if data.model.risk.measure == "expectation":
        recourse = pyo.quicksum(theta.values()) + _leftover(m, data, instance.probability @ instance.availability)
        total = m.first_stage + instance.recourse_weight * recourse
    else:
        name, objective = ("social", social) if "social" in data.model.objective.minimise else ("usd", cost)
        rows = {w: theta[w] + _leftover(m, data, instance.availability[w]) for w in theta}
        m.add_component(f"recourse_{name}", pyo.Expression(list(rows), initialize=rows))
        total = objective(m, data)
    m.objective_total = pyo.Objective(expr=total)
    m.objective_first_stage = pyo.Objective(expr=m.first_stage + m.nothing)
    return m


def _leftover(m: Program, data: ProgramData, share: Floats) -> Any:
    """Return what the usable stock costs if nothing is shipped; the recourse counts what shipping saves of it."""
    unused = data.instance.leftover_usd
    return sum(float(unused[k] * share[i]) * m.x[i, k] for i, k in m.x if unused[k] != 0)


PRECISION = 1e-9
"""Tolerance of the master: what it takes for whole or for zero is multiplied by prices and capacities."""

UNIT = 1e-3
"""Size of the unit of an estimate, as a share of the most that it can be: the simplex method likes thousands."""


@dataclass
class Master:
    """The first stage in HiGHS, with the cuts found so far.

    Columns of fixed variables do not exist (-1); their values are constants of every point.
    """

    data: ProgramData
    program: Program
    matrix: Matrix
    solver: Any
    x_column: Ints
    x_fixed: Floats
    y_columns: list[list[int]]
    y_fixed: Floats
    theta_column: Ints
    unit: Floats
    integers: Ints
    lots: Ints
    first_cut_row: int
    cuts: int = 0

    def point(self, values: Floats) -> Point:
        """Return the first stage that the values of the columns mean."""
        extended = np.append(values, 0.0)
        stock = self.x_fixed + extended[self.x_column]
        running = self.y_fixed + np.array([extended[columns].sum() for columns in self.y_columns])
        return Point(np.maximum(stock, 0.0), np.clip(running, 0.0, 1.0))

    def first_stage_usd(self, values: Floats) -> float:
        """Return the spending before any disaster."""
        return float(self.matrix.costs[1] @ values + self.matrix.offsets[1])

    def total(self, values: Floats) -> float:
        """Return the master's objective: what the estimates make of a point."""
        return float(self.matrix.costs[0] @ values + self.matrix.offsets[0])

    def theta(self, values: Floats) -> Floats:
        """Return the estimates."""
        estimates: Floats = values[self.theta_column] * self.unit
        return estimates

    def add(self, cuts: Cuts, point: Point, theta: Floats) -> int:
        """Add the cuts that the estimates violate at the point; return how many."""
        height = cuts.at(point)
        violated = np.flatnonzero(height > theta + VIOLATION * np.maximum(1.0, np.abs(height)))
        if len(violated):
            self._add_rows(cuts, violated)
        return len(violated)

    def set_whole(self, columns: Ints) -> None:
        """Ask for whole values in these columns and in no other."""
        kinds = np.zeros(len(self.matrix.variables), dtype=np.uint8)
        kinds[columns] = 1
        every = np.arange(len(kinds), dtype=np.int32)
        check(self.solver.changeColsIntegrality(len(kinds), every, kinds))

    @contextmanager
    def fixed(self, columns: Ints, values: Floats) -> Iterator[None]:
        """Hold columns at values for a while."""
        lower, upper = np.array(self.matrix.lp.col_lower_)[columns], np.array(self.matrix.lp.col_upper_)[columns]
        where = columns.astype(np.int32)
        check(self.solver.changeColsBounds(len(where), where, values, values))
        try:
            yield
        finally:
            check(self.solver.changeColsBounds(len(where), where, lower, upper))

    def has_values(self) -> bool:
        """Return whether the last run left values that satisfy every row."""
        return bool(self.solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible)

    def current_values(self) -> Floats:
        """Return the values of the columns."""
        return np.array(self.solver.getSolution().col_value, dtype=float)

    def agrees(self) -> bool:
        """Return whether HiGHS and the master mean the same objective by the last values.

        Where the plan that it starts from is the best there is, HiGHS 1.16 has been seen to report another value.
        """
        if not self.has_values():
            return True
        told, meant = float(self.solver.getObjectiveValue()), self.total(self.current_values())
        return abs(told - meant) <= 1e-6 * max(1.0, abs(meant))

    def start_from(self, values: Floats) -> None:
        """Give the next run a plan to start from."""
        start = highspy.HighsSolution()
        start.col_value = values.tolist()
        check(self.solver.setSolution(start))

    def proven(self, whole: bool) -> float:
        """Return the bound that the last run proved; -inf where it proved none."""
        optimal = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = float(self.solver.getObjectiveValue()) if optimal else -np.inf
        if not whole:
            return value
        dual = float(self.solver.getInfo().mip_dual_bound)
        if not optimal:
            return dual
        # HiGHS may leave the dual bound of an early node behind when it proves optimality from a given start.
        gap = float(self.solver.getOptionValue("mip_rel_gap")[1])
        return max(min(dual, value), value - gap * abs(value))

    def purge(self) -> None:
        """Drop the cuts that do not bind in the last solution of the relaxation; they come back if they are missed."""
        dual = np.array(self.solver.getSolution().row_dual)[self.first_cut_row :]
        if len(dual) != self.cuts:
            return
        idle = (np.flatnonzero(np.abs(dual) < 1e-12) + self.first_cut_row).astype(np.int32)
        check(self.solver.deleteRows(len(idle), idle))
        self.cuts -= len(idle)

    def _add_rows(self, cuts: Cuts, chosen: Ints) -> None:
        constant = cuts.constant[chosen] + (cuts.stock[chosen] * self.x_fixed).sum(axis=(1, 2))
        constant = constant + cuts.running[chosen] @ self.y_fixed
        start: list[int] = [0]
        columns: list[int] = []
        coefficients: list[float] = []
        for g in chosen.tolist():
            row, value = self._row(cuts.stock[g], cuts.running[g])
            scale = 1.0 / max(float(self.unit[g]), float(np.abs(value).max(initial=0.0)))
            columns += [*row, int(self.theta_column[g])]
            coefficients += [*(-value * scale).tolist(), scale * float(self.unit[g])]
            constant[len(start) - 1] *= scale
            start.append(start[-1] + len(row) + 1)
        lower = np.asarray(constant, dtype=float)
        check(
            self.solver.addRows(
                len(chosen),
                lower,
                np.full(len(chosen), highspy.kHighsInf),
                start[-1],
                np.array(start[:-1], dtype=np.int32),
                np.array(columns, dtype=np.int32),
                np.array(coefficients, dtype=float),
            )
        )
        self.cuts += len(chosen)

    def _row(self, stock: Floats, running: Floats) -> tuple[list[int], Floats]:
        i, k = np.nonzero((stock != 0) & (self.x_column >= 0))
        columns = self.x_column[i, k].tolist()
        values = stock[i, k].tolist()
        for hub in np.flatnonzero(running).tolist():
            columns += self.y_columns[hub]
            values += [running[hub]] * len(self.y_columns[hub])
        return columns, np.array(values, dtype=float)


def build_master(data: ProgramData, floor: Floats, ceiling: Floats, options: SolverOptions) -> Master:
    """Return the master without cuts.

    Parameters
    ----------
    floor, ceiling : (G,)
        What the recourse of each group is at least, and what it is if nothing is shipped.
    """
    unit = np.maximum(1.0, UNIT * np.maximum(np.abs(floor), np.abs(ceiling)))
    groups = len(unit)
    program = build_first_stage(data, unit)
    for g, theta in program.theta.items():
        theta.setlb(float(floor[g] / unit[g]))
    matrix = compile_matrix(program)
    solver = new_solver(options)
    for tolerance in ("mip_feasibility_tolerance", "primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        solver.setOptionValue(tolerance, PRECISION)
    check(solver.passModel(matrix.lp))
    columns = np.arange(len(matrix.variables), dtype=np.int32)
    check(solver.changeColsCost(len(columns), columns, matrix.costs[0]))
    check(solver.changeObjectiveOffset(float(matrix.offsets[0])))
    column = {id(variable): position for position, variable in enumerate(matrix.variables)}
    shape = data.instance.stock.shape
    x_column, x_fixed = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
    for pair, variable in program.x.items():
        x_column[pair] = column.get(id(variable), -1)
        x_fixed[pair] = float(variable.value) if variable.fixed else 0.0
    y_columns: list[list[int]] = [[] for _ in data.instance.hubs]
    for (i, _), variable in program.y.items():
        y_columns[i].append(column[id(variable)])
    theta_column = np.array([column[id(program.theta[g])] for g in range(groups)], dtype=np.int64)
    integers = np.flatnonzero(matrix.integer)
    lots = [column[id(variable)] for variable in program.component_data_objects(pyo.Var) if _is_lots(variable, program)]
    return Master(
        data=data,
        program=program,
        matrix=matrix,
        solver=solver,
        x_column=x_column,
        x_fixed=x_fixed,
        y_columns=y_columns,
        y_fixed=np.zeros(len(y_columns)),
        theta_column=theta_column,
        unit=unit,
        integers=integers,
        lots=np.array(sorted(lots), dtype=np.int64),
        first_cut_row=matrix.lp.num_row_,
    )


def _is_lots(variable: Any, program: Program) -> bool:
    return program.component("lots") is not None and variable.parent_component() is program.lots
