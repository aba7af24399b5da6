"""A whole number of devices shared out in whole numbers: among communes, among quarters of purchase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
CHANCE = 1.645  # standard deviations that leave 5 % on one side


def shared(whole: int, weights: Mapping[K, float]) -> dict[K, int]:
    """`whole` cut by weight, by largest remainders: the parts add up to it. No weight: nothing."""
    total = sum(weights.values())
    if total <= 0 or whole <= 0:
        return {}
    exact = {key: whole * weight / total for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in rest[: whole - sum(parts.values())]:
        parts[key] += 1
    return parts


def interval_of_share(expected: int, low: int, high: int, part: int) -> tuple[int, int]:
    """The interval of a part of what is expected: the whole's own spread, and the chance of where each falls."""
    if expected <= 0:
        return 0, high if part == expected else 0
    share = part / expected
    chance = CHANCE**2 * part * (1 - share)
    below = ((share * (expected - low)) ** 2 + chance) ** 0.5
    above = ((share * (high - expected)) ** 2 + chance) ** 0.5
    return max(0, round(part - below)), round(part + above)
