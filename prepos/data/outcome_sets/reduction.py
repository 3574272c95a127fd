r"""Fewer outcomes that stand for many, with the distance between the two distributions.

Outcomes are compared by what is needed where. Among all ways to keep n of them and to give the probability of each
other one to the kept one nearest to it, which is optimal, the Kantorovich distance to the full set is
:math:`\sum_{w \notin J} p_w \min_{u \in J} d(w, u)` (Dupacova, Groewe-Kuska and Roemisch 2003, Mathematical
Programming 95:493-511, Theorem 2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.data.need_rules import Floats, Ints, units_per_person
from prepos.data.outcome_sets.tables import BY_OUTCOME, spelled_out
from prepos.data.outcomes import needs, outcomes, sites
from prepos.data.scenario import Scenario
from prepos.errors import UsageError

MOST_OUTCOMES = 15_000
"""Outcomes whose distances fit into memory (0.9 GB)."""

BLOCK_ROWS = 500
MOST_ROUNDS = 20

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Reduction:
    """Which outcomes are kept, and how far the reduced set is from the full one.

    Attributes
    ----------
    kept : (n,)
        Positions of the kept outcomes, in order.
    nearest : (W,)
        Kept outcome (position among all) that stands for each outcome.
    probability : (n,)
        Probability of each kept outcome: its own and that of the outcomes it stands for.
    error
        Kantorovich distance between the full and the reduced set, households.
    relative
        Error / error of the best single outcome in each group that may not be mixed; 0 where that is 0.
    scale
        Mean size of an outcome in the same unit: expected households in need.
    """

    kept: Ints
    nearest: Ints
    probability: Floats
    error: float
    relative: float
    scale: float

    def as_dict(self) -> dict[str, Any]:
        """Return the figures of the reduction."""
        return {
            "outcomes_before": len(self.nearest),
            "outcomes": len(self.kept),
            "error_households": self.error,
            "error_of_one_outcome": self.relative,
            "households_per_outcome": self.scale,
        }


def reduce_outcomes(scenario: Scenario, n: int) -> tuple[Scenario, Reduction]:
    """Return the scenario with n of its outcomes, chosen to stand for all, and how well they do.

    Outcomes that differ in hubs struck, lanes or closures are never put together: each such group keeps one outcome
    at least.

    Raises
    ------
    UsageError
        When n is below the number of such groups, or there are more outcomes than memory holds.
    """
    chances = outcomes(scenario)
    vectors = need_vectors(scenario)
    found = reduce_vectors(vectors, chances["probability"].to_numpy(float), n, _groups(scenario, chances["outcome"]))
    names = chances["outcome"].iloc[found.kept]
    whole = spelled_out(scenario)
    table = whole.outcomes.iloc[found.kept].assign(probability=found.probability).reset_index(drop=True)
    tables: dict[str, Any] = {name: _of(whole.table(name), names) for name in BY_OUTCOME if name != "outcomes"}
    tables["outcomes"] = table
    return replace(scenario, **tables), found


def need_vectors(scenario: Scenario) -> Floats:
    r"""Return what makes outcomes alike, (W, regions x items): households whose need of an item lies in a region.

    Quantities are divided by the units of the item for a household, then by the number of items, so that the sum of a
    vector is the mean, over items, of the households in need. An item without a measure counts as many households as
    the others on average. The distance of two outcomes is the sum of absolute differences: with shortage and freight
    priced by the unit, recourse costs differ by no more than a constant times it.
    """
    wanted = needs(scenario)
    place = sites(scenario).set_index("site")["region"]
    names, items = pd.Index(outcomes(scenario)["outcome"]), pd.Index(scenario.items["item"])
    region = pd.factorize(place.reindex(wanted["site"]))[0]
    w, k = names.get_indexer(wanted["outcome"]), items.get_indexer(wanted["item"])
    known = w >= 0
    household = units_per_person(scenario).to_numpy(float) * scenario.settings.household_size
    quantity = wanted["quantity"].to_numpy(float) / _measure(household, wanted["quantity"].to_numpy(float), k)[k]
    regions = int(region.max(initial=0)) + 1
    total = np.zeros((len(names), regions, len(items)))
    np.add.at(total, (w[known], region[known], k[known]), quantity[known])
    return total.reshape(len(names), -1) / max(len(np.unique(k)), 1)


def reduce_vectors(vectors: Floats, probability: Floats, n: int, group: Ints | None = None) -> Reduction:
    """Choose n vectors by fast forward selection, then better them by rounds of local search.

    Fast forward selection takes, one after the other, the vector that lowers the error most (Heitsch and Roemisch
    2003, Computational Optimization and Applications 24:187-206). Then each kept vector gives way to the best one
    of those it stands for, until nothing changes: the error never grows.

    Parameters
    ----------
    vectors : (W, d)
        Distances are sums of absolute differences.
    group : (W,)
        Vectors of different groups never stand for each other.
    """
    group = np.zeros(len(vectors), dtype=np.int64) if group is None else group
    _refuse(len(vectors), n, len(np.unique(group)))
    distance = distances(vectors, group)
    kept, one = _forward(distance, probability, n, group)
    kept = _exchange(distance, probability, kept)
    nearest = kept[np.argmin(distance[kept], axis=0)]
    error = float(probability @ distance[nearest, np.arange(len(vectors))])
    share: Floats = np.bincount(nearest, probability, minlength=len(vectors))[kept].astype(np.float64)
    relative = error / one if one > 0 else 0.0
    return Reduction(kept, nearest, share, error, relative, float(probability @ np.abs(vectors).sum(axis=1)))


def distances(vectors: Floats, group: Ints) -> Singles:
    """Return sums of absolute differences, (W, W), in single precision, filled block by block; inf across groups."""
    from scipy.spatial.distance import cdist

    used = vectors[:, np.abs(vectors).max(axis=0, initial=0.0) > 0]
    found = np.zeros((len(vectors), len(vectors)), dtype=np.float32)
    for first in range(0, len(vectors), BLOCK_ROWS):
        rows = slice(first, first + BLOCK_ROWS)
        if used.shape[1]:
            found[rows] = cdist(used[rows], used, "cityblock")
        found[rows][group[rows, None] != group] = np.inf
    return found


def _forward(distance: Singles, probability: Floats, n: int, group: Ints) -> tuple[Ints, float]:
    """Return the selected positions, in order, and the error with one vector in each group."""
    weight = probability.astype(np.float32)
    chosen = []
    for members in (np.flatnonzero(group == each) for each in np.unique(group)):
        cost = weight[members] @ distance[np.ix_(members, members)]
        chosen.append(int(members[np.argmin(cost)]))
    left = distance[chosen].min(axis=0)
    one = float(weight.astype(np.float64) @ left)
    for _ in range(n - len(chosen)):
        cost = np.concatenate(
            [np.minimum(distance[b : b + BLOCK_ROWS], left) @ weight for b in range(0, len(left), BLOCK_ROWS)]
        )
        cost[chosen] = np.inf
        chosen.append(int(np.argmin(cost)))
        left = np.minimum(left, distance[chosen[-1]])
    return np.sort(np.array(chosen, dtype=np.int64)), one


def _exchange(distance: Singles, probability: Floats, kept: Ints) -> Ints:
    """Let each kept vector give way to the best of those it stands for, until the error stays."""
    weight = probability.astype(np.float64)
    best = np.inf
    for _ in range(MOST_ROUNDS):
        own = np.argmin(distance[kept], axis=0)
        error = float(weight @ distance[kept[own], np.arange(len(own))])
        if not error < best * (1 - 1e-7):
            break
        best, current = error, kept
        kept = np.sort([_medoid(distance, weight, np.flatnonzero(own == n), kept[n]) for n in range(len(kept))])
    return np.asarray(current, dtype=np.int64)


def _medoid(distance: Singles, weight: Floats, members: Ints, present: np.int64) -> int:
    if not len(members):
        return int(present)
    return int(members[np.argmin(weight[members] @ distance[np.ix_(members, members)])])


def _measure(household: Floats, quantity: Floats, k: Ints) -> Floats:
    """Return the units for a household by item; where an item does not say, so many that it weighs as the others."""
    total = np.bincount(k, quantity, minlength=len(household))
    stated = (household > 0) & (total > 0)
    typical = (total[stated] / household[stated]).mean() if stated.any() else 1.0
    measure: Floats = np.where(household > 0, household, np.where(total > 0, total / typical, 1.0))
    return measure


def _groups(scenario: Scenario, names: pd.Series) -> Ints:
    """Return outcomes with the same hubs struck, lanes and closures as groups."""
    marks = dict.fromkeys(names, "")
    for table in sorted(set(BY_OUTCOME) - {"outcomes", "needs"}):
        frame = scenario.table(table)
        rows = frame[frame["outcome"] != ""].drop(columns=["basis", "source"], errors="ignore")
        for name, own in rows.groupby("outcome", sort=False):
            cells = sorted(map(repr, own.drop(columns="outcome").itertuples(index=False, name=None)))
            marks[name] = marks.get(name, "") + f"{table}:{';'.join(cells)}"
    return pd.factorize(names.map(marks))[0].astype(np.int64)


def _refuse(outcomes: int, n: int, groups: int) -> None:
    if n < 1 or n < groups:
        reason = f"; {groups} of them differ in hubs struck, lanes or closures and cannot be put together" * (n >= 1)
        raise UsageError(f"cannot reduce {outcomes:,} outcomes to {n}: keep {max(groups, 1)} at least{reason}")
    if n > outcomes:
        raise UsageError(f"cannot reduce {outcomes:,} outcomes to {n:,}: there are not so many")
    if outcomes > MOST_OUTCOMES:
        raise UsageError(f"{outcomes:,} outcomes are more than can be compared; sample {MOST_OUTCOMES:,} at most")


def _of(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    kept = (table["outcome"] == "") | table["outcome"].isin(names)
    return table[kept].reset_index(drop=True)
