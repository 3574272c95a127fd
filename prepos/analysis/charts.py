"""Charts as functions from a table to a figure; drawn offline, legible in grey and to the colour-blind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from prepos.analysis.estimates import estimates
from prepos.analysis.sentences import WITHIN

DAYS = {"coverage_72h": 3.0, "coverage_7d": 7.0, "coverage_14d": 14.0, "coverage_30d": 30.0}
TODAY, PLAN = "today's stock, stress-tested", "the plan, stress-tested"
PROMISE = "the plan, as the optimizer expects"
COLOURS = {PLAN: "#0072b2", TODAY: "#d55e00", PROMISE: "#6b6b6b"}


def coverage_over_time(figures: pd.DataFrame, promised: Mapping[str, Any]) -> pd.DataFrame:
    """Return the share of a year's need met by days after onset, of today's stock and of a plan.

    Parameters
    ----------
    figures
        Of a stress test of ``"today"`` and ``"plan"``.
    promised
        Coverage of the plan by hours, as its result gives it.

    Returns
    -------
    DataFrame
        Columns line, days, percent, low, high (95 % interval; equal to percent for what the optimizer expects).
    """
    known = estimates(figures)
    rows = [
        (line, days, known[plan][figure].mean, known[plan][figure].low, known[plan][figure].high)
        for plan, line in (("today", TODAY), ("plan", PLAN))
        for figure, days in DAYS.items()
    ]
    expected = [(days, 100 * float(promised[WITHIN[figure][1]])) for figure, days in DAYS.items()]
    rows += [(PROMISE, days, share, share, share) for days, share in expected]
    return pd.DataFrame(rows, columns=["line", "days", "percent", "low", "high"])


def draw_coverage(coverage: pd.DataFrame, title: str, note: str) -> alt.LayerChart:
    """Draw `coverage_over_time`: lines with 95 % bars, what the optimizer expects dashed."""
    lines = [PLAN, TODAY, PROMISE]
    base = alt.Chart(coverage).encode(
        x=alt.X("days:Q", title="days after onset", axis=alt.Axis(values=list(DAYS.values()), grid=False)),
        color=alt.Color(
            "line:N",
            title=None,
            scale=alt.Scale(domain=lines, range=[COLOURS[line] for line in lines]),
            legend=alt.Legend(orient="top", labelLimit=0, symbolType="stroke", symbolStrokeWidth=3),
        ),
    )
    percent = alt.Y("percent:Q", title="need met, % of a year's need", scale=alt.Scale(domain=[0, 100]))
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=lines, range=[[1, 0], [1, 0], [4, 4]]), legend=None)
    drawn = base.mark_line(point={"size": 50}, strokeWidth=2.5).encode(y=percent, strokeDash=dash)
    bars = base.mark_rule(strokeWidth=1.5).encode(y="low:Q", y2="high:Q")
    heading = alt.TitleParams(title, subtitle=note, anchor="start", subtitleColor="#555555")
    description = f"{title}. {note}"
    chart = alt.layer(drawn, bars, title=heading, description=description, width=560, height=300)
    styled: alt.LayerChart = chart.configure_view(stroke=None).configure_axis(titleFontWeight="normal")
    return styled


def save(chart: alt.LayerChart, path: Path) -> None:
    """Write a chart as SVG or PNG, by the ending of the path, without a browser and without a network."""
    import vl_convert

    specification = chart.to_dict()
    if path.suffix == ".svg":
        path.write_text(vl_convert.vegalite_to_svg(specification), encoding="utf-8")
    else:
        path.write_bytes(vl_convert.vegalite_to_png(specification, scale=2.0))
