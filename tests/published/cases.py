"""Published instances written down as scenario folders, read from `../shared/cases` where that folder is present."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

CASES = Path(__file__).parents[3] / "shared" / "cases"

MISPRINTS = {
    (name, customer): demand for name in ("cap41", "cap44") for customer, demand in ((10, 5495.0), (33, 12912.0))
}
"""Demands that two files give without their last digits (549, 129): cap61 has the same customers with the same costs
and these demands, with which the published optima, and the total demand of 58268, come out."""

needs_cases = pytest.mark.skipif(
    not CASES.is_dir(), reason="the folder shared/cases with the published instances is absent"
)


def write_orlib(name: str, folder: Path) -> Path:
    """Write an OR-Library capacitated warehouse instance (Beasley 1988) as a scenario folder."""
    numbers = iter((CASES / "orlib-cflp" / f"{name}.txt").read_text().split())
    m, n = int(next(numbers)), int(next(numbers))
    hubs = [(f"w{i}", "candidate", float(next(numbers)), float(next(numbers))) for i in range(m)]
    needs, lanes = [], []
    for j in range(n):
        demand = float(next(numbers))
        demand = MISPRINTS.get((name, j), demand)
        needs.append(("certain", f"c{j}", "good", demand))
        lanes += [(f"w{i}", f"c{j}", "road", 0, repr(float(next(numbers)) / demand)) for i in range(m)]
    tables = {
        "hubs": (["hub", "status", "capacity_m3", "fixed_usd_year"], hubs),
        "items": (["item", "unit_kg", "unit_m3", "price_usd", "shortage_usd"], [("good", 1, 1, 0, 1e6)]),
        "lanes": (["hub", "site", "mode", "hours", "usd_per_unit"], lanes),
        "outcomes": (["outcome", "probability"], [("certain", 1)]),
        "needs": (["outcome", "site", "item", "quantity"], needs),
    }
    return _write(folder, name, tables)


def write_esups(stock_file: str, item: str, folder: Path) -> Path:
    """Write the ESUPS Vanuatu case for one stock file and one item, by the rules of the case's README."""
    raw = CASES / "esups-vanuatu" / "raw"
    stock = pd.read_csv(raw / "inventory" / f"{stock_file}.csv")
    depots = [address.split(",")[0] for address in pd.read_csv(raw / "depotSelection.csv")["gglAddressAscii"]]
    stock = stock[stock["ItemName"] == item]
    held = [
        (address.split(",")[0], item, units) for address, units in zip(stock["gglAddress"], stock["Total"], strict=True)
    ]
    items = pd.read_csv(raw / "items.csv").set_index("ItemName")
    kg = 1000 * items.loc[item, "WeightMetricTon"]
    needs = _esups_needs(raw, item)
    outcomes = sorted({outcome for outcome, *_ in needs})
    ways = pd.read_csv(raw / "distanceMatrix.csv")
    ways = ways[ways["drivingTime_hrs"] < 100]
    lanes = [
        (
            row.depotCity,
            row.emdatCity,
            "road",
            repr(24 + 1.1 * row.drivingTime_hrs),
            repr((600 + 1.2 * row.distance_km) / 1000),
        )
        for row in ways.itertuples()
    ]
    tables = {
        "hubs": (["hub"], [(depot,) for depot in depots]),
        "items": (
            ["item", "unit_kg", "unit_m3", "shortage_usd"],
            [(item, repr(float(kg)), repr(float(items.loc[item, "CubicMeters"])), 10_000)],
        ),
        "stock": (["hub", "item", "quantity"], held),
        "lanes": (["hub", "site", "mode", "hours", "usd_per_kg"], lanes),
        "outcomes": (["outcome", "probability"], [(outcome, repr(1 / len(outcomes))) for outcome in outcomes]),
        "needs": (["outcome", "site", "item", "quantity"], needs),
    }
    return _write(folder, f"ESUPS Vanuatu, {stock_file}, {item}", tables)


def _esups_needs(raw: Path, item: str) -> list[tuple[str, str, str, str]]:
    kinds = pd.read_csv(raw / "disasterTypeSelection.csv")
    kinds = set(kinds.loc[kinds["include"] == 1, "disasterType"])
    people = pd.read_csv(raw / "personsPerItem.csv")
    per_item = float(
        people.loc[(people["Item"] == item) & (people["Disaster Type"] == "DEFAULT"), "PersonsPerItem"].iloc[0]
    )
    rows = pd.read_csv(raw / "disasters.csv")
    rows = rows[rows["Type"].isin(kinds)]
    rows = rows.assign(
        site=rows["gglAddress"].str.split(",").str[0], units=(rows["TotAffected"] - 10).clip(lower=0) / per_item
    )
    total = rows.groupby(["DisasterID", "site"])["units"].sum()
    return [(disaster, site, item, repr(float(units))) for (disaster, site), units in total.items()]


def _write(folder: Path, title: str, tables: dict[str, tuple[list[str], list[tuple[object, ...]]]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    settings = f'title = "{title}"\nperiod_days = 365\ndisasters_per_year = 1\noutcomes = "disasters"\n'
    (folder / "scenario.toml").write_text(settings)
    for name, (columns, rows) in tables.items():
        pd.DataFrame(rows, columns=columns).to_csv(folder / f"{name}.csv", index=False)
    return folder
