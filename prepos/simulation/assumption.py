"""What an assumption is: kind, unit, bounds, meaning and basis, and the field of a dataclass that declares one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from prepos.data.suggest import nearest

Kind = Literal["whole number", "number", "yes or no", "name", "list of numbers"]

DESIGN = "a choice of the study, not a fact"
"""Basis of options that say how the study is done, not how the world is."""


@dataclass(frozen=True)
class Assumption:
    """What an option may be, what it means and how it is known.

    Parameters
    ----------
    kind
        What kind of value it takes.
    unit
        Unit of the value.
    meaning, basis
        What it does, and where its default comes from ("illustrative": no source gives it).
    low, high, above
        Bounds: smallest, largest, and strictly smaller than any value.
    choices
        Names that it may take.
    optional
        True where None is a value ("no limit", "as many as there are").
    """

    kind: Kind
    unit: str
    meaning: str
    basis: str
    low: float = -math.inf
    high: float = math.inf
    above: float = -math.inf
    choices: tuple[str, ...] = ()
    optional: bool = False

    def fault(self, value: object) -> str:
        """Return what would be right, or "" where the value is possible."""
        if value is None and self.optional:
            return ""
        if self.choices:
            known = f"give one of {', '.join(self.choices)}"
            return "" if value in self.choices else known + nearest(str(value), self.choices)
        if self.kind == "yes or no":
            return "" if isinstance(value, bool) else "give true or false"
        if self.kind == "list of numbers":
            possible = isinstance(value, tuple) and len(value) > 0 and all(self._holds(each) for each in value)
            return "" if possible else f"give a list, {self._range()} each"
        return "" if self._holds(value) else f"give {self._range()}"

    def _holds(self, value: object) -> bool:
        types = (int,) if self.kind == "whole number" else (int, float)
        if isinstance(value, bool) or not isinstance(value, types) or math.isnan(value):
            return False
        return self.low <= value <= self.high and value > self.above

    def _range(self) -> str:
        number = "a whole number" if self.kind == "whole number" else "a number"
        if math.isfinite(self.above):
            number += f" above {self.above:g}"
        if math.isfinite(self.low):
            number += f" of {self.low:g} or more" if math.isinf(self.high) else f" from {self.low:g} to {self.high:g}"
        return number


def option(kind: Kind, default: object, unit: str, meaning: str, basis: str = "illustrative", **bounds: Any) -> Any:
    """Declare an assumption of any kind."""
    return field(default=default, metadata={"assumption": Assumption(kind, unit, meaning, basis, **bounds)})


def whole(default: int | None, unit: str, meaning: str, basis: str = "illustrative", **bounds: Any) -> Any:
    """Declare a whole number."""
    return option("whole number", default, unit, meaning, basis, **bounds)


def number(default: float | None, unit: str, meaning: str, basis: str = "illustrative", **bounds: Any) -> Any:
    """Declare a number, 0 or more unless told otherwise."""
    return option("number", default, unit, meaning, basis, **{"low": 0.0, **bounds})


def numbers(default: tuple[float, ...], unit: str, meaning: str, basis: str, **bounds: Any) -> Any:
    """Declare a list of numbers, each 0 or more unless told otherwise."""
    return option("list of numbers", default, unit, meaning, basis, **{"low": 0.0, **bounds})


def choice(default: str, meaning: str, choices: Mapping[str, object]) -> Any:
    """Declare a choice from a table of functions."""
    return option("name", default, "", meaning, DESIGN, choices=tuple(choices))
