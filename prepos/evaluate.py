r"""The one place where a figure of a plan is defined.

`evaluate` prices a plan from its tables alone, without the solver, so that it can contradict the program.
Expected figures are per outcome; first-stage figures are those of the period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.errors import DataError, Problem
from prepos.instance import Floats, Instance, Ints, arcs, move_usd
from prepos.model import Model
from prepos.plan import Plan

COVERAGE_HOURS = (24.0, 72.0, 168.0, 336.0, 720.0)
FIRST_STAGE = ("opening_usd", "purchase_usd", "moves_usd", "holding_usd")
OWN_HUB = "own hub"
RECOURSE = ("freight_usd", "shortage_usd", "leftover_usd")


@dataclass(frozen=True)
class Evaluation:
    """The figures of one plan.

    Attributes
    ----------
    expected
        Figure -> value: units, unit-hours, kg CO2e and USD per outcome; first-stage USD of the period.
    items, regions
        One row per item (region): need, unmet, unit-hours, freight, and one column per coverage time.
    coverage
        Hours -> expected share of need met in time, items balanced by their weight (see `balanced_share`).
    outcomes
        One row per outcome: probability, need, unmet, unit-hours, freight, deprivation, shortage, leftover.
    shortage_probability
        Probability of an outcome in which any unit stays unmet.
    mean_hours, p90_hours
        Mean and 90th percentile of hours over the expected delivered units; NaN where nothing is delivered.
    cvar
        Mean recourse cost of the worst outcomes, at the model's alpha (USD per outcome).
    objectives
        Objective name -> value of the plan in the units that the program minimises.
    violation
        Largest breach of a stock balance or a need balance, in units; 0 for a plan that can be carried out.
    """

    expected: Mapping[str, float]
    items: pd.DataFrame
    regions: pd.DataFrame
    coverage: Mapping[float, float]
    outcomes: pd.DataFrame
    shortage_probability: float
    mean_hours: float
    p90_hours: float
    cvar: float
    objectives: Mapping[str, float]
    violation: float

    def as_dict(self) -> dict[str, Any]:
        """Return the blocks that `--json` prints, in the shape of INTERFACE."""
        return {
            "expected": dict(self.expected),
            "items": [_json_row(row, "item") for row in self.items.to_dict("records")],
            "regions": [_json_row(row, "region") for row in self.regions.to_dict("records")],
            "coverage": {f"{hours:g}": share for hours, share in self.coverage.items()},
            "shortage_probability": self.shortage_probability,
            "mean_hours": None if np.isnan(self.mean_hours) else self.mean_hours,
            "p90_hours": None if np.isnan(self.p90_hours) else self.p90_hours,
            "cvar": self.cvar,
        }


@dataclass(frozen=True)
class _Shipments:
    """The plan's flows and unmet needs as arrays, with the figures of their lanes."""

    w: Ints
    i: Ints
    j: Ints
    k: Ints
    quantity: Floats
    hours: Floats
    usd: Floats
    kgco2e: Floats
    unmet_w: Ints
    unmet_k: Ints
    unmet_j: Ints
    unmet: Floats


def evaluate(instance: Instance, plan: Plan, model: Model) -> Evaluation:
    """Price a plan and measure its service, from its tables alone.

    Raises
    ------
    DataError
        When the plan ships or moves on a lane, meets a need, runs a tier, or speaks of a hub, item or outcome, that
        the scenario does not have.
    """
    shipments = _read_shipments(instance, plan)
    outcomes = _by_outcome(instance, plan, shipments)
    first_stage = _first_stage(instance, plan, model)
    p = instance.probability
    per_outcome = {c: float(outcomes[c].to_numpy(float) @ p) for c in outcomes.columns[2:]}
    expected = {**per_outcome, **first_stage}
    times = _times(model)
    items = _service_table(instance, shipments, "item", times)
    in_time = {hours: balanced_share(instance, items, hours) for hours in times}
    mean_hours, p90_hours = _delivery_hours(instance, shipments)
    return Evaluation(
        expected=expected,
        items=items,
        regions=_service_table(instance, shipments, "region", times),
        coverage={hours: in_time[hours] for hours in COVERAGE_HOURS},
        outcomes=outcomes,
        shortage_probability=float(p @ (outcomes["unmet_units"].to_numpy(float) > UNMET_TOLERANCE)),
        mean_hours=mean_hours,
        p90_hours=p90_hours,
        cvar=cvar(recourse_usd(outcomes, model), p, model.risk.alpha),
        objectives=_objectives(instance, model, outcomes, first_stage, in_time[model.objective.target_hours]),
        violation=_violation(instance, plan, shipments),
    )


UNMET_TOLERANCE = 1e-6
"""Units of a need below which it counts as met."""


def is_on_time(hours: Floats, limit: float) -> npt.NDArray[np.bool_]:
    """Return which hours are within the limit, the limit itself included."""
    within: npt.NDArray[np.bool_] = hours <= limit + 1e-9
    return within


def deprivation_usd(instance: Instance, k: Ints, hours: Floats) -> Floats:
    r"""Return the social cost of a unit arriving after `hours`: :math:`g_k(\tau) = deprivation_k \, \tau / 24`, USD."""
    cost: Floats = instance.deprivation_usd_day[k] * hours / 24
    return cost


def recourse_usd(outcomes: pd.DataFrame, model: Model) -> Floats:
    """Return the recourse cost of each outcome, USD; with deprivation where the model minimises social cost."""
    parts = [*RECOURSE, "deprivation_usd"] if "social" in model.objective.minimise else list(RECOURSE)
    total: Floats = outcomes[parts].sum(axis=1).to_numpy(float)
    return total


def cvar(values: Floats, probability: Floats, alpha: float) -> float:
    r"""Return the mean of the worst :math:`1 - \alpha` of a discrete distribution (Rockafellar and Uryasev 2000)."""
    share = tail_share(probability, alpha)
    if share == 0:
        return 0.0
    order = np.argsort(-values, kind="stable")
    tail = np.minimum(np.cumsum(probability[order]), share)
    mass = np.diff(tail, prepend=0.0)
    return float(values[order] @ mass / share)


def tail_share(probability: Floats, alpha: float) -> float:
    """Return the probability of the worst outcomes that count: 1 - alpha, but no more than there is."""
    return min(1 - alpha, float(probability.sum()))


def balanced_share(instance: Instance, items: pd.DataFrame, hours: float) -> float:
    r"""Return the expected share of need met in time, items balanced by weight.

    :math:`\sum_k \omega_k (E[met_k(T)] / E[need_k]) / \sum_k \omega_k` over the items that are needed: a tent and a
    bar of soap do not count by the piece. 1 where nothing is needed.
    """
    needed = items["need_units"].to_numpy(float) > 0
    weight = instance.weight[needed]
    if not needed.any() or weight.sum() == 0:
        return 1.0
    return float(weight @ items[hours].to_numpy(float)[needed] / weight.sum())


def _times(model: Model) -> tuple[float, ...]:
    return tuple(dict.fromkeys([*COVERAGE_HOURS, model.objective.target_hours, model.service.within_hours]))


def _read_shipments(instance: Instance, plan: Plan) -> _Shipments:
    flows = plan.flows[plan.flows["quantity"] > 0]
    axes = ("outcome", "hub", "site", "item", "mode")
    w, i, j, k, v = (_positions(instance, kind, flows[kind], "flows") for kind in axes)
    lane = _lane_of_flow(instance, w, i, j, k, v)
    lanes = instance.lanes
    unmet = plan.unmet[plan.unmet["quantity"] > 0]
    unmet_w, unmet_j, unmet_k = (
        _positions(instance, kind, unmet[kind], "unmet") for kind in ("outcome", "site", "item")
    )
    _refuse_unknown_needs(instance, unmet_w, unmet_j, unmet_k)
    return _Shipments(
        w,
        i,
        j,
        k,
        flows["quantity"].to_numpy(float),
        lanes.hours[lane],
        lanes.usd[lane],
        lanes.kgco2e[lane],
        unmet_w,
        unmet_k,
        unmet_j,
        unmet["quantity"].to_numpy(float),
    )


def _positions(instance: Instance, kind: str, names: pd.Series[str], table: str) -> Ints:
    """Return positions of names; "hub" is any source of a flow, "own hub" one that holds stock."""
    known = {name: n for n, name in enumerate(instance.hubs)} if kind == OWN_HUB else instance.position[kind]
    unknown = sorted(set(names) - set(known))
    if unknown:
        column = str(names.name)
        raise DataError("plan", [Problem(table, f"{name!r} is not in the scenario", column=column) for name in unknown])
    return names.map(known).to_numpy().astype(np.int64)


def _refuse_unknown_needs(instance: Instance, w: Ints, j: Ints, k: Ints) -> None:
    needs = instance.needs
    unknown = ~np.isin(_need_key(instance, w, j, k), _need_key(instance, needs.w, needs.j, needs.k))
    problems = [
        Problem(
            "unmet", f"nobody needs '{instance.items[k[n]]}' at '{instance.sites[j[n]]}' in {instance.outcomes[w[n]]}"
        )
        for n in np.flatnonzero(unknown).tolist()
    ]
    if problems:
        raise DataError("plan", problems)


def _lane_of_flow(instance: Instance, w: Ints, i: Ints, j: Ints, k: Ints, v: Ints) -> Ints:
    """Return the lane that each flow uses; the cheapest, where a table gives one lane several times."""
    every, lanes, needs = arcs(instance), instance.lanes, instance.needs
    known = pd.DataFrame({"lane": every.lane, "w": needs.w[every.n], "usd": lanes.usd[every.lane]})
    known = known.assign(**{axis: getattr(lanes, axis)[every.lane] for axis in "ijkv"})
    known = known.sort_values("usd", kind="stable").drop_duplicates(list("wijkv"))
    flows = pd.DataFrame({"w": w, "i": i, "j": j, "k": k, "v": v})
    lane = flows.merge(known, on=list("wijkv"), how="left")["lane"]
    if lane.isna().any():
        at = int(np.flatnonzero(lane.isna())[0])
        route = f"{instance.sources[i[at]]} -> {instance.sites[j[at]]} by {instance.modes[v[at]]}"
        outcome = instance.outcomes[w[at]]
        text = (
            f"{int(lane.isna().sum())} flows use a lane or meet a need that does not exist, first {route} in {outcome}"
        )
        raise DataError("plan", [Problem("flows", text)])
    return lane.to_numpy().astype(np.int64)


def _sum(size: tuple[int, ...], where: tuple[Ints, ...], values: Floats) -> Floats:
    total = np.zeros(size)
    np.add.at(total, where, values)
    return total


def _by_outcome(instance: Instance, plan: Plan, s: _Shipments) -> pd.DataFrame:
    size = (len(instance.outcomes),)
    needs = instance.needs
    return pd.DataFrame(
        {
            "outcome": list(instance.outcomes),
            "probability": instance.probability,
            "need_units": _sum(size, (needs.w,), needs.quantity),
            "unmet_units": _sum(size, (s.unmet_w,), s.unmet),
            "unit_hours": _sum(size, (s.w,), s.quantity * s.hours),
            "freight_usd": _sum(size, (s.w,), s.quantity * s.usd),
            "kgco2e": _sum(size, (s.w,), s.quantity * s.kgco2e),
            "deprivation_usd": _sum(size, (s.w,), s.quantity * deprivation_usd(instance, s.k, s.hours)),
            "shortage_usd": _sum(size, (s.unmet_w,), s.unmet * instance.shortage_usd[s.unmet_k]),
            "leftover_usd": (_leftover_units(instance, plan, s) * instance.leftover_usd).sum(axis=(1, 2)),
        }
    )


def usable_stock(instance: Instance, plan: Plan) -> Floats:
    """Return the stock that open hubs can ship, (I, K) units; what lies in a hub that is not open stays there."""
    hubs = _positions(instance, OWN_HUB, plan.stock["hub"], "stock")
    items = _positions(instance, "item", plan.stock["item"], "stock")
    stock = _sum((len(instance.hubs), len(instance.items)), (hubs, items), plan.stock["quantity"].to_numpy(float))
    is_open = np.zeros(len(instance.hubs))
    is_open[_positions(instance, OWN_HUB, plan.hubs.loc[plan.hubs["open"].astype(bool), "hub"], "hubs")] = 1.0
    usable: Floats = stock * is_open[:, None]
    return usable


def _leftover_units(instance: Instance, plan: Plan, s: _Shipments) -> Floats:
    shape = (len(instance.outcomes), len(instance.hubs), len(instance.items))
    from_hub = s.i < len(instance.hubs)
    where = (s.w[from_hub], s.i[from_hub], s.k[from_hub])
    usable = instance.availability[:, :, None] * usable_stock(instance, plan)[None]
    left: Floats = usable - _sum(shape, where, s.quantity[from_hub])
    return left


def _first_stage(instance: Instance, plan: Plan, model: Model) -> dict[str, float]:
    stock = usable_stock(instance, plan)
    items = _positions(instance, "item", plan.purchases["item"], "purchases")
    bought = plan.purchases["quantity"].to_numpy(float) @ instance.price_usd[items]
    return {
        "opening_usd": _opening_usd(instance, plan) if model.hubs.choose else 0.0,
        "purchase_usd": float(bought),
        "moves_usd": _moves_usd(instance, plan) if model.stock.moves == "costed" else 0.0,
        "holding_usd": float((stock * instance.holding_usd).sum()),
    }


def _opening_usd(instance: Instance, plan: Plan) -> float:
    fixed = {(instance.hubs[t.hub], t.name): t.fixed_usd for t in (*instance.base, *instance.tiers)}
    opened = plan.hubs[plan.hubs["open"].astype(bool)]
    chosen = list(zip(opened["hub"], opened["tier"], strict=True))
    unknown = [(hub, tier) for hub, tier in chosen if (hub, tier) not in fixed]
    if unknown:
        text = "'{}' has no tier '{}'"
        raise DataError("plan", [Problem("hubs", text.format(*pair), column="tier") for pair in unknown])
    return float(sum(fixed[pair] for pair in chosen))


def _moves_usd(instance: Instance, plan: Plan) -> float:
    if plan.moves.empty:
        return 0.0
    axes = (("from_hub", OWN_HUB), ("to_hub", OWN_HUB), ("item", "item"))
    where = tuple(_positions(instance, kind, plan.moves[column], "moves") for column, kind in axes)
    usd = move_usd(instance)[where]
    nowhere = plan.moves.loc[np.isnan(usd), ["from_hub", "to_hub"]].drop_duplicates()
    if len(nowhere):
        legs = zip(nowhere["from_hub"], nowhere["to_hub"], strict=True)
        raise DataError("plan", [Problem("moves", f"no lane leads from '{a}' to '{b}'") for a, b in legs])
    return float(usd @ plan.moves["quantity"].to_numpy(float))


def _service_table(instance: Instance, s: _Shipments, by: str, times: tuple[float, ...]) -> pd.DataFrame:
    """Return expected need, unmet, unit-hours, freight and coverage by item or by region.

    The coverage of a region balances its items as `balanced_share` does.
    """
    needs, p = instance.needs, instance.probability
    regions = list(dict.fromkeys(instance.regions))
    region_of = np.array([regions.index(region) for region in instance.regions], dtype=np.int64)
    shape = (len(regions), len(instance.items))

    def spread(j: Ints, k: Ints, values: Floats) -> Floats:
        return _sum(shape, (region_of[j], k), values)

    need = spread(needs.j, needs.k, needs.quantity * p[needs.w])
    sums = {
        "need_units": need,
        "unmet_units": spread(s.unmet_j, s.unmet_k, s.unmet * p[s.unmet_w]),
        "unit_hours": spread(s.j, s.k, s.quantity * s.hours * p[s.w]),
        "freight_usd": spread(s.j, s.k, s.quantity * s.usd * p[s.w]),
    }
    met = {t: spread(s.j, s.k, s.quantity * is_on_time(s.hours, t) * p[s.w]) for t in times}
    axis = 0 if by == "item" else 1
    table = pd.DataFrame({by: list(instance.items) if by == "item" else regions})
    table = table.assign(**{name: values.sum(axis=axis) for name, values in sums.items()})
    weight = np.ones(shape) if by == "item" else np.broadcast_to(instance.weight, shape)
    for t in times:
        if by == "item":
            share = _ratio(met[t].sum(axis=0), need.sum(axis=0))
        else:
            share = _ratio((weight * _ratio(met[t], need) * (need > 0)).sum(axis=1), (weight * (need > 0)).sum(axis=1))
        table[t] = share
    return table


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, 1 where the whole is 0: a need of nothing is met."""
    return np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)


def _delivery_hours(instance: Instance, s: _Shipments) -> tuple[float, float]:
    units = s.quantity * instance.probability[s.w]
    if units.sum() <= 0:
        return float("nan"), float("nan")
    order = np.argsort(s.hours, kind="stable")
    reached = np.searchsorted(np.cumsum(units[order]), 0.9 * units.sum() * (1 - 1e-12))
    return float(units @ s.hours / units.sum()), float(s.hours[order][min(reached, len(order) - 1)])


def _objectives(
    instance: Instance, model: Model, outcomes: pd.DataFrame, first_stage: Mapping[str, float], share_in_time: float
) -> dict[str, float]:
    p, weight = instance.probability, instance.recourse_weight
    spent = sum(first_stage.values())
    cost = outcomes[list(RECOURSE)].sum(axis=1).to_numpy(float)
    social = cost + outcomes["deprivation_usd"].to_numpy(float)
    hours = outcomes["unit_hours"].to_numpy(float)
    return {
        "unmet": weight * float(outcomes["unmet_units"] @ p),
        "time": weight * weigh(hours, p, model),
        "coverage": -share_in_time,
        "cost": spent + weight * weigh(cost, p, model),
        "social": spent + weight * weigh(social, p, model),
    }


def weigh(values: Floats, probability: Floats, model: Model, best: Floats | None = None) -> float:
    """Return the one number that the model's risk measure makes of the outcomes' values.

    Regret needs `best`, the least value that each outcome could have had; without it, it is NaN.
    """
    risk = model.risk
    mean = float(values @ probability)
    match risk.measure:
        case "cvar":
            return (1 - risk.weight) * mean + risk.weight * cvar(values, probability, risk.alpha)
        case "worst_case":
            return float(values[probability > 0].max()) if (probability > 0).any() else 0.0
        case "regret":
            regret = values - np.nan if best is None else values - best
            return float(regret[probability > 0].max(initial=-np.inf))
        case _:
            return mean


def _violation(instance: Instance, plan: Plan, s: _Shipments) -> float:
    needs = instance.needs
    key = _need_key(instance, needs.w, needs.j, needs.k)
    order = np.argsort(key)
    served_key = _need_key(instance, np.append(s.w, s.unmet_w), np.append(s.j, s.unmet_j), np.append(s.k, s.unmet_k))
    at = np.searchsorted(key[order], served_key)
    served = _sum((len(key),), (order[at],), np.append(s.quantity, s.unmet)) if len(at) else np.zeros(len(key))
    overdrawn = -_leftover_units(instance, plan, s)
    return float(max(np.abs(needs.quantity - served).max(initial=0.0), overdrawn.max(initial=0.0)))


def _need_key(instance: Instance, w: Ints, j: Ints, k: Ints) -> Ints:
    key: Ints = (w * len(instance.sites) + j) * len(instance.items) + k
    return key


def _json_row(row: Mapping[Any, Any], key: str) -> dict[str, Any]:
    figures = {name: row[name] for name in (key, "need_units", "unmet_units", "unit_hours", "freight_usd")}
    return {**figures, "coverage": {f"{t:g}": row[t] for t in COVERAGE_HOURS}}
