"""`scenario.toml`: each key held against its type and range."""

from __future__ import annotations

import pytest

from prepos.data.scenario import Settings
from prepos.data.settings import KEYS, read_settings


@pytest.fixture
def settings(tmp_path):
    def read(text):
        path = tmp_path / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        found, keys, problems = read_settings(path)
        return found, keys, [str(problem) for problem in problems]

    return read


def test_every_setting_has_a_key():
    assert list(KEYS) == list(Settings.__dataclass_fields__)


def test_settings_are_read_and_integers_become_floats(settings):
    found, keys, problems = settings('period_days = 90\noutcomes = "seasons"\ndisasters_per_year = 17.5\n')
    assert found == Settings(period_days=90.0, outcomes="seasons", disasters_per_year=17.5)
    assert isinstance(found.period_days, float)
    assert keys == ("period_days", "outcomes", "disasters_per_year")
    assert problems == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("title = 5", "key title: 5 is not a text; put it in quotes"),
        ('period_days = "365"', "key period_days: '365' is not a number; write it without quotes and with a point"),
        ("period_days = true", "key period_days: true is not a number; write it without quotes and with a point"),
        ("period_days = 0", "key period_days: 0 is not above 0"),
        ("household_size = -5", "key household_size: -5 is not above 0"),
        (
            "disasters_per_year = nan",
            "key disasters_per_year: nan is not a finite number; leave the key out where it is unknown",
        ),
        ("share_from_stock = 50", "key share_from_stock: 50 is outside 0 to 1; write 0.5 for 50 %"),
        (
            'outcomes = "season"',
            "key outcomes: 'season' is not one of disasters, seasons (did you mean 'seasons'?)",
        ),
        (
            'sources = "IFRC"',
            "key sources: 'IFRC' is not a table; write [sources] and, below it, name = \"reference\"",
        ),
        ("[sources]\nifrc = 2015", "key sources: the reference of ifrc is not a text; put it in quotes"),
        (
            "[source]\nifrc = 'x'",
            "key source: is not a key of scenario.toml (did you mean 'sources'?); the keys are " + ", ".join(KEYS),
        ),
    ],
)
def test_a_wrong_value_is_told_with_the_way_out(settings, line, message):
    assert settings(line)[2] == [f"scenario.toml, {message}"]


@pytest.mark.parametrize("text", ["title = Two hubs", "period_days = 12,5", "a = 1\na = 2", "x = " + "[" * 5000])
def test_text_that_is_no_toml_is_told_with_the_line(settings, text):
    (problem,) = settings(text)[2]
    assert problem.startswith("scenario.toml: cannot be read as TOML: ")
    assert problem.endswith("; put texts in quotes, write numbers with a point, and each key once")


def test_numbers_beyond_all_measure_are_refused(settings):
    assert settings(f"period_days = 1{'0' * 400}")[2] == [
        (
            f"scenario.toml, key period_days: 1{'0' * 56}... is not a finite number; "
            "leave the key out where it is unknown"
        )
    ]
