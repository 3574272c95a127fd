"""One cell of a workbook as the text that a CSV file would hold."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from openpyxl.utils.datetime import from_excel

from prepos.data.write import number_text

SERIAL = re.compile(r"[2-7][0-9]{4}(\.[0-9]+)?")
"""A number that stands for a day from 1954 to 2119."""

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # how a workbook writes a character that XML cannot hold


def cell_text(value: Any) -> str:
    """Return the text of a cell's value: numbers as short as they can be, days as YYYY-MM-DD, nothing as ``""``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return ESCAPED.sub(_letter, value) if "_x" in value else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def day_of(number: float, epoch: datetime) -> str:
    """Return the day that a date serial stands for, its time of the day left out."""
    found = from_excel(int(number), epoch)
    return found.date().isoformat() if isinstance(found, datetime) else ""


def _letter(escaped: re.Match[str]) -> str:
    code = int(escaped[1], 16)
    return escaped[0] if 0xD800 <= code < 0xE000 else chr(code)
