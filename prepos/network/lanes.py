"""Lanes: every way worth taking from a hub to a site, timed and priced for each item."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.network.dominance import Bools, Floats, nondominated
from prepos.network.freight import path_freight
from prepos.network.given import given_lanes
from prepos.network.paths import Path, find_paths, mode_allowed
from prepos.network.reference import Reference, load_reference
from prepos.network.routes import hub_routes, mode_figures, routes, scenario_modes

COLUMNS = (
    "hub",
    "site",
    "mode",
    "item",
    "outcome",
    "hours",
    "usd_per_unit",
    "kgco2e_per_unit",
    "capacity_m3",
    "basis",
)
HUB_COLUMNS = ("hub", "to_hub", "mode", "item", "hours", "usd_per_unit", "kgco2e_per_unit", "basis")


def lanes(
    scenario: Scenario, modes: Collection[str] | None = None, *, reference: Reference | None = None
) -> pd.DataFrame:
    """Return every lane from hubs and suppliers to sites: one row per hub, site, mode and item.

    With lanes.csv these are its rows, priced for each item and none left out. Without, they are the paths of the
    network that no other path dominates in (hours, USD, kg CO2e) for the item. The hours of a supplier exclude its
    lead time, unless its lane is given.

    Parameters
    ----------
    modes
        Modes allowed; a chain is allowed when all its parts are. Others are left out before any lane is judged against
        another, so that a sea lane stands where only a forbidden air lane would beat it. None: every mode.
    reference
        Tables beside the scenario; None: those that come with prepos.

    Returns
    -------
    DataFrame
        hub, site, mode, item, outcome ("": every outcome), hours (NaN: closed in the outcome), usd_per_unit (handling
        out of the hub included), kgco2e_per_unit, capacity_m3 (NaN: no limit), basis.

    Raises
    ------
    DataError
        If lanes.csv names an item that is not in items.csv.
    """
    if len(scenario.lanes):
        given = given_lanes(scenario)
        allowed = {mode for mode in given["mode"].unique() if mode_allowed(mode, modes)}
        return given[given["mode"].isin(allowed)].reset_index(drop=True)
    reference = reference or load_reference()
    paths = computed_paths(scenario, modes, reference)
    frame = _table(scenario, paths, reference)
    return frame.rename(columns={"to": "site"}).assign(outcome="", capacity_m3=np.nan)[list(COLUMNS)]


def hub_lanes(
    scenario: Scenario, modes: Collection[str] | None = None, *, reference: Reference | None = None
) -> pd.DataFrame:
    """Return the ways between hubs, for moves and replenishment: the cheapest, the fastest, and any between the two.

    They are computed even where lanes.csv is given, as far as the hubs have coordinates or gateways. A hub that serves
    only some countries receives, and does not send.

    Returns
    -------
    DataFrame
        hub, to_hub, mode, item, hours, usd_per_unit, kgco2e_per_unit, basis.
    """
    reference = reference or load_reference()
    found = find_paths(hub_routes(scenario, reference), "hub", modes)
    paths = [path for path in _existing(found, scenario, reference) if not path.origin.serves]
    return _table(scenario, paths, reference).rename(columns={"to": "to_hub"})[list(HUB_COLUMNS)]


def computed_paths(scenario: Scenario, modes: Collection[str] | None, reference: Reference) -> list[Path]:
    """Return the allowed paths of the network from hubs and suppliers to sites, dominated ones included."""
    return _existing(find_paths(routes(scenario, reference), "site", modes), scenario, reference)


def kept(paths: Sequence[Path], hours: Floats, usd: Floats, kgco2e: Floats) -> Bools:
    """Return, shape (paths, items), which paths no other path between the same places dominates."""
    pairs: dict[tuple[object, object], int] = {}
    group = np.array([pairs.setdefault((p.origin.node, p.destination.node), len(pairs)) for p in paths], dtype=np.int64)
    return nondominated(group, [np.broadcast_to(hours[:, None], usd.shape), usd, kgco2e])


def _existing(paths: Sequence[Path], scenario: Scenario, reference: Reference) -> list[Path]:
    """Return the paths whose modes the scenario has; a road of the reference serves as access to gateways only."""
    modes = scenario_modes(scenario, reference)
    return [path for path in paths if mode_allowed(path.mode, modes)]


def _table(scenario: Scenario, paths: Sequence[Path], reference: Reference) -> pd.DataFrame:
    """Return the kept lanes of the paths, priced for each item."""
    hours, usd, kgco2e = path_freight(paths, scenario.items, mode_figures(scenario, reference))
    p, k = np.nonzero(kept(paths, hours, usd, kgco2e))
    return pd.DataFrame(
        {
            "hub": _take([path.origin.id for path in paths], p),
            "to": _take([path.destination.id for path in paths], p),
            "mode": _take([path.mode for path in paths], p),
            "item": _take(scenario.items["item"].tolist(), k),
            "hours": hours[p],
            "usd_per_unit": usd[p, k],
            "kgco2e_per_unit": kgco2e[p, k],
            "basis": _take([path.basis for path in paths], p),
        }
    )


def _take(texts: list[str], positions: np.ndarray[tuple[int], np.dtype[np.intp]]) -> pd.Series[str]:
    return pd.Series(texts, dtype="str").take(positions).reset_index(drop=True)
