"""Reads of the dated tables: what is in force today, what was, what will be, and who recorded it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.desk.reference_tables import TABLES, Table
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import queries as journal
from reuse_market.traceability.models import EventCommitment

ADDED = ("reference.row-added", "regimes.rule-added", "regimes.cap-added", "regimes.opinion-recorded")


@dataclass(frozen=True, slots=True)
class Recorded:
    """By whom and when a row was recorded here; `who` "" when the person has been forgotten."""

    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its state today (now | later | before) and who recorded it (None: it came with us)."""

    row: Any
    state: str
    recorded: Recorded | None

    @property
    def withdrawable(self) -> bool:
        """Whether it may be taken back: recorded here, and not in force yet."""
        return self.state == "later" and self.recorded is not None

    @property
    def prudent(self) -> bool:
        """Whether it is our prudent reading in force, which a legal opinion may set aside."""
        return self.state == "now" and getattr(self.row, "reading", "") == "prudent"


@dataclass(frozen=True, slots=True)
class Overview:
    """A table in short: values in force, rows to come and the first of their days."""

    table: Table
    in_force: int
    later: int
    next_day: date | None


def table_of(code: str) -> Table:
    """The table of a code of TABLES; NotFound for any other."""
    if code not in TABLES:
        raise NotFound(N_("This reference table does not exist."))
    return TABLES[code]


def overview() -> list[Overview]:
    """Every table, in the order of TABLES."""
    today, told = clock.today(), []
    for table in TABLES.values():
        model = table.model
        named = [getattr(model, name) for name in table.key_names]
        current = sa.select(*named).where(model.valid_from <= today).distinct().subquery()
        count = session().scalar(sa.select(sa.func.count()).select_from(current)) or 0
        coming = sa.select(sa.func.count(), sa.func.min(model.valid_from)).where(model.valid_from > today)
        later, first = session().execute(coming).one()
        told.append(Overview(table, count, later, first))
    return told


def lines(
    table: Table, only: Mapping[str, str] | None = None, *, offset: int = 0, limit: int | None = None
) -> list[Line]:
    """Rows by key, the newest first: what is to come, in force, past. `only` narrows by key columns."""
    model, today = table.model, clock.today()
    named = [getattr(model, name) for name in table.key_names]
    latest = (
        sa.select(*named, sa.func.max(model.valid_from).label("day"))
        .where(model.valid_from <= today)
        .group_by(*named)
        .subquery()
    )
    same = [latest.c[name] == getattr(model, name) for name in table.key_names]
    statement = (
        sa.select(model, latest.c.day)
        .outerjoin(latest, sa.and_(*same))
        .filter(*_narrow(table, only))
        .order_by(*named, model.valid_from.desc())
        .offset(offset)
        .limit(limit)
    )
    by = _recorded(table)
    return [Line(row, _state(row, day, today), by.get(row.id)) for row, day in session().execute(statement)]


def count(table: Table, only: Mapping[str, str] | None = None) -> int:
    """How many rows `lines` lists."""
    statement = sa.select(sa.func.count()).select_from(table.model).where(*_narrow(table, only))
    return session().scalar(statement) or 0


def line(table: Table, row_id: int) -> Line:
    """One row; NotFound when there is none."""
    row: Any = session().get(table.model, row_id)
    if row is None:
        raise NotFound(N_("This row does not exist."))
    only = {name: getattr(row, name) for name in table.key_names}
    return next(one for one in lines(table, only) if one.row.id == row_id)


def before(table: Table, values: Mapping[str, Any]) -> Any:
    """The row that a new one of these values would follow: the newest by its day, or None."""
    model = table.model
    named = [getattr(model, name) == values[name] for name in table.key_names]
    statement = sa.select(model).where(*named, model.valid_from <= values["valid_from"])
    return session().scalars(statement.order_by(model.valid_from.desc()).limit(1)).first()


def known_codes(table: Table, column: str) -> list[str]:
    """The codes a column holds already."""
    held = getattr(table.model, column)
    return list(session().scalars(sa.select(held).distinct().order_by(held)))


def device_kinds() -> list[str]:
    """The codes of the kinds of device, in the order of their list."""
    return [kind.code for kind in equipment.kinds()]


def _narrow(table: Table, only: Mapping[str, str] | None) -> list[Any]:
    return [getattr(table.model, name) == code for name, code in (only or {}).items() if code]


def _state(row: Dated, latest: date | None, today: date) -> str:
    if row.valid_from > today:
        return "later"
    return "now" if row.valid_from == latest else "before"


def _recorded(table: Table) -> dict[int, Recorded]:
    """Row id → who recorded it and when, as the journal tells."""
    events = [one for one in journal.events_of_stream(table.stream) if one.type in ADDED]
    who = _people([one.id for one in events])
    told: dict[int, Recorded] = {}
    for event in events:
        facts = journal.body(event)["facts"]
        if facts.get("table", _table_of_event(event.type)) == table.code:
            told[facts["row"]] = Recorded(event.recorded_at, who.get(event.id, ""))
    return told


def _table_of_event(event_type: str) -> str:
    return "caps" if event_type == "regimes.cap-added" else "rules"


def _people(event_ids: list[int]) -> dict[int, str]:
    statement = sa.select(EventCommitment.event_id, EventCommitment.value).where(
        EventCommitment.event_id.in_(event_ids), EventCommitment.name == "person"
    )
    held = {event: int(value) for event, value in session().execute(statement) if value}
    names = accounts.person_names(set(held.values()))
    return {event: names.get(person, "") for event, person in held.items()}
