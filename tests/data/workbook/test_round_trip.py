"""A folder, the same as a workbook, and back: nothing is lost, nothing is added."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario, Settings
from prepos.data.tables import TABLES
from prepos.data.workbook.read import read_workbook
from prepos.data.workbook.write import write_workbook
from prepos.data.write import write_scenario
from prepos.errors import DataError, UsageError
from tests.data.test_properties import variants

SCENARIOS = Path(__file__).parents[3] / "scenarios"
NAMES = ("iom-2015", "global-2010-2024")


def through(scenario: Scenario, folder: Path) -> Scenario:
    path = folder / f"{scenario.name}.xlsx"
    write_workbook(scenario, path)
    return read_workbook(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_scenario_comes_back_from_a_workbook_equal_and_byte_for_byte(name, tmp_path, same):
    scenario = read_scenario(SCENARIOS / name)
    back = through(scenario, tmp_path)
    assert same(scenario, back) == []
    write_scenario(back, tmp_path / name)
    written = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
    assert written == {file: (SCENARIOS / name / file).read_bytes() for file in written}
    assert len(back.warnings) == len(scenario.warnings)


@pytest.mark.parametrize("name", ["folder", "given_folder"])
def test_a_small_folder_comes_back_equal_with_its_layout(request, tmp_path, same, name):
    scenario = read_scenario(request.getfixturevalue(name)())
    assert same(scenario, through(scenario, tmp_path)) == []


def test_columns_that_are_given_and_empty_stay_given(folder, tmp_path, same):
    stock = "hub,owner,item,mine,quantity\n"
    scenario = read_scenario(folder(stock=stock, scenario='question = ""\ntitle = ""\n[sources]\n'))
    back = through(scenario, tmp_path)
    assert same(scenario, back) == []
    assert back.layout["stock"] == ("hub", "owner", "item", "mine", "quantity")
    assert back.layout["scenario"] == ("question", "title", "sources")


def test_ids_that_look_like_something_else_stay_what_they_are(folder, tmp_path, same):
    hubs = "hub,name,lat,lon,mine\n007,=1+1,1,2,TRUE\n1e3,#N/A,3,4,2020-01-01\n_x0041_,'quoted,5,6,1/2\n"
    scenario = read_scenario(folder(hubs=hubs.replace("#N/A", "nothing"), stock=None))
    back = through(scenario, tmp_path)
    assert same(scenario, back) == []
    assert back.hubs["hub"].tolist() == ["007", "1e3", "_x0041_"]
    assert back.hubs["name"].tolist()[0] == "=1+1"


@pytest.mark.parametrize("day", ["1850-06-01", "1900-02-28", "1900-03-01", "2024-02-29", "9999-12-31"])
def test_any_day_survives(folder, tmp_path, day):
    stock = f"hub,item,quantity,expiry\nNBO,tent,1,{day}\n"
    back = through(read_scenario(folder(stock=stock)), tmp_path)
    assert back.stock["expiry"].tolist() == [day]


@pytest.fixture(scope="module")
def scenarios(good, given_files, put, tmp_path_factory):
    return [read_scenario(put(tmp_path_factory.mktemp("base") / "plan", files)) for files in (good, given_files)]


@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_any_scenario_survives_a_workbook(scenarios, same, data):
    scenario = data.draw(variants(data.draw(st.sampled_from(scenarios))))
    with tempfile.TemporaryDirectory() as place:
        write_scenario(scenario, Path(place, "plan"))
        scenario = read_scenario(Path(place, "plan"))
        assert same(scenario, through(scenario, Path(place))) == []


def test_a_scenario_made_in_memory_is_written_with_what_it_fills(tmp_path):
    hubs = Scenario("x").hubs.reindex(range(2)).assign(hub=["A", "B"], lat=[1.0, 2.0], lon=[0.5, float("nan")])
    write_workbook(Scenario("x", Settings("t"), hubs=hubs), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["hubs"]
    used = [cell.value for cell in sheet[1] if not cell.font.italic]
    assert used == ["hub", "lat", "lon"]
    assert [cell.value for cell in sheet["A"]] == ["hub", "A", "B"]


def test_what_a_workbook_cannot_hold_is_refused(folder, tmp_path):
    scenario = read_scenario(folder())
    endless = replace(scenario, hubs=scenario.hubs.assign(capacity_m3=float("inf")))
    with pytest.raises(DataError, match=r"hubs.csv row 2, column capacity_m3: is infinite; leave it empty"):
        write_workbook(endless, tmp_path / "x.xlsx")
    long = replace(scenario, hubs=scenario.hubs.assign(name=pd.Series(["x" * 40_000, ""])))
    with pytest.raises(DataError, match=r"column name: has 40,000 letters; a cell of a workbook holds 32,767"):
        write_workbook(long, tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


def test_a_place_that_cannot_be_written_is_told(folder, tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        write_workbook(read_scenario(folder()), tmp_path / "nowhere" / "x.xlsx")


def test_every_table_has_a_sheet_in_the_declared_order(folder, tmp_path):
    write_workbook(read_scenario(folder()), tmp_path / "x.xlsx")
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == ["start", "scenario", *TABLES]
