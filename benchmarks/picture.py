"""Draw the picture of the README from the runs of `prepos demo`: docs/coverage.svg, docs/coverage.png, docs/demo.txt.

python benchmarks/picture.py [DEMO]     DEMO: folder of `prepos demo --out DEMO`; made anew when not given
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from prepos.analysis.charts import coverage_over_time, draw_coverage, save
from prepos.runs import load_run

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
        demo = given or Path(made) / "demo"
        if given is None:
            subprocess.run([sys.executable, "-m", "prepos", "demo", "--out", str(demo)], check=True, cwd=made)
        test = load_run(demo / "stress-test")
    coverage = coverage_over_time(test.tables["figures"], test.result["plan"]["coverage"])
    title = "IOM's stock of 2015: need met in time, today and with the plan"
    note = (
        f"{test.result['replications']} simulated years, the same disasters for both; bars: 95 % interval of the mean"
    )
    chart = draw_coverage(coverage, title, note)
    for ending in ("svg", "png"):
        save(chart, DOCS / f"coverage.{ending}")
    (DOCS / "demo.txt").write_text("\n\n".join(test.result["sentences"]) + "\n", encoding="utf-8")
    print(coverage.to_string(index=False))


if __name__ == "__main__":
    main()
