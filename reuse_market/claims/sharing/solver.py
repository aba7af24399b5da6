"""The integer program of a share, solved objective after objective by HiGHS. Run as a process: JSON in, JSON out.

`python -m reuse_market.claims.sharing.solver` reads {"problem", "limit_ms"} and writes an `Answer`. Each objective
is solved, then kept as a row of the next, so that a later rule never costs an earlier one anything. One thread and
fixed seeds: the same problem gives the same share. What HiGHS says is rounded to integers and weighed again here.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import highspy
import numpy

from reuse_market.claims.sharing.problem import Cell, Problem, luck, possible, tranches, worth

NAME = "HiGHS"
FREE = highspy.kHighsInf
TELLS = 0.5  # objectives are integers: half a unit tells two of them apart
SURE = 0.01  # how far a reduced cost must be beyond the gap before a column is settled by it


class OutOfTime(Exception):
    """The time given is over before the best was proven."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A share: `units` are (claim, line, n), `rules` tell of each claim not served in full which rule decided.

    `status`: optimal (proven for every objective in order), or feasible (time was over: `reached` objectives
    were proven). `why_known`: whether there was time to find every rule.
    """

    status: str
    units: list[tuple[str, int, int]]
    rules: dict[str, str] = field(default_factory=dict)
    reached: int = 0
    why_known: bool = True
    solver: str = NAME
    spent_ms: int = 0


class Program:
    """Columns x[claim, line], y[claim] (has anything), z[claim, step]; one row per limit, one per objective."""

    def __init__(self, problem: Problem, ends: float) -> None:
        self.problem, self.ends = problem, ends
        self.most = {ask.claim: problem.most(ask) for ask in problem.asks}
        self.x: dict[Cell, int] = {}
        self.y: dict[str, int] = {}
        self.z: dict[str, list[int]] = {}
        self.costs: dict[str, list[float]] = {}
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self.total: dict[str, int] = {}  # claim → the row that counts its units
        self.kept: dict[str, int] = {}  # objective → its row
        self._columns()
        self._limits()
        self.highs = self._loaded()

    def _column(self, upper: float, whole: bool = True) -> int:
        self.lower.append(0)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def _columns(self) -> None:
        loads: dict[int, int] = {}
        for ask in self.problem.asks:
            for line, count in sorted(ask.lines.items()):
                most = min(count, self.problem.left.get(line, 0))
                self.x[ask.claim, line] = self._column(most)
            able = self.most[ask.claim] >= max(1, ask.minimum)
            self.y[ask.claim] = self._column(1 if able else 0)
            steps = tranches(ask, self.most[ask.claim])
            self.z[ask.claim] = [self._column(count, whole=False) for count, _load in steps]
            loads |= dict(zip(self.z[ask.claim], (weight for _count, weight in steps), strict=True))
        points = luck(self.problem)
        prices = {
            (ask.claim, line): ask.prices.get(line, 0) for ask in self.problem.asks for line in ask.lines
        }
        self._cost("price", {self.x[cell]: cents for cell, cents in prices.items()})
        self._cost("units", dict.fromkeys(self.x.values(), 1))
        self._cost("fairness", {column: -weight for column, weight in loads.items()})
        self._cost("distance", {self.y[ask.claim]: -ask.km for ask in self.problem.asks})
        self._cost("draw", {self.x[cell]: count for cell, count in points.items()})

    def _cost(self, name: str, weights: dict[int, int]) -> None:
        self.costs[name] = [float(weights.get(column, 0)) for column in range(len(self.upper))]

    def _row(self, low: float, high: float, weights: dict[int, float]) -> int:
        self.rows.append((low, high, weights))
        return len(self.rows) - 1

    def _limits(self) -> None:
        problem = self.problem
        for line, left in sorted(problem.left.items()):
            self._row(-FREE, left, {column: 1 for (_claim, at), column in self.x.items() if at == line})
        for ask in problem.asks:
            own = {self.x[ask.claim, line]: 1.0 for line in ask.lines}
            most, y = self.most[ask.claim], self.y[ask.claim]
            self.total[ask.claim] = self._row(0, most, own)
            self._row(0, 0, own | dict.fromkeys(self.z[ask.claim], -1.0))
            self._row(0, FREE, own | {y: -float(max(1, ask.minimum))})
            self._row(-FREE, 0, own | {y: -float(most)})
        if problem.reserved:
            others = {self.x[a.claim, line]: 1.0 for a in problem.asks if not a.favoured for line in a.lines}
            self._row(-FREE, problem.open_to_all, others)
        for name in problem.objectives():
            weights = {column: cost for column, cost in enumerate(self.costs[name]) if cost}
            self.kept[name] = self._row(-FREE, FREE, weights)

    def _loaded(self) -> highspy.Highs:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.upper), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = numpy.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = numpy.zeros(lp.num_col_), numpy.array(self.upper)
        lp.row_lower_ = numpy.array([low for low, _high, _weights in self.rows])
        lp.row_upper_ = numpy.array([high for _low, high, _weights in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        sizes = [len(weights) for _low, _high, weights in self.rows]
        lp.a_matrix_.start_ = numpy.concatenate([[0], numpy.cumsum(sizes)])
        lp.a_matrix_.index_ = numpy.array([c for _l, _h, weights in self.rows for c in weights])
        lp.a_matrix_.value_ = numpy.array([w for _l, _h, weights in self.rows for w in weights.values()])
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[one] for one in self.whole]
        highs = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0,
                              "mip_abs_gap": 0.9}.items():  # fmt: skip
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        return highs

    def aim(self, objective: str) -> None:
        """What is sought next."""
        columns = numpy.arange(len(self.upper), dtype=numpy.int32)
        self.highs.changeColsCost(len(columns), columns, numpy.array(self.costs[objective]))

    def keep(self, objective: str, value: int | None) -> None:
        """From here on this objective is worth so much at least; None: no matter."""
        self.highs.changeRowBounds(self.kept[objective], -FREE if value is None else value, FREE)

    def run(self, relaxed: bool = False) -> bool:
        """Solve; False when nothing is possible. `relaxed`: in fractions, for a bound. OutOfTime."""
        remaining = self.ends - time.monotonic()
        if remaining <= 0:
            raise OutOfTime
        self.highs.setOptionValue("solve_relaxation", relaxed)
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + remaining)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return True
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        raise OutOfTime

    def given(self) -> dict[Cell, int]:
        """The share found, in whole units."""
        values = self.highs.getSolution().col_value
        return {cell: n for cell, column in self.x.items() if (n := round(values[column]))}

    def best(self, name: str, earlier: dict[str, int]) -> tuple[dict[Cell, int], int]:
        """The share that is best by an objective, and its worth; what can no more be otherwise is settled.

        In fractions first: where that share is a whole one, it is the best. Else branch and bound.
        """
        self.aim(name)
        if not self.run(relaxed=True):
            raise RuntimeError(f"no share keeps the objectives before {name}")
        bound = self.highs.getInfo().objective_function_value
        reduced = numpy.array(self.highs.getSolution().col_dual)
        found = self.given()
        value = self._weighed(found, name, earlier)
        if value is None or value < bound - TELLS:
            if not self.run():
                raise RuntimeError(f"no share keeps the objectives before {name}")
            found = self.given()
            value = self._weighed(found, name, earlier)
        if value is None:
            raise RuntimeError(f"the share found for {name} is not in whole units")
        self._settle(reduced, bound - value)
        return found, value

    def _weighed(self, given: dict[Cell, int], name: str, earlier: dict[str, int]) -> int | None:
        """What a share is worth by an objective, weighed in integers; None when it breaks a limit or an earlier one."""
        if not possible(self.problem, given):
            return None
        told = dict(zip(self.problem.objectives(), worth(self.problem, given), strict=True))
        return told[name] if all(told[one] >= value for one, value in earlier.items()) else None

    def _settle(self, reduced: numpy.ndarray, gap: float) -> None:
        """Columns whose reduced cost is beyond the gap stay at their bound in every share as good as the best."""
        for column in (*self.x.values(), *self.y.values()):
            if self.lower[column] < self.upper[column] and abs(reduced[column]) > gap + SURE:
                at = self.upper[column] if reduced[column] > 0 else self.lower[column]
                self.lower[column] = self.upper[column] = at
                self.highs.changeColBounds(column, at, at)


def solve(problem: Problem, limit_ms: int) -> Answer:
    """The share that is best by each objective in order, and why each claim has no more."""
    began = time.monotonic()
    ends = began + limit_ms / 1000
    program = Program(problem, ends)
    best: dict[Cell, int] = {}
    values: dict[str, int] = {}
    names = problem.objectives()
    try:
        for name in names if problem.asks else ():
            best, values[name] = program.best(name, values)
            program.keep(name, values[name])
    except OutOfTime:
        pass
    done = len(values) == len(names) or not problem.asks
    rules, known = _rules(problem, ends, best, values) if done else ({}, False)
    units = [(claim, line, count) for (claim, line), count in sorted(best.items())]
    spent = int(1000 * (time.monotonic() - began))
    return Answer("optimal" if done else "feasible", units, rules, len(values), known, spent_ms=spent)


def _rules(
    problem: Problem, ends: float, best: dict[Cell, int], values: dict[str, int]
) -> tuple[dict[str, str], bool]:
    """Of each claim not served in full, which rule decided; whether there was time for all.

    It is the first objective that one unit more for it (its minimum, where it has nothing) would cost something,
    were the others who obtain still to obtain. "stock": it has all it can; "limit": no share gives it more, within
    the reserved share and the others' minimums.
    """
    has = {a.claim: sum(best.get((a.claim, line), 0) for line in a.lines) for a in problem.asks}
    waiting = [a.claim for a in problem.asks if has[a.claim] < sum(a.lines.values())]
    told: dict[str, str] = {}
    try:
        program = Program(problem, ends)
        for claim, column in program.y.items():
            able = program.upper[column] > 0
            if has[claim] >= program.most[claim] or not able:
                told[claim] = "stock"
            program.highs.changeColBounds(column, int(has[claim] > 0), int(has[claim] > 0))
        for name, value in values.items():
            program.aim(name)
            for claim in waiting:
                if claim not in told and (rule := _rule(program, claim, has[claim], name, value)):
                    told[claim] = "limit" if rule == "limit" and name == next(iter(values)) else name
            program.keep(name, value)
    except OutOfTime:
        return {claim: rule for claim, rule in told.items() if claim in waiting}, False
    return {claim: told.get(claim, "draw") for claim in waiting}, True


def _rule(program: Program, claim: str, has: int, name: str, value: int) -> str | None:
    """Whether an objective loses by one more unit for a claim: its name; "limit" when that cannot be; else None."""
    highs, row, y = program.highs, program.total[claim], program.y[claim]
    highs.changeRowBounds(row, has + 1, program.most[claim])
    highs.changeColBounds(y, 1, 1)
    try:
        if not program.run(relaxed=True):
            return "limit"
        return name if highs.getInfo().objective_function_value < value - TELLS else None
    finally:
        highs.changeRowBounds(row, 0, program.most[claim])
        highs.changeColBounds(y, int(has > 0), int(has > 0))


def main() -> None:
    """Read a problem, write its answer."""
    asked: dict[str, Any] = json.load(sys.stdin)
    answer = solve(Problem.of_json(asked["problem"]), int(asked["limit_ms"]))
    json.dump(asdict(answer), sys.stdout)


if __name__ == "__main__":
    main()
