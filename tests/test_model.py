"""What we ask of a plan: every mistake in a model file has its message, and every shipped model loads."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from prepos.errors import DataError
from prepos.model import Model, dump_model, load_model, parse_model

SHIPPED = sorted((Path(__file__).parents[1] / "models").glob("*.toml"))


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def message(content: dict[str, Any]) -> str:
    """Return what a planner reads about a parsed model file."""
    with pytest.raises(DataError) as caught:
        parse_model(content, "mine.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"stocks": {}},
            "key stocks: 'stocks' is not a key of a model (did you mean 'stock'?); known here: budget, hubs",
        ),
        (
            {"stock": {"mod": "free"}},
            "key stock.mod: 'mod' is not a key of a model (did you mean 'mode'?); known here: for",
        ),
        (
            {"stock": {"mode": "fre"}},
            "key stock.mode: 'fre' is not one of as_is, fixed_total, free (did you mean 'free'?)",
        ),
        (
            {"risk": {"measure": "cvra"}},
            "key risk.measure: 'cvra' is not one of cvar, expectation, regret, worst_case (did",
        ),
        (
            {"objective": {"minimise": "costs"}},
            "'costs' is not one of cost, coverage, social, time (did you mean 'cost'?)",
        ),
        ({"objective": {"minimise": ["cost", "tme"]}}, "key objective.minimise.1: 'tme' is not one of"),
        ({"objective": {"minimise": []}}, "key objective.minimise: found []: at least one name is expected"),
        ({"objective": {"minimise": 3}}, "key objective.minimise: found 3: a name or a list of names is expected"),
        ({"budget": {"usd": "5"}}, "key budget.usd: found '5': a number is expected"),
        ({"budget": {"usd": True}}, "key budget.usd: found True: a number is expected"),
        ({"budget": {"usd": -1}}, "key budget.usd: found -1: 0 or more is expected"),
        ({"risk": {"alpha": 1}}, "key risk.alpha: found 1: less than 1 is expected"),
        ({"risk": {"weight": 1.5}}, "key risk.weight: found 1.5: 1 or less is expected"),
        ({"risk": {"alpha": math.nan}}, "key risk.alpha: found nan"),
        ({"hubs": {"min_open": 2.5}}, "key hubs.min_open: found 2.5: a whole number is expected"),
        ({"hubs": {"max_open": -1}}, "key hubs.max_open: found -1: 0 or more is expected"),
        ({"hubs": {"force_open": [3]}}, "key hubs.force_open.0: found 3: a text is expected"),
        ({"stock": {"integer": "yes"}}, "key stock.integer: found 'yes': true or false is expected"),
        ({"stock": "free"}, "key stock: found 'free': a section [stock] is expected"),
        ({"title": 5}, "key title: found 5: a text is expected"),
        ({"modes": {"allow": []}}, "key modes.allow: found []: at least one name is expected"),
        ({"service": {"min_coverage": 2}}, "key service.min_coverage: found 2: 1 or less is expected"),
        ({"service": {"by": "itm"}}, "key service.by: 'itm' is not one of all, item, region (did you mean 'item'?)"),
        (
            {"shortage": {"usd_per_unit": "x"}},
            "key shortage.usd_per_unit: found 'x': give USD, 0 or more, for every item",
        ),
        (
            {"shortage": {"usd_per_unit": {"tent": -1}}},
            "key shortage.usd_per_unit: found -1 for tent: give USD, 0 or more",
        ),
        ({"shortage": {"usd_per_unit": math.nan}}, "key shortage.usd_per_unit: found nan: give USD, 0 or more"),
        ({"hubs": {"min_open": 3, "max_open": 2}}, "hubs.min_open = 3 is more than hubs.max_open = 2"),
        ({"hubs": {"force_open": ["A", "B"], "force_closed": "B"}}, "hubs B stand in both force_open and force_closed"),
        (
            {"risk": {"measure": "regret"}, "objective": {"minimise": "time"}},
            "risk.measure = 'regret' is not defined for the objective 'time'",
        ),
        (
            {"risk": {"measure": "cvar"}, "objective": {"minimise": ["cost", "coverage"]}},
            "risk.measure = 'cvar' is not defined for the objective 'coverage'",
        ),
    ],
)
def test_a_mistake_is_told_with_its_key_and_the_way_out(content: dict[str, Any], expected: str) -> None:
    text = message(content)
    assert text.startswith("mine.toml: 1 problem\n  - mine.toml")
    assert expected in text


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = message({"objetive": {}, "stock": {"mode": "all"}, "hubs": {"min_open": 3, "max_open": 2}, "title": 1})
    assert "4 problems" not in text  # what contradicts itself is looked for once every key is right
    assert text.startswith("mine.toml: 3 problems")
    contradictions = message(
        {"hubs": {"min_open": 3, "max_open": 2, "force_open": "A", "force_closed": "A"}, "risk": {"measure": "cvar"}}
    )
    assert "hubs.min_open = 3 is more than hubs.max_open = 2; hubs A stand in both" in contradictions


def test_a_model_without_any_key_has_defaults_that_work() -> None:
    model = parse_model({})
    assert model == Model()
    assert model.objective.minimise == ("cost",)
    assert model.risk.measure == "expectation"


def test_whole_numbers_serve_as_numbers_and_one_name_as_a_list() -> None:
    model = parse_model({"budget": {"usd": 5}, "hubs": {"force_open": "A"}, "shortage": {"usd_per_unit": {"tent": 3}}})
    assert model.budget.usd == 5
    assert model.hubs.force_open == ("A",)
    assert model.shortage.usd_per_unit == {"tent": 3}


def test_a_model_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Model().budget.usd = 5  # type: ignore[misc]


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.toml: the model file does not exist"):
        load_model(tmp_path / "nowhere.toml")


def test_a_folder_or_a_binary_file_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as UTF-8 text"):
        load_model(tmp_path)
    (tmp_path / "mine.toml").write_bytes(b"title = \xff\xfe")
    with pytest.raises(DataError, match="cannot be read as UTF-8 text"):
        load_model(tmp_path / "mine.toml")


def test_bad_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mine.toml: is not valid TOML: .*line 2, column"):
        load_model(written(tmp_path, '[stock]\nmode = "free\n'))
    with pytest.raises(DataError, match="is not valid TOML"):
        load_model(written(tmp_path, "[budget]\nusd = 1\nusd = 2\n"))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load_model(written(tmp_path, '\ufefftitle = "Mine"\n')).title == "Mine"


def test_the_name_of_a_model_is_that_of_its_file(tmp_path: Path) -> None:
    assert load_model(written(tmp_path, "")).name == "mine"


def test_overrides_are_put_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[budget]\nusd = 10\n[hubs]\nmax_open = 3\n")
    overrides = {"budget.usd": 2_000_000, "objective.minimise": "time", "hubs.force_open": ["A"], "title": "Other"}
    model = load_model(path, overrides)
    assert (model.budget.usd, model.hubs.max_open, model.hubs.force_open) == (2_000_000, 3, ("A",))
    assert (model.objective.minimise, model.title) == (("time",), "Other")


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({"budgt.usd": 5}, "'budgt' is not a key of a model (did you mean 'budget'?)"),
        ({"budget.us": 5}, "'us' is not a key of a model (did you mean 'usd'?)"),
        ({"budget.usd": "much"}, "key budget.usd: found 'much': a number is expected"),
        ({"budget.usd.most": 5}, "key budget.usd.most: 'usd' is a value, not a section"),
        ({"title.short": "x"}, "key title.short: 'title' is a value, not a section"),
    ],
)
def test_a_wrong_override_is_told_like_a_wrong_key(overrides: dict[str, object], expected: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load_model(written(tmp_path, 'title = "Mine"\n[budget]\nusd = 10\n'), overrides)
    assert expected in str(caught.value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_model_loads_says_what_it_asks_and_survives_a_round_trip(path: Path, tmp_path: Path) -> None:
    model = load_model(path)
    assert model.title
    assert model.question.endswith("?")
    assert model.reference
    assert load_model(written(tmp_path, dump_model(model))) == model


def test_there_are_at_least_five_models() -> None:
    assert len(SHIPPED) >= 5


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"name": "a", "objective": {"minimise": ["coverage", "cost"], "target_hours": 24.5}},
        {"budget": {"usd": 0.0}, "modes": {"allow": ["air", "sea+road"]}, "hubs": {"min_open": 0, "force_closed": "A"}},
        {"shortage": {"usd_per_unit": {"tent": 1.5, "a b": 3.0}}, "service": {"probability": 0.9, "by": "region"}},
        {"shortage": {"usd_per_unit": 7.0}, "risk": {"measure": "cvar", "alpha": 0.0, "weight": 0.0}},
        {"title": 'Quotes " and \\ and\nlines', "budget": {"usd": math.inf}},
    ],
)
def test_a_dumped_model_reads_back_as_it_was(content: dict[str, Any], tmp_path: Path) -> None:
    model = parse_model({"name": "mine", **content})
    assert load_model(written(tmp_path, dump_model(model))) == model
