"""Random small situations and models, drawn so that a failing one shrinks to its core."""

from __future__ import annotations

import math
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from prepos.data.scenario import Scenario
from prepos.errors import InfeasibleError
from prepos.instance import build_instance
from prepos.model import Model
from prepos.optimization import optimize_instance
from tests.optimization.situations import EXACT, ask, situation

HUBS, SITES, ITEMS, OUTCOMES = ("A", "B", "C"), ("X", "Y"), ("tent", "kit"), ("w1", "w2", "w3")

Tables = dict[str, Any]
few = st.integers(0, 9).map(float)
some = st.integers(1, 20).map(float)


@st.composite
def tables(draw: st.DrawFn, hubs: int = 3) -> Tables:
    """Return the tables of a situation: up to 3 hubs, 2 sites, 2 items and 3 outcomes, whole numbers throughout."""
    named = HUBS[: draw(st.integers(2, hubs))]
    items = ITEMS[: draw(st.integers(1, 2))]
    outcomes = OUTCOMES[: draw(st.integers(1, 3))]
    weights = [draw(st.integers(1, 4)) for _ in outcomes]
    return {
        "hubs": {hub: {"fixed_usd_year": draw(few) * 10, "capacity_m3": draw(some) + 40} for hub in named},
        "items": {item: {"price_usd": draw(few), "shortage_usd": draw(some) * 5, **draw(details)} for item in items},
        "stock": {(hub, item): draw(few) for hub in named for item in items},
        "lanes": {(hub, site): (draw(some) * 8, draw(few)) for hub in named for site in SITES},
        "needs": {(w, site, item): draw(some) for w in outcomes for site in SITES for item in items if draw(likely)},
        "outcomes": {w: weight / sum(weights) for w, weight in zip(outcomes, weights, strict=True)},
    }


likely = st.sampled_from([True, True, False])
details = st.fixed_dictionaries({}, optional={"lot": st.sampled_from([1.0, 4.0]), "deprivation_usd_day": few})


@st.composite
def rich_tables(draw: st.DrawFn) -> Tables:
    """Return tables with losses, lanes of one outcome, limits of lanes and hubs, tiers, suppliers and forward stock."""
    found = draw(tables())
    hubs, outcomes = list(found["hubs"]), list(found["outcomes"])
    if draw(st.booleans()):
        found["availability"] = {(draw(st.sampled_from(outcomes)), hubs[0]): draw(st.sampled_from([0.0, 0.3, 0.5]))}
    if draw(st.booleans()):
        found["lanes"][hubs[0], "X", "road", outcomes[0]] = draw(st.sampled_from([{}, (5.0, 1.0), (300.0, 9.0)]))
    if draw(st.booleans()):
        found["lanes"][hubs[1], "X", "air"] = {"hours": 5.0, "usd_per_unit": 8.0, "capacity_m3": draw(some)}
    if draw(st.booleans()):
        found["hubs"][hubs[0]]["outbound_m3_day"] = draw(some) / 10
    if draw(st.booleans()):
        found["tiers"] = {(hubs[1], "small"): (45.0, 10.0), (hubs[1], "large"): (90.0, 15.0)}
    if draw(st.booleans()):
        found["suppliers"] = {("factory", "tent"): {"price_usd": draw(few), "lead_time_days": 2.0, "limit": draw(few)}}
        found["lanes"]["factory", "Y"] = (draw(some) * 8, draw(few))
    found["hubs"][hubs[-1]]["serves"] = draw(st.sampled_from(["", "FJI"]))
    found["hubs"][hubs[0]]["status"] = draw(st.sampled_from(["open", "candidate", "closed"]))
    return found


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Return a model with any objective, stock rule, risk measure and service level that go together."""
    objective = draw(st.sampled_from(["cost", "time", "coverage", "social", ["cost", "time"], ["social", "coverage"]]))
    stock = {
        "mode": draw(st.sampled_from(["free", "fixed_total", "as_is"])),
        "moves": draw(st.sampled_from(["free", "none"])),
        "integer": draw(st.booleans()),
    }
    sections: Tables = {"stock": stock, "hubs": {"choose": draw(st.booleans())}}
    if "coverage" not in objective and draw(st.booleans()):
        sections["risk"] = {"measure": draw(st.sampled_from(["cvar", "worst_case"])), "alpha": 0.6, "weight": 0.5}
    if draw(st.booleans()):
        sections["budget"] = {"usd": draw(few) * 40}
    level = draw(st.sampled_from([{}, {}, {"min_coverage": 0.3}, {"probability": 0.3}]))
    sections["service"] = {"by": draw(st.sampled_from(["all", "item"])), "within_hours": 100, **level}
    return ask(objective, objective={"target_hours": 80}, **sections)


def scenario(found: Tables, **changes: Any) -> Scenario:
    return situation(**{**found, **changes})


def changed(found: Tables) -> Tables:
    """Return a copy that can be changed."""
    return deepcopy(found)


def value(found: Tables, model: Model) -> float:
    """Return the best value of the model's first objective; infinite where no plan keeps its limits."""
    instance = build_instance(scenario(found), model)
    try:
        return optimize_instance(instance, model, EXACT).levels[0].value
    except InfeasibleError:
        return math.inf
