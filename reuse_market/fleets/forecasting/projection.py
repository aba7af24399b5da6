"""The coming quarters, drawn many times over: each draw is a possible truth and what chance makes of it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from random import Random

from reuse_market.fleets.forecasting.curves import OLDEST
from reuse_market.fleets.forecasting.survival import SHAPE, Fitted

HORIZON = 12
DRAWS = 300
_LIKELY = 90  # per cent of the draws inside the interval


@dataclass(frozen=True, slots=True)
class Expected:
    """Devices released in a quarter: the mean, and the shortest interval that holds 90 % of the draws."""

    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A quarter: `model` what the fleet alone foretells, `total` once a bigger announcement replaces it."""

    model: Expected
    total: Expected


def project(
    fitted: Fitted, in_use: Mapping[int, int], *, now: int, seed: int, left: int = 1000,
    announced: Sequence[int] = (), draws: int = DRAWS,
) -> list[Cell]:  # fmt: skip
    """HORIZON quarters from `now` on, of which `left` thousandths are still to come.

    `in_use`: bought quarter → devices. `announced`: devices per quarter of the horizon; one bigger than the
    model's figure replaces it, and takes the oldest, so that they are not counted again later.
    """
    chance = Random(seed)  # noqa: S311 - draws of a model, no secret
    plans = [*announced, *([0] * HORIZON)][:HORIZON]
    stock = _by_age(in_use, now)
    if not stock:
        return [Cell(_certain(0), _certain(plan)) for plan in plans]
    models: list[list[int]] = [[] for _ in range(HORIZON)]
    ends = list(accumulate(curve.weight for curve in fitted.curves))
    for _ in range(draws):
        truth = fitted.curves[min(bisect(ends, chance.random() * ends[-1]), len(ends) - 1)]
        rates = _drawn_rates(fitted, truth.rates, stock, chance)
        pressures = _pressures(fitted, now, left, chance)
        for step, count in enumerate(_one_future(stock, rates, pressures, plans, chance)):
            models[step].append(count)
    return [
        Cell(_summed_up(drawn), _summed_up([max(count, plan) for count in drawn]))
        for drawn, plan in zip(models, plans, strict=True)
    ]


def mean_release(fitted: Fitted, in_use: Mapping[int, int], now: int) -> list[float]:
    """The mean of each quarter, without chance nor plans: what communes are compared by."""
    rates, stock, told = fitted.rates(), [(age, float(n)) for age, n in _by_age(in_use, now)], []
    for step in range(HORIZON):
        shape, rate = fitted.seasons[(now + step) % 4]
        gone = [n * (1 - exp(-rates[min(age + step, OLDEST)] * shape / rate)) for age, n in stock]
        told.append(sum(gone))
        stock = [(age, n - g) for (age, n), g in zip(stock, gone, strict=True)]
    return told


def _by_age(in_use: Mapping[int, int], now: int) -> list[tuple[int, int]]:
    ages: dict[int, int] = {}
    for bought, count in in_use.items():
        age = min(max(now - bought, 0), OLDEST)
        ages[age] = ages.get(age, 0) + count
    return sorted(ages.items(), reverse=True)  # the oldest first


def _drawn_rates(
    fitted: Fitted, curve: Sequence[float], stock: Sequence[tuple[int, int]], chance: Random
) -> dict[int, float]:
    wanted = sorted({min(age + step, OLDEST) for age, _ in stock for step in range(HORIZON)})
    return {
        age: chance.gammavariate(SHAPE + fitted.discards[age], 1.0)
        / (SHAPE / curve[age] + fitted.exposure[age])
        for age in wanted
    }


def _pressures(fitted: Fitted, now: int, left: int, chance: Random) -> list[float]:
    """What multiplies the rates in each quarter: what is not known of the whole, season, wave, time left."""
    level = chance.gammavariate(1 / fitted.level, fitted.level)
    seasons = [chance.gammavariate(shape, 1 / rate) for shape, rate in fitted.seasons]
    wave = fitted.wave * fitted.wave_trust / max(chance.gammavariate(fitted.wave_trust / 2, 2.0), 0.2)
    wave = min(wave, 8.0)
    return [
        level * seasons[(now + step) % 4] * chance.gammavariate(1 / wave, wave)
        * (left / 1000 if step == 0 else 1)
        for step in range(HORIZON)
    ]  # fmt: skip


def _one_future(
    stock: Sequence[tuple[int, int]], rates: Mapping[int, float], pressures: Sequence[float],
    plans: Sequence[int], chance: Random,
) -> list[int]:  # fmt: skip
    """Devices the model releases in each quarter of one draw; a bigger plan takes the oldest with it."""
    ages = [age for age, _ in stock]
    left = [float(count) for _, count in stock]
    counts = []
    for step, pressure in enumerate(pressures):
        going = [
            n * (1 - exp(-rates[age + step if age + step < OLDEST else OLDEST] * pressure))
            for age, n in zip(ages, left, strict=True)
        ]
        mean = sum(going)
        spread = sum(g * (1 - g / n) for g, n in zip(going, left, strict=True) if n > 0)
        count = _happens(mean, spread, sum(left), chance)
        counts.append(count)
        ratio = count / mean if mean > 0 else 0.0
        left = [max(0.0, n - g * ratio) for g, n in zip(going, left, strict=True)]
        if plans[step] > count:
            left = _oldest_taken(left, plans[step] - count)
    return counts


def _oldest_taken(left: list[float], many: float) -> list[float]:
    told = []
    for n in left:
        taken = min(n, many)
        many -= taken
        told.append(n - taken)
    return told


def _happens(mean: float, variance: float, most: float, chance: Random) -> int:
    """One count of this mean and variance (that of many devices each with its own chance), at most `most`."""
    if mean <= 0:
        return 0
    if variance > 12:
        return int(min(max(0, round(chance.gauss(mean, variance**0.5))), most))
    share = min(1.0, 1 - variance / mean)
    if share < 0.15:
        return min(_poisson(mean, chance), round(most))
    tries = mean / share
    whole = int(tries) + (chance.random() < tries - int(tries))
    return min(sum(chance.random() < share for _ in range(whole)), round(most))


def _poisson(mean: float, chance: Random) -> int:
    count, left = 0, exp(-mean)
    product = chance.random()
    while product > left:
        count += 1
        product *= chance.random()
    return count


def _certain(count: int) -> Expected:
    return Expected(count, count, count)


def _summed_up(drawn: Sequence[int]) -> Expected:
    values = sorted(drawn)
    inside = -(-len(values) * _LIKELY // 100)
    width, at = min((values[i + inside - 1] - values[i], i) for i in range(len(values) - inside + 1))
    return Expected(round(sum(values) / len(values)), values[at], values[at] + width)
