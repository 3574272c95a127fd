"""One row of a source under reading: its cells as texts, people, days and places, every change noted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from prepos.data.distance import great_circle_km
from prepos.data.importers.countries import countries, country_of
from prepos.data.importers.layout import Extract, Record
from prepos.data.importers.options import Options
from prepos.data.importers.report import Report, What
from prepos.data.importers.values import Cell, Day, Order, Value, day_of, day_order, degrees_of, number_of, text_of

Precision = Literal["day", "month", "year", ""]

FAR_KM, CLOSE_KM = 4000.0, 1500.0  # a place is taken as swapped when it lies far, and swapped it lies close


class Row:
    """A row with the account that its reading goes into.

    Parameters
    ----------
    record
        Cells by our words.
    extract
        The table that it stands in.
    report
        Where changes are noted.
    orders
        Our word -> whether its texts write the day or the month first.
    options
        What the user asked for.
    """

    def __init__(
        self, record: Record, extract: Extract, report: Report, orders: Mapping[str, Order], options: Options
    ) -> None:
        self.id = record.id
        self.layout = extract.layout.name
        self.options = options
        self._cells = record.cells
        self._headers = extract.headers
        self._report = report
        self._orders = orders

    def has(self, word: str) -> bool:
        """Tell whether the table has this column."""
        return word in self._headers

    def cell(self, word: str) -> Cell:
        """Return the cell as it came; None where the table has no such column."""
        return self._cells.get(word)

    def text(self, *words: str) -> str:
        """Return the first of these cells that is not empty, as text."""
        for word in words:
            text = text_of(self._cells.get(word))
            if text:
                return text
        return ""

    def note(self, what: What, why: str, word: str = "", found: Cell = None, written: Cell = None) -> None:
        """Say something about this row, at the column of one of our words."""
        self._report.note(self.id, what, why, self._headers.get(word, word), found, written)

    def leave_out(self, why: str, word: str = "") -> None:
        """Account for this row as left out."""
        self._report.leave_out(self.id, why, self._headers.get(word, ""), self._cells.get(word))

    def people(self, word: str) -> float:
        """Return a count of people (or things), NaN where there is none."""
        return self._kept(number_of(self._cells.get(word), whole=True), word)

    def number(self, word: str) -> float:
        """Return a figure that is not negative, NaN where there is none."""
        return self._kept(number_of(self._cells.get(word)), word)

    def _kept(self, value: Value, word: str) -> float:
        if value.what:
            self.note(value.what, value.why, word, self._cells.get(word), _shown(value.number))
        return value.number

    def day(self, *words: str) -> str:
        """Return the first of these cells that holds a day, as ISO text."""
        for word in words:
            day = day_of(self._cells.get(word), self._orders.get(word, "unknown"))
            self._note_day(day, word)
            if day.text:
                return day.text
        return ""

    def _note_day(self, day: Day, word: str) -> None:
        if day.what:
            self.note(day.what, day.why, word, self._cells.get(word), day.text)

    def day_of_parts(self, year: str, month: str, day: str) -> tuple[str, Precision]:
        """Return a day from year, month and day columns; the first of the month or year stands in where they end."""
        y, m, d = (self._part(word) for word in (year, month, day))
        if y is None or not 1800 <= y <= 2200:
            return "", ""
        if m is None or not 1 <= m <= 12:
            self.note("guessed", "month is missing; 1 January stands in", month, self.cell(month), f"{y:04d}-01-01")
            return f"{y:04d}-01-01", "year"
        if d is None:
            self.note("guessed", "day is missing; the first of the month stands in", day, "", f"{y:04d}-{m:02d}-01")
            return f"{y:04d}-{m:02d}-01", "month"
        text = f"{y:04d}-{m:02d}-{d:02d}"
        if not day_of(text).text:
            self.note("guessed", "not a day of the calendar; the first of the month stands in", day, d, text[:8] + "01")
            return text[:8] + "01", "month"
        return text, "day"

    def _part(self, word: str) -> int | None:
        value = self.number(word)
        return None if math.isnan(value) or not value.is_integer() else int(value)

    def country(self, *words: str) -> str:
        """Return the ISO3 code that the first of these cells gives."""
        for word in words:
            found = text_of(self._cells.get(word))
            match = country_of(found)
            if match.iso3:
                if match.what:
                    self.note(match.what, match.why, word, found, match.iso3)
                return match.iso3
        lost = self.text(*words)
        if lost:
            self.note("warning", country_of(lost).why or "the country is not known; left empty", words[0], lost, "")
        return ""

    def place(self, lat: str, lon: str, iso3: str) -> tuple[float, float]:
        """Return latitude and longitude; swapped ones put right, impossible ones left empty, each noted."""
        y, x = (self._kept(degrees_of(self._cells.get(word)), word) for word in (lat, lon))
        found = f"{text_of(self.cell(lat))}, {text_of(self.cell(lon))}"
        if math.isnan(y) or math.isnan(x):
            if math.isnan(y) != math.isnan(x):
                self.note("warning", "only one of latitude and longitude is given; both left empty", lat, found, "")
            return math.nan, math.nan
        if y == 0 and x == 0:
            self.note("warning", "0, 0 is a point in the Atlantic; left empty", lat, found, "")
            return math.nan, math.nan
        if abs(y) > 90 and abs(y) <= 180 and abs(x) <= 90:
            self.note("changed", "latitude and longitude stood the wrong way round", lat, found, f"{x:g}, {y:g}")
            return x, y
        if abs(y) > 90 or abs(x) > 180:
            self.note("warning", "not a place on Earth; left empty", lat, found, "")
            return math.nan, math.nan
        return self._not_swapped(y, x, iso3, lat, found)

    def _not_swapped(self, y: float, x: float, iso3: str, word: str, found: str) -> tuple[float, float]:
        country = countries().get(iso3)
        if country is None or math.isnan(country.lat) or abs(x) > 90:
            return y, x
        if km(y, x, country.lat, country.lon) > FAR_KM and km(x, y, country.lat, country.lon) < CLOSE_KM:
            why = f"latitude and longitude swapped: as given the place is far from {country.name}"
            self.note("guessed", why, word, found, f"{x:g}, {y:g}")
            return x, y
        return y, x


def km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points."""
    return float(great_circle_km(lat, lon, other_lat, other_lon))


def orders_of(extract: Extract, words: Sequence[str]) -> dict[str, Order]:
    """Return for each date column whether its texts write the day or the month first."""
    return {word: day_order([record.cells.get(word) for record in extract.records]) for word in words}


def _shown(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.15g}"
