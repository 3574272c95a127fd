"""How long the lanes of 25 hubs x 300 sites take by all modes: alone, with aircraft, and with things closed.

Places lie at random near the airports of the reference; seed 1.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
from machine import describe_machine

from prepos.data.scenario import Scenario, empty_table
from prepos.network.lanes import lanes
from prepos.network.reference import load_reference

HUBS, SITES, ITEMS, OUTCOMES = 25, 300, 10, 50


def main() -> None:
    scenario = world()
    cases = {
        "everything open": scenario,
        "types of aircraft": replace(scenario, aircraft=load_reference().aircraft),
        f"{OUTCOMES} outcomes with closures of their own": replace(scenario, closures=closures()),
    }
    print(describe_machine())
    load_reference()
    for name, case in cases.items():
        start = time.perf_counter()
        found = lanes(case)
        print(f"{name}: {len(found):,} lanes in {time.perf_counter() - start:.2f} s")


def world() -> Scenario:
    rng = np.random.default_rng(1)
    airports = sorted(load_reference().airports.values(), key=lambda airport: airport.code)
    hubs = [airports[n] for n in rng.choice(len(airports), HUBS, replace=False)]
    sites = [airports[n] for n in rng.choice(len(airports), SITES)]
    moved = rng.uniform(-1, 1, (SITES, 2))
    tables = {
        "hubs": [{"hub": f"h{n}", "iso3": a.iso3, "lat": a.lat, "lon": a.lon} for n, a in enumerate(hubs)],
        "sites": [
            {"site": f"s{n}", "iso3": a.iso3, "lat": float(np.clip(a.lat + lat, -90, 90)), "lon": a.lon + lon}
            for n, (a, (lat, lon)) in enumerate(zip(sites, moved, strict=True))
        ],
        "items": [{"item": f"i{n}", "unit_kg": 1.0 + n, "unit_m3": 0.01} for n in range(ITEMS)],
    }
    return Scenario("bench", **{name: filled(name, rows) for name, rows in tables.items()})


def closures() -> pd.DataFrame:
    """Return for each outcome a passage, a port or a border that is closed in it, no two alike."""
    reference = load_reference()
    ports = sorted(reference.ports)
    borders = sorted({f"{point.iso3}-{point.other}" for point in reference.borders})
    rows = []
    for n in range(OUTCOMES):
        kind, name = [("passage", "Suez"), ("port", ports[n]), ("border", borders[n])][n % 3]
        rows += [
            {"outcome": f"w{n}", "kind": kind, "id": name},
            {"outcome": f"w{n}", "kind": "port", "id": ports[-n - 1]},
        ]
    return filled("closures", rows)


def filled(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    model = empty_table(table)
    frame = pd.DataFrame(rows).reindex(columns=model.columns)
    numbers = [column for column in model.columns if model[column].dtype == "float64"]
    texts = [column for column in model.columns if column not in numbers]
    as_text = {c: frame[c].astype("str").where(frame[c].notna(), "") for c in texts}
    return frame.assign(**{c: frame[c].astype("float64") for c in numbers}, **as_text)


if __name__ == "__main__":
    main()
