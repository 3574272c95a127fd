"""From the country of a foreign file to its ISO 3166-1 code, and where the country lies.

Names, codes and the place of a capital or largest city: `countries.csv` beside this file.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from prepos.data.suggest import closest

NEAR = 0.87  # likeness from which a misspelt name is taken for a country
_OTHERS = {"congo": "COD", "korea": "PRK"}


@dataclass(frozen=True, slots=True)
class Country:
    """A country: code, name, and a city that can stand in for a place that is not given."""

    iso3: str
    name: str
    city: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Match:
    """What a text was taken for; `iso3` is empty where it was taken for nothing."""

    iso3: str
    what: Literal["", "changed", "guessed", "warning"] = ""
    why: str = ""


@functools.cache
def countries() -> dict[str, Country]:
    """Return every country by its code, former states among them."""
    return {
        row["iso3"]: Country(
            row["iso3"], row["name"], row["city"], float(row["lat"] or "nan"), float(row["lon"] or "nan")
        )
        for row in _rows()
    }


@functools.cache
def country_of(text: str) -> Match:
    """Return the country that a text means: a code of three or two letters, a name, or a name nearly right."""
    text = text.strip()
    if not text:
        return Match("")
    if text in countries():
        return Match(text)
    plain = _plain(text)
    code = _names().get(plain)
    if code is not None:
        other = _OTHERS.get(plain)
        if other:
            return Match(code, "guessed", f"'{text}' could also be {other}; {code} is taken")
        return Match(code, "changed", "country name to its ISO code" if len(plain) > 3 else "country code in ISO form")
    if re.fullmatch("[A-Z]{3}", text):
        return Match(text, "warning", f"'{text}' is not a known country code; kept as it stands")
    near = closest(text, _spelt(), cutoff=NEAR) if len(plain) > 4 else None
    if near is not None:
        return Match(_spelt()[near], "guessed", f"country name misspelt; taken for {near}")
    return Match("", "warning", "the country is not known; left empty")


@functools.cache
def _names() -> dict[str, str]:
    """Return plain name or code -> ISO3; a country's own name wins over another's alias."""
    names: dict[str, str] = {}
    rows = _rows()
    for field in ("iso3", "name", "iso2"):
        for row in rows:
            names.setdefault(_plain(row[field]), row["iso3"])
    for row in rows:
        for alias in row["aliases"].split(";"):
            names.setdefault(_plain(alias), row["iso3"])
    names.pop("", None)
    return names


@functools.cache
def _spelt() -> dict[str, str]:
    return {name: row["iso3"] for row in _rows() for name in (row["name"], *row["aliases"].split(";")) if len(name) > 4}


@functools.cache
def _rows() -> list[dict[str, str]]:
    text = files("prepos.data.importers").joinpath("countries.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _plain(name: str) -> str:
    """Return a name without case, accents, articles and marks."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    return "".join(word for word in words if word not in ("the", "of", "and"))
