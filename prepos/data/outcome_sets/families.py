"""Distributions of how large a disaster is: each fitted to many samples at once, one per row.

Samples are positive and sorted in each row; parameters are (samples, parameters). So a parametric bootstrap of some
hundred samples costs little more than one fit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from prepos.data.need_rules import Floats

Fit = Callable[[Floats], Floats]
OfParameters = Callable[[Floats, Floats], Floats]

TINY = 1e-300
LEAST_SIGMA = 1e-9


@dataclass(frozen=True)
class Family:
    """One family of distributions.

    Attributes
    ----------
    name
        Such as ``"lognormal"``.
    parameters
        Names of the columns of its parameters.
    free
        Number of figures that the data choose, for AIC.
    fit, cdf, quantile, log_density
        Sorted samples (S, n) -> parameters (S, p); parameters and values (S, n) -> values (S, n).
    """

    name: str
    parameters: tuple[str, ...]
    free: int
    fit: Fit
    cdf: OfParameters
    quantile: OfParameters
    log_density: OfParameters


def _special() -> Any:
    import scipy.special

    return scipy.special


def _columns(parameters: Floats) -> list[Floats]:
    return [parameters[:, [n]] for n in range(parameters.shape[1])]


def _lognormal_fit(x: Floats) -> Floats:
    y = np.log(x)
    return np.stack([y.mean(axis=1), np.maximum(y.std(axis=1), LEAST_SIGMA)], axis=1)


def _lognormal_cdf(parameters: Floats, x: Floats) -> Floats:
    mu, sigma = _columns(parameters)
    below: Floats = _special().ndtr((np.log(np.maximum(x, TINY)) - mu) / sigma)
    return below


def _lognormal_quantile(parameters: Floats, p: Floats) -> Floats:
    mu, sigma = _columns(parameters)
    value: Floats = np.exp(mu + sigma * _special().ndtri(p))
    return value


def _lognormal_log_density(parameters: Floats, x: Floats) -> Floats:
    mu, sigma = _columns(parameters)
    y = np.log(x)
    density: Floats = -y - np.log(sigma) - 0.5 * np.log(2 * np.pi) - 0.5 * ((y - mu) / sigma) ** 2
    return density


LOGNORMAL = Family(
    "lognormal",
    ("mu", "sigma"),
    2,
    _lognormal_fit,
    _lognormal_cdf,
    _lognormal_quantile,
    _lognormal_log_density,
)


def _gamma_fit(x: Floats) -> Floats:
    """Return maximum likelihood by Newton steps from the start of Minka (2002)."""
    spread = np.maximum(np.log(x.mean(axis=1)) - np.log(x).mean(axis=1), 1e-12)
    shape = (3 - spread + np.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread)
    for _ in range(8):
        inverse = 1 / shape + (np.log(shape) - _special().digamma(shape) - spread) / (
            shape**2 * (1 / shape - _special().polygamma(1, shape))
        )
        shape = 1 / np.maximum(inverse, 1e-12)
    return np.stack([shape, x.mean(axis=1) / shape], axis=1)


def _gamma_cdf(parameters: Floats, x: Floats) -> Floats:
    shape, scale = _columns(parameters)
    below: Floats = _special().gammainc(shape, x / scale)
    return below


def _gamma_quantile(parameters: Floats, p: Floats) -> Floats:
    shape, scale = _columns(parameters)
    value: Floats = np.maximum(_special().gammaincinv(shape, p) * scale, TINY)
    return value


def _gamma_log_density(parameters: Floats, x: Floats) -> Floats:
    shape, scale = _columns(parameters)
    density: Floats = (shape - 1) * np.log(x) - x / scale - _special().gammaln(shape) - shape * np.log(scale)
    return density


GAMMA = Family("gamma", ("shape", "scale"), 2, _gamma_fit, _gamma_cdf, _gamma_quantile, _gamma_log_density)


def _weibull_fit(x: Floats) -> Floats:
    """Return maximum likelihood by Newton steps on the shape, from that of the spread of logarithms."""
    y = np.log(x)
    centred = y - y.mean(axis=1, keepdims=True)
    shape = 1.2825 / np.maximum(centred.std(axis=1), LEAST_SIGMA)
    for _ in range(25):
        power = np.exp(np.clip(shape[:, None] * centred, -700, 700))
        total = power.sum(axis=1)
        first = (power * centred).sum(axis=1) / total
        second = (power * centred**2).sum(axis=1) / total
        step = (first - 1 / shape) / (second - first**2 + 1 / shape**2)
        shape = np.maximum(shape - step, shape / 4)
    power = np.exp(np.clip(shape[:, None] * centred, -700, 700)).mean(axis=1)
    return np.stack([shape, np.exp(y.mean(axis=1)) * power ** (1 / shape)], axis=1)


def _weibull_cdf(parameters: Floats, x: Floats) -> Floats:
    shape, scale = _columns(parameters)
    return -np.expm1(-((x / scale) ** shape))


def _weibull_quantile(parameters: Floats, p: Floats) -> Floats:
    shape, scale = _columns(parameters)
    return np.maximum(scale * (-np.log1p(-p)) ** (1 / shape), TINY)


def _weibull_log_density(parameters: Floats, x: Floats) -> Floats:
    shape, scale = _columns(parameters)
    z = x / scale
    return np.log(shape / scale) + (shape - 1) * np.log(z) - z**shape


WEIBULL = Family("weibull", ("shape", "scale"), 2, _weibull_fit, _weibull_cdf, _weibull_quantile, _weibull_log_density)


def pareto_fit(excess: Floats) -> Floats:
    """Return shape and scale of the generalised Pareto of excesses over a threshold, (S, 2).

    The estimator of Zhang and Stephens (2009, Technometrics 51:316-325): close to maximum likelihood, defined for
    every sample and any shape.

    Parameters
    ----------
    excess : (S, n)
        Sorted in each row, above 0.
    """
    n = excess.shape[1]
    grid = 30 + int(np.sqrt(n))
    quartile = np.maximum(excess[:, int(n / 4 + 0.5) - 1], TINY)[:, None]
    theta = 1 / excess[:, -1:] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * quartile)
    k = np.stack([-np.log1p(-each[:, None] * excess).mean(axis=1) for each in theta.T], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = n * (np.log(theta / k) + k - 1)
    likelihood = np.where(np.isfinite(likelihood), likelihood, -np.inf)
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    best = (theta * weight).sum(axis=1) / weight.sum(axis=1)
    shape = np.log1p(-best[:, None] * excess).mean(axis=1)
    return np.stack([shape, np.maximum(-shape / best, TINY)], axis=1)


def pareto_cdf(parameters: Floats, excess: Floats) -> Floats:
    """Return the probability of an excess up to a value."""
    shape, scale = _columns(parameters)
    shape = np.where(np.abs(shape) < 1e-9, 1e-9, shape)
    inside = np.maximum(1 + shape * np.maximum(excess, 0.0) / scale, 0.0)
    return 1 - np.where(inside > 0, np.maximum(inside, TINY) ** (-1 / shape), 0.0)


def pareto_quantile(parameters: Floats, p: Floats) -> Floats:
    """Return the excess that is not passed with probability p."""
    shape, scale = _columns(parameters)
    shape = np.where(np.abs(shape) < 1e-9, 1e-9, shape)
    return scale / shape * ((1 - p) ** -shape - 1)


def _pareto_log_density(parameters: Floats, excess: Floats) -> Floats:
    shape, scale = _columns(parameters)
    shape = np.where(np.abs(shape) < 1e-9, 1e-9, shape)
    inside = np.maximum(1 + shape * excess / scale, TINY)
    return -np.log(scale) - (1 / shape + 1) * np.log(inside)


def with_pareto_tail(exceedances: int) -> Family:
    r"""Return the family with a lognormal body and a generalised Pareto tail over the largest values of a sample.

    Up to the threshold u the distribution is the lognormal F; above it :math:`F(u) + (1 - F(u)) G(x - u)`. The body
    is fitted by maximum likelihood with the values above u counted but not measured (censored), the tail to their
    excesses. The share above u is that of the body (Scarrott and MacDonald 2012, REVSTAT 10:33-60).

    Parameters
    ----------
    exceedances
        Number of values above the threshold, which is the next smaller value of the sample.
    """

    def fit(x: Floats) -> Floats:
        threshold = x[:, -exceedances - 1]
        body = _censored_normal(np.log(x[:, :-exceedances]), np.log(threshold), exceedances)
        excess = np.maximum(x[:, -exceedances:] - threshold[:, None], threshold[:, None] * 1e-9)
        return np.column_stack([body, threshold, pareto_fit(excess)])

    return Family(
        "lognormal with Pareto tail",
        ("mu", "sigma", "threshold", "shape", "scale"),
        5,
        fit,
        _spliced_cdf,
        _spliced_quantile,
        _spliced_log_density,
    )


def _censored_normal(y: Floats, bound: Floats, above: int) -> Floats:
    """Return mean and standard deviation of a normal sample of which `above` values are only known to pass a bound.

    Expectation maximisation (Dempster, Laird and Rubin 1977).
    """
    special = _special()
    n = y.shape[1] + above
    total, squares = y.sum(axis=1), (y**2).sum(axis=1)
    mu, sigma = y.mean(axis=1), np.maximum(y.std(axis=1), LEAST_SIGMA)
    for _ in range(200):
        z = (bound - mu) / sigma
        hazard = np.exp(-0.5 * z**2 - special.log_ndtr(-z)) / np.sqrt(2 * np.pi)
        mean = mu + sigma * hazard
        square = mu**2 + sigma**2 + sigma * hazard * (bound + mu)
        mu = (total + above * mean) / n
        sigma = np.sqrt(np.maximum((squares + above * square) / n - mu**2, LEAST_SIGMA**2))
    return np.stack([mu, sigma], axis=1)


def _spliced_cdf(parameters: Floats, x: Floats) -> Floats:
    threshold = parameters[:, [2]]
    below = _lognormal_cdf(parameters[:, :2], np.minimum(x, threshold))
    return below + (1 - below) * np.where(x > threshold, pareto_cdf(parameters[:, 3:], x - threshold), 0.0)


def _spliced_quantile(parameters: Floats, p: Floats) -> Floats:
    threshold = parameters[:, [2]]
    body = _lognormal_cdf(parameters[:, :2], threshold)
    beyond = np.clip((p - body) / (1 - body), 0.0, 1 - 1e-16)
    tail = threshold + pareto_quantile(parameters[:, 3:], beyond)
    return np.where(p > body, tail, _lognormal_quantile(parameters[:, :2], np.minimum(p, body)))


def _spliced_log_density(parameters: Floats, x: Floats) -> Floats:
    threshold = parameters[:, [2]]
    share = np.log(np.maximum(1 - _lognormal_cdf(parameters[:, :2], threshold), TINY))
    tail = share + _pareto_log_density(parameters[:, 3:], np.maximum(x - threshold, 0.0))
    return np.where(x > threshold, tail, _lognormal_log_density(parameters[:, :2], x))


PLAIN = {family.name: family for family in (LOGNORMAL, GAMMA, WEIBULL)}
"""Families without a threshold, by name."""
