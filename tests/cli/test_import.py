"""`prepos import`: into a folder, into a new one, and what it says when it cannot."""

import pytest

from prepos.data.read import read_scenario
from tests.data.importers import samples as s
from tests.data.importers.conftest import DISASTERS, HUBS, ITEMS


@pytest.fixture
def tiny(tmp_path):
    """A scenario folder with two disasters."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    files = {"scenario.toml": 'title = "T"\n', "hubs.csv": HUBS, "items.csv": ITEMS, "disasters.csv": DISASTERS}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def export(tmp_path):
    """A GIDD export with one row for Vanuatu."""
    row = s.gidd("9", **{"ISO3": "VUT", "Country / Territory": "Vanuatu"})
    return s.write_csv(tmp_path / "gidd 2031.csv", s.lines(s.GIDD, [row, row]))


def test_an_import_extends_the_table_and_keeps_the_old_one(cli, tiny, export):
    before = (tiny / "disasters.csv").read_text()
    ended = cli("import", "idmc", export, "--into", tiny)
    assert ended.code == 0, ended.err
    assert "2 rows in gidd 2031.csv: 1 read, 1 left out" in ended.out
    assert "CC BY-NC" in ended.out
    assert "GIDD-9-VUT" in (tiny / "disasters.csv").read_text()
    assert (tiny / "disasters.csv.bak").read_text() == before
    assert len(read_scenario(tiny).disasters) == before.count("\n")


def test_every_row_stands_in_the_report(cli, tiny, export):
    document = cli("import", "idmc", export, "--into", tiny, "--json").json
    assert document["rows"] == document["read"] + document["left_out"] == 2
    assert document["tables"]["disasters.csv"]["after"] == document["tables"]["disasters.csv"]["before"] + 1
    lines = (tiny / "imports" / "idmc-gidd-2031-report.csv").read_text().splitlines()
    assert lines[0] == "part,row,what,table,id,column,found,written,why"
    assert any(",2,read,disasters,GIDD-9-VUT," in line for line in lines)
    assert any(",3,left out," in line for line in lines)
    assert "Left out" in (tiny / "imports" / "idmc-gidd-2031-report.txt").read_text()


def test_a_second_report_does_not_overwrite_the_first(cli, tiny, export):
    for _ in range(2):
        assert cli("import", "idmc", export, "--into", tiny).code == 0
    assert (tiny / "imports" / "idmc-gidd-2031-2-report.csv").exists()


def test_a_dry_run_writes_nothing(cli, tiny, export):
    before = {path: path.read_bytes() for path in tiny.iterdir()}
    ended = cli("import", "idmc", export, "--into", tiny, "--dry-run")
    assert ended.code == 0
    assert "Nothing was written" in ended.out
    assert {path: path.read_bytes() for path in tiny.iterdir()} == before


def test_a_new_folder_takes_hubs_and_items_from_another_scenario(cli, tiny, export, tmp_path):
    ended = cli("import", "idmc", export, "--into", "fresh", "--like", tiny)
    assert ended.code == 0, ended.err
    scenario = read_scenario(tmp_path / "fresh")
    assert scenario.disasters["disaster"].tolist() == ["GIDD-9-VUT"]
    assert scenario.hubs["hub"].tolist() == read_scenario(tiny).hubs["hub"].tolist()
    assert "CC BY-NC" in scenario.settings.sources["import_idmc"]
    assert cli("check", "fresh").code == 0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_new_folder_without_a_usable_row_is_not_made(cli, tiny, export, tmp_path):
    ended = cli("import", "idmc", export, "--into", "fresh", "--like", tiny, "--country", "KEN")
    assert ended.code == 3
    assert "none of its 2 rows can be used" in ended.err
    assert "not asked for: --country KEN" in ended.err
    assert not (tmp_path / "fresh").exists()


def test_disasters_beside_given_needs_are_told_to_have_no_effect(cli, tiny, export):
    (tiny / "outcomes.csv").write_text("outcome,probability\nw,1\n")
    (tiny / "needs.csv").write_text("outcome,site,item,quantity\nw,old-npl,tent,5\n")
    ended = cli("import", "idmc", export, "--into", tiny)
    assert ended.code == 0
    assert "outcomes.csv and needs.csv" in " ".join(ended.out.split())


def test_a_mapping_is_kept_beside_the_report(cli, tiny, tmp_path):
    path = s.write_csv(
        tmp_path / "list.csv", [["Country", "Type", "Start date", "IDPs"], ["Fiji", "Flood", "2031-04-05", 70]]
    )
    assert cli("import", "generic", path, "--into", tiny).code == 0
    mapping = tiny / "imports" / "generic-list-mapping.toml"
    assert 'displaced = "IDPs"' in mapping.read_text()
    assert cli("import", "generic", path, "--into", tiny, "--mapping", mapping).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["idcm", "gidd 2031.csv", "--into", "tiny"], 2, "did you mean 'idmc'"),
        (["idmc", "nothing.csv", "--into", "tiny"], 2, "there is no such file"),
        (["emdat", "gidd 2031.csv", "--into", "tiny"], 3, "prepos import idmc"),
        (["idmc", "gidd 2031.csv", "--into", "tiny", "--like", "iom-2015"], 2, "is for a new folder"),
        (["idmc", "gidd 2031.csv", "--into", "plan.xlsx"], 2, "give the folder of a scenario"),
        (["idmc", "gidd 2031.csv", "--into", "gidd 2031.csv"], 2, "give the folder of a scenario"),
        (["idmc", "gidd 2031.csv", "--into", "tiny", "--prefer", "mine"], 2, "old, new, larger"),
        (["idmc", "gidd 2031.csv", "--into", "tiny", "--from", "2031"], 2, "YYYY-MM-DD"),
        (["idmc", "gidd 2031.csv", "--into", "tiny", "--hazard", "FLOOD"], 2, "is not one of"),
        (["esups", "tiny", "--into", "tiny"], 2, "name a new folder"),
        (["idmc", "tiny", "--into", "tiny"], 2, "is a folder"),
    ],
)
def test_what_cannot_be_imported_is_told_and_nothing_is_written(cli, tiny, export, arguments, code, told):
    before = {path: path.read_bytes() for path in tiny.iterdir()}
    ended = cli("import", *arguments)
    assert ended.code == code, ended.err
    assert told in " ".join(ended.err.split())
    assert {path: path.read_bytes() for path in tiny.iterdir()} == before
