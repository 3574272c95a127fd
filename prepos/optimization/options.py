"""How hard to look for a plan, and how to report on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from prepos.data.suggest import nearest
from prepos.errors import UsageError

ENGINES = ("auto", "extensive", "benders")
LEAST_SECONDS = 0.01


@dataclass(frozen=True)
class SolverOptions:
    """Options of a solve; the defaults work.

    Parameters
    ----------
    engine
        ``"extensive"``: one program that holds every outcome; ``"benders"``: decomposition by cuts; ``"auto"``
        chooses, and says why in the notes of the plan.
    gap
        Relative gap at which a plan counts as optimal.
    time_limit
        Seconds for the whole solve, all objectives together; None: no limit.
    threads
        Threads of the solver; 0: as many as the machine has.

    Raises
    ------
    UsageError
        When a value is impossible; says which and what would be right.
    """

    engine: str = "auto"
    gap: float = 1e-3
    time_limit: float | None = None
    threads: int = 0

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise UsageError(
                f"engine {self.engine!r} is not one of {', '.join(ENGINES)}{nearest(self.engine, ENGINES)}"
            )
        if not 0 <= self.gap < 1:
            raise UsageError(f"gap {self.gap} is not a share from 0 up to 1; 0.001 is a tenth of a percent")
        if self.time_limit is not None and not self.time_limit > 0:
            raise UsageError(f"time limit {self.time_limit} s is not above 0")
        if self.threads < 0:
            raise UsageError(f"threads {self.threads} is below 0; 0 uses every core")

    def left_since(self, started: float) -> SolverOptions:
        """Return the options with what is left of the time limit since `started` (`time.monotonic`)."""
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(LEAST_SECONDS, self.time_limit - (time.monotonic() - started)))


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: its stage, seconds since the start, best value, proven bound and relative gap."""

    stage: str
    seconds: float
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None


OnProgress = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """Do nothing: the listener used when nobody listens."""
