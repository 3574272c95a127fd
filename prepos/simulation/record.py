"""What happened in one replication, and the figures that are read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from prepos.evaluate import is_on_time
from prepos.instance import Floats, Ints
from prepos.simulation.hazards import HOURS_PER_DAY, Storms
from prepos.simulation.policies import TINY
from prepos.simulation.setting import Setting

REACHED = 1e-9
"""Slack of a share of need that counts as reached, for rounding."""


@dataclass(frozen=True)
class Figure:
    """A figure of the stress test: name, unit, meaning, and which is better: more, less, or neither ("")."""

    name: str
    unit: str
    meaning: str
    better: str = ""


COVERAGE = {"coverage_72h": 72.0, "coverage_7d": 168.0, "coverage_14d": 336.0, "coverage_30d": 720.0}
"""Figure -> hours after onset."""

FIGURES = (
    Figure("disasters", "1/year", "disasters that struck"),
    Figure("need_units", "units/year", "units truly needed"),
    Figure("fill_rate", "share", "share of the year's need delivered before responses close, items balanced", "more"),
    Figure("coverage_72h", "share", "share of the year's need delivered within 72 h of onset, items balanced", "more"),
    Figure("coverage_7d", "share", "the same within 7 days", "more"),
    Figure("coverage_14d", "share", "the same within 14 days", "more"),
    Figure("coverage_30d", "share", "the same within 30 days", "more"),
    Figure(
        "hours_to_50", "hours", "until half of the need has arrived, mean over disasters; never: response time", "less"
    ),
    Figure("hours_to_90", "hours", "until 90 % has arrived, mean over disasters; never: response time", "less"),
    Figure("never_50", "share", "share of disasters in which half of the need never arrives", "less"),
    Figure("never_90", "share", "share of disasters in which 90 % of the need never arrives", "less"),
    Figure("shortage", "share", "share of disasters with any item short when the response closes", "less"),
    Figure("stockouts", "requests/year", "item-requests not met in full when they were made", "less"),
    Figure("stockout_share", "share", "share of item-requests not met in full when they were made", "less"),
    Figure(
        "people_days", "people-days/year", "days that people in need wait for relief, at most the response time", "less"
    ),
    Figure("delivered_units", "units/year", "units that reached a site, needed or not"),
    Figure("surplus_units", "units/year", "units that arrived beyond the need or after the response closed", "less"),
    Figure("freight_usd", "USD/year", "freight and handling of what was sent", "less"),
    Figure("supplier_usd", "USD/year", "price of what suppliers delivered after a disaster", "less"),
    Figure("replenishment_usd", "USD/year", "price of what was ordered for hubs", "less"),
    Figure("kgco2e", "kg CO2e/year", "emissions of what was sent", "less"),
    Figure("queue_hours", "hours", "mean wait of a consignment for a loading crew", "less"),
    Figure("queue_hours_p95", "hours", "95th percentile of that wait", "less"),
    Figure("lost_units", "units/year", "units lost in struck hubs", "less"),
)
FIGURE_NAMES = tuple(figure.name for figure in FIGURES)


class Log:
    """What happened: one entry per arrival, and running sums of the rest.

    Attributes
    ----------
    strike, site, source, mode, age, units
        One entry per arrival: disaster, number of its site, source i, mode v, hours since onset, units (K,).
    queue_hours
        One entry per consignment that was loaded at a hub.
    requests, turned_away
        Item-requests made; of these, not met in full.
    freight_usd, supplier_usd, replenishment_usd, kgco2e, lost_units
        Sums.
    """

    def __init__(self) -> None:
        self.strike: list[int] = []
        self.site: list[int] = []
        self.source: list[int] = []
        self.mode: list[int] = []
        self.age: list[float] = []
        self.units: list[Floats] = []
        self.queue_hours: list[float] = []
        self.requests = self.turned_away = 0
        self.freight_usd = self.supplier_usd = self.replenishment_usd = self.kgco2e = self.lost_units = 0.0

    def arrive(self, strike: int, site: int, age: float, source: int, mode: int, units: Floats) -> None:
        """Record an arrival."""
        self.strike.append(strike)
        self.site.append(site)
        self.source.append(source)
        self.mode.append(mode)
        self.age.append(age)
        self.units.append(units)

    def delivered(self, items: int) -> Floats:
        """Return the units that arrived anywhere, (K,)."""
        total: Floats = self.arrivals(items).sum(axis=0)
        return total

    def arrivals(self, items: int) -> Floats:
        """Return the units of each arrival, (n, K)."""
        return np.array(self.units, dtype=np.float64).reshape(len(self.units), items)


@dataclass(frozen=True)
class _Service:
    """Arrivals of needed units, in order of disaster and age.

    Attributes
    ----------
    strike, age : (n,)
        Disaster and hours since onset.
    met : (n, K)
        Units that met a need: not beyond it, and before the response closed.
    share : (n,)
        The same as a share of the disaster's need, items balanced.
    """

    strike: Ints
    age: Floats
    met: Floats
    share: Floats


def figures(log: Log, setting: Setting, storms: Storms) -> Floats:
    """Return the figures of one replication in the order of `FIGURES`; NaN where there was nothing to measure."""
    years = setting.options.years
    window = setting.options.response_days * HOURS_PER_DAY
    needs = [strike.need for strike in storms.strikes]
    need = _by_strike(needs, setting.items)
    service = _service(log, setting, needs, need, window)
    met: Floats = service.met.sum(axis=0)
    delivered = float(log.delivered(setting.items).sum())
    waits = np.array(log.queue_hours)
    values = {
        "disasters": len(needs) / years,
        "need_units": need.sum() / years,
        "fill_rate": balanced(met, need.sum(axis=0), setting.weight),
        **{
            name: balanced(service.met[is_on_time(service.age, hours)].sum(axis=0), need.sum(axis=0), setting.weight)
            for name, hours in COVERAGE.items()
        },
        **_speed(service, len(needs), window),
        "shortage": _mean(_short(service, need)),
        "stockouts": log.turned_away / years,
        "stockout_share": log.turned_away / log.requests if log.requests else np.nan,
        "people_days": _people_days(service, need, setting, window) / years,
        "delivered_units": delivered / years,
        "surplus_units": (delivered - float(met.sum())) / years,
        "freight_usd": log.freight_usd / years,
        "supplier_usd": log.supplier_usd / years,
        "replenishment_usd": log.replenishment_usd / years,
        "kgco2e": log.kgco2e / years,
        "queue_hours": _mean(waits),
        "queue_hours_p95": float(np.percentile(waits, 95)) if len(waits) else np.nan,
        "lost_units": log.lost_units / years,
    }
    return np.array([values[name] for name in FIGURE_NAMES], dtype=np.float64)


def balanced(met: Floats, need: Floats, weight: Floats) -> float:
    r"""Return the share of need met, items balanced by weight; NaN where nothing is needed.

    :math:`\sum_k \omega_k (met_k / need_k) / \sum_k \omega_k` over the items that are needed: the same balance as
    `prepos.evaluate.balanced_share`, so that plan and stress test can be compared.
    """
    counted = (need > 0) & (weight > 0)
    if not counted.any():
        return float("nan")
    return float(weight[counted] @ (met[counted] / need[counted]) / weight[counted].sum())


def _by_strike(needs: Sequence[Floats], items: int) -> Floats:
    return np.array([need.sum(axis=0) for need in needs], dtype=np.float64).reshape(len(needs), items)


def _service(log: Log, setting: Setting, needs: Sequence[Floats], need: Floats, window: float) -> _Service:
    """Find what each arrival adds to the need that is met, in order of age at each site."""
    first_row = np.concatenate([[0], np.cumsum([len(each) for each in needs])]).astype(np.int64)
    strike = np.array(log.strike, dtype=np.int64)
    row, age = first_row[strike] + np.array(log.site, dtype=np.int64), np.array(log.age, dtype=np.float64)
    in_window = np.flatnonzero(is_on_time(age, window))
    order = in_window[np.lexsort((age[in_window], row[in_window]))]
    at_site = np.vstack([np.zeros((0, setting.items)), *needs])[row[order]]
    came = _running(log.arrivals(setting.items)[order], row[order])
    useful = np.minimum(came, at_site)
    met = useful - _previous(useful, row[order])
    by_age = np.lexsort((age[order], strike[order]))
    strike, age, met = strike[order][by_age], age[order][by_age], met[by_age]
    weight = setting.weight * (need > 0)
    total = weight.sum(axis=1, keepdims=True)
    per_unit = np.divide(weight, need * total, out=np.zeros_like(need), where=need * total > 0)
    return _Service(strike, age, met, (met * per_unit[strike]).sum(axis=1))


def _starts(group: Ints) -> Ints:
    """Return for each entry of a sorted array the position where its group starts."""
    new = np.concatenate([[True], group[1:] != group[:-1]]) if len(group) else np.zeros(0, dtype=bool)
    starts: Ints = np.maximum.accumulate(np.where(new, np.arange(len(group)), 0))
    return starts


def _running(values: Floats, group: Ints) -> Floats:
    """Return running sums (n, ...) within each group of a sorted array."""
    total = np.cumsum(values, axis=0)
    starts = _starts(group)
    running: Floats = total - total[starts] + values[starts]
    return running


def _previous(values: Floats, group: Ints) -> Floats:
    """Return the entry before each one in its group, 0 for the first."""
    previous = np.zeros_like(values)
    previous[1:] = values[:-1]
    previous[_starts(group) == np.arange(len(group))] = 0.0
    return previous


def _speed(service: _Service, strikes: int, window: float) -> dict[str, float]:
    """Return mean hours to 50 and 90 % of need over disasters, and the share of disasters that never get there."""
    share = _running(service.share, service.strike)
    found = {}
    for percent in (50, 90):
        hours = np.full(strikes, np.inf)
        reached = share >= percent / 100 - REACHED
        np.minimum.at(hours, service.strike[reached], service.age[reached])
        found[f"hours_to_{percent}"] = _mean(np.minimum(hours, window))
        found[f"never_{percent}"] = _mean(np.isinf(hours).astype(np.float64))
    return found


def _short(service: _Service, need: Floats) -> Floats:
    """Return 1 for each disaster with any item short when the response closes."""
    met = np.zeros_like(need)
    np.add.at(met, service.strike, service.met)
    return np.where(np.any(need - met > TINY * (1 + need), axis=1), 1.0, 0.0)


def _people_days(service: _Service, need: Floats, setting: Setting, window: float) -> float:
    """Return people in need x days until the share of need that serves them arrives, at most the response time.

    The people of a disaster are the mean over its items of units needed x people served by a unit.
    """
    known = (need > 0) & (setting.people_per_unit > 0)
    if not known.any():
        return float("nan")
    people: Floats = (need * setting.people_per_unit).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    spared: Floats = np.zeros(len(need))
    np.add.at(spared, service.strike, service.share * (window - service.age))
    return float(people @ (window - spared)) / HOURS_PER_DAY


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
