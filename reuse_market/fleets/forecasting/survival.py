"""The age at discard, learned from the discards of a holder and from what is still in use.

The rate of discard in a quarter is: rate of the age × season × wave. Ages: a Gamma prior around each curve of
curves.py, updated by the device-quarters at risk (a device counts from the quarter after it was first seen:
left truncation; until it goes or today: right censoring). Seasons: the four quarters of the year. Waves: what
makes whole quarters big or small together, a Gamma of mean 1 whose variance is learned too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma, log

from reuse_market.fleets.forecasting.curves import OLDEST, Curve, curves

SHAPE = 3.0  # of the prior of each age: its rate is within about 60 % of the curve's
SEASON = 0.6  # of a Gamma of mean 1: how little is believed of "no season"
WAVE, WAVE_TRUST = 0.06, 1.0  # variance of waves before any is seen, and the quarters that it is worth
ROUNDS = 12
_LEVEL = 0.005  # variance of what all ages share, before any discard is seen


@dataclass(frozen=True, slots=True)
class Group:
    """Devices bought in one quarter, first seen in one, gone in one (None: still in use)."""

    bought: int
    seen: int
    gone: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learned. `discards` and `exposure` by age; `seasons` as (shape, rate) of four Gammas."""

    curves: tuple[Curve, ...]  # reweighted
    discards: tuple[float, ...]
    exposure: tuple[float, ...]
    seasons: tuple[tuple[float, float], ...]
    wave: float  # variance of a quarter's wave
    wave_trust: float  # degrees of freedom behind it
    level: float  # variance of what all ages share, known from few quarters only
    events: int

    def rates(self) -> list[float]:
        """The mean rate of each age, seasons and waves apart."""
        return _means(self.curves, self.discards, self.exposure)


def half_gone(fitted: Fitted) -> int | None:
    """The age in quarters by which half the devices have gone; None when fewer ever do."""
    kept = [(curve.weight, 1.0, curve.rates) for curve in fitted.curves if curve.weight > 1e-4]
    for age in range(OLDEST + 1):
        d, x = fitted.discards[age], fitted.exposure[age]
        kept = [(w, left * exp(-(SHAPE + d) / (SHAPE / rates[age] + x)), rates) for w, left, rates in kept]
        if sum(w * left for w, left, _ in kept) <= sum(w for w, _, _ in kept) / 2:
            return age
    return None


class _History:
    """Device-quarters at risk and discards, by age and quarter."""

    def __init__(self, groups: Iterable[Group], now: int) -> None:
        at_risk: dict[tuple[int, int], list[int]] = {}
        for group in groups:
            last = now - 1 if group.gone is None else min(group.gone, now - 1)
            for quarter in range(max(group.seen + 1, group.bought), last + 1):
                cell = at_risk.setdefault((min(quarter - group.bought, OLDEST), quarter), [0, 0])
                cell[0] += group.count
                if quarter == group.gone:
                    cell[1] += group.count
        self.cells = [(age, quarter, n, d) for (age, quarter), (n, d) in sorted(at_risk.items())]
        self.quarters = sorted({quarter for _, quarter, _, _ in self.cells})
        self.gone = dict.fromkeys(self.quarters, 0)
        self.by_age = [0.0] * (OLDEST + 1)
        for age, quarter, _, d in self.cells:
            self.gone[quarter] += d
            self.by_age[age] += d


def fit(groups: Iterable[Group], *, now: int, rule: int) -> Fitted:
    """What the past teaches: `groups` seen until the quarter `now` (itself left out), age rule in quarters."""
    past = _History(groups, now)
    prior = curves(rule)
    none = [0.0] * (OLDEST + 1)
    believed, exposure, rates = prior, none, _means(prior, none, none)
    seasons = [(SEASON, SEASON)] * 4
    wave, trust = WAVE, WAVE_TRUST
    waves = dict.fromkeys(past.quarters, 1.0)
    level = _LEVEL
    for _ in range(ROUNDS if past.cells else 0):
        expected = _expected(past, rates, seasons, waves)
        seasons = _seasons(past, expected, wave)
        mean = {t: expected[t] * _mean(seasons[t % 4]) for t in past.quarters}
        wave, trust = _wave(past, mean)
        waves = {t: (1 / wave + past.gone[t]) / (1 / wave + mean[t]) for t in past.quarters}
        exposure = _exposure(past, rates, seasons, waves)
        believed = _reweighted(prior, past.by_age, exposure)
        rates = _means(believed, past.by_age, exposure)
        level = 1 / (1 / _LEVEL + sum(mean[t] / (1 + wave * mean[t]) for t in past.quarters))
    return Fitted(
        believed, tuple(past.by_age), tuple(exposure), tuple(seasons), wave, trust, level,
        sum(past.gone.values()),
    )  # fmt: skip


def _mean(gamma: tuple[float, float]) -> float:
    return gamma[0] / gamma[1]


def _lived(rate: float) -> float:
    """Of a quarter, what a device lives that is at this rate: those that go do not live it all."""
    return (1 - exp(-rate)) / rate if rate > 1e-6 else 1.0


def _expected(
    past: _History, rates: list[float], seasons: list[tuple[float, float]], waves: dict[int, float]
) -> dict[int, float]:
    """Discards expected in each quarter by the ages present, season and wave apart."""
    told = dict.fromkeys(past.quarters, 0.0)
    for age, quarter, n, _ in past.cells:
        there = _mean(seasons[quarter % 4]) * waves[quarter]
        told[quarter] += n * rates[age] * _lived(rates[age] * there)
    return told


def _exposure(
    past: _History, rates: list[float], seasons: list[tuple[float, float]], waves: dict[int, float]
) -> list[float]:
    told = [0.0] * (OLDEST + 1)
    for age, quarter, n, _ in past.cells:
        there = _mean(seasons[quarter % 4]) * waves[quarter]
        told[age] += n * there * _lived(rates[age] * there)
    return told


def _seasons(past: _History, expected: dict[int, float], wave: float) -> list[tuple[float, float]]:
    found = [[SEASON, SEASON] for _ in range(4)]
    for quarter in past.quarters:
        trust = 1 / (1 + wave * expected[quarter])
        found[quarter % 4][0] += past.gone[quarter] * trust
        found[quarter % 4][1] += expected[quarter] * trust
    middle = sum(shape / rate for shape, rate in found) / 4
    return [(shape, rate * middle) for shape, rate in found]


def _wave(past: _History, mean: dict[int, float]) -> tuple[float, float]:
    """The variance of waves and its degrees of freedom: how far quarters stray beyond chance."""
    total, trust = WAVE * WAVE_TRUST, WAVE_TRUST
    for quarter in past.quarters:
        there = mean[quarter]
        if there <= 0:
            continue
        known = (there * 0.3 / (1 + there * 0.3)) ** 2
        stray = ((past.gone[quarter] - there) ** 2 - there) / there**2
        total += known * stray
        trust += known
    return min(max(total / trust, 0.005), 6.0), trust


def _reweighted(prior: tuple[Curve, ...], discards: list[float], exposure: list[float]) -> tuple[Curve, ...]:
    """Each curve's weight by how well it foretold the discards of every age (Gamma-Poisson evidence)."""
    ages = [age for age in range(OLDEST + 1) if exposure[age] > 0 or discards[age]]
    gains = {age: lgamma(SHAPE + discards[age]) for age in ages}
    logs = []
    for curve in prior:
        told = log(curve.weight)
        for age in ages:
            rate = SHAPE / curve.rates[age]
            told += gains[age] + SHAPE * log(rate) - (SHAPE + discards[age]) * log(rate + exposure[age])
        logs.append(told)
    best = max(logs)
    weights = [exp(one - best) for one in logs]
    total = sum(weights)
    return tuple(Curve(c.rates, w / total) for c, w in zip(prior, weights, strict=True))


def _means(believed: tuple[Curve, ...], discards: Iterable[float], exposure: Iterable[float]) -> list[float]:
    kept = [curve for curve in believed if curve.weight > 1e-4]
    return [
        sum(c.weight * (SHAPE + d) / (SHAPE / c.rates[age] + x) for c in kept) / sum(c.weight for c in kept)
        for age, (d, x) in enumerate(zip(discards, exposure, strict=True))
    ]
