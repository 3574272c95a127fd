"""What we ask of a plan: the preferences of a planner, read from a TOML file in `models/`.

A model holds preferences only; what belongs to a place stays in the scenario.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from prepos.data.suggest import nearest
from prepos.errors import DataError, Problem

ObjectiveName = Literal["cost", "time", "coverage", "social"]


def _as_tuple(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Objective(_Section):
    """What is minimised; a list is lexicographic."""

    minimise: Annotated[tuple[ObjectiveName, ...], BeforeValidator(_as_tuple), Field(min_length=1)] = ("cost",)
    target_hours: float = Field(default=72.0, ge=0)


class Stock(_Section):
    """What may happen to the stock before any disaster."""

    mode: Literal["free", "fixed_total", "as_is"] = "free"
    integer: bool = True
    moves: Literal["free", "costed", "none"] = "free"
    forward: Literal["keep", "move"] = "keep"


class Budget(_Section):
    """Limit on first-stage spending (opening, purchases, moves, holding for the period); None: no limit."""

    usd: float | None = Field(default=None, ge=0)


class Hubs(_Section):
    """Which hubs may run; `choose = false` leaves them as they are, at no opening cost."""

    choose: bool = True
    min_open: int | None = Field(default=None, ge=0)
    max_open: int | None = Field(default=None, ge=0)
    force_open: Names = ()
    force_closed: Names = ()


class Modes(_Section):
    """Modes that may be used; None: every mode of the scenario."""

    allow: Annotated[Names | None, Field(min_length=1)] = None


class Risk(_Section):
    """How the outcomes are weighed: `weight` is that of the risk term against the expectation."""

    measure: Literal["expectation", "cvar", "worst_case", "regret"] = "expectation"
    alpha: float = Field(default=0.95, ge=0, lt=1)
    weight: float = Field(default=0.5, ge=0, le=1)


class Service(_Section):
    """Service that must be reached: in expectation (`min_coverage`) or with a `probability`."""

    within_hours: float = Field(default=72.0, ge=0)
    min_coverage: float | None = Field(default=None, ge=0, le=1)
    probability: float | None = Field(default=None, ge=0, le=1)
    by: Literal["item", "region", "all"] = "all"


class Shortage(_Section):
    """Overrides of `shortage_usd`: one price for every item, or a table item -> price."""

    usd_per_unit: float | Mapping[str, float] = Field(default_factory=dict)

    @field_validator("usd_per_unit", mode="plain")
    @classmethod
    def _prices(cls, value: object) -> object:
        prices = list(value.items()) if isinstance(value, Mapping) else [("", value)]
        wrong = [f"{price!r}{f' for {item}' if item else ''}" for item, price in prices if not _is_price(price)]
        if wrong:
            raise ValueError(f"found {', '.join(wrong)}: give USD, 0 or more, for every item or in a table item = USD")
        return value


def _is_price(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < math.inf


class Model(_Section):
    """A planning model: one file of `models/`.

    Every section has defaults that work; an unknown key is refused with the nearest known one.
    """

    name: str = ""
    title: str = ""
    question: str = ""
    reference: str = ""
    objective: Objective = Objective()
    stock: Stock = Stock()
    budget: Budget = Budget()
    hubs: Hubs = Hubs()
    modes: Modes = Modes()
    risk: Risk = Risk()
    service: Service = Service()
    shortage: Shortage = Shortage()

    @model_validator(mode="after")
    def _consistent(self) -> Model:
        found = []
        low, high = self.hubs.min_open, self.hubs.max_open
        if low is not None and high is not None and low > high:
            found.append(f"hubs.min_open = {low} is more than hubs.max_open = {high}")
        both = sorted(set(self.hubs.force_open) & set(self.hubs.force_closed))
        if both:
            found.append(f"hubs {', '.join(both)} stand in both force_open and force_closed")
        refused = {"expectation": set(), "regret": {"coverage", "time"}}.get(self.risk.measure, {"coverage"})
        found += [
            f"risk.measure = {self.risk.measure!r} is not defined for the objective {name!r}"
            for name in sorted(refused & set(self.objective.minimise))
        ]
        if found:
            raise ValueError("; ".join(found))
        return self


def load_model(path: Path | str, overrides: Mapping[str, object] | None = None) -> Model:
    """Read a model file.

    Parameters
    ----------
    path
        A TOML file.
    overrides
        Dotted key -> value put over the file's own, such as ``{"budget.usd": 2_000_000}``.

    Raises
    ------
    DataError
        When the file cannot be read or holds a key or a value that no model has; names all of them.
    """
    path = Path(path)
    content = _read_toml(path)
    for key, value in (overrides or {}).items():
        _put(content, key.split("."), value, path.name)
    content.setdefault("name", path.stem)
    return parse_model(content, path.name)


def parse_model(content: Mapping[str, Any], subject: str = "model") -> Model:
    """Return the model that a parsed TOML document describes; raise DataError with every problem in it."""
    try:
        return Model.model_validate(content)
    except ValidationError as error:
        problems = [_problem(dict(detail), subject) for detail in error.errors()]
        raise DataError(subject, problems) from None


def dump_model(model: Model) -> str:
    """Return the model as TOML text; `load_model` reads it back to an equal model."""
    import tomli_w

    return tomli_w.dumps(model.model_dump(exclude_none=True, mode="json"))


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DataError(str(path), [Problem(path.name, "the model file does not exist")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(str(path), [Problem(path.name, f"cannot be read as UTF-8 text ({error})")]) from None
    except tomllib.TOMLDecodeError as error:
        raise DataError(str(path), [Problem(path.name, f"is not valid TOML: {error}")]) from None


def _put(content: dict[str, Any], keys: list[str], value: object, subject: str) -> None:
    *sections, last = keys
    for section in sections:
        content = content.setdefault(section, {})
        if not isinstance(content, dict):
            raise DataError(
                subject, [Problem(subject, f"'{section}' is a value, not a section", column=".".join(keys))]
            )
    content[last] = value


EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "a text",
    "tuple_type": "a name or a list of names",
    "model_type": "a section [{key}]",
    "too_short": "at least one name",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "less_than": "less than {lt:g}",
}
"""What pydantic calls a mistake -> what would be right, in a planner's words."""


def _problem(detail: Mapping[str, Any], subject: str) -> Problem:
    place = [str(part) for part in detail["loc"]]
    key = ".".join(place)
    found = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            known = sorted(_keys_at(place[:-1]))
            text = f"'{place[-1]}' is not a key of a model{nearest(place[-1], known)}; known here: {', '.join(known)}"
        case "literal_error":
            known = sorted(detail["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", "))
            text = f"{found!r} is not one of {', '.join(known)}{nearest(str(found), known)}"
        case "value_error":
            text = detail["msg"].removeprefix("Value error, ")
        case kind if kind in EXPECTED:
            text = f"found {found!r}: {EXPECTED[kind].format(key=key, **detail.get('ctx', {}))} is expected"
        case _:
            text = f"found {found!r}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
    return Problem(subject, text, column=key)


def _keys_at(place: list[str]) -> set[str]:
    fields = Model.model_fields
    for part in place:
        annotation = fields[part].annotation if part in fields else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return set()
        fields = annotation.model_fields
    return set(fields) - {"name"}
