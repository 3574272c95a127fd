"""The first sheet of a workbook: what it is, how to fill it, and what to do with it, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from prepos.data.scenario import Scenario
from prepos.data.tables import TABLES
from prepos.data.workbook.look import Look
from prepos.data.workbook.settings import SHEET

HOW = """\
One sheet is one table, one row is one thing. Begin with hubs, items and what you plan for (disasters, or outcomes \
with needs); everything else can wait.
Rest the pointer on a column name: a note says what it means, its unit, and what an empty cell stands for.
Cells that name something of another sheet (a hub, an item) offer its ids in a list. Ids are short names that you \
choose; each stands once in its own sheet.
Leave a cell empty where you do not know; do not write 0, n/a or a guess. Write 1200 or 12.5 without unit, dates as \
dates, shares from 0 to 1.
Keep the names of sheets and columns. Columns and sheets of your own may be added, formulas may be used: prepos reads \
the results that were saved, and leaves the rest alone.
Say in basis how the figures of a row are known (verified, dataset, cited_from_memory, estimate, illustrative), and in \
source where they come from.
"""
ABOUT = """\
This workbook is one planning situation for prepos: where stock for emergencies could wait, what it is, and what may \
happen. prepos finds where the stock should wait, and shows what that changes."""
WIDTHS = (4, 22, 64, 10, 14)
LINE_HEIGHT = 15.5


def write_start(sheet: Worksheet, scenario: Scenario, file: str, rows: Mapping[str, int], formats: Look) -> None:
    """Fill the first sheet.

    Parameters
    ----------
    file
        Name of the workbook, for the commands.
    rows
        Table -> number of its rows.
    """
    page = _Page(sheet, formats)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    settings = scenario.settings
    page.line(settings.title or scenario.name, formats.title, height=_lines(settings.title, 70) * 25)
    if settings.question:
        page.line(settings.question, formats.wrapped)
    page.line(ABOUT, formats.wrapped)
    page.heading("How to fill it")
    for number, text in enumerate(HOW.splitlines(), start=1):
        page.line(text, formats.wrapped, mark=f"{number}.")
    _colours(page, formats)
    _commands(page, file, formats)
    _sheets(page, rows)
    _sources(page, settings.sources, formats)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)


def _colours(page: _Page, formats: Look) -> None:
    page.heading("Colours")
    page.pair("column name", "Needed: every row must have it.", formats.needed)
    page.pair("column name", "In use; a cell may stay empty.", formats.used)
    page.pair("column name", "Offered, not in use; fill it if you know it.", formats.offered)
    page.pair("cell", "Wrong: only in the copy that prepos check makes, the reason in a note.", formats.wrong)
    page.pair("cell", "Odd, but usable: in that copy as well.", formats.odd)


def _commands(page: _Page, file: str, formats: Look) -> None:
    page.heading("What to run, in the folder of this file, once it is saved")
    name = f'"{file}"' if " " in file else file
    for command, text in (
        (f"prepos check {name}", "All problems at once; if there are any, marked in a copy of this workbook."),
        (f"prepos optimize {name} --model expected-cost", "The best stock plan, with its proof."),
        (f"prepos simulate {name}", "A stress test of today's stock."),
    ):
        page.line(command, formats.code)
        page.line(text, formats.wrapped)


def _sheets(page: _Page, rows: Mapping[str, int]) -> None:
    page.heading("Sheets", ("what it holds", "rows", "state"))
    page.table(SHEET, "Title, question, planning period and other settings", None, "needed")
    for table in TABLES.values():
        state = "needed" if table.required else "in use" if rows.get(table.name) else "may be filled"
        page.table(table.name, table.meaning, rows.get(table.name, 0), state)


def _sources(page: _Page, sources: Mapping[str, str], formats: Look) -> None:
    if sources:
        page.heading("Sources")
    for name, reference in sources.items():
        page.pair(name, reference, formats.text)


class _Page:
    """Writes from top to bottom."""

    def __init__(self, sheet: Worksheet, formats: Look) -> None:
        self.sheet, self.formats, self.row = sheet, formats, 0

    def line(self, text: str, look: Format, *, mark: str = "", height: float | None = None) -> None:
        """Write a text over the width of the page."""
        if mark:
            self.sheet.write_string(self.row, 0, mark, self.formats.text)
        self.sheet.merge_range(self.row, 1, self.row, len(WIDTHS) - 1, "", look)
        self.sheet.write_string(self.row, 1, text, look)
        self.sheet.set_row(self.row, height or LINE_HEIGHT * _lines(text, 112))
        self.row += 1

    def heading(self, text: str, others: Iterable[str] = ("", "", "")) -> None:
        """Write a heading after an empty row."""
        self.row += 1
        for column, cell in enumerate(["", text, *others]):
            look = self.formats.heading_middle if column == 3 else self.formats.heading
            self.sheet.write_string(self.row, column, cell, look)
        self.sheet.set_row(self.row, 19)
        self.row += 1

    def pair(self, left: str, right: str, look: Format) -> None:
        """Write two cells, the first in its own look."""
        self.sheet.write_string(self.row, 1, left, look)
        self.sheet.merge_range(self.row, 2, self.row, len(WIDTHS) - 1, "", self.formats.inset)
        self.sheet.write_string(self.row, 2, right, self.formats.inset)
        self.sheet.set_row(self.row, LINE_HEIGHT * _lines(right, 100))
        self.row += 1

    def table(self, name: str, meaning: str, rows: int | None, state: str) -> None:
        """Write what one sheet holds, with a link to it."""
        plain = self.formats.wrapped
        self.sheet.write_url(self.row, 1, f"internal:'{name}'!A1", self.formats.link, name)
        self.sheet.write_string(self.row, 2, meaning, plain)
        if rows is not None:
            self.sheet.write_number(self.row, 3, rows, self.formats.middle)
        self.sheet.write_string(self.row, 4, state, plain)
        self.sheet.set_row(self.row, LINE_HEIGHT * _lines(meaning, 66))
        self.row += 1


def _lines(text: str, width: int) -> int:
    return max(1, sum(-(-len(part) // width) for part in text.splitlines()))
