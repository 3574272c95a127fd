"""Which hubs and needs the lanes leave out, said as warnings that count what they affect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prepos.errors import Problem
from prepos.instance import Instance, arcs


def reach_warnings(instance: Instance) -> list[Problem]:
    """Return a warning for each hub without any lane and each site with needs that no hub can reach."""
    return [*_hubs_without_lane(instance), *_needs_out_of_reach(instance)]


def _hubs_without_lane(instance: Instance) -> list[Problem]:
    served = set(instance.lanes.i[np.isfinite(instance.lanes.hours)].tolist())
    problems = []
    for i, hub in enumerate(instance.hubs):
        if i in served or instance.status[i] == "closed":
            continue
        units = instance.stock[i].sum()
        held = f"its {units:,.0f} units can serve nobody" if units else "it can serve nobody"
        text = f"'{hub}' has no lane to any site; {held} ({_way_out(instance, i)})"
        problems.append(Problem("hubs.csv", text, row=i + 2, column="hub", severity="warning"))
    return problems


def _way_out(instance: Instance, i: int) -> str:
    serves = [country.strip() for country in instance.scenario.hubs["serves"].iloc[i].split(";") if country.strip()]
    if serves and not set(serves) & set(instance.countries):
        return f"no site lies in the countries it serves: {', '.join(serves)}"
    return "give it coordinates, an airport or a port, or rows in lanes.csv"


def _needs_out_of_reach(instance: Instance) -> list[Problem]:
    needs = instance.needs
    reached = np.zeros(len(needs.w), dtype=bool)
    reached[arcs(instance).n] = True
    expected = needs.quantity * instance.probability[needs.w]
    table = pd.DataFrame({"j": needs.j, "w": needs.w, "units": needs.quantity, "expected": expected})[~reached]
    source = "needs.csv" if len(instance.scenario.needs) else "disasters.csv"
    problems = []
    for j, rows in table.groupby("j"):
        share = rows["expected"].sum() / expected.sum() if expected.sum() else 0.0
        text = (
            f"no hub can reach site '{instance.sites[int(str(j))]}'; {rows['units'].sum():,.0f} units in "
            f"{_count(rows['w'].nunique(), 'outcome')} stay unmet, {share:.1%} of all expected need"
        )
        problems.append(Problem(source, text, column="site", severity="warning"))
    return problems


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
