"""How large: the usual size of an event at its place, and the distribution of what departs from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from prepos.data.need_rules import Floats, Ints
from prepos.data.outcome_sets.events import Events
from prepos.data.outcome_sets.families import (
    LOGNORMAL,
    PLAIN,
    Family,
    pareto_cdf,
    pareto_fit,
    pareto_quantile,
    with_pareto_tail,
)

LEVELS = ("hazard", "region", "iso3")
"""What the usual size depends on, one after the other, each effect shrunk towards none (see `usual_size`)."""

FEWEST_FOR_CHOICE = 30
"""Events from which families are compared; below, the lognormal is taken."""

FEWEST_IN_TAIL = 10
TAIL_SHARES = (0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05)
TAIL_P = 0.1
MOST_VALUES, FEWEST_BOOTSTRAPS = 1_000_000, 39
"""A long history gets fewer bootstrap samples, so that all of them hold `MOST_VALUES` values at most."""

LARGEST_FACTOR = 3.0
"""No sampled event departs more from the usual size of its place than this many times the largest departure known."""


@dataclass(frozen=True)
class Candidate:
    """One family, fitted.

    Attributes
    ----------
    aic
        Akaike's criterion; the smallest is chosen. A threshold counts as a parameter.
    ks, ad
        Kolmogorov-Smirnov and Anderson-Darling statistic.
    ks_p, ad_p
        Their p-values by parametric bootstrap with refitting (Stute et al. 1993): small where the family is wrong.
    """

    family: Family
    parameters: Floats
    aic: float
    ks: float
    ks_p: float
    ad: float
    ad_p: float

    def as_dict(self) -> dict[str, object]:
        """Return the figures under their names."""
        known = dict(zip(self.family.parameters, self.parameters.tolist(), strict=True))
        statistics = {"aic": self.aic, "ks": self.ks, "ks_p": self.ks_p, "ad": self.ad, "ad_p": self.ad_p}
        return {"family": self.family.name, "parameters": known, **statistics}


@dataclass(frozen=True)
class Severity:
    """The size of events: usual size of the place x factor.

    Attributes
    ----------
    usual : (E,)
        Usual size of an event at the place of each historical event, people in need.
    factor : (E,)
        Size / usual size of each historical event.
    candidates
        Families compared, best first; the first is used.
    most
        Largest factor that is ever drawn.
    """

    usual: Floats
    factor: Floats
    candidates: tuple[Candidate, ...]
    most: float

    @property
    def chosen(self) -> Candidate:
        """The family that is used."""
        return self.candidates[0]

    def draw(self, uniform: Floats) -> tuple[Floats, int]:
        """Return factors for uniform numbers, and how many of them were held at `most`."""
        factor = self.chosen.family.quantile(self.chosen.parameters[None], uniform[None])[0]
        return np.minimum(factor, self.most), int((factor > self.most).sum())

    def quantiles(self) -> pd.DataFrame:
        """Return the quantile plot: share, model (fitted factor), observed (factor of the history)."""
        observed = np.sort(self.factor)
        share = (np.arange(len(observed)) + 0.5) / len(observed)
        model = self.chosen.family.quantile(self.chosen.parameters[None], share[None])[0]
        return pd.DataFrame({"share": share, "model": model, "observed": observed})


def fit_severity(events: Events, rng: np.random.Generator, bootstraps: int = 199) -> Severity:
    """Return the size of events, fitted to a history.

    Candidates are lognormal, gamma, Weibull, and a lognormal with a generalised Pareto tail; the smallest AIC is
    taken. With fewer than `FEWEST_FOR_CHOICE` events, the lognormal.
    """
    usual = usual_size(events)
    factor = events.people / usual
    sample = np.sort(factor)
    bootstraps = max(min(bootstraps, MOST_VALUES // len(sample)), FEWEST_BOOTSTRAPS)
    families: list[Family] = [LOGNORMAL]
    if len(sample) >= FEWEST_FOR_CHOICE and sample[0] < sample[-1]:
        families = [*PLAIN.values(), with_pareto_tail(tail_size(sample, rng, bootstraps))]
    candidates = sorted((fit_family(family, sample, rng, bootstraps) for family in families), key=lambda c: c.aic)
    return Severity(usual, factor, tuple(candidates), LARGEST_FACTOR * float(sample[-1]))


def usual_size(events: Events) -> Floats:
    """Return the usual size of an event at the place of each event: the geometric mean of those like it, shrunk.

    The logarithm of the size is the mean of all events plus an effect of the hazard, of the region and of the country,
    fitted one after the other to what the ones before leave over. An effect is the mean of its group times
    n t2 / (n t2 + s2): the fewer events a group has and the less groups differ, the nearer to none (s2, t2: variance
    within and between groups, by analysis of variance).
    """
    left = np.log(events.people)
    mean = left.mean()
    left = left - mean
    expected = np.full(len(left), mean)
    largest = events.largest
    for level in LEVELS:
        effect = _shrunk_means(left, np.unique(largest[level].to_numpy(object).astype(str), return_inverse=True)[1])
        left, expected = left - effect, expected + effect
    usual: Floats = np.exp(expected)
    return usual


def _shrunk_means(value: Floats, group: Ints) -> Floats:
    number = np.bincount(group).astype(np.float64)
    groups, total = len(number), len(value)
    mean = np.bincount(group, value) / number
    within = ((value - mean[group]) ** 2).sum() / max(total - groups, 1)
    between = (number * (mean - value.mean()) ** 2).sum() - (groups - 1) * within
    variance = max(between / max(total - (number**2).sum() / total, 1e-12), 0.0)
    if groups < 2 or total <= groups or variance == 0:
        return np.zeros(total)
    shrunk: Floats = (mean * number * variance / (number * variance + within))[group]
    return shrunk


def fit_family(family: Family, sample: Floats, rng: np.random.Generator, bootstraps: int) -> Candidate:
    """Return a family fitted to a sorted sample, with its statistics and their bootstrap p-values."""
    parameters = family.fit(sample[None])
    aic = 2 * family.free - 2 * float(family.log_density(parameters, sample[None]).sum())
    ks, ad = statistics(family.cdf(parameters, sample[None]))
    again = np.sort(family.quantile(parameters, rng.random((bootstraps, len(sample)))), axis=1)
    ks_again, ad_again = statistics(family.cdf(family.fit(again), again))
    p_values = [(1 + (again >= seen).sum()) / (1 + bootstraps) for again, seen in ((ks_again, ks), (ad_again, ad))]
    return Candidate(family, parameters[0], aic, float(ks[0]), float(p_values[0]), float(ad[0]), float(p_values[1]))


def statistics(probability: Floats) -> tuple[Floats, Floats]:
    r"""Return Kolmogorov-Smirnov and Anderson-Darling of fitted probabilities of sorted samples, one per row.

    .. math:: D = \max_i |F_i - i/n|, \qquad A^2 = -n - \sum_i \frac{2i-1}{n} [\ln F_i + \ln (1 - F_{n+1-i})]
    """
    n = probability.shape[1]
    inside = np.clip(probability, 1e-15, 1 - 1e-15)
    rank = np.arange(1, n + 1)
    ks = np.maximum((rank / n - inside).max(axis=1), (inside - (rank - 1) / n).max(axis=1))
    ad = -n - ((2 * rank - 1) / n * (np.log(inside) + np.log1p(-inside[:, ::-1]))).sum(axis=1)
    return ks, ad


def tail_size(sample: Floats, rng: np.random.Generator, bootstraps: int) -> int:
    """Return how many of the largest values the Pareto tail is fitted to.

    The lowest threshold whose excesses the Anderson-Darling statistic does not reject (bootstrap p at least `TAIL_P`;
    after Bader, Yan and Zhang 2018), among those that leave `TAIL_SHARES` of the sample above; if it rejects all, the
    one with the largest p.
    """
    sizes = [size for share in TAIL_SHARES if (size := round(share * len(sample))) >= FEWEST_IN_TAIL]
    best = (0.0, min(FEWEST_IN_TAIL, len(sample) - 2))
    for size in sizes:
        p = _tail_p(sample, size, rng, bootstraps)
        if p >= TAIL_P:
            return size
        best = max(best, (p, size))
    return best[1]


def _tail_p(sample: Floats, size: int, rng: np.random.Generator, bootstraps: int) -> float:
    threshold = sample[-size - 1]
    excess = np.maximum(sample[-size:] - threshold, threshold * 1e-9)[None]
    parameters = pareto_fit(excess)
    _, seen = statistics(pareto_cdf(parameters, excess))
    again = np.sort(pareto_quantile(parameters, rng.random((bootstraps, size))), axis=1)
    again = np.maximum(again, threshold * 1e-12)
    _, found = statistics(pareto_cdf(pareto_fit(again), again))
    return float((1 + (found >= seen).sum()) / (1 + bootstraps))
