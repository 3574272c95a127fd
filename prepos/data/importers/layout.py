"""Which table of a file is the one a source publishes: columns found by name, wherever the header stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prepos.data.importers.files import Content, Sheet, is_blank
from prepos.data.importers.report import Report, RowId
from prepos.data.importers.values import Cell, text_of

HEADER_WITHIN = 30  # rows in which a header is looked for
TOTALS = frozenset({"total", "grand total", "sum", "subtotal", "totals", "total general", "gesamt"})


@dataclass(frozen=True)
class Layout:
    """A table as its source writes it.

    Parameters
    ----------
    name
        What it is, for people.
    columns
        Our word -> the headers that it has had; the first is today's.
    required
        Our words without which the table cannot be read.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """Today's headers."""
        return tuple(spellings[0] for spellings in self.columns.values())


@dataclass(frozen=True)
class Record:
    """One row of a table: where it stands, and its cells by our words."""

    id: RowId
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Extract:
    """The table that was found.

    Parameters
    ----------
    layout
        The layout that fits.
    part
        Sheet or file.
    headers
        Our word -> header in the file.
    others
        Headers that are not read.
    records
        Rows that are left to be read.
    """

    layout: Layout
    part: str
    headers: Mapping[str, str]
    others: tuple[str, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Header:
    """A header found in a sheet: its row (from 0), its names, the tags beside it, and the first row of cells."""

    row: int
    names: tuple[str, ...]
    first: int
    tags: Mapping[int, str] = field(default_factory=dict)


def plain(name: str) -> str:
    """Return a header without case, accents, spaces and marks, to compare it."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if c.isalnum())


def positions(layout: Layout, names: Sequence[str]) -> dict[str, int]:
    """Return our word -> position of its column among these headers."""
    at: dict[str, int] = {}
    for n, name in enumerate(names):
        at.setdefault(plain(name), n)
    found = {}
    for word, spellings in layout.columns.items():
        hit = next((at[plain(spelling)] for spelling in spellings if plain(spelling) in at), None)
        if hit is not None:
            found[word] = hit
    return found


def headers(sheet: Sheet) -> Iterator[Header]:
    """Return every row of a sheet that could be its header, from the top; a row of HXL tags is one as well."""
    for n, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        named_below = is_tag_row(row) and n + 1 < len(sheet.rows) and _only_words(sheet.rows[n + 1])
        if sum(1 for cell in row if isinstance(cell, str) and cell.strip()) >= 2 and not named_below:
            yield header_at(sheet, n)


def header_at(sheet: Sheet, row: int) -> Header:
    """Return the header in a row, with the row of group names or of tags that belongs to it."""
    names = [text_of(cell) for cell in sheet.rows[row]]
    first = row + 1
    if is_tag_row(sheet.rows[row]):
        return Header(row, tuple(names), first, {n: name for n, name in enumerate(names) if name})
    if row in sheet.across and first < len(sheet.rows) and not is_tag_row(sheet.rows[first]):
        below = [text_of(cell) for cell in sheet.rows[first]]
        names = [_under(name, group, below) for group, name in zip(names, below, strict=False)]
        first += 1
    for beside in (first, row - 1):
        above = beside < row and not _only_words(sheet.rows[row])
        if 0 <= beside < len(sheet.rows) and is_tag_row(sheet.rows[beside]) and not above:
            tags = {n: text_of(cell) for n, cell in enumerate(sheet.rows[beside]) if text_of(cell)}
            return Header(row, tuple(names), max(first, beside + 1), tags)
    return Header(row, tuple(names), first)


def _only_words(row: Sequence[Cell]) -> bool:
    """Tell whether a row holds words only, so that it names columns rather than fills them."""
    texts = [cell for cell in row if cell is not None and cell != ""]
    return len(texts) >= 2 and all(isinstance(text, str) and not re.search(r"\d", text) for text in texts)


def _under(name: str, group: str, names: Sequence[str]) -> str:
    """Return the name of a column under a group: its own where no other has it, else with the group before it."""
    return name if name and names.count(name) == 1 else " ".join(dict.fromkeys(filter(None, (group, name))))


def is_tag_row(row: Sequence[Cell]) -> bool:
    """Tell whether a row holds HXL hashtags (a ``#`` forgotten here and there is forgiven)."""
    if not any(isinstance(cell, str) and "#" in cell for cell in row):
        return False
    texts = [text_of(cell) for cell in row if cell is not None and text_of(cell)]
    tagged = sum(bool(re.match(r"#\s*[A-Za-z]", text)) for text in texts)
    return tagged >= 1 and tagged >= 0.6 * len(texts)


def find(content: Content, layouts: Sequence[Layout], report: Report) -> Extract | None:
    """Return the table that one of the layouts fits best, its rows registered in the report; None where none fits."""
    if content.records is not None:
        return _find_in_records(content, layouts, report)
    best: tuple[int, Layout, Sheet, Header] | None = None
    for sheet in content.sheets:
        for header in headers(sheet):
            for layout in layouts:
                found = positions(layout, header.names)
                if all(word in found for word in layout.required) and (best is None or len(found) > best[0]):
                    best = (len(found), layout, sheet, header)
    if best is None:
        return None
    _, layout, sheet, header = best
    others = [other.name for other in content.sheets if other is not sheet and other.rows]
    if others:
        report.remark(f"sheet '{sheet.name}' is read; not read: {', '.join(others)}")
    return extract(sheet, header, layout, positions(layout, header.names), report)


def extract(sheet: Sheet, header: Header, layout: Layout, columns: Mapping[str, int], report: Report) -> Extract:
    """Return the rows under a header; rows that are no data are left out with the reason."""
    if header.row:
        above = "the row above it is a heading" if header.row == 1 else f"{header.row} rows above it are headings"
        report.remark(f"the header stands in row {header.row + 1}; {above}")
    records: list[Record] = []
    seen: dict[tuple[Cell, ...], int] = {}
    blank = 0
    width = len(header.names)
    for n in range(header.first, len(sheet.rows)):
        row = sheet.rows[n]
        if is_blank(row):
            blank += 1
            continue
        rowid = (sheet.name, n + 1)
        report.expect([rowid])
        reason = _no_data(row, width)
        earlier = seen.setdefault(tuple(row), n + 1) if not reason else 0
        if reason or earlier != n + 1:
            same = f"row {earlier}" if not reason else ""
            report.leave_out(rowid, reason or "the same cells as an earlier row", found=same)
            continue
        cells = {word: row[at] for word, at in columns.items() if at < len(row)}
        records.append(Record(rowid, cells))
        for at in columns.values():
            if (n, at) in sheet.filled:
                report.note(
                    rowid, "changed", "merged cells; the first one's value taken", header.names[at], "", row[at]
                )
    if blank:
        report.remark(f"{blank:,} blank rows skipped")
    used = set(columns.values())
    others = tuple(name for n, name in enumerate(header.names) if name and n not in used)
    named = {word: header.names[at] for word, at in columns.items()}
    return Extract(layout, sheet.name, named, others, tuple(records))


def _no_data(row: Sequence[Cell], width: int) -> str:
    """Return why a row is no row of data, ``""`` where it is one."""
    if not is_blank(row[width:]):
        return f"more cells than the {width} columns of the header: cells may stand in the wrong column"
    if is_tag_row(row):
        return "HXL tags, not data"
    first = next((text for cell in row[:3] if (text := text_of(cell))), "")
    return "a row of totals, not data" if first.casefold().rstrip(":") in TOTALS else ""


def _find_in_records(content: Content, layouts: Sequence[Layout], report: Report) -> Extract | None:
    objects = content.records or ()
    keys: dict[str, None] = {}
    for record in objects:
        keys.update(dict.fromkeys(record or ()))
    names = tuple(keys)
    fitting = [(len(positions(each, names)), n, each) for n, each in enumerate(layouts)]
    fitting = [found for found in fitting if set(found[2].required) <= set(positions(found[2], names))]
    if not fitting:
        return None
    layout = max(fitting, key=lambda found: (found[0], -found[1]))[2]
    return extract_records(content, layout, positions(layout, names), names, report)


def extract_records(
    content: Content, layout: Layout, columns: Mapping[str, int], names: Sequence[str], report: Report
) -> Extract:
    """Return the records of a JSON document under our words; what is no object is left out."""
    records: list[Record] = []
    seen: dict[str, int] = {}
    for n, cells in enumerate(content.records or (), start=1):
        rowid = (content.name, n)
        report.expect([rowid])
        earlier = seen.setdefault(repr(cells), n)
        if cells is None:
            report.leave_out(rowid, "not a JSON object")
        elif earlier != n:
            report.leave_out(rowid, "the same values as an earlier record", found=f"record {earlier}")
        else:
            records.append(Record(rowid, {word: cells.get(names[at]) for word, at in columns.items()}))
    used = set(columns.values())
    others = tuple(name for n, name in enumerate(names) if n not in used)
    return Extract(layout, content.name, {word: names[at] for word, at in columns.items()}, others, tuple(records))


def header_names(content: Content) -> tuple[str, ...]:
    """Return the headers that the file seems to have: of the row with most texts in its first rows."""
    if content.records is not None:
        return tuple(dict.fromkeys(key for record in content.records for key in record or ()))
    candidates = [header for sheet in content.sheets for header in headers(sheet)]
    if not candidates:
        return ()
    best = max(candidates, key=lambda header: len({name for name in header.names if name}))
    return tuple(name for name in best.names if name)
