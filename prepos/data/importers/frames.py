"""Rows as dicts to a table and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

Line = dict[str, Any]


def lines_of(frame: pd.DataFrame) -> list[Line]:
    """Return the rows of a table as dicts."""
    return [{str(name): value for name, value in line.items()} for line in frame.to_dict("records")]


def frame_of(lines: Iterable[Line], like: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a table with the columns and types of another; what a row does not give is empty."""
    rows = list(lines)
    columns: dict[str, pd.Series] = {}
    for name, dtype in like.dtypes.items():
        cells = [line.get(str(name)) for line in rows]
        if dtype == "float64":
            columns[str(name)] = pd.Series([np.nan if cell is None else cell for cell in cells], dtype="float64")
        else:
            columns[str(name)] = pd.Series([cell if isinstance(cell, str) else "" for cell in cells], dtype="str")
    return pd.DataFrame(columns)
