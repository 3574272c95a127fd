"""What-ifs: what they change, how likely they are, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prepos.data.checks import check
from prepos.data.outcome_sets.stress import parse_what_if, stress
from prepos.data.outcome_sets.tables import declared_table
from prepos.data.outcomes import needs
from prepos.errors import UsageError

from .past import past

ROWS = [
    {"disaster": "a", "iso3": "FJI", "hazard": "TC", "date": "2010-03-01", "people_in_need": 100.0},
    {"disaster": "b", "iso3": "KEN", "hazard": "FL", "date": "2011-03-01", "people_in_need": 1000.0},
    {"disaster": "c", "iso3": "NPL", "hazard": "EQ", "date": "2012-03-01", "people_in_need": 2000.0},
]


@pytest.fixture
def scenario():
    return past(ROWS)


def chances(scenario):
    return dict(zip(scenario.outcomes["outcome"], scenario.outcomes["probability"], strict=True))


def blankets(scenario):
    table = needs(scenario)
    return table[table["item"] == "blanket"].groupby("outcome")["quantity"].sum().to_dict()


def errors(scenario):
    return [str(problem) for problem in check(scenario) if problem.severity == "error"]


def test_each_outcome_stands_beside_itself_under_each_what_if_with_the_stated_probability(scenario):
    made = stress(scenario, ["hub=A@0.1", "needs=1.5@0.2"])
    assert chances(made)["a"] == pytest.approx(0.7 / 3)
    assert chances(made)["a+hub=A"] == pytest.approx(0.1 / 3)
    assert chances(made)["a+needs=1.5"] == pytest.approx(0.2 / 3)
    assert sum(chances(made).values()) == pytest.approx(1)
    assert errors(made) == []


def test_a_struck_hub_loses_all_or_what_is_said(scenario):
    made = stress(scenario, ["hub=A@0.1", "hub=B:0.4@0.1"])
    table = made.availability.set_index("outcome")
    assert table.loc["b+hub=A", ["hub", "share"]].tolist() == ["A", 0.0]
    assert table.loc["b+hub=B:0.4", ["hub", "share"]].tolist() == ["B", 0.4]
    assert len(table) == 6


def test_needs_are_multiplied_only_under_the_what_if(scenario):
    made = blankets(stress(scenario, ["needs=1.5@0.2"]))
    assert made["b"] == 1000.0
    assert made["b+needs=1.5"] == 1500.0


def test_a_closed_passage_is_written_to_the_closures_of_its_outcomes(scenario):
    made = stress(scenario, ["passage=bab el mandeb@0.2"])
    assert set(made.closures["id"]) == {"Bab el-Mandeb"}
    assert set(made.closures["outcome"]) == {name for name in chances(made) if "+" in name}
    assert errors(made) == []


def test_effects_of_one_what_if_happen_together(scenario):
    made = stress(scenario, ["hub=A+needs=2+passage=Suez@0.5"])
    (name,) = {name for name in chances(made) if name.startswith("a+")}
    assert blankets(made)[name] == 200.0
    assert made.availability.set_index("outcome").loc[name, "share"] == 0.0
    assert name in set(made.closures["outcome"])


def test_two_large_disasters_replace_a_single_one_and_come_on_top_of_a_season(scenario):
    made = blankets(stress(scenario, ["two-large=0.5@0.2"]))
    assert made["a+two-large=0.5"] == 3000.0
    season = replace(scenario, settings=replace(scenario.settings, outcomes="seasons"))
    assert blankets(stress(season, ["two-large=0.5@0.2"]))["a+two-large=0.5"] == 3100.0


def test_two_large_disasters_are_of_one_month_where_the_history_has_two():
    rows = [*ROWS, {"disaster": "d", "iso3": "NPL", "hazard": "EQ", "date": "2013-07-01", "people_in_need": 1500.0}]
    made = blankets(stress(past(rows), ["two-large=0.5@1"], seed=4))
    assert set(made.values()) <= {3000.0, 3500.0, 2500.0}


def test_a_what_if_of_probability_one_leaves_nothing_else(scenario):
    made = stress(scenario, ["needs=2@1"])
    assert all("+" in name for name in chances(made))
    assert sum(chances(made).values()) == pytest.approx(1)


def test_rows_for_every_outcome_stay_once(scenario):
    lanes = declared_table("lanes", hub="A", site=["FJI", "KEN"], mode="sea", outcome=["", "b"], hours=[5.0, 9.0])
    made = stress(replace(scenario, lanes=lanes), ["hub=A@0.5"])
    assert sorted(made.lanes["outcome"]) == ["", "b", "b+hub=A"]


def test_outcomes_without_need_become_one(scenario):
    table = declared_table("outcomes", outcome=["a", "none"], probability=[0.6, 0.4])
    made = stress(replace(scenario, outcomes=table), ["hub=A@0.5"])
    assert chances(made) == pytest.approx({"a": 0.3, "a+hub=A": 0.3, "none": 0.4})


def test_the_same_seed_gives_the_same_stress_set(scenario):
    one, again = (stress(scenario, ["two-large=0@0.3"], seed=5).needs for _ in range(2))
    assert one.equals(again)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hub=A", "states no probability"),
        ("hub=A@2", "states no probability"),
        ("hub=Z@0.1", "'Z' is not in hubs.csv"),
        ("hbu=A@0.1", r"'hbu' is not one of hub, .* \(did you mean 'hub'\?\)"),
        ("passage=Suze@0.1", r"no such passage \(did you mean 'Suez'\?\)"),
        ("needs=much@0.1", "'much' is not a number from 0 up"),
        ("needs=-1@0.1", "'-1' is not a number from 0 up"),
        ("port=@0.1", "names nothing to close"),
    ],
)
def test_what_ifs_that_make_no_sense_are_refused(scenario, text, message):
    with pytest.raises(UsageError, match=message):
        stress(scenario, [text])


def test_probabilities_may_not_pass_one(scenario):
    with pytest.raises(UsageError, match=r"sum to 1\.2"):
        stress(scenario, ["hub=A@0.6", "needs=2@0.6"])


def test_a_passage_cannot_be_closed_on_given_lanes(scenario):
    lanes = declared_table("lanes", hub=["A"], site="FJI", mode="sea", hours=5.0)
    with pytest.raises(UsageError, match="gives its lanes"):
        stress(replace(scenario, lanes=lanes), ["passage=Suez@0.1"])


def test_a_what_if_reads_back_as_its_parts():
    found = parse_what_if("hub=A+needs=1.5@0.02")
    assert (found.name, found.probability) == ("hub=A+needs=1.5", 0.02)
    assert found.effects == (("hub", "A"), ("needs", "1.5"))
