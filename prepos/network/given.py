"""Given lanes: the rows of lanes.csv, expanded to items and priced."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import DataError, Problem

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def given_lanes(scenario: Scenario) -> pd.DataFrame:
    """Return the rows of lanes.csv, one per item, in the order of the file, priced for one unit.

    A row without an item stands for every item that has no row of its own for the same hub, site, mode and outcome.
    Given prices are door to door: no handling is added.

    Returns
    -------
    DataFrame
        As `prepos.network.lanes.lanes`; NaN hours mean closed.

    Raises
    ------
    DataError
        If a row names an item that is not in items.csv.
    """
    rows = scenario.lanes
    row, item = _expand(scenario)
    unit_kg = scenario.items["unit_kg"].to_numpy(dtype=np.float64)[item]
    unit_m3 = scenario.items["unit_m3"].to_numpy(dtype=np.float64)[item]
    numbers = {
        name: rows[name].to_numpy(dtype=np.float64)[row]
        for name in ("usd_per_unit", "usd_per_kg", "usd_per_m3", "kgco2e_per_unit", "kgco2e_per_kg")
    }
    return pd.DataFrame(
        {
            **{name: _take(rows[name], row) for name in ("hub", "site", "mode")},
            "item": _take(scenario.items["item"], item),
            "outcome": _take(rows["outcome"], row),
            "hours": rows["hours"].to_numpy(dtype=np.float64)[row],
            "usd_per_unit": _usd(numbers, unit_kg, unit_m3),
            "kgco2e_per_unit": _first_known(numbers["kgco2e_per_unit"], numbers["kgco2e_per_kg"] * unit_kg),
            "capacity_m3": rows["capacity_m3"].to_numpy(dtype=np.float64)[row],
            "basis": _take(_basis(rows), row),
        }
    )


def _expand(scenario: Scenario) -> tuple[Ints, Ints]:
    """Return the position in lanes.csv and in items.csv of every lane."""
    rows, items = scenario.lanes, scenario.items["item"]
    own = pd.Index(items).get_indexer(pd.Index(rows["item"]))
    general = (rows["item"] == "").to_numpy()
    _refuse_unknown_items(rows["item"], items, (own < 0) & ~general)
    key = rows.groupby(["hub", "site", "mode", "outcome"], sort=False).ngroup().to_numpy()
    taken = np.zeros((int(key.max()) + 1, len(items)), dtype=np.bool_)
    taken[key[~general], own[~general]] = True
    wanted = np.zeros((len(rows), len(items)), dtype=np.bool_)
    wanted[general] = ~taken[key[general]]
    wanted[~general, own[~general]] = True
    row, item = np.nonzero(wanted)
    return row.astype(np.int64), item.astype(np.int64)


def _usd(numbers: dict[str, Floats], unit_kg: Floats, unit_m3: Floats) -> Floats:
    """usd_per_unit, else the larger of the prices by weight and by volume of those given, else 0."""
    by_size = np.fmax(numbers["usd_per_kg"] * unit_kg, numbers["usd_per_m3"] * unit_m3)
    return _first_known(numbers["usd_per_unit"], by_size)


def _first_known(first: Floats, second: Floats) -> Floats:
    value = np.where(np.isnan(first), second, first)
    return np.where(np.isnan(value), 0.0, value)


def _basis(rows: pd.DataFrame) -> pd.Series[str]:
    stated = rows["basis"].where(rows["basis"] == "", ", " + rows["basis"])
    return pd.Series("given in lanes.csv" + stated, index=rows.index, dtype="str")


def _take(texts: pd.Series[str], positions: Ints) -> pd.Series[str]:
    return texts.take(positions).reset_index(drop=True)


def _refuse_unknown_items(named: pd.Series[str], items: pd.Series[str], unknown: npt.NDArray[np.bool_]) -> None:
    problems = []
    for position in np.flatnonzero(unknown):
        name = named.iloc[position]
        message = f"'{name}' is not in items.csv{nearest(name, items)}"
        problems.append(Problem("lanes.csv", message, int(position) + 2, "item"))
    if problems:
        raise DataError("lanes.csv", problems)
