"""What is odd about the lanes of a scenario: hubs without a lane, sites out of reach, gateways unknown."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from prepos.data.closures import names
from prepos.data.outcomes import disaster_sites, needs
from prepos.data.scenario import Scenario
from prepos.data.suggest import closest, nearest
from prepos.errors import Problem
from prepos.network.places import Place, hub_places, site_places
from prepos.network.reference import GatewayKind, Reference, load_reference

_KINDS: tuple[GatewayKind, ...] = ("airport", "port")


def lane_problems(scenario: Scenario, lanes: pd.DataFrame, *, reference: Reference | None = None) -> list[Problem]:
    """Return warnings about lanes, each counting what it affects.

    Parameters
    ----------
    lanes
        As `prepos.network.lanes.lanes` returns them, for the modes that are allowed.
    reference
        Tables beside the scenario; None: those that come with prepos.
    """
    reference = reference or load_reference()
    usable = set(lanes.loc[lanes["hours"].notna(), "hub"])
    return [
        *_unknown_gateways(scenario, reference),
        *_unknown_closures(scenario, reference),
        *_hubs_without_lanes(scenario, usable),
        *_suppliers_without_lanes(scenario, usable),
        *_sites_out_of_reach(scenario, lanes),
    ]


def _warning(table: str, row: int, column: str, message: str) -> Problem:
    return Problem(table, message, row, column, "warning")


def _hubs_without_lanes(scenario: Scenario, usable: set[str]) -> list[Problem]:
    units = scenario.stock.groupby("hub")["quantity"].sum()
    found = []
    for position, (hub, status, serves) in enumerate(
        zip(scenario.hubs["hub"], scenario.hubs["status"], scenario.hubs["serves"], strict=True)
    ):
        held = float(units.get(hub, 0.0))
        if hub in usable or (status == "closed" and not held):
            continue
        affected = f"the {_units(held)} it holds reach nobody" if held else "what it could hold would reach nobody"
        message = f"'{hub}' has no lane to any site; {affected}; {_way_out(scenario, serves)}"
        found.append(_warning("hubs.csv", position + 2, "hub", message))
    return found


def _way_out(scenario: Scenario, serves: str) -> str:
    if len(scenario.lanes):
        return "add its lanes to lanes.csv"
    if serves:
        return f"it serves {serves} only: check the countries, or empty the column"
    return "give it lat and lon, or an airport or port, or allow more modes"


def _suppliers_without_lanes(scenario: Scenario, usable: set[str]) -> list[Problem]:
    suppliers = scenario.suppliers.reset_index(drop=True)
    offers = suppliers["supplier"].value_counts()
    found = []
    for position, supplier in suppliers["supplier"].drop_duplicates().items():
        if supplier in usable:
            continue
        way_out = "add its lanes to lanes.csv" if len(scenario.lanes) else "give it lat and lon"
        count = int(offers[supplier])
        message = f"'{supplier}' has no lane to any site; its {_count(count, 'offer')} cannot be used; {way_out}"
        found.append(_warning("suppliers.csv", int(str(position)) + 2, "supplier", message))
    return found


def unreachable_needs(scenario: Scenario, lanes: pd.DataFrame) -> pd.DataFrame:
    """Return the needs (outcome, site, item, quantity) that no open lane of their outcome leads to."""
    required = needs(scenario)
    general = lanes[(lanes["outcome"] == "") & lanes["hours"].notna()]
    special = lanes[lanes["outcome"] != ""]
    replaced = special.merge(general[["hub", "site", "mode", "item"]], on=["hub", "site", "mode", "item"])
    opened = special[special["hours"].notna()]
    place, case = ["site", "item"], ["outcome", "site", "item"]
    open_lanes = _lookup(required, general, place) - _lookup(required, replaced, case) + _lookup(required, opened, case)
    return required[open_lanes == 0].reset_index(drop=True)


def _lookup(required: pd.DataFrame, lanes: pd.DataFrame, keys: list[str]) -> pd.Series[float]:
    counts = lanes.groupby(keys).size().rename("count").reset_index()
    return required[keys].merge(counts, on=keys, how="left")["count"].fillna(0.0)


def _sites_out_of_reach(scenario: Scenario, lanes: pd.DataFrame) -> list[Problem]:
    missed = unreachable_needs(scenario, lanes)
    needed = needs(scenario).groupby("site")["item"].nunique()
    people = scenario.disasters.groupby(disaster_sites(scenario))["people_in_need"].sum()
    way_out = "add a lane to lanes.csv" if len(scenario.lanes) else "give it an airport or port, or allow more modes"
    found = []
    for site, rows in missed.groupby("site", sort=False):
        name = str(site)
        items = rows["item"].unique()
        only = "" if len(items) == needed[name] else f" with {', '.join(items)}"
        affected = f"{_units(rows['quantity'].sum())} in {_count(rows['outcome'].nunique(), 'outcome')}"
        if name in people.index and not len(scenario.needs):
            affected += f" ({people[name]:,.0f} people in need)"
        message = f"'{name}' cannot be reached from any hub{only}: {affected} stay unmet; {way_out}"
        found.append(_warning(*_where_named(scenario, name), message))
    return found


def _where_named(scenario: Scenario, site: str) -> tuple[str, int, str]:
    """Table, row and column in which a site is named first."""
    for table, column in (("sites", "site"), ("disasters", "site"), ("disasters", "disaster"), ("needs", "site")):
        names = scenario.table(table)[column].tolist()
        if site in names:
            return f"{table}.csv", names.index(site) + 2, column
    return "lanes.csv", scenario.lanes["site"].tolist().index(site) + 2, "site"


def _unknown_gateways(scenario: Scenario, reference: Reference) -> list[Problem]:
    sites = site_places(scenario, reference)[: len(scenario.sites)]
    return [
        problem
        for frame, places in ((scenario.hubs, hub_places(scenario, reference)), (scenario.sites, sites))
        for kind in _KINDS
        for position, (code, place) in enumerate(zip(frame[kind], places, strict=True))
        if code and code not in reference.gateways(kind)
        for problem in [_unknown_gateway(kind, str(code), position, place, reference)]
    ]


def _unknown_gateway(kind: GatewayKind, code: str, position: int, place: Place, reference: Reference) -> Problem:
    known = reference.gateways(kind)
    nearby = [other for other, gateway in known.items() if gateway.iso3 == place.iso3]
    meant = closest(code, nearby) or closest(code, known)
    hint = f" (did you mean '{meant}', {known[meant].name}?)" if meant else ""
    used = place.airport if kind == "airport" else place.port
    if used is None:
        instead = f"'{place.id}' has no {kind}"
    elif used.code in known:
        instead = f"{used.code} is used for '{place.id}'"
    else:
        instead = f"it is taken to lie at '{place.id}'"
    message = f"'{code}' is not in the {kind}s that prepos knows{hint}; {instead}"
    return _warning(place.table, position + 2, kind, message)


def _unknown_closures(scenario: Scenario, reference: Reference) -> list[Problem]:
    """Closures of airports, seaports and borders that no lane can depend on."""
    countries = {iso3 for point in reference.borders for iso3 in (point.iso3, point.other)}
    known: dict[str, Collection[str]] = {
        kind: {*reference.gateways(kind), *scenario.hubs[kind], *scenario.sites[kind]} - {""} for kind in _KINDS
    }
    rows = zip(scenario.closures["kind"], scenario.closures["id"], strict=True)
    found = []
    for position, (kind, ids) in enumerate(rows):
        for name in names(ids):
            if kind == "border":
                strange = next((iso3 for iso3 in name.split("-") if iso3 not in countries), "")
                if strange:
                    hint = nearest(strange, countries)
                    message = f"'{strange}' is no country whose borders prepos knows{hint}; nothing is closed"
                    found.append(_warning("closures.csv", position + 2, "id", message))
            elif kind in known and name not in known[kind]:
                message = f"'{name}' is no {kind} of any lane{nearest(name, known[kind])}; nothing is closed"
                found.append(_warning("closures.csv", position + 2, "id", message))
    return found


def _units(quantity: float) -> str:
    return f"{quantity:,.0f} {'unit' if round(quantity) == 1 else 'units'}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
