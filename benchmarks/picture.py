"""Draw the picture of the README and write its sentences, both from the runs of `prepos demo`.

Run: python benchmarks/picture.py [DEMO]     (DEMO: folder of `prepos demo --out DEMO`; made anew when not given)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import describe_machine

from prepos.analysis.charts import coverage_over_time, draw_coverage, save
from prepos.runs import Run, load_run

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"(?<=<!-- demo: written by benchmarks/picture.py -->\n).*?(?=<!-- /demo -->)", re.DOTALL)


def main() -> None:
    """Make the runs where none are given; then write docs/coverage.svg and .png, and the sentences of the README."""
    with tempfile.TemporaryDirectory() as made:
        demo = Path(sys.argv[1]) if len(sys.argv) > 1 else run_demo(Path(made) / "demo")
        test = load_run(demo / "stress-test")
    draw(test)
    readme = ROOT / "README.md"
    sentences = "".join(f"{n}. {sentence}\n" for n, sentence in enumerate(test.result["sentences"], 1))
    readme.write_text(BLOCK.sub(lambda _: f"\n{sentences}\n", readme.read_text(encoding="utf-8")), encoding="utf-8")
    print(describe_machine())
    print(sentences)


def run_demo(folder: Path) -> Path:
    """Run the demo and return its folder."""
    subprocess.run([sys.executable, "-m", "prepos", "demo", "--out", str(folder)], check=True, cwd=ROOT)
    return folder


def draw(test: Run) -> None:
    """Draw need met over time from a stress test."""
    coverage = coverage_over_time(test.tables["figures"], test.result["plan"]["coverage"])
    title = "IOM's stock of 2015: need met in time, today and with the plan"
    note = (
        f"{test.result['replications']} simulated years, the same disasters for both; bars: 95 % interval of the mean"
    )
    for ending in ("svg", "png"):
        save(draw_coverage(coverage, title, note), ROOT / "docs" / f"coverage.{ending}")
    print(coverage.to_string(index=False))


if __name__ == "__main__":
    main()
