"""What is wrong with one cell, and what to write instead.

Called only for cells that failed the fast checks of `prepos.data.typed`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from prepos.data.suggest import shown
from prepos.data.tables import Column

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
UNKNOWN = {
    "n/a", "na", "n.a.", "n.a", "nan", "null", "none", "nil", "-", "--", "\u2013", "\u2014", "?", "??", "unknown",
    "tbd", "tbc", "x", "inf", "+inf", "-inf", "infinity", "-infinity", "unlimited",
}  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def explain_number(text: str, column: Column) -> str:
    """Return what is wrong with a text that should be a finite number, and the way out."""
    if NUMBER.fullmatch(text):
        return f"{shown(text)} is too large for a number"
    empty = "a figure is needed here" if column.required else _leave_empty(column)
    if text.casefold() in UNKNOWN:
        return f"{shown(text)} is not a number; {empty}"
    if text.startswith("#"):
        return f"{shown(text)} is an error of the spreadsheet; {empty}"
    percent = plain_number(text.removesuffix("%")) if text.endswith("%") else None
    if percent is not None:
        share = f"{float(percent) / 100:.10g}"
        choice = share if column.high == 1 else f"{percent}, or {share} for a share"
        return f"{shown(text)} is not a number; write {choice}"
    return _explain_separators(text) or _explain_unit(text, column) or f"{shown(text)} is not a number; {empty}"


def _leave_empty(column: Column) -> str:
    meaning = f" ({column.default})" if column.default else ""
    return f"leave the cell empty where the figure is unknown{meaning}"


def _explain_separators(text: str) -> str:
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text):
        plain, decimal = text.replace(",", ""), text.replace(",", ".")
        return f"{shown(text)} has a comma; write {plain}, or {decimal} if the comma was a decimal one"
    if re.fullmatch(r"[+-]?[0-9]*,[0-9]+", text):
        return f"{shown(text)} has a decimal comma; write {text.replace(',', '.')}"
    joined = plain_number(text)
    if joined is None:
        return ""
    kind = "a long minus sign" if "\u2212" in text else "thousands separators"
    return f"{shown(text)} has {kind}; write {joined}"


def _explain_unit(text: str, column: Column) -> str:
    found = re.fullmatch(r"([^\d.,+-]*)([+-]?[\d.,]*\d)\s*([^\d.,].*)?", text)
    if found is None or not (found[1] or found[3]):
        return ""
    plain = plain_number(found[2])
    if plain is None or re.search(r"\d", (found[3] or "").replace("m3", "").replace("m2", "")):
        return ""
    unit = f" (the column is in {column.unit})" if column.unit else ""
    return f"{shown(text)} is not a bare number; write {plain}{unit}"


def plain_number(text: str) -> str | None:
    """Return the number with its thousands separators left out, or None where it is not one."""
    text = re.sub(r"[\s'\u2019_]", "", text.strip()).replace("\u2212", "-")
    if NUMBER.fullmatch(text):
        return text
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        return text.replace(",", "")
    if re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", text):
        return text.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return text.replace(",", ".")
    return None


def explain_bounds(text: str, column: Column) -> str:
    """Return what is wrong with a number outside the bounds of its column."""
    what = column.meaning if not column.unit else f"{column.meaning}, {column.unit}"
    if column.above is not None:
        return f"{text} is not above {column.above:g} ({what})"
    if column.low is not None and column.high is not None:
        return f"{text} is outside {column.low:g} to {column.high:g} ({what}){_share_hint(text, column)}"
    if column.low == 0:
        return f"{text} is negative; it must be 0 or more ({what})"
    if column.low is not None:
        return f"{text} is less than {column.low:g} ({what})"
    return f"{text} is more than {column.high:g} ({what})"


def _share_hint(text: str, column: Column) -> str:
    percent = float(text)
    if column.low == 0 and column.high == 1 and 1 < percent <= 100:
        return f"; write {percent / 100:.10g} for {percent:g} %"
    return ""


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar written YYYY-MM-DD."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return found is not None and _day(int(found[1]), int(found[2]), int(found[3])) is not None


def explain_date(text: str) -> str:
    """Return what is wrong with a text that should be a date, with the date that was meant where there is no doubt."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f"{shown(text)} is not a day of the calendar"
    meant = days_meant(text)
    if not meant:
        return f"{shown(text)} is not a date; write it as YYYY-MM-DD"
    return f"{shown(text)} is not a date as YYYY-MM-DD; write {' or '.join(day.isoformat() for day in meant)}"


def days_meant(text: str) -> list[date]:
    """Return the days that a text can stand for: none, one, or two where day and month can be swapped."""
    if re.fullmatch(r"[2-6][0-9]{4}", text):
        return [date(1899, 12, 30) + timedelta(days=int(text))]
    if found := re.match(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[T ].*)?$", text):
        return _days((int(found[1]), int(found[2]), int(found[3])))
    if found := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})", text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _days((year, int(found[2]), int(found[1])), (year, int(found[1]), int(found[2])))
    if found := re.fullmatch(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -]([0-9]{4})", text):
        return _named_month(found[2], int(found[1]), int(found[3]))
    if found := re.fullmatch(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})", text):
        return _named_month(found[1], int(found[2]), int(found[3]))
    return []


def _named_month(name: str, day: int, year: int) -> list[date]:
    short = name[:3].casefold()
    return _days((year, MONTHS.index(short) + 1, day)) if short in MONTHS else []


def _days(*candidates: tuple[int, int, int]) -> list[date]:
    return list(dict.fromkeys(day for candidate in candidates if (day := _day(*candidate)) is not None))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
