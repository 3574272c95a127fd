"""Exit codes: each says why the command ended, with a message and never a traceback."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from prepos.commands import check as check_module
from prepos.commands.progress import SolveProgress
from prepos.runs import load_run


def test_a_wrong_command_line_ends_with_2(cli, tiny):
    assert cli("optimise").code == 2
    assert "did you mean" in cli("optimise").err.lower()
    assert cli("optimize", tiny).code == 2
    assert cli("simulate", tiny, "--replications", "many").code == 2


def test_an_unknown_name_ends_with_2_and_the_nearest_name(cli):
    ended = cli("check", "iom-2051")
    assert ended.code == 2
    assert "did you mean 'iom-2015'?" in ended.err
    ended = cli("optimize", "iom-2015", "--model", "expectedcost")
    assert ended.code == 2
    assert "did you mean 'expected-cost'?" in ended.err


def test_a_wrong_option_value_ends_with_2(cli, tiny, cheapest):
    assert "not one of auto" in cli("optimize", tiny, "--model", cheapest, "--engine", "magic").err
    assert "give a key and a value" in cli("optimize", tiny, "--model", cheapest, "--set", "budget").err
    both = cli("simulate", tiny, "--replications", 5, "--precision", 0.1)
    assert (both.code, "not both" in both.err) == (2, True)
    assert "did you mean 'outages_per_year'?" in cli("simulate", tiny, "--set", "outage_per_year=1").err


def test_a_folder_that_holds_something_is_never_written_over(cli, tiny, cheapest, solved_run):
    before = sorted(solved_run.rglob("*"))
    ended = cli("optimize", tiny, "--model", cheapest, "--out", solved_run)
    assert ended.code == 2
    assert "never written over another" in ended.err
    assert sorted(solved_run.rglob("*")) == before
    assert cli("init", tiny).code == 2


def test_wrong_data_ends_with_3_and_lists_every_problem(cli, tiny, change):
    change("needs.csv", "flood,lilongwe,tent,50", "flood,lilongve,tent,-50")
    ended = cli("check", tiny, "--json")
    assert ended.code == 3
    problems = ended.json["error"]["problems"]
    assert {(p["table"], p["row"], p["column"]) for p in problems} >= {
        ("needs.csv", 2, "site"),
        ("needs.csv", 2, "quantity"),
    }
    assert ended.json["exit_code"] == 3


def test_an_infeasible_request_ends_with_4_and_names_the_limits_that_clash(cli, tiny, cheapest):
    limits = ("--set", "service.min_coverage=0.9", "--set", "service.within_hours=72", "--set", "budget.usd=1500")
    ended = cli("optimize", tiny, "--model", cheapest, *limits, "--json")
    assert ended.code == 4
    assert set(ended.json["error"]["limits"]) == {"budget.usd", "service.min_coverage"}
    shown = cli("optimize", tiny, "--model", cheapest, *limits)
    assert "budget.usd" in shown.err
    assert "service.min_coverage" in shown.err


def test_a_failed_solve_leaves_no_empty_run_behind(cli, tiny, cheapest, tmp_path):
    cli("optimize", tiny, "--model", cheapest, "--set", "hubs.min_open=2", "--set", "budget.usd=1", "--out", "new")
    assert not (tmp_path / "new").exists()


def test_a_time_limit_without_a_plan_ends_with_6(cli):
    ended = cli("optimize", "iom-2015", "--model", "fastest", "--time-limit", "0.001", "--json")
    assert ended.code == 6
    assert ended.json["error"]["kind"] == "NoPlanError"


def test_ctrl_c_keeps_the_best_plan_and_ends_with_5(cli, monkeypatch):
    """The first objective leaves a plan; Ctrl-C comes while the second, which takes minutes, is being solved."""
    stages = []

    def follow(self, news):
        if news.stage not in stages:
            stages.append(news.stage)
            if news.stage == "time":
                threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()

    monkeypatch.setattr(SolveProgress, "__call__", follow)
    ended = cli("optimize", "iom-2015", "--model", "fastest", "--gap", 0, "--out", "run", "--json")
    assert stages[-1] == "time"
    assert ended.code == 5
    assert ended.json["status"] == "interrupted"
    assert ended.json["gap"] is None or ended.json["gap"] > 0
    assert load_run("run").plan.stock["quantity"].sum() > 0


def interrupted(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize("moment", ["load_scenario", "build_instance", "Answer", "summary"])
def test_ctrl_c_outside_a_solve_ends_with_6(cli, tiny, monkeypatch, moment):
    monkeypatch.setattr(check_module, moment, interrupted)
    ended = cli("check", tiny)
    assert (ended.code, ended.out) == (6, "")
    assert ended.err == "Error: stopped before there was an answer\n"
    assert cli("check", tiny, "--json").json == {
        "error": {"kind": "NoPlanError", "message": "stopped before there was an answer"},
        "exit_code": 6,
    }


def test_ctrl_c_while_modules_are_loaded_ends_with_6(cli, tiny, monkeypatch):
    monkeypatch.setattr("prepos.commands.answer.respond", interrupted)
    assert cli("check", tiny).code == 6


def test_ctrl_c_ends_a_real_process_with_6(tiny, tmp_path):
    script = "import os, signal; import prepos.commands.check as c; from prepos.cli import app; "
    script += "c.load_scenario = lambda name: os.kill(os.getpid(), signal.SIGINT); app()"
    command = [sys.executable, "-c", script, "check", str(tiny)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr == "Error: stopped before there was an answer\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("budget.usd=abc", "--set budget.usd=abc: found 'abc': a number is expected"),
        ("budget.us=1", "--set budget.us=1: 'us' is not a key of a model (did you mean 'usd'?)"),
        ("name.usd=1", "--set name.usd=1: "),
        ("stock=free", "--set stock=free: "),
    ],
)
def test_a_wrong_change_of_the_model_ends_with_2_and_is_quoted(cli, tiny, cheapest, change, told):
    ended = cli("optimize", tiny, "--model", cheapest, "--set", change)
    assert ended.code == 2
    assert told in ended.err


def test_a_wrong_model_file_ends_with_3_whatever_is_changed(cli, tiny, cheapest):
    cheapest.write_text("[budget]\nus = 1\n")
    assert cli("optimize", tiny, "--model", cheapest, "--set", "budget.usd=abc").code == 3


def test_a_fault_of_our_own_ends_with_1_and_one_sentence(cli, tiny, monkeypatch):
    def broken(name):
        raise KeyError("hub")

    monkeypatch.setattr(check_module, "load_scenario", broken)
    ended = cli("check", tiny)
    assert ended.code == 1
    assert "KeyError: 'hub'" in ended.err
    assert "--debug" in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert cli("check", tiny, "--json").json["exit_code"] == 1


def test_debug_shows_the_traceback(tiny, tmp_path):
    command = [sys.executable, "-m", "prepos", "check", "no-such-scenario", "--debug"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" in done.stderr


def test_usage_errors_are_json_when_json_is_asked_for(cli):
    ended = cli("optimize", "iom-2015", "--json")
    assert ended.code == 2
    assert "--model" in ended.json["error"]["message"]


def test_a_reader_that_goes_away_is_no_fault(tiny, tmp_path):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "prepos", "check", str(tiny)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    os.close(write)
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr


@pytest.mark.parametrize("command", ["check", "simulate"])
def test_a_file_in_place_of_a_scenario_is_explained(cli, cheapest, command):
    ended = cli(command, cheapest)
    assert ended.code == 2
    assert "is not a scenario: a folder" in ended.err
