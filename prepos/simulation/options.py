"""Every assumption of the stress test, declared once: default, unit, bounds, meaning and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import pandas as pd

from prepos.data.suggest import nearest
from prepos.errors import UsageError
from prepos.simulation.assumption import DESIGN, Assumption, choice, number, numbers, option, whole
from prepos.simulation.policies import DISPATCH
from prepos.simulation.restock import LEAD_TIME_LAWS, RESTOCK


@dataclass(frozen=True, kw_only=True)
class SimulationOptions:
    """How the stress test is run and what it assumes about the world.

    Each field below carries its unit, its meaning and the basis of its default; `assumptions` lists them as a table
    and the README of this folder explains them.

    Raises
    ------
    UsageError
        When any value is impossible: names every such option, the value found and what would be right.
    """

    # how much is run
    replications: int = whole(200, "runs", "replications run; with a precision, the fewest", DESIGN, low=2)
    precision: float | None = number(
        None,
        "share",
        "half-width of the 95 % intervals of fill rate and 72 h coverage at which to stop; None: do not look",
        DESIGN,
        low=-math.inf,
        above=0.0,
        high=1.0,
        optional=True,
    )
    max_replications: int = whole(20_000, "runs", "most replications run while a precision is sought", DESIGN, low=2)
    seed: int = whole(1, "", "seed of all chance: the same seed gives the same result", DESIGN, low=0)
    years: int = whole(1, "years", "time in which disasters arrive, in each replication", DESIGN, low=1)
    workers: int | None = whole(None, "processes", "processes to use; None: one per core", DESIGN, low=1, optional=True)

    # what strikes
    severity_sigma: float = number(
        0.3, "log", "spread (lognormal, mean 1) of a new disaster's needs around those of the disaster it resembles"
    )
    month_smoothing: float = number(
        1.0,
        "disasters",
        "disasters spread evenly over the year, added to those that make the seasons of a region and hazard",
    )

    # how needs become known
    approval_hours: float = number(12.0, "hours", "from onset to the first request for stock")
    reveal_days: tuple[float, ...] = numbers(
        (0.0, 3.0, 10.0, 30.0),
        "days",
        "when estimates of the need are made, after onset",
        "day 3: joint rapid assessment within 72 h (IASC MIRA); day 10: displacement tracking after Cyclone Pam 2015; "
        "day 0 and 30: illustrative",
    )
    estimate_sigma: float = number(
        0.5, "log", "spread (lognormal, mean 1) of the first estimate around the true need: wrong by about half"
    )
    error_left: tuple[float, ...] = numbers(
        (1.0, 0.5, 0.2, 0.0),
        "share",
        "share of the first estimate's error that is left at each estimate",
        "illustrative",
        high=1.0,
    )
    response_days: float = number(
        90.0,
        "days",
        "how long a disaster is served and measured",
        "longest phase in sector practice: three months",
        above=0.0,
    )
    backlog: bool = option(
        "yes or no",
        True,
        "",
        "a need that finds no stock waits for it; False: it is turned away until the next estimate",
        DESIGN,
    )
    dispatch: str = choice("follow_plan", "which hub and mode serve a request", DISPATCH)

    # hubs
    crews: int = whole(2, "crews", "loading crews of a hub, each loading one consignment at a time", low=1)
    crew_m3_hour: float = number(
        10.0,
        "m3/hour",
        "loading by one crew, round the clock; outbound_m3_day / 24 / crews where that is given",
        above=0.0,
    )
    ordinary_loading_hours: float = number(
        24.0,
        "hours",
        "picking and loading that the hours of a lane already hold; only longer loading adds to them",
        "transport facts: handling at origin by air 24 h (12 to 36), estimate",
    )
    consignment_m3: float = number(
        600.0,
        "m3",
        "largest consignment; more is split",
        "about one large freighter or nine 40 ft containers",
        above=0.0,
    )
    outages_per_year: float = number(0.05, "1/year", "how often a hub is struck: once in 20 years")
    outage_days: float = number(14.0, "days", "mean time (exponential) in which nothing leaves a struck hub")
    outage_loss: float = number(0.3, "share", "share of a struck hub's stock that is lost", high=1.0)

    # lanes
    lane_sigma: float = number(
        0.3,
        "log",
        "spread (lognormal, mean 1) of a lane's hours other than customs",
        "transport facts: mobilisation of an air charter 36 h (24 to 72): log(72 / 36) / 2, rounded",
    )
    customs_sigma: float = number(
        0.8,
        "log",
        "spread (lognormal, mean 1) of customs hours across a border",
        "transport facts: customs clearance 2 days (1 to 10): log(10 / 2) / 2",
    )

    # replenishment
    restock: str = choice("order_up_to", "when and how much is ordered to restore a hub's stock", RESTOCK)
    review_days: float = number(30.0, "days", "time between stock reviews; 0: after every dispatch")
    reorder_share: float = number(
        0.5, "share", "for reorder_point: order when stock and orders fall to this share of the plan's stock", high=1.0
    )
    lead_time_days: float = number(
        70.0, "days", "lead time of items whose lead_time_days is empty", "items facts: 35 to 112 days"
    )
    lead_time_law: str = choice("lognormal", "how lead times vary around the item's own", LEAD_TIME_LAWS)
    lead_time_sigma: float = number(
        0.2,
        "log",
        "spread of lognormal lead times (mean 1)",
        "items facts: the high end is about twice the low one; taken as a 90 % range",
    )

    def __post_init__(self) -> None:
        for name in ("reveal_days", "error_left"):
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))
        problems = [*self._faults()] or [*self._clashes()]
        if problems:
            noun = "problem" if len(problems) == 1 else "problems"
            lines = "\n".join(f"  - {problem}" for problem in problems)
            raise UsageError(f"simulation options: {len(problems)} {noun}\n{lines}")

    def _faults(self) -> list[str]:
        found = [(name, getattr(self, name), rule.fault(getattr(self, name))) for name, rule in ASSUMPTIONS.items()]
        return [f"{name}: {value!r} is not possible; {right}" for name, value, right in found if right]

    def _clashes(self) -> list[str]:
        found = []
        days, left = self.reveal_days, self.error_left
        if any(later <= earlier for earlier, later in pairwise(days)):
            found.append(f"reveal_days: {list(days)} does not increase; give each estimate a later day")
        if len(left) != len(days):
            found.append(f"error_left: {len(left)} values for {len(days)} reveal_days; give one for each")
        if any(later > earlier for earlier, later in pairwise(left)) or left[-1] != 0:
            found.append(f"error_left: {list(left)} does not fall to 0; the last estimate is the true need")
        if days[-1] >= self.response_days:
            found.append(f"response_days: {self.response_days:g} is not after the last estimate on day {days[-1]:g}")
        if self.approval_hours >= 24 * self.response_days:
            found.append(f"approval_hours: {self.approval_hours:g} is not before the response closes (response_days)")
        if self.max_replications < self.replications and self.precision is not None:
            found.append(f"max_replications: {self.max_replications} is below replications, {self.replications}")
        return found

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> SimulationOptions:
        """Return options from key -> value, as a file or a command line gives them.

        Raises
        ------
        UsageError
            When a key is unknown (names the nearest) or a value impossible.
        """
        unknown = [key for key in values if key not in ASSUMPTIONS]
        if unknown:
            named = ", ".join(f"'{key}'{nearest(key, ASSUMPTIONS)}" for key in unknown)
            raise UsageError(f"simulation options: unknown key {named}; known keys: {', '.join(ASSUMPTIONS)}")
        return cls(**values)  # type: ignore[arg-type]

    @classmethod
    def without_surprises(cls, **changes: Any) -> SimulationOptions:
        """Return options under which the world does what the optimizer believes: no noise, no queue, no outage.

        Needs are known at once, loading takes no time, lanes take their hours, and nothing is replenished.
        """
        calm: dict[str, Any] = {
            "severity_sigma": 0.0,
            "approval_hours": 0.0,
            "reveal_days": (0.0,),
            "error_left": (0.0,),
            "crew_m3_hour": math.inf,
            "consignment_m3": math.inf,
            "outages_per_year": 0.0,
            "lane_sigma": 0.0,
            "customs_sigma": 0.0,
            "lead_time_law": "fixed",
            "restock": "none",
        }
        return cls(**{**calm, **changes})


ASSUMPTIONS: Mapping[str, Assumption] = {each.name: each.metadata["assumption"] for each in fields(SimulationOptions)}
"""Option -> what it may be and what it means."""


def assumptions(options: SimulationOptions) -> pd.DataFrame:
    """Return the options as a table for a report: option, value, unit, meaning, basis."""
    rows = [(name, getattr(options, name), rule.unit, rule.meaning, rule.basis) for name, rule in ASSUMPTIONS.items()]
    return pd.DataFrame(rows, columns=["option", "value", "unit", "meaning", "basis"])
