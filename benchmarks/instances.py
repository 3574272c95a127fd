"""Seeded instances for benchmarks: H hubs x K items x W outcomes, one site or several to an outcome.

Hubs and sites lie at random on a square; freight and hours grow with distance; needs are lognormal. Hubs have a fixed
cost and a capacity, and a budget binds. Nothing here is data about the world.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario, Settings, empty_table
from prepos.model import Model, parse_model

SQUARE_KM = 6_000.0


def random_scenario(hubs: int, items: int, outcomes: int, sites_per_outcome: int = 1, seed: int = 1) -> Scenario:
    """Return a scenario with given lanes, outcomes and needs, the same for the same seed."""
    rng = np.random.default_rng(seed)
    places = min(300, max(20, outcomes // 5))
    km = _distances(rng, hubs, places)
    households = rng.lognormal(8.0, 1.2, outcomes * sites_per_outcome)
    table = {
        "hubs": _hubs(rng, hubs, float(households.mean()), items),
        "items": _items(rng, items),
        "lanes": _lanes(km),
        "outcomes": pd.DataFrame(
            {"outcome": [f"w{w}" for w in range(outcomes)], "probability": np.full(outcomes, 1 / outcomes)}
        ),
        "needs": _needs(rng, households, outcomes, sites_per_outcome, places, items),
    }
    filled = {
        name: pd.concat([empty_table(name), frame])[list(empty_table(name).columns)] for name, frame in table.items()
    }
    filled = {name: _with_texts(name, frame) for name, frame in filled.items()}
    kind = "disasters" if sites_per_outcome == 1 else "seasons"
    settings = Settings(title=f"{hubs} x {items} x {outcomes}", disasters_per_year=20.0, outcomes=kind)
    return Scenario(name=f"random-{hubs}-{items}-{outcomes}-{sites_per_outcome}", settings=settings, **filled)


def budget_model(scenario: Scenario, households_in_stock: float = 60_000.0) -> Model:
    """Return the model of the benchmark: least cost, hubs chosen, continuous stock, a budget that binds."""
    per_household = float(scenario.items["price_usd"].sum())
    return parse_model(
        {"name": "bench", "stock": {"integer": False}, "budget": {"usd": 1e6 + households_in_stock * per_household}}
    )


def _with_texts(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    texts = {c: frame[c].fillna("").astype("str") for c, kind in empty_table(name).dtypes.items() if kind != "float64"}
    return frame.assign(**texts).reset_index(drop=True)


def _distances(rng: np.random.Generator, hubs: int, places: int) -> np.ndarray:
    at_hub, at_site = rng.uniform(0, SQUARE_KM, (hubs, 2)), rng.uniform(0, SQUARE_KM, (places, 2))
    return np.linalg.norm(at_hub[:, None] - at_site[None], axis=2)


def _hubs(rng: np.random.Generator, hubs: int, households: float, items: int) -> pd.DataFrame:
    capacity = rng.uniform(2.0, 6.0, hubs) * households * 0.02 * items
    return pd.DataFrame(
        {
            "hub": [f"h{i}" for i in range(hubs)],
            "status": "candidate",
            "capacity_m3": capacity.round(),
            "fixed_usd_year": rng.uniform(50_000, 200_000, hubs).round(),
            "storage_usd_m3_month": rng.uniform(1, 4, hubs).round(2),
        }
    )


def _items(rng: np.random.Generator, items: int) -> pd.DataFrame:
    price = rng.uniform(5, 40, items).round(2)
    return pd.DataFrame(
        {
            "item": [f"k{k}" for k in range(items)],
            "unit_kg": rng.uniform(1, 8, items).round(2),
            "unit_m3": rng.uniform(0.005, 0.035, items).round(4),
            "price_usd": price,
            "shortage_usd": 10 * price,
        }
    )


def _lanes(km: np.ndarray) -> pd.DataFrame:
    i, j = (index.ravel() for index in np.indices(km.shape))
    return pd.DataFrame(
        {
            "hub": [f"h{n}" for n in i],
            "site": [f"s{n}" for n in j],
            "mode": "air",
            "hours": 36 + km.ravel() / 700,
            "usd_per_kg": 0.2 + km.ravel() * 0.0006,
        }
    )


def _needs(
    rng: np.random.Generator, households: np.ndarray, outcomes: int, sites_per_outcome: int, places: int, items: int
) -> pd.DataFrame:
    site = np.concatenate([rng.choice(places, sites_per_outcome, replace=False) for _ in range(outcomes)])
    outcome = np.repeat(np.arange(outcomes), sites_per_outcome)
    units = households[:, None] * rng.uniform(0.5, 1.5, (len(households), items))
    row, k = (index.ravel() for index in np.indices(units.shape))
    return pd.DataFrame(
        {
            "outcome": [f"w{w}" for w in outcome[row]],
            "site": [f"s{j}" for j in site[row]],
            "item": [f"k{n}" for n in k],
            "quantity": units.ravel().round(),
        }
    )
