"""Sampled outcomes as instances: lanes worked out once, needs drawn as often as asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from prepos.analysis.fixed_stock import refuse_what_ties
from prepos.data.outcome_sets.reduction import reduce_vectors
from prepos.data.outcome_sets.sampling import SampleOptions, needed
from prepos.data.outcome_sets.seasons import Kind, Process, draw, learn
from prepos.data.scenario import Scenario, empty_table
from prepos.errors import UsageError
from prepos.instance import Instance, Needs, build_instance
from prepos.model import Model

Sampler = Callable[[int, int], Instance]
"""Number of outcomes and seed -> an instance that holds so many sampled outcomes."""


def sampler(
    scenario: Scenario, model: Model, kind: Kind = "disasters", options: SampleOptions | None = None
) -> Sampler:
    """Return a function that draws sampled outcomes of a scenario as instances, lanes worked out once.

    Raises
    ------
    UsageError
        When the model asks for what a sample average does not estimate, or the scenario has limits that
        `recourse_costs` does not know.
    """
    refuse_other_questions(model)
    options = options or SampleOptions()
    process = learn(scenario, options)
    tables: dict[str, Any] = {name: empty_table(name) for name in ("outcomes", "needs", "availability")}
    tables |= {name: _general(scenario.table(name)) for name in ("lanes", "closures")}
    base = build_instance(replace(scenario, **tables), model)
    refuse_what_ties(base)
    days = options.period_days or scenario.settings.period_days
    weight = 1.0 if kind == "seasons" else float(process.rates.per_year.sum()) * days / 365

    def sampled(n: int, seed: int) -> Instance:
        drawn = _needs(base, process, kind, replace(options, n=n, seed=seed), days)
        return replace(
            base,
            outcomes=tuple(f"{kind.removesuffix('s')}-{number}" for number in range(1, n + 1)),
            probability=np.full(n, 1 / n),
            availability=np.ones((n, len(base.hubs))),
            recourse_weight=weight,
            needs=drawn,
        )

    return sampled


def refuse_other_questions(model: Model) -> None:
    """Raise UsageError unless the model minimises one expected cost without limits on service."""
    single = model.objective.minimise in (("cost",), ("social",))
    free = model.service.min_coverage is None and model.service.probability is None
    if not (single and free and model.risk.measure == "expectation"):
        raise UsageError(
            f"the quality of a sample is known for models that minimise expected cost or social cost alone; "
            f"{model.name or 'this model'} asks for more"
        )


def kept(instance: Instance, n: int) -> Instance:
    """Return the instance with n of its outcomes, kept by what is needed of each item in each region."""
    needs, regions = instance.needs, {name: r for r, name in enumerate(dict.fromkeys(instance.regions))}
    region = np.array([regions[name] for name in instance.regions], dtype=np.int64)[needs.j]
    vectors = np.zeros((len(instance.outcomes), len(regions), len(instance.items)))
    np.add.at(vectors, (needs.w, region, needs.k), needs.quantity)
    expected = np.tensordot(instance.probability, vectors, axes=1).sum(axis=0)
    vectors /= np.where(expected > 0, expected, 1.0)
    found = reduce_vectors(vectors.reshape(len(vectors), -1), instance.probability, n)
    position = np.full(len(instance.outcomes), -1)
    position[found.kept] = np.arange(n)
    mine = position[needs.w] >= 0
    return replace(
        instance,
        outcomes=tuple(instance.outcomes[w] for w in found.kept.tolist()),
        probability=found.probability,
        availability=instance.availability[found.kept],
        needs=Needs(position[needs.w[mine]], needs.j[mine], needs.k[mine], needs.quantity[mine]),
    )


def _needs(base: Instance, process: Process, kind: Kind, options: SampleOptions, days: float) -> Needs:
    draws = draw(process, kind, options, days)
    quantity = needed(base.scenario, process.events, draws, options)
    position = {name: j for j, name in enumerate(base.sites)}
    site = np.array([position[name] for name in process.events.disasters["site"]], dtype=np.int64)[draws.like]
    key, row = np.unique(draws.outcome * len(base.sites) + site, return_inverse=True)
    total = np.zeros((len(key), len(base.items)))
    np.add.at(total, row, quantity)
    r, k = np.nonzero(total > 0)
    return Needs(key[r] // len(base.sites), key[r] % len(base.sites), k.astype(np.int64), total[r, k])


def _general(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that hold in every outcome."""
    return table[table["outcome"] == ""].reset_index(drop=True)
