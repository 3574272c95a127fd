"""Small exports in the layout of each source, with made-up disasters and figures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import xlsxwriter

EMDAT_NEW = (
    "DisNo.,Historic,Classification Key,Disaster Group,Disaster Subgroup,Disaster Type,Disaster Subtype,External IDs,"
    "Event Name,ISO,Country,Subregion,Region,Location,Origin,Associated Types,OFDA/BHA Response,Appeal,Declaration,"
    "AID Contribution ('000 US$),Magnitude,Magnitude Scale,Latitude,Longitude,River Basin,Start Year,Start Month,"
    "Start Day,End Year,End Month,End Day,Total Deaths,No. Injured,No. Affected,No. Homeless,Total Affected,"
    "Reconstruction Costs ('000 US$),\"Reconstruction Costs, Adjusted ('000 US$)\",Insured Damage ('000 US$),"
    '"Insured Damage, Adjusted (\'000 US$)",Total Damage (\'000 US$),"Total Damage, Adjusted (\'000 US$)",CPI,'
    "Admin Units,Entry Date,Last Update"
)
EMDAT_OLD = (
    "Dis No,Year,Seq,Glide,Disaster Group,Disaster Subgroup,Disaster Type,Disaster Subtype,Disaster Subsubtype,"
    "Event Name,Country,ISO,Region,Continent,Location,Origin,Associated Dis,Associated Dis2,OFDA Response,Appeal,"
    "Declaration,Aid Contribution,Dis Mag Value,Dis Mag Scale,Latitude,Longitude,Local Time,River Basin,Start Year,"
    "Start Month,Start Day,End Year,End Month,End Day,Total Deaths,No Injured,No Affected,No Homeless,Total Affected,"
    "Reconstruction Costs ('000 US$),Insured Damages ('000 US$),Total Damages ('000 US$),CPI,Adm Level,Admin1 Code,"
    "Admin2 Code,Geo Locations"
)
GIDD = (
    "ISO3,Country / Territory,Year,Event Name,Date of Event (start),Disaster Internal Displacements,"
    "Disaster Internal Displacements (Raw),Hazard Category,Hazard Type,Hazard Sub Type,Event Codes (Code:Type),"
    "Event ID,Displacement occurred"
)
DTM = (
    "id,operation,admin0Name,admin0Pcode,admin1Name,admin1Pcode,admin2Name,admin2Pcode,numPresentIdpInd,reportingDate,"
    "yearReportingDate,monthReportingDate,roundNumber,assessmentType,numberMales,numberFemales,idpOriginAdmin1Name,"
    "displacementReason"
)
DTM_TAGS = (
    "#id+code,#operation+name,#country+name,#country+code,#adm1+name,#adm1+code,#adm2+name,#adm2+code,affected+idps,"
    "#date+reported,#date+year+reported,#date+month+reported,#round+code,#assessment+type,,,,"
)
DFO = "ID,GlideNumber,Country,OtherCountry,long,lat,Area,Began,Ended,Validation,Dead,Displaced,MainCause,Severity"
USGS = (
    "time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id,updated,place,type,horizontalError,depthError,"
    "magError,magNst,status,locationSource,magSource"
)


def names(header: str) -> list[str]:
    """Return the names of a header line."""
    return next(csv.reader([header]))


def lines(header: str, rows: list[dict[str, object]]) -> list[list[object]]:
    """Return a header and rows of cells; a cell that a row does not give is empty."""
    columns = names(header)
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, unknown
    return [list(columns), *([row.get(name, "") for name in columns] for row in rows)]


def emdat(number: str, **cells: object) -> dict[str, object]:
    """Return a row of the public table of EM-DAT, layout since 2023; figures are made up."""
    row: dict[str, object] = {
        "DisNo.": number,
        "Historic": "No",
        "Disaster Group": "Natural",
        "Disaster Type": "Flood",
        "Disaster Subtype": "Riverine flood",
        "ISO": "NPL",
        "Country": "Nepal",
        "Start Year": 2031,
        "Start Month": 5,
        "Start Day": 4,
        "Total Affected": 1000,
    }
    return row | {name.replace("_", " "): cell for name, cell in cells.items()}


def gidd(event: str, **cells: object) -> dict[str, object]:
    """Return a row of the GIDD export."""
    row: dict[str, object] = {
        "ISO3": "MOZ",
        "Country / Territory": "Mozambique",
        "Year": 2031,
        "Event Name": "Mozambique: Flood",
        "Event ID": event,
        "Date of Event (start)": "2031-02-11",
        "Disaster Internal Displacements": 5200,
        "Disaster Internal Displacements (Raw)": 5230,
        "Hazard Category": "Weather related",
        "Hazard Type": "Flood",
        "Hazard Sub Type": "Flood",
        "Displacement occurred": "Displacement without preventive evacuations reported",
    }
    return row | cells


def dtm(place: str, number: int, people: object, **cells: object) -> dict[str, object]:
    """Return a row of the DTM API."""
    row: dict[str, object] = {
        "operation": "Test response",
        "admin0Name": "Sudan",
        "admin0Pcode": "SDN",
        "admin1Name": place,
        "numPresentIdpInd": people,
        "reportingDate": f"2031-0{number}-20",
        "roundNumber": number,
        "displacementReason": "Conflict",
    }
    return row | cells


def dfo(number: int, **cells: object) -> dict[str, object]:
    """Return a row of the flood archive."""
    row: dict[str, object] = {
        "ID": number,
        "GlideNumber": "0",
        "Country": "Nepal",
        "OtherCountry": 0,
        "long": 85.3,
        "lat": 27.7,
        "Area": 900.5,
        "Began": "2031-07-02",
        "Ended": "2031-07-09",
        "Validation": "News",
        "Dead": 3,
        "Displaced": 4200,
        "MainCause": "Heavy rain",
        "Severity": 1,
    }
    return row | cells


def usgs(number: str, **cells: object) -> dict[str, object]:
    """Return a row of the ComCat CSV."""
    row: dict[str, object] = {
        "time": "2031-04-25T06:11:25.950Z",
        "latitude": 28.2,
        "longitude": 84.7,
        "depth": 8.2,
        "mag": 7.1,
        "magType": "mww",
        "id": number,
        "place": "30 km E of Somewhere, Nepal",
        "type": "earthquake",
    }
    return row | cells


def gdacs(number: int, **cells: object) -> dict[str, object]:
    """Return a GeoJSON feature of a GDACS event."""
    properties: dict[str, object] = {
        "eventtype": "TC",
        "eventid": number,
        "episodeid": 3,
        "eventname": "MADE-UP-31",
        "glide": "",
        "name": "Cyclone",
        "alertlevel": "Red",
        "istemporary": "false",
        "iscurrent": "true",
        "country": "Vanuatu",
        "iso3": "VUT",
        "fromdate": "2031-03-12T06:00:00",
        "todate": "2031-03-15T00:00:00",
        "affectedcountries": [{"iso3": "VUT", "countryname": "Vanuatu"}],
        "severitydata": {"severity": 240.0, "severitytext": "Category 5", "severityunit": "km/h"},
        "sendai": [
            {
                "latest": True,
                "sendainame": "displaced",
                "sendaivalue": "3,400",
                "country": "Vanuatu",
                "region": "Shefa",
            },
            {"latest": True, "sendainame": "displaced", "sendaivalue": "600", "country": "Vanuatu", "region": "Tafea"},
            {
                "latest": False,
                "sendainame": "displaced",
                "sendaivalue": "9000",
                "country": "Vanuatu",
                "region": "Shefa",
            },
        ],
    }
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [168.3, -17.7]},
        "properties": properties | cells,
    }


def glide(number: str, **cells: object) -> dict[str, object]:
    """Return an element of GLIDE's jsonglideset."""
    row: dict[str, object] = {
        "event": "FL",
        "number": number,
        "geocode": "NPL",
        "year": 2031,
        "month": 7,
        "day": 2,
        "latitude": 27.7,
        "longitude": 85.3,
        "affected": "0",
        "homeless": "1,200",
        "killed": "5",
        "location": "Bagmati",
        "docid": 1,
        "comments": "made up",
    }
    return row | cells


def appeal(number: str, **cells: object) -> dict[str, object]:
    """Return an appeal of the IFRC GO API."""
    row: dict[str, object] = {
        "aid": number,
        "name": "Nepal: Floods",
        "dtype": {"id": 12, "name": "Flood"},
        "atype": 0,
        "atype_display": "DREF",
        "code": f"MDRNP{number}",
        "num_beneficiaries": 7500,
        "start_date": "2031-07-05T00:00:00Z",
        "event": 900,
        "country": {"iso": "NP", "iso3": "NPL", "name": "Nepal"},
        "id": 4,
    }
    return row | cells


def as_csv(grid: list[list[object]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return cells as the bytes of a CSV file."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(grid)
    return text.getvalue().encode(encoding)


def write_csv(path: Path, grid: list[list[object]], separator: str = ",", encoding: str = "utf-8") -> Path:
    """Write cells as CSV."""
    path.write_bytes(as_csv(grid, separator, encoding))
    return path


def write_xlsx(path: Path, sheets: dict[str, list[list[object]]], merged: dict[str, list[str]] | None = None) -> Path:
    """Write cells as a workbook; `merged` names areas per sheet that become one cell with the value of their first."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, grid in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(grid):
            for c, cell in enumerate(row):
                if cell is not None and cell != "":
                    sheet.write(r, c, cell)
        for area in (merged or {}).get(name, []):
            first = xlsxwriter.utility.xl_cell_to_rowcol(area.split(":")[0])
            sheet.merge_range(area, grid[first[0]][first[1]])
    book.close()
    return path


def write_json(path: Path, document: object) -> Path:
    """Write a JSON document."""
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path
