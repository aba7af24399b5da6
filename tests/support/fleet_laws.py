"""Fleets simulated under known laws of renewal, and the back-test of the forecast on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from reuse_market.fleets.forecasting import HORIZON, Group, fit, project

NOW = 2026 * 4
LONG_AGO = NOW - 72  # quarters before the first look, for the ages to settle
LAWS = ("age limit", "weibull", "waves")
Goes = Callable[[int, int], float]  # age and quarter → probability to go in it


@dataclass(frozen=True)
class Holder:
    """A simulated holder: what is seen of it at NOW, its age rule, and what its devices then do."""

    law: str
    rule: int  # quarters
    size: int
    seen_for: int  # quarters of history
    groups: list[Group]
    truth: list[int]  # devices in use at NOW that go, by quarter

    @property
    def in_use(self) -> dict[int, int]:
        """Bought quarter → devices."""
        told: Counter[int] = Counter()
        for group in self.groups:
            if group.gone is None:
                told[group.bought] += group.count
        return dict(told)


@dataclass(frozen=True)
class Score:
    """How a forecast did on one holder: absolute errors in devices, quarters inside their interval."""

    law: str
    gone: int
    error: int
    naive_error: int
    inside: int
    told: int  # quarters in which something was expected or happened

    @property
    def relative_error(self) -> float:
        """Its error per device gone: each holder weighs the same, big or small."""
        return self.error / max(self.gone, 1)

    @property
    def relative_naive(self) -> float:
        """The age rule's."""
        return self.naive_error / max(self.gone, 1)


def holder(law: str, seed: int) -> Holder:
    """A holder whose devices go by `law`, replaced as they go; size, age rule and history drawn from `seed`."""
    chance = Random(seed)  # noqa: S311 – a seeded draw, no secret
    rule, size = chance.choice((12, 16, 20, 24)), chance.choice((80, 300, 1000, 3000))
    seen_for = chance.choice((8, 12, 20))
    goes = _law(law, rule, chance)
    first_seen = NOW - seen_for
    bought = _first_purchases(size, rule, chance)
    groups: Counter[tuple[int, int, int | None]] = Counter()
    truth = [0] * HORIZON
    for quarter in range(LONG_AGO, NOW + HORIZON):
        leaving: Counter[int] = Counter()
        for when, count in list(bought.items()):
            gone = _binomial(count, goes(quarter - when, quarter), chance)
            if gone:
                leaving[when] = gone
                bought[when] -= gone
                bought = +bought
        if quarter < NOW:
            if quarter >= first_seen:
                for when, gone in leaving.items():
                    groups[when, max(when, first_seen), quarter] += gone
            bought[quarter] += leaving.total()
        else:
            truth[quarter - NOW] = leaving.total()
        if quarter == NOW - 1:
            for when, count in bought.items():
                groups[when, max(when, first_seen), None] += count
    told = [Group(b, s, g, n) for (b, s, g), n in sorted(groups.items(), key=str)]
    return Holder(law, rule, size, seen_for, told, truth)


def score(one: Holder, seed: int) -> Score:
    """The forecast of this holder against what happened, and the naive age rule's beside it."""
    fitted = fit(one.groups, now=NOW, rule=one.rule)
    cells = project(fitted, one.in_use, now=NOW, seed=seed)
    naive = age_rule(one)
    pairs = list(zip(cells, one.truth, strict=True))
    told = [(c.model, n) for c, n in pairs if n or c.model.expected]
    return Score(
        one.law, sum(one.truth),
        sum(abs(c.model.expected - n) for c, n in pairs),
        sum(abs(a - n) for a, n in zip(naive, one.truth, strict=True)),
        sum(m.low <= n <= m.high for m, n in told), len(told),
    )  # fmt: skip


def age_rule(one: Holder) -> list[int]:
    """Every device goes in the quarter it reaches the age of the rule; those past it, at once."""
    told = [0] * HORIZON
    for bought, count in one.in_use.items():
        step = max(bought + one.rule - NOW, 0)
        if step < HORIZON:
            told[step] += count
    return told


def scores(law: str, holders: int, seed: int) -> Iterator[Score]:
    """The scores of so many holders under a law, each from its own seed."""
    for place in range(holders):
        yield score(holder(law, seed + place), seed + place)


def _law(law: str, rule: int, chance: Random) -> Goes:
    loss = chance.uniform(0.002, 0.012)
    if law == "age limit":
        late = chance.uniform(0.05, 0.5)  # share of those at the limit that wait a quarter more
        return lambda age, _: loss if age < rule else 1 - late
    if law == "weibull":
        shape, scale = chance.uniform(2, 5), rule * chance.uniform(0.95, 1.3)
        return lambda age, _: 1 - 2.718281828 ** ((age / scale) ** shape - ((age + 1) / scale) ** shape)
    budget = chance.randrange(4)  # the quarter of the year in which campaigns are run
    shares = {
        year: chance.uniform(0.4, 1.0) if chance.random() < 0.8 else 0.0
        for year in range(LONG_AGO // 4, NOW // 4 + HORIZON // 4 + 1)
    }
    early = chance.choice((0, 2, 4))
    return lambda age, t: max(loss, shares[t // 4]) if t % 4 == budget and age >= rule - early else loss


def _first_purchases(size: int, rule: int, chance: Random) -> Counter[int]:
    """Devices bought over the age of the rule, some in big batches."""
    told: Counter[int] = Counter()
    left = size
    while left:
        batch = min(left, max(1, round(size * chance.choice((0.01, 0.02, 0.05, 0.15)))))
        told[LONG_AGO - 1 - chance.randrange(rule)] += batch
        left -= batch
    return told


def _binomial(count: int, share: float, chance: Random) -> int:
    return sum(chance.random() < share for _ in range(count)) if count < 60 else _many(count, share, chance)


def _many(count: int, share: float, chance: Random) -> int:
    spread = (count * share * (1 - share)) ** 0.5
    if spread < 3:
        return sum(chance.random() < share for _ in range(count))
    return min(count, max(0, round(chance.gauss(count * share, spread))))
