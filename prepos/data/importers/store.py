"""Writing an import: tables replaced whole or not at all, the old ones kept, the report beside them."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from prepos.data.importers.account import report_text
from prepos.data.importers.report import Report
from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES
from prepos.data.write import table_text, write_scenario

FOLDER = "imports"
KEPT_FROM_LIKE = ("hubs", "hub_tiers", "items", "stock", "modes", "suppliers", "need_rules", "aircraft")


@dataclass(frozen=True)
class Saved:
    """What was written.

    Parameters
    ----------
    tables
        File of a table -> rows before and after.
    files
        Report and other files of the import.
    """

    tables: dict[str, tuple[int, int]]
    files: tuple[Path, ...]


def started_like(liked: Scenario, name: str) -> Scenario:
    """Return a scenario with the hubs, items, stock and modes of another, without its disasters and places."""
    kept = {table: columns for table, columns in liked.layout.items() if table in KEPT_FROM_LIKE}
    fresh = Scenario(name)
    tables = {table: liked.table(table) for table in KEPT_FROM_LIKE}
    settings = replace(
        liked.settings, title=f"Imported disasters, hubs and items of {liked.name}", disasters_per_year=None
    )
    frames: dict[str, object] = {**tables, "layout": kept, "settings": settings}
    return replace(fresh, **frames)  # type: ignore[arg-type]


def save_new(scenario: Scenario, report: Report, folder: Path) -> Saved:
    """Write a scenario into a folder that does not exist yet, or is empty; all of it or nothing."""
    if report.licence:
        sources = {**scenario.settings.sources, f"import_{report.kind}": f"{report.file}. {report.licence}"}
        scenario = replace(scenario, settings=replace(scenario.settings, sources=sources))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        made = Path(temporary) / "scenario"
        write_scenario(scenario, made)
        names = _write_report(report, made)
        if folder.is_dir():
            folder.rmdir()
        made.rename(folder)
    rows = {t.file: (0, len(scenario.table(t.name))) for t in TABLES.values() if len(scenario.table(t.name))}
    return Saved(rows, tuple(folder / FOLDER / name for name in names))


def save_into(before: Scenario, after: Scenario, report: Report, folder: Path) -> Saved:
    """Replace the tables that the import changed; the old file stays beside the new one as ``.bak``."""
    changed = {}
    for table in TABLES.values():
        old, new = before.table(table.name), after.table(table.name)
        if old is not new:
            changed[table.file] = (len(old), len(new))
            _replace(folder / table.file, table_text(after, table))
    names = _write_report(report, folder)
    return Saved(changed, tuple(folder / FOLDER / name for name in names))


def _replace(path: Path, text: str) -> None:
    """Write beside the file, keep a copy of the old one, then put the new one in its place in one step."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
        if path.exists():
            shutil.copymode(path, name)
            shutil.copy2(path, path.with_name(path.name + ".bak"))
        else:
            Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_report(report: Report, folder: Path) -> list[str]:
    """Write the account as CSV and as text, and what else is kept; an earlier report is not overwritten."""
    where = folder / FOLDER
    where.mkdir(exist_ok=True)
    stem = f"{report.kind}-{re.sub(r'[^A-Za-z0-9._-]+', '-', Path(report.file).stem).strip('-') or 'file'}"
    n, name = 1, stem
    while (where / f"{name}-report.csv").exists():
        n += 1
        name = f"{stem}-{n}"
    texts = {"report.csv": report.as_csv(), "report.txt": report_text(report), **report.files}
    for ending, text in texts.items():
        (where / f"{name}-{ending}").write_bytes(text.encode("utf-8"))
    return [f"{name}-{ending}" for ending in texts]
