"""Charts are drawn offline, with their units and an alternative text."""

import xml.etree.ElementTree as ET

import pytest

from prepos.analysis.charts import coverage_over_time, draw_coverage, save
from tests.analysis.test_sentences import PLAN, story


@pytest.fixture(scope="module")
def coverage():
    return coverage_over_time(story()[0], PLAN["coverage"])


def test_each_line_has_every_time_once(coverage):
    assert coverage.groupby("line")["days"].apply(list).tolist() == [[3.0, 7.0, 14.0, 30.0]] * 3
    assert coverage["percent"].between(coverage["low"], coverage["high"]).all()


def test_the_chart_says_what_it_shows(coverage):
    drawn = draw_coverage(coverage, "Need met", "50 years").to_dict()
    assert drawn["description"] == "Need met. 50 years"
    assert drawn["layer"][0]["encoding"]["y"]["title"] == "need met, % of a year's need"


def test_a_chart_is_saved_without_a_network(coverage, tmp_path):
    chart = draw_coverage(coverage, "Need met", "50 years")
    save(chart, tmp_path / "c.svg")
    save(chart, tmp_path / "c.png")
    assert "days after onset" in "".join(ET.parse(tmp_path / "c.svg").getroot().itertext())
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
