"""Progress on stderr: a live line on a terminal, otherwise a plain line every few seconds."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LINES = 5.0


class SolverNews(Protocol):
    """What the optimizer tells while it works."""

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102
    @property
    def objective(self) -> float | None: ...  # noqa: D102
    @property
    def bound(self) -> float | None: ...  # noqa: D102
    @property
    def gap(self) -> float | None: ...  # noqa: D102


class Reporter:
    """Shows one line of progress at a time, and keeps every shown line in the log."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, soft_wrap=True)
        self._last_line = time.monotonic()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[left]}"),
            console=self.console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, left="", visible=False)

    def __enter__(self) -> Reporter:
        if self.console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.console.is_terminal:
            self._bar.stop()

    def say(self, text: str) -> None:
        """Print a message that stays."""
        logger.info(text)
        self.console.print(text, highlight=False, markup=False)

    def show(self, text: str, share: float | None = None, seconds_left: float | None = None) -> None:
        """Show where the work stands: a text, the share that is done, and what is left."""
        left = "" if seconds_left is None else f"about {duration(seconds_left)} left"
        if self.console.is_terminal:
            self._bar.update(self._task, description=text, completed=share or 0, left=left, visible=True)
            self._bar.update(self._task, total=None if share is None else 1.0)
        if time.monotonic() - self._last_line < SECONDS_BETWEEN_LINES:
            return
        self._last_line = time.monotonic()
        line = f"{text}; {left}" if left else text
        logger.info(line)
        if not self.console.is_terminal:
            self.console.print(line, highlight=False, markup=False)


class SolveProgress:
    """Follows a solve: best value, bound and gap over time, with an estimate of what is left."""

    def __init__(self, reporter: Reporter, target_gap: float, time_limit: float | None) -> None:
        self.reporter = reporter
        self.target_gap = target_gap
        self.time_limit = time_limit
        self.history: list[tuple[float, float]] = []
        self._stage = ""

    def __call__(self, news: SolverNews) -> None:
        """Take in what the optimizer tells."""
        if news.stage != self._stage:
            self._stage, self.history = news.stage, []
        text = f"{news.stage}: {duration(news.seconds)}"
        if news.objective is not None and math.isfinite(news.objective):
            text += f", best {figure(news.objective)}"
        if news.bound is not None and math.isfinite(news.bound):
            text += f", bound {figure(news.bound)}"
        if news.gap is not None and math.isfinite(news.gap):
            text += f", gap {news.gap:.2%}"
            self.history.append((news.seconds, news.gap))
        self.reporter.show(text, None, seconds_to_gap(self.history, self.target_gap, self.time_limit))


class CountProgress:
    """Follows a known number of equal steps, such as replications."""

    def __init__(self, reporter: Reporter, noun: str) -> None:
        self.reporter = reporter
        self.noun = noun
        self._start = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Take in how many steps are done of how many."""
        seconds = time.monotonic() - self._start
        left = seconds / done * (total - done) if done else None
        self.reporter.show(f"{self.noun}: {done} of {total}", done / total if total else None, left)


def seconds_to_gap(history: Sequence[tuple[float, float]], target: float, time_limit: float | None) -> float | None:
    """Estimate the seconds until a solve ends, from (seconds, gap) seen so far; None while nothing can be said.

    The gap is taken to shrink by a constant factor a second, as over the later half of the history; the time limit,
    where there is one, is the most.
    """
    if not history:
        return None
    now, gap = history[-1]
    limit = math.inf if time_limit is None else max(time_limit - now, 0.0)
    then, earlier = history[len(history) // 2 - 1] if len(history) > 1 else history[0]
    rate = math.log(earlier / gap) / (now - then) if now > then and 0 < gap < earlier else 0.0
    estimate = math.log(gap / target) / rate if rate > 0 and 0 < target < gap else math.inf
    left = 0.0 if gap <= target else min(estimate, limit)
    return left if math.isfinite(left) else None


def duration(seconds: float) -> str:
    """Return a time span in words: ``"8 s"``, ``"3 min"``, ``"2 h 5 min"``."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def figure(value: float) -> str:
    """Return a number short enough for one line: ``"1.23 M"``, ``"45,300"``, ``"0.823"``."""
    size = abs(value)
    if size >= 1e9:
        return f"{value / 1e9:,.2f} bn"
    if size >= 1e6:
        return f"{value / 1e6:,.2f} M"
    return f"{value:,.0f}" if size >= 1000 else f"{value:.4g}"
