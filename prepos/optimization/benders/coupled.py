r"""Recourse as linear programs: outcomes in which sites share stock, or items share a capacity.

One linear program per outcome, kept in HiGHS between calls, so that each starts from its last basis. The value of
outcome w at a first stage is :math:`\min \sum c f + \sum P u` under the equations of `response`; its duals give a cut.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from prepos.errors import PreposError
from prepos.instance import Floats, Ints
from prepos.optimization import highs
from prepos.optimization.benders.point import Cuts, Groups, Point
from prepos.optimization.data import ProgramData
from prepos.optimization.options import SolverOptions

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OutcomeProgram:
    """The linear program of one outcome.

    Columns are the arcs of the outcome, then one column of unmet units per need. Rows are grouped: demand, stock,
    supplier limits, outbound, lift; `stock_i`, `stock_k`, `share` say what the right-hand side of a stock row is.
    """

    solver: Any
    arcs: Ints
    needs: Ints
    hub: Ints
    gated: Bools
    most: Floats
    stock_rows: slice
    stock_i: Ints
    stock_k: Ints
    share: Floats
    right_hand_side: Floats

    def solve(self, point: Point) -> tuple[float, Floats, Floats, Floats]:
        """Return the value at a point, the duals of rows and flows, and the columns; without needs all are nothing."""
        if not len(self.needs):
            return 0.0, np.empty(0), np.empty(0), np.empty(0)
        available = self.share * np.maximum(point.stock[self.stock_i, self.stock_k], 0.0)
        upper = np.where(self.gated, self.most * point.running[self.hub], self.most)
        self._set(available, upper)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise PreposError(
                "the recourse of an outcome could not be solved; are there figures of very different sizes?"
            )
        solution = self.solver.getSolution()
        row_dual, reduced = np.array(solution.row_dual), np.array(solution.col_dual)[: len(self.arcs)]
        return float(self.solver.getObjectiveValue()), row_dual, np.minimum(reduced, 0.0), np.array(solution.col_value)

    def _set(self, available: Floats, upper: Floats) -> None:
        rows = np.arange(self.stock_rows.start, self.stock_rows.stop, dtype=np.int32)
        columns = np.arange(len(upper), dtype=np.int32)
        lowest = np.full(len(rows), -highspy.kHighsInf)
        highs.check(self.solver.changeRowsBounds(len(rows), rows, lowest, available))
        highs.check(self.solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper))


@dataclass(frozen=True)
class Coupled:
    """The programs of all outcomes, with the cut group and weight of each (and of each item, where items are apart)."""

    data: ProgramData
    programs: list[OutcomeProgram]
    group: Ints
    weight: Floats
    groups: int
    executor: Executor

    def cuts(self, point: Point) -> Cuts:
        """Return the recourse of each outcome at a point, and one cut for each group."""
        instance = self.data.instance
        hubs, items = instance.stock.shape
        recourse = np.zeros(len(self.programs))
        constant = np.zeros(self.groups)
        stock, running = np.zeros((self.groups, hubs, items)), np.zeros((self.groups, hubs))
        for w, (value, row_dual, reduced, _) in enumerate(self._solve_all(point)):
            program, weight = self.programs[w], self.weight[w]
            if not len(program.needs):
                continue
            recourse[w] = value
            own = self.group[program.needs]
            of_arc = own[np.searchsorted(program.needs, self.data.n[program.arcs])]
            of_stock = self._group_of_items(program)[program.stock_k]
            np.add.at(constant, own, weight * (row_dual[: len(own)] * program.right_hand_side[: len(own)]))
            rest = slice(program.stock_rows.stop, len(row_dual))
            constant[own[0]] += weight * float(row_dual[rest] @ program.right_hand_side[rest])
            dual = row_dual[program.stock_rows] * program.share
            np.add.at(stock, (of_stock, program.stock_i, program.stock_k), weight * dual)
            saved = weight * reduced * program.most
            np.add.at(running, (of_arc[program.gated], program.hub[program.gated]), saved[program.gated])
            np.add.at(constant, of_arc[~program.gated], saved[~program.gated])
        return Cuts(recourse, constant, stock, running)

    def flows(self, point: Point) -> Floats:
        """Return the units shipped on each arc when the stock of the point is used best."""
        flows = np.zeros(len(self.data.n))
        opened = Point(point.stock, np.ones_like(point.running))
        for program, (_, _, _, columns) in zip(self.programs, self._solve_all(opened), strict=True):
            flows[program.arcs] = columns[: len(program.arcs)]
        return flows

    def _solve_all(self, point: Point) -> list[tuple[float, Floats, Floats, Floats]]:
        return list(self.executor.map(lambda program: program.solve(point), self.programs))

    def _group_of_items(self, program: OutcomeProgram) -> Ints:
        """Return the cut group of each item in the program's outcome."""
        group = np.zeros(len(self.data.instance.items), dtype=np.int64)
        group[self.data.instance.needs.k[program.needs]] = self.group[program.needs]
        return group


def coupled(
    data: ProgramData, per_unit: Floats, gated: Bools, groups: Groups, executor: Executor | None = None
) -> Coupled:
    """Build the program of every outcome, once.

    Parameters
    ----------
    per_unit
        Cost of one unit on each arc.
    gated
        Hub -> True where it may or may not run.
    groups
        Which needs share a cut; those of one item in one outcome always do.
    executor
        What solves the outcomes side by side; threads of this machine where None (HiGHS leaves Python free to run).
    """
    own = data.i < len(data.instance.hubs)
    cost = per_unit - np.where(own, data.instance.leftover_usd[data.k], 0.0)
    arcs_of, needs_of = _by_outcome(data.w, data), _by_outcome(data.instance.needs.w, data)
    programs = [_outcome_program(data, cost, gated, arcs, needs) for arcs, needs in zip(arcs_of, needs_of, strict=True)]
    workers = executor or ThreadPoolExecutor(max_workers=os.cpu_count() or 1)
    return Coupled(data, programs, groups.of_need, groups.weight, groups.count, workers)


def _by_outcome(w: Ints, data: ProgramData) -> list[Ints]:
    order = np.argsort(w, kind="stable")
    edges = np.searchsorted(w[order], np.arange(len(data.instance.outcomes) + 1))
    return [order[a:b] for a, b in itertools.pairwise(edges.tolist())]


def _outcome_program(data: ProgramData, cost: Floats, gated: Bools, arcs: Ints, needs: Ints) -> OutcomeProgram:
    instance = data.instance
    hub_arcs = data.i[arcs] < len(instance.hubs)
    hub = np.where(hub_arcs, data.i[arcs], 0)
    rows = _Rows(len(arcs) + len(needs))
    demand = np.searchsorted(needs, data.n[arcs])
    rows.add(demand, np.arange(len(arcs)), np.ones(len(arcs)), instance.needs.quantity[needs], equal=True)
    rows.extend_last(np.arange(len(needs)), len(arcs) + np.arange(len(needs)))
    pairs, which = _distinct(hub[hub_arcs], data.k[arcs][hub_arcs])
    w = int(instance.needs.w[needs[0]]) if len(needs) else 0
    first = rows.count
    rows.add(which, np.flatnonzero(hub_arcs), np.ones(int(hub_arcs.sum())), np.zeros(len(pairs)))
    last = rows.count
    for positions, coefficients, limit in _shared_limits(data, arcs, hub_arcs):
        rows.add(np.zeros(len(positions), dtype=np.int64), positions, coefficients, np.array([limit]))
    price = np.concatenate([cost[arcs], instance.shortage_usd[instance.needs.k[needs]]])
    return OutcomeProgram(
        solver=_pass(rows, price),
        arcs=arcs,
        needs=needs,
        hub=hub,
        gated=hub_arcs & gated[hub],
        most=instance.needs.quantity[data.n[arcs]],
        stock_rows=slice(first, last),
        stock_i=pairs[:, 0],
        stock_k=pairs[:, 1],
        share=instance.availability[w, pairs[:, 0]],
        right_hand_side=np.concatenate(rows.limits),
    )


def _shared_limits(data: ProgramData, arcs: Ints, hub_arcs: Bools) -> list[tuple[Ints, Floats, float]]:
    """Return (columns, coefficients, limit) of supplier contracts, outbound and lift limits in one outcome."""
    instance = data.instance
    volume = data.volume[arcs]
    found: list[tuple[Ints, Floats, float]] = []
    for keys, limit_of, weights, chosen in (
        (np.column_stack([data.i[arcs], data.k[arcs]]), _contract(data), np.ones(len(arcs)), ~hub_arcs),
        (data.i[arcs][:, None], lambda some: float(instance.outbound_m3[data.i[some[0]]]), volume, hub_arcs),
        (
            np.column_stack([data.i[arcs], data.j[arcs], data.v[arcs]]),
            lambda some: float(data.lane_capacity_m3[some].min()),
            volume,
            np.ones(len(arcs), dtype=bool),
        ),
    ):
        positions = np.flatnonzero(chosen)
        if len(positions):
            _, which = np.unique(keys[positions], axis=0, return_inverse=True)
            for g in range(int(which.max()) + 1):
                members = positions[which.ravel() == g]
                limit = limit_of(arcs[members])
                if np.isfinite(limit):
                    found.append((members, weights[members], limit))
    return found


def _contract(data: ProgramData) -> Callable[[Ints], float]:
    first = len(data.instance.hubs)
    return lambda some: float(data.instance.supplier_limit[data.i[some[0]] - first, data.k[some[0]]])


def _distinct(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    if not len(a):
        return np.empty((0, 2), dtype=np.int64), np.empty(0, dtype=np.int64)
    pairs, which = np.unique(np.column_stack([a, b]), axis=0, return_inverse=True)
    return pairs, which.ravel()


class _Rows:
    """Rows of a linear program, gathered as triplets."""

    def __init__(self, columns: int) -> None:
        self.columns, self.count = columns, 0
        self.triplets: list[tuple[Ints, Ints, Floats]] = []
        self.limits: list[Floats] = []
        self.equal: list[Bools] = []

    def add(self, row: Ints, column: Ints, value: Floats, limit: Floats, equal: bool = False) -> None:
        """Add rows <= limit (or == limit)."""
        self.triplets.append((row + self.count, column, value))
        self.limits.append(limit)
        self.equal.append(np.full(len(limit), equal))
        self.count += len(limit)

    def extend_last(self, row: Ints, column: Ints) -> None:
        """Add columns with coefficient 1 to the rows added last."""
        start = self.count - len(self.limits[-1])
        self.triplets.append((row + start, column, np.ones(len(row))))


def _pass(rows: _Rows, price: Floats) -> Any:
    from scipy.sparse import csc_array

    row, column, value = (np.concatenate(part) for part in zip(*rows.triplets, strict=True))
    matrix = csc_array((value, (row, column)), shape=(rows.count, rows.columns))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = rows.columns, rows.count
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = price, np.zeros(len(price)), np.full(len(price), highspy.kHighsInf)
    limits, equal = np.concatenate(rows.limits), np.concatenate(rows.equal)
    lp.row_lower_, lp.row_upper_ = np.where(equal, limits, -highspy.kHighsInf), limits
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highs.new_solver(SolverOptions(threads=1))
    solver.HandleUserInterrupt = False
    highs.check(solver.passModel(lp))
    return solver
