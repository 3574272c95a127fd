"""`prepos import`: the file of another system into a scenario, with an account of every row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from rich.console import RenderableType

from prepos.commands.answer import Answer
from prepos.commands.tables import table
from prepos.data.importers import Imported, Options, import_file, kind_named
from prepos.data.importers.account import conflict_lines, conflicts, document, headline, told
from prepos.data.importers.report import Group
from prepos.data.importers.store import FOLDER, Saved, save_into, save_new, started_like
from prepos.data.scenario import Scenario
from prepos.errors import DataError, Problem, UsageError
from prepos.library import load_scenario

MOST_REASONS = 12


class Asked(NamedTuple):
    """The options of the command line, as they were typed."""

    prefer: str
    since: str
    until: str
    countries: str
    hazards: str
    min_people: float
    share_of_affected: float | None
    need_if_unknown: float | None
    household_size: float
    first_round: str
    table: str
    mapping: Path | None
    stock: str

    def options(self) -> Options:
        """Return the options checked; lists are separated by commas."""
        choices: dict[str, Any] = self._asdict()
        choices["countries"] = _codes(self.countries)
        choices["hazards"] = _codes(self.hazards)
        return Options(**choices)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


def import_rows(kind: str, path: Path, into: Path, like: str | None, asked: Asked, dry_run: bool) -> Answer:
    """Read a file into a scenario folder, or into a new one, and say what became of every row."""
    kind_named(kind)
    options = asked.options()
    base, is_new = _base(kind, into, like)
    found = import_file(kind, path, base, options)
    if dry_run:
        return Answer(_document(found, None, into), lambda: _parts(found, None, into, is_new))
    if is_new and not found.report.read:
        raise _nothing_read(path, found)
    if is_new:
        saved = save_new(found.scenario, found.report, into)
    else:
        saved = save_into(base, found.scenario, found.report, into)
    return Answer(_document(found, saved, into), lambda: _parts(found, saved, into, is_new))


def _base(kind: str, into: Path, like: str | None) -> tuple[Scenario, bool]:
    """Return the scenario to import into, and whether its folder is yet to be made."""
    if into.is_file() or into.suffix.lower() in (".xlsx", ".csv", ".toml"):
        raise UsageError(f"--into {into}: give the folder of a scenario, or the name of a new folder")
    is_new = not into.exists() or not any(into.iterdir())
    if kind == "esups":
        if not is_new:
            raise UsageError(
                f"--into {into}: an ESUPS folder is a whole scenario; name a new folder, nothing is overwritten"
            )
        return Scenario(into.name), True
    if not is_new:
        if like is not None:
            raise UsageError(f"--like {like}: is for a new folder, but {into} holds something already")
        return load_scenario(into), False
    return started_like(load_scenario(like or "iom-2015"), into.name), True


def _nothing_read(path: Path, found: Imported) -> DataError:
    """Return the error of a new scenario that would have no disaster, with what was wrong with the rows."""
    rows = found.report.counts()["rows"]
    reasons = [Problem(path.name, told(group)) for group in found.report.groups() if group.what == "left out"]
    head = Problem(path.name, f"none of its {rows:,} rows can be used, so no new scenario was made")
    return DataError(path.name, [head, *reasons])


def _document(found: Imported, saved: Saved | None, into: Path) -> dict[str, object]:
    tables = {} if saved is None else {name: {"before": a, "after": b} for name, (a, b) in saved.tables.items()}
    files = [] if saved is None else [str(file) for file in saved.files]
    return {"into": str(into), **document(found.report), "tables": tables, "files": files}


def _parts(found: Imported, saved: Saved | None, into: Path, is_new: bool) -> tuple[RenderableType, ...]:
    report = found.report
    parts: list[RenderableType] = [headline(report)]
    if report.licence:
        parts.append(f"Licence: {report.licence}")
    if report.remarks:
        parts.append("\n".join(["About the file:", *(f"  - {remark}" for remark in report.remarks)]))
    groups = report.groups()
    if groups:
        parts.append(_reasons(groups[:MOST_REASONS]))
    if len(groups) > MOST_REASONS:
        parts.append(f"... and {len(groups) - MOST_REASONS} more reasons in the report")
    if any(True for _ in conflicts(report)):
        parts.append("\n".join(conflict_lines(report)))
    return (*parts, _written(saved, into, is_new))


def _reasons(groups: list[Group]) -> RenderableType:
    rows = [
        [group.what, f"{group.column}: {group.why}" if group.column else group.why, group.rows[0], f"{group.count:,}"]
        for group in groups
    ]
    return table("What was done with the rows", ["", "why", "first", "rows"], rows, texts=3)


def _written(saved: Saved | None, into: Path, is_new: bool) -> str:
    if saved is None:
        return "Nothing was written (--dry-run)."
    tables = ", ".join(f"{name} {before:,} -> {after:,} rows" for name, (before, after) in saved.tables.items())
    kept = "" if is_new or not saved.tables else " (the old files are kept as .bak)"
    lines = [f"{into}: {tables or 'no table changed'}{kept}", f"Every row is accounted for in {into / FOLDER}:"]
    lines += [f"  {file.name}" for file in saved.files]
    return "\n".join([*lines, f"Next: prepos check {into}"])
