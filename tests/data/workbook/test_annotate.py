"""The checked copy: wrong cells are marked and told, and all else of the user's is as it was, cell by cell."""

from __future__ import annotations

import zipfile
from copy import copy
from datetime import datetime

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from prepos.data.workbook.annotate import annotate
from prepos.data.workbook.comments import SIGN
from prepos.data.workbook.read import read_workbook
from prepos.data.workbook.styles import FILLS
from prepos.errors import DataError

GREEN = PatternFill("solid", fgColor="FF00FF00")


def checked(path):
    """Check a workbook; give its problems and the copy."""
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    return caught.value.problems, annotate(path, caught.value.problems)


def own_things(book):
    """Put in what a user's workbook holds beside the tables, and four wrong cells."""
    hubs, stock, notes = book["hubs"], book["stock"], book.create_sheet("My notes", 0)
    hubs["C2"], stock["A3"], stock["C2"] = 100, "Q", -5
    hubs["D3"] = None
    stock["C2"].comment = Comment("ask Ann", "Ann")
    stock["B2"].comment = Comment("a good tent", "Ann")
    stock["C2"].fill, stock["C2"].font, stock["C2"].number_format = GREEN, Font(bold=True, size=13), "0.00"
    stock["C2"].border = Border(left=Side("thick"))
    hubs.add_data_validation(DataValidation("list", formula1='"Alpha,Beta"', sqref="B2:B9"))
    hubs.conditional_formatting.add("C2:C9", CellIsRule("greaterThan", ["50"], fill=PatternFill(bgColor="FFFF0000")))
    hubs.column_dimensions["B"].width, hubs.freeze_panes = 33, "B2"
    notes.append(["=SUM(stock!C2:C3)", datetime(2020, 1, 2), 0.1, "text", True, "#REF!", "=1/0"])
    notes["D1"].alignment = Alignment(wrap_text=True)
    notes["A3"] = "merged"
    notes.merge_cells("A3:B4")
    chart = BarChart()
    chart.add_data(Reference(stock, min_col=3, min_row=1, max_row=3))
    notes.add_chart(chart, "E5")
    book.defined_names["total"] = openpyxl.workbook.defined_name.DefinedName("total", attr_text="stock!$C$2")


def look(cell):
    return [repr(copy(part)) for part in (cell.font, cell.border, cell.alignment, cell.protection, cell.number_format)]


def test_only_wrong_cells_look_and_say_anything_else(plain):
    path = plain(own_things)
    _, found = checked(path)
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(found)
    filled, told = {}, {}
    for old in before:
        new = after[old.title]
        assert new.dimensions in (old.dimensions, f"A1:{new.cell(new.max_row, new.max_column).coordinate}")
        for row in new.iter_rows():
            for cell in row:
                was = old[cell.coordinate]
                assert (cell.value, look(cell)) == (was.value, look(was)), (old.title, cell.coordinate)
                if repr(copy(cell.fill)) != repr(copy(was.fill)):
                    filled[old.title, cell.coordinate] = cell.fill.fgColor.rgb
                if (cell.comment and cell.comment.text) != (was.comment and was.comment.text):
                    told[old.title, cell.coordinate] = cell.comment.text
    assert filled == dict.fromkeys([("hubs", "C2"), ("hubs", "D3"), ("stock", "A3"), ("stock", "C2")], FILLS["error"])
    assert told == {
        ("hubs", "C2"): f"{SIGN}100 is outside -90 to 90 (latitude, degrees)",
        ("hubs", "D3"): f"{SIGN}is empty, but lat is given; a place needs both",
        ("stock", "A3"): f"{SIGN}'Q' is not in sheet hubs",
        ("stock", "C2"): f"ask Ann\n\n{SIGN}-5 is negative; it must be 0 or more (units on hand, units)",
    }
    assert after["stock"]["B2"].comment.text == "a good tent"
    assert after["stock"]["C2"].comment.author == "Ann"


def test_sheets_rules_widths_names_and_charts_stay(plain):
    path = plain(own_things)
    _, found = checked(path)
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(found)
    assert after.sheetnames == [*before.sheetnames, "problems"]
    assert after.active.title == before.active.title
    assert after.defined_names["total"].attr_text == "stock!$C$2"
    for old in before:
        new = after[old.title]
        assert repr(new.data_validations) == repr(old.data_validations)
        assert repr(list(new.conditional_formatting)) == repr(list(old.conditional_formatting))
        assert new.merged_cells.ranges == old.merged_cells.ranges
        assert new.freeze_panes == old.freeze_panes
        assert {k: d.width for k, d in new.column_dimensions.items()} == {
            k: d.width for k, d in old.column_dimensions.items()
        }
        assert len(new._charts) == len(old._charts)


def test_parts_that_need_no_change_stay_byte_for_byte(plain):
    path = plain(own_things)
    _, found = checked(path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(found) as new:
        assert set(old.namelist()) <= set(new.namelist())
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert {name for name in changed if "chart" in name or name.endswith("drawings/drawing1.xml")} == set()
    sheets = {name for name in changed if name.startswith("xl/worksheets/sheet")}
    assert len(sheets) == 2  # hubs and stock
    assert "xl/worksheets/sheet1.xml" not in sheets  # the user's notes


def test_results_of_formulas_survive_so_that_the_copy_reads_the_same(filled):
    """XlsxWriter saves results; openpyxl would drop them, and a formula without a result cannot be read."""
    import xlsxwriter

    path = filled()
    book = xlsxwriter.Workbook(path)
    for name, rows in {
        "scenario": [["key", "value"], ["title", "x"]],
        "hubs": [["hub", "lat", "lon"], ["A", 1, 200]],
        "items": [["item", "unit_kg", "unit_m3"], ["tent", 1, 1]],
        "disasters": [["disaster", "lat", "lon", "people_in_need"], ["flood", 1, 1, 100]],
    }.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    sheet.write_formula("D2", "=50*2", None, 100)
    book.close()
    problems, found = checked(path)
    assert openpyxl.load_workbook(found)["disasters"]["D2"].value == "=50*2"
    assert openpyxl.load_workbook(found, data_only=True)["disasters"]["D2"].value == 100
    with pytest.raises(DataError) as again:
        read_workbook(found)
    assert [str(problem) for problem in again.value.problems] == [str(problem) for problem in problems]


def test_the_list_of_problems_names_fix_sheet_and_cell_with_a_link(plain):
    _, found = checked(plain(own_things, hubs=[["hub", "name", "lat", "lon"], ["A", "Alpha", 1, 2], ["BB", "x", 3, 4]]))
    sheet = openpyxl.load_workbook(found)["problems"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert rows[0] == ("severity", "problem", "suggested fix", "sheet", "cell", "column")
    assert ("error", "'Q' is not in sheet hubs", "An id of the sheet hubs (hub)", "stock", "A3", "hub") in rows
    assert ("error", "is empty, but lat is given", "a place needs both", "hubs", "D3", "lon") in rows
    assert ("error", "'B' is not in sheet hubs", "write BB", "lanes", "A3", "hub") in rows
    links = {row[4].value: row[4].hyperlink.location for row in sheet.iter_rows(min_row=2)}
    assert links["D3"] == "'hubs'!D3"
    assert sheet["A2"].fill.fgColor.rgb == FILLS["error"]


def test_every_row_of_a_repeated_fault_is_marked(plain):
    rows = [["A", "tent", 1, None], ["Q", "tent", 2, None], ["A", "tent", 3, None], *[["Q", "tent", 1, None]] * 9]
    path = plain(stock=[["hub", "item", "quantity", "batch"], *([*row[:3], n] for n, row in enumerate(rows))])
    problems, found = checked(path)
    assert (
        str(problems[0])
        == "sheet stock row 3, column hub: 'Q' is not in sheet hubs; also in rows 5, 6, 7, 8, 9 and 4 more"
    )
    sheet = openpyxl.load_workbook(found)["stock"]
    marked = [cell.row for cell in sheet["A"] if cell.fill.fgColor.rgb == FILLS["error"]]
    assert marked == [3, *range(5, 14)]
    assert sheet["A13"].comment.text == f"{SIGN}'Q' is not in sheet hubs"


def test_warnings_have_a_colour_of_their_own_and_errors_go_first(plain):
    hubs = [["Hub", "lat", "lon", "mine"], ["A", 0, 0, 1], ["B", 3, 400, 2]]
    _, found = checked(plain(hubs=hubs))
    sheet = openpyxl.load_workbook(found)["hubs"]
    assert sheet["A1"].fill.fgColor.rgb == FILLS["warning"]
    assert sheet["B2"].fill.fgColor.rgb == FILLS["warning"]
    assert sheet["C3"].fill.fgColor.rgb == FILLS["error"]
    assert openpyxl.load_workbook(found)["problems"]["A2"].value == "error"


def test_cells_that_are_not_there_are_made_in_their_place(plain):
    """Writers leave out empty cells and rows; others leave out the names of cells."""
    path = plain(hubs=[["hub", "name", "lat", "lon"], ["A", "Alpha", 1], ["B", None, 3, 4]])
    _, found = checked(path)
    sheet = openpyxl.load_workbook(found)["hubs"]
    assert sheet["D2"].fill.fgColor.rgb == FILLS["error"]
    assert [cell.value for cell in sheet[3]] == ["B", None, 3, 4]


def test_a_workbook_of_prepos_itself_can_be_marked(filled):
    def spoil(book):
        book["stock"]["A2"] = "Nairobi"
        book["scenario"]["A2"] = "titel"

    path = filled(spoil)
    _, found = checked(path)
    book = openpyxl.load_workbook(found)
    assert book["stock"]["A2"].comment.text.startswith(f"{SIGN}'Nairobi' is not in sheet hubs")
    assert book["stock"]["A1"].comment.text == openpyxl.load_workbook(path)["stock"]["A1"].comment.text
    assert book["scenario"]["A2"].comment.text.startswith(f"{SIGN}titel: is not a key")


def test_a_copy_is_replaced_until_somebody_has_saved_it(plain):
    path = plain(own_things)
    _, first = checked(path)
    assert first.name == "plan-checked.xlsx"
    assert checked(path)[1] == first
    openpyxl.load_workbook(first).save(first)
    assert checked(path)[1].name == "plan-checked-2.xlsx"


def test_marks_of_an_earlier_check_are_taken_away(plain):
    _, first = checked(plain(own_things))
    book = openpyxl.load_workbook(first)
    book["hubs"]["C2"] = 10
    book["stock"]["C2"] = 5
    book.save(first)
    problems, second = checked(first)
    assert second.name == "plan-checked-2.xlsx"
    book = openpyxl.load_workbook(second)
    assert book["hubs"]["C2"].comment is None
    assert book["hubs"]["C2"].fill.fgColor.rgb not in FILLS.values()
    assert book["stock"]["C2"].comment.text == "ask Ann"
    assert book["stock"]["A3"].comment.text == f"{SIGN}'Q' is not in sheet hubs"
    assert book["stock"]["A3"].fill.fgColor.rgb == FILLS["error"]
    assert [name for name in book.sheetnames if name.startswith("problems")] == ["problems"]
    assert book["problems"].max_row == 1 + len(problems)


def test_a_sheet_of_ones_own_called_problems_is_kept(plain):
    _, found = checked(plain(own_things, problems=[["what I wonder about"]]))
    book = openpyxl.load_workbook(found)
    assert book["problems"]["A1"].value == "what I wonder about"
    assert book["problems 2"]["A1"].value == "severity"


def test_thousands_of_wrong_cells_are_all_filled(plain):
    rows = [["A", "tent", "x", n] for n in range(3_000)]
    _, found = checked(plain(stock=[["hub", "item", "quantity", "batch"], *rows]))
    sheet = openpyxl.load_workbook(found)["stock"]
    assert sum(cell.fill.fgColor.rgb == FILLS["error"] for cell in sheet["C"]) == 3_000
    assert sum(cell.comment is not None for cell in sheet["C"]) == 2_000
    assert openpyxl.load_workbook(found)["problems"].max_row == 3_001
