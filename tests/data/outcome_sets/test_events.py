"""What belongs together stays together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from prepos.data.outcome_sets.events import find_events
from prepos.errors import DataError

from .past import past


def groups(scenario):
    events = find_events(scenario)
    names = events.disasters["disaster"].tolist()
    bounds = events.first.tolist()
    return [names[a:b] for a, b in pairwise(bounds)]


def row(name, date="2015-03-13", hazard="TC", people=100.0, **cells):
    return {"disaster": name, "date": date, "hazard": hazard, "people_in_need": people, **cells}


def test_disasters_with_one_glide_number_are_one_event_whatever_their_country_and_date():
    rows = [row("a", glide="TC-2015-000020-VUT"), row("b", "2015-09-01", glide="TC-2015-000020-TUV")]
    assert groups(past(rows)) == [["a", "b"]]


def test_neighbours_within_days_and_km_are_one_event_and_chains_of_them_too():
    rows = [row("a", lat=-18.0, lon=178.0), row("b", "2015-03-15", lat=-18.0, lon=-178.0)]
    rows += [row("c", "2015-03-18", lat=-18.0, lon=-172.0)]
    assert groups(past(rows)) == [["a", "b", "c"]]


@pytest.mark.parametrize(
    "other",
    [
        {"date": "2015-03-17"},
        {"hazard": "FL"},
        {"lat": 0.0},
    ],
)
def test_another_date_hazard_or_place_is_another_event(other):
    rows = [row("a", lat=-18.0, lon=178.0), row("b", **{"lat": -18.0, "lon": 178.0, **other})]
    assert groups(past(rows)) == [["a"], ["b"]]


def test_conflicts_are_not_tied_by_their_dates_which_are_often_the_first_of_a_month():
    rows = [row("a", hazard="CF", lat=1.0, lon=30.0), row("b", hazard="CF", lat=1.0, lon=31.0)]
    assert groups(past(rows)) == [["a"], ["b"]]


def test_an_event_is_counted_where_its_largest_disaster_is():
    rows = [row("a", people=10.0, iso3="KEN", glide="FL-2015-000001-KEN")]
    rows += [row("b", people=90.0, iso3="NPL", glide="FL-2015-000001-NPL")]
    events = find_events(past(rows))
    assert events.cells == (("Asia", "TC"),)
    assert events.people.tolist() == [100.0]
    assert events.largest["disaster"].tolist() == ["b"]


def test_disasters_without_people_in_need_are_named_and_left_out():
    events = find_events(past([row("a"), row("b", "2016-01-01", people=0.0)]))
    assert events.left_out == ("b",)
    assert len(events.people) == 1


def test_a_scenario_without_a_history_says_what_is_missing():
    with pytest.raises(DataError, match=r"disasters\.csv: has no disaster with people in need"):
        find_events(past([row("a", people=0.0)]))
