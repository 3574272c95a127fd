"""Charts of outcome sets: how many outcomes are enough, and how well the fitted severity follows the history."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from prepos.analysis.saa import Quality

UPPER = {
    "sampled": "plan of a sample, on outcomes it has not seen",
    "kept": "plan of outcomes kept of many, on outcomes it has not seen",
}
LOWER = "what a sample promises"
COLOURS = {UPPER["sampled"]: "#d55e00", UPPER["kept"]: "#009e73", LOWER: "#0072b2"}


def bounds_by_size(quality: Sequence[Quality]) -> pd.DataFrame:
    """Return the two bounds of each sample size in million USD: line, n, value, low, high (95 % interval)."""
    rows = [
        (line, each.n, value / 1e6, (value - half) / 1e6, (value + half) / 1e6)
        for each in quality
        for line, value, half in (
            (UPPER[each.way], each.out_of_sample, each.out_of_sample_half),
            (LOWER, each.in_sample, each.in_sample_half),
        )
    ]
    return pd.DataFrame(rows, columns=["line", "n", "value", "low", "high"]).drop_duplicates(["line", "n"])


def draw_bounds(bounds: pd.DataFrame, title: str, note: str) -> alt.LayerChart:
    """Draw `bounds_by_size`: both bounds with 95 % bars, sample size on a logarithmic axis."""
    sizes = sorted(bounds["n"].unique().tolist())
    lines = [line for line in COLOURS if line in set(bounds["line"])]
    base = alt.Chart(bounds).encode(
        x=alt.X(
            "n:Q",
            title="outcomes in the sample",
            scale=alt.Scale(type="log", nice=False, domain=[0.85 * sizes[0], sizes[-1] / 0.85]),
            axis=alt.Axis(values=sizes, grid=False, format="d", labelOverlap=False),
        ),
        color=alt.Color(
            "line:N",
            title=None,
            scale=alt.Scale(domain=lines, range=[COLOURS[line] for line in lines]),
            legend=alt.Legend(
                orient="top", direction="vertical", labelLimit=0, symbolType="stroke", symbolStrokeWidth=3
            ),
        ),
    )
    highest = float(bounds["high"].max())
    scale = alt.Scale(domain=[0, highest])  # a lower bound below 0 says no more than 0
    value = alt.Y("value:Q", title="cost of the period, million USD", scale=scale)
    drawn = base.mark_line(point={"size": 50}, strokeWidth=2.5).encode(y=value)
    bars = base.mark_rule(strokeWidth=1.5, clip=True).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
    return _styled([drawn, bars], title, note)


def draw_quantiles(quantiles: pd.DataFrame, title: str, note: str) -> alt.LayerChart:
    """Draw the quantile plot of a severity fit (columns model, observed) on logarithmic axes."""
    low = float(quantiles[["model", "observed"]].min().min())
    high = float(quantiles[["model", "observed"]].max().max())
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    diagonal = alt.Chart(pd.DataFrame({"model": [low, high], "observed": [low, high]}))
    line = diagonal.mark_line(color="#6b6b6b", strokeDash=[4, 4]).encode(
        x=alt.X("model:Q", scale=scale, title="fitted: size / usual size"), y=alt.Y("observed:Q", scale=scale)
    )
    points = (
        alt.Chart(quantiles)
        .mark_point(color="#0072b2", size=30)
        .encode(x=alt.X("model:Q", scale=scale), y=alt.Y("observed:Q", scale=scale, title="history: size / usual size"))
    )
    return _styled([line, points], title, note)


def _styled(layers: list[alt.Chart], title: str, note: str) -> alt.LayerChart:
    heading = alt.TitleParams(title, subtitle=note.split("\n"), anchor="start", subtitleColor="#555555")
    chart = alt.layer(*layers, title=heading, description=f"{title}. {note}", width=560, height=300)
    styled: alt.LayerChart = chart.configure_view(stroke=None).configure_axis(titleFontWeight="normal")
    return styled
