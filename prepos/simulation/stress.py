"""The stress test: every plan in the same storms, figures with intervals."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from prepos.errors import UsageError
from prepos.instance import Floats, Instance
from prepos.plan import Plan
from prepos.simulation.compare import differences, summarise
from prepos.simulation.options import SimulationOptions
from prepos.simulation.record import FIGURE_NAMES
from prepos.simulation.replicate import OnProgress, replicate
from prepos.simulation.setting import build_setting, notes, read_plan

DEFAULTS = SimulationOptions()


@dataclass(frozen=True)
class SimulationResult:
    """What a stress test found.

    Attributes
    ----------
    figures
        plan, figure, unit, mean, low, high (95 % interval), n (replications in which it could be measured).
    differences
        plan, against, figure, unit, mean, low, high, n: paired differences plan - against, for every two plans.
    replications
        One row per plan and replication: plan, replication, and a column per figure.
    options
        The assumptions it was run under.
    seconds
        Time it took.
    done
        Replications done.
    complete
        False where Ctrl-C ended it early.
    notes
        What a reader has to know: needs that nothing reaches, flows that do not apply.
    """

    figures: pd.DataFrame
    differences: pd.DataFrame
    replications: pd.DataFrame
    options: SimulationOptions
    seconds: float
    done: int
    complete: bool
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return figures and differences for JSON: plan -> figure -> unit, mean, low, high, n; null where unknown."""
        plans: dict[str, dict[str, Any]] = {}
        for row in self.figures.to_dict("records"):
            plans.setdefault(str(row["plan"]), {})[str(row["figure"])] = _json_figure(row)
        pairs = [
            {
                "plan": plan,
                "against": against,
                "figures": {str(row["figure"]): _json_figure(row) for row in rows.to_dict("records")},
            }
            for (plan, against), rows in self.differences.groupby(["plan", "against"], sort=False)
        ]
        return {
            "plans": plans,
            "differences": pairs,
            "replications": self.done,
            "complete": self.complete,
            "seed": self.options.seed,
            "seconds": self.seconds,
            "notes": list(self.notes),
        }


def simulate(
    instance: Instance,
    plans: Mapping[str, Plan],
    options: SimulationOptions = DEFAULTS,
    on_progress: OnProgress | None = None,
) -> SimulationResult:
    """Stress-test plans: the same disasters, delays and outages for each of them, many times over.

    Parameters
    ----------
    instance
        The scenario, worked out.
    plans
        Name -> plan. A plan's stock is what hubs hold and are restocked to; its flows are used by `follow_plan`.
    options
        The assumptions; see the README of this folder.
    on_progress
        Called with the replications done and expected. Ctrl-C returns what is done, with `complete` False.

    Raises
    ------
    UsageError
        When there is no plan, or one that does not fit the scenario.
    NoPlanError
        When it is interrupted before a replication is done.
    """
    if not plans:
        raise UsageError("no plan to stress-test; give at least one")
    started = time.perf_counter()
    setting = build_setting(instance, options)
    holdings = [read_plan(instance, setting, name, plan) for name, plan in plans.items()]
    numbers, runs, complete = replicate(setting, holdings, on_progress)
    names = tuple(plans)
    return SimulationResult(
        figures=summarise(names, runs),
        differences=differences(names, runs),
        replications=_tidy(names, numbers, runs),
        options=options,
        seconds=time.perf_counter() - started,
        done=len(numbers),
        complete=complete,
        notes=notes(instance, setting, dict(plans)),
    )


def _tidy(plans: tuple[str, ...], numbers: list[int], runs: Floats) -> pd.DataFrame:
    frames = [
        pd.DataFrame(runs[:, p], columns=list(FIGURE_NAMES)).assign(plan=plan, replication=numbers)
        for p, plan in enumerate(plans)
    ]
    return pd.concat(frames, ignore_index=True)[["plan", "replication", *FIGURE_NAMES]]


def _json_figure(row: Mapping[Any, Any]) -> dict[str, Any]:
    values = {name: float(row[name]) for name in ("mean", "low", "high")}
    known = {name: value if math.isfinite(value) else None for name, value in values.items()}
    return {"unit": row["unit"], **known, "n": int(row["n"])}
