"""The folder of the ESUPS / Gurobi case study (STOCKHOLM): depots, stock, needs and lanes as a whole scenario.

The peer's rules: a need is what is affected beyond what the country can serve itself, over persons per item; a
truck takes a fixed time and a stretched driving time, and costs a fixed and a distance part for each tonne.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prepos.data.importers.countries import country_of
from prepos.data.importers.esups_files import DEFAULT, OFF, Folder, address_name, figure, persons_per_item
from prepos.data.importers.frames import Line, frame_of
from prepos.data.importers.hazards import hazard_of
from prepos.data.importers.kind import Kind
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report
from prepos.data.importers.row import km
from prepos.data.importers.values import text_of
from prepos.data.scenario import Scenario, Settings, empty_table
from prepos.data.suggest import closest, nearest
from prepos.errors import DataError, Problem

MODES = {"Truck": "road", "Air": "air", "Sea": "sea", "Ship": "sea"}
SHORTAGE_TIMES = 1000.0  # shortage of a unit over the dearest lane of one, so that no unit is left for its freight
LICENCE = (
    "ESUPS / Gurobi case study: Apache-2.0; its disaster rows carry EM-DAT ids and totals, keep those to yourself."
)


def read(path: Path, base: Scenario, options: Options, report: Report) -> Scenario:
    """Return the scenario of an ESUPS folder for one inventory file."""
    folder = Folder(path, report)
    hubs = _hubs(folder)
    stock = _stock(folder, options.stock, hubs)
    needs, years = _needs(folder, report)
    items = _items(folder, needs, stock, report)
    sites = _sites(folder, {site for _, site, _ in needs})
    lanes = _lanes(folder, hubs, sites, report)
    outcomes = sorted({outcome for outcome, _, _ in needs})
    if not (hubs and needs and lanes):
        missing = "depots" if not hubs else "needs" if not needs else "lanes"
        raise DataError(path.name, [Problem(path.name, f"gives no {missing}: nothing to plan for")])
    dearest = max(lane["usd_per_kg"] for lane in lanes) * max(item["unit_kg"] for item in items)
    shortage = _round_up(dearest * SHORTAGE_TIMES)
    report.remark(
        f"shortage_usd of every item is {shortage:g} USD: {SHORTAGE_TIMES:g} times the dearest lane, rounded up"
    )
    tables: dict[str, list[Line]] = {
        "hubs": list(hubs.values()),
        "items": [item | {"shortage_usd": shortage} for item in items],
        "stock": [{"hub": hub, "item": item, "quantity": units} for (hub, item), units in stock.items()],
        "sites": list(sites.values()),
        "lanes": lanes,
        "outcomes": [{"outcome": outcome, "probability": 1 / len(outcomes)} for outcome in outcomes],
        "needs": [{"outcome": w, "site": j, "item": k, "quantity": units} for (w, j, k), units in needs.items()],
    }
    frames: dict[str, Any] = {name: frame_of(lines, empty_table(name)) for name, lines in tables.items()}
    return Scenario(base.name, _settings(options.stock, len(outcomes), years, report), **frames)


def _settings(stock: str, outcomes: int, years: set[int], report: Report) -> Settings:
    rate = outcomes / (max(years) - min(years) + 1)
    report.remark(f"disasters_per_year {rate:.3g}: {outcomes} disasters from {min(years)} to {max(years)}")
    return Settings(
        title=f"ESUPS case study, stock '{stock}'",
        question="How well does the stock answer the disasters of the past, and would it do better elsewhere?",
        disasters_per_year=rate,
        sources={
            "esups": "ESUPS / Gurobi case study (Gurobi/gurobi-casestudy-esups, Apache-2.0); disasters after EM-DAT"
        },
    )


def _hubs(folder: Folder) -> dict[str, Line]:
    """Return depot address -> row of hubs, for those that are selected."""
    chosen = {}
    for line in folder.rows("depotSelection.csv", "gglAddressAscii", "include"):
        if figure(line["include"]) == 1:
            folder.take(line, "hubs", text_of(line["gglAddressAscii"]))
            chosen[text_of(line["gglAddressAscii"])] = line
        else:
            folder.leave_out(line, "not selected: include is not 1")
    hubs: dict[str, Line] = {}
    for line in folder.rows("depotCoordinates.csv", "gglAddressAscii", "gglLat", "gglLong"):
        address = text_of(line["gglAddressAscii"])
        if address not in chosen:
            folder.leave_out(line, "a depot that is not selected")
            continue
        hubs[address] = _located(line, "hub", address_name(address, chosen))
        folder.take(line, "hubs", address)
    for address in chosen:
        hubs.setdefault(address, {"hub": address_name(address, chosen), "name": address})
    return hubs


def _located(line: Mapping[str, Any], kind: str, name: str) -> Line:
    country = country_of(text_of(line.get("gglCountryAscii", ""))).iso3
    place = {"lat": figure(line["gglLat"]), "lon": figure(line["gglLong"]), "iso3": country}
    return {kind: name, "name": text_of(line["gglAddressAscii"]), **place}


def _stock(folder: Folder, name: str, hubs: Mapping[str, Line]) -> dict[tuple[str, str], float]:
    """Return (hub, item) -> units of one inventory file; depots that stand in for others by the mapping."""
    moved = {
        text_of(line["gglAddressAsciiMapFrom"]): text_of(line["gglAddressAsciiMapTo"])
        for line in folder.used("depotMapping.csv", "gglAddressAsciiMapFrom", "gglAddressAsciiMapTo")
    }
    stock: dict[tuple[str, str], float] = {}
    for line in folder.rows(folder.inventory(name), "ItemName", "gglAddress", "Total"):
        address = text_of(line["gglAddress"])
        hub = hubs.get(moved.get(address, address))
        units = figure(line["Total"])
        if hub is None:
            folder.leave_out(line, f"'{address}' is not a selected depot{nearest(address, hubs)}")
        elif not units >= 0:
            folder.leave_out(line, "Total is not a number of units")
        else:
            key = (hub["hub"], text_of(line["ItemName"]))
            stock[key] = stock.get(key, 0.0) + units
            folder.take(line, "stock", ", ".join(key))
    return stock


def _needs(folder: Folder, report: Report) -> tuple[dict[tuple[str, str, str], float], set[int]]:
    """Return (disaster, site, item) -> units, and the years of the disasters."""
    counted = set()
    listed = []
    for line in folder.rows("disasterTypeSelection.csv", "disasterType", "include"):
        listed.append(text_of(line["disasterType"]))
        if figure(line["include"]) == 1:
            counted.add(listed[-1])
            folder.take(line, "", "")
        else:
            folder.leave_out(line, "a type of disaster that is not selected")
    per_item = persons_per_item(folder)
    served = _served(folder)
    needs: dict[tuple[str, str, str], float] = {}
    years: set[int] = set()
    for line in folder.rows("disasters.csv", "DisasterID", "gglAddress", "Type", "TotAffected", "Year"):
        kind, people = text_of(line["Type"]), figure(line["TotAffected"])
        if kind not in counted:
            near = next((other for other in listed if hazard_of(other) == hazard_of(kind)), None) or closest(
                kind, listed
            )
            hint = "" if kind in listed else f"; not in the list at all (nearest: '{near or 'none'}')"
            folder.leave_out(line, f"type '{kind}' is not selected{hint}")
        elif not people >= 0:
            folder.leave_out(line, "TotAffected is not a number of people")
        else:
            site, outcome = address_name(text_of(line["gglAddress"])), text_of(line["DisasterID"])
            for item, persons in per_item(line).items():
                beyond = max(0.0, people - served(text_of(line.get("gglCountry")), item))
                needs[outcome, site, item] = needs.get((outcome, site, item), 0.0) + beyond / persons
            if not math.isnan(figure(line["Year"])):
                years.add(int(figure(line["Year"])))
            folder.take(line, "needs", f"{outcome}, {site}")
    report.remark(
        "need = (people affected - people whom the country can serve itself) / persons per item, in each place"
    )
    return needs, years or {2000}


def _served(folder: Folder) -> Any:
    """Return a function: (country, item) -> people whom the country serves itself in each place."""
    known: dict[tuple[str, str], float] = {}
    here = folder.countries
    for line in folder.rows("abilityToRespond.csv", "gglCountry", "item", "capacityToRespond"):
        country = text_of(line["gglCountry"])
        if country in here:
            known[country, text_of(line["item"])] = figure(line["capacityToRespond"])
            folder.take(line, "", "")
        else:
            folder.leave_out(line, "a country without a disaster here")
    return lambda country, item: known.get((country, item), known.get((country, DEFAULT), 0.0))


def _items(
    folder: Folder, needs: Mapping[tuple[str, str, str], float], stock: Mapping[tuple[str, str], float], report: Report
) -> list[Line]:
    """Return the items that are needed or in stock; weights come in metric tons."""
    wanted = {item for _, _, item in needs} | {item for _, item in stock}
    items: list[Line] = []
    for line in folder.rows("items.csv", "ItemName", "WeightMetricTon", "CubicMeters"):
        name = text_of(line["ItemName"])
        kg, m3 = 1000 * figure(line["WeightMetricTon"]), figure(line["CubicMeters"])
        if name not in wanted:
            folder.leave_out(line, "neither needed (personsPerItem.csv) nor in stock")
        elif math.isnan(kg) or math.isnan(m3):
            folder.leave_out(line, "weight or volume is not a number")
        else:
            items.append({"item": name, "unit_kg": kg, "unit_m3": m3})
            folder.take(line, "items", name)
            report.note(folder.id_of(line), "changed", "weight in metric tons to kg", "WeightMetricTon", kg / 1000, kg)
    lost = sorted(wanted - {item["item"] for item in items})
    if lost:
        message = f"does not hold {', '.join(lost)}, which the stock names; add the weight and volume"
        raise DataError(folder.path.name, [Problem("items.csv", message)])
    return items


def _sites(folder: Folder, needed: set[str]) -> dict[str, Line]:
    """Return address -> row of sites, for places with needs."""
    sites: dict[str, Line] = {}
    for line in folder.rows("disasterCoordinates.csv", "gglAddressAscii", "gglLat", "gglLong"):
        address = text_of(line["gglAddressAscii"])
        if address_name(address) in needed:
            sites[address] = _located(line, "site", address_name(address))
            folder.take(line, "sites", address_name(address))
        else:
            folder.leave_out(line, "no selected disaster struck this place")
    for name in needed - {site["site"] for site in sites.values()}:
        sites[name] = {"site": name}
    return sites


@dataclass(frozen=True)
class _Mode:
    name: str
    by_road: bool
    longest: float


def _lanes(folder: Folder, hubs: Mapping[str, Line], sites: Mapping[str, Line], report: Report) -> list[Line]:
    modes = _modes(folder, report)
    lanes: list[Line] = []
    for line in folder.rows("distanceMatrix.csv", "depotGglAddressAscii", "disasterGglAddressAscii", "distance_km"):
        depot, place = text_of(line["depotGglAddressAscii"]), text_of(line["disasterGglAddressAscii"])
        hub, site = hubs.get(depot), sites.get(place)
        if hub is None or site is None:
            folder.leave_out(line, "not between a selected depot and a place with needs")
            continue
        made = [lane for mode in modes if (lane := _lane(folder, mode, line, depot, hub, site)) is not None]
        if made:
            lanes += made
            folder.take(line, "lanes", f"{hub['hub']}, {site['site']}")
        else:
            folder.leave_out(line, "no lane: driving time at or above the limit, or not a number")
    return lanes


def _modes(folder: Folder, report: Report) -> list[_Mode]:
    """Return the modes in use; a mode with a parameter of 1e8 or more is switched off."""
    parameters = folder.parameters()
    modes = []
    for line in folder.rows("transportModes.csv", "Mode", "DistanceMethod", "MaxDrivingTimeCutAboveHrs"):
        name = text_of(line["Mode"])
        figures = [value for (_, mode, _), value in parameters.items() if mode == name]
        if not figures or max(figures) >= OFF:
            folder.leave_out(line, "switched off: a parameter of 1e8 or more, or none at all")
            continue
        modes.append(
            _Mode(name, text_of(line["DistanceMethod"]) != "crowScale", figure(line["MaxDrivingTimeCutAboveHrs"]))
        )
        folder.take(line, "", "")
    report.remark(f"modes in use: {', '.join(mode.name for mode in modes) or 'none'}")
    return modes


def _lane(folder: Folder, mode: _Mode, line: Line, depot: str, hub: Line, site: Line) -> Line | None:
    def parameter(name: str, default: float) -> float:
        known = folder.parameters()
        return known.get((name, mode.name, depot), known.get((name, mode.name, DEFAULT), default))

    distance = figure(line["distance_km"]) if mode.by_road else km(hub["lat"], hub["lon"], site["lat"], site["lon"])
    distance *= parameter("StretchDistanceFactor", 1.0)
    driving = figure(line.get("drivingTime_hrs")) if mode.by_road else distance / parameter("SpeedKmPerHr", math.inf)
    if math.isnan(distance) or math.isnan(driving) or (mode.by_road and driving >= mode.longest):
        return None
    hours = parameter("FixedAddlTime_Hrs", 0.0) + parameter("StretchTimeFactor", 1.0) * driving
    usd_per_ton = parameter("FixedAddlCost_USD", 0.0) + parameter("VarCost_USD_ton_km", 0.0) * distance
    name = MODES.get(mode.name, mode.name.casefold())
    return {"hub": hub["hub"], "site": site["site"], "mode": name, "hours": hours, "usd_per_kg": usd_per_ton / 1000}


def _round_up(usd: float) -> float:
    """Round up to one digit that counts: 1,834 to 2,000."""
    step = 10 ** math.floor(math.log10(usd)) if usd > 0 else 1.0
    return float(math.ceil(usd / step) * step)


ESUPS = Kind("esups", "ESUPS / STOCKHOLM folder (a whole scenario)", read, licence=LICENCE)
