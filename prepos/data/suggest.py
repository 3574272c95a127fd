"""Names in messages: how a text is shown, and which known name it was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that `name` was probably meant to be, or None where nothing is near.

    Case, spaces, hyphens and underscores do not count; a name that begins like a known one (``latitude``, ``lat``)
    is near as well.

    Parameters
    ----------
    name
        What was found.
    known
        What could have stood there.
    cutoff
        Likeness (`difflib` ratio, 0..1) from which a name counts as near.
    """
    wanted = plain_name(name)
    by_plain: dict[str, str] = {}
    for candidate in known:
        if candidate:
            by_plain.setdefault(plain_name(candidate), candidate)
    if not wanted:
        return None
    alike = difflib.get_close_matches(wanted, by_plain, n=1, cutoff=cutoff)
    if not alike:
        alike = [plain for plain in by_plain if _begins_alike(wanted, plain)][:1]
    return by_plain[alike[0]] if alike else None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'Penama'?)"``, or ``""`` where no known name is near."""
    match = closest(name, known)
    return f" (did you mean '{match}'?)" if match is not None else ""


def shown(text: str, most: int = 60) -> str:
    """Return a text between quotes, on one line and not too long, as a message shows it."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"'{line}'" if len(line) <= most else f"'{line[: most - 3]}...'"


def plain_name(name: str) -> str:
    """Return a name without case, spaces and marks: what two spellings of it share."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _begins_alike(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) >= 3 and long.startswith(short)
