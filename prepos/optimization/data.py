"""The door of the program: an Instance and a Model as the numbers, index lists and limits that the constraints use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from prepos.errors import DataError, Problem
from prepos.evaluate import deprivation_usd, is_on_time
from prepos.instance import Floats, Instance, Ints, Tier, arcs, move_usd
from prepos.model import Model
from prepos.optimization.choice import worth_keeping

Groups = dict[tuple[int, ...], list[int]]


@dataclass(frozen=True)
class ProgramData:
    """What the program is built from; every group maps index letters to positions in the arc arrays.

    Attributes
    ----------
    n, i, w, j, k, v
        Need, source, outcome, site, item and mode of each arc.
    hours, usd, social_usd, volume
        Hours, freight, freight plus deprivation, and m3 of one unit on each arc.
    on_time
        True for an arc that arrives within the service time of the model.
    tiers
        Tiers that may be chosen, by hub.
    usable
        True for a hub that may hold usable stock in the plan.
    kept
        True for a hub whose stock stays as it is.
    most : (I, K)
        Upper bound on stock, from capacity and need (see `_most_stock`).
    move_usd : (I, I, K)
        Cost of moving a unit between hubs, where moves are costed.
    best_recourse : name -> (W,)
        Least recourse that any allowed stock could have had in each outcome, for regret.
    """

    instance: Instance
    model: Model
    n: Ints
    i: Ints
    w: Ints
    j: Ints
    k: Ints
    v: Ints
    hours: Floats
    usd: Floats
    social_usd: Floats
    volume: Floats
    on_time: npt.NDArray[np.bool_]
    lane_capacity_m3: Floats
    tiers: dict[int, list[Tier]]
    usable: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.bool_]
    most: Floats
    move_usd: Floats | None
    best_recourse: dict[str, Floats] | None = None


def group(*columns: Ints) -> Groups:
    """Return the positions that share the same values in all columns."""
    found: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for position, key in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        found[key].append(position)
    return dict(found)


def prepare(instance: Instance, model: Model) -> ProgramData:
    """Work out the arcs that a plan could use, the tiers it may choose and the bounds on its stock."""
    kept = kept_hubs(instance, model)
    tiers = {i: _tiers_of(instance, model, i, bool(kept[i])) for i in range(len(instance.hubs))}
    usable = np.array([bool(tiers[i]) for i in range(len(instance.hubs))])
    every = arcs(instance)
    lane = every.lane
    sources_usable = np.append(usable, np.ones(len(instance.suppliers), dtype=bool))
    n, lane = every.n[sources_usable[instance.lanes.i[lane]]], lane[sources_usable[instance.lanes.i[lane]]]
    worth = worth_keeping(instance, model, n, lane)
    n, lane = n[worth], lane[worth]
    lanes, needs = instance.lanes, instance.needs
    return ProgramData(
        instance=instance,
        model=model,
        n=n,
        i=lanes.i[lane],
        w=needs.w[n],
        j=needs.j[n],
        k=needs.k[n],
        v=lanes.v[lane],
        hours=lanes.hours[lane],
        usd=lanes.usd[lane],
        social_usd=lanes.usd[lane] + deprivation_usd(instance, lanes.k[lane], lanes.hours[lane]),
        volume=instance.unit_m3[needs.k[n]],
        on_time=is_on_time(lanes.hours[lane], model.service.within_hours),
        lane_capacity_m3=lanes.capacity_m3[lane],
        tiers=tiers,
        usable=usable,
        kept=kept,
        most=_most_stock(instance, model, tiers, usable & ~kept),
        move_usd=move_usd(instance) if model.stock.moves == "costed" and model.stock.mode != "as_is" else None,
    )


def kept_hubs(instance: Instance, model: Model) -> npt.NDArray[np.bool_]:
    """Return which hubs keep their stock as it is: all in an assessment, else open forward stocks."""
    everywhere = model.stock.mode == "as_is"
    forward = instance.forward & (np.array(instance.status) == "open") & (model.stock.forward == "keep")
    kept: npt.NDArray[np.bool_] = np.full(len(instance.hubs), everywhere) | forward
    return kept


def _tiers_of(instance: Instance, model: Model, i: int, kept: bool) -> list[Tier]:
    """Return the tiers hub i may run at; none: it cannot be used."""
    hub, status = instance.hubs[i], instance.status[i]
    if hub in model.hubs.force_closed or (status == "closed" and hub not in model.hubs.force_open):
        return []
    as_it_is = kept or not model.hubs.choose
    if as_it_is:
        return [instance.base[i]] if status == "open" or hub in model.hubs.force_open else []
    return [tier for tier in instance.tiers if tier.hub == i]


def _most_stock(
    instance: Instance, model: Model, tiers: dict[int, list[Tier]], changing: npt.NDArray[np.bool_]
) -> Floats:
    r"""Return the most of each item that a hub could usefully hold, (I, K) units.

    The smaller of what fits, :math:`\max_l cap_{il} / m3_k`, and what any outcome could draw,
    :math:`\max_{w : a_{wi} > 0} \sum_j d_{wjk} / a_{wi}`, or the stock of today where that is more, rounded up to a
    whole lot. Where a unit beyond every need pays for itself, what fits and what the budget buys bound it.

    Raises
    ------
    DataError
        Where neither does: the program would have no end.
    """
    useful = np.maximum(_most_drawn(instance), instance.stock.sum(axis=0))
    useful = np.ceil(useful / instance.lot - 1e-9) * instance.lot + instance.stock.sum(axis=0) % instance.lot
    room = np.array([max((t.capacity_m3 for t in tiers[i]), default=0.0) for i in range(len(instance.hubs))])
    with np.errstate(divide="ignore", invalid="ignore"):
        fits = np.where(instance.unit_m3 > 0, room[:, None] / instance.unit_m3, np.inf)
        budget = np.inf if model.budget.usd is None else model.budget.usd
        bought = np.where(instance.price_usd > 0, budget / instance.price_usd, np.inf)
    hoarded = _pays_unused(instance, model) & changing[:, None]
    affordable = instance.stock.sum(axis=0) + bought
    _refuse_endless(instance, hoarded & ~np.isfinite(np.minimum(fits, affordable)))
    most: Floats = np.minimum(fits, np.where(hoarded, np.maximum(affordable, useful), useful))
    return most


def _most_drawn(instance: Instance) -> Floats:
    """Return the stock of each item that the largest outcome could use up at each hub, (I, K) units."""
    needs = instance.needs
    needed = np.zeros((len(instance.outcomes), len(instance.items)))
    np.add.at(needed, (needs.w, needs.k), needs.quantity)
    most = [
        np.divide(needed, share[:, None], out=np.zeros_like(needed), where=share[:, None] > 0).max(axis=0, initial=0.0)
        for share in instance.availability.T
    ]
    drawn: Floats = np.array(most).reshape(instance.stock.shape)
    return drawn


def _pays_unused(instance: Instance, model: Model) -> npt.NDArray[np.bool_]:
    """Return where a unit that no outcome needs could be worth more over the period than it costs, (I, K)."""
    if model.stock.mode != "free" or set(model.objective.minimise) == {"time"}:
        return np.zeros_like(instance.stock, dtype=bool)
    left = instance.recourse_weight * instance.availability.max(axis=0, initial=0.0)
    pays: npt.NDArray[np.bool_] = -instance.leftover_usd * left[:, None] > instance.price_usd + instance.holding_usd
    return pays


def _refuse_endless(instance: Instance, endless: npt.NDArray[np.bool_]) -> None:
    problems = [
        Problem(
            "items.csv",
            f"buying '{instance.items[k]}' without end would pay: over the period a unit left unused is worth more "
            f"than it costs, and nothing limits how many hub '{instance.hubs[i]}' may hold; give the hub a "
            "capacity_m3, the model a budget, or the item a smaller value",
            column="leftover_usd",
        )
        for k, i in ((k, int(endless[:, k].argmax())) for k in np.flatnonzero(endless.any(axis=0)).tolist())
    ]
    if problems:
        raise DataError(instance.scenario.name, problems)
