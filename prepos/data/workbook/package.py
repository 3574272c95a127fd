"""An `.xlsx` file as a zip of XML parts: opened, refused with the reason, written with some parts changed."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from prepos.errors import DataError, Problem

SPREADSHEETS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".numbers")
MOST_BYTES = 2_000_000_000  # of all parts, unpacked; a larger one would not fit into memory beside its tables

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "open it in a spreadsheet and save it as 'Excel workbook (.xlsx)'"
STRICT = "http://purl.oclc.org/ooxml"


@dataclass(frozen=True)
class Sheet:
    """A sheet with cells: its name, its part in the zip, and whether the user sees it."""

    name: str
    part: str
    hidden: bool = False


@dataclass(frozen=True)
class Package:
    """The parts of a workbook.

    Parameters
    ----------
    file
        Name of the file.
    content
        The file as it was read.
    parts
        Name in the zip -> bytes.
    main
        Name of the workbook's own part.
    sheets
        Sheets with cells, in their order; sheets that are charts are left out.
    """

    file: str
    content: bytes
    parts: Mapping[str, bytes]
    main: str
    sheets: tuple[Sheet, ...]


def is_spreadsheet(path: Path) -> bool:
    """Tell whether a name ends like one of a spreadsheet, readable here or not."""
    return path.suffix.lower() in SPREADSHEETS


def open_package(path: Path) -> Package:
    """Read the parts of a workbook.

    Raises
    ------
    DataError
        When the file is not there, is another kind of file, has a password, or is damaged.
    """
    content = _bytes(path)
    reason = _not_a_zip(content)
    if reason:
        raise _refusal(path, reason)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_other_kinds(path, archive)
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
        main = _main(parts)
        sheets = tuple(_sheets(parts, main))
    except (zipfile.BadZipFile, ElementTree.ParseError, EOFError, KeyError, ValueError, OSError, RuntimeError) as error:
        found = str(error).strip('"') or type(error).__name__
        raise _refusal(path, f"is damaged ({found}); {SAVE_AS}, or take an earlier copy") from None
    if not sheets:
        raise _refusal(path, f"holds no sheet with cells; {SAVE_AS}")
    return Package(path.name, content, parts, main, sheets)


def write_package(path: Path, package: Package, changed: Mapping[str, bytes]) -> None:
    """Write a workbook whose parts are those of a package but for the changed ones; new parts come last."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dict.fromkeys([*package.parts, *changed]):
            archive.writestr(name, changed.get(name, package.parts.get(name, b"")))


def rels_part(part: str) -> str:
    """Return the name of the part that holds the relations of another."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations(parts: Mapping[str, bytes], part: str) -> Iterator[tuple[str, str, str]]:
    """Give id, kind (the last word of its type) and target part of each relation inside the workbook."""
    rels = parts.get(rels_part(part))
    if rels is None:
        return
    for element in ElementTree.fromstring(rels):
        if element.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), element.get("Target", "")))
        yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target.lstrip("/")


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise _refusal(path, "is a folder, not a workbook")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _refusal(path, "there is no such file") from None
    except PermissionError:
        message = "may not be opened; close it in other programs, or change its permissions"
        raise _refusal(path, message) from None
    except OSError as error:
        raise _refusal(path, f"cannot be opened: {error.strerror or error}") from None


def _refusal(path: Path, message: str) -> DataError:
    return DataError(str(path), [Problem(path.name, message)])


def _not_a_zip(content: bytes) -> str:
    """Return why bytes cannot be a workbook; empty where they begin like one."""
    if not content:
        return "is empty (0 bytes); take an earlier copy"
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "is protected by a password; save a copy without one (File, Info, Protect Workbook, Encrypt)"
        return f"is an old Excel file (.xls) or another Office file; {SAVE_AS}"
    if content.startswith(b"PK\x03\x04"):
        return ""
    if content.lstrip()[:9].lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        return f"is a web page or XML with the name of a workbook; {SAVE_AS}"
    return f"is not a workbook: it begins with {content[:8]!r}; if it is text, name it .csv, else {SAVE_AS}"


def _refuse_other_kinds(path: Path, archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    kinds = {
        "xl/workbook.bin": "is an Excel binary workbook (.xlsb)",
        "content.xml": "is an OpenDocument file (.ods)",
        "word/document.xml": "is a Word document",
        "ppt/presentation.xml": "is a PowerPoint file",
        "Index/Document.iwa": "is an Apple Numbers file",
    }
    for name, kind in kinds.items():
        if name in names:
            raise _refusal(path, f"{kind}; {SAVE_AS}")
    if "[Content_Types].xml" not in names:
        raise _refusal(path, f"is a zip archive, not a workbook; {SAVE_AS}")
    if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
        raise _refusal(path, "unpacks to more than 2 GB; split it, or give a folder of CSV files")


def _main(parts: Mapping[str, bytes]) -> str:
    mains = [target for _, kind, target in relations(parts, "") if kind == "officeDocument"]
    if not mains or mains[0] not in parts:
        raise ValueError("no workbook part")
    if STRICT.encode() in parts[mains[0]]:
        raise ValueError("it is saved as 'Strict Open XML'")
    return mains[0]


def _sheets(parts: Mapping[str, bytes], main: str) -> Iterator[Sheet]:
    targets = {key: (kind, target) for key, kind, target in relations(parts, main)}
    for element in ElementTree.fromstring(parts[main]).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
        kind, target = targets.get(key, ("", ""))
        if kind == "worksheet":
            if target not in parts:
                raise ValueError(f"the sheet '{element.get('name')}' is missing")
            yield Sheet(element.get("name", ""), target, element.get("state", "visible") != "visible")
