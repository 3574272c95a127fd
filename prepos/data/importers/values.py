"""One cell of a foreign file, read as a number, a day or a coordinate, with what had to be changed or guessed.

A cell comes as a spreadsheet or JSON gives it (text, number, date, truth value, nothing); nothing here raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from prepos.data.cells import NUMBER, UNKNOWN, days_meant, plain_number

Cell = object
Order = Literal["day first", "month first", "unknown"]

FIRST_SERIAL, LAST_SERIAL = 10_000, 80_000  # spreadsheet days of 1927 and 2119
MOST = 1e15  # larger figures are not people, kilograms or dollars

_SCALES = {
    "k": 1e3, "thousand": 1e3, "mille": 1e3, "lakh": 1e5, "lakhs": 1e5, "m": 1e6, "mn": 1e6, "million": 1e6,
    "millions": 1e6, "crore": 1e7, "bn": 1e9, "billion": 1e9,
}  # fmt: skip
_FIGURE = r"[+-]?[\d][\d.,'\u2019\s\u00a0\u202f_]*"
_BOUND = re.compile(rf"(<=?|>=?|\u2264|\u2265|less than|more than|over|under|at least|up to)\s*({_FIGURE})", re.I)
_ABOUT = re.compile(rf"(?:~|\u2248|approx(?:imately|\.)?|about|around|ca\.?|c\.|circa|est\.?)\s*({_FIGURE})", re.I)
_RANGE = re.compile(rf"({_FIGURE}?)\s*(?:-|\u2013|\u2014|to)\s*({_FIGURE})", re.I)
_SCALED = re.compile(rf"({_FIGURE})\s*([a-z]+)\.?", re.I)
_PLUS = re.compile(rf"({_FIGURE})\s*\+")
_SIDE = re.compile(r"(.+?)\s*\u00b0?\s*([NSEW])", re.I)
_DMS = re.compile(r"(\d+(?:\.\d+)?)\s*\u00b0\s*(\d+(?:\.\d+)?)?\s*['\u2032]?\s*(\d+(?:\.\d+)?)?\s*[\"\u2033]?")


@dataclass(frozen=True, slots=True)
class Value:
    """A figure read from a cell.

    Parameters
    ----------
    number
        NaN where there is none.
    what
        ``""`` where the cell said just this, ``"changed"`` where the same was written otherwise, ``"guessed"`` where
        more than one reading was possible, ``"warning"`` where nothing could be read.
    why
        What was done, in words.
    """

    number: float
    what: Literal["", "changed", "guessed", "warning"] = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day read from a cell, as ISO text; see `Value` for the rest."""

    text: str
    what: Literal["", "changed", "guessed", "warning"] = ""
    why: str = ""


NOTHING = Value(math.nan)
NO_DAY = Day("")


def text_of(cell: Cell) -> str:
    """Return a cell as text on one line, without outer spaces; a whole number without its ``.0``."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < MOST:
        return str(int(cell))
    if isinstance(cell, str):
        plain = cell if cell.isascii() else cell.encode("utf-8", "replace").decode("utf-8")
        return " ".join(plain.split())
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, list | tuple):
        return "; ".join(filter(None, map(text_of, cell)))
    return text_of(str(cell))


def number_of(cell: Cell, *, whole: bool = False) -> Value:
    """Return the figure of a cell, not negative.

    Parameters
    ----------
    cell
        What was found.
    whole
        The figure counts things or people, so that ``1.234`` and ``1,234`` mean one thousand.
    """
    value = _signed(cell, whole)
    if value.number < 0:
        return Value(math.nan, "warning", "a figure below 0; left empty")
    if abs(value.number) > MOST:
        return Value(math.nan, "warning", "too large for a figure; left empty")
    return value


def _signed(cell: Cell, whole: bool) -> Value:
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, bool):
        return Value(math.nan, "warning", "a truth value, not a figure; left empty")
    if isinstance(cell, int | float):
        return _native(cell)
    if isinstance(cell, datetime | date | time | timedelta):
        return Value(math.nan, "warning", "a date, not a figure; left empty")
    if isinstance(cell, list | dict | tuple):
        return Value(math.nan, "warning", "a list, not a figure; left empty")
    text = text_of(cell)
    if NUMBER.fullmatch(text) and not (whole and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text)):
        return _native(float(text))
    return NOTHING if not text else _from_words(text, whole)


def _native(figure: float) -> Value:
    try:
        found = float(figure)
    except OverflowError:
        found = math.inf
    return Value(found) if math.isfinite(found) else Value(math.nan, "warning", "not a finite figure; left empty")


def _from_words(text: str, whole: bool) -> Value:
    """Read a figure that is not just digits and a point."""
    if text.casefold() in UNKNOWN:
        return Value(math.nan, "changed", "stands for 'unknown'; left empty")
    figure = _plain(text, whole)
    if figure is not None:
        return figure
    if found := _BOUND.fullmatch(text):
        return _guess(found[2], whole, "a bound; the bound itself is taken")
    if found := _ABOUT.fullmatch(text) or _PLUS.fullmatch(text):
        return _guess(found[1], whole, "a rough figure; taken as it stands")
    if (found := _RANGE.fullmatch(text)) and found[1]:
        low, high = _signed(found[1].strip(), whole).number, _signed(found[2].strip(), whole).number
        if low <= high:
            return Value((low + high) / 2, "guessed", "a range; its middle is taken")
    if (found := _SCALED.fullmatch(text)) and found[2].casefold() in _SCALES:
        base = _signed(found[1].strip(), whole=False).number
        return Value(base * _SCALES[found[2].casefold()], "guessed", f"'{found[2]}' read as a multiple")
    return Value(math.nan, "warning", "no figure could be read; left empty")


def _plain(text: str, whole: bool) -> Value | None:
    """Read thousands separators and decimal commas."""
    if whole and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        joined = text.replace(",", "").replace(".", "")
        mark, certain = ("thousands separator left out", "," in text)
        return Value(float(joined), "changed" if certain else "guessed", mark)
    plain = plain_number(text)
    if plain is None:
        return None
    if not whole and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text):
        return Value(float(text.replace(",", "")), "guessed", "the comma could also be a decimal one")
    decimal = re.fullmatch(r"[+-]?\d+,\d+", text)
    return Value(float(plain), "changed", "decimal comma" if decimal else "thousands separators left out")


def _guess(text: str, whole: bool, why: str) -> Value:
    found = _signed(text.strip(), whole)
    return Value(found.number, "guessed", why) if math.isfinite(found.number) else _lost()


def _lost() -> Value:
    return Value(math.nan, "warning", "no figure could be read; left empty")


def degrees_of(cell: Cell) -> Value:
    """Return a latitude or longitude, negative in the south and west: ``38.00 N``, ``12,5``, ``4 deg 30'``."""
    if not isinstance(cell, str):
        return _signed(cell, whole=False)
    text = text_of(cell)
    side = _SIDE.fullmatch(text)
    body = side[1].strip() if side else text
    sign = -1.0 if side and side[2].upper() in "SW" else 1.0
    dms = _DMS.fullmatch(body)
    if dms:
        parts = [float(part or 0) for part in dms.groups()]
        return Value(sign * (parts[0] + parts[1] / 60 + parts[2] / 3600), "changed", "degrees, written as decimals")
    if re.fullmatch(r"[+-]?\d{1,3},\d+", body):
        return Value(sign * float(body.replace(",", ".")), "changed", "decimal comma")
    value = _signed(body, whole=False)
    return Value(sign * value.number, "changed", "compass letter to sign") if side and not value.what else value


def day_order(cells: Sequence[Cell]) -> Order:
    """Tell whether the texts of a column write the day or the month first, from those that leave no doubt."""
    first = second = 0
    for cell in cells:
        found = re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}", cell) if isinstance(cell, str) else None
        if found:
            first += int(found[1]) > 12
            second += int(found[2]) > 12
    if first and not second:
        return "day first"
    return "month first" if second and not first else "unknown"


def day_of(cell: Cell, order: Order = "unknown") -> Day:
    """Return the day of a cell as ISO text: dates, ISO texts with a time, serials, and the usual written forms."""
    if cell is None or cell == "":
        return NO_DAY
    if isinstance(cell, datetime):
        return Day(cell.date().isoformat())
    if isinstance(cell, date):
        return Day(cell.isoformat())
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(_native(cell).number)
    text = text_of(cell)
    if not text or text.casefold() in UNKNOWN:
        return NO_DAY
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ].*)?", text):
        return _iso(text)
    if re.fullmatch(r"\d{4,6}(\.\d+)?", text):
        return _serial(float(text))
    return _written(re.sub(r"[ T]\d{1,2}:\d{2}.*$", "", text), order)


def _iso(text: str) -> Day:
    meant = days_meant(text[:10])
    return Day(meant[0].isoformat()) if meant else Day("", "warning", "not a day of the calendar; left empty")


def _serial(figure: float) -> Day:
    if math.isfinite(figure) and FIRST_SERIAL <= figure <= LAST_SERIAL:
        day = date(1899, 12, 30) + timedelta(days=int(figure))
        return Day(day.isoformat(), "changed", "spreadsheet serial number of a day")
    if math.isfinite(figure) and 1900 <= figure <= 2100 and float(figure).is_integer():
        return Day(f"{int(figure)}-01-01", "guessed", "only the year is given; 1 January stands in")
    return Day("", "warning", "no day could be read; left empty")


def _written(text: str, order: Order) -> Day:
    meant = days_meant(text)
    if not meant:
        return Day("", "warning", "no day could be read; left empty")
    if len(meant) == 1 or meant[0] == meant[1]:
        return Day(meant[0].isoformat(), "changed", "written as YYYY-MM-DD")
    if order == "unknown":
        return Day(meant[0].isoformat(), "guessed", "day or month first cannot be told; day first is taken")
    return Day(meant[0 if order == "day first" else 1].isoformat(), "changed", f"written as YYYY-MM-DD, {order}")
