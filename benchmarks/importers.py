"""CPU seconds to read a large export: 25,000 rows, into an empty scenario and into one of as many disasters."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import xlsxwriter
from machine import describe_machine

from prepos.data.importers import import_file
from prepos.data.importers.store import save_into, save_new, started_like
from prepos.data.read import read_scenario
from prepos.library import load_scenario

COUNTRIES = ("NPL", "IND", "PHL", "KEN", "MOZ", "VUT", "HTI", "PAK", "IDN", "PER", "MWI", "TUR", "BGD", "FJI", "COL")
EMDAT_HEADER = (
    "DisNo.|Historic|Classification Key|Disaster Group|Disaster Subgroup|Disaster Type|Disaster Subtype|External IDs|"
    "Event Name|ISO|Country|Subregion|Region|Location|Origin|Associated Types|OFDA/BHA Response|Appeal|Declaration|"
    "AID Contribution ('000 US$)|Magnitude|Magnitude Scale|Latitude|Longitude|River Basin|Start Year|Start Month|"
    "Start Day|End Year|End Month|End Day|Total Deaths|No. Injured|No. Affected|No. Homeless|Total Affected|"
    "Reconstruction Costs ('000 US$)|Reconstruction Costs, Adjusted ('000 US$)|Insured Damage ('000 US$)|"
    "Insured Damage, Adjusted ('000 US$)|Total Damage ('000 US$)|Total Damage, Adjusted ('000 US$)|CPI|Admin Units|"
    "Entry Date|Last Update"
)
GIDD_HEADER = (
    "ISO3|Country / Territory|Year|Event Name|Date of Event (start)|Disaster Internal Displacements|"
    "Disaster Internal Displacements (Raw)|Hazard Category|Hazard Type|Hazard Sub Type|Event Codes (Code:Type)|"
    "Event ID|Displacement occurred"
)
EMDAT, GIDD = EMDAT_HEADER.split("|"), GIDD_HEADER.split("|")


def emdat(path: Path, rows: int) -> Path:
    """Write made-up rows in EM-DAT's layout, 46 columns wide."""
    chance = random.Random(1)
    body = []
    for n in range(rows):
        year, iso3 = 1990 + n % 35, chance.choice(COUNTRIES)
        row = dict.fromkeys(EMDAT[11:19], "text of a usual length") | {
            "DisNo.": f"{year}-{n:05d}-{iso3}", "Disaster Group": "Natural", "Disaster Type": "Flood", "ISO": iso3,
            "Disaster Subtype": "Riverine flood", "Country": iso3, "Start Year": year, "Start Month": 1 + n % 12,
            "Start Day": 1 + n % 28 if n % 5 else "", "Total Affected": chance.randrange(1, 10**6),
            "External IDs": f"GLIDE:FL-{year}-{n:06d}" if n % 3 else "",
        }  # fmt: skip
        body.append([row.get(name, "") for name in EMDAT])
    return workbook(path, "EM-DAT Data", EMDAT, body)


def gidd(path: Path, rows: int) -> Path:
    """Write made-up rows in the layout of the GIDD export."""
    chance = random.Random(2)
    body = []
    for n in range(rows):
        year, iso3, people = 2008 + n % 17, chance.choice(COUNTRIES), chance.randrange(1, 10**5)
        code = f"FL-{year}-{n:06d}-{iso3}:Glide Number" if n % 4 == 0 else ""
        body.append(
            [iso3, iso3, year, f"Flood {n}", f"{year}-{1 + n % 12:02d}-{1 + n % 28:02d}", people, people,
             "Weather related", "Flood", "Flood", code, n, "Displacement without preventive evacuations reported"]
        )  # fmt: skip
    return workbook(path, "1_Disaster_Displacement_data", GIDD, body)


def workbook(path: Path, sheet: str, header: list[str], body: list[list[object]]) -> Path:
    """Write a workbook of one sheet."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for n, row in enumerate([header, *body]):
            page.write_row(n, 0, row)
    return path


def main(rows: int) -> None:
    print(describe_machine())
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        files = {"emdat": emdat(where / "emdat.xlsx", rows), "idmc": gidd(where / "gidd.xlsx", rows)}
        base = started_like(load_scenario("iom-2015"), "plan")
        for kind, path in files.items():
            began = time.process_time()
            found = import_file(kind, path, base)
            read = time.process_time() - began
            into = where / kind
            save_new(found.scenario, found.report, into)
            whole = time.process_time() - began
            print(f"{kind}: {rows:,} rows, new scenario: {whole:.1f} s of CPU (read, merged, checked: {read:.1f} s)")
        scenario = read_scenario(where / "emdat")
        scenario = replace(scenario, warnings=())
        began = time.process_time()
        found = import_file("idmc", files["idmc"], scenario)
        save_into(scenario, found.scenario, found.report, where / "emdat")
        print(f"idmc into the scenario of emdat: {time.process_time() - began:.1f} s of CPU, {found.report.counts()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25_000)
