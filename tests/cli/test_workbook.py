"""A workbook in place of a folder: every command takes it, `check` marks it, `init` writes it."""

import os
import shutil
from pathlib import Path

import openpyxl
import pytest

from prepos.data.workbook.write import write_workbook
from prepos.errors import UsageError
from prepos.library import find_scenario, load_scenario
from prepos.runs import load_run


@pytest.fixture
def book(tiny, tmp_path):
    path = tmp_path / "winter plan.xlsx"
    write_workbook(load_scenario(tiny), path)
    return path


def spoil(book):
    found = openpyxl.load_workbook(book)
    found["stock"]["A2"] = "NBQ"
    found.save(book)


def test_check_reads_a_workbook_and_says_what_a_folder_would(cli, tiny, book):
    ended, folder = cli("check", book), cli("check", tiny)
    assert ended.code == 0
    assert "winter plan: no problem found" in ended.out
    assert ended.out.splitlines()[2:] == folder.out.splitlines()[2:]
    assert [path.name for path in book.parent.glob("*.xlsx")] == [book.name]


def test_check_marks_what_is_wrong_in_a_copy_and_says_where(cli, book):
    spoil(book)
    before = book.read_bytes()
    ended = cli("check", book)
    assert ended.code == 3
    assert "sheet stock row 2, column hub: 'NBQ' is not in sheet hubs (did you mean 'NBO'?)" in ended.err
    copy = book.with_name("winter plan-checked.xlsx")
    assert f"Marked in a copy, with a list of all: {copy}" in ended.err
    assert openpyxl.load_workbook(copy)["stock"]["A2"].comment.text.startswith("prepos check: 'NBQ'")
    assert book.read_bytes() == before


def test_check_as_json_names_the_copy_and_the_cells(cli, book):
    spoil(book)
    document = cli("check", book, "--json").json
    assert document["error"]["copy"] == str(book.with_name("winter plan-checked.xlsx"))
    assert document["error"]["problems"][0] == {
        "table": "sheet stock", "row": 2, "column": "hub", "severity": "error", "cell": "A2",
        "message": "'NBQ' is not in sheet hubs (did you mean 'NBO'?)",
    }  # fmt: skip


def test_no_copy_is_written_when_none_is_wanted_or_nothing_can_be_marked(cli, book):
    spoil(book)
    assert cli("check", book, "--no-copy").code == 3
    book.write_bytes(b"PK\x03\x04")
    ended = cli("check", book)
    assert ended.code == 3
    assert "is damaged" in ended.err
    assert [path.name for path in book.parent.glob("*.xlsx")] == [book.name]


def test_a_copy_that_cannot_be_written_does_not_hide_what_is_wrong(cli, book, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("prepos.data.workbook.annotate.write_package", full)
    spoil(book)
    ended = cli("check", book)
    assert ended.code == 3
    assert "'NBQ' is not in sheet hubs" in ended.err
    assert "No marked copy was written" in ended.err


def test_a_run_keeps_the_tables_and_the_workbook_and_can_be_repeated(cli, book, cheapest, tmp_path):
    document = cli("optimize", book, "--model", cheapest, "--out", tmp_path / "run", "--json").json
    inputs = tmp_path / "run" / "inputs"
    assert (inputs / "winter plan.xlsx").read_bytes() == book.read_bytes()
    assert (inputs / "winter plan" / "hubs.csv").is_file()
    run = load_run(tmp_path / "run")
    assert run.scenario.name == "winter plan"
    assert run.result["objective"] == document["objective"]
    assert run.manifest["repeat"][1] == "inputs/winter plan"


def test_simulate_takes_a_workbook(cli, book, tmp_path):
    ended = cli("simulate", book, "--replications", "2", "--out", tmp_path / "run")
    assert ended.code == 0
    assert (tmp_path / "run" / "inputs" / "winter plan.xlsx").is_file()


def test_init_writes_a_workbook_beside_the_tables_that_reads_the_same(cli, tiny, cheapest, same_scenarios):
    document = cli("init", "mine", "--scenario", tiny, "--model", cheapest, "--json").json
    assert document["workbook"] == str(Path("mine", "mine.xlsx"))
    assert same_scenarios(load_scenario("mine"), load_scenario("mine/mine.xlsx"))
    assert load_scenario("mine").warnings == ()


def test_init_turns_a_workbook_into_a_folder(cli, book, cheapest, same_scenarios):
    assert cli("init", "mine", "--scenario", book, "--model", cheapest).code == 0
    assert same_scenarios(load_scenario("mine"), load_scenario(book))


@pytest.fixture
def same_scenarios():
    def same(a, b):
        return a.settings == b.settings and all(a.table(t).equals(b.table(t)) for t in ("hubs", "items", "stock"))

    return same


def test_a_folder_is_its_csv_files_and_a_newer_workbook_is_told(cli, tiny, cheapest):
    cli("init", "mine", "--scenario", tiny, "--model", cheapest)
    found = openpyxl.load_workbook("mine/mine.xlsx")
    found["hubs"]["B2"] = "Another name"
    found.save("mine/mine.xlsx")
    os.utime("mine/mine.xlsx", (4e9, 4e9))
    scenario = load_scenario("mine")
    assert "Another name" not in scenario.hubs["name"].tolist()
    (warning,) = scenario.warnings
    assert str(warning).startswith("mine.xlsx: is newer than the tables and was not read: the folder is its CSV files")


def test_a_name_that_is_off_gets_a_hint(book, tmp_path):
    with pytest.raises(
        UsageError, match=r"there is no workbook '.*winter-plan.xlsx' \(did you mean 'winter plan.xlsx'\?\)"
    ):
        find_scenario(tmp_path / "winter-plan.xlsx")
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(book, alone)
    with pytest.raises(UsageError, match=r"no CSV files are in it, but a workbook: give .*winter plan.xlsx"):
        find_scenario(alone)
