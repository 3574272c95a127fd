"""Files that are no workbook, or no longer one: told in a sentence, with the way out."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from prepos.data.workbook.read import read_workbook
from prepos.errors import DataError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def told(path):
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    (problem,) = caught.value.problems
    assert problem.table in (path.name, "sheet scenario")
    return problem.message


def archive(**parts):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as writer:
        for name, text in parts.items():
            writer.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return found.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"is empty \(0 bytes\); take an earlier copy"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), r"is protected by a password; save a copy without one"),
        (OLE + "Workbook".encode("utf-16-le"), r"is an old Excel file \(\.xls\).*save it as 'Excel workbook"),
        (archive(xl__workbook_dot_bin="x"), r"is an Excel binary workbook \(\.xlsb\); open it in"),
        (archive(content_dot_xml="x"), r"is an OpenDocument file \(\.ods\); open it"),
        (archive(word__document_dot_xml="x"), r"is a Word document; open it"),
        (archive(notes_dot_txt="x"), r"is a zip archive, not a workbook; open it"),
        (b"<html><table></table></html>", r"is a web page or XML with the name of a workbook; open it"),
        (b"hub,item\nA,tent\n", r"is not a workbook: it begins with b'hub,item'; if it is text, name it .csv"),
        (b"PK\x03\x04 cut off here", r"is damaged \(.*\); open it in a spreadsheet and .* an earlier copy"),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_told(tmp_path, content, message):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    assert re.match(message, told(path))


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path):
    assert told(tmp_path / "plan.xlsx") == "there is no such file"
    (tmp_path / "folder.xlsx").mkdir()
    assert told(tmp_path / "folder.xlsx") == "is a folder, not a workbook"


def test_a_file_that_may_not_be_opened_is_told(plain, monkeypatch):
    path = plain()

    def locked(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", locked)
    assert told(path) == "may not be opened; close it in other programs, or change its permissions"


def test_a_workbook_cut_off_anywhere_is_told(plain):
    path = plain()
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert told(path).startswith("is damaged")


def changed(path, part, change):
    """Rewrite one part of a workbook."""
    found = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name != part:
                new.writestr(name, xml)
            elif change is not None:
                new.writestr(name, change(xml))
    path.write_bytes(found.getvalue())
    return path


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/workbook.xml", None),
        ("xl/workbook.xml", lambda xml: xml[:-30]),
        ("xl/worksheets/sheet2.xml", None),
        ("xl/worksheets/sheet2.xml", lambda xml: xml[:-40]),
        ("xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'r="A2"', b'r="2A!"')),
        ("xl/sharedStrings.xml", lambda xml: xml[:-20]),
        ("xl/sharedStrings.xml", lambda xml: b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'/>"),
        ("xl/styles.xml", lambda xml: xml.replace(b"<fills", b"<pills").replace(b"</fills", b"</pills")[:-9]),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/", b"nowhere/")),
        ("_rels/.rels", None),
    ],
)  # fmt: skip
def test_a_workbook_with_a_broken_part_is_told(filled, part, change):
    message = told(changed(filled(), part, change))
    assert message.startswith(("is damaged", "cannot be read", "holds no sheet"))
    assert "save it as 'Excel workbook (.xlsx)'" in message


def test_strict_open_xml_is_told(plain):
    def strict(xml):
        return xml.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )

    assert "it is saved as 'Strict Open XML'" in told(changed(plain(), "xl/workbook.xml", strict))


def test_a_workbook_with_only_other_peoples_sheets_is_told_what_it_lacks(plain):
    path = plain(**dict.fromkeys(("scenario", "hubs", "items", "stock", "lanes", "outcomes", "needs")), mine=[["a"]])
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    assert [problem.table for problem in caught.value.problems] == [
        "sheet scenario", "sheet hubs", "sheet items", "sheet disasters",
    ]  # fmt: skip
