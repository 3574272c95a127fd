"""How `prepos` ends: with an exit code that says why, and never with a traceback nobody asked for."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from prepos.commands.answer import print_document
from prepos.errors import DataError, InfeasibleError, NoPlanError, PreposError, Problem

DONE, FAULT, USAGE = 0, 1, 2
STOPPED = "stopped before there was an answer"


class Shell(TyperGroup):
    """The group of all commands: turns every error into a message and the exit code that stands for it."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - errors are always handled here
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run one command line and exit."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, prog_name or "prepos", complete_var, False, windows_expand_args, **extra)
        except BrokenPipeError:
            code = _hang_up()
        except KeyboardInterrupt:
            code = report(NoPlanError(STOPPED), as_json="--json" in given, debug=False)
        except Exception as error:
            code = report(error, as_json="--json" in given, debug="--debug" in given)
        sys.exit(code if isinstance(code, int) else DONE)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Ctrl-C that no solve has heard is an error like any other (Typer would end with 130)."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise NoPlanError(STOPPED) from None


def report(error: Exception, *, as_json: bool, debug: bool) -> int:
    """Tell what went wrong, as text on stderr or as a document on stdout, and return the exit code."""
    code = exit_code(error)
    if debug:
        traceback.print_exception(error, file=sys.stderr)
    if as_json:
        print_document({"error": error_document(error), "exit_code": code})
    else:
        Console(stderr=True, soft_wrap=True).print(Text("Error: ", style="bold red") + Text(message(error)))
    return code


def exit_code(error: Exception) -> int:
    """Return 2 for a wrong command line, a prepos error's own code, otherwise 1."""
    if isinstance(error, PreposError):
        return error.exit_code
    return USAGE if hasattr(error, "format_message") else FAULT


def message(error: Exception) -> str:
    """Return what a person needs to know, and the way out."""
    if isinstance(error, PreposError):
        return str(error)
    if hasattr(error, "format_message"):
        context = getattr(error, "ctx", None)
        hint = f" (see '{context.command_path} --help')" if context is not None else ""
        return f"{error.format_message()}{hint}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"cannot use '{error.filename}': {error.strerror}"
    found = f"{type(error).__name__}: {error}".splitlines()[0]
    return f"prepos met a fault of its own ({found}); the same command with --debug shows where, for a report to us"


def error_document(error: Exception) -> dict[str, object]:
    """Return an error as JSON: its kind, its message, and the problems or limits it names."""
    document: dict[str, object] = {"kind": type(error).__name__, "message": message(error)}
    if isinstance(error, DataError):
        document["problems"] = [problem_document(problem) for problem in error.problems]
        document |= {"copy": error.copy} if error.copy else {}
    if isinstance(error, InfeasibleError):
        document["limits"] = list(error.limits)
    return document


def problem_document(problem: Problem) -> dict[str, object]:
    """Return one problem of the input as JSON."""
    return {
        "table": problem.table,
        "row": problem.row,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
        **({"cell": problem.cell} if problem.cell else {}),
    }


def _hang_up() -> int:
    """End quietly when the reader of stdout has gone (``prepos ... | head``)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return FAULT
