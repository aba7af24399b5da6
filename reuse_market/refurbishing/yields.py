"""The workshop in figures: what waits for what and since when, units an hour, what succeeds. Integers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.erasure.words import TO_CHECK
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.refurbishing import grading
from reuse_market.refurbishing.locks import queries as locks
from reuse_market.refurbishing.models import TestRun
from reuse_market.refurbishing.queries import Case, cases
from reuse_market.traceability.models import Event, EventRange, EventUnit
from reuse_market.units.models import Unit
from reuse_market.units.shipping import open_shipments

WAITS = (
    "shipment", "intake", "signature", "owner", "lock", "tests", "repair", "erasure", "check", "offer", "removal",
)  # fmt: skip
AGES = ((0, 7), (8, 30), (31, 90), (91, None))  # days, both ends counted
STOCK = ("collected", "in_workshop", "waste")
CAME = (
    "workshop.received",
    "shipment.received",
    "pickup.done",
    "pickup.taken",
    "unit.extra",
    "unit.waste-declared",
)
MOST = 20_000
DAYS = 30
BATCH = 500


@dataclass(frozen=True, slots=True)
class Wait:
    """Units that wait for one thing: how many, by age bucket (AGES), and the days of the oldest."""

    code: str
    units: int
    ages: tuple[int, ...]
    oldest: int


@dataclass(frozen=True, slots=True)
class Day:
    """A civil day: units tested, made ready, and in how many different hours somebody worked."""

    day: date
    tested: int
    ready: int
    hours: int

    @property
    def per_hour_tenths(self) -> int:
        """Units made ready an hour worked, in tenths."""
        return (self.ready * 10 + self.hours // 2) // self.hours if self.hours else 0


@dataclass(frozen=True, slots=True)
class Success:
    """First tests of a model in this workshop, and how many passed."""

    name: str
    kind: str
    tested: int
    passed: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded half up."""
        return (200 * self.passed + self.tested) // (2 * self.tested) if self.tested else 0


def waits(custodian_id: int) -> list[Wait]:
    """What each unit of the stock waits for first, in the order of WAITS. A unit counts once."""
    statement = (
        sa.select(Unit.id).where(Unit.custodian_id == custodian_id, Unit.state.in_(STOCK))
        .order_by(Unit.id).limit(MOST)
    )  # fmt: skip
    ids = list(session().scalars(statement))
    units: Counter[str] = Counter()
    ages: dict[str, list[int]] = {code: [0] * len(AGES) for code in WAITS}
    oldest: Counter[str] = Counter()
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        held, since, sent = locks.of_units(part), _since(part), open_shipments(part)
        for case in cases(part):
            code = "shipment" if case.unit.id in sent else _waits_for(case, bool(held.get(case.unit.id)))
            age = _days(since.get(case.unit.id))
            units[code] += 1
            ages[code][_bucket(age)] += 1
            oldest[code] = max(oldest[code], age)
    return [Wait(code, units[code], tuple(ages[code]), oldest[code]) for code in WAITS]


def days(custodian_id: int, number: int = DAYS) -> list[Day]:
    """The last days on which somebody tested or made ready, the latest first."""
    begin = clock.at_paris(clock.today() - timedelta(days=number - 1))
    statement = (
        sa.select(Event.type, Event.occurred_at, EventUnit.unit_id)
        .join(EventUnit, EventUnit.event_id == Event.id)
        .where(Event.type.in_(("unit.tested", "unit.ready")), Event.occurred_at >= begin)
        .where(Event.organisation_id == custodian_id)
    )
    tested: Counter[date] = Counter()
    ready: Counter[date] = Counter()
    hours: set[tuple[date, int]] = set()
    for kind, at, _unit in session().execute(statement):
        local = at.astimezone(clock.PARIS)
        (ready if kind == "unit.ready" else tested)[local.date()] += 1
        hours.add((local.date(), local.hour))
    worked = Counter(day for day, _hour in hours)
    return [Day(day, tested[day], ready[day], worked[day]) for day in sorted(worked, reverse=True)]


def success(custodian_id: int, most: int = 30) -> list[Success]:
    """By model: first tests of units here, and how many passed at once; the most tested first."""
    first = (
        sa.select(sa.func.min(TestRun.id).label("id"))
        .where(TestRun.organisation_id == custodian_id)
        .group_by(TestRun.unit_id)
        .subquery()
    )
    passed = sa.func.sum(sa.case((TestRun.passed.is_(True), 1), else_=0))
    number = sa.func.count(TestRun.id)
    statement = (
        sa.select(Unit.model_id, Unit.kind, number, passed)
        .select_from(TestRun)
        .join(first, first.c.id == TestRun.id)
        .join(Unit, Unit.id == TestRun.unit_id)
        .group_by(Unit.model_id, Unit.kind)
        .order_by(number.desc(), Unit.kind, Unit.model_id)
        .limit(most)
    )
    found = session().execute(statement).all()
    models = equipment.models(sorted({row[0] for row in found if row[0] is not None}))
    return [
        Success(
            f"{models[model_id].maker} {models[model_id].name}".strip() if model_id in models else "",
            kind, int(tested), int(good or 0),
        )
        for model_id, kind, tested, good in found
    ]  # fmt: skip


def _waits_for(case: Case, locked: bool) -> str:
    if case.unit.state == "collected":
        return "intake"
    if case.unit.state == "waste":
        return "removal"
    codes = {reason.code for reason in case.missing}
    if locked:
        return "lock"
    if "test.missing" in codes:
        return "tests"
    if any(code.startswith("test.") for code in codes) and grading.functional_state(case.test) != "partial":
        return "repair"
    rest = {code for code in codes if not code.startswith(("unit.", "test."))}
    if rest:
        return "check" if rest <= TO_CHECK else "erasure"
    if "unit.not-countersigned" in codes:
        return "signature"
    return "owner" if any(code.startswith("unit.") for code in codes) else "offer"


def _since(unit_ids: Sequence[int]) -> dict[int, datetime]:
    """Unit id → when it came to this stock: the last receipt, or its collection, or its diagnosis."""
    statement = (
        sa.select(EventUnit.unit_id, sa.func.max(Event.recorded_at))
        .join(Event, Event.id == EventUnit.event_id)
        .where(EventUnit.unit_id.in_(unit_ids))
        .where(Event.type.in_(CAME))
        .group_by(EventUnit.unit_id)
    )
    found = dict(session().execute(statement).all())
    ranged = (  # an act on very many units tells them from first to last
        sa.select(Unit.id, sa.func.max(Event.recorded_at))
        .join(EventRange, sa.and_(EventRange.first <= Unit.id, EventRange.last >= Unit.id))
        .join(Event, Event.id == EventRange.event_id)
        .where(Unit.id.in_([unit_id for unit_id in unit_ids if unit_id not in found]), Event.type.in_(CAME))
        .group_by(Unit.id)
    )
    return found | dict(session().execute(ranged).all())


def _days(since: datetime | None) -> int:
    return max(0, (clock.today() - since.astimezone(clock.PARIS).date()).days) if since else 0


def _bucket(age: int) -> int:
    return next(at for at, (_low, high) in enumerate(AGES) if high is None or age <= high)
