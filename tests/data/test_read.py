"""Reading a folder: every problem, with its place and the way out, in one pass."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from prepos.data.read import read_scenario
from prepos.errors import DataError


def test_a_folder_becomes_typed_tables(folder):
    scenario = read_scenario(folder())
    assert scenario.name == "plan"
    assert scenario.settings.title == "Two hubs"
    assert scenario.settings.sources == {"facts": "made for the tests"}
    assert scenario.hubs["capacity_m3"].tolist() == [1000.0, 500.0]
    assert scenario.hubs["capacity_m3"].dtype == np.float64
    assert scenario.hubs["airport"].tolist() == ["", ""]
    assert math.isnan(scenario.items["units_per_household"][1])
    assert scenario.stock["expiry"].tolist() == ["", "2030-06-30"]
    assert scenario.layout["stock"] == ("hub", "item", "quantity", "expiry")
    assert scenario.warnings == ()


def test_tables_that_are_absent_are_empty_and_have_their_columns(folder):
    scenario = read_scenario(folder(stock=None))
    assert len(scenario.stock) == 0
    assert "quantity" in scenario.stock.columns
    assert "stock" not in scenario.layout


def test_a_missing_folder_is_told_with_the_nearest_one(tmp_path, folder):
    folder()
    with pytest.raises(DataError, match=r"plann: there is no such folder \(did you mean 'plan'\?\)"):
        read_scenario(tmp_path / "plann")


def test_a_file_in_place_of_the_folder_is_told(folder):
    with pytest.raises(DataError, match=r"scenario.toml: is a file; give the folder that holds it"):
        read_scenario(folder() / "scenario.toml")


def test_every_missing_file_is_told(tmp_path, errors_of):
    assert errors_of(tmp_path) == [
        "scenario.toml: is missing; every scenario needs it",
        "hubs.csv: is missing; every scenario needs it",
        "items.csv: is missing; every scenario needs it",
        "disasters.csv: there is nothing to plan for; add disasters, or give outcomes.csv and needs.csv",
    ]


def test_a_missing_file_is_looked_for_under_a_near_name(folder, errors_of):
    path = folder(hubs=None, **{"hub.csv": "hub\nNBO\n"})
    assert errors_of(path) == ["hubs.csv: is missing; 'hub.csv' looks like it: rename it"]
    (path / "hub.csv").rename(path / "hubs.xlsx")
    assert errors_of(path) == ["hubs.csv: is missing; save hubs.xlsx as 'CSV UTF-8' under this name"]


def test_a_csv_file_with_an_unknown_name_is_told_not_read(folder, warnings_of):
    path = folder(**{"need.csv": "outcome\n", "zebra.csv": "a\n", "SOURCES.md": "text"})
    assert warnings_of(path) == [
        "need.csv: is not a table of prepos and was not read (did you mean 'needs.csv'?)",
        "zebra.csv: is not a table of prepos and was not read",
    ]


def test_a_table_open_in_a_spreadsheet_is_told(folder, warnings_of):
    path = folder(**{".~lock.hubs.csv#": "someone", "~$items.csv": "x"})
    assert warnings_of(path) == [
        "hubs.csv: is open in another program (.~lock.hubs.csv#); changes not saved there are not read",
        "items.csv: is open in another program (~$items.csv); changes not saved there are not read",
    ]


def test_a_missing_column_is_told_with_the_column_that_looks_like_it(folder, errors_of):
    stock = "hub,item,qty\nNBO,tent,5\n"
    assert errors_of(folder(stock=stock)) == ["stock.csv, column quantity: is missing; 'qty' looks like it: rename it"]


def test_a_missing_column_without_a_likely_one_is_told_with_its_meaning(folder, errors_of):
    assert errors_of(folder(stock="hub,item\nNBO,tent\n")) == [
        "stock.csv, column quantity: is missing; it holds the units on hand"
    ]


def test_a_header_that_names_no_column_is_told_once(folder, errors_of):
    stock = "Stock of 2015,,\nhub,item,quantity\nNBO,tent,5\n"
    assert errors_of(folder(stock=stock)) == [
        "stock.csv row 2: the header gives no name for the values in column 2, 3",
        "stock.csv row 1: the header names no column of this table; it needs hub, item, quantity",
    ]


def test_a_column_of_the_users_own_is_kept_as_text_with_a_warning(folder):
    hubs = "hub,iso3,latitude,lon,Manager\nNBO,KEN,-1.3,36.9,A. N.\n"
    with pytest.raises(DataError) as caught:
        read_scenario(folder(hubs=hubs, stock=None))
    assert [str(problem) for problem in caught.value.problems] == [
        "hubs.csv row 2, column lat: is empty, but lon is given; a place needs both",
        "hubs.csv, column latitude: is not a column of this table; kept as text, not used (did you mean 'lat'?)",
        "hubs.csv, column Manager: is not a column of this table; kept as text, not used",
    ]
    scenario = read_scenario(folder(hubs=hubs.replace("latitude", "lat"), stock=None))
    assert scenario.hubs["Manager"].tolist() == ["A. N."]


def test_an_unknown_id_is_told_with_the_nearest_one(folder, errors_of):
    disasters = "disaster,site,people_in_need\npam,Penana,10\nmalawi,Blantyre,5\nwinston,Penana,5\n"
    assert errors_of(folder(disasters=disasters)) == [
        "disasters.csv row 2, column site: 'Penana' is not in sites.csv (did you mean 'Penama'?); also in row 4"
    ]


def test_a_negative_quantity_is_told(folder, errors_of):
    assert errors_of(folder(stock="hub,item,quantity\nNBO,tent,-5\n")) == [
        "stock.csv row 2, column quantity: -5 is negative; it must be 0 or more (units on hand, units)"
    ]


def test_probabilities_that_do_not_sum_to_one_are_told(given_folder, errors_of):
    outcomes = "outcome,probability\nwet,0.25\ndry,0.68\n"
    assert errors_of(given_folder(outcomes=outcomes)) == [
        "outcomes.csv: probabilities sum to 0.93; add a 'none' row or rescale"
    ]
    assert errors_of(given_folder(outcomes=outcomes.replace("0.68", "0.9"))) == [
        "outcomes.csv: probabilities sum to 1.15; rescale"
    ]


def test_a_latitude_of_100_is_told(folder, errors_of):
    hubs = "hub,lat,lon\nNBO,100,36.9\n"
    assert errors_of(folder(hubs=hubs)) == ["hubs.csv row 2, column lat: 100 is outside -90 to 90 (latitude, degrees)"]


def test_a_duplicated_key_is_told_with_both_rows(folder, errors_of, good):
    hubs = good["hubs.csv"] + "\nNBO,Nairobi again,KEN,-1.3,36.9,open,10\n"
    assert errors_of(folder(hubs=hubs)) == ["hubs.csv row 5, column hub: hub 'NBO' is already in row 2; keep one row"]
    stock = "hub,item,quantity,batch\nNBO,tent,1,a\nNBO,tent,1,b\n\nNBO,tent,2,a\n"
    assert errors_of(folder(stock=stock)) == [
        "stock.csv row 5, column batch: hub 'NBO', item 'tent', batch 'a' is already in row 2; keep one row"
    ]


def test_text_in_a_number_is_told(folder, errors_of):
    assert errors_of(folder(stock="hub,item,quantity\nNBO,tent,many\n")) == [
        "stock.csv row 2, column quantity: 'many' is not a number; a figure is needed here"
    ]


def test_an_empty_required_cell_is_told(folder, errors_of):
    assert errors_of(folder(stock="hub,item,quantity\nNBO,tent,\n,tent,4\n")) == [
        "stock.csv row 3, column hub: is empty, but every row needs it (hub)",
        "stock.csv row 2, column quantity: is empty, but every row needs it (units on hand)",
    ]


def test_a_table_without_rows_is_wrong_where_rows_are_needed_and_odd_elsewhere(folder, errors_of, warnings_of):
    assert errors_of(folder(items="item,unit_kg,unit_m3\n", stock=None)) == [
        "items.csv: has no row; a scenario needs at least one item",
        "disasters.csv: no unit is needed in any outcome; give units_per_household or people_per_unit in items.csv",
    ]
    assert warnings_of(folder(stock="hub,item,quantity\n")) == ["stock.csv: has column names but no row"]


def test_a_file_without_a_single_cell_is_told(folder, errors_of):
    assert errors_of(folder(stock="")) == ["stock.csv: is empty; write the column names into the first row"]
    assert errors_of(folder(stock="\n , \n")) == ["stock.csv: is empty; write the column names into the first row"]


def test_a_byte_order_mark_is_left_out_with_a_warning(folder, warnings_of, good):
    path = folder(hubs="\ufeff" + good["hubs.csv"], scenario="\ufeff" + good["scenario.toml"])
    assert warnings_of(path) == [
        "scenario.toml: begins with a byte order mark; it was left out",
        "hubs.csv: begins with a byte order mark; it was left out",
    ]
    assert read_scenario(path).hubs["hub"].tolist() == ["NBO", "MNL"]


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_read_with_a_warning(folder, warnings_of, good, separator, name):
    path = folder(hubs=good["hubs.csv"].replace(",", separator))
    assert warnings_of(path) == [f"hubs.csv: the columns are separated by {name}; read so, but commas are the rule"]
    assert read_scenario(path).hubs["name"].tolist() == ["Nairobi", "Manila"]


def test_the_separator_line_of_excel_is_understood(folder, good):
    scenario = read_scenario(folder(hubs="sep=;\r\n" + good["hubs.csv"].replace(",", ";").replace("\n", "\r\n")))
    assert scenario.hubs["hub"].tolist() == ["NBO", "MNL"]


def test_a_decimal_comma_is_told_with_the_number_to_write(folder, errors_of, good):
    items = good["items.csv"].replace(",", ";").replace("0.0125", "0,0125").replace("1.5", "1,5")
    assert errors_of(folder(items=items)) == [
        "items.csv row 3, column unit_kg: '1,5' has a decimal comma; write 1.5",
        "items.csv row 3, column unit_m3: '0,0125' has a decimal comma; write 0.0125",
    ]


def test_too_many_cells_in_a_row_are_told_and_nothing_that_follows_from_them(folder, errors_of, good):
    items = good["items.csv"] + "rope,2,0,01,3,,1\n"
    assert errors_of(folder(items=items)) == [
        (
            "items.csv row 4: 7 cells for 6 columns; "
            "put a text with a comma in quotes, and write 12.5 or 1200, not 12,5 or 1,200"
        )
    ]


def test_empty_cells_beyond_the_header_and_missing_cells_are_no_problem(folder):
    hubs = "hub,name,lat,lon,,\nNBO,Nairobi,-1.3,36.9,,,\nMNL\n"
    scenario = read_scenario(folder(hubs=hubs))
    assert scenario.hubs["name"].tolist() == ["Nairobi", ""]
    assert scenario.layout["hubs"] == ("hub", "name", "lat", "lon")


def test_rows_are_numbered_as_a_spreadsheet_does_when_lines_are_blank(folder, errors_of):
    stock = '\nhub,item,quantity,source\n\nNBO,tent,5,"two\nlines"\n,,,\nNBO,blankt,5,\nNBO,blanket,-5,\n'
    assert errors_of(folder(stock=stock)) == [
        "stock.csv row 7, column quantity: -5 is negative; it must be 0 or more (units on hand, units)",
        "stock.csv row 6, column item: 'blankt' is not in items.csv (did you mean 'blanket'?)",
    ]


def test_a_column_name_that_stands_twice_is_told(folder, errors_of):
    assert errors_of(folder(hubs="hub,lat,lon,lat\nNBO,1,2,3\nMNL,1,2,3\n")) == [
        "hubs.csv, column lat: two columns (numbers 2 and 4) have this name"
    ]


def test_a_column_without_a_name_is_told_when_it_holds_something(folder, errors_of):
    assert errors_of(folder(hubs="hub,,name\nNBO,,\nMNL,x,\n")) == [
        "hubs.csv row 3: the header gives no name for the values in column 2"
    ]


def test_text_that_is_not_utf8_is_told_with_the_place(folder, errors_of):
    hubs = "hub,name\nNBO,Nairobi\nGVA,Genève\n".encode("latin-1")
    assert errors_of(folder(hubs=hubs, stock=None)) == [
        "hubs.csv row 3: byte 29 (0xe8, probably 'è') is not UTF-8 text; save the file as 'CSV UTF-8'"
    ]


def test_other_kinds_of_file_under_the_name_of_a_table_are_told(folder, errors_of, good):
    path = folder(hubs=good["hubs.csv"].encode("utf-16"), items=b"PK\x03\x04rest", stock=None)
    (path / "lanes.csv").mkdir()
    assert errors_of(path) == [
        "hubs.csv: is UTF-16 text, not UTF-8; save the file as 'CSV UTF-8'",
        (
            "items.csv: is a workbook with another name, not CSV; "
            "open it in a spreadsheet and save the file as 'CSV UTF-8'"
        ),
        "lanes.csv: is a folder, not a file",
    ]


def test_a_file_that_may_not_be_opened_is_told(folder, errors_of, monkeypatch):
    path = folder()
    read = Path.read_bytes

    def locked(self):
        if self.name == "stock.csv":
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert errors_of(path) == ["stock.csv: may not be opened; close it in other programs, or change its permissions"]


def test_quotes_that_do_not_close_are_told(folder, errors_of):
    assert errors_of(folder(hubs='hub,name\nNBO,Nairobi\nMNL,"Manila\n', stock=None)) == [
        'hubs.csv row 3: a quote (") opens in this row and is never closed'
    ]
    assert errors_of(folder(hubs='hub,name\nNBO,"5" pipe depot"\n', stock=None)) == [
        'hubs.csv row 2: text follows a closing quote ("); write a quote inside a text twice ("")'
    ]


def test_a_cell_over_several_lines_warns_of_swallowed_rows(folder, warnings_of):
    hubs = 'hub,name\nNBO,"Nairobi\nMNL,Manila"\n'
    assert warnings_of(folder(hubs=hubs, disasters=None, **given()))[0] == (
        'hubs.csv row 2, column name: the cell runs over 2 lines; if that is not meant, a quote (") was left open'
    )


def given() -> dict[str, str | None]:
    """Lanes, outcomes and needs for hub NBO."""
    return {
        "sites": None,
        "lanes": "hub,site,mode,hours,usd_per_kg\nNBO,X,road,10,1\n",
        "outcomes": "outcome,probability\nwet,1\n",
        "needs": "outcome,site,item,quantity\nwet,X,tent,10\n",
    }


def test_spaces_around_cells_are_left_out_with_one_counting_warning(folder, warnings_of):
    path = folder(stock="hub , item,quantity\nNBO,tent , 5\nNBO,blanket\u00a0,6\n")
    assert warnings_of(path) == ["stock.csv: 5 cells begin or end with a space; the spaces were left out"]
    assert read_scenario(path).stock["quantity"].tolist() == [5, 6]


def test_all_problems_of_all_files_come_in_one_error(folder, good):
    path = folder(
        scenario='title = "x"\nperiod_day = 30\n',
        hubs="hub;lat;lon\nNBO;100;36,9\nNBO;1;2\n",
        items="\ufeff" + good["items.csv"].replace("tent,50", "tent,fifty"),
        stock="hub,item,quantity\nNBQ,tent,-1\nNBO,blankets,3\n",
        disasters="disaster,date,iso3,people\nx,13/03/2015,VUT,5\n",
        outcomes="outcome,probability\nx,0.5\n",
    )
    with pytest.raises(DataError) as caught:
        read_scenario(path)
    assert str(caught.value).splitlines() == [
        f"{path}: 11 problems, 2 warnings",
        (
            "  - scenario.toml, key period_day: is not a key of scenario.toml (did you mean 'period_days'?); "
            "the keys are title, question, period_days, disasters_per_year, household_size, outcomes, "
            "share_from_stock, need_rules, sources"
        ),
        "  - hubs.csv row 2, column lat: 100 is outside -90 to 90 (latitude, degrees)",
        "  - hubs.csv row 2, column lon: '36,9' has a decimal comma; write 36.9",
        "  - items.csv row 2, column unit_kg: 'fifty' is not a number; a figure is needed here",
        "  - stock.csv row 2, column quantity: -1 is negative; it must be 0 or more (units on hand, units)",
        "  - disasters.csv, column people_in_need: is missing; 'people' looks like it: rename it",
        "  - disasters.csv row 2, column date: '13/03/2015' is not a date as YYYY-MM-DD; write 2015-03-13",
        "  - hubs.csv row 3, column hub: hub 'NBO' is already in row 2; keep one row",
        "  - stock.csv row 2, column hub: 'NBQ' is not in hubs.csv (did you mean 'NBO'?)",
        "  - stock.csv row 3, column item: 'blankets' is not in items.csv (did you mean 'blanket'?)",
        "  - outcomes.csv: probabilities sum to 0.5; add a 'none' row or rescale",
        "  - warning: hubs.csv: the columns are separated by semicolons; read so, but commas are the rule",
        "  - warning: items.csv: begins with a byte order mark; it was left out",
    ]


def test_thousands_of_wrong_cells_are_all_kept_and_few_are_printed(folder, good):
    rows = "".join(f"NBO,tent,x,b{n}\n" for n in range(3000))
    with pytest.raises(DataError) as caught:
        read_scenario(folder(stock="hub,item,quantity,batch\n" + rows))
    lines = str(caught.value).splitlines()
    assert len(caught.value.problems) == 3000
    assert lines[0].endswith("3,000 problems")
    assert len(lines) == 12
    assert lines[-1] == "  - stock.csv, column quantity: and 2,990 more, from row 12 on"


def test_a_large_table_of_needs_is_read_whole(given_folder):
    rows = "".join(f"{'wet' if n % 2 else 'dry'},S{n % 500},i{n // 500},{n}.5\n" for n in range(25_000))
    items = "item,unit_kg,unit_m3\n" + "".join(f"i{n},1,1\n" for n in range(50))
    lanes = "hub,site,mode,hours,usd_per_kg\n" + "".join(f"A,S{n},road,5,1\nB,S{n},road,6,1\n" for n in range(500))
    path = given_folder(needs="outcome,site,item,quantity\n" + rows, items=items, lanes=lanes)
    scenario = read_scenario(path)
    assert len(scenario.needs) == 25_000
    assert scenario.needs["quantity"].sum() == sum(range(25_000)) + 0.5 * 25_000


def test_a_wholly_foreign_column_of_a_large_table_is_told_quickly(given_folder, errors_of):
    rows = "".join(f"wet,X,foreign item {n},1\n" for n in range(5_000))
    found = errors_of(given_folder(needs="outcome,site,item,quantity\n" + rows))
    assert len(found) == 5_000
