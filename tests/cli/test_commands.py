"""What each command answers, to a person and to a program."""

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import prepos
from prepos.runs import load_run


def test_check_says_what_was_read(cli, tiny):
    ended = cli("check", tiny)
    assert ended.code == 0
    assert "tiny: no problem found" in ended.out
    assert "hubs 2, items 1, stock 1" in ended.out
    assert "Hubs: 1 open, 1 candidate" in ended.out


def test_check_as_json_holds_the_summary(cli, tiny, cheapest):
    document = cli("check", tiny, "--model", cheapest, "--json").json
    assert document["errors"] == document["warnings"] == 0
    assert document["summary"]["lanes"] == {"air": 2, "road": 2}
    assert document["summary"]["needs"] == [
        {"item": "tent", "expected_units": 55.0, "largest_units": 60.0, "stock_units": 40.0}
    ]


def test_optimize_answers_with_every_key_that_programs_rely_on(cli, tiny, cheapest):
    document = cli("optimize", tiny, "--model", cheapest, "--json").json
    assert document["status"] == "optimal"
    assert document["gap"] <= 0.001
    assert {"build", "solve", "total"} <= set(document["seconds"])
    assert {row["hub"]: row["open"] for row in document["hubs"]}.keys() == {"NBO", "MNL"}
    assert all({"hub", "item", "quantity"} <= set(row) for row in document["stock"])
    figures = {"need_units", "unmet_units", "unit_hours", "freight_usd", "kgco2e", "opening_usd", "purchase_usd"}
    assert figures | {"moves_usd", "holding_usd", "deprivation_usd", "shortage_usd"} <= set(document["expected"])
    assert set(document["items"][0]["coverage"]) == {"24", "72", "168", "336", "720"}
    assert {"shortage_probability", "cvar", "engine", "objective", "bound"} <= set(document)
    assert (Path(document["run"]) / "manifest.json").is_file()


def test_optimize_shows_a_person_the_proof_the_stock_and_the_figures(cli, tiny, cheapest):
    ended = cli("optimize", tiny, "--model", cheapest)
    assert "Two hubs: Cheapest" in ended.out
    assert "Best plan found and proven" in ended.out
    assert "Buy 70 units for 14,000 USD" in ended.out
    assert "need met within 72 hours" in ended.out


def test_a_set_value_goes_over_the_model_file_and_into_the_run(cli, tiny, cheapest):
    ended = cli(
        "optimize", tiny, "--model", cheapest, "--set", "budget.usd=3_000", "--set", "stock.moves=none", "--json"
    )
    saved = load_run(ended.json["run"]).model
    assert saved.budget.usd == 3000
    assert saved.stock.moves == "none"
    assert ended.json["expected"]["purchase_usd"] < 3000


def test_simulate_a_scenario_tests_the_stock_of_today(cli, tiny):
    document = cli("simulate", tiny, "--replications", 10, "--json").json
    assert list(document["plans"]) == ["today"]
    assert document["replications"] == 10
    assert document["sentences"] == []


def test_simulate_a_run_pairs_its_plan_with_the_stock_of_today(cli, solved_run):
    document = cli("simulate", solved_run, "--replications", 10, "--seed", 7, "--json").json
    assert set(document["plans"]) == {"today", "plan"}
    assert document["seed"] == 7
    assert document["differences"][0]["plan"] == "plan"
    assert document["differences"][0]["against"] == "today"
    assert document["differences"][0]["figures"]["disasters"]["mean"] == 0
    assert len(document["sentences"]) in (2, 3)
    assert any("rough intervals" in note for note in document["notes"])
    for figures in document["plans"].values():
        assert all(f["low"] >= 0 and f["high"] <= 1 for f in figures.values() if f["unit"] == "share" and f["low"])


def test_simulate_takes_the_plan_of_another_run(cli, tiny, solved_run):
    given = cli("simulate", tiny, "--plan", solved_run, "--replications", 10, "--json").json
    own = cli("simulate", solved_run, "--replications", 10, "--json").json
    assert given["plans"] == own["plans"]


def test_a_plan_made_for_another_scenario_is_told_so(cli, tiny, solved_run, change):
    shutil.copytree(tiny, "other")
    for path in Path("other").glob("*.csv"):
        path.write_text(path.read_text().replace("NBO", "KLA"))
    ended = cli("simulate", "other", "--plan", solved_run, "--replications", 5)
    assert ended.code == 2
    assert "the plan of solved was made for scenario tiny, this is other; they do not fit" in ended.err


def test_simulate_shows_a_person_both_plans_and_what_to_make_of_them(cli, solved_run):
    ended = cli("simulate", solved_run, "--replications", 10)
    assert "need met within 72 hours, %" in ended.out
    assert "In 10 simulated years" in ended.out


def test_simulate_can_change_an_assumption(cli, tiny):
    document = cli("simulate", tiny, "--replications", 5, "--set", "outages_per_year=0", "--json").json
    assert document["assumptions"]["outages_per_year"] == 0
    assert document["plans"]["today"]["lost_units"]["mean"] == 0


def test_compare_shows_inputs_figures_and_operations_that_differ(cli, tiny, cheapest, solved_run):
    cli("optimize", tiny, "--model", cheapest, "--set", "stock.mode=as_is", "--out", "today")
    document = cli("compare", "today", solved_run, "--json").json
    assert {"part": "model", "what": "stock.mode", "today": "as_is", "solved": "free"} in document["inputs"]
    assert {"part": "hubs", "what": "MNL: open", "today": False, "solved": True} in document["operations"]
    unmet = next(row for row in document["kpis"] if row["kpi"] == "unmet per outcome")
    assert unmet["today"] > unmet["solved"]


def test_compare_reads_well(cli, tiny, cheapest, solved_run):
    cli("optimize", tiny, "--model", cheapest, "--set", "budget.usd=2500", "--out", "poor")
    ended = cli("compare", solved_run, "poor")
    assert "A = solved" in ended.out
    assert "Inputs that differ (1)" in ended.out
    assert "budget.usd" in ended.out


def test_labels_of_a_comparison_stay_whole_beside_long_values(cli, tiny, cheapest, solved_run, monkeypatch):
    path = tiny / "scenario.toml"
    path.write_text(f'question = "{"How much where and when? " * 12}"\n' + path.read_text().replace("question", "#"))
    cli("optimize", tiny, "--model", cheapest, "--set", "service.within_hours=71", "--out", "asked")
    monkeypatch.setenv("COLUMNS", "80")
    shown = cli("compare", solved_run, "asked").out
    labels = [line.split()[:2] for line in shown.splitlines() if line.startswith((" scenario.toml", "scenario.toml"))]
    assert labels == [["scenario.toml", "question"]]
    assert "service.within_hours" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_cost_that_a_model_does_not_count_is_told_so(cli, tiny, cheapest, solved_run):
    cli("optimize", tiny, "--model", cheapest, "--set", "hubs.choose=false", "--out", "fixed")
    shown = cli("compare", solved_run, "fixed").out
    (row,) = [line for line in shown.splitlines() if "opening hubs" in line]
    assert row.strip().endswith("not counted")
    assert "the model of B leaves hubs as they are" in shown
    kpis = cli("compare", solved_run, "fixed", "--json").json["kpis"]
    assert next(row for row in kpis if row["kpi"].startswith("opening"))["fixed"] == 0


def test_compare_lays_stress_tests_side_by_side(cli, tiny, solved_run):
    cli("simulate", tiny, "--replications", 5, "--out", "a")
    cli("simulate", solved_run, "--replications", 5, "--out", "b")
    rows = cli("compare", "a", "b", "--json").json["simulated"]
    met = next(row for row in rows if row["kpi"] == "need met in the end, %")
    assert met["a low"] <= met["a"] <= met["a high"]


def test_init_gives_a_folder_that_checks_and_solves(cli, tiny, cheapest):
    ended = cli("init", "mine", "--scenario", tiny, "--model", cheapest)
    assert ended.code == 0
    assert "prepos check mine" in ended.out
    assert cli("check", "mine").code == 0
    assert cli("optimize", "mine", "--model", "mine/cheapest.toml").code == 0


@pytest.mark.parametrize("command", ["check", "optimize", "simulate", "compare", "init", "demo"])
def test_every_command_has_json_and_debug(cli, command):
    text = cli(command, "--help").out
    assert "--json" in text
    assert "--debug" in text


def test_the_version_is_that_of_the_package(cli):
    assert cli("--version").out.strip() == f"prepos {prepos.__version__}"


def test_json_is_all_that_a_real_process_writes_to_stdout(tiny, cheapest, tmp_path):
    command = [sys.executable, "-m", "prepos", "optimize", str(tiny), "--model", str(cheapest), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "optimal"
    assert done.stdout.startswith("{")
    assert done.stdout.endswith("}\n")


def test_help_answers_within_half_a_second_of_work():
    """Seconds of the processor: other programs on the machine do not count."""
    command = [sys.executable, "-m", "prepos", "--help"]
    seconds = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(seconds) < 0.5
