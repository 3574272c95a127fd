"""What the cross-table checks look at: a scenario, and how its tables were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from prepos.data.scenario import Scenario
from prepos.errors import Problem


@dataclass(frozen=True)
class Reading:
    """How the tables came in.

    Parameters
    ----------
    rows
        Table -> spreadsheet row of each row of its frame; position + 2 where not given.
    unread
        Tables whose ids are not known: not readable, or without a required column.
    faulty
        Tables with any cell that could not be read, `unread` included.
    """

    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """A scenario under check."""

    scenario: Scenario
    reading: Reading = Reading()

    def table(self, name: str) -> pd.DataFrame:
        """Return a table with positions 0, 1, 2 ... for index."""
        return self.scenario.table(name).reset_index(drop=True)

    def ids(self, name: str) -> frozenset[str]:
        """Return the ids of a table: the first column of its key."""
        frame = self.scenario.table(name)
        return frozenset(frame.iloc[:, 0]) - {""}

    def row(self, table: str, position: int) -> int:
        """Return the spreadsheet row of a position in a frame."""
        rows = self.reading.rows.get(table)
        return rows[position] if rows is not None else position + 2

    def at(
        self,
        table: str,
        position: int,
        message: str,
        column: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """Return a problem of one row."""
        return Problem(f"{table}.csv", message, self.row(table, position), column, severity)


def chosen(mask: pd.Series, cells: pd.Series) -> list[tuple[int, Any]]:
    """Return position and cell where the mask holds."""
    return list(zip(np.flatnonzero(mask.to_numpy()).tolist(), cells[mask].tolist(), strict=True))


def figure(value: float) -> str:
    """Return a number as a reader likes it: 1,200 or 12.5."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:.4g}"


def counted(number: int, noun: str) -> str:
    """Return ``"1 row"`` or ``"1,200 rows"``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def some(names: Sequence[str], most: int = 5) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
