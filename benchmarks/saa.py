"""How many sampled outcomes are enough for a plan: bounds by sample size, figures and charts of docs/outcomes.md.

Run: python benchmarks/saa.py [SCENARIO] [--model MODEL] [--sizes N ...] [--replications M]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from machine import describe_machine

from prepos import SolverOptions, load_model, load_scenario
from prepos.analysis.charts import save
from prepos.analysis.outcome_charts import bounds_by_size, draw_bounds, draw_quantiles
from prepos.analysis.saa import enough, quality_table, saa_quality
from prepos.analysis.samples import sampler
from prepos.data.outcome_sets.sampling import SampleOptions
from prepos.data.outcome_sets.seasons import learn

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Print one row per sample size and draw the two charts of the docs page."""
    asked = parse()
    model = load_model(asked.model, {"stock.integer": False})
    scenario = load_scenario(asked.scenario)
    options = SampleOptions(seed=asked.seed, period_days=asked.period_days)
    solver = SolverOptions(engine=asked.engine, gap=asked.gap, time_limit=asked.time_limit)
    print(describe_machine())
    print(f"{asked.scenario}, {asked.model}, whole lots off, {asked.kind}, solver gap {asked.gap:g}, seed {asked.seed}")
    started = time.monotonic()
    quality = saa_quality(
        sampler(scenario, model, asked.kind, options),
        model,
        asked.sizes,
        asked.replications,
        asked.reference,
        asked.pool,
        asked.seed,
        solver,
        lambda done, total: print(f"{done} of {total} programs", file=sys.stderr),
    )
    print(quality_table(quality).to_string(index=False, float_format=figure))
    for way in ("sampled", "kept"):
        first = enough([each for each in quality if each.way == way])
        print(f"{way}: within 2 % of the best plan", "never" if first is None else f"from {first.n} outcomes on")
    print(f"total {time.monotonic() - started:.0f} s")
    note = (
        f"{asked.scenario}, {asked.model}: {asked.replications} samples of each size; "
        f"{asked.reference:,} outcomes not seen; 95 % bars"
    )
    save(draw_bounds(bounds_by_size(quality), "How many outcomes are enough", note), DOCS / "outcomes-saa.svg")
    severity = learn(scenario, options).severity
    best = severity.chosen
    fit = f"{best.family.name}: Anderson-Darling {best.ad:.2f}, p {best.ad_p:.2f} ({len(severity.factor)} events)"
    save(draw_quantiles(severity.quantiles(), "Severity: fitted against history", fit), DOCS / "outcomes-fit.svg")


def figure(value: float) -> str:
    return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.0f}"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="global-2010-2024")
    parser.add_argument("--model", default="expected-cost")
    parser.add_argument("--kind", default="disasters", choices=["disasters", "seasons"])
    parser.add_argument("--period-days", type=float)
    parser.add_argument("--sizes", type=int, nargs="+", default=[25, 50, 100, 200, 400])
    parser.add_argument("--replications", type=int, default=5)
    parser.add_argument("--reference", type=int, default=20_000)
    parser.add_argument("--pool", type=int, default=2_000)
    parser.add_argument("--engine", default="benders")
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
