"""`prepos init`: a new folder with a scenario and a model to edit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from prepos.commands.answer import Answer
from prepos.data.scenario import Scenario
from prepos.data.workbook.write import write_workbook
from prepos.data.write import write_scenario
from prepos.errors import UsageError
from prepos.library import find_model, find_scenario, load_scenario

LEFT = ("__pycache__", ".*", "*.tmp", "*.xlsx", "~$*")
"""What is not copied: a workbook is written anew, from the tables."""


def init(folder: Path, scenario_name: str, model_name: str) -> Answer:
    """Put a scenario, as CSV tables and as a workbook, and a model's file into a new folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: holds something already; name a new folder, nothing is overwritten")
    scenario, model = find_scenario(scenario_name), find_model(model_name)
    copied_model = folder / model.name
    read = load_scenario(scenario)
    if scenario.is_dir():
        shutil.copytree(scenario, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*LEFT))
    else:
        write_scenario(read, folder)
    shutil.copyfile(model, copied_model)
    book = _write_book(read, folder)
    files = sorted(path.name for path in folder.iterdir())
    steps = [
        f"prepos check {folder}",
        f"prepos optimize {folder} --model {copied_model}",
        f"prepos simulate {folder}",
    ]
    document = {"folder": str(folder), "files": files, "workbook": str(book), "model": str(copied_model), "next": steps}
    text = [
        f"{folder} holds scenario '{scenario.name}' and model '{model.stem}': {', '.join(files)}",
        "Edit the tables in any spreadsheet (save as CSV, UTF-8), then:",
        *(f"  {step}" for step in steps),
        f"Or edit the workbook, which holds the same tables, and give {book} in place of {folder}.",
    ]
    return Answer(document, lambda: ["\n".join(text)])


def _write_book(scenario: Scenario, folder: Path) -> Path:
    """Write the workbook beside the tables, as old as they are: a newer one is one that somebody has edited."""
    book = folder / f"{folder.resolve().name}.xlsx"
    write_workbook(scenario, book)
    newest = max(path.stat().st_mtime for path in folder.iterdir() if path != book)
    os.utime(book, (newest, newest))
    return book
