"""Tables and numbers as a person reads them in a terminal."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

import pandas as pd
from rich import box
from rich.table import Table

MOST_COLUMNS = 7
LABELS = 2  # columns that say what differs
WIDEST_LABEL = 28  # leaves half of a terminal of 80 columns to the values


def table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> Table:
    """Return a table; the first `texts` columns are aligned left, the others, numbers, right. No name is cut off."""
    grid = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for n, header in enumerate(headers):
        is_text = n < texts
        grid.add_column(header, justify="left" if is_text else "right", overflow="fold", no_wrap=not is_text)
    for row in rows:
        grid.add_row(*row)
    return grid


def difference_grid(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table whose first two columns say what differs; they keep their width, and long values wrap."""
    grid = table(title, headers, rows, texts=2)
    for n, column in enumerate(grid.columns):
        if n < LABELS:
            column.width = min(max(len(text) for text in (headers[n], *(row[n] for row in rows))), WIDEST_LABEL)
        else:
            column.no_wrap = False
    return grid


def number(value: float | None, unit: str = "") -> str:
    """Return a number with the precision that its unit deserves; shares as percent, ``"-"`` where there is none."""
    if value is None or math.isnan(value):
        return "-"
    if unit == "share":
        return f"{value:.1%}"
    if unit == "hours" and abs(value) < 1000:
        return f"{value:,.1f}"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.2f}"


def kpi_grid(title: str, kpis: pd.DataFrame, uncounted: Collection[tuple[str, str]] = ()) -> Table:
    """Return a table of figures, one column per answer, from `prepos.analysis.kpis.kpi_table`.

    `uncounted` holds the pairs (figure, answer) that the answer's model does not count.
    """
    names = list(kpis.columns[3:])
    rows = []
    for row in kpis.to_dict("records"):
        kpi, unit = row["kpi"], row["unit"]
        cells = ["not counted" if (kpi, name) in uncounted else number(row[name], unit) for name in names]
        rows.append([kpi, unit.replace("share", "%"), *cells])
    return table(title, ["figure", "unit", *names], rows, texts=2)


def hub_grid(stock: pd.DataFrame) -> Table:
    """Return stock by hub, today and in the plan, from `prepos.analysis.holdings.stock_by_hub`."""
    rows = [
        [row["hub"], row["name"], row["change"], *(number(row[c]) for c in ("m3_today", "m3", "usd"))]
        for row in stock.to_dict("records")
    ]
    sums = [number(float(stock[column].sum())) for column in ("m3_today", "m3", "usd")]
    headers = ["hub", "name", "", "m3 today", "m3", "worth USD"]
    return table("Stock by hub (by item: plan/stock.csv)", headers, [*rows, ["", "total", "", *sums]], texts=3)


def item_grid(stock: pd.DataFrame) -> Table | None:
    """Return stock by item and hub; None where there are too many hubs for a terminal."""
    grid = stock.pivot_table(index="item", columns="hub", values="quantity", aggfunc="sum", fill_value=0.0)
    if len(grid.columns) > MOST_COLUMNS:
        return None
    rows = [[str(name), *(_units(v) for v in values), _units(sum(values))] for name, *values in grid.itertuples()]
    return table("Stock to hold, units", [str(grid.index.name), *map(str, grid.columns), "total"], rows)


def _units(value: float) -> str:
    if value == 0:
        return "-"
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-6 else f"{value:,.1f}"
