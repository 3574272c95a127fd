"""Run folders: one answer with everything it came from, so that it can be read again and repeated.

```
runs/20260301T101500Z-iom-2015-expected-cost/
    inputs/<scenario>/*.csv  inputs/model.toml     as read; beside them the workbook, where the scenario was one
    plan/*.csv                                     hubs, stock, purchases, moves, flows, unmet
    simulation/*.csv                               figures and differences of a stress test
    result.json  log.txt  manifest.json
```
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from prepos.data.read import read_scenario
from prepos.data.scenario import Scenario
from prepos.data.write import write_scenario
from prepos.errors import DataError, Problem, UsageError
from prepos.model import Model, dump_model, load_model
from prepos.plan import PLAN_TABLES, Level, Plan

FORMAT = 1
DEPENDENCIES = ("highspy", "networkx", "numpy", "pandas", "pydantic", "pyomo", "scipy", "simpy")


@dataclass(frozen=True)
class Record:
    """How an answer came about.

    Parameters
    ----------
    command
        ``"optimize"`` or ``"simulate"``.
    argv
        The command line, without the program's name.
    options
        Every option with the value that was used, defaults included.
    repeat
        The command line that repeats the run when it is given inside the run folder.
    seed
        Seed of all chance; None where chance plays no part.
    started
        When the work began (UTC).
    """

    command: str
    argv: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    repeat: tuple[str, ...] = ()
    seed: int | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Run:
    """A run folder, read.

    Parameters
    ----------
    path
        The folder.
    manifest, result
        ``manifest.json`` and ``result.json``.
    scenario, model, plan
        The inputs and the answer; model and plan are None where the run had none (today's stock was simulated).
    tables
        Tables of a stress test: ``"figures"``, ``"differences"``.
    """

    path: Path
    manifest: Mapping[str, Any]
    result: Mapping[str, Any]
    scenario: Scenario
    model: Model | None = None
    plan: Plan | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.name


def is_run(path: Path | str) -> bool:
    """Return whether a folder looks like a run."""
    return (Path(path) / "manifest.json").is_file()


@contextlib.contextmanager
def run_folder(out: Path | None, *names: str) -> Iterator[Path]:
    """Give a new, empty folder for a run before the work starts; take it away again if nothing was written.

    Parameters
    ----------
    out
        The folder asked for; None: ``runs/<UTC time>-<names>``.

    Raises
    ------
    UsageError
        When the folder holds something already, or cannot be made.
    """
    folder = _new_folder(*names) if out is None else _asked_folder(out)
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            folder.rmdir()  # refuses a folder that holds anything


def write_run(
    folder: Path,
    record: Record,
    scenario: Scenario,
    result: Mapping[str, Any],
    *,
    model: Model | None = None,
    plan: Plan | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    log: str = "",
) -> None:
    """Write a run into an empty folder; the manifest comes last, so that a folder with one is whole."""
    inputs = folder / "inputs"
    write_scenario(scenario, inputs / scenario.name)
    if scenario.origin is not None:
        (inputs / scenario.origin.file).write_bytes(scenario.origin.content)
    if model is not None:
        (inputs / "model.toml").write_text(dump_model(model), encoding="utf-8")
    if plan is not None:
        _write_tables(folder / "plan", {name: getattr(plan, name) for name in PLAN_TABLES})
    if tables:
        _write_tables(folder / "simulation", tables)
    (folder / "result.json").write_text(to_json(result), encoding="utf-8")
    (folder / "log.txt").write_text(log, encoding="utf-8")
    (folder / "manifest.json").write_text(to_json(_manifest(folder, record, scenario, result)), encoding="utf-8")


def load_run(path: Path | str) -> Run:
    """Read a run folder.

    Raises
    ------
    UsageError
        When the folder does not exist or is not a run.
    DataError
        When a part of the run is missing, damaged, or was changed since; names all of them.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    problems = [*_changed_inputs(folder, manifest), *_missing_parts(folder, manifest)]
    if problems:
        raise DataError(str(folder), problems)
    model_file = folder / "inputs" / "model.toml"
    result = _read_json(folder, "result.json")
    scenario = replace(read_scenario(folder / "inputs" / manifest["scenario"]), name=manifest["scenario"])
    return Run(
        path=folder,
        manifest=manifest,
        result=result,
        scenario=scenario,
        model=load_model(model_file) if model_file.is_file() else None,
        plan=_read_plan(folder, result) if (folder / "plan").is_dir() else None,
        tables={file.stem: _read_table(folder, file) for file in sorted((folder / "simulation").glob("*.csv"))},
    )


def to_json(document: Mapping[str, Any]) -> str:
    """Return a document as JSON text; what JSON cannot say (NaN, infinity) becomes null."""
    return json.dumps(plain(document), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def plain(value: Any) -> Any:
    """Return a value in the types of JSON: tables become lists of rows, NaN and infinity None."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case np.bool_() | np.integer():
            return value.item()
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case pd.DataFrame():
            return [plain(row) for row in value.to_dict("records")]
        case datetime():
            return value.isoformat(timespec="seconds")
        case Path():
            return str(value)
        case Sequence() | np.ndarray():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _asked_folder(out: Path) -> Path:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(
            f"--out {out}: holds something already; a run is never written over another, name a new folder"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be made ({error.strerror})") from None
    return out


def _new_folder(*names: str) -> Path:
    stem = "-".join([datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"), *names])
    for number in range(1, 1000):
        folder = Path("runs") / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made ({error.strerror}); choose a folder with --out") from None
        return folder
    raise UsageError(f"runs/{stem}: too many runs of this name; choose a folder with --out")


def _write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _manifest(folder: Path, record: Record, scenario: Scenario, result: Mapping[str, Any]) -> dict[str, Any]:
    inputs = sorted(path for path in (folder / "inputs").rglob("*") if path.is_file())
    return {
        "format": FORMAT,
        "command": record.command,
        "argv": list(record.argv),
        "repeat": list(record.repeat),
        "options": dict(record.options),
        "seed": record.seed,
        "scenario": scenario.name,
        "status": result.get("status", "done"),
        "started": record.started,
        "ended": datetime.now(UTC),
        "parts": sorted(path.name for path in folder.iterdir()),
        "inputs": {path.relative_to(folder).as_posix(): _sha256(path) for path in inputs},
        "versions": {
            "prepos": _version("prepos"),
            "python": platform.python_version(),
            **{name: _version(name) for name in DEPENDENCIES},
        },
        "platform": platform.platform(),
        "executable": Path(sys.executable).name,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_manifest(folder: Path) -> dict[str, Any]:
    if not folder.exists():
        raise UsageError(f"there is no run '{folder}'")
    if not is_run(folder):
        raise UsageError(f"'{folder}' is not a run: it has no manifest.json")
    manifest = _read_json(folder, "manifest.json")
    if manifest.get("format") != FORMAT or not isinstance(manifest.get("scenario"), str):
        raise UsageError(f"'{folder}' was not written by this version of prepos: its manifest.json has another format")
    return manifest


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(str(folder), [Problem(name, "is missing")]) from None
    except OSError as error:
        raise DataError(str(folder), [Problem(name, f"cannot be read ({error.strerror})")]) from None
    except ValueError as error:
        raise DataError(str(folder), [Problem(name, f"cannot be read as JSON ({error})")]) from None
    if not isinstance(document, dict):
        raise DataError(str(folder), [Problem(name, "does not hold a JSON object")])
    return document


def _changed_inputs(folder: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for name, digest in manifest.get("inputs", {}).items():
        if not (folder / name).is_file():
            problems.append(Problem(name, "is missing"))
        elif _sha256(folder / name) != digest:
            text = "was changed after the run, so the answer is not its own; copy the inputs elsewhere to edit them"
            problems.append(Problem(name, text))
    return problems


def _missing_parts(folder: Path, manifest: Mapping[str, Any]) -> list[Problem]:
    return [Problem(name, "is missing") for name in manifest.get("parts", []) if not (folder / name).exists()]


def _read_plan(folder: Path, result: Mapping[str, Any]) -> Plan:
    tables = {
        name: _read_table(folder, folder / "plan" / f"{name}.csv", columns) for name, columns in PLAN_TABLES.items()
    }
    about = result.get("plan", result)
    try:
        return Plan(
            status=about["status"],
            engine=about["engine"],
            objective=_number(about["objective"]),
            bound=_number(about["bound"]),
            gap=_number(about["gap"]),
            seconds=dict(about["seconds"]),
            levels=tuple(
                Level(n["name"], *(_number(n[key]) for key in ("value", "bound", "gap"))) for n in about["levels"]
            ),
            notes=tuple(about["notes"]),
            **tables,
        )
    except KeyError as error:
        text = f"does not describe a plan: '{error.args[0]}' is missing"
        raise DataError(str(folder), [Problem("result.json", text)]) from None
    except (TypeError, ValueError, AttributeError):
        text = "does not describe a plan: a value is of the wrong kind; repeat the run"
        raise DataError(str(folder), [Problem("result.json", text)]) from None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _read_table(folder: Path, path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of the run; ids stay text (a hub may be called 007 or NA)."""
    name = path.relative_to(folder).as_posix()
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
    except FileNotFoundError:
        raise DataError(str(folder), [Problem(name, "is missing")]) from None
    except OSError as error:
        raise DataError(str(folder), [Problem(name, f"cannot be read ({error.strerror})")]) from None
    except ValueError:
        raise DataError(str(folder), [Problem(name, "cannot be read as a CSV table in UTF-8")]) from None
    missing = [column for column in columns if column not in table]
    if missing:
        raise DataError(str(folder), [Problem(name, f"column {column} is missing") for column in missing])
    try:
        return table.assign(**{str(column): _typed(table[column]) for column in table if column not in TEXTS})
    except ValueError:
        raise DataError(str(folder), [Problem(name, "holds what is not a number in a column of numbers")]) from None


FLAGS = {"open"}
TEXTS = {"hub", "tier", "from_hub", "to_hub", "outcome", "site", "item", "mode", "plan", "against", "figure", "unit"}


def _typed(column: pd.Series[str]) -> pd.Series[Any]:
    if column.name in FLAGS:
        return column == "True"
    return pd.to_numeric(column.where(column != ""))
