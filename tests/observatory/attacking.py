"""An attacker: from published sums of unknown numbers, the least and the most each unknown may be. Exact, in rationals.

It knows which numbers a sum adds up and that none is negative; it solves, and knows nothing of how the sums were
chosen.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Unknown = Hashable
Sum = tuple[Mapping[Unknown, int], int]  # coefficients, and what they add up to


@dataclass
class System:
    """Equations reduced once; asked for bounds as often as one likes."""

    unknowns: list[Unknown]
    rows: list[list[Fraction]]  # coefficients, then the right side; independent

    @classmethod
    def of(cls, unknowns: Iterable[Unknown], told: Iterable[Sum]) -> System:
        """The independent ones of these equations."""
        names = list(unknowns)
        rows: list[list[Fraction]] = []
        for coefficients, total in told:
            row = [Fraction(coefficients.get(name, 0)) for name in names] + [Fraction(total)]
            for kept in rows:
                lead = next(at for at, value in enumerate(kept) if value)
                if row[lead]:
                    factor = row[lead] / kept[lead]
                    row = [a - factor * b for a, b in zip(row, kept, strict=True)]
            assert any(row[:-1]) or not row[-1], "the published numbers contradict one another"
            if any(row[:-1]):
                rows.append(row)
        return cls(names, rows)

    def bounds(self, wanted: Iterable[Unknown]) -> tuple[Fraction, Fraction]:
        """The least and the most the sum of `wanted` may be; AssertionError when it has no end."""
        asked = set(wanted)
        aim = [Fraction(name in asked) for name in self.unknowns]
        return -self._most([-value for value in aim]), self._most(aim)

    def _most(self, aim: list[Fraction]) -> Fraction:
        """Simplex in two phases, by Bland's rule (which ends)."""
        count, height = len(self.unknowns), len(self.rows)
        table = []
        for at, row in enumerate(self.rows):
            sign = -1 if row[-1] < 0 else 1
            extra = [Fraction(place == at) for place in range(height)]
            table.append([sign * value for value in row[:-1]] + extra + [sign * row[-1]])
        basis = list(range(count, count + height))
        artificial = [Fraction(0)] * count + [Fraction(-1)] * height
        assert _climb(table, basis, artificial, count + height) == 0, "no numbers fit what was published"
        for at, held in enumerate(basis):  # an artificial unknown left in at 0 gives its place up
            if held >= count:
                _pivot(table, basis, at, next(place for place in range(count) if table[at][place]))
        return _climb(table, basis, aim + [Fraction(0)] * height, count)


def _climb(table: list[list[Fraction]], basis: list[int], aim: list[Fraction], width: int) -> Fraction:
    while True:
        gains = (
            (place, aim[place] - sum(aim[held] * row[place] for held, row in zip(basis, table, strict=True)))
            for place in range(width)
        )
        entering = next((place for place, gain in gains if gain > 0), None)
        if entering is None:
            return sum((aim[held] * row[-1] for held, row in zip(basis, table, strict=True)), Fraction(0))
        limits = [
            (row[-1] / row[entering], basis[at], at) for at, row in enumerate(table) if row[entering] > 0
        ]
        assert limits, "without end"
        _pivot(table, basis, min(limits)[2], entering)


def _pivot(table: list[list[Fraction]], basis: list[int], at: int, entering: int) -> None:
    scale = table[at][entering]
    table[at] = [value / scale for value in table[at]]
    for other, row in enumerate(table):
        if other != at and row[entering]:
            factor = row[entering]
            table[other] = [a - factor * b for a, b in zip(row, table[at], strict=True)]
    basis[at] = entering
