"""Ids: each key once, and every id that a table names is known to the table it points to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from prepos.data.outcomes import disaster_sites
from prepos.data.subject import Subject, chosen, figure, some
from prepos.data.suggest import nearest, shown
from prepos.data.tables import TABLES
from prepos.errors import Problem

SUGGESTIONS = 20  # names of one column that get a suggestion; a wholly foreign column would take minutes


def duplicated_keys(s: Subject) -> Iterator[Problem]:
    """Check that every key stands in one row only."""
    for table in TABLES.values():
        frame = s.table(table.name)
        required = [c.name for c in table.columns if c.required and c.name in table.key]
        frame = frame[(frame[required] != "").all(axis=1)]
        if not frame.duplicated(list(table.key)).any():
            continue
        position = pd.Series(frame.index, index=frame.index)
        first = position.groupby([frame[name] for name in table.key], sort=False, dropna=False).transform("first")
        again = position != first
        keys = frame.loc[again, list(table.key)].to_dict("records")
        for n, earlier, key in zip(position[again].tolist(), first[again].tolist(), keys, strict=True):
            named = _named_key({str(name): value for name, value in key.items()})
            message = f"{', '.join(named.values())} is already in row {s.row(table.name, earlier)}; keep one row"
            yield s.at(table.name, n, message, list(named)[-1])


def _named_key(key: Mapping[str, object]) -> dict[str, str]:
    """Return column -> column and value, as a message names a key; empty cells are left out."""
    texts = {name: shown(value) for name, value in key.items() if isinstance(value, str) and value}
    numbers = {name: figure(value) for name, value in key.items() if isinstance(value, float) and value == value}
    found = {name: f"{name} {text}" for name, text in (texts | numbers).items()}
    return found or {next(iter(key)): "a row without any condition"}


def declared_references(s: Subject) -> Iterator[Problem]:
    """Check that ids are found in the table that their column refers to (disasters.site: see `site_references`)."""
    for table in TABLES.values():
        for column in table.columns:
            parent = column.refers
            if not parent or parent in s.reading.unread or parent == "sites":
                continue
            known = s.ids(parent)
            if known or not TABLES[parent].required:
                yield from unknown(s, table.name, column.name, known, f"in {parent}.csv")


def lane_references(s: Subject) -> Iterator[Problem]:
    """Check that the start of a lane is a hub or a supplier; a supplier is not a hub as well."""
    hubs, suppliers = s.ids("hubs"), s.ids("suppliers")
    if not s.reading.unread & {"hubs", "suppliers"} and hubs:
        where = "in hubs.csv or suppliers.csv" if suppliers else "in hubs.csv"
        yield from unknown(s, "lanes", "hub", hubs | suppliers, where)
    frame = s.table("suppliers")
    for n, name in chosen(frame["supplier"].isin(hubs), frame["supplier"]):
        yield s.at("suppliers", n, f"{shown(name)} is the id of a hub; give the supplier another", "supplier")


def site_references(s: Subject) -> Iterator[Problem]:
    """Check that sites are in the sites table where there is one, else known from lanes or disasters."""
    if s.reading.unread & {"sites", "disasters", "lanes"}:
        return
    tabled, disasters = s.ids("sites"), s.table("disasters")
    if tabled:
        yield from unknown(s, "disasters", "site", tabled, "in sites.csv")
        known = tabled | set(disasters.loc[disasters["site"] == "", "disaster"])
        yield from unknown(s, "lanes", "site", known, "in sites.csv")
        yield from unknown(s, "needs", "site", known, "in sites.csv")
    else:
        known = frozenset(disaster_sites(s.scenario)) | set(s.scenario.lanes["site"])
        where = "in lanes.csv" if len(s.scenario.lanes) else "a known place: add it to sites.csv"
        yield from unknown(s, "needs", "site", known, where)
    for n, name in chosen(disasters["disaster"].isin(tabled) & (disasters["site"] == ""), disasters["disaster"]):
        message = f"is empty, but {shown(name)} is also a site of sites.csv; write the site, or rename one"
        yield s.at("disasters", n, message, "site")


def outcome_references(s: Subject) -> Iterator[Problem]:
    """Check that outcomes are those of outcomes.csv, else the disasters."""
    if s.reading.unread & {"outcomes", "disasters"}:
        return
    parent = "outcomes" if len(s.scenario.outcomes) else "disasters"
    known = s.ids(parent)
    if known:
        for table in ("needs", "lanes", "availability", "closures"):
            yield from unknown(s, table, "outcome", known, f"in {parent}.csv")
    elif len(s.scenario.needs):
        named = list(dict.fromkeys(s.scenario.needs["outcome"]))
        message = f"is missing; needs.csv names outcomes ({some(named)}): list them with their probabilities"
        yield Problem("outcomes.csv", message)


def unknown(s: Subject, table: str, column: str, known: Collection[str], where: str) -> Iterator[Problem]:
    """Give one problem for each name that is not known, at the first row that has it, with the other rows."""
    cells = s.table(table)[column]
    strange = cells[(cells != "") & ~cells.isin(list(known))]
    for count, (name, rows) in enumerate(strange.groupby(strange, sort=False)):
        first, *more = (s.row(table, n) for n in np.asarray(rows.index).tolist())
        tail = f"; also in row{'s' if len(more) > 1 else ''} {some([str(row) for row in more])}" if more else ""
        hint = nearest(str(name), known) if count < SUGGESTIONS else ""
        message = f"{shown(str(name))} is not {where}{hint}{tail}"
        yield Problem(f"{table}.csv", message, first, column, also=tuple(more))
