"""How many one-year replications a core simulates in a second, for the plan of one model.

    python benchmarks/simulation.py [SCENARIO] [--model MODEL] [--dispatch POLICY] [--replications N]

One process, so that the figure is that of one core. Work is counted in seconds of the processor, which other programs on
the machine disturb less; seconds of the clock stand beside it.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import time
from importlib.metadata import version

from prepos import build_instance, load_model, load_scenario
from prepos.instance import Instance
from prepos.optimization import SolverOptions, optimize_instance
from prepos.plan import Plan
from prepos.simulation import SimulationOptions, simulate
from prepos.simulation.policies import DISPATCH

TARGET = 20.0


def main() -> None:
    asked = _arguments()
    model = load_model(asked.model)
    instance = build_instance(load_scenario(asked.scenario), model)
    plan = optimize_instance(instance, model, SolverOptions(time_limit=asked.time_limit))
    _print_machine()
    print(
        f"scenario   {asked.scenario}: {len(instance.hubs)} hubs, {len(instance.items)} items, {_lanes(instance)} lanes"
    )
    print(f"plan       {asked.model} ({plan.status}), {plan.stock['quantity'].sum():,.0f} units in stock")
    processor, clock = measure(instance, plan, asked.dispatch, asked.replications)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdict = "meets" if processor >= TARGET else "misses"
    print(f"speed      {processor:.1f} one-year replications per second of a core ({clock:.1f} by the clock)")
    print(f"           {verdict} the target of {TARGET:g}; peak memory of the process {memory:.0f} MB, solver included")


def measure(instance: Instance, plan: Plan, dispatch: str, replications: int) -> tuple[float, float]:
    """Return replications per second of the processor and of the clock, setting up included."""
    options = SimulationOptions(replications=replications, workers=1, dispatch=dispatch)
    simulate(instance, {"plan": plan}, SimulationOptions(replications=2, workers=1, dispatch=dispatch))
    processor, clock = time.process_time(), time.perf_counter()
    simulate(instance, {"plan": plan}, options)
    return replications / (time.process_time() - processor), replications / (time.perf_counter() - clock)


def _lanes(instance: Instance) -> int:
    lanes = instance.lanes
    return len(set(zip(lanes.i.tolist(), lanes.j.tolist(), lanes.v.tolist(), strict=True)))


def _print_machine() -> None:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "simpy", "pandas"))
    print(f"machine    {_processor()}, {os.cpu_count()} cores, {platform.system()}")
    print(f"versions   Python {sys.version.split()[0]}, {packages}")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Replications per second of a core.")
    parser.add_argument("scenario", nargs="?", default="iom-2015")
    parser.add_argument("--model", default="assess", help="model whose plan is simulated [default: assess]")
    parser.add_argument("--dispatch", default="follow_plan", choices=DISPATCH)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for the optimizer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
