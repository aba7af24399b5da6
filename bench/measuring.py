"""What a measure is: a registered function that yields figures, each with what it is set against."""

from __future__ import annotations

import json
import operator
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

Measure = Callable[[int], Iterator["Figure"]]
SIGNS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Goal:
    """What must hold: of "value" or "ratio", a sign ("<=" or ">=") and a bound."""

    of: str
    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.of} {self.sign} {self.bound:g}"

    def holds(self, value: float, ratio: float | None) -> bool:
        """Whether the figure keeps the goal; a missing ratio does not."""
        found = value if self.of == "value" else ratio
        return found is not None and SIGNS[self.sign](found, self.bound)


@dataclass(frozen=True)
class Timing:
    """Seconds on the wall and of this process's processor time, for the median of several runs."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True)
class Figure:
    """One line: `value` in `unit`, set against `against_value` of `against`, and what it should be."""

    name: str
    value: float
    unit: str
    against: str = ""
    against_value: float | None = None
    goal: Goal | None = None
    timing: Timing | None = None

    def line(self) -> str:
        """The figure as one JSON object. `ratio` is value / against_value; `holds` is null without a goal."""
        ratio = self.value / self.against_value if self.against_value else None
        return json.dumps(
            {
                "name": self.name,
                "value": _short(self.value),
                "unit": self.unit,
                "against": self.against or None,
                "against_value": _short(self.against_value),
                "ratio": _short(ratio),
                "goal": str(self.goal) if self.goal else None,
                "holds": self.goal.holds(self.value, ratio) if self.goal else None,
                "wall_s": _short(self.timing.wall_s) if self.timing else None,
                "cpu_s": _short(self.timing.cpu_s) if self.timing else None,
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True)
class Registered:
    """A measure under its name, with the size it takes when none is asked for."""

    name: str
    size: int
    run: Measure


_measures: dict[str, Registered] = {}


def measure(name: str, *, size: int) -> Callable[[Measure], Measure]:
    """Register a measure: a function of a size that yields figures."""

    def register(run: Measure) -> Measure:
        if name in _measures:
            raise ValueError(f"two measures are called {name}")
        _measures[name] = Registered(name, size, run)
        return run

    return register


def registered() -> dict[str, Registered]:
    """Every measure, by name."""
    return dict(sorted(_measures.items()))


def timed(act: Callable[[], object], *, runs: int = 5) -> Timing:
    """The median of `runs` runs of `act`, after one that warms up."""
    act()
    taken = []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        taken.append(Timing(time.perf_counter() - wall, time.process_time() - cpu))
    return Timing(median(t.wall_s for t in taken), median(t.cpu_s for t in taken))


def once(act: Callable[[], object]) -> Timing:
    """One run, for an act that cannot be repeated."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Timing(time.perf_counter() - wall, time.process_time() - cpu)


def _short(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")
