"""How the two engines compare on seeded instances, in one run: one program with every outcome in it, and cuts.

For each size: seconds that Pyomo takes to build the one program, what HiGHS reaches with it in a time limit, and what
decomposition by cuts reaches. The last columns are ratios to the one program.

Run: python benchmarks/engines.py [--time-limit S] [--sizes 20x10x1000x1:0.001 ...]      (H x K x W x sites : gap)
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import dataclass

from instances import budget_model, random_scenario
from machine import describe_machine

from prepos import SolverOptions, build_instance
from prepos.errors import NoPlanError
from prepos.instance import Instance
from prepos.model import Model
from prepos.optimization import optimize_instance
from prepos.optimization.data import prepare
from prepos.optimization.program import build
from prepos.plan import Plan

SIZES = ("20x10x100x1:0.001", "20x10x1000x1:0.001", "30x10x10000x1:0.01", "20x10x500x4:0.005")
LARGEST_PROGRAM = 500_000
"""Flows beyond which the one program is not tried: it would take minutes to build and gigabytes to hold."""


@dataclass(frozen=True)
class Size:
    """Hubs, items, outcomes, sites in an outcome, and the gap asked for."""

    hubs: int
    items: int
    outcomes: int
    sites: int
    gap: float


def main() -> None:
    """Print one block per size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--time-limit", type=float, default=300.0, help="seconds for the one program, after its build")
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    asked = parser.parse_args()
    print(describe_machine())
    for text in asked.sizes:
        compare(read_size(text), asked.time_limit)


def read_size(text: str) -> Size:
    """Return the size that ``HxKxWxS:gap`` says."""
    numbers, gap = text.split(":")
    hubs, items, outcomes, sites = (int(number) for number in numbers.split("x"))
    return Size(hubs, items, outcomes, sites, float(gap))


def compare(size: Size, time_limit: float) -> None:
    """Solve one instance with both engines and print what each took."""
    scenario = random_scenario(size.hubs, size.items, size.outcomes, size.sites)
    model = budget_model(scenario)
    instance = build_instance(scenario, model)
    flows = len(prepare(instance, model).n)
    print(f"\n{size.hubs} hubs x {size.items} items x {size.outcomes} outcomes x {size.sites} sites: {flows:,} flows")
    cuts, seconds = timed(instance, model, SolverOptions(engine="benders", gap=size.gap, time_limit=300.0))
    print(f"  cuts         {tell(cuts, seconds)}; memory so far {peak_gb():.1f} GB")
    if flows > LARGEST_PROGRAM:
        print(f"  one program  not built: more than {LARGEST_PROGRAM:,} flows")
        return
    started = time.monotonic()
    build(prepare(instance, model))
    built = time.monotonic() - started
    print(f"  one program  built in {built:.1f} s ({built / seconds:.1f} times what cuts took to prove their gap)")
    limit = built + time_limit
    whole, took = timed(instance, model, SolverOptions(engine="extensive", gap=size.gap, time_limit=limit))
    ratio = f"{'more than ' if whole is None or whole.status != 'optimal' else ''}{took / seconds:.1f}"
    print(f"  one program  {tell(whole, took)}: {ratio} times the seconds of cuts")


def timed(instance: Instance, model: Model, options: SolverOptions) -> tuple[Plan | None, float]:
    """Return the plan (None where none was found in time) and the seconds it took."""
    started = time.monotonic()
    try:
        plan = optimize_instance(instance, model, options)
    except NoPlanError:
        plan = None
    return plan, time.monotonic() - started


def tell(plan: Plan | None, seconds: float) -> str:
    """Return value, gap and seconds in words."""
    if plan is None:
        return f"no plan in {seconds:.1f} s"
    return f"{plan.status} in {seconds:.1f} s, value {plan.objective:,.0f}, proven gap {plan.gap:.3%}"


def peak_gb() -> float:
    """Return the most memory the process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
