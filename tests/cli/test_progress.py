"""Progress says where the work stands and what is left, and stays out of the way."""

import io
import math
from dataclasses import dataclass

import pytest
from rich.console import Console

from prepos.commands import progress
from prepos.commands.progress import CountProgress, Reporter, SolveProgress, duration, figure, seconds_to_gap


@dataclass(frozen=True)
class News:
    stage: str
    seconds: float
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def lines(console):
    return console.file.getvalue().splitlines()


def test_a_gap_that_halves_every_ten_seconds_takes_as_long_as_it_takes():
    history = [(float(t), 0.8 * 0.5 ** (t / 10)) for t in range(0, 31, 5)]
    assert seconds_to_gap(history, 0.025, None) == pytest.approx(20.0)


def test_nothing_is_promised_while_the_gap_stands_still():
    assert seconds_to_gap([], 0.01, None) is None
    assert seconds_to_gap([(1.0, 0.3)], 0.01, None) is None
    assert seconds_to_gap([(1.0, 0.3), (9.0, 0.3)], 0.01, None) is None


def test_the_time_limit_is_the_most_that_can_be_left():
    assert seconds_to_gap([(1.0, 0.3), (9.0, 0.3)], 0.01, 20.0) == 11.0
    assert seconds_to_gap([(0.0, 0.4), (10.0, 0.2)], 0.1, 15.0) == 5.0
    assert seconds_to_gap([(0.0, 0.4), (10.0, 0.005)], 0.01, None) == 0.0


def test_off_a_terminal_a_plain_line_comes_every_few_seconds(clock):
    console = Console(file=io.StringIO(), width=200)
    with Reporter(console) as reporter:
        follow = SolveProgress(reporter, 0.01, None)
        for second in range(12):
            clock[0] = 100.0 + second
            follow(News("cost", float(second), 2e6, 1.5e6, 0.4 * 0.9**second))
    shown = lines(console)
    assert len(shown) == 2
    assert shown[0].startswith("cost: 5 s, best 2.00 M, bound 1.50 M, gap 23.62%; about ")
    assert shown[0].endswith(" s left")


def test_replications_are_counted_with_the_time_that_is_left(clock):
    console = Console(file=io.StringIO(), width=200)
    with Reporter(console) as reporter:
        follow = CountProgress(reporter, "replications")
        clock[0] = 110.0
        follow(25, 100)
    assert lines(console) == ["replications: 25 of 100; about 30 s left"]


def test_quick_work_shows_nothing(clock):
    console = Console(file=io.StringIO())
    with Reporter(console) as reporter:
        SolveProgress(reporter, 0.01, None)(News("building", 0.0))
    assert lines(console) == []


def test_on_a_terminal_one_line_lives_and_goes(clock):
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with Reporter(console) as reporter:
        reporter.say("1/4 checked")
        CountProgress(reporter, "replications")(50, 100)
        SolveProgress(reporter, 0.01, None)(News("cost", 2.0, math.inf, -math.inf, None))
        reporter.console.print("", end="")
    text = console.file.getvalue()
    assert "1/4 checked" in text
    assert "cost: 2 s" in text


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (99.4, "99 s"), (100, "2 min"), (5940, "99 min"), (7500, "2 h 5 min")]
)
def test_durations_read_as_people_say_them(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.8231, "0.8231"), (45_300, "45,300"), (1.234e6, "1.23 M"), (-2.5e9, "-2.50 bn"), (0, "0")]
)
def test_figures_fit_one_line(value, words):
    assert figure(value) == words
