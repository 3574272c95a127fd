"""`prepos outcomes`: what a planner gets."""

from __future__ import annotations

import json

import pytest

from prepos.data.read import read_scenario


def test_seasons_are_written_with_what_they_rest_on(cli, tmp_path):
    folder = tmp_path / "seasons"
    asked = ("--n", "60", "--reduce", "10", "--stress", "hub=NBO@0.1", "--period-days", "84", "--into", folder)
    document = cli("outcomes", "iom-2015", *asked, "--json").json
    assert document["folder"] == str(folder)
    assert document["reduction"]["outcomes"] == 10
    assert document["probability"] == pytest.approx(1)
    assert document["what_ifs"] == [{"what_if": "hub=NBO", "probability": 0.1}]
    assert {fit["family"] for fit in document["process"]["severity"]["candidates"]} >= {"lognormal", "gamma"}
    assert sum(row["events_per_year"] for row in document["process"]["rates"]) == pytest.approx(53)
    made = read_scenario(folder)
    assert made.settings.outcomes == "seasons"
    assert len(made.outcomes) == document["outcomes"] >= 19
    assert json.loads((folder / "outcome_set.json").read_text())["seed"] == 1


def test_the_same_seed_writes_the_same_folder(cli, tmp_path):
    for name in ("one", "two"):
        cli("outcomes", "iom-2015", "--n", "20", "--seed", "7", "--into", tmp_path / name, "--json")
    for file in ("outcomes.csv", "needs.csv", "scenario.toml", "outcome_set.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_person_reads_rates_fit_sizes_and_what_to_do_next(cli):
    ended = cli("outcomes", "iom-2015", "--n", "30", "--reduce", "5")
    assert ended.code == 0
    for text in ("59 disasters are 53 events", "12 of 27 rates", "lognormal", "Reduced from", "--into DIR"):
        assert text in ended.out


def test_the_history_can_be_taken_by_event(cli):
    document = cli("outcomes", "iom-2015", "--set", "history", "--by", "event", "--json").json
    assert document["outcomes"] == 53


def test_rules_change_the_needs_of_the_set(cli):
    def blankets(*more):
        found = cli("outcomes", "iom-2015", "--set", "history", *more, "--json").json["needs"]
        return {row["item"]: row["expected_units"] for row in found}["blanket"]

    assert blankets("--rules", "sphere") != blankets()


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (("--set", "sesons"), "--set sesons: not one of seasons, disasters, history (did you mean 'seasons'?)"),
        (("--stress", "hub=XXX@0.1"), "'XXX' is not in hubs.csv"),
        (("--n", "5", "--reduce", "9"), "there are not so many"),
        (("--law", "binomial"), "is not one of test, poisson, negative binomial"),
        (("--rules", "spere"), "did you mean 'sphere'?"),
        (("--period-days", "0"), "is not above 0"),
    ],
)
def test_wrong_options_end_with_code_2_and_the_way_out(cli, asked, text):
    ended = cli("outcomes", "iom-2015", *asked)
    assert ended.code == 2
    assert text in " ".join(ended.err.split())


def test_nothing_is_overwritten(cli, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    ended = cli("outcomes", "iom-2015", "--into", tmp_path)
    assert ended.code == 2
    assert "nothing is overwritten" in " ".join(ended.err.split())


def test_a_scenario_without_a_history_says_so_with_code_3(cli, tiny):
    ended = cli("outcomes", tiny)
    assert ended.code == 3
    assert "has no disaster with people in need" in " ".join(ended.err.split())
