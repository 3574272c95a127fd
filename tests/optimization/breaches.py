"""Every rule of a plan, checked a second time from its tables alone: no solver, no arrays of the program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from prepos.evaluate import balanced_share, evaluate
from prepos.instance import Instance, arcs
from prepos.model import Model
from prepos.plan import Plan

Rule = Callable[[Instance, Plan, Model], Iterator[str]]


def breaches(instance: Instance, plan: Plan, model: Model) -> list[str]:
    """Return every rule that a plan breaks, in words."""
    return [text for rule in RULES for text in rule(instance, plan, model)]


def hubs_run_as_they_may(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    tiers = {(instance.hubs[t.hub], t.name): t for t in (*instance.base, *instance.tiers)}
    running = _running(plan)
    status = dict(zip(instance.hubs, instance.status, strict=True))
    counted = [hub for hub in running if hub not in _keeping(instance, model)]
    for hub, tier in running.items():
        if (hub, tier) not in tiers:
            yield f"{hub} has no tier {tier}"
        if hub in model.hubs.force_closed:
            yield f"{hub} runs although it is forced closed"
        if status[hub] == "closed" and hub not in model.hubs.force_open:
            yield f"{hub} runs although it is closed"
    yield from (f"{hub} does not run although it is forced open" for hub in model.hubs.force_open if hub not in running)
    if model.stock.mode != "as_is":
        if model.hubs.max_open is not None and len(counted) > model.hubs.max_open:
            yield f"{len(counted)} hubs run, more than {model.hubs.max_open}"
        if model.hubs.min_open is not None and len(counted) < model.hubs.min_open:
            yield f"{len(counted)} hubs run, fewer than {model.hubs.min_open}"


def stock_fits(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    room = {(instance.hubs[t.hub], t.name): t.capacity_m3 for t in (*instance.base, *instance.tiers)}
    held, today = _stock(plan.stock), _today(instance)
    volume = dict(zip(instance.items, instance.unit_m3, strict=True))
    running, keeping = _running(plan), _keeping(instance, model)
    for hub in instance.hubs:
        used = sum(units * volume[item] for (at, item), units in held.items() if at == hub)
        if hub in running and hub not in keeping and used > room[hub, running[hub]] + _slack(used):
            yield f"{hub} holds {used} m3"
        for item in instance.items:
            units = held.get((hub, item), 0.0)
            if hub not in running and units > today.get((hub, item), 0.0) + _slack(units):
                yield f"{hub} does not run, yet holds {units} {item}"


def stock_comes_from_somewhere(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    change: defaultdict[tuple[str, str], float] = defaultdict(float, _today(instance))
    for row in plan.purchases.itertuples():
        change[row.hub, row.item] += row.quantity
    for row in plan.moves.itertuples():
        change[row.from_hub, row.item] -= row.quantity
        change[row.to_hub, row.item] += row.quantity
    held, keeping = _stock(plan.stock), _keeping(instance, model)
    for key in {*change, *held}:
        units = held.get(key, 0.0)
        if abs(change[key] - units) > _slack(units):
            yield f"{key}: held {units}, accounted for {change[key]}"
        if key[0] in keeping and abs(_today(instance).get(key, 0.0) - units) > _slack(units):
            yield f"{key}: kept stock has changed"
    if model.stock.mode != "free" and len(plan.purchases):
        yield "bought although nothing may be bought"
    if (model.stock.moves == "none" or model.stock.mode == "as_is") and len(plan.moves):
        yield "moved although nothing may be moved"


def stock_is_in_whole_lots(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    if not model.stock.integer or model.stock.mode == "as_is" or model.stock.moves == "costed":
        return
    lots = dict(zip(instance.items, instance.lot, strict=True))
    held, today, keeping = _stock(plan.stock), _today(instance), _keeping(instance, model)
    for item, lot in lots.items():
        hubs = [hub for hub in instance.hubs if hub not in keeping]
        broken = [hub for hub in hubs if _beyond_lots(held.get((hub, item), 0.0), lot) > 0]
        if model.stock.moves == "free" and len(broken) > 1:
            yield f"broken lots of {item} at {broken}"
        if model.stock.moves == "none":
            for hub in hubs:
                change = held.get((hub, item), 0.0) - today.get((hub, item), 0.0)
                if _beyond_lots(change, lot) > 0:
                    yield f"{hub} buys {change} {item}, lots of {lot}"
        bought = float(plan.purchases.loc[plan.purchases["item"] == item, "quantity"].sum())
        if _beyond_lots(bought, lot) > 0:
            yield f"{bought} {item} bought, lots of {lot}"


def spending_keeps_the_budget(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    if model.budget.usd is not None:
        expected = evaluate(instance, plan, model).expected
        spent = sum(expected[name] for name in ("opening_usd", "purchase_usd", "moves_usd", "holding_usd"))
        if spent > model.budget.usd + _slack(spent):
            yield f"{spent} USD spent, budget {model.budget.usd}"


def shipments_are_possible(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    held, running = _stock(plan.stock), _running(plan)
    share = {
        (outcome, hub): instance.availability[w, i]
        for w, outcome in enumerate(instance.outcomes)
        for i, hub in enumerate(instance.hubs)
    }
    for (outcome, hub, item), units in plan.flows.groupby(["outcome", "hub", "item"])["quantity"].sum().items():
        if hub in instance.suppliers:
            limit = instance.supplier_limit[instance.suppliers.index(hub), instance.items.index(item)]
        else:
            limit = share[outcome, hub] * held.get((hub, item), 0.0) if hub in running else 0.0
        if units > limit + _slack(units):
            yield f"{outcome}: {hub} ships {units} {item}, more than {limit}"
    flows = plan.flows.assign(m3=plan.flows["quantity"] * plan.flows["item"].map(_volume(instance)).astype(float))
    for (outcome, hub), m3 in flows.groupby(["outcome", "hub"])["m3"].sum().items():
        if hub in instance.hubs and m3 > instance.outbound_m3[instance.hubs.index(hub)] + _slack(m3):
            yield f"{outcome}: {m3} m3 leave {hub}"
    lift = _lift(instance)
    for key, m3 in flows.groupby(["outcome", "hub", "site", "mode"])["m3"].sum().items():
        if m3 > lift.get(key, np.inf) + _slack(m3):
            yield f"{key}: {m3} m3 lifted"


def needs_are_met_or_counted(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    needs = instance.needs
    both = pd.concat([plan.flows, plan.unmet])
    served = both.groupby(["outcome", "site", "item"])["quantity"].sum()
    for w, j, k, units in zip(needs.w, needs.j, needs.k, needs.quantity, strict=True):
        key = instance.outcomes[w], instance.sites[j], instance.items[k]
        if abs(float(served.get(key, 0.0)) - units) > _slack(units):
            yield f"{key}: {units} needed, {served.get(key, 0.0)} accounted for"


def service_is_reached(instance: Instance, plan: Plan, model: Model) -> Iterator[str]:
    hours, by = model.service.within_hours, model.service.by
    figures = evaluate(instance, plan, model)
    if by == "all":
        shares = {"all": balanced_share(instance, figures.items, hours)}
    else:
        table = figures.items if by == "item" else figures.regions
        shares = dict(zip(table[by], table[hours], strict=True))
    for name, share in shares.items():
        if model.service.min_coverage is not None and share < model.service.min_coverage - 1e-6:
            yield f"{name}: share {share} of need met in time"
    for name, chance in _chances(instance, plan, model).items():
        if model.service.probability is not None and chance < model.service.probability - 1e-6:
            yield f"{name}: need fully met with probability {chance}"


def _chances(instance: Instance, plan: Plan, model: Model) -> dict[str, float]:
    """Return the probability of each group that all its need is met in time."""
    every, lanes, needs = arcs(instance), instance.lanes, instance.needs
    names = [list(ids) for ids in (instance.outcomes, instance.sources, instance.sites, instance.items, instance.modes)]
    in_time = set()
    for n, lane in zip(every.n, every.lane, strict=True):
        if lanes.hours[lane] <= model.service.within_hours + 1e-9:
            key = (needs.w[n], lanes.i[lane], lanes.j[lane], lanes.k[lane], lanes.v[lane])
            in_time.add(tuple(ids[position] for ids, position in zip(names, key, strict=True)))
    arrived: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for row in plan.flows.itertuples():
        if (row.outcome, row.hub, row.site, row.item, row.mode) in in_time:
            arrived[row.outcome, row.site, row.item] += row.quantity
    missed: defaultdict[str, set[str]] = defaultdict(set)
    for w, j, k, units in zip(needs.w, needs.j, needs.k, needs.quantity, strict=True):
        outcome, site, item = instance.outcomes[w], instance.sites[j], instance.items[k]
        group = {"item": item, "region": instance.regions[j], "all": "all"}[model.service.by]
        missed[group] |= {outcome} if arrived[outcome, site, item] < units - _slack(units) else set()
    probability = dict(zip(instance.outcomes, instance.probability, strict=True))
    return {group: 1 - sum(probability[outcome] for outcome in outcomes) for group, outcomes in missed.items()}


RULES: tuple[Rule, ...] = (
    hubs_run_as_they_may,
    stock_fits,
    stock_comes_from_somewhere,
    stock_is_in_whole_lots,
    spending_keeps_the_budget,
    shipments_are_possible,
    needs_are_met_or_counted,
    service_is_reached,
)


def _running(plan: Plan) -> dict[str, str]:
    rows = plan.hubs[plan.hubs["open"]]
    return dict(zip(rows["hub"], rows["tier"], strict=True))


def _keeping(instance: Instance, model: Model) -> set[str]:
    """Return the hubs whose stock stays as it is."""
    if model.stock.mode == "as_is":
        return set(instance.hubs)
    if model.stock.forward == "move":
        return set()
    rows = zip(instance.hubs, instance.forward, instance.status, strict=True)
    return {hub for hub, forward, status in rows if forward and status == "open"}


def _stock(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    return {(row.hub, row.item): row.quantity for row in table.itertuples()}


def _today(instance: Instance) -> dict[tuple[str, str], float]:
    return {
        (hub, item): float(instance.stock[i, k])
        for i, hub in enumerate(instance.hubs)
        for k, item in enumerate(instance.items)
    }


def _volume(instance: Instance) -> dict[str, float]:
    return dict(zip(instance.items, instance.unit_m3.tolist(), strict=True))


def _lift(instance: Instance) -> dict[tuple[str, ...], float]:
    """Return (outcome, hub, site, mode) -> m3, where a lane has a limit."""
    every, lanes, needs = arcs(instance), instance.lanes, instance.needs
    limits: dict[tuple[str, ...], float] = {}
    for n, lane in zip(every.n, every.lane, strict=True):
        outcome, hub = instance.outcomes[needs.w[n]], instance.sources[lanes.i[lane]]
        key = outcome, hub, instance.sites[lanes.j[lane]], instance.modes[lanes.v[lane]]
        limits[key] = min(limits.get(key, np.inf), float(lanes.capacity_m3[lane]))
    return limits


def _slack(figure: float) -> float:
    return 1e-6 * max(1.0, abs(figure))


def _beyond_lots(units: float, lot: float) -> float:
    """Return how far a quantity is from whole lots, 0 for a rounding error."""
    distance = abs(units - round(units / lot) * lot)
    return 0.0 if distance <= _slack(units) else distance
