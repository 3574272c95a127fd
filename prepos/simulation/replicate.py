"""Many replications on the cores there are: the same figures, byte for byte, on any number of them.

A replication is a function of the seed and its number alone, so it does not matter which process runs it. Only its
figures come back, so memory stays flat.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import numpy as np

from prepos.errors import NoPlanError
from prepos.instance import Floats
from prepos.simulation.compare import interval
from prepos.simulation.hazards import draw_storms
from prepos.simulation.record import FIGURE_NAMES, figures
from prepos.simulation.setting import Holding, Setting
from prepos.simulation.world import World

logger = logging.getLogger(__name__)

OnProgress = Callable[[int, int], None]
"""Called with the replications done and the number that is expected in all."""

CHUNK = 5
"""Replications that a worker runs before it reports."""

BATCH = 100
"""Replications between two looks at the precision; fixed, so that the number run does not depend on the workers."""

WATCHED = ("fill_rate", "coverage_72h")
"""Figures whose intervals a precision is asked of."""


def run_replication(setting: Setting, holdings: Sequence[Holding], replication: int) -> Floats:
    """Return the figures (plans, figures) of one replication: every plan in the same storms."""
    storms = draw_storms(setting.catalogue, setting.options, replication, setting.shape)
    return np.stack([figures(World(setting, holding, storms).run(), setting, storms) for holding in holdings])


def replicate(
    setting: Setting, holdings: Sequence[Holding], on_progress: OnProgress | None = None
) -> tuple[list[int], Floats, bool]:
    """Run the replications that the options ask for.

    Returns
    -------
    tuple
        Numbers of the replications done, their figures (replications, plans, figures), and whether all were done;
        False after Ctrl-C.

    Raises
    ------
    NoPlanError
        When it is interrupted before a replication is done.
    """
    options = setting.options
    done: dict[int, Floats] = {}
    complete = True
    try:
        with _Crew(setting, holdings, _workers(options.workers, options.replications)) as crew:
            while (target := _target(setting, done)) > len(done):
                for first, runs in crew.run(len(done), target):
                    done.update(enumerate(runs, start=first))
                    if on_progress is not None:
                        on_progress(len(done), target)
    except KeyboardInterrupt:
        complete = False
        if not done:
            raise NoPlanError("stopped before the first replication was done; nothing was kept") from None
    numbers = sorted(done)
    return numbers, np.stack([done[number] for number in numbers]), complete


def _target(setting: Setting, done: dict[int, Floats]) -> int:
    """Return how many replications to have: the number asked for, then batches until the precision is reached."""
    options = setting.options
    if options.precision is None or len(done) < options.replications:
        return options.replications
    if len(done) >= options.max_replications:
        return len(done)
    runs = np.stack([done[number] for number in sorted(done)])
    widths = [
        (high - low) / 2
        for plan in range(runs.shape[1])
        for _, low, high, _ in [interval(runs[:, plan, FIGURE_NAMES.index(name)]) for name in WATCHED]
    ]
    reached = all(not width > options.precision for width in widths)
    return len(done) if reached else min(len(done) + BATCH, options.max_replications)


def _workers(asked: int | None, replications: int) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(asked or cores, -(-replications // CHUNK)))


class _Crew:
    """Worker processes, or this process where one is enough; hands out chunks and yields what comes back."""

    def __init__(self, setting: Setting, holdings: Sequence[Holding], workers: int) -> None:
        self.setting, self.holdings, self.workers = setting, tuple(holdings), workers
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Crew:
        if self.workers > 1:
            self.pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(self.setting, self.holdings),
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(wait=True, cancel_futures=True)

    def run(self, first: int, last: int) -> Iterator[tuple[int, list[Floats]]]:
        """Yield (number of the first, figures of each) for chunks of the replications, as they are done."""
        chunks = [range(n, min(n + CHUNK, last)) for n in range(first, last, CHUNK)]
        left = dict.fromkeys(chunks)
        if self.pool is not None:
            try:
                for chunk, runs in _share_out(self.pool, chunks, 2 * self.workers):
                    del left[chunk]
                    yield chunk.start, runs
            except BrokenProcessPool:
                logger.warning("a worker process died; the %d replications left are run here", sum(map(len, left)))
                self.pool = None
        for chunk in left:
            yield chunk.start, [run_replication(self.setting, self.holdings, number) for number in chunk]


def _share_out(
    pool: ProcessPoolExecutor, chunks: Sequence[range], at_once: int
) -> Iterator[tuple[range, list[Floats]]]:
    """Keep a few chunks per worker under way, and yield each as it is done."""
    waiting = iter(chunks)
    running: dict[Future[list[Floats]], range] = {}
    while True:
        while len(running) < at_once and (chunk := next(waiting, None)) is not None:
            running[pool.submit(_run_chunk, chunk)] = chunk
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


_WORK: list[tuple[Setting, Sequence[Holding]]] = []
"""What this worker process runs; filled once when it starts."""


def _start_worker(setting: Setting, holdings: Sequence[Holding]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then tells the workers to end
    _WORK[:] = [(setting, holdings)]


def _run_chunk(chunk: range) -> list[Floats]:
    setting, holdings = _WORK[0]
    return [run_replication(setting, holdings, number) for number in chunk]
