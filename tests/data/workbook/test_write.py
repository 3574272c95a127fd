"""What a person finds in a workbook: notes, lists to choose from, bounds, and a first sheet in plain words."""

from __future__ import annotations

import openpyxl
import pytest

from prepos.data.read import read_scenario
from prepos.data.settings import KEYS, MEANINGS
from prepos.data.tables import TABLES
from prepos.data.workbook.write import write_workbook


@pytest.fixture
def book(folder, tmp_path):
    write_workbook(read_scenario(folder()), tmp_path / "plan.xlsx")
    return openpyxl.load_workbook(tmp_path / "plan.xlsx")


def rules(sheet, column):
    letter = next(cell.column_letter for cell in sheet[1] if cell.value == column)
    return [rule for rule in sheet.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}2:")]


def test_every_column_name_carries_meaning_unit_and_what_an_empty_cell_means(book):
    for table in TABLES.values():
        notes = {cell.value: cell.comment.text for cell in book[table.name][1] if cell.comment}
        assert list(notes) == [cell.value for cell in book[table.name][1]]
        for column in table.columns:
            assert column.meaning[1:] in notes[column.name]
            assert column.unit in notes[column.name]
            assert (column.default or "unknown" if not column.required else "Needed in every row") in notes[column.name]


def test_ids_choices_and_bounds_guide_the_hand(book):
    (hub,), (status,), (lat,) = rules(book["stock"], "hub"), rules(book["hubs"], "status"), rules(book["hubs"], "lat")
    assert hub.type == "list"
    assert hub.formula1 == "OFFSET(hubs!$A$2,0,0,MAX(1,COUNTA(hubs!$A$2:$A$20000)),1)"
    assert (status.type, status.formula1) == ("list", '"open,candidate,closed"')
    assert (lat.type, float(lat.formula1), float(lat.formula2)) == ("decimal", -90, 90)
    (lot,) = rules(book["items"], "lot")
    assert (lot.operator, float(lot.formula1)) == ("greaterThan", 0)


def test_every_reference_choice_and_number_is_guided(book):
    for table in TABLES.values():
        for column in table.columns:
            wanted = bool(column.refers or column.choices or column.kind in ("number", "date"))
            assert len(rules(book[table.name], column.name)) == wanted, (table.name, column.name)


def test_names_stay_in_sight_and_can_be_filtered(book):
    for table in TABLES.values():
        sheet = book[table.name]
        assert sheet.freeze_panes in ("A2", "B2")
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])


def test_needed_used_and_offered_columns_look_different(book):
    by_name = {cell.value: cell for cell in book["hubs"][1]}
    needed, used, offered = by_name["hub"], by_name["lat"], by_name["serves"]
    assert len({cell.fill.fgColor.rgb for cell in (needed, used, offered)}) == 3
    assert [cell.font.italic for cell in (needed, used, offered)] == [False, False, True]


def test_days_are_days_and_settings_have_their_meaning(book):
    expiry = next(cell for cell in book["stock"][1] if cell.value == "expiry").column_letter
    assert book["stock"][f"{expiry}3"].is_date
    keys = {row[0].value: row[2].value for row in book["scenario"].iter_rows(min_row=2)}
    assert set(KEYS) <= {key.split(".")[0] for key in keys}
    assert keys["period_days"] == MEANINGS["period_days"]


def test_every_key_of_the_settings_says_what_it_means():
    assert set(MEANINGS) == set(KEYS)


def test_the_first_sheet_says_what_to_do(book):
    start = book["start"]
    texts = [cell.value for row in start.iter_rows() for cell in row if cell.value is not None]
    assert "Two hubs" in texts
    assert "prepos check plan.xlsx" in texts
    assert "made for the tests" in texts
    links = {cell.value: cell.hyperlink.location for row in start.iter_rows() for cell in row if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in ("scenario", *TABLES)}


def test_commands_quote_a_name_with_a_space(folder, tmp_path):
    write_workbook(read_scenario(folder()), tmp_path / "our plan.xlsx")
    start = openpyxl.load_workbook(tmp_path / "our plan.xlsx")["start"]
    texts = [cell.value for row in start.iter_rows() for cell in row if cell.value is not None]
    assert 'prepos check "our plan.xlsx"' in texts
