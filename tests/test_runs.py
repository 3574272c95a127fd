"""A run folder holds all it came from; a damaged one says what is wrong."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from prepos import build_instance, evaluate, load_model, load_scenario, optimize
from prepos.analysis.results import plan_result
from prepos.errors import DataError, UsageError
from prepos.runs import Record, load_run, plain, run_folder, to_json, write_run
from tests.tiny import MODEL, TABLES


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    (folder / "tiny").mkdir()
    for name, text in TABLES.items():
        (folder / "tiny" / name).write_text(text, encoding="utf-8")
    (folder / "cheapest.toml").write_text(MODEL, encoding="utf-8")
    scenario, model = load_scenario(folder / "tiny"), load_model(folder / "cheapest.toml", {"budget.usd": 20_000})
    return scenario, model, optimize(scenario, model)


@pytest.fixture
def run(solved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenario, model, plan = solved
    result = plan_result(plan, evaluate(build_instance(scenario, model), plan, model))
    record = Record("optimize", ("optimize", "tiny"), {"gap": 0.001}, ("optimize", "inputs/tiny"), seed=3)
    with run_folder(None, "tiny", "cheapest") as folder:
        write_run(folder, record, scenario, result, model=model, plan=plan, log="done\n")
    return folder


def test_a_run_reads_back_as_it_was_written(run, solved):
    scenario, model, plan = solved
    found = load_run(run)
    assert found.model == model
    assert found.scenario.name == "tiny"
    for name in TABLES:
        table = name.removesuffix(".csv")
        if table in ("scenario.toml",):
            continue
        pd.testing.assert_frame_equal(found.scenario.table(table), scenario.table(table))
    for name in ("hubs", "stock", "purchases", "moves", "flows", "unmet"):
        pd.testing.assert_frame_equal(getattr(found.plan, name), getattr(plan, name), check_dtype=False)
    assert (found.plan.status, found.plan.objective, found.plan.levels) == (plan.status, plan.objective, plan.levels)


def test_the_manifest_says_how_to_repeat_the_run(run):
    manifest = load_run(run).manifest
    assert manifest["repeat"] == ["optimize", "inputs/tiny"]
    assert manifest["seed"] == 3
    assert manifest["options"] == {"gap": 0.001}
    assert set(manifest["inputs"]) == {"inputs/model.toml", *(f"inputs/tiny/{name}" for name in TABLES)}
    assert all(len(digest) == 64 for digest in manifest["inputs"].values())
    assert {"prepos", "python", "pyomo", "highspy", "pandas"} <= set(manifest["versions"])
    assert manifest["started"] <= manifest["ended"]
    assert manifest["status"] == "optimal"


def test_a_run_repeated_from_its_manifest_gives_the_same_plan(cli, tiny, cheapest, monkeypatch):
    first = cli(
        "optimize", tiny, "--model", cheapest, "--set", "budget.usd=9000", "--gap", 0, "--out", "first", "--json"
    )
    repeat = json.loads(Path("first/manifest.json").read_text())["repeat"]
    monkeypatch.chdir("first")
    again = cli(*repeat, "--out", "again", "--json")
    for key in ("objective", "stock", "hubs", "expected"):
        assert again.json[key] == first.json[key]


def test_a_stress_test_repeated_from_its_manifest_gives_the_same_figures(cli, solved_run, monkeypatch):
    options = ("--replications", 6, "--seed", 4, "--set", "outages_per_year=0.5", "--set", "reveal_days=[0, 3, 5, 9]")
    first = cli("simulate", solved_run, *options, "--out", "test", "--json")
    repeat = json.loads(Path("test/manifest.json").read_text())["repeat"]
    monkeypatch.chdir("test")
    again = cli(*repeat, "--out", "again", "--json")
    assert again.code == 0, again.err
    assert again.json["plans"] == first.json["plans"]


def test_two_runs_in_one_second_get_two_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with run_folder(None, "a") as first, run_folder(None, "a") as second:
        assert first != second
        assert first.is_dir()
    assert not first.exists(), "nothing was written, so nothing stays"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda run: (run / "plan" / "stock.csv").unlink(), "plan/stock.csv: is missing"),
        (lambda run: (run / "result.json").unlink(), "result.json: is missing"),
        (lambda run: (run / "result.json").write_text("{"), "result.json: cannot be read as JSON"),
        (lambda run: (run / "result.json").write_text("[]"), "result.json: does not hold a JSON object"),
        (lambda run: (run / "result.json").write_text("{}"), "result.json: does not describe a plan"),
        (lambda run: shutil.rmtree(run / "plan"), "plan: is missing"),
        (lambda run: (run / "inputs" / "tiny" / "needs.csv").unlink(), "inputs/tiny/needs.csv: is missing"),
        (lambda run: (run / "inputs" / "model.toml").write_text(""), "inputs/model.toml: was changed after the run"),
        (
            lambda run: (run / "plan" / "stock.csv").write_text("hub,item\n"),
            "plan/stock.csv: column quantity is missing",
        ),
        (
            lambda run: (run / "plan" / "stock.csv").write_text("hub,item,quantity\nNBO,tent,many\n"),
            "plan/stock.csv: holds what is not a number",
        ),
    ],
)
def test_a_damaged_run_says_what_is_wrong(run, spoil, message):
    spoil(run)
    with pytest.raises(DataError) as caught:
        load_run(run)
    assert message in str(caught.value)


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(UsageError, match="there is no run"):
        load_run(tmp_path / "nothing")
    with pytest.raises(UsageError, match="is not a run: it has no manifest"):
        load_run(tmp_path)
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(UsageError, match="was not written by this version of prepos"):
        load_run(tmp_path)


def test_an_out_folder_that_cannot_be_made_is_a_usage_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="holds something already"), run_folder(tmp_path / "file"):
        pass
    with pytest.raises(UsageError, match="cannot be made"), run_folder(tmp_path / "file" / "run"):
        pass


def test_json_has_no_nan_and_no_numpy():
    document = {
        "a": math.nan,
        "b": np.float64(math.inf),
        "c": np.int64(3),
        "d": np.array([1.5, 2]),
        "e": pd.DataFrame({"x": [1, 2]}),
        "f": (True, np.bool_(False), None),
    }
    assert json.loads(to_json(document)) == {
        "a": None,
        "b": None,
        "c": 3,
        "d": [1.5, 2],
        "e": [{"x": 1}, {"x": 2}],
        "f": [True, False, None],
    }
    with pytest.raises(TypeError, match="object has no form in JSON"):
        plain(object())
