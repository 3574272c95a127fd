"""What stays the same in every replication: the scenario and the plans as the simulation needs them, arrays only.

Both objects are sent once to each worker process, so they hold no table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prepos.data.suggest import nearest
from prepos.errors import UsageError
from prepos.evaluate import usable_stock
from prepos.instance import Floats, Instance
from prepos.plan import Plan
from prepos.simulation.hazards import HOURS_PER_DAY, Catalogue, build_catalogue
from prepos.simulation.options import SimulationOptions
from prepos.simulation.transport import Ways, build_ways

ENDLESS = 1e15
"""Units that a supplier without a limit can deliver: a number, since infinities cannot be subtracted."""


@dataclass(frozen=True)
class Setting:
    """The scenario as the simulation needs it.

    Attributes
    ----------
    options
        The assumptions.
    catalogue
        What can strike.
    ways, ways_of
        Ways to a site; mark -> position in `ways` for each of its sites, -1 where no source reaches the site.
    hubs, sources, items, modes
        How many hubs, sources (hubs, then suppliers), items and modes there are.
    item_names
        Ids of the items, for messages.
    unit_m3, price_usd, weight, lot : (K,)
        Item figures of the instance; `weight` is even where no item has any.
    people_per_unit : (K,)
        People that one unit serves; 0 where the scenario does not say.
    lead_groups
        Lead time in hours and the items (K,) that have it.
    crew_m3_hour : (I,)
        Loading by one crew.
    availability : (W, I)
        Share of a hub's stock that can be used in an outcome.
    supplier_limit, supplier_usd : (S, K)
        Units that a supplier delivers for one outcome, and their price.
    """

    options: SimulationOptions
    catalogue: Catalogue
    ways: tuple[Ways, ...]
    ways_of: tuple[tuple[int, ...], ...]
    hubs: int
    sources: int
    items: int
    modes: int
    item_names: tuple[str, ...]
    unit_m3: Floats
    price_usd: Floats
    weight: Floats
    lot: Floats
    people_per_unit: Floats
    lead_groups: tuple[tuple[float, Floats], ...]
    crew_m3_hour: Floats
    availability: Floats
    supplier_limit: Floats
    supplier_usd: Floats

    @property
    def shape(self) -> tuple[int, int, int]:
        """Hubs, sources and modes: the shape of what chance decides."""
        return (self.hubs, self.sources, self.modes)


@dataclass(frozen=True)
class Holding:
    """A plan as the simulation needs it.

    Attributes
    ----------
    name
        Name of the plan.
    stock : (I, K)
        Units held at the start, to which hubs are restocked.
    ways
        The ways of the setting from hubs that hold something and from suppliers: the only ones that can be used.
    flows
        (mark, number of its site) -> way of the plan -> units (K,) sent by it, fastest first.
    """

    name: str
    stock: Floats
    ways: tuple[Ways, ...]
    flows: dict[tuple[int, int], dict[int, Floats]]


def build_setting(instance: Instance, options: SimulationOptions) -> Setting:
    """Work out what stays the same in every replication."""
    catalogue = build_catalogue(instance, options.month_smoothing)
    index, ways = build_ways(instance)
    return Setting(
        options=options,
        catalogue=catalogue,
        ways=ways,
        ways_of=tuple(tuple(index.get((m.outcome, int(j)), -1) for j in m.sites) for m in catalogue.marks),
        hubs=len(instance.hubs),
        sources=len(instance.sources),
        items=len(instance.items),
        modes=len(instance.modes),
        item_names=instance.items,
        unit_m3=instance.unit_m3,
        price_usd=instance.price_usd,
        weight=instance.weight if instance.weight.sum() > 0 else np.ones(len(instance.items)),
        lot=instance.lot,
        people_per_unit=_people_per_unit(instance),
        lead_groups=_lead_groups(instance, options),
        crew_m3_hour=_crew_m3_hour(instance, options),
        availability=instance.availability,
        supplier_limit=np.minimum(instance.supplier_limit, ENDLESS),
        supplier_usd=instance.supplier_usd,
    )


def read_plan(instance: Instance, setting: Setting, name: str, plan: Plan) -> Holding:
    """Return a plan's usable stock and its flows by mark and site.

    Flows of outcomes that the scenario does not have are left out (`notes` counts them): the plan was made for others.

    Raises
    ------
    UsageError
        When the plan speaks of a hub, site, item or lane that the scenario does not have.
    """
    _refuse_unknown(name, "stock", plan.stock, {"hub": instance.hubs, "item": instance.items})
    known = {"hub": instance.sources, "site": instance.sites, "item": instance.items, "mode": instance.modes}
    flows = plan.flows[(plan.flows["quantity"] > 0) & plan.flows["outcome"].isin(instance.outcomes)]
    _refuse_unknown(name, "flows", flows, known)
    stock = usable_stock(instance, plan)
    used = frozenset(
        [*np.flatnonzero(stock.max(axis=1, initial=0.0) > 0).tolist(), *range(setting.hubs, setting.sources)]
    )
    ways = tuple(each.of_sources(used) for each in setting.ways)
    return Holding(name, stock, ways, _flows(instance, setting, name, flows, ways))


def notes(instance: Instance, setting: Setting, plans: dict[str, Plan]) -> tuple[str, ...]:
    """Return what a reader of the figures has to know: needs that nothing reaches, flows that do not apply."""
    found = []
    marks = zip(setting.catalogue.marks, setting.ways_of, strict=True)
    lost = {int(j) for mark, ways in marks for j, way in zip(mark.sites, ways, strict=True) if way < 0}
    if lost:
        named = ", ".join(instance.sites[j] for j in sorted(lost)[:5])
        found.append(f"{len(lost)} sites with needs are reached by no hub or supplier and stay unserved: {named}")
    for name, plan in plans.items():
        strange = sorted(set(plan.flows["outcome"]) - set(instance.outcomes))
        if strange and setting.options.dispatch == "follow_plan":
            found.append(
                f"plan '{name}' has flows for {len(strange)} outcomes that the scenario does not have; "
                "they are not used, and requests go nearest first"
            )
    return tuple(found)


def _refuse_unknown(name: str, table: str, frame: pd.DataFrame, known: dict[str, tuple[str, ...]]) -> None:
    strange = [
        f"'{value}' in column {column} of its {table} is not in the scenario{nearest(value, names)}"
        for column, names in known.items()
        for value in sorted(set(frame[column]) - set(names))
    ]
    if strange:
        more = f" (and {len(strange) - 1} more like it)" if len(strange) > 1 else ""
        raise UsageError(f"plan '{name}' does not fit the scenario: {strange[0]}{more}")


def _flows(
    instance: Instance, setting: Setting, name: str, flows: pd.DataFrame, kept: tuple[Ways, ...]
) -> dict[tuple[int, int], dict[int, Floats]]:
    """Return the flows by mark, site and way in `kept`; a flow from a hub that holds nothing cannot be followed."""
    position = instance.position
    marks = enumerate(setting.catalogue.marks)
    place = {(mark.outcome, int(j)): (m, s) for m, mark in marks for s, j in enumerate(mark.sites)}
    sent: dict[tuple[int, int], dict[int, Floats]] = {}
    columns = flows[["outcome", "hub", "site", "item", "mode", "quantity"]]
    for outcome, hub, site, item, mode, quantity in columns.itertuples(index=False, name=None):
        w, j, k = position["outcome"][outcome], position["site"][site], position["item"][item]
        m, s = place.get((w, j), (-1, -1))
        at = setting.ways_of[m][s] if m >= 0 else -1
        by = (position["hub"][hub], position["mode"][mode], k)
        if at < 0 or setting.ways[at].find(*by) is None:
            raise UsageError(
                f"plan '{name}' does not fit the scenario: it sends {item} from {hub} to {site} by {mode} "
                f"in {outcome}, where there is no such lane or need"
            )
        way = kept[at].find(*by)
        if way is not None:
            sent.setdefault((m, s), {}).setdefault(way, np.zeros(setting.items))[k] += quantity
    hours = {(m, s): kept[setting.ways_of[m][s]].hours for m, s in sent}
    return {
        place: dict(sorted(by_way.items(), key=lambda each: hours[place][each[0]])) for place, by_way in sent.items()
    }


def _people_per_unit(instance: Instance) -> Floats:
    table = instance.scenario.items.set_index("item").reindex(list(instance.items))
    per_household = instance.scenario.settings.household_size / table["units_per_household"]
    people = table["people_per_unit"].fillna(per_household).to_numpy(np.float64)
    return np.where(np.isfinite(people), people, 0.0)


def _lead_groups(instance: Instance, options: SimulationOptions) -> tuple[tuple[float, Floats], ...]:
    table = instance.scenario.items.set_index("item").reindex(list(instance.items))
    hours = table["lead_time_days"].fillna(options.lead_time_days).to_numpy(np.float64) * HOURS_PER_DAY
    return tuple((float(each), (hours == each).astype(np.float64)) for each in np.unique(hours))


def _crew_m3_hour(instance: Instance, options: SimulationOptions) -> Floats:
    table = instance.scenario.hubs.set_index("hub").reindex(list(instance.hubs))
    given = table["outbound_m3_day"].to_numpy(np.float64) / HOURS_PER_DAY / options.crews
    return np.where(np.isfinite(given) & (given > 0), given, options.crew_m3_hour)
