"""`prepos init`: a new folder with a scenario and a model to edit."""

from __future__ import annotations

import shutil
from pathlib import Path

from prepos.commands.answer import Answer
from prepos.errors import UsageError
from prepos.library import find_model, find_scenario


def init(folder: Path, scenario_name: str, model_name: str) -> Answer:
    """Copy a scenario's folder and a model's file into a new folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: holds something already; name a new folder, nothing is overwritten")
    scenario, model = find_scenario(scenario_name), find_model(model_name)
    copied_model = folder / model.name
    shutil.copytree(scenario, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.tmp"))
    shutil.copyfile(model, copied_model)
    files = sorted(path.name for path in folder.iterdir())
    steps = [
        f"prepos check {folder}",
        f"prepos optimize {folder} --model {copied_model}",
        f"prepos simulate {folder}",
    ]
    document = {"folder": str(folder), "files": files, "model": str(copied_model), "next": steps}
    text = [
        f"{folder} holds scenario '{scenario.name}' and model '{model.stem}': {', '.join(files)}",
        "Edit the tables in any spreadsheet (save as CSV, UTF-8), then:",
        *(f"  {step}" for step in steps),
    ]
    return Answer(document, ("\n".join(text),))
