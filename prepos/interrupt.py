"""Ctrl-C as a wish that is looked at in good time, so that what has been found so far can be kept."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Interrupt:
    """Whether Ctrl-C was pressed since it was last looked at."""

    pressed: bool = False


@contextmanager
def deferred_interrupt() -> Iterator[Interrupt]:
    """Note Ctrl-C instead of raising KeyboardInterrupt, so that the best plan so far can be kept.

    Only the main thread hears Ctrl-C; on another one nothing changes.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def note(*_: object) -> None:
        interrupt.pressed = True

    earlier = signal.signal(signal.SIGINT, note)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, earlier or signal.default_int_handler)
