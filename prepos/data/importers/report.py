"""What an import did, row by row: read, changed, guessed, merged, left out; nothing is dropped in silence."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from prepos.data.importers.values import Cell, text_of

RowId = tuple[str, int]
"""Sheet or file, and the row in it as a spreadsheet numbers it (in JSON: the number of the record)."""

Fate = Literal["read", "merged", "left out"]
What = Literal["changed", "guessed", "warning", "merged", "conflict", "left out"]

COLUMNS = ("part", "row", "what", "table", "id", "column", "found", "written", "why")
SHOWN_ROWS = 6


@dataclass(frozen=True, slots=True)
class Note:
    """One thing worth knowing about one row.

    Parameters
    ----------
    row
        Where.
    what
        ``changed``: the same, written otherwise; ``guessed``: more than one reading was possible; ``warning``: a trap
        of the source; ``merged``: with which row; ``conflict``: two sources disagree; ``left out``: the whole row.
    why
        In words; rows with the same reason are counted together in the summary.
    column, found, written
        The cell, what stood there and what is in our table now.
    """

    row: RowId
    what: What
    why: str
    column: str = ""
    found: str = ""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Notes of one kind and reason, counted."""

    what: What
    why: str
    column: str
    count: int
    rows: tuple[str, ...]


@dataclass
class Report:
    """The account of one import, filled while a file is read.

    Parameters
    ----------
    kind, file
        What was imported.
    licence
        Terms of the source that the user must know of.
    remarks
        What holds for the file as a whole.
    files
        Name -> text of files to keep beside the report (the column mapping of the generic importer).
    """

    kind: str
    file: str
    licence: str = ""
    remarks: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    fates: dict[RowId, Fate] = field(default_factory=dict)
    made: dict[RowId, tuple[str, str]] = field(default_factory=dict)
    rows: list[RowId] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def expect(self, rows: Iterable[RowId]) -> None:
        """Register rows of the file; each must be accounted for in the end."""
        self.rows.extend(rows)

    def remark(self, text: str) -> None:
        """Say something about the file as a whole, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def note(
        self, row: RowId, what: What, why: str, column: str = "", found: Cell = None, written: Cell = None
    ) -> None:
        """Say something about one row."""
        self.notes.append(Note(row, what, why, column, text_of(found)[:200], text_of(written)[:200]))

    def leave_out(self, row: RowId, why: str, column: str = "", found: Cell = None) -> None:
        """Account for a row that goes into no table."""
        self._settle(row, "left out")
        self.note(row, "left out", why, column, found)

    def take(self, row: RowId, table: str, key: str, *, merged: bool = False) -> None:
        """Account for a row that makes, or is merged into, a row of one of our tables."""
        self._settle(row, "merged" if merged else "read")
        self.made[row] = (table, key)

    def _settle(self, row: RowId, fate: Fate) -> None:
        if row in self.fates:
            raise ValueError(f"row {row} is accounted for twice: {self.fates[row]}, {fate}")
        self.fates[row] = fate

    def check(self) -> None:
        """Hold the account against the file: every row once, read + left out = rows."""
        if len(set(self.rows)) != len(self.rows) or set(self.rows) != set(self.fates):
            lost = [row for row in self.rows if row not in self.fates]
            raise ValueError(f"{len(lost)} of {len(self.rows)} rows are not accounted for, the first: {lost[:3]}")

    @property
    def read(self) -> int:
        """Rows that went into a table, merged ones included."""
        return len(self.fates) - self.left_out

    @property
    def merged(self) -> int:
        """Rows that were merged into a row that was there already."""
        return sum(fate == "merged" for fate in self.fates.values())

    @property
    def left_out(self) -> int:
        """Rows that went into no table."""
        return sum(fate == "left out" for fate in self.fates.values())

    def groups(self) -> list[Group]:
        """Return the notes counted by kind, reason and column, the most frequent first; conflicts are not counted."""
        rows: dict[tuple[What, str, str], list[RowId]] = defaultdict(list)
        for note in self.notes:
            if note.what != "conflict":
                rows[note.what, note.why, note.column].append(note.row)
        found = [
            Group(what, why, column, len(ids), tuple(self.named(ids[:SHOWN_ROWS])))
            for (what, why, column), ids in rows.items()
        ]
        return sorted(found, key=lambda group: -group.count)

    def counts(self) -> dict[str, int]:
        """Return the account in numbers."""
        notes = Counter(note.what for note in self.notes)
        return {
            "rows": len(self.rows),
            "read": self.read,
            "left_out": self.left_out,
            "merged": self.merged,
            "cells_changed": notes["changed"],
            "cells_guessed": notes["guessed"],
            "warnings": notes["warning"],
            "conflicts": notes["conflict"],
        }

    def named(self, rows: Sequence[RowId]) -> list[str]:
        """Return rows as a reader looks them up: ``"row 14"``; with the file where there are several."""
        several = len({part for part, _ in self.rows}) > 1
        return [f"{part} row {row}" if several else f"row {row}" for part, row in rows]

    def as_csv(self) -> str:
        """Return the whole account: a line for each row, then a line for each note on it."""
        notes: dict[RowId, list[Note]] = defaultdict(list)
        for note in self.notes:
            notes[note.row].append(note)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self.rows:
            writer.writerows(self._lines(row, notes[row]))
        return text.getvalue()

    def _lines(self, row: RowId, notes: Sequence[Note]) -> Iterator[tuple[object, ...]]:
        table, key = self.made.get(row, ("", ""))
        fate = self.fates.get(row, "")
        if fate != "left out":
            yield (*row, fate, table, key, "", "", "", "")
        for note in notes:
            yield (*row, note.what, table, key, note.column, note.found, note.written, note.why)
