"""`prepos lanes`: every lane leg by leg, and what it becomes when something is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from rich.console import RenderableType

from prepos.commands.answer import Answer
from prepos.commands.tables import number, table
from prepos.data.scenario import Scenario
from prepos.library import load_scenario
from prepos.network.explain import PARTS, differences, explain, reach, totals
from prepos.network.what_if import closing, reaching
from prepos.runs import plain

MOST_ROWS = 60
HOURS_PER_DAY = 24

NOT_USED = (
    "Not used: another way is no worse in hours, USD and CO2e, or it leads through a gateway that plans take only "
    "where the site's own is closed.\n"
)


@dataclass(frozen=True)
class LaneOptions:
    """What `prepos lanes` is asked: from a hub to a place ("": all), for an item ("": one m3), in an outcome."""

    hub: str = ""
    to: str = ""
    item: str = ""
    outcome: str = ""
    close: tuple[str, ...] = ()


def lanes(scenario_name: str, options: LaneOptions) -> Answer:
    """Explain lanes, and what closing something does to them."""
    scenario, asked = load_scenario(scenario_name), options
    if options.outcome:
        closing(scenario, [], options.outcome)
    if options.to:
        scenario, site = reaching(scenario, options.to)
        asked = replace(options, to=site)
    legs = _legs(scenario, asked)
    after = changes = None
    if options.close:
        after = _legs(closing(scenario, list(options.close), options.outcome), asked)
        changes = differences(totals(legs), totals(after))
    flights = reach(scenario, asked.hub, asked.to) if asked.hub and asked.to else None
    return Answer(
        _document(scenario, asked, legs, after, changes, flights),
        lambda: list(_parts(scenario, asked, legs, after, changes, flights)),
    )


def _legs(scenario: Scenario, asked: LaneOptions) -> pd.DataFrame:
    one_pair = bool(asked.hub and asked.to)
    return explain(scenario, asked.hub, asked.to, asked.item, outcome=asked.outcome, every_way=one_pair)


def _document(
    scenario: Scenario,
    asked: LaneOptions,
    legs: pd.DataFrame,
    after: pd.DataFrame | None,
    changes: pd.DataFrame | None,
    flights: pd.DataFrame | None,
) -> dict[str, object]:
    document: dict[str, object] = {
        "scenario": scenario.name,
        "from": asked.hub,
        "to": asked.to,
        "item": asked.item,
        "outcome": asked.outcome,
        "lanes": _nested(legs),
    }
    if after is not None and changes is not None:
        document |= {"closed": list(asked.close), "lanes_then": _nested(after), "changes": plain(changes)}
    return document | ({"aircraft": plain(flights)} if flights is not None else {})


def _nested(legs: pd.DataFrame) -> list[dict[str, Any]]:
    """Lanes with their legs inside."""
    found = plain(totals(legs))
    own = ["hub", "site", "lane", "way", "kept"]
    of_way: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in plain(legs):
        of_way.setdefault((row["hub"], row["site"], row["way"]), []).append(
            {name: value for name, value in row.items() if name not in own}
        )
    return [{**row, "legs": of_way[row["hub"], row["site"], row["way"]]} for row in found]


def _parts(
    scenario: Scenario,
    asked: LaneOptions,
    legs: pd.DataFrame,
    after: pd.DataFrame | None,
    changes: pd.DataFrame | None,
    flights: pd.DataFrame | None,
) -> Iterator[RenderableType]:
    goods = f"one {_unit(scenario, asked.item)} of {asked.item}" if asked.item else "one m3 of light goods"
    what = f"{asked.hub or 'every hub'} to {asked.to or 'every site'}, {goods}"
    if not len(legs):
        yield f"{what}: there is no lane"
    yield from _explained(legs) if flights is not None else _overview(f"{what}: lanes", legs)
    if after is not None and changes is not None:
        named = ", ".join(asked.close)
        yield _change_grid(f"What changes with {named} closed", changes)
        if flights is not None:
            moved = changes[changes["change"].isin(["changed", "new"])]["lane"]
            yield from _explained(after[after["kept"] & after["lane"].isin(moved)], f", {named} closed")
    if flights is not None and len(flights):
        yield _flight_grid(flights)


def _unit(scenario: Scenario, item: str) -> str:
    return str(scenario.items.set_index("item")["unit"].get(item, "")) or "unit"


def _explained(legs: pd.DataFrame, tail: str = "") -> Iterator[RenderableType]:
    """One table for each kept way and for the fastest beaten way of each mode, one line for each other."""
    price, emissions = legs.columns[-2:]
    found = totals(legs).sort_values(["kept", "hours"], ascending=[False, True], kind="stable")
    in_full = found[found["kept"] | ~found.duplicated("lane")]
    lines = []
    for whole in plain(found):
        rows = legs[(legs["way"] == whole["way"]) & (legs["hub"] == whole["hub"]) & (legs["site"] == whole["site"])]
        through = next((place for place in reversed(rows["from"].tolist()) if place.startswith(("air", "port"))), "")
        title = (
            f"{whole['lane']}{f' through {through}' if through else ''}: {_time(whole['hours'])}, "
            f"{_money(whole[price])} {_said(price)}, {number(whole[emissions])} {_said(emissions)}"
        )
        if whole["way"] in in_full["way"].tolist():
            beaten = "" if whole["kept"] else " (not used)"
            yield _leg_grid(title + tail + beaten, plain(rows), price, emissions)
        else:
            lines.append(f"  {title}")
    if lines:
        yield "\n".join(["Not used either:", *lines, ""])
    if not found["kept"].all():
        yield NOT_USED


def _leg_grid(title: str, legs: Sequence[dict[str, Any]], price: str, emissions: str) -> RenderableType:
    headers = ["leg", "how known", "km", "hours", _said(price), _said(emissions)]
    rows = [
        [
            f"{leg['mode']}: {leg['from']} > {leg['to']}" if leg["leg"] else f"{leg['mode']} at {leg['from']}",
            "; ".join(text for text in (leg["km_basis"], leg["note"], _time_parts(leg)) if text),
            *(number(leg[name], unit) for name, unit in (("km", "km"), ("hours", "hours"))),
            _money(leg[price]),
            number(leg[emissions]),
        ]
        for leg in legs
    ]
    return table(title, headers, rows, texts=2)


def _time_parts(leg: dict[str, Any]) -> str:
    """Say what the hours of a leg are made of, where that is more than moving."""
    parts = {part.removesuffix("_hours"): leg.get(part) or 0.0 for part in PARTS}
    if not any(hours for part, hours in parts.items() if part != "moving"):
        return ""
    return "hours: " + ", ".join(f"{part} {number(hours, 'hours')}" for part, hours in parts.items() if hours)


def _overview(title: str, legs: pd.DataFrame) -> Iterator[RenderableType]:
    price = legs.columns[-2]
    found = totals(legs)
    rows = [
        [row["hub"], row["site"], row["lane"], number(row["km"]), _time(row["hours"]), _money(row[price])]
        for row in plain(found.head(MOST_ROWS))
    ]
    yield table(title, ["from", "to", "lane", "km", "time", _said(price)], rows, texts=3)
    yield from _left_out(len(found))


def _change_grid(title: str, changes: pd.DataFrame) -> RenderableType:
    price = changes.columns[-1].removesuffix("_then")
    shown = changes[changes["change"] != "same"]
    if not len(shown):
        return f"{title}: nothing; {len(changes):,} lanes stay as they are\n"
    rows = [
        [
            row["hub"],
            row["site"],
            row["lane"],
            row["change"],
            *(_both(number(row[name]), number(row[f"{name}_then"])) for name in ("km", "hours")),
            _both(_money(row[price]), _money(row[f"{price}_then"])),
        ]
        for row in plain(shown.head(MOST_ROWS))
    ]
    counted = ", ".join(f"{count:,} {change}" for change, count in changes["change"].value_counts().items())
    headers = ["from", "to", "lane", "", "km", "hours", _said(price)]
    return table(f"{title} ({counted}{_more(len(shown))})", headers, rows, texts=4)


def _flight_grid(flights: pd.DataFrame) -> RenderableType:
    rows = [
        [
            row["aircraft"],
            row["refusal"] or (f"one stop at {row['stop']}" if row["stop"] else "non-stop"),
            number(row["km"]),
            number(row["hours"], "hours"),
            number(row["usd_per_t"]),
            number(row["usd_per_m3"]),
        ]
        for row in plain(flights)
    ]
    start, end = flights.attrs["airports"]
    title = f"Reach by aircraft, {start} > {end} (flight only, chartered full)"
    return table(title, ["aircraft", "reach", "km", "hours", "USD per t", "USD per m3"], rows, texts=2)


def _left_out(count: int) -> Iterator[RenderableType]:
    if count > MOST_ROWS:
        yield f"... and {count - MOST_ROWS:,} more; --json lists all, --from and --to choose"


def _more(count: int) -> str:
    return f"; the first {MOST_ROWS} are shown" if count > MOST_ROWS else ""


def _both(before: str, after: str) -> str:
    return before if before == after else f"{before} > {after}"


def _time(hours: float | None) -> str:
    if hours is None:
        return "closed"
    return f"{number(hours, 'hours')} h" + (f" ({hours / HOURS_PER_DAY:,.1f} days)" if hours >= HOURS_PER_DAY else "")


def _money(usd: float | None) -> str:
    return "-" if usd is None else f"{usd:,.2f}" if usd < 100 else f"{usd:,.0f}"


def _said(column: str) -> str:
    """Say a column as a heading: ``"USD per m3"``."""
    return column.replace("usd", "USD").replace("kgco2e", "kg CO2e").replace("_", " ")
