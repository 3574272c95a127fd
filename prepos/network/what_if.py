"""Questions to the network that change the scenario: another place to reach, or something closed."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pandas as pd

from prepos.data.closures import PASSAGES, closure_references, passage
from prepos.data.outcomes import outcomes
from prepos.data.scenario import Scenario, empty_table
from prepos.data.subject import Subject
from prepos.data.suggest import nearest
from prepos.data.tables import CLOSURES
from prepos.errors import UsageError
from prepos.network.places import records, site_places
from prepos.network.reference import Gateway, Reference, load_reference

KINDS = next(column.choices for column in CLOSURES.columns if column.name == "kind")


def reaching(scenario: Scenario, name: str, reference: Reference | None = None) -> tuple[Scenario, str]:
    """Return the scenario with a site at the place of that name, and the id of the site.

    Parameters
    ----------
    name
        A site, a hub, or the code of a seaport or an airport, looked for in this order. The last three become sites of
        the scenario that is returned.

    Raises
    ------
    UsageError
        If nothing of that name is known.
    """
    reference = reference or load_reference()
    sites = [place.id for place in site_places(scenario, reference)]
    if name in sites:
        return scenario, name
    hub = scenario.hubs[scenario.hubs["hub"] == name]
    gateway = reference.ports.get(name) or reference.airports.get(name)
    if len(hub):
        row = {**records(hub)[0], "site": f"{name} (hub)"}
        row["road_km"] = row["port_km"]
    elif gateway is not None:
        row = _at(gateway)
    else:
        hint = nearest(name, [*sites, *scenario.hubs["hub"]]) or nearest(name, [*reference.ports, *reference.airports])
        raise UsageError(f"'{name}' is no site, hub, seaport or airport that prepos knows{hint}")
    added = pd.DataFrame([row]).reindex(columns=scenario.sites.columns)
    return replace(scenario, sites=_typed(pd.concat([scenario.sites, _typed(added, "sites")]), "sites")), row["site"]


def closing(scenario: Scenario, names: list[str], outcome: str = "", reference: Reference | None = None) -> Scenario:
    """Return the scenario with some things closed.

    Parameters
    ----------
    names
        What to close: ``"Suez"``, ``"KEMBA"``, ``"KEN-SSD"``, ``"KEMBA>juba"``, ``"road"``; with its kind where a name
        stands for several (``"hub:NBO"``, ``"airport:NBO"``); with hours to hold it up instead (``"Suez=240"``).
    outcome
        Outcome in which they are closed; "": all.

    Raises
    ------
    UsageError
        If a name stands for nothing, or for several things.
    """
    reference = reference or load_reference()
    if outcome and outcome not in set(known := outcomes(scenario)["outcome"]):
        raise UsageError(f"outcome '{outcome}' is not in the scenario{nearest(outcome, known)}")
    rows = []
    for text in names:
        name, equals, hours = text.partition("=")
        kind, name = _kind(scenario, name.strip(), reference)
        rows.append(
            {"outcome": outcome, "kind": kind, "id": name, "hours": _hours(text, hours) if equals else math.nan}
        )
    asked = _typed(pd.DataFrame(rows).reindex(columns=empty_table("closures").columns), "closures")
    for problem in closure_references(Subject(replace(scenario, closures=asked))):
        if problem.severity == "error":
            raise UsageError(f"--close {names[(problem.row or 2) - 2]}: {problem.message}")
    kept = scenario.closures[~_same(scenario.closures, asked)]
    return replace(scenario, closures=_typed(pd.concat([kept, asked], ignore_index=True), "closures"))


def _same(rows: pd.DataFrame, asked: pd.DataFrame) -> pd.Series[bool]:
    """Rows that stand for something that is asked for anew."""
    keys = set(zip(asked["outcome"], asked["kind"], asked["id"], strict=True))
    found = [key in keys for key in zip(rows["outcome"], rows["kind"], rows["id"], strict=True)]
    return pd.Series(found, index=rows.index, dtype="bool")


def _kind(scenario: Scenario, name: str, reference: Reference) -> tuple[str, str]:
    kind, colon, rest = name.partition(":")
    if colon and kind in KINDS:
        return kind, rest.strip()
    known = _kinds(scenario, name, reference)
    if len(known) == 1:
        return known[0], name
    if known:
        ways = " or ".join(f"{kind}:{name}" for kind in known)
        raise UsageError(f"--close {name}: that is the name of several things; write {ways}")
    own = [*PASSAGES, *scenario.hubs["hub"], *scenario.sites["site"]]
    hint = nearest(name, own) or nearest(name, [*reference.ports, *reference.airports])
    raise UsageError(f"--close {name}: no passage, port, airport, hub, site, border or mode{hint}")


def _kinds(scenario: Scenario, name: str, reference: Reference) -> list[str]:
    """Kinds of the things that have this name."""
    countries = {iso3 for point in reference.borders for iso3 in (point.iso3, point.other)}
    is_kind = {
        "passage": passage(name) is not None,
        "port": name in reference.ports or name in set(scenario.sites["port"]) | set(scenario.hubs["port"]),
        "airport": name in reference.airports or name in set(scenario.sites["airport"]) | set(scenario.hubs["airport"]),
        "hub": name in set(scenario.hubs["hub"]) | set(scenario.suppliers["supplier"]),
        "site": name in {place.id for place in site_places(scenario, reference)},
        "border": bool(re.fullmatch("[A-Z]{3}-[A-Z]{3}", name)) and countries.issuperset(name.split("-")),
        "leg": ">" in name,
        "mode": name in reference.modes or name in set(scenario.lanes["mode"]),
    }
    return [kind for kind, yes in is_kind.items() if yes]


def _hours(text: str, hours: str) -> float:
    try:
        value = float(hours)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise UsageError(f"--close {text}: '{hours}' is no number of hours; write --close Suez=240, or leave '=' out")
    return value


def _at(gateway: Gateway) -> dict[str, object]:
    """Row of sites.csv for a place at a gateway."""
    row: dict[str, object] = {
        "site": f"{gateway.code} ({gateway.kind})",
        "name": gateway.name,
        "iso3": gateway.iso3,
        "lat": gateway.lat,
        "lon": gateway.lon,
        gateway.kind: gateway.code,
    }
    return {**row, "road_km": 0.0} if gateway.kind == "port" else row


def _typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a frame with the types of its table; columns of the user's own stay texts."""
    model = empty_table(table)
    numbers = [column for column in model.columns if model[column].dtype == "float64"]
    texts = [column for column in frame.columns if column not in numbers]
    return frame.assign(
        **{column: frame[column].astype("float64") for column in numbers},
        **{column: frame[column].astype("str").where(frame[column].notna(), "") for column in texts},
    ).reset_index(drop=True)
