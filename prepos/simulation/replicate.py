"""Many replications on the cores there are: the same figures, byte for byte, on any number of them.

A replication is a function of the seed and its number alone, so it does not matter which process runs it. Only its
figures come back, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from prepos.errors import NoPlanError
from prepos.instance import Floats
from prepos.interrupt import deferred_interrupt
from prepos.simulation.compare import interval
from prepos.simulation.hazards import draw_storms
from prepos.simulation.pool import CHUNK, Pool, cores
from prepos.simulation.record import FIGURE_NAMES, figures
from prepos.simulation.setting import Holding, Setting
from prepos.simulation.world import World

OnProgress = Callable[[int, int], None]
"""Called with the replications done and the number that is expected in all."""

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
    done: dict[int, Floats] = {}
    complete = True
    try:
        with deferred_interrupt() as interrupt, _pool(setting, holdings) as pool:
            while not interrupt.pressed and (target := _target(setting, done)) > len(done):
                for first, runs in pool.replicate(len(done), target, interrupt):
                    done.update(enumerate(runs, start=first))
                    if on_progress is not None:
                        on_progress(len(done), target)
            complete = not interrupt.pressed
    except KeyboardInterrupt:
        complete = False
    if not done:
        raise NoPlanError("stopped before the first replication was done; nothing was kept")
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


def _pool(setting: Setting, holdings: Sequence[Holding]) -> Pool:
    options = setting.options
    return Pool(run_replication, (setting, holdings), _workers(options.workers, options.replications))


def _workers(asked: int | None, replications: int) -> int:
    return max(1, min(asked or cores(), -(-replications // CHUNK)))
