"""What is believed of a kind before any discard is seen: curves of renewal around the age rule.

A curve is a rate per quarter of age: low before the age of renewal (losses, breakdowns), rising around it to
a height that says how strictly the rule is kept. Which curve holds is not known: each has a weight, and the
discards observed change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp

OLDEST = 90  # quarters; whatever is older is taken as that old
_PLACES = ((0.75, 1), (0.87, 2), (1.0, 5), (1.13, 3), (1.3, 2), (1.6, 1))  # age of renewal / rule, weight
_SPREADS = ((0.4, 2), (1.5, 2), (4.0, 2))  # quarters over which the rate rises
_HEIGHTS = ((0.12, 1), (0.4, 2), (1.5, 2))  # rate of those past the age
_LOSSES = ((0.002, 1), (0.012, 1))  # rate of those before it


@dataclass(frozen=True, slots=True)
class Curve:
    """A rate per quarter for each age in quarters (0 to OLDEST), and the weight of the curve."""

    rates: tuple[float, ...]
    weight: float


@cache
def curves(rule: int) -> tuple[Curve, ...]:
    """The curves around an age of renewal of `rule` quarters; the weights sum to 1."""
    found = [
        (_rates(rule * place, spread, height, loss), float(often * a * b * c))
        for place, often in _PLACES
        for spread, a in _SPREADS
        for height, b in _HEIGHTS
        for loss, c in _LOSSES
    ]
    total = sum(weight for _, weight in found)
    return tuple(Curve(rates, weight / total) for rates, weight in found)


def _rates(centre: float, spread: float, height: float, loss: float) -> tuple[float, ...]:
    return tuple(
        loss + height / (1 + exp(min(50.0, (centre - age - 0.5) / spread))) for age in range(OLDEST + 1)
    )
