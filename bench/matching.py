"""Needs served season after season: what the online allocation serves against the optimum that knows all of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.measuring import Figure, Goal, measure
from reuse_market.reservations.needs.allocating import Claimant, allocate
from reuse_market.reservations.needs.matching import Supply, Wanted, fits

ENOUGH = Goal("ratio", ">=", 0.95)
NONE = Goal("value", "<=", 0)
KINDS = ("laptop", "desktop", "monitor")
WEEKS = 52
LONGEST = 16  # weeks a need may wait
START = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class Season:
    """Supplies by the week they are ready, needs by the week they are posted, and what each structure may get."""

    supplies: tuple[tuple[int, Supply], ...]
    needs: tuple[tuple[int, Claimant], ...]
    ceilings: dict[tuple[str, str], int]


def season(seed: int, weeks: int = WEEKS) -> Season:
    """A year: two lots and three needs a week or so, minimums, days, prices, ceilings that bind for some."""
    chance = random.Random(seed)  # noqa: S311 - a measure
    scarce = chance.choice([0.5, 0.8, 1.0, 1.4])
    supplies, needs = [], []
    for week in range(weeks):
        for number in range(chance.choice([0, 1, 2, 3, 4])):
            kind = chance.choices(KINDS, (5, 3, 2))[0]
            units = max(1, int(chance.choice([3, 8, 15, 30, 60]) * scarce))
            supplies.append((week, Supply(
                "ready", f"S{week:02}-{number}", kind, units, ram_mb=chance.choice([4096, 8192, 8192, 16_384]),
                storage_mb=chance.choice([128_000, 256_000, 512_000]), screen_tenths=chance.choice([130, 140, 156]),
                price_cents=chance.choice([0, 0, 5_000, 15_000]),
            )))  # fmt: skip
        for number in range(chance.choice([1, 2, 3, 4, 5])):
            wanted = Wanted(
                chance.choices(KINDS, (5, 3, 2))[0], chance.choice([1, 3, 5, 10, 20, 40]),
                ram_mb=chance.choice([None, None, 4096, 8192, 16_384]),
                storage_mb=chance.choice([None, None, 256_000]),
                screen_tenths=chance.choice([None, None, None, 140]),
                wanted_by=START + timedelta(weeks=week + chance.choice([1, 2, 4, 8, LONGEST])),
                max_price_cents=chance.choice([None, None, 0, 10_000]),
            )  # fmt: skip
            needs.append((week, Claimant(f"N{week:02}-{number}", wanted, f"O{chance.randrange(25):02}")))
    ceilings = {(f"O{one:02}", kind): chance.choice([10, 40, 80, 200]) for one in range(25) for kind in KINDS}
    return Season(tuple(supplies), tuple(needs), ceilings)


def online(one: Season, seed: int = 0) -> tuple[int, dict[tuple[str, str], int]]:
    """(devices served, by structure and kind), each week's share made knowing nothing of the weeks to come."""
    stock = {supply.key: 0 for _week, supply in one.supplies}
    left = {need.key: need.wanted.units for _week, need in one.needs}
    got: dict[tuple[str, str], int] = {}
    known = {supply.key: supply for _week, supply in one.supplies}
    asked = {need.key: need for _week, need in one.needs}
    for week in range(max(week for week, _need in one.needs) + LONGEST + 1):
        today = START + timedelta(weeks=week)
        for born, supply in one.supplies:
            stock[supply.key] += supply.units if born == week else 0
        waiting = [
            replace(need, wanted=replace(need.wanted, units=left[need.key]))
            for born, need in one.needs
            if born <= week and left[need.key] and (need.wanted.wanted_by or today) >= today
        ]
        there = [replace(known[key], units=units) for key, units in stock.items() if units]
        rooms = {key: most - got.get(key, 0) for key, most in one.ceilings.items()}
        for given in allocate(waiting, there, rooms, seed=seed, on=today):
            need = asked[given.need]
            owner = (need.structure, need.wanted.kind)
            stock[given.supply] -= given.units
            left[given.need] -= given.units
            got[owner] = got.get(owner, 0) + given.units
    return sum(got.values()), got


def optimum(one: Season) -> int:
    """The most devices that could be served knowing the whole season: an integer program, solved by HiGHS."""
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    rows: dict[tuple[str, ...], list[int]] = {}
    most: dict[tuple[str, ...], int] = {}
    count = 0
    key: tuple[str, ...]
    for _posted, need in one.needs:
        for born, supply in one.supplies:
            if _possible(need, born, supply):
                owner = ("ceiling", need.structure, need.wanted.kind)
                for key, limit in ((("need", need.key), need.wanted.units), (("supply", supply.key), supply.units),
                                   (owner, one.ceilings[need.structure, need.wanted.kind])):  # fmt: skip
                    rows.setdefault(key, []).append(count)
                    most[key] = limit
                highs.addVar(0, highspy.kHighsInf)
                highs.changeColIntegrality(count, highspy.HighsVarType.kInteger)
                highs.changeColCost(count, -1)
                count += 1
    for key, columns in rows.items():
        highs.addRow(-highspy.kHighsInf, most[key], len(columns), columns, [1.0] * len(columns))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError("the optimum of a season is not known")
    return -round(highs.getObjectiveValue()) if count else 0


def _possible(need: Claimant, born: int, supply: Supply) -> bool:
    """Whether some week serves it: the supply is there by the day the need ends."""
    in_time = START + timedelta(weeks=born) <= (need.wanted.wanted_by or date.max)
    fitting = supply.kind == need.wanted.kind and not any(one.blocks for one in fits(need.wanted, supply))
    return in_time and fitting


def compared(seeds: Sequence[int], weeks: int = WEEKS) -> tuple[list[tuple[int, int]], int]:
    """[(served online, at best)] a season, and how many ceilings were passed."""
    found, passed = [], 0
    for seed in seeds:
        one = season(seed, weeks)
        served, got = online(one)
        passed += sum(units > one.ceilings[key] for key, units in got.items())
        found.append((served, optimum(one)))
    return found, passed


@measure("matching", size=40)
def matching(size: int) -> Iterator[Figure]:
    """`size` simulated years: what is served online against the optimum that knows the whole year."""
    found, passed = compared(range(size))
    served, best = sum(one for one, _best in found), sum(best for _one, best in found)
    worst = min(one / best for one, best in found if best)
    yield Figure("matching-served", served, "devices", "offline optimum", best, goal=ENOUGH)
    yield Figure("matching-worst-season", round(worst, 3), "of the optimum, the worst season")
    yield Figure("matching-ceilings-passed", passed, "ceilings", goal=NONE)
