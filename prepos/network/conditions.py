"""What is closed or held up, in general and in one outcome: closures.csv as the network looks it up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from prepos.data import closures
from prepos.data.scenario import Scenario
from prepos.network.reference import Reference

Key: TypeAlias = tuple[str, str]
"""Kind and id of something that can be closed: ``("passage", "Suez")``, ``("port", "KEMBA")``."""


@dataclass(frozen=True)
class Conditions:
    """Hours that are lost at each thing, each time; inf where it is closed."""

    hours: Mapping[Key, float] = field(default_factory=dict)

    def lost(self, *keys: Key) -> float:
        """Return the hours lost at some things together, inf if one of them is closed."""
        return sum(self.hours.get(key, 0.0) for key in keys) if self.hours else 0.0

    def changed_from(self, other: Conditions) -> set[Key]:
        """Return what is not as it is under other conditions."""
        return {key for key in {*self.hours, *other.hours} if self.hours.get(key) != other.hours.get(key)}

    def of(self, kind: str) -> dict[Key, float]:
        """Return the part that concerns one kind of thing."""
        return {key: hours for key, hours in self.hours.items() if key[0] == kind}


OPEN = Conditions()


def conditions(scenario: Scenario, reference: Reference, outcome: str = "") -> Conditions:
    """Return what is closed or held up in an outcome; "": in every outcome that has no row of its own for it.

    A row of one outcome goes before the general row for the same thing; its 0 hours open what is closed in general.
    """
    suppliers = set(scenario.suppliers["supplier"])
    rows = scenario.closures
    found: dict[Key, float] = {}
    for wanted in dict.fromkeys(("", outcome)):
        some = rows[rows["outcome"] == wanted]
        for kind, ids, hours in zip(some["kind"], some["id"], some["hours"], strict=True):
            for name in closures.names(ids):
                found[_key(kind, name, reference, suppliers)] = math.inf if math.isnan(hours) else float(hours)
    return Conditions({key: hours for key, hours in found.items() if hours})


def struck_outcomes(scenario: Scenario) -> list[str]:
    """Return the outcomes with a row of their own, in the order of closures.csv."""
    return [outcome for outcome in dict.fromkeys(scenario.closures["outcome"]) if outcome]


def border_keys(border: str) -> tuple[Key, Key, Key]:
    """Return what closes a border such as ``"KEN-UGA"``: the border, or all borders of either country."""
    one, other = border.split("-")
    return ("border", border), ("border", one), ("border", other)


def border_name(one: str, other: str) -> str:
    """Return the name of a border, the same from both sides: ``"KEN-UGA"``."""
    return "-".join(sorted((one, other)))


def gateway_key(node: Key) -> Key:
    """Return the key of a gateway's node; one whose code the reference does not know is closed by its bare code."""
    kind, code = node
    return (kind, code.split(" at ")[0]) if kind in ("airport", "port") else node


def _key(kind: str, name: str, reference: Reference, suppliers: Iterable[str]) -> Key:
    match kind:
        case "passage":
            return kind, closures.passage(name) or name
        case "airport" if name in reference.airports:
            return kind, reference.airports[name].code
        case "hub" if name in suppliers:
            return "supplier", name
        case "border" if "-" in name:
            return kind, border_name(*name.split("-", 1))
        case "leg":
            return kind, leg_id(*(part.strip() for part in name.split(">", 1)))
    return kind, name


def leg_id(origin: str, destination: str) -> str:
    """Return the id of a leg in closures.csv: ``"KEMBA>juba"``."""
    return f"{origin}>{destination}"


def said(keys: Iterable[Key]) -> Iterator[str]:
    """Say things as a planner would: ``"port KEMBA"``."""
    return (f"{kind} {name}" for kind, name in keys)
