"""What can go wrong, said so that a planner can mend it.

Every error that a user can meet is a `PreposError`; its `exit_code` is the one the commands end with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One thing wrong (or odd) in one place of the input.

    Parameters
    ----------
    table
        File or sheet, as the user knows it: ``"needs.csv"``.
    message
        What was found and what would be right, in one sentence.
    row
        Row as a spreadsheet numbers it (the header is row 1).
    column
        Column name.
    severity
        ``"error"`` stops the run, ``"warning"`` does not.
    also
        Other rows in which the same cell is wrong, named in the message as far as there is room.
    cell
        Cell of a workbook's sheet: ``"B14"``; empty for a file.
    """

    table: str
    message: str
    row: int | None = None
    column: str = ""
    severity: Literal["error", "warning"] = "error"
    also: tuple[int, ...] = ()
    cell: str = ""

    @property
    def where(self) -> str:
        """Place of the problem: ``needs.csv row 14, column site``."""
        row = f" row {self.row}" if self.row is not None else ""
        kind = "key" if self.table.endswith(".toml") else "column"
        column = f", {kind} {self.column}" if self.column else ""
        return f"{self.table}{row}{column}"

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class PreposError(Exception):
    """Base of every error that prepos raises on purpose."""

    exit_code = 1


class UsageError(PreposError):
    """The command or the call itself is off: an unknown name, a missing file, a wrong option."""

    exit_code = 2


class DataError(PreposError):
    """A scenario or a model file is wrong; carries every problem found in one pass.

    Parameters
    ----------
    subject
        What is wrong, as the user named it.
    copy
        Copy of the user's workbook in which the problems are marked, where one was written.
    note
        A last line for the reader.
    """

    exit_code = 3

    def __init__(self, subject: str, problems: Iterable[Problem], copy: str = "", note: str = "") -> None:
        self.subject = subject
        self.problems = tuple(problems)
        self.copy = copy
        super().__init__("\n".join(filter(None, [list_problems(subject, self.problems), note])))


class InfeasibleError(PreposError):
    """No plan can meet the request; `limits` names the planner's own limits that clash."""

    exit_code = 4

    def __init__(self, message: str, limits: Iterable[str] = ()) -> None:
        self.limits = tuple(limits)
        super().__init__(message)


class NoPlanError(PreposError):
    """The solve was stopped (Ctrl-C or time limit) before any plan was found."""

    exit_code = 6


SHOWN = 10  # problems of one column that are written out


def list_problems(subject: str, problems: Iterable[Problem]) -> str:
    """Return the text a user reads: a count, then one line per problem; the many of one column end in a count."""
    found = list(problems)
    places = Counter((problem.table, problem.column, problem.severity) for problem in found)
    seen: Counter[tuple[str, str, str]] = Counter()
    lines = [f"{subject}: {_count(found)}"]
    for problem in found:
        place = (problem.table, problem.column, problem.severity)
        seen[place] += 1
        left = places[place] - SHOWN
        if seen[place] <= SHOWN or left == 1:
            lines.append(f"  - {'warning: ' if problem.severity == 'warning' else ''}{problem}")
        elif seen[place] == SHOWN + 1:
            column = f", column {problem.column}" if problem.column else ""
            start = f", from row {problem.row} on" if problem.row is not None else ""
            lines.append(f"  - {problem.table}{column}: and {left:,} more{start}")
    return "\n".join(lines)


def _count(problems: Sequence[Problem]) -> str:
    warnings = sum(problem.severity == "warning" for problem in problems)
    errors = len(problems) - warnings
    counts = ((errors, "problem"), (warnings, "warning"))
    shown = [f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts if count]
    return ", ".join(shown) or "no problem"
