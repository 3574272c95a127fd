from __future__ import annotations

import dataclasses
from importlib.resources import files
from typing import Any

import pytest

from prepos.errors import UsageError
from prepos.simulation import FIGURES, SimulationOptions, assumptions


@pytest.mark.parametrize(
    ("option", "value", "right"),
    [
        ("replications", -5, "replications: -5 is not possible; give a whole number of 2 or more"),
        ("replications", 2.5, "replications: 2.5 is not possible; give a whole number of 2 or more"),
        ("seed", -1, "seed: -1 is not possible; give a whole number of 0 or more"),
        ("years", 0, "years: 0 is not possible; give a whole number of 1 or more"),
        ("workers", 0, "workers: 0 is not possible; give a whole number of 1 or more"),
        ("precision", 0.0, "precision: 0.0 is not possible; give a number above 0"),
        ("lane_sigma", -0.1, "lane_sigma: -0.1 is not possible; give a number of 0 or more"),
        ("customs_sigma", float("nan"), "customs_sigma: nan is not possible"),
        ("outage_loss", 1.5, "outage_loss: 1.5 is not possible; give a number from 0 to 1"),
        ("crews", 0, "crews: 0 is not possible; give a whole number of 1 or more"),
        ("crew_m3_hour", 0.0, "crew_m3_hour: 0.0 is not possible; give a number above 0"),
        ("approval_hours", "soon", "approval_hours: 'soon' is not possible; give a number of 0 or more"),
        ("backlog", 1, "backlog: 1 is not possible; give true or false"),
        (
            "dispatch",
            "nearest_frist",
            "give one of nearest_first, cheapest_first, follow_plan (did you mean 'nearest_first'?)",
        ),
        ("restock", "order_to", "restock: 'order_to' is not possible; give one of order_up_to, reorder_point, none"),
        ("lead_time_law", "uniform", "give one of lognormal, exponential, fixed"),
        ("reveal_days", (), "reveal_days: () is not possible; give a list"),
        ("reveal_days", (0.0, -3.0), "give a list, a number of 0 or more each"),
        ("reveal_days", (0.0, 10.0, 3.0, 30.0), "reveal_days: [0.0, 10.0, 3.0, 30.0] does not increase"),
        ("reveal_days", (0.0, 3.0), "error_left: 4 values for 2 reveal_days; give one for each"),
        ("error_left", (1.0, 0.5, 0.2, 0.1), "does not fall to 0; the last estimate is the true need"),
        ("response_days", 20.0, "response_days: 20 is not after the last estimate on day 30"),
        ("approval_hours", 9000.0, "approval_hours: 9000 is not before the response closes"),
    ],
)
def test_an_impossible_value_names_the_option_the_value_and_what_is_right(option: str, value: Any, right: str) -> None:
    with pytest.raises(UsageError) as caught:
        SimulationOptions(**{option: value})
    assert right in str(caught.value)


def test_all_impossible_values_are_told_at_once() -> None:
    with pytest.raises(UsageError, match="simulation options: 3 problems") as caught:
        SimulationOptions(crews=-1, lane_sigma=-1.0, dispatch="best")
    assert str(caught.value).count("\n  - ") == 3


def test_an_unknown_key_names_the_nearest_and_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown key 'replicatons' \\(did you mean 'replications'\\?\\)") as caught:
        SimulationOptions.from_mapping({"replicatons": 10})
    assert "outages_per_year" in str(caught.value)


def test_options_come_from_a_file_with_lists_as_lists() -> None:
    options = SimulationOptions.from_mapping({"reveal_days": [0, 5], "error_left": [1, 0], "seed": 7})
    assert options.reveal_days == (0, 5)
    assert options.seed == 7


def test_every_assumption_has_a_meaning_and_a_basis() -> None:
    table = assumptions(SimulationOptions())
    assert list(table["option"]) == [field.name for field in dataclasses.fields(SimulationOptions)]
    assert (table["meaning"].str.len() > 0).all()
    assert (table["basis"].str.len() > 0).all()


def test_the_readme_tells_every_assumption_and_every_figure() -> None:
    text = files("prepos.simulation").joinpath("README.md").read_text("utf-8")
    names = [*assumptions(SimulationOptions())["option"], *(figure.name for figure in FIGURES)]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_readme_gives_the_defaults_that_are_used() -> None:
    text = files("prepos.simulation").joinpath("README.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    told = {row[1].strip().strip("`"): row[2].strip() for row in rows}
    expected = {field.name: _as_text(field.default) for field in dataclasses.fields(SimulationOptions)}
    assert {name: told.get(name) for name in expected} == expected


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{each:g}" for each in value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    return value if isinstance(value, str) else f"{value:g}"
