r"""Benders decomposition by cuts: the relaxation first, then whole hubs and lots, with a bound at every moment.

1. Relaxation: solve the master, ask the recourse at a point between the master's and the average of earlier ones
   (in-out stabilisation, Ben-Ameur and Neto 2007), add the cuts that the estimates violate.
2. Whole decisions: drop the cuts that do not bind, solve the master with whole hubs, then for those hubs find the best
   stock by more cuts, and its whole lots. Each plan found is priced by the true recourse; the master's bound is valid
   throughout. Repeat until value and bound meet.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from prepos.errors import NoPlanError
from prepos.evaluate import weigh
from prepos.instance import Floats, Ints
from prepos.interrupt import Interrupt, deferred_interrupt
from prepos.optimization import highs
from prepos.optimization.benders.coupled import Coupled, coupled
from prepos.optimization.benders.master import Master, build_master
from prepos.optimization.benders.merit import MeritOrder, applies, merit_order
from prepos.optimization.benders.point import Cuts, Groups, Point
from prepos.optimization.data import ProgramData
from prepos.optimization.options import OnProgress, Progress, SolverOptions
from prepos.optimization.solve import InfeasibleProgramError, Solution, relative_gap
from prepos.optimization.stocking import Program, must_open
from prepos.plan import Level, Status

STEP = 0.5
"""How far from the average of earlier points towards the master's point the recourse is asked."""

PURGE_EVERY = 15
ROUNDS = 200
LOTS_SECONDS = 20.0


@dataclass
class Search:
    """What is known so far: the master, the best plan with its value, and the proven bound."""

    data: ProgramData
    recourse: MeritOrder | Coupled
    master: Master
    options: SolverOptions
    on_progress: OnProgress
    interrupt: Interrupt
    started: float
    bound: float = -np.inf
    value: float = np.inf
    best: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def gap(self) -> float:
        """Relative gap between the best value and the bound."""
        return relative_gap(self.value, self.bound) if np.isfinite([self.value, self.bound]).all() else np.inf

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the time limit; None where there is none."""
        return self.options.left_since(self.started).time_limit

    @property
    def stopped(self) -> Status | None:
        """Why the search has to end now, if it has to."""
        if self.interrupt.pressed:
            return "interrupted"
        late = self.options.time_limit is not None and time.monotonic() - self.started >= self.options.time_limit
        return "time_limit" if late else None

    def tell(self, stage: str) -> None:
        """Report where the search stands."""
        known = [number if np.isfinite(number) else None for number in (self.value, self.bound, self.gap)]
        self.on_progress(Progress(stage, time.monotonic() - self.started, *known))


def solve_by_cuts(
    data: ProgramData, options: SolverOptions, on_progress: OnProgress
) -> tuple[Program, Solution, Floats]:
    """Return the first-stage program with the best values in it, what was proven, and the flows on the arcs.

    Raises
    ------
    InfeasibleProgramError
        When no first stage satisfies the limits.
    NoPlanError
        When the search was stopped before any plan was found.
    """
    started = time.monotonic()
    with deferred_interrupt() as interrupt:
        search = begin(data, options, on_progress, interrupt, started)
        status = relax(search) or make_whole(search)
    values = search.best
    for variable, value in zip(search.master.matrix.variables, values.tolist(), strict=True):
        variable.set_value(round(value) if variable.is_integer() else value, skip_validation=True)
    name = "social" if "social" in data.model.objective.minimise else "cost"
    level = Level(name, search.value, min(search.bound, search.value), search.gap)
    flows = search.recourse.flows(search.master.point(values))
    return search.master.program, Solution(status, values, (level,), time.monotonic() - started), flows


def begin(
    data: ProgramData, options: SolverOptions, on_progress: OnProgress, interrupt: Interrupt, started: float
) -> Search:
    """Return the search with its first plan: the cheapest first stage, priced by the true recourse."""
    recourse = choose_recourse(data)
    master = build_master(data, *_range(data, recourse), options)
    search = Search(data, recourse, master, options, on_progress, interrupt, started)
    master.set_whole(master.integers)
    ending = highs.run(master.solver, search.seconds_left, interrupt)
    if ending == highs.INFEASIBLE:
        raise InfeasibleProgramError("no plan satisfies every limit")
    if not master.has_values():
        raise NoPlanError("stopped before any plan was found; give it more time or a simpler model")
    values = master.current_values()
    price(search, values, recourse.cuts(master.point(values)))
    search.tell("decomposing")
    return search


def relax(search: Search) -> Status | None:
    """Raise the bound with the relaxation of the master; return why the search has to end, if it has to."""
    master = search.master
    master.set_whole(np.empty(0, dtype=np.int64))
    tolerance = min(1e-4, search.options.gap / 10)
    core: Point | None = None
    for iteration in range(1, 10_000):
        highs.run(master.solver, None, search.interrupt)
        if search.stopped:
            return search.stopped
        values = master.current_values()
        if iteration % PURGE_EVERY == 0:
            master.purge()
        low = master.total(values)
        search.bound = max(search.bound, low)
        point = master.point(values)
        core = point if core is None else core.towards(point, STEP)
        height, added = separate(search, values, point, core)
        search.tell("relaxing")
        if not added or relative_gap(height, low) <= tolerance:
            return None
    return None


def separate(search: Search, values: Floats, point: Point, core: Point) -> tuple[float, int]:
    """Add violated cuts; return the true value at the point (inf where it was not asked) and how many were added."""
    master = search.master
    theta = master.theta(values)
    cuts = search.recourse.cuts(core.towards(point, STEP))
    added = master.add(cuts, point, theta)
    spread = np.abs(core.stock - point.stock).max(initial=0.0) + np.abs(core.running - point.running).max(initial=0.0)
    near = spread <= 1e-6 * (1.0 + point.stock.max(initial=0.0))
    if added and not near and float(cuts.at(point).sum() - theta.sum()) > search.options.gap * abs(theta.sum()):
        return np.inf, added
    exact = search.recourse.cuts(point)
    return true_value(search, values, exact), added + master.add(exact, point, theta)


def make_whole(search: Search) -> Status:
    """Find whole hubs and lots, and prove them; return how the search ended."""
    master = search.master
    highs.run(master.solver, None, search.interrupt)
    master.purge()
    lots_relaxed, mip_gap = len(master.lots) > 0, max(search.options.gap / 3, 1e-9)
    for _ in range(ROUNDS):
        chosen = np.setdiff1d(master.integers, master.lots) if lots_relaxed else master.integers
        before, cuts_before = (search.value, search.bound), master.cuts
        _solve_whole(search, chosen, mip_gap)
        if search.gap <= search.options.gap:
            return "optimal"
        stopped = search.stopped
        if stopped:
            return stopped
        idle = master.cuts == cuts_before and before == (search.value, search.bound)
        if idle and lots_relaxed:
            lots_relaxed = False
        elif idle and mip_gap <= 1e-9:
            return "stalled"
        elif idle or search.gap < 3 * mip_gap:
            mip_gap = max(mip_gap / 10, 1e-9)
        if lots_relaxed and search.gap < 10 * search.options.gap:
            lots_relaxed = False
    return "stalled"


def _solve_whole(search: Search, chosen: Ints, mip_gap: float) -> None:
    """Solve the master with some columns whole, raise the bound, and make the best of the hubs that it runs."""
    master = search.master
    master.set_whole(chosen)
    master.solver.setOptionValue("mip_rel_gap", mip_gap)
    if len(chosen):
        master.start_from(search.best)
    highs.run(master.solver, search.seconds_left, search.interrupt)
    if not master.agrees():
        master.solver.clearSolver()
        highs.run(master.solver, search.seconds_left, search.interrupt)
    search.bound = max(search.bound, min(master.proven(len(chosen) > 0), search.value))
    search.tell("choosing hubs")
    if search.stopped or not master.has_values():
        return
    values = master.current_values()
    cuts = search.recourse.cuts(master.point(values))
    master.add(cuts, master.point(values), master.theta(values))
    if len(chosen) == len(master.integers):
        price(search, values, cuts)
    best_stock(search, values)


def best_stock(search: Search, values: Floats) -> None:
    """With the hubs as they are in the values, find the best stock by cuts, then its whole lots."""
    master = search.master
    fixed = np.setdiff1d(master.integers, master.lots)
    with master.fixed(fixed, np.round(values[fixed])):
        master.set_whole(np.empty(0, dtype=np.int64))
        core: Point | None = None
        for _ in range(ROUNDS):
            highs.run(master.solver, None, search.interrupt)
            if search.stopped or not master.has_values():
                return
            values = master.current_values()
            point = master.point(values)
            core = point if core is None else core.towards(point, STEP)
            height, added = separate(search, values, point, core)
            if not len(master.lots) and np.isfinite(height):
                keep_if_better(search, values, height)
            if not added or relative_gap(height, master.total(values)) <= search.options.gap / 10:
                break
        if len(master.lots):
            _whole_lots(search)


def _whole_lots(search: Search) -> None:
    master = search.master
    master.set_whole(master.lots)
    left = search.seconds_left
    highs.run(master.solver, LOTS_SECONDS if left is None else min(left, LOTS_SECONDS), search.interrupt)
    if master.has_values():
        values = master.current_values()
        cuts = search.recourse.cuts(master.point(values))
        price(search, values, cuts)
        master.add(cuts, master.point(values), master.theta(values))


def price(search: Search, values: Floats, cuts: Cuts) -> None:
    """Keep the values as the best plan if the true recourse says so."""
    keep_if_better(search, values, true_value(search, values, cuts))


def keep_if_better(search: Search, values: Floats, value: float) -> None:
    """Keep the values as the best plan if their true value is lower."""
    if value < search.value:
        search.value, search.best = value, values


def true_value(search: Search, values: Floats, cuts: Cuts) -> float:
    """Return the objective at a point with the true recourse in place of the estimates."""
    data, instance = search.data, search.data.instance
    stock = search.master.point(values).stock
    recourse = cuts.recourse + instance.availability @ (stock @ instance.leftover_usd)
    best = None if data.best_recourse is None else next(iter(data.best_recourse.values()))
    weighed = weigh(recourse, instance.probability, data.model, best)
    return search.master.first_stage_usd(values) + instance.recourse_weight * weighed


def choose_recourse(data: ProgramData) -> MeritOrder | Coupled:
    """Return the recourse in its simplest exact form, with outcomes and items grouped into cuts.

    Under an expectation, outcomes that are nearest to the same hub share a cut, item by item where nothing ties the
    items together; under another risk measure each outcome has its own.
    """
    instance = data.instance
    per_unit = data.social_usd if "social" in data.model.objective.minimise else data.usd
    gated = np.array([bool(data.usable[i]) and not must_open(data, i) for i in range(len(instance.hubs))])
    simple = applies(data)
    apart = simple or not (np.isfinite(instance.outbound_m3).any() or np.isfinite(data.lane_capacity_m3).any())
    groups = _shared_cuts(data, per_unit, apart) if data.model.risk.measure == "expectation" else _own_cuts(data)
    if simple:
        return merit_order(data, per_unit, gated, groups)
    return coupled(data, per_unit, gated, groups)


def _shared_cuts(data: ProgramData, per_unit: Floats, apart: bool) -> Groups:
    instance, needs = data.instance, data.instance.needs
    keys = _nearest_hub(data, per_unit)[needs.w] * len(instance.items) + (needs.k if apart else 0)
    group = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    return Groups(group, instance.probability, int(group.max(initial=-1)) + 1)


def _own_cuts(data: ProgramData) -> Groups:
    outcomes = len(data.instance.outcomes)
    return Groups(data.instance.needs.w, np.ones(outcomes), outcomes)


def _nearest_hub(data: ProgramData, per_unit: Floats) -> Ints:
    """Return the source with the cheapest way in each outcome; 0 where there is none."""
    order = np.lexsort([per_unit, data.w])
    outcomes, first = np.unique(data.w[order], return_index=True)
    nearest = np.zeros(len(data.instance.outcomes), dtype=np.int64)
    nearest[outcomes] = data.i[order][first]
    return nearest


def _range(data: ProgramData, recourse: MeritOrder | Coupled) -> tuple[Floats, Floats]:
    """Return the least that each group can cost, with every hub full of every item, and what it costs with none."""
    shape = data.instance.stock.shape
    plenty = Point(np.full(shape, data.instance.needs.quantity.sum() * 10 + 1), np.ones(shape[0]))
    nothing = Point(np.zeros(shape), np.zeros(shape[0]))
    least = recourse.cuts(plenty).at(plenty)
    return least - 1e-6 * np.abs(least) - 1e-6, recourse.cuts(nothing).at(nothing)
