"""A scenario worked out: ids become positions, tables become arrays.

Everything above the data (optimizer, `evaluate`, simulation) reads this one object, so that all of them speak of the
same needs, lanes and prices. Index letters: i source (hub, then supplier), j site, k item, v mode, w outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.data import outcomes as outcome_tables
from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.data.tables import MODES
from prepos.errors import DataError, Problem
from prepos.model import Model
from prepos.network import lanes as network

HORIZON_DAYS = 30.0
"""Length of a response: what has not arrived by then counts as late as it can be."""

DAYS_PER_YEAR = 365.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
MOVE_AXES = (("hub", "hub"), ("to_hub", "hub"), ("item", "item"))

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Tier:
    """A size at which a hub can be run: usable m3 (inf: no limit) and its fixed cost for the period, USD."""

    hub: int
    name: str
    capacity_m3: float
    fixed_usd: float


@dataclass(frozen=True)
class Needs:
    """Units needed, one entry per (outcome, site, item) with a positive quantity; arrays of one length."""

    w: Ints
    j: Ints
    k: Ints
    quantity: Floats


@dataclass(frozen=True)
class Lanes:
    """Ways to move one item from a source to a site; arrays of one length.

    `w` is the outcome that a lane belongs to, -1 for every outcome in which no row of its own replaces it.
    `usd` and `kgco2e` are for one unit, handling out of the hub included; `capacity_m3` is inf where not given.
    """

    i: Ints
    j: Ints
    k: Ints
    v: Ints
    w: Ints
    hours: Floats
    usd: Floats
    kgco2e: Floats
    capacity_m3: Floats


@dataclass(frozen=True)
class Arcs:
    """Every lane of every need: what could be shipped; arrays of one length.

    `n` is the position of the need in `Needs`, `lane` the position in `Lanes`.
    """

    n: Ints
    lane: Ints


@dataclass(frozen=True)
class Instance:
    """A scenario as arrays.

    Attributes
    ----------
    hubs, suppliers, sites, items, outcomes, modes
        Ids by position; `sources` is hubs then suppliers.
    regions, countries
        Region and ISO3 of each site.
    status
        ``"open"``, ``"candidate"`` or ``"closed"`` of each hub.
    forward
        True for a hub that serves only some countries: its stock is not the planner's to move.
    base
        Each hub as it is in hubs.csv: one tier, ``"base"``.
    tiers
        Sizes to choose from, grouped by hub; a hub without rows in hub_tiers has its base only.
    stock : (I, K)
        Units on hand.
    unit_kg, unit_m3, price_usd, lot, weight, deprivation_usd_day, shortage_usd, leftover_usd : (K,)
        Item figures with defaults filled in; a shortage cost that is not given is at least the deprivation at the
        horizon.
    holding_usd : (I, K)
        Storage of one unit for the period.
    outbound_m3 : (I,)
        Most that leaves a hub in one outcome (outbound per day x horizon days), inf where not given.
    probability : (W,)
        Probability of each outcome.
    recourse_weight
        Expected number of outcomes in the period.
    availability : (W, I)
        Share of a hub's stock that can be used in an outcome.
    supplier_limit, supplier_usd : (S, K)
        Units that a supplier can deliver in one outcome (0: not offered) and its price, which is part of `Lanes.usd`.
    """

    scenario: Scenario
    hubs: tuple[str, ...]
    suppliers: tuple[str, ...]
    sites: tuple[str, ...]
    items: tuple[str, ...]
    outcomes: tuple[str, ...]
    modes: tuple[str, ...]
    regions: tuple[str, ...]
    countries: tuple[str, ...]
    status: tuple[str, ...]
    forward: npt.NDArray[np.bool_]
    base: tuple[Tier, ...]
    tiers: tuple[Tier, ...]
    stock: Floats
    unit_kg: Floats
    unit_m3: Floats
    price_usd: Floats
    lot: Floats
    weight: Floats
    deprivation_usd_day: Floats
    shortage_usd: Floats
    leftover_usd: Floats
    holding_usd: Floats
    outbound_m3: Floats
    probability: Floats
    recourse_weight: float
    availability: Floats
    supplier_limit: Floats
    supplier_usd: Floats
    needs: Needs
    lanes: Lanes

    @property
    def sources(self) -> tuple[str, ...]:
        """Hubs, then suppliers: everything that `Lanes.i` can point to."""
        return self.hubs + self.suppliers

    @property
    def position(self) -> Mapping[str, Mapping[str, int]]:
        """Kind ("hub", "item", "site", "outcome", "mode") -> id -> position."""
        kinds = {
            "hub": self.sources,
            "item": self.items,
            "site": self.sites,
            "outcome": self.outcomes,
            "mode": self.modes,
        }
        return {kind: {name: n for n, name in enumerate(names)} for kind, names in kinds.items()}


def build_instance(scenario: Scenario, model: Model | None = None) -> Instance:
    """Work out a scenario: outcomes, needs and lanes as arrays, with the model's modes and shortage prices.

    Raises
    ------
    DataError
        When the model names an item, a hub or a mode that the scenario does not have; names all of them.
    """
    model = model or Model()
    refuse_unknown_names(scenario, model)
    places = outcome_tables.sites(scenario)
    chances = outcome_tables.outcomes(scenario)
    lanes = network.lanes(scenario, model.modes.allow)
    ids = {
        "hub": tuple(scenario.hubs["hub"]),
        "supplier": tuple(dict.fromkeys(scenario.suppliers["supplier"])),
        "site": tuple(places["site"]),
        "item": tuple(scenario.items["item"]),
        "outcome": tuple(chances["outcome"]),
        "mode": tuple(sorted(lanes["mode"].unique())),
    }
    items = _items(scenario, lanes, model)
    base = _base(scenario)
    return Instance(
        scenario=scenario,
        hubs=ids["hub"],
        suppliers=ids["supplier"],
        sites=ids["site"],
        items=ids["item"],
        outcomes=ids["outcome"],
        modes=ids["mode"],
        regions=tuple(places["region"]),
        countries=tuple(places["iso3"]),
        status=tuple(scenario.hubs["status"].replace("", "open")),
        forward=(scenario.hubs["serves"] != "").to_numpy(bool),
        base=base,
        tiers=_tiers(scenario, base),
        stock=_table_to_array(scenario.stock, ids, ("hub", "item"), "quantity"),
        holding_usd=_holding_usd(scenario, items["unit_m3"]),
        outbound_m3=scenario.hubs["outbound_m3_day"].fillna(np.inf).to_numpy(float) * HORIZON_DAYS,
        probability=chances["probability"].to_numpy(float),
        recourse_weight=outcome_tables.recourse_weight(scenario),
        availability=_table_to_array(scenario.availability, ids, ("outcome", "hub"), "share", empty=1.0),
        supplier_limit=_supplier_limit(scenario, ids),
        supplier_usd=_table_to_array(scenario.suppliers, ids, ("supplier", "item"), "price_usd"),
        needs=_needs(scenario, ids),
        lanes=_lanes(scenario, lanes, ids),
        **items,
    )


def arcs(instance: Instance) -> Arcs:
    """Return every lane that could serve every need, ordered by need.

    A lane of one outcome replaces the general lane of the same source, site, item and mode there; one without hours
    closes it.
    """
    needs, lanes = instance.needs, instance.lanes
    wanted = pd.DataFrame({"n": np.arange(len(needs.w)), "w": needs.w, "j": needs.j, "k": needs.k})
    ways = pd.DataFrame({"lane": np.arange(len(lanes.i)), **{c: getattr(lanes, c) for c in ("i", "j", "k", "v", "w")}})
    own = wanted.merge(ways[ways["w"] >= 0], on=["w", "j", "k"])
    general = wanted.merge(ways[ways["w"] < 0].drop(columns="w"), on=["j", "k"])
    if len(own):
        replaced = pd.MultiIndex.from_frame(general[["n", "i", "v"]]).isin(
            pd.MultiIndex.from_frame(own[["n", "i", "v"]])
        )
        general = general[~replaced]
    both = pd.concat([general[["n", "lane"]], own[["n", "lane"]]])
    both = both[np.isfinite(lanes.hours[both["lane"].to_numpy(np.int64)])].sort_values(["n", "lane"], kind="stable")
    return Arcs(both["n"].to_numpy(np.int64), both["lane"].to_numpy(np.int64))


def move_usd(instance: Instance) -> Floats:
    """Return the cost of moving a unit between hubs before any disaster, (I, I, K) USD; NaN where no lane leads."""
    table = network.hub_lanes(instance.scenario)
    cheapest = table.groupby(["hub", "to_hub", "item"], as_index=False)["usd_per_unit"].min()
    position = instance.position
    cost = np.full((len(instance.hubs), len(instance.hubs), len(instance.items)), np.nan)
    where = tuple(cheapest[c].map(position[kind]).to_numpy(np.int64) for c, kind in MOVE_AXES)
    cost[where] = cheapest["usd_per_unit"].to_numpy(float)
    return cost


def refuse_unknown_names(scenario: Scenario, model: Model) -> None:
    """Raise DataError naming every hub, item and mode of the model that the scenario does not have."""
    asked = [("hubs.force_open", "hub", name) for name in model.hubs.force_open]
    asked += [("hubs.force_closed", "hub", name) for name in model.hubs.force_closed]
    if isinstance(model.shortage.usd_per_unit, Mapping):
        asked += [("shortage.usd_per_unit", "item", name) for name in model.shortage.usd_per_unit]
    asked += [("modes.allow", "mode", name) for name in model.modes.allow or ()]
    modes = {*MODES.columns[0].choices, *scenario.lanes["mode"]}
    modes |= {part for mode in modes for part in mode.split("+")}
    known = {"hub": list(scenario.hubs["hub"]), "item": list(scenario.items["item"]), "mode": sorted(modes)}
    subject = model.name or "model"
    where = {"hub": "in hubs.csv", "item": "in items.csv", "mode": "a mode of the scenario"}
    problems = [
        Problem(f"{subject}.toml", f"'{name}' is not {where[kind]}{nearest(name, known[kind])}", column=key)
        for key, kind, name in asked
        if name not in known[kind] and not (kind == "mode" and set(name.split("+")) <= modes)
    ]
    if problems:
        raise DataError(subject, problems)


def _table_to_array(
    table: pd.DataFrame,
    ids: Mapping[str, tuple[str, ...]],
    axes: tuple[str, str],
    value: str,
    empty: float = 0.0,
) -> Floats:
    """Return a (rows, columns) array of a keyed table; several rows of one key (batches) add up."""
    array = np.full((len(ids[axes[0]]), len(ids[axes[1]])), empty)
    if len(table):
        total = table.groupby(list(axes))[value].sum(min_count=1).fillna(0.0)
        rows = pd.Index(ids[axes[0]]).get_indexer(total.index.get_level_values(0))
        columns = pd.Index(ids[axes[1]]).get_indexer(total.index.get_level_values(1))
        array[rows, columns] = total.to_numpy(float)
    return array


def _items(scenario: Scenario, lanes: pd.DataFrame, model: Model) -> dict[str, Floats]:
    table = scenario.items
    price = table["price_usd"]
    deprivation = table["deprivation_usd_day"].fillna(0.0)
    worst = lanes.groupby("item")[["usd_per_unit", "hours"]].max().reindex(table["item"]).fillna(0.0)
    fallback = np.where(price.isna(), 10 * worst["usd_per_unit"], 5 * price.fillna(0.0))
    latest_days = np.maximum(HORIZON_DAYS, worst["hours"].to_numpy(float) / 24)
    shortage = table["shortage_usd"].fillna(
        pd.Series(np.maximum(fallback, deprivation * latest_days), index=table.index)
    )
    override = model.shortage.usd_per_unit
    shortage = (
        table["item"].map(override).fillna(shortage) if isinstance(override, Mapping) else shortage * 0 + override
    )
    columns = {
        "unit_kg": table["unit_kg"],
        "unit_m3": table["unit_m3"],
        "price_usd": price.fillna(0.0),
        "lot": table["lot"].fillna(1.0),
        "weight": table["weight"].fillna(1.0),
        "deprivation_usd_day": deprivation,
        "shortage_usd": shortage,
        "leftover_usd": table["leftover_usd"].fillna(0.0),
    }
    return {name: np.asarray(column, dtype=np.float64) for name, column in columns.items()}


def _base(scenario: Scenario) -> tuple[Tier, ...]:
    table = scenario.hubs.assign(tier="base")[["tier", "capacity_m3", "fixed_usd_year"]]
    years = scenario.settings.period_days / DAYS_PER_YEAR
    return tuple(_tier(i, row, years) for i, row in enumerate(table.itertuples(index=False, name=None)))


def _tiers(scenario: Scenario, base: tuple[Tier, ...]) -> tuple[Tier, ...]:
    table = scenario.hub_tiers[["hub", "tier", "capacity_m3", "fixed_usd_year"]]
    years = scenario.settings.period_days / DAYS_PER_YEAR
    sizes: dict[str, list[tuple[str, float, float]]] = {}
    for hub, *row in table.itertuples(index=False, name=None):
        sizes.setdefault(hub, []).append((row[0], row[1], row[2]))
    chosen = [
        [_tier(i, row, years) for row in sizes[hub]] if hub in sizes else [base[i]]
        for i, hub in enumerate(scenario.hubs["hub"])
    ]
    return tuple(tier for tiers in chosen for tier in tiers)


def _tier(hub: int, row: tuple[str, float, float], years: float) -> Tier:
    name, capacity_m3, usd_year = row
    return Tier(
        hub, name, np.inf if np.isnan(capacity_m3) else capacity_m3, 0.0 if np.isnan(usd_year) else usd_year * years
    )


def _holding_usd(scenario: Scenario, unit_m3: Floats) -> Floats:
    months = scenario.settings.period_days / DAYS_PER_MONTH
    return np.outer(scenario.hubs["storage_usd_m3_month"].fillna(0.0).to_numpy(float) * months, unit_m3)


def _supplier_limit(scenario: Scenario, ids: Mapping[str, tuple[str, ...]]) -> Floats:
    offered = scenario.suppliers.assign(limit=scenario.suppliers["limit"].fillna(np.inf))
    return _table_to_array(offered, ids, ("supplier", "item"), "limit")


def _positions(table: pd.DataFrame, ids: Mapping[str, tuple[str, ...]], columns: tuple[str, ...]) -> list[Ints]:
    return [pd.Index(ids[c]).get_indexer(pd.Index(table[c])).astype(np.int64) for c in columns]


def _needs(scenario: Scenario, ids: Mapping[str, tuple[str, ...]]) -> Needs:
    table = outcome_tables.needs(scenario)
    table = table[table["quantity"] > 0]
    w, j, k = _positions(table, ids, ("outcome", "site", "item"))
    return Needs(w, j, k, table["quantity"].to_numpy(float))


def _lanes(scenario: Scenario, table: pd.DataFrame, ids: Mapping[str, tuple[str, ...]]) -> Lanes:
    """Return the lanes as arrays; a supplier's price joins its freight, its lead time the hours of computed lanes."""
    sources = {**ids, "hub": ids["hub"] + ids["supplier"]}
    table = _with_supplier_terms(scenario, table)
    i, j, k, v = _positions(table, sources, ("hub", "site", "item", "mode"))
    (w,) = _positions(table, sources, ("outcome",))
    known = (i >= 0) & (j >= 0) & (k >= 0) & ((w >= 0) | (table["outcome"] == "").to_numpy(bool))
    columns = [table[c].to_numpy(float)[known] for c in ("hours", "usd_per_unit", "kgco2e_per_unit", "capacity_m3")]
    hours, usd, kgco2e, capacity = columns
    return Lanes(
        i[known],
        j[known],
        k[known],
        v[known],
        w[known],
        hours,
        np.nan_to_num(usd),
        np.nan_to_num(kgco2e),
        np.where(np.isnan(capacity), np.inf, capacity),
    )


def _with_supplier_terms(scenario: Scenario, table: pd.DataFrame) -> pd.DataFrame:
    if scenario.suppliers.empty:
        return table
    terms = scenario.suppliers.rename(columns={"supplier": "hub"})[["hub", "item", "price_usd", "lead_time_days"]]
    joined = table.merge(terms, on=["hub", "item"], how="left")
    lead_hours = joined["lead_time_days"].fillna(0.0) * 24 if scenario.lanes.empty else 0.0
    return joined.assign(
        hours=joined["hours"] + lead_hours,
        usd_per_unit=joined["usd_per_unit"].fillna(0.0) + joined["price_usd"].fillna(0.0),
    )
