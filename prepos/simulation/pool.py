"""Worker processes: start them, hand out replications in chunks, and go on without them if one dies."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prepos.instance import Floats
from prepos.interrupt import Interrupt

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
"""How often Ctrl-C is looked at while workers are busy."""

CHUNK = 5
"""Replications that a worker runs before it reports."""

Replication = Callable[..., Floats]
"""(what is the same in all, number of the replication) -> its figures; workers find it by its module and name."""


class Pool:
    """Runs replications on worker processes, or in this process where one is enough.

    Parameters
    ----------
    run
        Runs one replication: ``run(*shared, number)``.
    shared
        Arguments that are the same in all replications; sent once.
    workers
        Processes.
    """

    def __init__(self, run: Replication, shared: Sequence[Any], workers: int) -> None:
        self.run, self.shared, self.workers = run, shared, workers
        self.executor: ProcessPoolExecutor | None = None
        self._clean_up = contextlib.ExitStack()

    def __enter__(self) -> Pool:
        if self.workers > 1:
            # By file, not as an argument: a start that fails while a large argument is being sent never returns.
            file = Path(self._clean_up.enter_context(TemporaryDirectory(prefix="prepos-"))) / "shared"
            file.write_bytes(pickle.dumps((self.run, tuple(self.shared))))
            spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of the solver's threads
            self.executor = ProcessPoolExecutor(self.workers, spawn, _start_worker, (str(file),))
        return self

    def __exit__(self, *_: object) -> None:
        if self.executor is not None:
            self.executor.shutdown(wait=True, cancel_futures=True)
        self._clean_up.close()

    def replicate(self, first: int, last: int, interrupt: Interrupt) -> Iterator[tuple[int, list[Floats]]]:
        """Yield (number of the first, figures of each) for chunks of the replications from first up to last.

        After Ctrl-C no further chunk is begun.
        """
        chunks = [range(n, min(n + CHUNK, last)) for n in range(first, last, CHUNK)]
        left = dict.fromkeys(chunks)
        if self.executor is not None:
            try:
                for chunk, runs in _share_out(self.executor, chunks, 2 * self.workers, interrupt):
                    del left[chunk]
                    yield chunk.start, runs
            except BrokenProcessPool:
                logger.warning("a worker process died; the %d replications left are run here", sum(map(len, left)))
                self.executor = None
        for chunk in left:
            if interrupt.pressed:
                return
            yield chunk.start, [self.run(*self.shared, number) for number in chunk]


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _share_out(
    executor: ProcessPoolExecutor, chunks: Sequence[range], at_once: int, interrupt: Interrupt
) -> Iterator[tuple[range, list[Floats]]]:
    """Keep a few chunks per worker under way, and yield each as it is done."""
    waiting = iter(chunks)
    running: dict[Future[list[Floats]], range] = {}
    while True:
        while len(running) < at_once and not interrupt.pressed and (chunk := next(waiting, None)) is not None:
            with _quiet_start():
                running[executor.submit(_run_chunk, chunk)] = chunk
        if interrupt.pressed or not running:
            return
        for future in wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result()


@contextlib.contextmanager
def _quiet_start() -> Iterator[None]:
    """Let workers start without running the caller's script again, and without hearing Ctrl-C.

    A spawned process imports the main script unless it has neither file nor spec; workers need this package only. The
    mask of signals is inherited, so that Ctrl-C reaches this process alone, which then ends the workers.
    """
    main = sys.modules["__main__"]
    kept: dict[str, Any] = {name: vars(main).pop(name) for name in ("__file__", "__spec__") if name in vars(main)}
    main.__spec__ = None
    can_mask = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if can_mask else set()
    try:
        yield
    finally:
        vars(main).update(kept)
        if can_mask:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


_WORK: list[tuple[Replication, tuple[Any, ...]]] = []
"""What this worker process runs; filled once when it starts."""


def _start_worker(file: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _WORK[:] = [pickle.loads(Path(file).read_bytes())]


def _run_chunk(chunk: range) -> list[Floats]:
    run, shared = _WORK[0]
    return [run(*shared, number) for number in chunk]
