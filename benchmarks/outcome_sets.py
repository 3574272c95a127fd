"""How fast outcome sets are made: 10,000 seasons sampled, 2,000 outcomes reduced to 100.

Run: python benchmarks/outcome_sets.py [SCENARIO] [--seasons N] [--outcomes N] [--keep N]
"""

from __future__ import annotations

import argparse
import time

from machine import describe_machine

from prepos import load_scenario
from prepos.data.outcome_sets.reduction import reduce_outcomes
from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.data.outcome_sets.seasons import sample


def main() -> None:
    """Print seconds and sizes of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="global-2010-2024")
    parser.add_argument("--seasons", type=int, default=10_000)
    parser.add_argument("--outcomes", type=int, default=2_000)
    parser.add_argument("--keep", type=int, default=100)
    asked = parser.parse_args()
    scenario = load_scenario(asked.scenario)
    print(describe_machine())
    started = time.monotonic()
    drawn = sample(scenario, "seasons", SampleOptions(n=asked.seasons))
    seconds = time.monotonic() - started
    sizes = f"{len(drawn.draws.people):,} disasters, {len(drawn.scenario.needs):,} needs"
    print(f"{asked.seasons:,} seasons, {sizes}: {seconds:.1f} s")
    few = sample(scenario, "seasons", SampleOptions(n=asked.outcomes)).scenario
    started = time.monotonic()
    _, reduction = reduce_outcomes(few, asked.keep)
    seconds = time.monotonic() - started
    share = reduction.error / reduction.scale
    error = f"error {reduction.error:,.0f} households, {share:.0%} of the mean outcome"
    print(f"{asked.outcomes:,} outcomes reduced to {asked.keep}: {seconds:.1f} s; {error}")


if __name__ == "__main__":
    main()
