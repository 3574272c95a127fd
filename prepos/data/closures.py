"""What can be closed or held up: the kinds of closures.csv, and whether each of its rows names something there is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prepos.data.subject import Subject
from prepos.data.suggest import nearest, shown
from prepos.errors import Problem

PASSAGES = ("Suez", "Bab el-Mandeb", "Panama", "Malacca", "Hormuz", "Bosporus", "Gibraltar")
"""Passages that ships can be kept out of, as closures.csv and the command line name them."""
MODES = ("air", "sea", "road")
BORDER = re.compile(r"[A-Z]{3}(-[A-Z]{3})?")
UNSEEN_BY_GIVEN_LANES = ("passage", "airport", "port", "border")


def names(ids: str) -> list[str]:
    """Return what a cell names: ids separated by ';'."""
    return [name.strip() for name in ids.split(";") if name.strip()]


def passage(name: str) -> str | None:
    """Return the passage of that name, whatever its case and hyphens; None where there is none."""
    plain = {_plain(known): known for known in PASSAGES}
    return plain.get(_plain(name))


def closure_references(s: Subject) -> Iterator[Problem]:
    """Check that every row closes something that exists, and that given lanes can tell."""
    frame = s.table("closures")
    for n, (kind, ids) in enumerate(zip(frame["kind"], frame["id"], strict=True)):
        for name in names(ids):
            message = _refusal(s, kind, name)
            if message:
                yield s.at("closures", n, message, "id")
        if kind in UNSEEN_BY_GIVEN_LANES and len(s.scenario.lanes):
            message = (
                f"a {kind} cannot be closed on given lanes; close the lanes in lanes.csv, or the hub, site or mode"
            )
            yield s.at("closures", n, message, "kind", "warning")


def _refusal(s: Subject, kind: str, name: str) -> str:
    """Return why a name cannot be closed, "" where it can; airports and ports are known to the network only."""
    known: set[str] = set()
    where = ""
    match kind:
        case "passage" if passage(name) is None:
            known, where = set(PASSAGES), "a passage that prepos knows"
        case "mode":
            known = set(MODES) | set(s.scenario.lanes["mode"])
            where = f"a mode ({', '.join(sorted(known))})"
        case "hub":
            known, where = set(s.ids("hubs") | s.ids("suppliers")), "in hubs.csv or suppliers.csv"
        case "site" if s.ids("sites"):
            known, where = set(s.ids("sites") | s.ids("disasters") | set(s.scenario.lanes["site"])), "in sites.csv"
        case "border" if not BORDER.fullmatch(name):
            return f"{shown(name)} is no border; write two countries (KEN-SSD), or one for all its borders (SSD)"
        case "leg" if name.count(">") != 1:
            return f"{shown(name)} is no leg; write where it starts and ends, such as KEMBA>juba"
    if not where or name in known:
        return ""
    return f"{shown(name)} is not {where}{nearest(name, known)}"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
