"""A workbook as people make them: every odd thing is read, or told with its sheet, row and column."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.styles import Font

from prepos.data.workbook.read import read_workbook
from prepos.errors import DataError


def hubs(*rows):
    return [["hub", "name", "lat", "lon"], *rows]


def stock(*rows):
    return [["hub", "item", "quantity", "expiry"], *rows]


def test_a_workbook_made_by_hand_becomes_a_scenario(plain, read, odd):
    scenario = read(plain())
    assert (scenario.name, scenario.settings.title) == ("plan", "By hand")
    assert scenario.hubs["lat"].tolist() == [1, 3.5]
    assert scenario.layout["lanes"] == ("hub", "site", "mode", "hours", "usd_per_kg")
    assert odd(plain()) == []


def test_problems_name_sheet_row_column_and_cell(plain):
    path = plain(hubs=hubs(["A", "Alpha", 100, 2], ["A", "Beta", 3, 4]), stock=stock(["Q", "tent", -1, None]))
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    found = [(str(problem), problem.cell) for problem in caught.value.problems if problem.severity == "error"]
    assert found == [
        ("sheet hubs row 2, column lat: 100 is outside -90 to 90 (latitude, degrees)", "C2"),
        ("sheet stock row 2, column quantity: -1 is negative; it must be 0 or more (units on hand, units)", "C2"),
        ("sheet hubs row 3, column hub: hub 'A' is already in row 2; keep one row", "A3"),
        ("sheet stock row 2, column hub: 'Q' is not in sheet hubs", "A2"),
        ("sheet lanes row 3, column hub: 'B' is not in sheet hubs", "A3"),
    ]


def test_leading_blank_rows_and_a_title_are_stepped_over(plain, read, odd, wrong):
    blank = [[], [], ["hub", "name", "lat", "lon"], [], ["A", "Alpha", 1, 2], ["B", "Beta", 3, 4]]
    assert read(plain(hubs=blank)).hubs["hub"].tolist() == ["A", "B"]
    assert odd(plain(hubs=blank)) == []
    titled = [["Our hubs, 2025"], *blank]
    assert odd(plain(hubs=titled)) == [
        "sheet hubs: the column names are taken from row 4; what stands above them is left out"
    ]
    titled[5][2] = 99
    assert wrong(plain(hubs=titled)) == [
        "sheet hubs row 6, column lat: 99 is outside -90 to 90 (latitude, degrees)"
    ]  # fmt: skip


@pytest.mark.parametrize("header", [["HUB ", "Name", " Lat", "LON"], ["Hub*", "name", "l a t", "Lon"]])
def test_column_names_may_differ_in_case_spaces_and_marks(plain, read, odd, header):
    path = plain(hubs=[header, ["A", "Alpha", 1, 2], ["B", "Beta", 3, 4]])
    assert read(path).layout["hubs"] == ("hub", "name", "lat", "lon")
    assert odd(path)[0] == f"sheet hubs row 1, column hub: '{header[0].strip()}' is read as hub"


def test_a_column_of_ones_own_keeps_its_name_beside_the_declared_one(plain, read):
    path = plain(hubs=[["hub", "Hub", "lat", "lon"], ["A", "main", 1, 2], ["B", "second", 3, 4]])
    assert read(path).hubs["Hub"].tolist() == ["main", "second"]


def test_two_columns_of_one_name_are_refused(plain, wrong):
    path = plain(hubs=[["hub", "lat", "lon", "lat"], ["A", 1, 2, 3], ["B", 1, 2, 3]])
    assert wrong(path) == ["sheet hubs row 1, column lat: two columns (B and D) have this name"]


def test_values_below_no_name_are_refused_not_dropped(plain, wrong):
    path = plain(hubs=hubs(["A", "Alpha", 1, 2, None, "ask Ann"], ["B", "Beta", 3, 4]))
    (problem,) = wrong(path)
    assert problem.startswith(
        "sheet hubs row 2: column F holds 1 value below no column name; name it in row 1, or move"
    )


def test_sheet_names_may_differ_in_case_and_spaces(plain, read):
    path = plain(hubs=None, **{"Hubs ": hubs(["A", "Alpha", 1, 2], ["B", "Beta", 3, 4])})
    assert read(path).hubs["hub"].tolist() == ["A", "B"]


def test_a_missing_sheet_is_told(plain, wrong):
    assert wrong(plain(items=None, stock=None, needs=None, outcomes=None, lanes=None, scenario=None)) == [
        (
            "sheet scenario: is missing; every scenario needs it: a sheet of this name with the columns key and value"
        ),
        "sheet items: is missing; every scenario needs a sheet of this name",
        "sheet disasters: there is nothing to plan for; add disasters, or give sheet outcomes and sheet needs",
    ]  # fmt: skip


def test_an_empty_sheet_counts_as_not_given_unless_it_is_needed(plain, read, wrong):
    assert "suppliers" not in read(plain(suppliers=[])).layout
    assert wrong(plain(items=[], stock=None))[0] == (
        "sheet items: is empty; write the column names into the first row, and a row for each of them"
    )


def test_sheets_of_ones_own_are_left_alone_unless_they_look_like_a_table(plain, odd):
    budget = [["what", "usd"], ["rent", 5]]
    assert odd(plain(Budget=budget, Notes=[["remember"]], start=[["x"]], problems=[["x"]])) == []
    assert odd(plain(supplier=[["supplier"]])) == [
        "sheet supplier: is not a table and was not read (did you mean 'suppliers'?)"
    ]
    assert odd(plain(Sheet7=[["supplier", "item", "price_usd", "lead_time_days"]])) == [
        "sheet Sheet7: is not a table and was not read (it has the columns of 'suppliers': rename it if it is that)"
    ]


def test_days_are_read_as_days_in_any_form(plain, read, odd):
    cells = [date(2030, 6, 1), datetime(2030, 6, 1, 0, 0), "2030-06-01", 47635]
    path = plain(stock=stock(*(["A" if n < 2 else "B", "tent", n, day] for n, day in enumerate(cells))), change=batches)
    assert read(path).stock["expiry"].tolist() == ["2030-06-01"] * 4
    assert odd(path) == [
        "sheet stock row 5, column expiry: 1 date is a number; read as the day it stands for (2030-06-01)"
    ]


def batches(book):
    """Give each row of the stock a batch, so that no key stands twice."""
    sheet = book["stock"]
    sheet.cell(1, 5, "batch")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 5, row)


def test_serials_follow_the_calendar_of_the_workbook(plain, read):
    def of_1904(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    path = plain(of_1904, stock=stock(["A", "tent", 1, 46173], ["B", "tent", 1, None]))
    assert read(path).stock["expiry"].tolist() == ["2030-06-01", ""]


def test_a_day_in_a_column_of_numbers_is_refused(plain, wrong):
    path = plain(stock=stock(["A", "tent", date(2025, 2, 1), None]))
    assert wrong(path) == [
        "sheet stock row 2, column quantity: '2025-02-01' is not a number; a figure is needed here"
    ]  # fmt: skip


def test_a_day_with_a_time_is_told(plain, wrong):
    path = plain(stock=stock(["A", "tent", 1, datetime(2030, 6, 1, 10, 30)]))
    assert wrong(path) == [
        "sheet stock row 2, column expiry: '2030-06-01 10:30:00' is not a date as YYYY-MM-DD; write 2030-06-01"
    ]


def test_truth_values_are_no_numbers_but_may_be_texts(plain, wrong, read):
    assert wrong(plain(stock=stock(["A", "tent", True, None]))) == [
        "sheet stock row 2, column quantity: 'TRUE' is not a number; a figure is needed here"
    ]
    assert read(plain(hubs=hubs(["A", True, 1, 2], ["B", False, 3, 4]))).hubs["name"].tolist() == ["TRUE", "FALSE"]


def test_numbers_in_columns_of_text_are_as_short_as_they_can_be(plain, read):
    path = plain(hubs=hubs(["A", 7, 1, 2], ["B", 0.1, 3, 4]))
    assert read(path).hubs["name"].tolist() == ["7", "0.1"]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_errors_of_the_spreadsheet_are_told_in_every_column(plain, wrong, error):
    path = plain(hubs=hubs(["A", error, 1, 2], ["B", "Beta", 3, 4]), stock=stock(["A", "tent", error, None]))
    told = f"'{error}' is an error of the spreadsheet; mend the formula, or write the value"
    assert wrong(path) == [
        f"sheet hubs row 2, column name: {told}",
        f"sheet stock row 2, column quantity: {told}",
    ]


def test_formulas_are_read_by_their_saved_result_and_told_where_there_is_none(plain, wrong):
    path = plain(stock=stock(["A", "tent", "=5*2", None], ["B", "tent", 20, None]))
    (problem,) = wrong(path)
    assert problem.startswith("sheet stock row 2, column quantity: holds a formula without a result; open the workbook")


def test_results_of_formulas_are_read(tmp_path, plain, read):
    """XlsxWriter can write a formula with its result; openpyxl cannot."""
    import xlsxwriter

    rows = openpyxl.load_workbook(plain())
    book = xlsxwriter.Workbook(tmp_path / "results.xlsx")
    for old in rows:
        sheet = book.add_worksheet(old.title)
        for row in old.iter_rows():
            for cell in row:
                sheet.write(cell.row - 1, cell.column - 1, cell.value)
        if old.title == "stock":
            sheet.write_formula(1, 2, "=5*2", None, 10)
            sheet.write_formula(1, 0, '=IF(TRUE,"A","")', None, "A")
    book.close()
    scenario = read(tmp_path / "results.xlsx")
    assert scenario.stock["quantity"].tolist() == [10, 20]
    assert scenario.stock["hub"].tolist() == ["A", "B"]
    assert scenario.warnings == ()


def test_merged_cells_are_told_once(plain, wrong):
    def merge(book):
        book["hubs"].merge_cells("B2:B3")
        book["stock"].merge_cells("A2:A3")
        book["hubs"].merge_cells("G8:H9")

    assert wrong(plain(merge)) == [
        (
            "sheet hubs row 2, column name: B2:B3 is merged, so only its first cell holds a value; unmerge it and "
            "fill each cell"
        ),
        (
            "sheet stock row 2, column hub: A2:A3 is merged, so only its first cell holds a value; unmerge it and fill "
            "each cell"
        ),
    ]


def test_hidden_rows_columns_and_sheets_are_read_and_told(plain, odd, read):
    def hide(book):
        book["hubs"].row_dimensions[3].hidden = True
        book["hubs"].column_dimensions["B"].hidden = True
        book["stock"].sheet_state = "hidden"

    path = plain(hide)
    assert read(path).hubs["name"].tolist() == ["Alpha", "Beta"]
    assert odd(path) == [
        "sheet hubs: 1 row hidden (3); 1 column hidden (name); read like all others, delete what is not meant",
        "sheet stock: the sheet is hidden; read like all others, delete what is not meant",
    ]


def test_spaces_around_texts_are_left_out_and_counted(plain, odd, read):
    path = plain(hubs=hubs([" A", "Alpha\u00a0", 1, 2], ["B", "Beta", 3, 4]))
    assert read(path).hubs["hub"].tolist() == ["A", "B"]
    assert odd(path) == ["sheet hubs: 2 cells begin or end with a space; the spaces were left out"]


def test_lines_in_a_cell_and_escaped_letters_are_kept(plain, read, odd):
    path = plain(hubs=hubs(["A", "two\nlines", 1, 2], ["B", "bell_x0007_", 3, 4]))
    assert read(path).hubs["name"].tolist() == ["two\nlines", "bell\x07"]
    assert odd(path) == []


def test_rich_text_is_read_whole(plain, read):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    text = CellRichText("Al", TextBlock(InlineFont(b=True), "pha"))
    assert read(plain(hubs=hubs(["A", text, 1, 2], ["B", "Beta", 3, 4]))).hubs["name"].tolist()[0] == "Alpha"


def test_blank_rows_formatted_far_down_are_not_rows(plain, read):
    def fill(book):
        book["hubs"].cell(5_000, 3).font = Font(bold=True)
        book["hubs"].cell(4_000, 1, "  ")

    assert len(read(plain(fill)).hubs) == 2


def settings_sheet(*rows):
    return [["key", "value"], *rows]


def test_settings_are_read_in_the_type_of_their_key(plain, read):
    path = plain(
        scenario=settings_sheet(
            ["title", 2025], ["period_days", "90"], ["outcomes", "seasons"], ["question", None],
            ["household_size", None], ["sources.dtm", "IOM DTM"], ["sources.a.b", 7],
        )
    )  # fmt: skip
    settings = read(path).settings
    assert (settings.title, settings.period_days, settings.outcomes) == ("2025", 90.0, "seasons")
    assert (settings.question, settings.household_size) == ("", 5)
    assert settings.sources == {"dtm": "IOM DTM", "a.b": "7"}


def test_wrong_settings_are_told_with_their_row(plain, wrong):
    path = plain(
        scenario=settings_sheet(
            ["period_day", 90], ["household_size", "five"], ["disasters_per_year", True], ["title", "a"],
            ["title", "b"], [None, 5], ["share_from_stock", 5], ["sources", "IDMC"],
        )
    )  # fmt: skip
    found = wrong(path)
    assert "sheet scenario row 5, column value: title: stands in row 5 and row 6; keep one" in found
    assert "sheet scenario: row 7 holds a value without a key" in found
    assert any(text.startswith("sheet scenario row 2, column key: period_day: is not a key") for text in found)
    assert any(
        text.startswith("sheet scenario row 3, column value: household_size: 'five' is not a nu") for text in found
    )
    assert any(text.startswith("sheet scenario row 4, column value: disasters_per_year: true is not") for text in found)
    assert any("row 8, column value: share_from_stock: 5 is outside 0 to 1" in text for text in found)


def test_settings_without_a_header_are_read_from_the_first_two_columns(plain, read):
    assert read(plain(scenario=[["title", "No header"]])).settings.title == "No header"


def test_warnings_found_later_name_the_sheet_too(plain, read):
    from prepos.errors import Problem

    path = plain(hubs=[[], ["hub", "name", "lat", "lon"], ["A", "Alpha", 1, 2], [], ["B", "Beta", 3, 4]])
    origin = read(path).origin
    told = origin.told(Problem("hubs.csv", "'B' has no lane; add its lanes to lanes.csv", 3, "hub", "warning"))
    assert str(told) == "sheet hubs row 5, column hub: 'B' has no lane; add its lanes to sheet lanes"
    assert told.cell == "A5"
    assert origin.content == path.read_bytes()


def test_a_quoted_cell_keeps_the_name_of_a_file(plain, wrong):
    assert wrong(plain(stock=stock(["hubs.csv", "tent", 1, None]))) == [
        "sheet stock row 2, column hub: 'hubs.csv' is not in sheet hubs"
    ]  # fmt: skip


def test_a_workbook_open_elsewhere_is_told(plain, odd):
    path = plain()
    path.with_name("~$plan.xlsx").write_bytes(b"")
    assert odd(path) == ["plan.xlsx: is open in another program (~$plan.xlsx); changes not saved there are not read"]


def test_a_table_of_a_hundred_thousand_rows_is_read_whole(tmp_path, plain, read):
    import xlsxwriter

    rows = openpyxl.load_workbook(plain(stock=[["hub", "item", "quantity", "expiry", "batch"]]))
    book = xlsxwriter.Workbook(tmp_path / "large.xlsx")
    for old in rows:
        sheet = book.add_worksheet(old.title)
        for number, row in enumerate(old.iter_rows(values_only=True)):
            sheet.write_row(number, 0, row)
        if old.title == "stock":
            for number in range(1, 100_001):
                sheet.write_row(number, 0, ("A", "tent", number, None, number))
    book.close()
    found = read(tmp_path / "large.xlsx").stock
    assert len(found) == 100_000
    assert found["quantity"].iloc[-1] == 100_000
