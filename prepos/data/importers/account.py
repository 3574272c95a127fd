"""The report of an import in words, for people, and in one document, for programs."""

from __future__ import annotations

from collections.abc import Iterator

from prepos.data.importers.report import Group, Note, Report
from prepos.data.subject import counted

MOST_CONFLICTS = 20
MOST_GROUPS = 30

SECTIONS = (
    ("left out", "Left out"),
    ("warning", "Look at these"),
    ("guessed", "Guessed"),
    ("changed", "Changed (the same, written otherwise)"),
    ("merged", "Merged"),
)


def headline(report: Report) -> str:
    """Return the account in one sentence."""
    counts = report.counts()
    merged = f" ({counts['merged']:,} of them merged with others)" if counts["merged"] else ""
    rows = f"{counted(counts['rows'], 'row')} in {report.file}"
    return f"{rows}: {counts['read']:,} read{merged}, {counts['left_out']:,} left out"


def report_text(report: Report) -> str:
    """Return the whole report as a person reads it."""
    lines = [f"prepos import {report.kind}: {headline(report)}", "", "About the file"]
    lines += [f"  - {remark}" for remark in report.remarks]
    lines += [f"  - licence: {report.licence}"] if report.licence else []
    for what, title in SECTIONS:
        groups = [group for group in report.groups() if group.what == what]
        lines += ["", title, *(f"  - {told(group)}" for group in groups[:MOST_GROUPS])] if groups else []
        if len(groups) > MOST_GROUPS:
            lines.append(f"  - and {len(groups) - MOST_GROUPS:,} more reasons; the CSV report lists every row")
    lines += ["", *conflict_lines(report)] if any(True for _ in conflicts(report)) else []
    return "\n".join(lines) + "\n"


def told(group: Group) -> str:
    """Return one reason with its count and the first rows."""
    more = group.count - len(group.rows)
    rows = ", ".join(group.rows) + (f" and {more:,} more" if more > 0 else "")
    column = f"{group.column}: " if group.column else ""
    return f"{group.count:,} x {column}{group.why} ({rows})"


def conflicts(report: Report) -> Iterator[Note]:
    """Return the notes on which two sources disagree."""
    return (note for note in report.notes if note.what == "conflict")


def conflict_lines(report: Report) -> list[str]:
    """Return the disagreements, each with both figures, and by which rule one was kept."""
    found = list(conflicts(report))
    lines = [f"Sources that disagree ({len(found):,})"]
    for note in found[:MOST_CONFLICTS]:
        _, key = report.made.get(note.row, ("", ""))
        (row,) = report.named([note.row])
        lines.append(f"  - {key} ({row}), {note.column}: {note.found}; {note.written} is kept ({note.why})")
    if len(found) > MOST_CONFLICTS:
        lines.append(f"  - and {len(found) - MOST_CONFLICTS:,} more; the CSV report lists all")
    return lines


def document(report: Report) -> dict[str, object]:
    """Return the report for programs: counts, remarks, reasons with counts and first rows, and every conflict."""
    return {
        "kind": report.kind,
        "file": report.file,
        **report.counts(),
        "licence": report.licence,
        "remarks": list(report.remarks),
        "reasons": [
            {"what": g.what, "column": g.column, "why": g.why, "count": g.count, "rows": list(g.rows)}
            for g in report.groups()
        ],
        "conflict_list": [
            {
                "part": note.row[0],
                "row": note.row[1],
                "id": report.made.get(note.row, ("", ""))[1],
                "column": note.column,
                "figures": note.found,
                "kept": note.written,
                "why": note.why,
            }
            for note in conflicts(report)
        ],
    }
