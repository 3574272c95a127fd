"""Lanes: every way worth taking from a hub to a site, timed and priced for each item."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.network.conditions import conditions
from prepos.network.disruption import Disruption, distinct_conditions, given_under
from prepos.network.dominance import Bools, Floats, nondominated
from prepos.network.freight import path_freight
from prepos.network.given import given_lanes
from prepos.network.paths import Path, find_paths, mode_allowed
from prepos.network.reference import Reference, load_reference
from prepos.network.routes import hub_routes, leg_maker, routes, scenario_modes

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
    reference = reference or load_reference()
    if len(scenario.lanes):
        given = given_under(given_lanes(scenario), scenario, reference)
        allowed = {mode for mode in given["mode"].unique() if mode_allowed(mode, modes)}
        return given[given["mode"].isin(allowed)].reset_index(drop=True)
    network = _disruption(scenario, modes, reference)
    general = network.general(conditions(scenario, reference))
    usual = _Priced(scenario, general)
    frames = [usual.table(usual.kept).assign(outcome="")]
    for under, outcomes in distinct_conditions(scenario, reference):
        if changes := network.changes(under):
            rows = _outcome_rows(scenario, usual, changes)
            frames += [rows.assign(outcome=outcome) for outcome in outcomes]
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return frame.rename(columns={"to": "site"}).assign(capacity_m3=np.nan)[list(COLUMNS)]


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
    graph = hub_routes(scenario, reference)
    found = _existing(find_paths(graph, "hub", modes), scenario, reference)
    sending = [path for path in found if not path.origin.serves]
    network = Disruption(graph, sending, leg_maker(scenario, reference))
    priced = _Priced(scenario, network.general(conditions(scenario, reference)))
    return priced.table(priced.kept).rename(columns={"to": "to_hub"})[list(HUB_COLUMNS)]


def computed_paths(
    scenario: Scenario, modes: Collection[str] | None, reference: Reference, outcome: str = ""
) -> list[Path]:
    """Return the allowed paths from hubs and suppliers to sites, dominated ones included, open in an outcome."""
    network = _disruption(scenario, modes, reference)
    return [path for path in network.general(conditions(scenario, reference, outcome)) if path is not None]


def kept(paths: Sequence[Path], hours: Floats, usd: Floats, kgco2e: Floats) -> Bools:
    """Return, shape (paths, items), which paths no other path between the same places dominates."""
    pairs: dict[tuple[object, object], int] = {}
    group = np.array([pairs.setdefault((p.origin.node, p.destination.node), len(pairs)) for p in paths], dtype=np.int64)
    return nondominated(group, [np.broadcast_to(hours[:, None], usd.shape), usd, kgco2e])


class _Priced:
    """Paths, some of them closed (None), priced for each item; figures of a closed path are NaN."""

    def __init__(self, scenario: Scenario, paths: Sequence[Path | None]) -> None:
        self.items = scenario.items["item"].tolist()
        self.paths = list(paths)
        self.open = np.flatnonzero([path is not None for path in paths])
        passable = [path for path in paths if path is not None]
        figures = path_freight(passable, scenario.items)
        shape = (len(self.paths), len(self.items))
        self.hours = np.full(shape[0], np.nan)
        self.usd, self.kgco2e, self.kept = (
            np.full(shape, np.nan),
            np.full(shape, np.nan),
            np.zeros(shape, dtype=np.bool_),
        )
        self.hours[self.open], self.usd[self.open], self.kgco2e[self.open] = figures
        self.kept[self.open] = kept(passable, *figures)

    def table(self, wanted: Bools, names: Sequence[Path | None] = ()) -> pd.DataFrame:
        """Return one row for each wanted path and item; closed paths are named as in `names`."""
        p, k = np.nonzero(wanted)
        named = {int(n): self.paths[n] or names[n] for n in np.unique(p)}
        path = [named[n] for n in p.tolist()]
        texts = {
            "hub": [each.origin.id for each in path if each],
            "to": [each.destination.id for each in path if each],
            "mode": [each.mode for each in path if each],
            "item": [self.items[n] for n in k.tolist()],
        }
        bases = {n: "closed" if self.paths[n] is None else each.basis for n, each in named.items() if each}
        return pd.DataFrame(
            {
                **{name: pd.Series(values, dtype="str") for name, values in texts.items()},
                "hours": self.hours[p],
                "usd_per_unit": self.usd[p, k],
                "kgco2e_per_unit": self.kgco2e[p, k],
                "basis": pd.Series([bases[n] for n in p.tolist()], dtype="str"),
            }
        )


def _outcome_rows(scenario: Scenario, usual: _Priced, changes: Mapping[int, Path | None]) -> pd.DataFrame:
    """Return the lanes that an outcome sees otherwise than all others; one without hours is closed there.

    Beside the lanes that change, these are lanes that only now are not dominated.
    """
    pairs = {_pair(path) for p in changes if (path := changes[p] or usual.paths[p]) is not None}
    near = [p for p, path in enumerate(usual.paths) if p in changes or (path is not None and _pair(path) in pairs)]
    before = [usual.paths[p] for p in near]
    now = _Priced(scenario, [changes.get(p, usual.paths[p]) for p in near])
    was_kept = usual.kept[near]
    changed = np.array([p in changes for p in near])[:, None]
    renamed = np.array(
        [old is not None and (new is None or new.mode != old.mode) for old, new in zip(before, now.paths, strict=True)]
    )[:, None]
    passable = np.array([path is not None for path in now.paths])[:, None]
    wanted = passable & np.where(changed, now.kept | (was_kept & ~renamed), now.kept & ~was_kept)
    closed = _Priced(scenario, [None] * len(near)).table(was_kept & renamed, before)
    return pd.concat([now.table(wanted), closed], ignore_index=True)


def _pair(path: Path) -> tuple[object, object]:
    return path.origin.node, path.destination.node


def _disruption(scenario: Scenario, modes: Collection[str] | None, reference: Reference) -> Disruption:
    graph = routes(scenario, reference)
    paths = _existing(find_paths(graph, "site", modes), scenario, reference)
    return Disruption(graph, paths, leg_maker(scenario, reference))


def _existing(paths: Sequence[Path], scenario: Scenario, reference: Reference) -> list[Path]:
    """Return the paths whose modes the scenario has; a road of the reference serves as access to gateways only."""
    modes = scenario_modes(scenario, reference)
    return [path for path in paths if mode_allowed(path.mode, modes)]
