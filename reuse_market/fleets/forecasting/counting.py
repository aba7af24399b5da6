"""The devices of a holder counted by the database, by kind and quarter of purchase: never one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets.forecasting.quarters import quarter_of
from reuse_market.fleets.forecasting.survival import Group
from reuse_market.fleets.models import Departure
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.traceability.models import Event, EventRange, EventUnit, StreamHead
from reuse_market.units.models import Unit

IMPORTED, DISCARDED = "fleet.imported", "unit.discarded"
STOCK = ("in_use", "discarded")


@dataclass
class Counts:
    """Of one kind: `groups` what is known of ages, `in_use` (site, quarter of purchase) → devices.

    `undated`: site → devices in use of unknown age. `stock`: (site, state) → devices.
    """

    groups: list[Group] = field(default_factory=list)
    in_use: Counter[tuple[int | None, int]] = field(default_factory=Counter)
    undated: Counter[int | None] = field(default_factory=Counter)
    stock: Counter[tuple[int | None, str]] = field(default_factory=Counter)


def fleet_seq(holder_id: int) -> int:
    """How many events the stream of this fleet has: it grows with each change of the fleet."""
    head = sa.select(StreamHead.seq).where(StreamHead.stream == _stream(holder_id))
    return session().scalar(head) or 0


def stock_of(holder_id: int) -> dict[str, int]:
    """State → devices, of those in use or discarded."""
    statement = sa.select(Unit.state, sa.func.count()).where(*_kept(holder_id)).group_by(Unit.state)
    return dict(session().execute(statement).all())


def counts_by_kind(holder_id: int) -> dict[str, Counts]:
    """Everything a forecast starts from, by kind."""
    found: dict[str, Counts] = {}
    seen = _first_seen(holder_id)
    _count_here(holder_id, seen, found)
    _count_gone(holder_id, seen, found)
    return found


def _count_here(holder_id: int, seen: Any, found: dict[str, Counts]) -> None:
    here = _bought_quarter()
    statement = (
        sa.select(Unit.kind, Unit.state, Unit.site_id, here, seen, sa.func.count())
        .where(*_kept(holder_id))
        .group_by(Unit.kind, Unit.state, Unit.site_id, sa.text("4"), sa.text("5"))
    )
    for kind, state, site, bought, first, count in session().execute(statement):
        told = found.setdefault(kind, Counts())
        told.stock[site, state] += count
        if state != "in_use":
            continue
        if bought is None:
            told.undated[site] += count
        else:
            told.in_use[site, bought] += count
            told.groups.append(Group(bought, max(first, bought), None, count))


def _count_gone(holder_id: int, seen: Any, found: dict[str, Counts]) -> None:
    """Discards by the event of each (its own date), of devices that did not come back into use."""
    last = (
        sa.select(EventUnit.unit_id, sa.func.max(EventUnit.event_id).label("event_id"))
        .join(Event, Event.id == EventUnit.event_id)
        .where(Event.stream == _stream(holder_id), Event.type == DISCARDED)
        .group_by(EventUnit.unit_id)
        .subquery()
    )
    statement = (
        sa.select(last.c.event_id, Unit.kind, _bought_quarter(), seen, sa.func.count())
        .join(Unit, Unit.id == last.c.unit_id)
        .where(Unit.state.not_in(("in_use", "merged")), Unit.bought_on.is_not(None))
        .group_by(last.c.event_id, Unit.kind, sa.text("3"), sa.text("4"))
    )
    rows = session().execute(statement).all()
    dates = sa.select(Event.id, Event.occurred_at).where(
        Event.stream == _stream(holder_id), Event.type == DISCARDED
    )
    when = {event: quarter_of(at.astimezone(clock.PARIS).date()) for event, at in session().execute(dates)}
    for event, kind, bought, first, count in rows:
        told = found.setdefault(kind, Counts())
        told.groups.append(Group(bought, max(first, bought), when[event], count))


def _kept(holder_id: int) -> list[sa.ColumnElement[bool]]:
    """In use or discarded, and not gone by a way outside the tool."""
    gone = sa.select(Departure.unit_id).where(Departure.organisation_id == holder_id)
    return [
        Unit.owner_id == holder_id,
        Unit.state.in_(STOCK),
        sa.or_(Unit.state == "in_use", Unit.id.not_in(gone)),
    ]


def _first_seen(holder_id: int) -> sa.ColumnElement[int]:
    """The quarter a device was first seen in. Ids grow with time: an import saw all up to its last one."""
    ranged = sa.select(sa.func.max(EventRange.last)).where(EventRange.event_id == Event.id)
    single = sa.select(sa.func.max(EventUnit.unit_id)).where(EventUnit.event_id == Event.id)
    statement = (
        sa.select(Event.recorded_at, sa.func.coalesce(ranged.scalar_subquery(), single.scalar_subquery()))
        .where(Event.stream == _stream(holder_id), Event.type == IMPORTED)
        .order_by(Event.seq)
    )
    last_of: dict[int, int] = {}
    for at, last in session().execute(statement):
        if last is not None:
            last_of[quarter_of(at.astimezone(clock.PARIS).date())] = last
    now = quarter_of(clock.today())
    bounds: list[Any] = [
        (Unit.id <= last, sa.literal_column(str(quarter))) for quarter, last in sorted(last_of.items())
    ]
    otherwise: Any = sa.literal_column(str(now))
    return sa.case(*bounds, else_=otherwise) if bounds else otherwise


def _bought_quarter() -> sa.ColumnElement[int]:
    year = sa.cast(sa.extract("year", Unit.bought_on), sa.Integer)
    month = sa.cast(sa.extract("month", Unit.bought_on), sa.Integer)
    whole = (month - sa.literal_column("1")).op("/", precedence=8, return_type=sa.Integer())  # of integers
    return year * sa.literal_column("4") + whole(sa.literal_column("3"))


def _stream(holder_id: int) -> str:
    return f"fleet/{holder_id}"
