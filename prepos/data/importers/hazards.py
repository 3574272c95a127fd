"""From the words that sources use for a hazard to GLIDE codes."""

from __future__ import annotations

import functools
import re

# First match wins, so the narrower word stands before the wider one.
WORDS: tuple[tuple[str, str], ...] = (
    ("FF", r"flash flood"),
    ("SS", r"storm surge|coastal flood"),
    ("TS", r"tsunami"),
    ("FL", r"flood|inundation|dam (release|break|failure)|rainy season|heavy rain|rain"),
    ("TC", r"cyclon|hurricane|typhoon|tropical (storm|depression)"),
    ("TO", r"tornado"),
    ("CW", r"cold wave|cold spell|winter|snow|blizzard|severe winter"),
    ("HT", r"heat"),
    ("AV", r"avalanche"),
    ("ST", r"storm|hail|lightning|wind|derecho|convective"),
    ("EQ", r"earthquake|seismic|ground movement|ground shaking"),
    ("VO", r"volcan|lava|ash ?fall|lahar|pyroclastic"),
    ("LS", r"landslide|mass movement|mudslide|mudflow|rockfall|rock fall|subsidence|sinkhole|slide|erosion"),
    ("DR", r"drought|desertification"),
    ("WF", r"wild ?fire|forest fire|bush ?fire|land fire"),
    ("ET", r"extreme temperature"),
    ("WV", r"wave action|rogue wave"),
    ("SL", r"sea level rise"),
    ("EP", r"epidemic|viral disease|bacterial disease|parasitic disease|infectious|pandemic|cholera|ebola|measles"),
    ("IN", r"infestation|locust|insect"),
    ("CE", r"complex emergency|complex disaster|population movement|food insecurity"),
    ("CF", r"conflict|violence|civil unrest|war\b|armed"),
    ("AC", r"accident|technological|explosion|chemical|radiation|collapse|spill|poisoning|transport|industrial"),
    ("FR", r"fire"),
)

CODES = frozenset({code for code, _ in WORDS} | {"MS", "VW", "OT"})

# Codes that sources use for one and the same disaster.
FAMILIES = (
    frozenset({"FL", "FF", "SS"}),
    frozenset({"TC", "ST", "TO", "VW", "SS"}),
    frozenset({"EQ", "TS"}),
    frozenset({"LS", "MS", "AV", "SL"}),
    frozenset({"HT", "CW", "ET"}),
    frozenset({"CF", "CE"}),
)

# Hazards whose "affected" seldom need shelter and relief items.
SLOW = {"DR": "drought", "EP": "epidemic", "IN": "infestation", "HT": "heat", "CW": "cold", "ET": "extreme temperature"}


@functools.cache
def hazard_of(*texts: str) -> str:
    """Return the GLIDE code of the first text that says one, the narrowest first; ``""`` where none does."""
    for text in texts:
        if text.strip().upper() in CODES:
            return text.strip().upper()
        lowered = text.casefold()
        for code, words in WORDS:
            if re.search(words, lowered):
                return code
    return ""


@functools.cache
def alike(hazard: str, other: str) -> bool:
    """Tell whether two codes can stand for one disaster; an unknown hazard is like none."""
    if not hazard or not other:
        return False
    return hazard == other or any({hazard, other} <= family for family in FAMILIES)
