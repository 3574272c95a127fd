"""Made-up histories: a known process, written down as disasters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from prepos.data.outcome_sets.tables import declared_table
from prepos.data.scenario import Scenario, Settings

PLACES = {"FJI": ("Pacific", -17.8, 178.0), "KEN": ("Africa", -1.3, 36.8), "NPL": ("Asia", 27.7, 85.3)}


def past(rows: list[dict[str, Any]], **settings: Any) -> Scenario:
    """Return a scenario with one hub, two items and these disasters; sites are the countries of `PLACES`."""
    frame = pd.DataFrame(rows)
    frame = frame.assign(
        disaster=[f"d{n}" for n in range(len(frame))] if "disaster" not in frame else frame["disaster"]
    )
    if "iso3" in frame:
        frame = frame.assign(site=frame["iso3"])
    columns: dict[str, Any] = {str(c): frame[c] for c in frame.columns}
    sites = [{"site": iso3, "iso3": iso3, "region": r, "lat": a, "lon": o} for iso3, (r, a, o) in PLACES.items()]
    return replace(
        Scenario("past", Settings(**settings)),
        hubs=declared_table("hubs", hub=["A", "B"], lat=[0.0, 10.0], lon=[30.0, 100.0], capacity_m3=1e6),
        items=declared_table(
            "items", item=["tent", "blanket"], unit_kg=[50.0, 1.5], unit_m3=[0.25, 0.0125], price_usd=[400.0, 5.0],
            units_per_household=[1.0, np.nan], people_per_unit=[np.nan, 1.0],
        ),
        sites=declared_table("sites", **{k: [row[k] for row in sites] for k in sites[0]}),
        disasters=declared_table("disasters", **columns),
    )  # fmt: skip


def poisson_past(years: int, rate: dict[tuple[str, str], float], months: list[int], seed: int = 0) -> Scenario:
    """Return a history of `years` in which each (country, hazard) strikes at its rate, in the months given."""
    rng = np.random.default_rng(seed)
    rows = []
    for (iso3, hazard), per_year in rate.items():
        for year in range(1700, 1700 + years):
            for _ in range(rng.poisson(per_year)):
                date = f"{year}-{rng.choice(months):02d}-{rng.integers(1, 28):02d}"
                people = float(np.ceil(rng.lognormal(10, 1)))
                rows.append({"iso3": iso3, "hazard": hazard, "date": date, "people_in_need": people})
    return past(rows)
