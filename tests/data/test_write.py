"""Writing a scenario: it reads back the same, byte for byte where it was written so."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario, Settings
from prepos.data.write import number_text, settings_text, write_scenario
from prepos.errors import DataError, UsageError


def texts(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["folder", "given_folder"])
def test_a_folder_written_plainly_comes_back_byte_for_byte(request, tmp_path, name):
    source = request.getfixturevalue(name)()
    write_scenario(read_scenario(source), tmp_path / "copy" / "plan")
    assert texts(tmp_path / "copy" / "plan") == texts(source)


def test_an_untidy_folder_comes_back_tidy_and_equal(folder, tmp_path, same):
    hubs = '\ufeffmine;hub;lat;lon\r\n"a; ""b""";NBO ;-1.30;36.90\r\n\r\n'
    scenario = read_scenario(folder(hubs=hubs))
    write_scenario(scenario, tmp_path / "copy" / "plan")
    assert (tmp_path / "copy" / "plan" / "hubs.csv").read_text() == 'mine,hub,lat,lon\n"a; ""b""",NBO,-1.3,36.9\n'
    assert same(scenario, read_scenario(tmp_path / "copy" / "plan")) == []


def test_columns_filled_since_reading_are_written_after_those_of_the_file(folder, tmp_path):
    scenario = read_scenario(folder())
    hubs = scenario.hubs.assign(fixed_usd_year=[1e6, float("nan")], manager=["x", ""])
    write_scenario(replace(scenario, hubs=hubs), tmp_path / "plan2")
    header, first, second = (tmp_path / "plan2" / "hubs.csv").read_text().splitlines()
    assert header == "hub,name,iso3,lat,lon,status,capacity_m3,fixed_usd_year,manager"
    assert first.endswith("1000,1000000,x")
    assert second.endswith("500,,")


def test_a_scenario_made_in_memory_has_its_required_and_filled_columns_written(tmp_path):
    hubs = Scenario("x").hubs.reindex(range(2)).assign(hub=["A", "B"], lat=[1.0, 2.0], lon=[0.5, float("nan")])
    write_scenario(Scenario("x", hubs=hubs), tmp_path / "x")
    assert texts(tmp_path / "x") == {
        "scenario.toml": b"",
        "hubs.csv": b"hub,lat,lon\nA,1,0.5\nB,2,\n",
        "items.csv": b"item,unit_kg,unit_m3\n",
    }


def test_a_folder_that_holds_a_table_the_scenario_has_not_is_refused(folder, tmp_path):
    scenario = read_scenario(folder(stock=None))
    (tmp_path / "plan" / "lanes.csv").write_text("hub\n")
    with pytest.raises(UsageError, match=r"holds lanes.csv, which plan has not; choose an empty folder"):
        write_scenario(scenario, tmp_path / "plan")


def test_an_infinite_number_is_refused(folder, tmp_path):
    scenario = read_scenario(folder())
    endless = scenario.hubs.assign(capacity_m3=float("inf"))
    with pytest.raises(DataError, match=r"hubs.csv row 2, column capacity_m3: is infinite; leave it empty"):
        write_scenario(replace(scenario, hubs=endless), tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3000.0, "3000"), (0.0125, "0.0125"), (-0.0, "0"), (float("nan"), ""), (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1000000000000000"), (1e16, "1e+16"), (1e-5, "1e-05"), (-2.5, "-2.5"),
    ],
)  # fmt: skip
def test_numbers_are_as_short_as_they_can_be(value, text):
    assert number_text(value) == text


def test_settings_are_written_when_given_or_not_their_default():
    settings = Settings("t", period_days=90, disasters_per_year=2.5, sources={"b": "1", "a": "2"})
    assert settings_text(settings) == (
        'title = "t"\nperiod_days = 90\ndisasters_per_year = 2.5\n\n[sources]\nb = "1"\na = "2"\n'
    )
    assert settings_text(Settings(), ("household_size", "title")) == 'household_size = 5\ntitle = ""\n'


def test_empty_texts_of_any_kind_are_written_as_empty_cells(folder, tmp_path):
    scenario = read_scenario(folder())
    hubs = scenario.hubs.assign(name=pd.Series([None, "Manila"]))
    write_scenario(replace(scenario, hubs=hubs), tmp_path / "x")
    assert "NBO,,KEN" in (tmp_path / "x" / "hubs.csv").read_text()
