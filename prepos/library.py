"""From a name or a path to the scenario or the model that it means.

Looked for, in this order: the path itself, `scenarios/` (or `models/`) of the working folder, of the checkout that
prepos runs from, and of the copy that an installed prepos carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.data.suggest import nearest
from prepos.errors import UsageError
from prepos.model import Model
from prepos.model import load_model as read_model

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Endings of workbooks; those that cannot be read are told so."""

PACKAGE = Path(__file__).resolve().parent


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario, given by its folder, its workbook, or the name of one that is known here.

    A folder is its CSV files, also where a workbook lies in it: give the `.xlsx` to use that.

    Raises
    ------
    UsageError
        When nothing of that name is known.
    DataError
        When its tables hold errors; carries all of them.
    """
    path = find_scenario(name_or_path)
    if path.is_dir():
        return read_scenario(path)
    from prepos.data.workbook.read import read_workbook  # openpyxl is loaded only where there is a workbook

    return read_workbook(path)


def load_model(name_or_path: str | Path, overrides: Mapping[str, object] | None = None) -> Model:
    """Read a planning model, given by its file or by the name of one that is known here.

    Parameters
    ----------
    name_or_path
        ``"coverage-72h"`` or ``"my-models/winter.toml"``.
    overrides
        Dotted key -> value put over the file's own, such as ``{"budget.usd": 2_000_000}``.
    """
    return read_model(find_model(name_or_path), overrides)


def find_scenario(name_or_path: str | Path) -> Path:
    """Return the folder or the workbook of a scenario."""
    path = Path(name_or_path)
    if path.suffix.lower() in WORKBOOKS and not path.is_dir():
        return _workbook(path)
    return _find("scenario", str(name_or_path))


def find_model(name_or_path: str | Path) -> Path:
    """Return the TOML file of a planning model."""
    return _find("model", str(name_or_path))


def scenario_names() -> list[str]:
    """Return the names of all scenarios known from the working folder."""
    return sorted(_known("scenario"))


def model_names() -> list[str]:
    """Return the names of all planning models known from the working folder."""
    return sorted(_known("model"))


def _workbook(path: Path) -> Path:
    if path.exists():
        return path
    beside = _workbooks(path.parent) if path.parent.is_dir() else []
    raise UsageError(f"there is no workbook '{path}'{nearest(path.name, beside)}")


def _workbooks(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in WORKBOOKS and not p.name.startswith("~$"))


def _find(kind: str, given: str) -> Path:
    path = Path(given)
    if _is_one(kind, path):
        return path
    known = _known(kind)
    name = path.name.removesuffix(".toml") if kind == "model" else path.name
    if name == given.removesuffix(".toml") and name in known:
        return known[name]
    if path.exists():
        raise UsageError(f"'{given}' is not a {kind}: {_wanted(kind, path)}")
    raise UsageError(f"there is no {kind} '{given}'{nearest(name, known)}; known here: {', '.join(sorted(known))}")


def _wanted(kind: str, path: Path) -> str:
    if kind == "model":
        return "a TOML file was expected"
    books = _workbooks(path) if path.is_dir() else []
    if books:
        return f"no CSV files are in it, but a workbook: give {path / books[0]}"
    return "a folder with scenario.toml, hubs.csv and items.csv was expected, or an .xlsx workbook"


def _known(kind: str) -> dict[str, Path]:
    """Return name -> path; a place looked at earlier wins."""
    found: dict[str, Path] = {}
    for folder in _places(f"{kind}s"):
        for path in sorted(folder.iterdir()):
            if _is_one(kind, path):
                found.setdefault(path.stem if kind == "model" else path.name, path)
    return found


def _places(folder: str) -> Iterator[Path]:
    for place in (Path(), PACKAGE.parent, PACKAGE / "_shared"):
        if (place / folder).is_dir():
            yield place / folder


def _is_one(kind: str, path: Path) -> bool:
    if kind == "model":
        return path.suffix == ".toml" and path.is_file()
    return path.is_dir() and any((path / name).is_file() for name in ("scenario.toml", "hubs.csv", "items.csv"))
