"""From a folder to a `Scenario`: every table read, every problem told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from prepos.data.checks import check
from prepos.data.raw import read_csv
from prepos.data.scenario import Scenario, Settings
from prepos.data.settings import FILE, read_settings
from prepos.data.subject import Reading
from prepos.data.suggest import closest, nearest
from prepos.data.tables import TABLES, Table
from prepos.data.typed import TypedTable, typed_table
from prepos.errors import DataError, Problem


def read_scenario(folder: Path) -> Scenario:
    """Return the scenario of a folder of CSV tables and a `scenario.toml`; a workbook in it is not read.

    Parameters
    ----------
    folder
        Folder with `scenario.toml`, `hubs.csv`, `items.csv` and any other table of `prepos.data.tables`.

    Returns
    -------
    Scenario
        With what was odd in its `warnings`.

    Raises
    ------
    DataError
        When anything is wrong; it carries every problem of every file, the warnings last.
    """
    folder = Path(folder)
    _require_folder(folder)
    problems = _odd_files(folder)
    settings, keys, found = _read_settings(folder)
    given = Given(settings, keys, [*problems, *found])
    for table in TABLES.values():
        given.add(table.name, *_read_table(folder, table))
    return assemble(str(folder), folder.resolve().name, given)


@dataclass
class Given:
    """What the files of a folder, or the sheets of a workbook, hold before it is held against each other.

    Parameters
    ----------
    settings, keys
        What `scenario.toml` says, and its keys in their order.
    problems
        What is wrong or odd so far.
    tables
        Every table that could be read.
    unread
        Tables whose ids are not known.
    """

    settings: Settings
    keys: tuple[str, ...]
    problems: list[Problem]
    tables: dict[str, TypedTable] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def add(self, name: str, typed: TypedTable | None, found: Iterable[Problem]) -> None:
        """Take in one table, or what kept it from being read; neither for a table that is not there."""
        found = list(found)
        self.problems += found
        if typed is not None:
            self.tables[name] = typed
        if (typed is None and found) or (typed is not None and not typed.whole):
            self.unread.add(name)


def assemble(subject: str, name: str, given: Given) -> Scenario:
    """Return the scenario of the tables given, held against each other.

    Raises
    ------
    DataError
        When anything is wrong; it carries every problem about `subject`, the warnings last.
    """
    scenario = _scenario(name, given)
    problems = [*given.problems, *_not_yet_told(check(scenario, _reading(given)), given.problems)]
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    if errors:
        raise DataError(subject, [*errors, *warnings])
    return replace(scenario, warnings=tuple(warnings))


def _read_settings(folder: Path) -> tuple[Settings, tuple[str, ...], list[Problem]]:
    if not _present(folder, FILE):
        return Settings(), (), [_missing(folder, FILE)]
    return read_settings(folder / FILE)


def _scenario(name: str, given: Given) -> Scenario:
    frames: dict[str, Any] = {table: typed.frame for table, typed in given.tables.items()}
    layout = {"scenario": given.keys} | {table: typed.layout for table, typed in given.tables.items()}
    return Scenario(name, given.settings, layout=layout, **frames)


def _reading(given: Given) -> Reading:
    faulty = {Path(problem.table).stem for problem in given.problems if problem.severity == "error"}
    rows = {name: typed.rows for name, typed in given.tables.items()}
    return Reading(rows, frozenset(given.unread), frozenset(given.unread | faulty))


def _require_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    if folder.exists():
        message = f"is a file; give the folder that holds it ({folder.parent})"
        raise DataError(str(folder), [Problem(folder.name, message)])
    beside = [path.name for path in folder.parent.iterdir() if path.is_dir()] if folder.parent.is_dir() else []
    raise DataError(str(folder), [Problem(folder.name, f"there is no such folder{nearest(folder.name, beside)}")])


def _present(folder: Path, file: str) -> bool:
    return (folder / file).exists()


def _missing(folder: Path, file: str) -> Problem:
    known = {FILE, *(table.file for table in TABLES.values())}
    names = [path.name for path in sorted(folder.iterdir()) if path.name not in known]
    sheet = f"{Path(file).stem}.xlsx"
    if sheet in names:
        return Problem(file, f"is missing; save {sheet} as 'CSV UTF-8' under this name")
    match = closest(file, [name for name in names if Path(name).suffix.lower() == Path(file).suffix], cutoff=0.75)
    hint = f"; '{match}' looks like it: rename it" if match else "; every scenario needs it"
    return Problem(file, f"is missing{hint}")


def _odd_files(folder: Path) -> list[Problem]:
    """Warn of files that look like tables but are not read, and of tables open in another program."""
    known = [table.file for table in TABLES.values()]
    problems = []
    for path in sorted(folder.iterdir()):
        name = path.name
        opened = name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
        if opened != name and opened in known:
            message = f"is open in another program ({name}); changes not saved there are not read"
            problems.append(Problem(opened, message, severity="warning"))
        elif path.suffix.lower() == ".csv" and name not in known and opened == name and not _read_anyway(path, known):
            absent = [file for file in known if not _present(folder, file)]
            message = f"is not a table of prepos and was not read{nearest(name, absent)}"
            problems.append(Problem(name, message, severity="warning"))
    return problems + _newer_workbook(folder)


def _newer_workbook(folder: Path) -> list[Problem]:
    """Warn of edits in the workbook of a folder: the folder is its CSV files."""
    book = folder / f"{folder.resolve().name}.xlsx"
    times = [path.stat().st_mtime for path in folder.iterdir() if path.suffix in (".csv", ".toml")]
    if not book.is_file() or not times or book.stat().st_mtime <= max(times) + 1:
        return []
    message = f"is newer than the tables and was not read: the folder is its CSV files; give {book} to use the workbook"
    return [Problem(book.name, message, severity="warning")]


def _read_anyway(path: Path, known: Collection[str]) -> bool:
    """Tell whether the disk takes `Hubs.csv` for `hubs.csv`."""
    plain = path.with_name(path.name.lower())
    return plain.name in known and plain.exists() and plain.samefile(path)


def _read_table(folder: Path, table: Table) -> tuple[TypedTable | None, list[Problem]]:
    if not _present(folder, table.file):
        return None, [_missing(folder, table.file)] if table.required else []
    raw, problems = read_csv(folder / table.file)
    if raw is None:
        return None, problems
    typed = typed_table(raw, table)
    return typed, [*problems, *typed.problems]


def _not_yet_told(found: Iterable[Problem], earlier: Iterable[Problem]) -> list[Problem]:
    """Leave out what only follows from a cell that could not be read, which was told already."""
    cells = {(p.table, p.row, p.column) for p in earlier if p.severity == "error" and p.row is not None}
    rows = {(table, row) for table, row, _ in cells}
    whole_rows = {(table, row) for table, row, column in cells if not column}

    def follows(problem: Problem) -> bool:
        place = (problem.table, problem.row)
        if problem.row is None:
            return False
        return (*place, problem.column) in cells or place in whole_rows or (not problem.column and place in rows)

    return [problem for problem in found if not follows(problem)]
