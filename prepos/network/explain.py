"""Why a lane takes the hours and costs the dollars that it does: one row per leg."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TypeAlias

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import UsageError
from prepos.network.freight import chargeable_kg, path_freight
from prepos.network.lanes import computed_paths, kept, lanes
from prepos.network.paths import Path
from prepos.network.places import site_places
from prepos.network.reference import ModeFigures, Reference, load_reference
from prepos.network.routes import Leg, Node, mode_figures

Row: TypeAlias = tuple[object, ...]


def explain(
    scenario: Scenario,
    hub: str,
    site: str,
    item: str = "",
    *,
    modes: Collection[str] | None = None,
    reference: Reference | None = None,
) -> pd.DataFrame:
    """Return the legs of every kept lane from a hub to a site; the rows of a lane sum to the lane.

    Parameters
    ----------
    hub, site
        Ids; the hub may be a supplier.
    item
        Item to price. "": one m3 of goods light enough to be charged by volume, emissions for one tonne, and the lanes
        kept for at least one item.
    modes
        Modes allowed, as in `prepos.network.lanes.lanes`.
    reference
        Tables beside the scenario; None: those that come with prepos.

    Returns
    -------
    DataFrame
        lane, leg (0: handling out of the hub), from, to, mode, km, km_basis, hours, moving_hours, fixed_hours,
        customs_hours, border_hours, note, then usd_per_unit and kgco2e_per_unit with an item, else usd_per_m3 and
        kgco2e_per_t. With lanes.csv: one row per given lane.

    Raises
    ------
    UsageError
        If the hub, the site or the item is unknown.
    """
    reference = reference or load_reference()
    _refuse_unknown("hub", hub, [*scenario.hubs["hub"], *scenario.suppliers["supplier"]])
    _refuse_unknown("site", site, [place.id for place in site_places(scenario, reference)])
    if item:
        _refuse_unknown("item", item, scenario.items["item"])
    if len(scenario.lanes):
        return _given(scenario, hub, site, item, modes)
    paths = [
        path
        for path in computed_paths(scenario, modes, reference)
        if path.origin.id == hub and path.destination.id == site
    ]
    figures = mode_figures(scenario, reference)
    goods = scenario.items[scenario.items["item"] == item] if item else scenario.items
    stays = np.flatnonzero(kept(paths, *path_freight(paths, goods, figures)).any(axis=1))
    rows = [row for p in stays for row in _rows(paths[p], goods, figures, priced=bool(item))]
    return pd.DataFrame(rows, columns=_columns(priced=bool(item)))


def _columns(*, priced: bool) -> list[str]:
    parts = ["moving_hours", "fixed_hours", "customs_hours", "border_hours"]
    figures = ["usd_per_unit", "kgco2e_per_unit"] if priced else ["usd_per_m3", "kgco2e_per_t"]
    return ["lane", "leg", "from", "to", "mode", "km", "km_basis", "hours", *parts, "note", *figures]


def _rows(path: Path, goods: pd.DataFrame, figures: dict[str, ModeFigures], *, priced: bool) -> list[Row]:
    """Rows of one lane: handling, then its legs."""
    kg, m3 = (float(goods["unit_kg"].iloc[0]), float(goods["unit_m3"].iloc[0])) if priced else (0.0, 1.0)
    place = _name(path.origin.node)
    nothing = (0.0, "", 0.0, 0.0, 0.0, 0.0, 0.0, "")
    rows: list[Row] = [(path.mode, 0, place, place, "handling", *nothing, path.origin.handling_usd_m3 * m3, 0.0)]
    for number, leg in enumerate(path.legs, start=1):
        usd = leg.usd_per_t * float(chargeable_kg(kg, m3, figures[leg.mode].kg_per_m3)) / 1000
        kgco2e = leg.kgco2e_per_t * kg / 1000 if priced else leg.kgco2e_per_t
        rows.append((path.mode, number, *_leg_cells(leg), usd, kgco2e))
    return rows


def _leg_cells(leg: Leg) -> Row:
    note = ", ".join(part for part in (leg.border_note, leg.customs_note) if part)
    parts = (leg.moving_hours, leg.fixed_hours, leg.customs_hours, leg.border_hours)
    return (_name(leg.origin), _name(leg.destination), leg.mode, leg.km, leg.km_basis, leg.hours, *parts, note)


def _given(scenario: Scenario, hub: str, site: str, item: str, modes: Collection[str] | None) -> pd.DataFrame:
    """Rows of lanes.csv between the two places: nothing is known of their legs."""
    found = lanes(scenario, modes)
    found = found[(found["hub"] == hub) & (found["site"] == site) & ((found["item"] == item) if item else True)]
    outcome = found["outcome"].where(found["outcome"] == "", "outcome " + found["outcome"])
    return pd.DataFrame(
        {
            "lane": found["mode"],
            "leg": 1,
            "from": hub,
            "to": site,
            "mode": found["mode"],
            "km": np.nan,
            "km_basis": found["basis"],
            "hours": found["hours"],
            "note": ("item " + found["item"]).where(outcome == "", "item " + found["item"] + ", " + outcome),
            "usd_per_unit": found["usd_per_unit"],
            "kgco2e_per_unit": found["kgco2e_per_unit"],
        }
    ).reset_index(drop=True)


def _name(node: Node) -> str:
    """Say a node as a planner would: ``"airport ADE"``, ``"hub NBO"``."""
    return " ".join(node)


def _refuse_unknown(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise UsageError(f"{kind} '{name}' is not in the scenario{nearest(name, names)}")
