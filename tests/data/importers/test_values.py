from __future__ import annotations

import datetime
import math

import pytest

from prepos.data.importers.countries import countries, country_of
from prepos.data.importers.disasters import glides_in
from prepos.data.importers.hazards import alike, hazard_of
from prepos.data.importers.values import day_of, degrees_of, number_of, text_of


@pytest.mark.parametrize(
    ("cell", "figure", "what"),
    [
        (1200, 1200, ""),
        ("1200", 1200, ""),
        ("1,200", 1200, "changed"),
        ("1.200", 1200, "guessed"),
        ("1 200 000", 1.2e6, "changed"),
        ("1'200", 1200, "changed"),
        ("1.200.000,5", 1200000.5, "changed"),
        ("n/a", math.nan, "changed"),
        ("-", math.nan, "changed"),
        ("<5", 5, "guessed"),
        (">1,000", 1000, "guessed"),
        ("about 300", 300, "guessed"),
        ("5000+", 5000, "guessed"),
        ("1,000 - 2,000", 1500, "guessed"),
        ("1.2 million", 1.2e6, "guessed"),
        ("3 lakh", 3e5, "guessed"),
        ("hundreds", math.nan, "warning"),
        ("-5", math.nan, "warning"),
        (True, math.nan, "warning"),
        (datetime.date(2031, 1, 2), math.nan, "warning"),
        (10**400, math.nan, "warning"),
        (None, math.nan, ""),
    ],
)
def test_a_count_of_people_is_read_and_what_was_done_is_said(cell, figure, what):
    value = number_of(cell, whole=True)
    assert value.number == pytest.approx(figure, nan_ok=True)
    assert value.what == what
    assert bool(value.why) == bool(what)


def test_a_comma_in_a_measure_is_a_guess():
    assert number_of("1,234").what == "guessed"
    assert number_of("1.234").number == 1.234
    assert number_of("12,5").number == 12.5


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("38.00 N", 38), ("17.5S", -17.5), ("168,2", 168.2), ("4\u00b030' S", -4.5), (-3.2, -3.2), ("east", math.nan)],
)
def test_degrees_are_read_with_their_side(cell, degrees):
    assert degrees_of(cell).number == pytest.approx(degrees, nan_ok=True)


@pytest.mark.parametrize(
    ("cell", "day", "what"),
    [
        ("2031-02-11", "2031-02-11", ""),
        ("2031-02-11T05:06:07Z", "2031-02-11", ""),
        (datetime.datetime(2031, 2, 11, 5), "2031-02-11", ""),
        (47890, "2031-02-11", "changed"),
        ("47890.25", "2031-02-11", "changed"),
        ("11 Feb 2031", "2031-02-11", "changed"),
        ("25/12/2031", "2031-12-25", "changed"),
        ("03/04/2031", "2031-04-03", "guessed"),
        (2031, "2031-01-01", "guessed"),
        ("2031-02-30", "", "warning"),
        ("soon", "", "warning"),
        ("n/a", "", ""),
    ],
)
def test_a_day_is_read_in_any_usual_form(cell, day, what):
    found = day_of(cell)
    assert (found.text, found.what) == (day, what)


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Cabo Verde", "CPV"), ("Cape Verde", "CPV"), ("C\u00f4te d'Ivoire", "CIV"), ("COTE D\u2019IVOIRE", "CIV"),
        ("T\u00fcrkiye", "TUR"), ("Turkey", "TUR"), ("Syrian Arab Republic", "SYR"), ("Viet Nam", "VNM"),
        ("Vietnam", "VNM"),
        ("Phillipines", "PHL"), ("Congo (the Democratic Republic of the)", "COD"), ("DR Congo", "COD"),
        ("Congo", "COG"),
        ("NPL", "NPL"), ("npl", "NPL"), ("NA", "NAM"), ("XKX", "XKX"), ("AB9", "AB9"), ("SUN", "SUN"), ("Niger", "NER"),
        ("Nigeria", "NGA"), ("Guinea", "GIN"), ("Equatorial Guinea", "GNQ"), ("Dominica", "DMA"), ("Nowhereland", ""),
    ],
)  # fmt: skip
def test_country_names_become_iso_codes(text, iso3):
    assert country_of(text).iso3 == iso3


def test_an_ambiguous_or_misspelt_country_is_a_guess():
    assert country_of("Congo").what == "guessed"
    assert country_of("Phillipines").what in ("guessed", "changed")
    assert country_of("Madagascarr").what == "guessed"
    assert country_of("Nowhereland").what == "warning"
    assert len(countries()) > 250


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Typhoon/Hurricane/Cyclone", "TC"), ("Tropical cyclone", "TC"), ("Flash flood", "FF"),
        ("Riverine flood", "FL"),
        ("Storm surge", "SS"), ("Ground movement", "EQ"), ("Tsunami", "TS"), ("Volcanic activity", "VO"),
        ("Mass Movement", "LS"), ("Severe winter conditions", "CW"), ("Heat wave", "HT"), ("Drought", "DR"),
        ("Viral disease", "EP"), ("Transport accident", "AC"), ("Forest fire", "WF"), ("EQ", "EQ"), ("?", ""),
    ],
)  # fmt: skip
def test_hazard_words_become_glide_codes(words, code):
    assert hazard_of(words) == code


def test_hazards_of_one_family_can_be_one_disaster():
    assert alike("FL", "FF")
    assert alike("TC", "ST")
    assert not alike("FL", "EQ")
    assert not alike("", "")


def test_glide_numbers_are_found_in_any_text():
    assert glides_in("GLIDE:fl-2016-64-chn; LS-2016-000065") == ("FL-2016-000064-CHN", "LS-2016-000065")
    assert glides_in("0") == ()


def test_a_text_is_one_clean_line():
    assert text_of(" a\n b\u2028c ") == "a b c"
    assert text_of(3.0) == "3"
    assert text_of("\ud800") == "?"
    assert text_of(["x", None, 2]) == "x; 2"
