from __future__ import annotations

import pytest

from prepos.data.importers import Options, import_file
from prepos.data.importers.mapping import tagged
from prepos.errors import DataError, UsageError
from tests.data.importers import samples as s
from tests.data.importers.conftest import said

STOCK = [["Warehouse", "Item Name", "Qty on hand", "Best before"], ["Nairobi", "Family tent", "1,200", "30/06/2033"]]


def write(tmp_path, grid, name="list.csv"):
    return s.write_csv(tmp_path / name, grid)


def test_stock_finds_hubs_and_items_by_their_names(imported, tmp_path):
    found = imported("generic", write(tmp_path, STOCK), table="stock")
    line = found.scenario.stock.iloc[0]
    assert (line["hub"], line["item"], line["quantity"], line["expiry"]) == ("NBO", "tent", 1200, "2033-06-30")
    assert any("'Qty on hand' is read as quantity" in remark for remark in found.report.remarks)


def test_unknown_ids_are_left_out_with_a_suggestion(imported, tmp_path):
    found = imported(
        "generic", write(tmp_path, [*STOCK, ["Nairobbi", "tent", 5, ""], ["NBO", "blanket", "", ""]]), table="stock"
    )
    assert found.report.counts()["left_out"] == 2
    assert "'Nairobbi' is not in hubs.csv" in " ".join(said(found, "left out"))
    assert "quantity (units on hand) is empty or cannot be read" in said(found, "left out")


def test_rows_of_one_key_add_up_and_a_known_key_follows_the_rule(imported, tmp_path):
    grid = [["hub", "item", "quantity"], ["NBO", "tent", 5], ["NBO", "tent", 7]]
    once = imported("generic", write(tmp_path, grid), table="stock")
    assert once.scenario.stock["quantity"].tolist() == [12]
    other = write(tmp_path, [["hub", "item", "quantity"], ["NBO", "tent", 20]])
    for prefer, kept in (("old", 12), ("new", 20), ("larger", 20)):
        again = imported("generic", other, into=once.scenario, table="stock", prefer=prefer)
        assert again.scenario.stock["quantity"].tolist() == [kept]
        assert any(note.what == "conflict" for note in again.report.notes)


def test_units_in_headers_are_converted(imported, tmp_path):
    grid = [["Item", "Weight (MT)", "Volume (litres)", "Price EUR"], ["kit", 0.012, 30, 25]]
    found = imported("generic", write(tmp_path, grid), table="items")
    line = found.scenario.items.set_index("item").loc["kit"]
    assert (line["unit_kg"], line["unit_m3"], line["price_usd"]) == (12, pytest.approx(0.03), 25)
    assert any("money not in USD (eur): not converted" in remark for remark in found.report.remarks)


def test_hxl_tags_are_understood_in_any_order(imported, tmp_path):
    tags = ["#country +code", "#event+type", "#date +start", "affected+hh", "#geo+lon", "#geo +lat"]
    grid = [["c", "k", "d", "hh", "a", "b"], tags, ["NPL", "Earthquake", "2031-10-05", 40, 85.3, 27.7]]
    for rows in (grid, grid[1:], [tags, grid[0], grid[2]]):
        found = imported("generic", write(tmp_path, rows), household_size=6)
        line = found.scenario.disasters.iloc[-1]
        assert (line["iso3"], line["hazard"], line["lat"], line["affected"]) == ("NPL", "EQ", 27.7, 240)
        assert found.report.counts()["rows"] == 1
    assert tagged("#affected +idps+ind") == "displaced"
    assert tagged("item+stock+num") == "quantity"
    assert tagged("#meta+id") == ""


def test_households_are_multiplied(imported, tmp_path):
    grid = [["Country", "Hazard", "Date", "Displaced (households)"], ["Nepal", "Flood", "2031-10-05", 40]]
    found = imported("generic", write(tmp_path, grid), household_size=6)
    assert found.scenario.disasters["displaced"].iloc[-1] == 240
    assert any("households x 6" in why for why in said(found, "guessed"))


def test_a_mapping_is_kept_and_can_be_corrected_and_used_again(imported, tmp_path):
    path = write(tmp_path, [["Depot", "SKU", "Pallets"], ["NBO", "tent", 3]])
    with pytest.raises(DataError, match=r"no column was found for quantity .*--mapping"):
        imported("generic", path, table="stock")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'table = "stock"\n[columns]\nhub = "Depot"\nitem = "SKU"\n'
        'quantity = { column = "Pallets", times = 20 }\n[constants]\nowner = "IOM"\n'
    )
    found = imported("generic", path, mapping=mapping)
    line = found.scenario.stock.iloc[0]
    assert (line["quantity"], line["owner"]) == (60, "IOM")
    mapping.write_text(found.report.files["mapping.toml"])
    assert imported("generic", path, mapping=mapping).scenario.stock.equals(found.scenario.stock)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('table = "stok"', "did you mean 'stock'"),
        ('table = "stock"\n[columns]\nqantity = "Pallets"', "is not a column of stock.csv (did you mean 'quantity'?)"),
        ('table = "stock"\n[columns]\nhub = 3', "write name = "),
        ('table = "stock"\n[constants]\nwho = "IOM"', "is not a column of stock.csv"),
        ('table = "stock"\n[columns]\nhub = "Depott"\nitem = "SKU"\nquantity = "Pallets"', "did you mean 'Depot'?"),
        ("table = ", "cannot be read as TOML"),
        ("columns = 3", "is not a section"),
    ],
)
def test_a_wrong_mapping_is_told(base, tmp_path, text, told):
    path = write(tmp_path, [["Depot", "SKU", "Pallets"], ["NBO", "tent", 3]])
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises((DataError, UsageError)) as caught:
        import_file("generic", path, base, Options(mapping=tmp_path / "m.toml"))
    assert told in str(caught.value)


def test_an_unknown_table_or_choice_is_told(base, tmp_path):
    path = write(tmp_path, STOCK)
    with pytest.raises(UsageError, match="did you mean 'stock'"):
        import_file("generic", path, base, Options(table="stocks"))
    for choices, told in (
        ({"prefer": "newest"}, "did you mean 'new'"),
        ({"since": "31/12/2030"}, "write it as YYYY-MM-DD"),
        ({"hazards": ("XX",)}, "is not one of"),
        ({"share_of_affected": 2.0}, "outside 0 to 1"),
    ):
        with pytest.raises(UsageError, match=told):
            Options(**choices)


def test_a_column_that_cannot_hold_its_values_says_so(imported, tmp_path):
    grid = [
        ["hub", "lat", "lon", "status", "capacity_m3"],
        ["A", 195, 10, "Opened", "-5"],
        ["B", "12.5 S", "30 E", "closed", "1,5"],
    ]
    hubs = imported("generic", write(tmp_path, grid), table="hubs").scenario.hubs.set_index("hub")
    assert hubs.loc["A", "status"] == "open"
    assert hubs.loc["A", ["lat", "capacity_m3"]].isna().all()
    assert hubs.loc["B", ["lat", "lon", "capacity_m3"]].tolist() == [-12.5, 30, 1.5]
