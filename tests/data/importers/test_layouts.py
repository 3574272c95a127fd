from __future__ import annotations

import io
import zipfile

import pytest

from prepos.data.importers import Options, import_file
from prepos.errors import DataError, UsageError
from tests.data.importers import samples as s
from tests.data.importers.conftest import said

GRID = s.lines(s.GIDD, [s.gidd("1", **{"Country / Territory": "Côte d'Ivoire", "ISO3": ""})])


def error_of(base, kind, path, **choices):
    with pytest.raises(DataError) as caught:
        import_file(kind, path, base, Options(**choices))
    return str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "separator", "remark"),
    [
        ("utf-8", ",", ""),
        ("utf-8-sig", ",", ""),
        ("cp1252", ";", "Windows-1252"),
        ("utf-16", "\t", "UTF-16"),
        ("utf-16-le", ",", "UTF-16"),
        ("utf-8", "|", "bars"),
    ],
)
def test_any_usual_encoding_and_separator_is_read(imported, tmp_path, encoding, separator, remark):
    found = imported("idmc", s.write_csv(tmp_path / "gidd.csv", GRID, separator, encoding))
    assert found.scenario.disasters["iso3"].iloc[-1] == "CIV"
    assert remark in " ".join(found.report.remarks)


def test_a_workbook_named_csv_and_a_csv_named_xlsx_are_read(imported, tmp_path):
    s.write_xlsx(tmp_path / "a.xlsx", {"x": GRID}).rename(tmp_path / "a.csv")
    s.write_csv(tmp_path / "b.csv", GRID).rename(tmp_path / "b.xlsx")
    for name in ("a.csv", "b.xlsx"):
        assert imported("idmc", tmp_path / name).report.counts()["read"] == 1


def test_an_empty_file_is_told(base, tmp_path):
    for data in (b"", b"  \n"):
        (tmp_path / "e.csv").write_bytes(data)
        assert "is empty" in error_of(base, "emdat", tmp_path / "e.csv")


def test_a_password_is_told(base, tmp_path):
    (tmp_path / "p.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(99)
    )
    assert "protected by a password" in error_of(base, "emdat", tmp_path / "p.xlsx")


def test_a_damaged_workbook_is_told(base, tmp_path):
    whole = s.write_xlsx(tmp_path / "w.xlsx", {"x": GRID}).read_bytes()
    for data in (whole[: len(whole) // 2], b"PK\x03\x04 and nothing", b"\xd0\xcf\x11\xe0" + b"x" * 2000):
        (tmp_path / "d.xlsx").write_bytes(data)
        assert "damaged" in error_of(base, "emdat", tmp_path / "d.xlsx")


def test_an_archive_that_is_no_workbook_is_told(base, tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("table.csv", "a,b\n1,2\n")
    (tmp_path / "z.xlsx").write_bytes(data.getvalue())
    assert "table.csv" in error_of(base, "emdat", tmp_path / "z.xlsx")


def test_a_sheet_that_reaches_to_the_end_of_the_world_is_refused(base, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "far.xlsx")) as book:
        book.add_worksheet().write(1048575, 16383, 1)
    assert "delete the empty rows" in error_of(base, "emdat", tmp_path / "far.xlsx")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<html><body>Sign in</body></html>", "web page"),
        ('{"results": [', "not valid JSON"),
        ('{"a": "\\ud800"', "not valid JSON"),
        ("[" * 100_000, "nested"),
        ('"open quote\n' + "x," * 70_000, "never closed"),
        ("just one word", "no header"),
        ("3", "no header"),
    ],
)
def test_a_file_that_is_no_table_is_told(base, tmp_path, text, told):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    assert told in error_of(base, "emdat", tmp_path / "x.csv")


def test_a_wrong_layout_says_what_is_missing_and_what_it_looks_like(base, tmp_path):
    message = error_of(base, "emdat", s.write_csv(tmp_path / "g.csv", GRID))
    assert "column DisNo." in message
    assert "prepos import idmc" in message
    message = error_of(base, "idmc", s.write_csv(tmp_path / "x.csv", [["Warehouse", "Tents"], ["NBO", 3]]))
    assert "prepos import generic" in message


def test_a_missing_file_and_a_folder_are_told(base, tmp_path):
    s.write_csv(tmp_path / "gidd.csv", GRID)
    with pytest.raises(UsageError, match=r"did you mean 'gidd\.csv'"):
        import_file("idmc", tmp_path / "gid.csv", base)
    with pytest.raises(UsageError, match="is a folder"):
        import_file("idmc", tmp_path, base)
    with pytest.raises(UsageError, match="did you mean 'emdat'"):
        import_file("emdta", tmp_path / "gidd.csv", base)


def test_merged_cells_give_their_value_to_every_row(imported, tmp_path):
    rows = [s.gidd(str(n), **{"ISO3": "MOZ" if n == 1 else ""}) for n in (1, 2, 3)]
    for row in rows:
        row["Country / Territory"] = ""
    path = s.write_xlsx(tmp_path / "m.xlsx", {"x": s.lines(s.GIDD, rows)}, {"x": ["A2:A4"]})
    found = imported("idmc", path)
    assert (found.scenario.disasters["iso3"] == "MOZ").sum() == 3
    assert said(found, "changed").count("merged cells; the first one's value taken") == 2


def test_a_header_merged_over_two_rows_is_read(imported, tmp_path):
    grid = [["Warehouse", "Family", "", "Stock"], ["", "item", "owner", ""], ["Nairobi", "tent", "IOM", 5]]
    path = s.write_xlsx(tmp_path / "h.xlsx", {"x": grid}, {"x": ["B1:C1"]})
    found = imported("generic", path, table="stock")
    assert found.scenario.stock["quantity"].tolist() == [5]
    assert found.scenario.stock["hub"].tolist() == ["NBO"]


def test_rows_that_are_no_data_are_left_out_with_the_reason(imported, tmp_path):
    row = s.gidd("1")
    grid = s.lines(s.GIDD, [row, row, s.gidd("2")])
    grid += [["Total", "", "", "", "", 99], [""] * 13, [*grid[1], "one", "more"]]
    found = imported("idmc", s.write_csv(tmp_path / "g.csv", grid))
    assert found.report.counts()["rows"] == 5
    assert sorted(said(found, "left out")) == [
        "a row of totals, not data",
        "more cells than the 13 columns of the header: cells may stand in the wrong column",
        "the same cells as an earlier row",
    ]
    assert "1 blank rows skipped" in found.report.remarks


def test_day_and_month_order_is_told_from_the_column(imported_rows):
    rows = [
        s.gidd("1", **{"Date of Event (start)": "03/04/2031"}),
        s.gidd("2", **{"Date of Event (start)": "25/12/2031"}),
    ]
    dates = imported_rows("idmc", s.GIDD, rows).scenario.disasters["date"].tolist()[-2:]
    assert dates == ["2031-04-03", "2031-12-25"]
    rows[1]["Date of Event (start)"] = "12/25/2031"
    assert imported_rows("idmc", s.GIDD, rows).scenario.disasters["date"].tolist()[-2] == "2031-03-04"
    found = imported_rows("idmc", s.GIDD, rows[:1])
    assert any("day first is taken" in why for why in said(found, "guessed"))


def test_dates_as_serial_numbers_are_read(imported_rows):
    found = imported_rows("idmc", s.GIDD, [s.gidd("1", **{"Date of Event (start)": 47890})])
    assert found.scenario.disasters["date"].iloc[-1] == "2031-02-11"
    assert "spreadsheet serial number of a day" in said(found, "changed")
