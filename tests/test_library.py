"""Names and paths lead to scenarios and models; the nearest place wins."""

import shutil

import pytest

from prepos import library
from prepos.errors import UsageError
from prepos.library import find_model, find_scenario, load_model, model_names, scenario_names


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bundled_name_is_found_from_anywhere(here):
    assert find_scenario("iom-2015").name == "iom-2015"
    assert find_model("expected-cost").name == "expected-cost.toml"
    assert find_model("expected-cost.toml").name == "expected-cost.toml"


def test_a_path_is_taken_as_it_is(here):
    shutil.copytree(find_scenario("iom-2015"), here / "deep" / "mine")
    assert find_scenario("deep/mine").resolve() == here / "deep" / "mine"


def test_the_working_folder_wins_over_what_is_bundled(here):
    (here / "models").mkdir()
    (here / "models" / "expected-cost.toml").write_text('title = "Ours"\n')
    assert load_model("expected-cost").title == "Ours"
    assert "expected-cost" in model_names()


def test_the_copy_in_the_wheel_is_used_where_there_is_no_checkout(here, monkeypatch):
    package = here / "site-packages" / "prepos"
    (package / "_shared" / "scenarios").mkdir(parents=True)
    shutil.copytree(find_scenario("iom-2015"), package / "_shared" / "scenarios" / "iom-2015")
    monkeypatch.setattr(library, "PACKAGE", package)
    assert scenario_names() == ["iom-2015"]
    assert find_scenario("iom-2015").is_relative_to(package)


def test_an_unknown_name_is_refused_with_the_nearest_and_all_known(here):
    with pytest.raises(
        UsageError, match=r"no scenario 'iom2015' \(did you mean 'iom-2015'\?\); known here: .*iom-2015"
    ):
        find_scenario("iom2015")
    with pytest.raises(UsageError, match=r"no model 'coverage' .*known here"):
        find_model("coverage")


def test_a_path_that_is_something_else_is_told_what_was_expected(here):
    (here / "notes.txt").write_text("x")
    with pytest.raises(UsageError, match=r"'notes.txt' is not a model: a TOML file"):
        find_model("notes.txt")
    with pytest.raises(UsageError, match=r"'\.' is not a scenario: a folder with"):
        find_scenario(".")


def test_a_path_that_does_not_exist_is_not_taken_for_a_name(here):
    with pytest.raises(UsageError, match="there is no scenario 'elsewhere/iom-2015'"):
        find_scenario("elsewhere/iom-2015")
