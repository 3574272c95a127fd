"""What every working command does around its work: keeps a log, shows progress, passes on warnings."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import tomllib
from collections.abc import Iterator, Sequence

from prepos.commands.progress import Reporter
from prepos.errors import DataError, Problem, UsageError
from prepos.library import load_model
from prepos.model import Model

MOST_WARNINGS = 8


@contextlib.contextmanager
def kept_log() -> Iterator[io.StringIO]:
    """Keep what the package logs meanwhile, for the run's ``log.txt``."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    package = logging.getLogger("prepos")
    level = package.level
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield text
    finally:
        package.removeHandler(handler)
        package.setLevel(level)


def warn(reporter: Reporter, warnings: Sequence[Problem], subject: str) -> None:
    """Tell what is odd in the input: the first few in full, the others by their number."""
    for problem in warnings[:MOST_WARNINGS]:
        reporter.say(f"Warning: {problem}")
    if len(warnings) > MOST_WARNINGS:
        more = len(warnings) - MOST_WARNINGS
        reporter.say(f"Warning: {more} more of this kind; prepos check {subject} lists all")


def command_line() -> tuple[str, ...]:
    """Return the command line that was given, without the name of the program."""
    return tuple(sys.argv[1:])


def parse_changes(changes: Sequence[str]) -> dict[str, object]:
    """Return dotted key -> value from texts such as ``"budget.usd=2_000_000"``; values are TOML, or plain text.

    Raises
    ------
    UsageError
        When a text has no ``=`` or no key.
    """
    found: dict[str, object] = {}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals or not key.strip():
            raise UsageError(f"--set {change}: give a key and a value, such as --set budget.usd=2000000")
        found[key.strip()] = _toml_value(value.strip())
    return found


def load_changed_model(name: str, changes: Sequence[str]) -> Model:
    """Read a model with the changes of ``--set`` put over it.

    Raises
    ------
    UsageError
        When a change is wrong; a fault of the file itself is a DataError.
    """
    try:
        return load_model(name, parse_changes(changes))
    except DataError as error:
        load_model(name)  # raises where the file itself is at fault
        raise _wrong_change(error, changes) from None


@contextlib.contextmanager
def blaming(changes: Sequence[str]) -> Iterator[None]:
    """Tell problems that all lie in keys given with ``--set`` as a wrong command line."""
    try:
        yield
    except DataError as error:
        if all(_culprit(changes, problem.column) for problem in error.problems):
            raise _wrong_change(error, changes) from None
        raise


def _wrong_change(error: DataError, changes: Sequence[str]) -> UsageError:
    every = " --set ".join(changes)
    told = [f"--set {_culprit(changes, problem.column) or every}: {problem.message}" for problem in error.problems]
    return UsageError("\n".join(told))


def _culprit(changes: Sequence[str], key: str) -> str:
    """Return the last change of a key, of a section above it, or of a key below it; empty where there is none."""
    for change in reversed(changes):
        name = change.partition("=")[0].strip()
        if f"{key}.".startswith(f"{name}.") or f"{name}.".startswith(f"{key}."):
            return change
    return ""


def _toml_value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
