"""Draw the pictures of docs/excel.md: docs/excel-start.png, -checked.png, -problems.png.

python benchmarks/excel_pictures.py     needs LibreOffice (soffice) and poppler (pdftoppm)

The workbook is that of the bundled scenario of 2015; the checked copy is of the same with six cells made wrong.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import openpyxl

from prepos.data.workbook.annotate import annotate
from prepos.data.workbook.read import read_workbook
from prepos.data.workbook.write import write_workbook
from prepos.errors import DataError
from prepos.library import load_scenario

DOCS = Path(__file__).parents[1] / "docs"
MARGIN = 12  # pixels
WRONG = {
    "hubs": {"E3": "36,9", "F5": "opne"},
    "stock": {"C3": "1,200", "A7": "Nairobi", "C12": -2400, "B17": "tarpaulins"},
}
"""Sheet -> cell -> what a hurried hand may leave there."""


def main() -> None:
    missing = [program for program in ("soffice", "pdftoppm", "pdftotext") if shutil.which(program) is None]
    if missing:
        print(f"not drawn: {' and '.join(missing)} not found; install libreoffice-calc and poppler-utils")
        return
    with tempfile.TemporaryDirectory() as place:
        book = Path(place) / "my-plan.xlsx"
        write_workbook(load_scenario("iom-2015"), book)
        draw(printed(book), "How to fill it", "excel-start")
        copy = printed(shown(spoiled(book)))
        draw(copy, "-2400 is negative", "excel-checked", most=260)
        draw(copy, "suggested fix", "excel-problems")


def spoiled(book: Path) -> Path:
    """Return the checked copy of a workbook that was made wrong."""
    found = openpyxl.load_workbook(book)
    for sheet, cells in WRONG.items():
        for cell, value in cells.items():
            found[sheet][cell] = value
    for column in ("G", "H"):
        found["stock"].column_dimensions[column].width = 14  # room for the notes
    found.save(book)
    try:
        read_workbook(book)
    except DataError as error:
        print(error)
        return annotate(book, error.problems)
    raise AssertionError("nothing was found wrong")


def shown(book: Path) -> Path:
    """Return a workbook with the comments of the check in sight, as the pointer would show them."""
    found = book.with_name("shown.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(found, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".vml"):
                content = re.sub(
                    rb"<v:shape\b(?:(?!</v:shape>).)*<x:Row>[1-9].*?</v:shape>", in_sight, content, flags=re.S
                )
            new.writestr(name, content)
    return found


def in_sight(shape: re.Match[bytes]) -> bytes:
    text = shape[0].replace(b"visibility:hidden", b"visibility:visible")
    return text.replace(b"<x:AutoFill>", b"<x:Visible/><x:AutoFill>")


def printed(book: Path) -> Path:
    """Return a workbook as PDF."""
    folder = book.parent
    run = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf"]
    done = subprocess.run([*run, "--outdir", str(folder), str(book)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return book.with_suffix(".pdf")


def draw(pdf: Path, text: str, name: str, most: int | None = None) -> None:
    """Draw the first page that holds a text, without its margins and cut below `most` lines of pixels."""
    pages = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    number = next(n for n, page in enumerate(pages.split("\f"), start=1) if text in page)
    command = ["pdftoppm", "-r", "100", "-f", str(number), "-l", str(number), "-singlefile", str(pdf)]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    _, width, height, _ = (int(part) if part.isdigit() else 0 for part in raw.split(maxsplit=4)[:4])
    pixels = np.frombuffer(raw[-width * height * 3 :], dtype=np.uint8).reshape(height, width, 3)
    inked = (pixels < 250).any(axis=2)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    cut = pixels[top : rows[-1] + MARGIN, left : columns[-1] + MARGIN][:most]
    (DOCS / f"{name}.png").write_bytes(png(cut))


def png(pixels: np.ndarray) -> bytes:
    """Return a picture as PNG."""
    height, width, _ = pixels.shape
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    parts = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


if __name__ == "__main__":
    main()
