"""Why a lane takes the hours and costs the dollars that it does: one row per leg."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import UsageError
from prepos.network.conditions import conditions
from prepos.network.disruption import by_other_gateways
from prepos.network.flights import Fleet, read_fleet
from prepos.network.freight import chargeable_kg, path_freight
from prepos.network.lanes import computed_paths, kept, lanes
from prepos.network.legs import Leg, Node
from prepos.network.paths import Path
from prepos.network.places import hub_places, site_places, supplier_places
from prepos.network.reference import Reference, load_reference
from prepos.network.routes import leg_maker

Row: TypeAlias = tuple[object, ...]

PARTS = ("moving_hours", "fixed_hours", "customs_hours", "border_hours", "lost_hours")


def explain(
    scenario: Scenario,
    hub: str = "",
    site: str = "",
    item: str = "",
    *,
    modes: Collection[str] | None = None,
    outcome: str = "",
    every_way: bool = False,
    reference: Reference | None = None,
) -> pd.DataFrame:
    """Return the legs of every kept lane from a hub to a site; the rows of a lane sum to the lane.

    Parameters
    ----------
    hub, site
        Ids; the hub may be a supplier. "": all of them.
    item
        Item to price. "": one m3 of goods light enough to be charged by volume, emissions for one tonne, and the lanes
        kept for at least one item.
    modes
        Modes allowed, as in `prepos.network.lanes.lanes`.
    outcome
        Outcome whose closures hold. "": those of every outcome.
    every_way
        Show also the ways that another one beats, and those through other airports and seaports of the country.
    reference
        Tables beside the scenario; None: those that come with prepos.

    Returns
    -------
    DataFrame
        hub, site, lane, way (number of the way within hub and site), kept, leg (0: handling out of the hub), from, to,
        mode, km, km_basis, hours, its parts (moving, fixed, customs, border, lost), note, then usd_per_unit and
        kgco2e_per_unit with an item, else usd_per_m3 and kgco2e_per_t. With lanes.csv: one row per given lane.

    Raises
    ------
    UsageError
        If the hub, the site, the item or the outcome is unknown.
    """
    reference = reference or load_reference()
    _refuse_unknown(scenario, reference, hub, site, item)
    if len(scenario.lanes):
        return _given(scenario, hub, site, item, modes, outcome)
    paths = [
        path
        for path in computed_paths(scenario, modes, reference, outcome)
        if hub in ("", path.origin.id) and site in ("", path.destination.id)
    ]
    goods = scenario.items[scenario.items["item"] == item] if item else scenario.items
    others = []
    if every_way:
        make = leg_maker(scenario, reference, conditions(scenario, reference, outcome))
        others = [other for path in paths for other in by_other_gateways(path, make)]
    rows = _every_row(paths, others, goods, priced=bool(item), every_way=every_way)
    return pd.DataFrame(rows, columns=_columns(bool(item)))


def totals(legs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per way of `explain`: hub, site, lane, kept, km, hours, and its last two columns."""
    price, emissions = legs.columns[-2:]
    named = ["hub", "site", "lane", "way", "kept"]
    return legs.groupby(named, sort=False, as_index=False)[["km", "hours", price, emissions]].agg(_sum)


def differences(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return what becomes of each kept lane, from `totals` before and after a change.

    Returns
    -------
    DataFrame
        hub, site, lane, change ("same", "changed", "lost", "new"), then km, hours and price, each followed by what it
        is then; NaN where there is no lane.
    """
    price = before.columns[-2]
    figures = ["km", "hours", price]
    key = ["hub", "site", "lane"]
    if before.duplicated(key).any() and before["km"].isna().all():  # given lanes: one way per item
        key = [*key, "way"]
    old, new = ((rows[rows["kept"] & rows["hours"].notna()])[[*key, *figures]] for rows in (before, after))
    both = old.merge(new, on=key, how="outer", suffixes=("", "_then"), sort=False, indicator=True)
    same = both[figures].eq(both[[f"{name}_then" for name in figures]].set_axis(figures, axis=1)) | both[figures].isna()
    change = np.select(
        [both["_merge"] == "left_only", both["_merge"] == "right_only", same.all(axis=1)],
        ["lost", "new", "same"],
        "changed",
    )
    columns = [name for figure in figures for name in (figure, f"{figure}_then")]
    return both.assign(change=change)[["hub", "site", "lane", "change", *columns]]


def reach(scenario: Scenario, hub: str, site: str, reference: Reference | None = None) -> pd.DataFrame:
    """Return how each type of aircraft flies from a hub's airport to a site's: of aircraft.csv, else all.

    Returns
    -------
    DataFrame
        aircraft, km, stop (for fuel), hours, usd_per_t, usd_per_m3, refusal; empty where either has no airport, or
        both have the same. `attrs["airports"]` names the two.
    """
    reference = reference or load_reference()
    places = [*hub_places(scenario, reference), *supplier_places(scenario, reference)]
    start = next((place.airport for place in places if place.id == hub), None)
    end = next((place.airport for place in site_places(scenario, reference) if place.id == site), None)
    known = scenario.aircraft if len(scenario.aircraft) else reference.aircraft
    fleet = Fleet(read_fleet(known), reference.airports.values())
    flights = fleet.flights(start, end) if start and end and start.code != end.code else []
    columns = ["aircraft", "km", "stop", "hours", "usd_per_t", "usd_per_m3", "refusal"]
    rows = [(f.aircraft.aircraft, f.km, f.stop, f.hours, f.usd_per_t, f.usd_per_m3, f.refusal) for f in flights]
    found = pd.DataFrame(rows, columns=columns)
    found.attrs["airports"] = (start.code if start else "", end.code if end else "")
    return found


def _sum(values: pd.Series[float]) -> float:
    return float(values.sum(skipna=False))


def _every_row(
    paths: Sequence[Path], others: Sequence[Path], goods: pd.DataFrame, *, priced: bool, every_way: bool
) -> list[Row]:
    """Rows of the kept ways, or of every way, each numbered within its hub and site.

    Ways through another gateway than the site's own (`others`) are shown, but plans take them only where that one is
    closed; they are not kept.
    """
    stays = [*np.asarray(kept(paths, *path_freight(paths, goods)).any(axis=1)).tolist(), *(False for _ in others)]
    numbers: Counter[tuple[str, str]] = Counter()
    rows: list[Row] = []
    for path, keep in zip([*paths, *others], stays, strict=True):
        if keep or every_way:
            pair = (path.origin.id, path.destination.id)
            numbers[pair] += 1
            start = (*pair, path.mode, numbers[pair], keep)
            rows += [(*start, *row) for row in _rows(path, goods, priced=priced)]
    return rows


def _columns(priced: bool) -> list[str]:
    figures = ["usd_per_unit", "kgco2e_per_unit"] if priced else ["usd_per_m3", "kgco2e_per_t"]
    start = ["hub", "site", "lane", "way", "kept", "leg", "from", "to", "mode"]
    return [*start, "km", "km_basis", "hours", *PARTS, "note", *figures]


def _rows(path: Path, goods: pd.DataFrame, *, priced: bool) -> list[Row]:
    """Rows of one lane: handling, then its legs."""
    kg, m3 = (float(goods["unit_kg"].iloc[0]), float(goods["unit_m3"].iloc[0])) if priced else (0.0, 1.0)
    place = _name(path.origin.node)
    nothing = (0.0, "", 0.0, *(0.0 for _ in PARTS), "")
    rows: list[Row] = [(0, place, place, "handling", *nothing, path.origin.handling_usd_m3 * m3, 0.0)]
    for number, leg in enumerate(path.legs, start=1):
        usd = leg.usd_per_t * float(chargeable_kg(kg, m3, leg.kg_per_m3)) / 1000
        kgco2e = leg.kgco2e_per_t * kg / 1000 if priced else leg.kgco2e_per_t
        rows.append((number, *_leg_cells(leg), usd, kgco2e))
    return rows


def _leg_cells(leg: Leg) -> Row:
    note = ", ".join(part for part in (leg.border_note, leg.customs_note, leg.lost_note) if part)
    parts = (getattr(leg, part) for part in PARTS)
    return (_name(leg.origin), _name(leg.destination), leg.mode, leg.km, leg.km_basis, leg.hours, *parts, note)


def _given(
    scenario: Scenario, hub: str, site: str, item: str, modes: Collection[str] | None, outcome: str
) -> pd.DataFrame:
    """Rows of lanes.csv between the two places: nothing is known of their legs."""
    found = lanes(scenario, modes)
    for column, wanted in (("hub", hub), ("site", site), ("item", item)):
        found = found[found[column] == wanted] if wanted else found
    if outcome:
        found = found[found["outcome"].isin(["", outcome])].drop_duplicates(
            ["hub", "site", "mode", "item"], keep="last"
        )
    which = found["outcome"].where(found["outcome"] == "", ", outcome " + found["outcome"])
    return pd.DataFrame(
        {
            "hub": found["hub"],
            "site": found["site"],
            "lane": found["mode"],
            "way": np.arange(1, len(found) + 1),
            "kept": True,
            "leg": 1,
            "from": found["hub"],
            "to": found["site"],
            "mode": found["mode"],
            "km": np.nan,
            "km_basis": found["basis"],
            "hours": found["hours"],
            "note": "item " + found["item"] + which,
            "usd_per_unit": found["usd_per_unit"],
            "kgco2e_per_unit": found["kgco2e_per_unit"],
        }
    ).reset_index(drop=True)


def _name(node: Node) -> str:
    """Say a node as a planner would: ``"airport ADE"``, ``"hub NBO"``."""
    return " ".join(node)


def _refuse_unknown(scenario: Scenario, reference: Reference, hub: str, site: str, item: str) -> None:
    known: dict[str, tuple[str, Iterable[str]]] = {
        "hub": (hub, [*scenario.hubs["hub"], *scenario.suppliers["supplier"]]),
        "site": (site, [place.id for place in site_places(scenario, reference)] if site else []),
        "item": (item, scenario.items["item"].tolist()),
    }
    for kind, (name, names) in known.items():
        if name and name not in list(names):
            raise UsageError(f"{kind} '{name}' is not in the scenario{nearest(name, names)}")
