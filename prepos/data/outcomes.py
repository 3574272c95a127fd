"""What may happen and what it would need: given in the scenario, or worked out from its disasters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prepos.data.need_rules import climate_of, person_need
from prepos.data.scenario import Scenario
from prepos.data.tables import SITES


def outcomes(scenario: Scenario) -> pd.DataFrame:
    """Return the outcomes with their probabilities: those given, or one per disaster, all as likely.

    Returns
    -------
    DataFrame
        Columns outcome, probability.
    """
    if len(scenario.outcomes):
        return scenario.outcomes[["outcome", "probability"]].reset_index(drop=True)
    ids = scenario.disasters["disaster"].reset_index(drop=True)
    return pd.DataFrame({"outcome": ids, "probability": np.full(len(ids), 1 / max(len(ids), 1))})


def needs(scenario: Scenario) -> pd.DataFrame:
    """Return the units needed: those given, or those that the people in need of each disaster call for.

    Computed: people_in_need x share_from_stock x what a person calls for (`need_rules.person_need`: need_rules.csv,
    the bundled set that scenario.toml names, else units_per_household or people_per_unit of items.csv). An item
    without any of them has no need; rows with no unit are left out, and so are disasters that a given outcomes table
    does not name.

    Returns
    -------
    DataFrame
        Columns outcome, site, item, quantity; quantity above 0.
    """
    columns = ["outcome", "site", "item", "quantity"]
    if len(scenario.needs):
        given = scenario.needs[columns]
        return given[given["quantity"] > 0].reset_index(drop=True)
    people, disasters = people_in_need(scenario), scenario.disasters
    people = people[people["disaster"].isin(outcomes(scenario)["outcome"])]
    case = [people[name].to_numpy() for name in ("hazard", "climate", "month")]
    each = person_need(scenario, case[0].astype(object), case[1].astype(object), case[2]).units
    computed = pd.DataFrame(
        {
            "outcome": people["disaster"].repeat(len(scenario.items)).to_numpy(),
            "site": people["site"].repeat(len(scenario.items)).to_numpy(),
            "item": np.tile(scenario.items["item"].to_numpy(), len(people)),
            "quantity": (people["people"].to_numpy(float)[:, None] * each).ravel(),
        }
    ).astype(dict.fromkeys(columns[:3], disasters["disaster"].dtype))
    return computed.loc[computed["quantity"] > 0, columns].reset_index(drop=True)


def people_in_need(scenario: Scenario) -> pd.DataFrame:
    """Return the people that stock is to serve in each disaster, and what their need depends on.

    Returns
    -------
    DataFrame
        disaster, site, people (people_in_need x share_from_stock), hazard, month (1 to 12; 0: unknown), lat, climate
        (of the site where it says so, else by latitude and month).
    """
    disasters = scenario.disasters
    place = disaster_sites(scenario)
    known = sites(scenario).set_index("site")[["lat", "climate"]].reindex(place)
    month = pd.to_numeric(disasters["date"].str.slice(5, 7), errors="coerce").fillna(0).astype("int64")
    lat = known["lat"].to_numpy(float)
    given = known["climate"].fillna("").to_numpy(object)
    return pd.DataFrame(
        {
            "disaster": disasters["disaster"],
            "site": place,
            "people": disasters["people_in_need"] * scenario.settings.share_from_stock,
            "hazard": disasters["hazard"],
            "month": month,
            "lat": lat,
            "climate": np.where(given == "", climate_of(lat, month.to_numpy()), given),
        }
    )


def disaster_sites(scenario: Scenario) -> pd.Series:
    """Return the site of each disaster: the one it names, or one of its own with the disaster's id."""
    disasters = scenario.disasters
    return disasters["site"].where(disasters["site"] != "", disasters["disaster"])


def sites(scenario: Scenario) -> pd.DataFrame:
    """Return every place with needs or lanes, each once, with the declared columns of the sites table.

    First the rows of the sites table; then the sites of disasters that are not among them, with the disaster's name,
    country and position; then sites that only needs or lanes name. A site without a region has its country for one.
    """
    disasters = scenario.disasters
    made = disasters.assign(site=disaster_sites(scenario))[["site", "name", "iso3", "lat", "lon", "basis", "source"]]
    named = pd.concat([scenario.needs["site"], scenario.lanes["site"]]).to_frame()
    parts = [scenario.sites[list(SITES.column_names)], made, named]
    filled = [part for part in parts if len(part)] or parts[:1]
    found: pd.DataFrame = pd.concat(filled, ignore_index=True).reindex(columns=list(SITES.column_names))
    found = found.drop_duplicates("site", ignore_index=True)
    for column in SITES.columns:
        cells = found[column.name]
        found[column.name] = cells.astype("float64") if column.kind == "number" else cells.astype("str").fillna("")
    found["region"] = found["region"].where(found["region"] != "", found["iso3"])
    return found


def recourse_weight(scenario: Scenario) -> float:
    """Return the expected number of outcomes in the planning period: 1 season, or disasters per year x period / 365."""
    settings = scenario.settings
    if settings.outcomes == "seasons":
        return 1.0
    return disasters_per_year(scenario) * settings.period_days / 365


def disasters_per_year(scenario: Scenario) -> float:
    """Return the yearly rate: the one given, else dated disasters / calendar years they span, else 1."""
    if scenario.settings.disasters_per_year is not None:
        return scenario.settings.disasters_per_year
    dates = scenario.disasters["date"]
    years = dates[dates != ""].str.slice(0, 4).astype("int64")
    if years.empty:
        return 1.0
    return len(years) / int(years.max() - years.min() + 1)
