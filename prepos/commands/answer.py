"""What a command gives back, and how it reaches the person or the program that asked."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, RenderableType


@dataclass(frozen=True)
class Answer:
    """The answer of a command.

    Parameters
    ----------
    document
        What ``--json`` prints.
    parts
        Gives what a person reads: texts and tables, in order; asked only where a person reads.
    exit_code
        0 done, 5 stopped early with a plan.
    """

    document: Mapping[str, object]
    parts: Callable[[], Sequence[RenderableType]]
    exit_code: int = 0


def respond(work: Callable[[], Answer], as_json: bool) -> int:
    """Do the work, print its answer on stdout and return the exit code; nothing else reaches stdout."""
    with stdout_on_stderr():
        answer = work()
    if as_json:
        print_document(answer.document)
    else:
        console = Console()
        for part in answer.parts():
            console.print(part, highlight=False, markup=False, soft_wrap=isinstance(part, str))
    return answer.exit_code


def print_document(document: Mapping[str, object]) -> None:
    """Print one JSON document on stdout."""
    sys.stdout.write(json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextlib.contextmanager
def stdout_on_stderr() -> Iterator[None]:
    """Send to stderr all that is written to stdout meanwhile, by Python or by a library in C.

    HiGHS greets on file descriptor 1 before any option can stop it.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
