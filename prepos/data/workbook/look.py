"""How a workbook of prepos looks: colours, formats, the notes of the columns."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from prepos.data.tables import Column

NEEDED, USED, OFFERED = "#1F4E79", "#D9E7F3", "#F2F2F2"
WRONG, ODD = "#FFC9BD", "#FFF2B8"
LINE = "#B8C4CE"
DAY = "yyyy-mm-dd"


@dataclass(frozen=True)
class Look:
    """The formats of one workbook."""

    needed: Format
    used: Format
    offered: Format
    day: Format
    left: Format
    title: Format
    heading: Format
    heading_middle: Format
    middle: Format
    text: Format
    wrapped: Format
    inset: Format
    link: Format
    code: Format
    wrong: Format
    odd: Format


def look(book: Workbook) -> Look:
    """Return the formats, made in a workbook."""
    head = {"bold": True, "border": 1, "border_color": LINE, "valign": "vcenter"}
    heading = {"bold": True, "font_size": 12, "font_color": NEEDED, "bottom": 1, "border_color": LINE}
    top = {"valign": "top", "font_color": "#222222"}
    return Look(
        needed=book.add_format(head | {"bg_color": NEEDED, "font_color": "#FFFFFF"}),
        used=book.add_format(head | {"bg_color": USED, "font_color": "#1F2D3A"}),
        offered=book.add_format(head | {"bg_color": OFFERED, "font_color": "#6B6B6B", "italic": True, "bold": False}),
        day=book.add_format({"num_format": DAY, "align": "left"}),
        left=book.add_format({"align": "left", "valign": "top"}),
        title=book.add_format(
            {"bold": True, "font_size": 18, "font_color": NEEDED, "text_wrap": True, "valign": "top"}
        ),
        heading=book.add_format(heading),
        heading_middle=book.add_format(heading | {"align": "center"}),
        middle=book.add_format(top | {"align": "center"}),
        text=book.add_format(top),
        wrapped=book.add_format(top | {"text_wrap": True}),
        inset=book.add_format(top | {"text_wrap": True, "indent": 1}),
        link=book.add_format({"font_color": "#0B5CAD", "underline": 1, "valign": "top"}),
        code=book.add_format({"font_name": "Consolas", "bg_color": "#F4F6F8", "valign": "top"}),
        wrong=book.add_format({"bg_color": WRONG, "border": 1, "border_color": LINE}),
        odd=book.add_format({"bg_color": ODD, "border": 1, "border_color": LINE}),
    )


def header(column: Column | None, in_use: bool, formats: Look) -> Format:
    """Return the format of a column name: needed, in use, or offered (which reading takes for not there)."""
    if column is not None and column.required:
        return formats.needed if in_use else formats.offered
    return formats.used if in_use else formats.offered


def rule(column: Column) -> str:
    """Return what may stand in a column, in a sentence without its full stop."""
    if column.choices:
        return f"One of: {', '.join(column.choices)}"
    if column.refers:
        return f"An id of the sheet {column.refers}"
    if column.kind == "date":
        return "A date, YYYY-MM-DD"
    if column.kind == "text":
        return "A text"
    return f"A number{_bounds(column)}{f', in {column.unit}' if column.unit else ''}"


def _bounds(column: Column) -> str:
    if column.above is not None:
        return f" above {column.above:g}"
    if column.low is not None and column.high is not None:
        return f" from {column.low:g} to {column.high:g}"
    if column.low is not None:
        return f", {column.low:g} or more"
    return f", {column.high:g} or less" if column.high is not None else ""


def note(column: Column) -> str:
    """Return the note of a column name: meaning, what may stand there, what an empty cell means."""
    empty = "Needed in every row." if column.required else f"Empty: {column.default or 'unknown'}."
    return "\n".join([f"{column.meaning[:1].upper()}{column.meaning[1:]}.", f"{rule(column)}.", empty])
