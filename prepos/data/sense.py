"""Figures that contradict each other, and places and quantities that nothing can use."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from prepos.data.need_rules import units_per_person
from prepos.data.outcomes import needs
from prepos.data.subject import Subject, chosen, counted, figure, some
from prepos.data.suggest import nearest, shown
from prepos.errors import Problem

TOLERANCE = 1e-6  # on the sum of probabilities
DAYS_PER_MONTH = 365 / 12
HORIZON_DAYS = 30  # of a response


def _warning(file: str, message: str) -> Problem:
    return Problem(file, message, severity="warning")


def something_to_plan(s: Subject) -> Iterator[Problem]:
    """Check that there are hubs, items, and disasters or needs."""
    for name, noun in (("hubs", "hub"), ("items", "item")):
        if not len(s.scenario.table(name)) and name not in s.reading.unread:
            yield Problem(f"{name}.csv", f"has no row; a scenario needs at least one {noun}")
    if len(s.scenario.needs) or s.reading.unread & {"disasters", "needs"}:
        return
    if not len(s.scenario.disasters):
        message = "there is nothing to plan for; add disasters, or give outcomes.csv and needs.csv"
        yield Problem("disasters.csv", message)


def probabilities(s: Subject) -> Iterator[Problem]:
    """Check that probabilities sum to 1."""
    total = float(s.scenario.outcomes["probability"].sum())
    if len(s.scenario.outcomes) and abs(total - 1) > TOLERANCE:
        way_out = "add a 'none' row or rescale" if total < 1 else "rescale"
        yield Problem("outcomes.csv", f"probabilities sum to {total:.9g}; {way_out}")


def needs_come_out(s: Subject) -> Iterator[Problem]:
    """Check that some need comes out of the tables; outcomes without any are counted."""
    frame = s.scenario
    if not (len(frame.needs) or len(frame.disasters)):
        return
    found = needs(frame)
    source = "needs.csv" if len(frame.needs) else "disasters.csv"
    if found.empty:
        yield Problem(source, "no unit is needed in any outcome; " + _why_no_need(s))
        return
    outcomes = frame.outcomes["outcome"] if len(frame.outcomes) else frame.disasters["disaster"]
    idle = outcomes[~outcomes.isin(found["outcome"]) & (outcomes.str.casefold() != "none")].tolist()
    if idle:
        file = "outcomes.csv" if len(frame.outcomes) else "disasters.csv"
        verb = "has" if len(idle) == 1 else "have"
        yield _warning(file, f"{counted(len(idle), 'outcome')} of {len(outcomes)} {verb} no need: {some(idle)}")
    if not len(frame.needs) and len(frame.outcomes):
        left = frame.disasters.loc[~frame.disasters["disaster"].isin(frame.outcomes["outcome"]), "disaster"].tolist()
        if left:
            message = f"{counted(len(left), 'disaster')} not in outcomes.csv, so left out of the plan: {some(left)}"
            yield _warning("disasters.csv", message)


def _why_no_need(s: Subject) -> str:
    if len(s.scenario.needs):
        return "every quantity is 0"
    if units_per_person(s.scenario).fillna(0).max() > 0:
        return "check people_in_need, share_from_stock and the outcomes' names"
    return "give units_per_household or people_per_unit in items.csv"


def item_needs(s: Subject) -> Iterator[Problem]:
    """Check that items say what a household gets, where needs are computed, and say it once."""
    if len(s.scenario.needs) or not len(s.scenario.disasters):
        return
    items = s.table("items")
    household, people = items["units_per_household"], items["people_per_unit"]
    ruled = items["item"].isin(needs(s.scenario)["item"])
    for n, _ in chosen(household.isna() & people.isna() & ~ruled, household):
        message = "is empty, and so is people_per_unit: no need is computed for this item"
        yield s.at("items", n, message, "units_per_household", "warning")
    for n, _ in chosen(household.notna() & people.notna(), household):
        message = "is not used, since units_per_household is given too"
        yield s.at("items", n, message, "people_per_unit", "warning")


def need_rules(s: Subject) -> Iterator[Problem]:
    """Check that the months of need rules are whole and come in pairs, and that their hazards happen."""
    rules = s.table("need_rules")
    first, last = rules["month_from"], rules["month_to"]
    for n, is_first in chosen(first.isna() != last.isna(), first.isna()):
        empty, other = ("month_from", "month_to") if is_first else ("month_to", "month_from")
        yield s.at("need_rules", n, f"is empty, but {other} is given; give both, or neither for every month", empty)
    for name in ("month_from", "month_to"):
        for n, month in chosen(rules[name] % 1 > 0, rules[name]):
            yield s.at("need_rules", n, f"{figure(month)} is not a month; write a whole number from 1 to 12", name)
    both = rules["units_per_household"].notna() & rules["people_per_unit"].notna()
    for n, _ in chosen(both, rules["item"]):
        message = "is not used, since units_per_household is given too"
        yield s.at("need_rules", n, message, "people_per_unit", "warning")
    known = set(s.scenario.disasters["hazard"])
    for n, hazard in chosen((rules["hazard"] != "") & ~rules["hazard"].isin(known), rules["hazard"]):
        message = f"no disaster has hazard {shown(hazard)}{nearest(hazard, known - {''})}: the rule is never used"
        yield s.at("need_rules", n, message, "hazard", "warning")


def shelf_life(s: Subject) -> Iterator[Problem]:
    """Check that an item lasts longer than it takes to get it."""
    items = s.table("items")
    lead, months = items["lead_time_days"], items["shelf_life_months"]
    for n, days in chosen(months * DAYS_PER_MONTH <= lead, lead):
        message = f"is no longer than the lead time of {figure(days)} days: the item expires before it arrives"
        yield s.at("items", n, message, "shelf_life_months", "warning")


def assumed_figures(s: Subject) -> Iterator[Problem]:
    """Check for figures that are unknown and change the answer: say what is taken in their place."""
    items = s.table("items")
    wait = items["deprivation_usd_day"] * HORIZON_DAYS
    for n, usd in chosen(items["shortage_usd"] < wait * (1 - TOLERANCE), wait):
        message = f"is below the cost of waiting {HORIZON_DAYS} days, {figure(usd)} USD: late can cost more than never"
        yield s.at("items", n, message, "shortage_usd", "warning")
    settings, disasters = s.scenario.settings, s.scenario.disasters
    undated = settings.outcomes == "disasters" and settings.disasters_per_year is None and len(disasters)
    if undated and not (disasters["date"] != "").any():
        message = "disasters_per_year is not given and no disaster has a date: taken as 1 a year"
        yield _warning("scenario.toml", message)


def lanes_to_nowhere(s: Subject) -> Iterator[Problem]:
    """Check that given lanes lead to sites where something is needed."""
    needed = set(needs(s.scenario)["site"])
    idle = sorted(set(s.scenario.lanes["site"]) - needed)
    if idle and needed:
        hint = nearest(idle[0], needed) if len(idle) == 1 else ""
        yield _warning("lanes.csv", f"nothing is needed at {counted(len(idle), 'site')}: {some(idle)}{hint}")


def positions(s: Subject) -> Iterator[Problem]:
    """Check that latitude and longitude come together, and not as 0, 0."""
    for table in ("hubs", "sites", "disasters", "suppliers"):
        frame = s.table(table)
        lat, lon = frame["lat"], frame["lon"]
        for n, is_lat in chosen(lat.isna() != lon.isna(), lat.isna()):
            empty, other = ("lat", "lon") if is_lat else ("lon", "lat")
            yield s.at(table, n, f"is empty, but {other} is given; a place needs both", empty)
        for n, _ in chosen((lat == 0) & (lon == 0), lat):
            message = "lat 0, lon 0 is a point in the Atlantic; leave both empty where the place is unknown"
            yield s.at(table, n, message, "lat", "warning")


def countries(s: Subject) -> Iterator[Problem]:
    """Check that countries are three capital letters (AB9, Abyei, stands in several sources)."""
    for table in ("hubs", "sites", "disasters"):
        cells = s.table(table)["iso3"]
        for n, text in chosen((cells != "") & ~cells.str.fullmatch("[A-Z]{2}[A-Z0-9]"), cells):
            hint = f"; write {text.upper()}" if re.fullmatch("[A-Za-z]{3}", text) else ""
            yield s.at(table, n, f"{shown(text)} is not a country code of three capital letters (KEN){hint}", "iso3")


def served_countries(s: Subject) -> Iterator[Problem]:
    """Check that a forward stock serves countries that something happens in."""
    cells = s.table("hubs")["serves"]
    seen = (set(s.scenario.disasters["iso3"]) | set(s.scenario.sites["iso3"])) - {""}
    for n, text in chosen(cells != "", cells):
        codes = [part.strip() for part in text.split(";") if part.strip()]
        for code in codes:
            if not re.fullmatch("[A-Z]{3}", code):
                message = (
                    f"{shown(code)} is not a country code of three capital letters; separate codes with ';' (FJI;VUT)"
                )
                yield s.at("hubs", n, message, "serves")
        strange = [code for code in codes if seen and code not in seen and re.fullmatch("[A-Z]{3}", code)]
        if strange:
            share = "all" if len(strange) == len(codes) else f"{len(strange)} of the {len(codes)}"
            message = f"no disaster or site is in {some(strange)} ({share} countries that the hub serves)"
            yield s.at("hubs", n, message, "serves", "warning")


def disaster_places(s: Subject) -> Iterator[Problem]:
    """Check that a disaster happens somewhere."""
    frame = s.table("disasters")
    lanes = set(s.scenario.lanes["site"])
    named = (frame["site"] != "") & (bool(len(s.scenario.sites)) | frame["site"].isin(lanes))
    known = named | frame["disaster"].isin(lanes) | frame["lat"].notna() | frame["lon"].notna() | (frame["iso3"] != "")
    for n, name in chosen(~known, frame["disaster"]):
        yield s.at("disasters", n, f"{shown(name)} has no place; fill site, lat and lon, or iso3")


def lane_hours(s: Subject) -> Iterator[Problem]:
    """Check that only a row for one outcome may leave its hours empty."""
    lanes = s.table("lanes")
    for n, _ in chosen(lanes["hours"].isna() & (lanes["outcome"] == ""), lanes["hours"]):
        message = "is empty; write the hours (only a row for one outcome may do without: it closes the lane there)"
        yield s.at("lanes", n, message, "hours")


def lane_prices(s: Subject) -> Iterator[Problem]:
    """Check that lanes have one price: for a unit, or by weight and volume."""
    lanes = s.table("lanes")
    lanes = lanes[lanes["hours"].notna()]
    by_size = lanes["usd_per_kg"].notna() | lanes["usd_per_m3"].notna()
    free = int((lanes["usd_per_unit"].isna() & ~by_size).sum())
    double = int((lanes["usd_per_unit"].notna() & by_size).sum())
    if free:
        verb = "has" if free == 1 else "have"
        yield _warning(
            "lanes.csv", f"{free:,} of {counted(len(lanes), 'lane')} {verb} no price; freight there counts as 0 USD"
        )
    if double:
        verb = "has" if double == 1 else "have"
        message = f"{counted(double, 'lane')} {verb} usd_per_unit and a price by kg or m3 as well; usd_per_unit is used"
        yield _warning("lanes.csv", message)


def unusable_stock(s: Subject) -> Iterator[Problem]:
    """Check that stock stands at hubs that are open."""
    units = s.scenario.stock.groupby("hub", sort=False)["quantity"].sum()
    hubs = s.table("hubs")
    hubs = hubs[hubs["status"].isin(["candidate", "closed"])]
    for hub, status in zip(hubs["hub"], hubs["status"], strict=True):
        if units.get(hub, 0) > 0:
            what = "a candidate" if status == "candidate" else "closed"
            message = f"hub '{hub}' is {what}: its {figure(units[hub])} units cannot be used until it is opened"
            yield _warning("stock.csv", message)


def full_hubs(s: Subject) -> Iterator[Problem]:
    """Check that today's stock fits into its hub, or into its largest tier."""
    m3 = s.scenario.items.drop_duplicates("item").set_index("item")["unit_m3"]
    stock = s.scenario.stock
    volume = (stock["quantity"] * stock["item"].map(m3)).groupby(stock["hub"]).sum()
    tiers = s.scenario.hub_tiers.groupby("hub")["capacity_m3"].max()
    hubs = s.table("hubs")
    room = hubs["hub"].map(tiers).fillna(hubs["capacity_m3"])
    held = hubs["hub"].map(volume)
    over = held > room * (1 + TOLERANCE)
    for (n, hub), m3_held, m3_room in zip(chosen(over, hubs["hub"]), held[over], room[over], strict=True):
        place = "its largest tier" if hub in tiers.index else "its capacity"
        message = f"the stock of '{hub}' takes {figure(m3_held)} m3, {figure(m3_held - m3_room)} m3 more than {place}"
        yield s.at("hubs", n, f"{message} ({figure(m3_room)} m3)", "capacity_m3", "warning")


def stranded_sources(s: Subject) -> Iterator[Problem]:
    """Check that hubs and suppliers have lanes, or a place that lanes can be computed from."""
    units: pd.Series = s.scenario.stock.groupby("hub")["quantity"].sum()
    for column in ("hub", "supplier"):
        frame = s.table(f"{column}s")
        stuck, reason = _stranded(s, frame, column)
        if column == "hub":
            stuck &= (frame["status"] != "closed") | frame["hub"].isin(units.index[units > 0])
        for n, name in chosen(stuck & ~frame[column].duplicated(), frame[column]):
            held = float(units.get(name, 0.0))
            effect = f"its {figure(held)} units reach nobody" if held else "it can serve nobody"
            yield s.at(f"{column}s", n, f"{column} '{name}' has {reason}: {effect}", severity="warning")


def _stranded(s: Subject, frame: pd.DataFrame, column: str) -> tuple[pd.Series, str]:
    if len(s.scenario.lanes):
        starts = s.scenario.lanes.loc[s.scenario.lanes["hours"].notna(), "hub"]
        return ~frame[column].isin(starts), "no open lane in lanes.csv"
    return frame["lat"].isna() & frame["lon"].isna(), "no lat and lon, and there is no lanes.csv"


def unreached_needs(s: Subject) -> Iterator[Problem]:
    """Check that given lanes lead to every site with needs, for the items needed there."""
    lanes = s.scenario.lanes
    wanted = needs(s.scenario)
    if not len(lanes) or wanted.empty:
        return
    running = pd.MultiIndex.from_frame(lanes.loc[lanes["hours"].notna(), ["outcome", "site", "item"]])
    every = pd.Series("", index=wanted.index, dtype="str")
    reached = pd.Series(False, index=wanted.index)
    for outcome in (wanted["outcome"], every):
        for item in (wanted["item"], every):
            reached |= pd.MultiIndex.from_arrays([outcome, wanted["site"], item]).isin(running)
    for site, rows in wanted[~reached].groupby("site", sort=False):
        items, cases = rows["item"].unique().tolist(), counted(rows["outcome"].nunique(), "outcome")
        message = f"no lane leads to site '{site}' for {some(items)}: {figure(rows['quantity'].sum())} units in {cases}"
        yield _warning("lanes.csv", f"{message} cannot be met")


def supplier_places(s: Subject) -> Iterator[Problem]:
    """Check that a supplier is in one place."""
    frame = s.table("suppliers")
    places = frame.groupby("supplier")[["lat", "lon"]].nunique().max(axis=1)
    for name in places.index[places > 1]:
        n = int(frame.index[frame["supplier"] == name][1])
        message = f"supplier '{name}' has different places in its rows; give each place its own id"
        yield s.at("suppliers", n, message, "lat")


def settings_in_use(s: Subject) -> Iterator[Problem]:
    """Check that settings have the effect that they seem to have."""
    settings = s.scenario.settings
    if settings.outcomes == "seasons" and not (len(s.scenario.outcomes) and len(s.scenario.needs)):
        message = "'seasons' without outcomes.csv and needs.csv: each disaster is taken as a season of its own"
        yield Problem("scenario.toml", message, column="outcomes", severity="warning")
    if settings.share_from_stock != 1 and len(s.scenario.needs):
        message = "has no effect, since needs.csv gives the needs"
        yield Problem("scenario.toml", message, column="share_from_stock", severity="warning")
    if len(s.scenario.needs) and (settings.need_rules or len(s.scenario.need_rules)):
        file, column = ("scenario.toml", "need_rules") if settings.need_rules else ("need_rules.csv", "")
        yield Problem(file, "has no effect, since needs.csv gives the needs", column=column, severity="warning")
