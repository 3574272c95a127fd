"""What a user may ask of an import besides the kind and the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from prepos.data.importers.hazards import CODES
from prepos.data.importers.values import day_of
from prepos.data.suggest import nearest
from prepos.errors import UsageError

PREFER = ("old", "new", "larger")
FIRST_ROUND = ("base", "all")


@dataclass(frozen=True)
class Options:
    """Choices of an import; every default is stated in the report.

    Parameters
    ----------
    prefer
        Whose figure stands where two sources disagree: the one in the table, the file's, or the larger.
    since, until
        Days (ISO) outside of which disasters are left out.
    countries, hazards
        ISO3 and hazard codes outside of which disasters are left out; empty: all.
    min_people
        Disasters with fewer people in need are left out.
    share_of_affected
        People in need for one person affected, where no one counted the displaced; None: the default share, and no
        need from slow disasters (drought, epidemic, heat and cold).
    need_if_unknown
        People in need of a disaster that no figure is known for; None: it is left out.
    household_size
        People in a household, where a source counts households; 0: as the scenario says.
    first_round
        IOM DTM: whether the first round is only the base of the first difference, or counts as new displacement.
    table, mapping
        Generic: table that the rows belong to; mapping file of an earlier import.
    stock
        ESUPS: name of the inventory file.
    """

    prefer: Literal["old", "new", "larger"] = "old"
    since: str = ""
    until: str = ""
    countries: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    min_people: float = 0.0
    share_of_affected: float | None = None
    need_if_unknown: float | None = None
    household_size: float = 0.0
    first_round: Literal["base", "all"] = "base"
    table: str = "disasters"
    mapping: Path | None = None
    stock: str = "actual"

    def __post_init__(self) -> None:
        """Refuse choices that mean nothing, naming those that do."""
        _one_of("--prefer", self.prefer, PREFER)
        _one_of("--first-round", self.first_round, FIRST_ROUND)
        for name, text in (("--from", self.since), ("--to", self.until)):
            if text and day_of(text).text != text:
                raise UsageError(f"{name} {text}: is not a day; write it as YYYY-MM-DD")
        for code in self.hazards:
            _one_of("--hazard", code, tuple(sorted(CODES)))
        share = self.share_of_affected
        if share is not None and not 0 <= share <= 1:
            raise UsageError(f"--share-of-affected {share:g}: is outside 0 to 1")


def _one_of(option: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise UsageError(f"{option} {given}: is not one of {', '.join(known)}{nearest(given, known)}")
