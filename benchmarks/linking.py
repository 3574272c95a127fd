"""What linking each need to the hubs that run is worth: the same program solved with and without it.

Run: python benchmarks/linking.py [SCENARIO] [--model MODEL] [--time-limit S]
"""

from __future__ import annotations

import argparse
import time

from machine import describe_machine

from prepos import SolverOptions, build_instance, load_model, load_scenario
from prepos.optimization.data import prepare
from prepos.optimization.program import build
from prepos.optimization.solve import solve


def main() -> None:
    """Print seconds, value, bound and gap of both, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="iom-2015")
    parser.add_argument("--model", default="expected-cost")
    parser.add_argument("--time-limit", type=float, default=120.0)
    parser.add_argument("--gap", type=float, default=0.005)
    asked = parser.parse_args()
    model = load_model(asked.model)
    data = prepare(build_instance(load_scenario(asked.scenario), model), model)
    print(describe_machine())
    size = f"{len(data.instance.outcomes)} outcomes, {len(data.n):,} flows"
    print(f"{asked.scenario}, {asked.model}: {size}, gap {asked.gap:g}")
    seconds = {}
    for linked in (True, False):
        started = time.monotonic()
        program = build(data)
        if not linked:
            program.shipping_only_from_open_hubs.deactivate()
        built = time.monotonic() - started
        solution = solve(program, SolverOptions(gap=asked.gap, time_limit=asked.time_limit))
        level = solution.levels[-1]
        seconds[linked] = solution.seconds
        name = "linked by need" if linked else "linked by item only"
        print(
            f"{name:20} build {built:5.1f} s  solve {solution.seconds:6.1f} s  {solution.status:10} "
            f"value {level.value:,.0f}  bound {level.bound:,.0f}  gap {level.gap:.3%}"
        )
    print(f"ratio of solve times: {seconds[False] / seconds[True]:.1f}")


if __name__ == "__main__":
    main()
