"""How many one-year replications a core simulates in a second, for the plans of several models.

Run: python benchmarks/simulation.py [SCENARIO] [--models MODEL ...] [--dispatch POLICY] [--replications N]

One process, so that the figure is that of one core. Work is counted in seconds of the processor, which other programs
on the machine disturb less than the clock; seconds of the clock stand beside it. Setting up and summing up count too.
"""

from __future__ import annotations

import argparse
import resource
import time

from machine import describe_machine

from prepos import SolverOptions, build_instance, load_model, load_scenario
from prepos.instance import Instance
from prepos.optimization import optimize_instance
from prepos.plan import Plan
from prepos.simulation import SimulationOptions, simulate
from prepos.simulation.policies import DISPATCH

TARGET = 20.0


def main() -> None:
    """Print replications per second for the plan of each model, and the memory of the process."""
    asked = arguments()
    scenario = load_scenario(asked.scenario)
    print(describe_machine())
    for name in asked.models:
        model = load_model(name)
        instance = build_instance(scenario, model)
        plan = optimize_instance(instance, model, SolverOptions(time_limit=asked.time_limit, gap=0.01))
        print(f"{asked.scenario}, {name:15} {speed(instance, plan, asked.dispatch, asked.replications)}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"target {TARGET:g} per second of a core; peak memory {memory:.0f} MB, solver included")


def speed(instance: Instance, plan: Plan, dispatch: str, replications: int) -> str:
    """Return what one plan's simulation took, in words."""
    warm_up = SimulationOptions(replications=2, workers=1, dispatch=dispatch)
    simulate(instance, {"plan": plan}, warm_up)
    processor, clock = time.process_time(), time.perf_counter()
    simulate(instance, {"plan": plan}, SimulationOptions(replications=replications, workers=1, dispatch=dispatch))
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    units = plan.stock["quantity"].sum()
    return (
        f"{units:12,.0f} units held: {replications / processor:5.1f} one-year replications per second of a core, "
        f"{replications / clock:5.1f} by the clock"
    )


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="iom-2015")
    parser.add_argument("--models", nargs="+", default=["assess", "expected-cost", "coverage-72h"])
    parser.add_argument("--dispatch", default="follow_plan", choices=DISPATCH)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for the optimizer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
