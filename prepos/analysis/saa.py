r"""How far a plan made from n sampled outcomes can be from the best plan for all that may happen.

Sample average approximation: the plan of a sample is optimal for it, so the sample's value :math:`v_n` is too good on
average, :math:`E[v_n] \le z^*`, and the plan's value on other outcomes is too bad, :math:`E[f(\hat x)] \ge z^*`.
The gap between the two bounds how much better any plan could be (Mak, Morton and Wood 1999, Operations Research
Letters 24:47-56). The samples that give the lower bound need not be of the size that gave the plan: the largest give
the best bound, so every plan is held against those.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from prepos.analysis.fixed_stock import recourse_costs, unit_costs
from prepos.analysis.samples import Sampler, kept
from prepos.errors import UsageError
from prepos.evaluate import FIRST_STAGE, evaluate, usable_stock
from prepos.instance import Floats, Instance
from prepos.model import Model
from prepos.optimization import SolverOptions, optimize_instance
from prepos.plan import Plan

Way = Literal["sampled", "kept"]
"""How a plan's outcomes were found: sampled, or kept of many more sampled ones by `reduce_vectors`."""

CONFIDENCE = 0.95
Z = 1.959963984540054
"""Normal quantile of a two-sided 95 % interval."""

SIZES = (10, 20, 50, 100, 200)
REFERENCE_SEED, POOL_SEED, CANDIDATE_SEED, FIRST_REPLICATION = 0, 1, 2, 3


@dataclass(frozen=True)
class Quality:
    """What samples of one size are worth; all in the objective's USD for the planning period.

    Attributes
    ----------
    way
        How the candidate's outcomes were found.
    n, replications
        Outcomes of the candidate and of each sample; independent samples solved for the lower bound.
    in_sample, in_sample_half
        Mean over replications of the best value of a sample, and half its 95 % interval: a lower bound of the true
        optimum.
    out_of_sample, out_of_sample_half
        Value of the candidate plan on an independent reference sample, and half its 95 % interval: an upper bound.
    gap, gap_high
        Mean over the replications of the largest size of (candidate's value - best value) on the same outcomes, common
        random numbers, and its one-sided 95 % bound: no plan is better than the candidate by more.
    excess, excess_half
        Candidate's value - value of the best of all candidates, on the same reference sample, and half its 95 %
        interval; 0 for the best.
    solver_gap
        Mean part of `in_sample` by which the solver's plan is above its proven bound; it is inside `gap`.
    stock
        The candidate: units that open hubs hold, (I, K).
    seconds
        For all of it.
    """

    way: Way
    n: int
    replications: int
    in_sample: float
    in_sample_half: float
    out_of_sample: float
    out_of_sample_half: float
    gap: float
    gap_high: float
    excess: float
    excess_half: float
    solver_gap: float
    stock: Floats
    seconds: float

    @property
    def relative_gap_high(self) -> float:
        """The bound of the gap as a share of the candidate's value."""
        return self.gap_high / abs(self.out_of_sample) if self.out_of_sample else 0.0

    @property
    def relative_excess_high(self) -> float:
        """The most that the candidate costs beyond the best one, with 95 % confidence, as a share of its value."""
        return (self.excess + self.excess_half) / abs(self.out_of_sample) if self.out_of_sample else 0.0


@dataclass(frozen=True)
class Candidate:
    """A plan's first stage: what it costs (USD for the period) and the units that its open hubs hold, (I, K)."""

    spent: float
    stock: Floats

    def values(self, instance: Instance, model: Model, units: Floats) -> Floats:
        """Return its cost in each outcome of an instance, first stage included, (W,); `units`: see `unit_costs`."""
        total: Floats = self.spent + instance.recourse_weight * recourse_costs(instance, model, self.stock, units)
        return total


def candidate_of(instance: Instance, plan: Plan, model: Model) -> Candidate:
    """Return the first stage of a plan that was made for an instance."""
    expected = evaluate(instance, plan, model).expected
    return Candidate(sum(expected[figure] for figure in FIRST_STAGE), usable_stock(instance, plan))


def saa_quality(
    sampled: Sampler,
    model: Model,
    sizes: Sequence[int] = SIZES,
    replications: int = 8,
    reference: int = 5000,
    pool: int | None = None,
    seed: int = 1,
    solver: SolverOptions | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Quality]:
    """Return what samples of each size are worth, small ones first.

    For each size, one further sample gives the candidate plan, `replications` samples the lower bound, and one sample
    of `reference` outcomes, the same for every size, the upper bound.

    Parameters
    ----------
    pool
        Where given, a second candidate for each size: that of the n outcomes kept of so many sampled ones.
    seed
        Samples are drawn with seeds that follow from it.
    on_progress
        Called with the number of programs solved and their total.
    """
    if replications < 2 or reference < 2 or not sizes or min(sizes) < 1:
        raise UsageError("two replications, two reference outcomes and one outcome in a sample are the least")
    ways: tuple[Way, ...] = ("sampled",) if pool is None else ("sampled", "kept")
    counter = _Counter(model, solver or SolverOptions(), len(sizes) * (replications + len(ways)), on_progress)
    wide = sampled(reference, _seed(seed, 0, REFERENCE_SEED))
    units = unit_costs(wide, model)
    trials: list[_Trial] = []
    for n in sorted(sizes):
        started = time.monotonic()
        samples = [sampled(n, _seed(seed, n, FIRST_REPLICATION + m)) for m in range(replications)]
        solved = [(sample, counter.solve(sample)) for sample in samples]
        for way in ways:
            own = sampled(n, _seed(seed, n, CANDIDATE_SEED))
            if way == "kept" and pool is not None:
                own = kept(sampled(pool, _seed(seed, 0, POOL_SEED)), n)
            candidate = candidate_of(own, counter.solve(own), model)
            outside = candidate.values(wide, model, units)
            trials.append(_Trial(way, n, candidate, outside, solved, time.monotonic() - started))
    best = min((trial.outside for trial in trials), key=lambda values: float(values.mean()))
    return [_quality(trial, trials[-1].solved, best, model, units) for trial in trials]


@dataclass
class _Counter:
    """Solves programs and tells how many are done."""

    model: Model
    solver: SolverOptions
    total: int
    on_progress: Callable[[int, int], None] | None
    done: int = 0

    def solve(self, instance: Instance) -> Plan:
        plan = optimize_instance(instance, self.model, self.solver)
        self.done += 1
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)
        return plan


@dataclass(frozen=True)
class _Trial:
    """One candidate, its values on the reference sample, and the solved samples of its size."""

    way: Way
    n: int
    candidate: Candidate
    outside: Floats
    solved: list[tuple[Instance, Plan]]
    seconds: float


def enough(quality: Sequence[Quality], share: float = 0.02) -> Quality | None:
    """Return the smallest sample whose plan costs at most a share more than the best one, with 95 % confidence."""
    return next((each for each in quality if each.relative_excess_high <= share), None)


def quality_table(quality: Sequence[Quality]) -> pd.DataFrame:
    """Return one row per sample size, every figure in USD but the shares."""
    rows = [
        {
            "n": each.n,
            "outcomes": each.way,
            "in_sample": each.in_sample,
            "in_sample_half": each.in_sample_half,
            "out_of_sample": each.out_of_sample,
            "out_of_sample_half": each.out_of_sample_half,
            "gap": each.gap,
            "gap_high": each.gap_high,
            "gap_high_share": each.relative_gap_high,
            "excess": each.excess,
            "excess_half": each.excess_half,
            "solver_gap": each.solver_gap,
            "seconds": each.seconds,
        }
        for each in quality
    ]
    return pd.DataFrame(rows)


def _quality(trial: _Trial, largest: list[tuple[Instance, Plan]], best: Floats, model: Model, units: Floats) -> Quality:
    from scipy.special import stdtrit

    m = len(trial.solved)
    promised = _bounds(trial.solved)
    values = np.array([float(trial.candidate.values(sample, model, units).mean()) for sample, _ in largest])
    gaps = values - _bounds(largest)
    two_sided, one_sided = (float(stdtrit(m - 1, p)) / np.sqrt(m) for p in ((1 + CONFIDENCE) / 2, CONFIDENCE))
    worse = trial.outside - best
    return Quality(
        way=trial.way,
        n=trial.n,
        replications=m,
        in_sample=float(promised.mean()),
        in_sample_half=two_sided * float(promised.std(ddof=1)),
        out_of_sample=float(trial.outside.mean()),
        out_of_sample_half=_half_interval(trial.outside),
        gap=float(gaps.mean()),
        gap_high=float(gaps.mean() + one_sided * gaps.std(ddof=1)),
        excess=float(worse.mean()),
        excess_half=_half_interval(worse),
        solver_gap=float(np.mean([plan.objective for _, plan in trial.solved]) - promised.mean()),
        stock=trial.candidate.stock,
        seconds=trial.seconds,
    )


def _bounds(solved: list[tuple[Instance, Plan]]) -> Floats:
    return np.array([min(plan.bound, plan.objective) for _, plan in solved])


def _half_interval(values: Floats) -> float:
    return Z * float(values.std(ddof=1)) / float(np.sqrt(len(values)))


def _seed(seed: int, n: int, use: int) -> int:
    """Return the seed of one sample, told apart from all others."""
    return int(np.random.SeedSequence(seed, spawn_key=(n, use)).generate_state(1)[0])
