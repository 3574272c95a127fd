from __future__ import annotations

import math

from tests.data.importers import samples as s
from tests.data.importers.conftest import said


def row_of(found, name):
    return found.scenario.disasters.set_index("disaster").loc[name]


def near(**cells):
    """A flood that is old-npl in another source: two days later, 20 km away."""
    return s.dfo(1, Began="2031-07-06", lat=27.8, long=85.5, Displaced=7000, **cells)


def test_the_same_glide_in_the_same_country_is_one_disaster(imported_rows):
    found = imported_rows("dfo", s.DFO, [s.dfo(1, GlideNumber="FL-2031-000150-NPL", Began="2031-09-01")])
    assert len(found.scenario.disasters) == 2
    assert "the same GLIDE number" in said(found, "merged")[0]
    found = imported_rows("dfo", s.DFO, [s.dfo(1, GlideNumber="FL-2031-000150-NPL", Country="India", lat=25, long=85)])
    assert len(found.scenario.disasters) == 3
    assert "the GLIDE number names another country than the row" in said(found, "warning")


def test_country_hazard_date_and_place_make_one_disaster(imported_rows):
    for cells, merged in (
        (near(), True),
        (near() | {"Began": "2031-07-12"}, False),
        (near() | {"lat": 30.0, "long": 81.0}, False),
        (near() | {"lat": "", "long": ""}, True),
        (near() | {"Country": "Bhutan"}, False),
    ):
        found = imported_rows("dfo", s.DFO, [cells])
        assert (len(found.scenario.disasters) == 2) == merged, cells


def test_a_row_is_met_once_by_the_nearest_of_a_source(imported_rows):
    found = imported_rows("dfo", s.DFO, [s.dfo(2, Began="2031-07-10"), near(), s.dfo(3, Began="2031-07-05")])
    assert found.report.fates["dfo.csv", 4] == "merged"
    assert len(found.scenario.disasters) == 4
    assert any("may be a part of another disaster" in why for why in said(found, "warning"))


def test_a_conflict_shows_both_figures_and_the_rule(imported_rows):
    found = imported_rows("dfo", s.DFO, [near()])
    assert row_of(found, "old-npl")["displaced"] == 5000
    notes = [note for note in found.report.notes if note.what == "conflict"]
    assert {note.column for note in notes} == {"date", "displaced", "people_in_need"}
    figure = next(note for note in notes if note.column == "displaced")
    assert figure.found == "5,000 (Ministry) against 7,000 (Dartmouth Flood Observatory 1)"
    assert figure.why == "two sources disagree; kept by --prefer old"


def test_the_user_may_prefer_the_new_or_the_larger_figure(imported_rows):
    for prefer, displaced, date in (("new", 7000, "2031-07-06"), ("larger", 7000, "2031-07-04")):
        line = row_of(imported_rows("dfo", s.DFO, [near()], prefer=prefer), "old-npl")
        assert (line["displaced"], line["date"]) == (displaced, date)
    smaller = near() | {"Displaced": 100}
    assert row_of(imported_rows("dfo", s.DFO, [smaller], prefer="larger"), "old-npl")["displaced"] == 5000
    line = row_of(imported_rows("dfo", s.DFO, [smaller], prefer="new"), "old-npl")
    assert line["displaced"] == 100
    assert line["source"] == "Ministry; Dartmouth Flood Observatory 1"


def test_empty_cells_are_filled_and_said_so(imported_rows):
    found = imported_rows(
        "idmc",
        s.GIDD,
        [
            s.gidd(
                "5",
                **{
                    "ISO3": "VUT",
                    "Date of Event (start)": "2031-03-15",
                    "Hazard Sub Type": "Typhoon/Hurricane/Cyclone",
                },
            )
        ],
    )
    line = row_of(found, "old-vut")
    assert (line["displaced"], line["people_in_need"]) == (5230, 800)
    assert "an empty figure of the table filled in" in said(found, "merged")


def test_importing_the_same_file_again_changes_nothing(imported, imported_rows, tmp_path):
    rows = [s.gidd("1"), s.gidd("2", **{"ISO3": "KEN", "Date of Event (start)": "2031-01-01"})]
    once = imported_rows("idmc", s.GIDD, rows)
    again = imported("idmc", tmp_path / "idmc.csv", into=once.scenario)
    assert again.scenario.disasters.equals(once.scenario.disasters)
    assert again.report.counts()["merged"] == 2


def test_a_stand_in_place_gives_way_to_a_real_one(imported, imported_rows, tmp_path):
    once = imported_rows("idmc", s.GIDD, [s.gidd("1", **{"Event Codes (Code:Type)": "FL-2031-000064-MOZ:Glide"})])
    line = row_of(once, "GIDD-1-MOZ")
    assert "stands in for the country" in line["basis"]
    path = s.write_csv(
        tmp_path / "d.csv",
        s.lines(s.DFO, [s.dfo(1, GlideNumber="FL-2031-000064-MOZ", Country="Mozambique", lat=-19.8, long=34.8)]),
    )
    line = row_of(imported("dfo", path, into=once.scenario), "GIDD-1-MOZ")
    assert (line["lat"], line["lon"]) == (-19.8, 34.8)
    assert "stands in" not in line["basis"]


def test_placeholder_dates_never_merge_by_date(imported_rows):
    found = imported_rows("emdat", s.EMDAT_NEW, [s.emdat("2031-0001-NPL", Start_Month=7, Start_Day="")])
    assert found.report.counts()["merged"] == 1
    found = imported_rows("emdat", s.EMDAT_NEW, [s.emdat("2031-0001-NPL", Start_Month="", Start_Day="")])
    assert found.report.counts()["merged"] == 0
    assert any("month is missing" in why for why in said(found, "guessed"))


def test_more_displaced_than_affected_is_told(imported_rows):
    rows = [s.emdat("2031-0001-NPL", Start_Month=7, Start_Day=4, Total_Affected=3000)]
    found = imported_rows("emdat", s.EMDAT_NEW, rows, prefer="new")
    assert any("more people displaced than affected" in why for why in said(found, "warning"))


def test_filters_leave_out_with_their_name(imported_rows):
    rows = [s.gidd(str(n), **{"Date of Event (start)": f"20{n}-05-05"}) for n in (25, 30)] + [
        s.gidd("1", **{"ISO3": "KEN"})
    ]
    for choices, left in (
        ({"since": "2030-01-01"}, 1),
        ({"until": "2029-12-31"}, 2),
        ({"countries": ("KEN",)}, 2),
        ({"hazards": ("EQ",)}, 3),
        ({"min_people": 1e6}, 3),
    ):
        found = imported_rows("idmc", s.GIDD, rows, **choices)
        assert found.report.counts()["left_out"] == left
        assert all(why.startswith("not asked for") for why in said(found, "left out"))


def test_slow_disasters_need_a_share_that_is_asked_for(imported_rows):
    rows = [s.emdat("2031-0001-NPL", **{"Disaster Type": "Drought", "Disaster Subtype": "Drought"})]
    assert "seldom a need" in said(imported_rows("emdat", s.EMDAT_NEW, rows), "left out")[0]
    found = imported_rows("emdat", s.EMDAT_NEW, rows, share_of_affected=0.05)
    assert found.scenario.disasters["people_in_need"].iloc[-1] == 50


def test_swapped_and_impossible_coordinates_are_put_right_or_left_empty(imported_rows):
    rows = [
        s.dfo(1, lat=121.0, long=14.6, Country="Philippines"),
        s.dfo(2, lat=36.8, long=-1.3, Country="Kenya"),
        s.dfo(3, lat=0, long=0, Country="Ghana"),
        s.dfo(4, lat=300, long=14.6, Country="Italy"),
        s.dfo(5, lat=20, long="", Country="Mexico"),
    ]
    table = imported_rows("dfo", s.DFO, rows)
    found = table.scenario.disasters.set_index("disaster")
    assert (found.loc["DFO-1", "lat"], found.loc["DFO-1", "lon"]) == (14.6, 121.0)
    assert (found.loc["DFO-2", "lat"], found.loc["DFO-2", "lon"]) == (-1.3, 36.8)
    assert all("stands in" in found.loc[f"DFO-{n}", "basis"] for n in (3, 4, 5))
    assert math.isclose(found.loc["DFO-3", "lat"], 5.56, abs_tol=0.1)
    assert "0, 0 is a point in the Atlantic; left empty" in said(table, "warning")


def test_evacuations_and_placeholders_are_told(imported_rows):
    rows = [
        s.gidd(
            "1",
            **{
                "Displacement occurred": "Displacement reporting preventive evacuations",
                "Date of Event (start)": "2031-01-01",
            },
        )
    ]
    found = imported_rows("idmc", s.GIDD, rows)
    assert any("preventive evacuations" in why for why in said(found, "warning"))
    assert any("1 January" in why for why in said(found, "warning"))
    assert "placeholder" in found.scenario.disasters["basis"].iloc[-1]


def test_a_rate_that_no_longer_fits_is_told(base, imported, tmp_path):
    from dataclasses import replace

    given = replace(base, settings=replace(base.settings, disasters_per_year=2.0))
    found = imported("idmc", s.write_csv(tmp_path / "g.csv", s.lines(s.GIDD, [s.gidd("1")])), into=given)
    assert any("check disasters_per_year" in remark for remark in found.report.remarks)
