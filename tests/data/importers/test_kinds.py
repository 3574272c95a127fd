from __future__ import annotations

import datetime

import pytest

from tests.data.importers import samples as s
from tests.data.importers.conftest import said


def row_of(found, name):
    return found.scenario.disasters.set_index("disaster").loc[name]


def test_the_emdat_table_of_today_is_read_from_its_workbook(imported, tmp_path):
    rows = [
        s.emdat("2031-0001-NPL", External_IDs="GLIDE:FL-2031-000009"),
        s.emdat("2031-0002-VUT", ISO="VUT", Country="Vanuatu", Latitude="17.50 S", Longitude="168.2 E", Start_Day=""),
        s.emdat("2031-0003-KEN", ISO="KEN", Country="Kenya", **{"No. Homeless": 400, "No. Affected": 600}),
    ]
    path = s.write_xlsx(
        tmp_path / "public_emdat.xlsx",
        {"EM-DAT Data": s.lines(s.EMDAT_NEW, rows), "EM-DAT Info": [["Source:", "EM-DAT"], ["Version", "2031-01-01"]]},
    )
    found = imported("emdat", path)
    first, second, third = (row_of(found, f"EMDAT-2031-000{n}") for n in ("1-NPL", "2-VUT", "3-KEN"))
    assert (first["glide"], first["date"], first["hazard"], first["affected"]) == (
        "FL-2031-000009",
        "2031-05-04",
        "FL",
        1000,
    )
    assert first["people_in_need"] == 400
    assert "affected x 0.40" in first["basis"]
    assert (second["lat"], second["lon"], second["date"]) == (-17.5, 168.2, "2031-05-01")
    assert third["people_in_need"] == 400
    assert "homeless" in third["basis"]
    assert any("'EM-DAT Data' is read; not read: EM-DAT Info" in remark for remark in found.report.remarks)
    assert "forbid" in found.report.licence


def test_the_old_emdat_table_is_read_below_its_six_heading_rows(imported, tmp_path):
    row = {
        "Dis No": "2019-0001-MOZ",
        "Year": 2019,
        "Seq": "0001",
        "Glide": "TC-2019-000021",
        "Disaster Group": "Natural",
        "Disaster Type": "Storm",
        "Disaster Subtype": "Tropical cyclone",
        "ISO": "MOZ",
        "Country": "Mozambique",
        "Start Year": 2019,
        "Start Month": 3,
        "Start Day": 14,
        "No Injured": "1,600",
        "No Affected": "100.000",
        "Total Affected": "101,600",
        "Latitude": "19.83 S",
        "Longitude": "34.85 E",
    }
    head = [["Source: EM-DAT"], ["File creation date:"], ["Table type"], ["# of records: 1"], [], ["Made up"]]
    found = imported("emdat", s.write_xlsx(tmp_path / "old.xlsx", {"emdat data": head + s.lines(s.EMDAT_OLD, [row])}))
    line = row_of(found, "EMDAT-2019-0001-MOZ")
    assert (line["hazard"], line["affected"], line["lat"], line["glide"]) == ("TC", 101600, -19.83, "TC-2019-000021")
    assert "thousands separator left out" in said(found, "changed")
    assert any("header stands in row 7" in remark for remark in found.report.remarks)


def test_the_gidd_export_is_read_and_parts_of_one_event_are_added_up(imported, tmp_path):
    rows = [
        s.gidd("77", **{"Event Codes (Code:Type)": "FL-2031-000064-MOZ:Glide Number; MDRMZ001:IFRC Appeal ID"}),
        s.gidd(
            "78",
            **{"Disaster Internal Displacements (Raw)": 1000, "Event Codes (Code:Type)": "FL-2031-000064-MOZ:Glide"},
        ),
        s.gidd(
            "79", **{"Date of Event (start)": datetime.date(2031, 6, 2), "Hazard Sub Type": "Typhoon/Hurricane/Cyclone"}
        ),
    ]
    found = imported(
        "idmc", s.write_xlsx(tmp_path / "gidd.xlsx", {"1_Disaster_Displacement_data": s.lines(s.GIDD, rows)})
    )
    assert row_of(found, "GIDD-77-MOZ")["displaced"] == 6230
    assert row_of(found, "GIDD-79-MOZ")["hazard"] == "TC"
    assert row_of(found, "GIDD-79-MOZ")["date"] == "2031-06-02"
    assert found.report.counts()["merged"] == 1


def test_the_gidd_rest_answer_is_read(imported, tmp_path):
    record = {
        "iso3": "PHL",
        "country_name": "Philippines",
        "year": 2031,
        "start_date": "2031-11-08",
        "start_date_accuracy": "Day",
        "event_name": "Typhoon Made-up",
        "new_displacement": 12345,
        "new_displacement_rounded": 12000,
        "total_displacement": 99999,
        "hazard_type_name": "Storm",
        "hazard_sub_type_name": "Typhoon/Hurricane/Cyclone",
        "glide_numbers": ["TC-2031-000139-PHL"],
        "event_codes": [],
        "hazard_category_name": "Weather related",
    }
    path = s.write_json(tmp_path / "gidd.json", {"count": 2, "next": "page 2", "results": [record, "not an object"]})
    found = imported("idmc", path)
    line = found.scenario.disasters.iloc[-1]
    assert (line["displaced"], line["glide"], line["hazard"]) == (12345, "TC-2031-000139-PHL", "TC")
    assert found.report.counts()["left_out"] == 1
    assert any("one page of a longer list" in remark for remark in found.report.remarks)


def test_idmc_updates_keep_the_recommended_figure_only(imported, tmp_path):
    record = {
        "id": 1,
        "iso3": "MMR",
        "country": "Myanmar",
        "latitude": 16.8,
        "longitude": 96.1,
        "figure": 300,
        "role": "Recommended figure",
        "displacement_type": "Disaster",
        "displacement_date": "2031-05-03",
        "event_id": 5,
        "event_name": "Flood",
        "type": "Flood",
        "subtype": "Flood",
    }
    found = imported("idmc", s.write_json(tmp_path / "idu.json", [record, record | {"id": 2, "role": "Triangulation"}]))
    assert found.report.counts()["left_out"] == 1
    assert "twice" in said(found, "left out")[0]


def test_idmc_households_are_read_as_people(imported, tmp_path):
    cells = {
        "ID": 1,
        "ISO3": "SYR",
        "Country": "Syria",
        "Figure cause": "Disaster",
        "Year": 2031,
        "Figure unit": "Household",
        "Figure category": "Internal Displacements",
        "Reported figures": 40,
        "Household size": 5.0,
        "Total figures": 200,
        "Hazard type": "Earthquake",
        "Start date": "2031-02-06",
        "Event ID": 9,
        "Event name": "Earthquake",
    }
    stock = cells | {"ID": 2, "Figure category": "IDPs", "Total figures": 900}
    features = [{"type": "Feature", "properties": p, "geometry": None} for p in (cells, stock)]
    path = s.write_json(tmp_path / "figures.geojson", {"type": "FeatureCollection", "features": features})
    found = imported("idmc", path)
    assert row_of(found, "GIDD-9-SYR")["displaced"] == 200
    assert any("households" in why for why in said(found, "warning"))
    assert "a stock" in said(found, "left out")[0]


def test_dtm_rounds_become_rises(imported, tmp_path):
    rows = [
        s.dtm("A", 1, 1000),
        s.dtm("B", 1, 500),
        s.dtm("A", 2, 1400),
        s.dtm("B", 2, 450),
        s.dtm("C", 2, 50),
        s.dtm("A", 3, 1500),
        s.dtm("A", 4, "n/a"),
    ]
    grid = s.lines(s.DTM, rows)
    grid.insert(1, s.names(s.DTM_TAGS))
    found = imported("dtm", s.write_xlsx(tmp_path / "dtm.xlsx", {"IDPs": grid}))
    rises = found.scenario.disasters.set_index("disaster")["displaced"].filter(like="DTM-").to_dict()
    assert rises == {"DTM-SDN-R2-CF-Test-response": 450.0, "DTM-SDN-R3-CF-Test-response": 100.0}
    assert found.report.counts() | {"rows": 7, "left_out": 2, "read": 5} == found.report.counts()
    assert any("no new displacement" in why for why in said(found, "left out"))
    assert any("the base of the next difference" in why for why in said(found, "changed"))


def test_dtm_can_take_the_first_round_as_new_displacement(imported_rows):
    found = imported_rows("dtm", s.DTM, [s.dtm("A", 1, 1000)], first_round="all")
    assert found.scenario.disasters["displaced"].iloc[-1] == 1000
    assert len(imported_rows("dtm", s.DTM, [s.dtm("A", 1, 1000)]).scenario.disasters) == 2


def test_dtm_in_households_is_multiplied_and_said_so(imported_rows):
    header = s.DTM.replace("numPresentIdpInd", "Households")
    rows = [s.dtm("A", n, "") | {"Households": 100 * n} for n in (1, 2)]
    found = imported_rows(
        "dtm", header, [{k: v for k, v in r.items() if k != "numPresentIdpInd"} for r in rows], household_size=6
    )
    assert found.scenario.disasters["displaced"].iloc[-1] == 600
    assert "households x 6 people" in said(found, "guessed")


def test_dtm_api_json_is_read(imported, tmp_path):
    document = {"isSuccess": True, "result": [s.dtm("A", 1, 10), s.dtm("A", 2, 30)]}
    assert imported("dtm", s.write_json(tmp_path / "dtm.json", document)).scenario.disasters["displaced"].iloc[-1] == 20


def test_gdacs_sums_the_latest_figure_of_each_region(imported, tmp_path):
    features = [
        s.gdacs(1001),
        s.gdacs(1001, episodeid=2, sendai=[]),
        s.gdacs(1002, iso3="FJI", country="Fiji", sendai=[]),
    ]
    path = s.write_json(tmp_path / "gdacs.geojson", {"type": "FeatureCollection", "features": features})
    found = imported("gdacs", path)
    line = row_of(found, "old-vut")
    assert (line["displaced"], line["lat"], line["people_in_need"]) == (4000, -17.7, 800)
    assert "the latest is kept" in " ".join(said(found, "merged"))
    assert "no figure of people" in said(found, "left out")[0]


def test_one_gdacs_event_alone_is_read(imported, tmp_path):
    found = imported("gdacs", s.write_json(tmp_path / "one.json", s.gdacs(1001)))
    assert found.report.counts()["rows"] == 1
    assert found.report.counts()["read"] == 1


def test_glide_numbers_are_read_and_a_zero_is_unknown(imported, tmp_path):
    path = s.write_json(tmp_path / "glide.json", {"glideset": [s.glide("2031-000777", geocode="BGD"), s.glide("bad")]})
    found = imported("glide", path)
    line = row_of(found, "GLIDE-FL-2031-000777-BGD")
    assert line["people_in_need"] == 1200
    assert line["affected"] != line["affected"]
    assert found.report.counts()["left_out"] == 1


def test_usgs_needs_people_from_the_user(imported_rows):
    rows = [s.usgs("us1"), s.usgs("us2", type="quarry blast", time="2031-04-26T00:00:00Z")]
    assert imported_rows("usgs", s.USGS, rows).report.counts()["left_out"] == 2
    found = imported_rows("usgs", s.USGS, rows, need_if_unknown=500)
    line = row_of(found, "USGS-us1")
    assert (line["iso3"], line["hazard"], line["people_in_need"], line["date"]) == ("NPL", "EQ", 500, "2031-04-25")


def test_ifrc_appeals_of_one_emergency_are_one_disaster(imported, tmp_path):
    results = [s.appeal("1"), s.appeal("2", num_beneficiaries=90000, atype_display="Emergency Appeal")]
    found = imported("ifrc", s.write_json(tmp_path / "appeal.json", {"count": 2, "next": None, "results": results}))
    assert found.report.counts()["merged"] == 2
    found = imported("ifrc", s.write_json(tmp_path / "appeal.json", [s.appeal("3", start_date="2032-02-03T00:00:00Z")]))
    line = found.scenario.disasters.iloc[-1]
    assert (line["disaster"], line["people_in_need"], line["hazard"]) == ("IFRC-900-NPL", 7500, "FL")


def test_ifrc_events_take_the_first_figure_of_their_field_reports(imported, tmp_path):
    reports = [{"updated_at": "2031-01-02", "num_displaced": None, "gov_num_displaced": 321, "num_affected": 5000}]
    event = {
        "id": 12,
        "name": "Fiji: Cyclone",
        "dtype": {"id": 4, "name": "Cyclone"},
        "glide": "TC-2031-000002-FJI",
        "disaster_start_date": "2031-01-01T00:00:00Z",
        "countries": [{"iso3": "FJI", "name": "Fiji"}, {"iso3": "TON"}],
        "field_reports": reports,
        "num_affected": None,
    }
    found = imported("ifrc", s.write_json(tmp_path / "event.json", {"results": [event]}))
    line = found.scenario.disasters.iloc[-1]
    assert (line["affected"], line["displaced"], line["iso3"]) == (5000, 321, "FJI")
    assert any("several countries" in why for why in said(found, "warning"))


def test_the_flood_archive_is_read_with_misspelt_countries_and_zeros(imported, tmp_path):
    rows = [
        s.dfo(1, Country="Phillipines", long=121.0, lat=14.6),
        s.dfo(2, Displaced=0, Country="India", long=88.4, lat=22.6),
        s.dfo(3, Displaced=300, Country="Kenya", long=39.6, lat=-4.0, Began=datetime.date(2031, 4, 1)),
    ]
    found = imported("dfo", s.write_xlsx(tmp_path / "FloodArchive.xlsx", {"FloodArchive": s.lines(s.DFO, rows)}))
    assert row_of(found, "DFO-1")["iso3"] == "PHL"
    assert row_of(found, "DFO-3")["date"] == "2031-04-01"
    assert any("codes 'hundreds'" in why for why in said(found, "warning"))
    assert "no figure of people" in said(found, "left out")[0]


@pytest.mark.parametrize("kind", ["emdat", "idmc", "dtm", "gdacs", "glide", "usgs", "ifrc", "dfo"])
def test_every_kind_tells_its_licence_and_its_own_traps(kind):
    from prepos.data.importers import KINDS

    assert len(KINDS[kind].licence) > 20
    assert KINDS[kind].layouts
