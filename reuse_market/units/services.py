"""The two ways a unit changes: it is born (`create`) or an act moves many at once (`act`).

Each writes the rows and their journal events in the caller's transaction; the event's `change` carries all
that a replay needs (state, owner, custodian, regime, gates, engagements opened and closed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal, payload
from reuse_market.traceability.models import Event
from reuse_market.units import shipping
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.policy import UnitsAtStake

MANY_RANGES, FEW_UNITS = 60, 100
CHANGED = N_("Some of these devices have changed since you opened the page. Look again, then retry.")


@dataclass(frozen=True, slots=True)
class Opening:
    """An engagement to open: kind, reference, party, and the lot line where one is meant."""

    kind: str
    reference: str
    party_id: int
    line: int | None = None

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "party": self.party_id, "line": self.line}


@dataclass(frozen=True, slots=True)
class Closing:
    """An engagement to close with an outcome. Every unit of the act must have it open, under `reference`."""

    kind: str
    reference: str
    outcome: str

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class Revising:
    """A closed engagement whose outcome is superseded: `before` becomes `outcome`; nothing is opened again."""

    kind: str
    reference: str
    before: str
    outcome: str

    def as_fact(self) -> dict[str, Any]:
        """As it stands in the event."""
        return {"kind": self.kind, "ref": self.reference, "before": self.before, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class Move:
    """What an act does to its units. Fields left None stay as they are.

    `party_id` is what the policy judges beside owner and custodian. `clears` names columns set to NULL
    (regime, erased_at, tested_at). `values` are descriptive columns that no replay needs (site).
    """

    action: str | None = None  # a row of LIFE, or None when the state stays (engagement, owner or gate only)
    party_id: int | None = None
    owner_id: int | None = None
    custodian_id: int | None = None
    regime: str | None = None
    stream: str | None = None
    erased_at: datetime | None = None
    tested_at: datetime | None = None
    clears: tuple[str, ...] = ()
    opens: tuple[Opening, ...] = ()
    closes: tuple[Closing, ...] = ()
    revises: tuple[Revising, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def criterion(ids: Sequence[int], column: Any = Unit.id) -> sa.ColumnElement[bool]:
    """`column IN ids`, as BETWEEN ranges when many ids are mostly consecutive (as an import makes them)."""
    if len(ids) <= FEW_UNITS:
        return column.in_(ids)  # one statement to compile, whatever the holes between them
    pairs = payload.ranges(ids)
    if len(pairs) > MANY_RANGES:
        return column.in_(ids)
    return sa.or_(sa.false(), *(column.between(first, last) for first, last in pairs))


@command
def act(
    move: Move,
    unit_ids: Sequence[int],
    *,
    doing: journal.Act,
    stream: str,
    event_type: str | None = None,
    facts: Mapping[str, Any] | None = None,
    commitments: Mapping[str, str] | None = None,
    stake: UnitsAtStake | None = None,
    before: Sequence[journal.Part] = (),
) -> list[Event]:
    """Move units and write it down: one event per 1,000 units, all or nothing.

    `stake`: owner and custodian of all of them, when just read (held to). `before`: events of the same act and
    stream that come first. Refused: NotAllowed by the life-cycle's policy; Conflict when one unit is not in a source state, lacks an
    engagement to close, already has one to open, or owner and custodian are not the same for all.
    """
    ids = sorted(set(unit_ids))
    if not ids:
        return []
    kind = event_type or (LIFE.transition(move.action).event if move.action else None)
    if kind is None:
        raise ValueError("an act without a transition needs its event type")
    parts = list(before)
    for start in range(0, len(ids), journal.UNITS_PER_EVENT):
        chunk = ids[start : start + journal.UNITS_PER_EVENT]
        target = move_rows(move, chunk, doing.actor, stake)
        _close(move.closes, chunk)
        _open(move.opens, chunk)
        _revise(move.revises, chunk)
        parts.append(journal.Part(chunk, describe(move, target), facts or {}, commitments=commitments))
    events = journal.append_many(doing, stream, kind, parts)
    _forget()
    return events[len(before) :]


def _forget() -> None:
    """Rows already loaded are read again on next use: the statements went past them."""
    current = session()
    for loaded in [row for row in current.identity_map.values() if isinstance(row, Unit | Engagement)]:
        current.expire(loaded)


@command
def create(
    rows: Sequence[Mapping[str, Any]],
    *,
    doing: journal.Act,
    stream: str,
    event_type: str,
    state: str,
    owner_id: int,
    custodian_id: int,
    origin: str,
    regime: str | None = None,
    opens: tuple[Opening, ...] = (),
    closes: tuple[Closing, ...] = (),
    extra: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> list[int]:
    """Give birth to units (one mapping of descriptive columns each) and write it down; their ids in order.

    `opens`/`closes` serve an extra unit found at a pick-up: its lot engagement opens and closes at once.
    """
    if not rows:
        return []
    shared = {
        "state": state,
        "version": 1,
        "owner_id": owner_id,
        "custodian_id": custodian_id,
        "origin": origin,
        "regime": regime,
        "stream": stream,
    }
    statement = sa.insert(Unit).returning(Unit.id, sort_by_parameter_order=True)
    columns = sorted({key for row in rows for key in row})
    full = [{**{c: row.get(c) for c in columns}, **shared} for row in rows]
    for row in full:
        row["count"] = row.get("count") or 1
    ids = list(session().scalars(statement, full))
    change = {
        "state": state,
        "owner": owner_id,
        "custodian": custodian_id,
        "regime": regime,
        "stream": stream,
        "opens": [o.as_fact() for o in opens],
        "closes": [c.as_fact() for c in closes],
        "born": True,
        "extra": extra,
    }
    for start in range(0, len(ids), journal.UNITS_PER_EVENT):
        chunk = ids[start : start + journal.UNITS_PER_EVENT]
        _open(opens, chunk, extra=extra)
        _close(closes, chunk)
        journal.append(doing, stream, event_type, unit_ids=chunk, change=change, facts=facts)
    return ids


def move_rows(
    move: Move, chunk: Sequence[int], actor: Actor, stake: UnitsAtStake | None = None
) -> str | None:
    """Write the rows of a move: the state it leads to. Refused as `act` refuses; its event is the caller's."""
    chosen = criterion(chunk)
    stake = replace(stake or _stake(chosen, len(chunk)), party_id=move.party_id)
    chosen = sa.and_(chosen, Unit.owner_id == stake.owner_id, Unit.custodian_id == stake.custodian_id)
    values: dict[str, Any] = dict(move.values)
    for name in ("owner_id", "custodian_id", "regime", "stream", "erased_at", "tested_at"):
        if (value := getattr(move, name)) is not None:
            values[name] = value
    values |= dict.fromkeys(move.clears)
    if move.action:
        return LIFE.fire_many(move.action, chosen, len(chunk), actor, subject=stake, **values).target
    statement = sa.update(Unit).where(chosen).values(version=Unit.version + 1, **values)
    session().execute(statement.execution_options(synchronize_session=False))
    return None


def _stake(chosen: sa.ColumnElement[bool], count: int) -> UnitsAtStake:
    owners = sa.select(Unit.owner_id, Unit.custodian_id, sa.func.count()).where(chosen)
    found = session().execute(owners.group_by(Unit.owner_id, Unit.custodian_id)).all()
    if len(found) != 1 or found[0][2] != count:
        raise Conflict(CHANGED, code="unit.mixed")
    return UnitsAtStake(found[0][0], found[0][1])


def _open(opens: Sequence[Opening], chunk: Sequence[int], *, extra: bool = False) -> None:
    for opening in opens:
        source = sa.select(
            Unit.id,
            sa.literal(opening.kind),
            sa.literal(opening.reference),
            sa.literal(opening.line, sa.Integer),
            sa.literal(opening.party_id),
            sa.literal(extra),
            sa.literal(clock.now(), Engagement.from_at.type),
        ).where(criterion(chunk))
        columns = ["unit_id", "kind", "reference", "line", "party_id", "extra", "from_at"]
        session().execute(sa.insert(Engagement).from_select(columns, source, include_defaults=False))


def _close(closes: Sequence[Closing], chunk: Sequence[int]) -> None:
    for closing in closes:
        statement = (
            sa.update(Engagement)
            .where(
                criterion(chunk, Engagement.unit_id),
                Engagement.kind == closing.kind,
                Engagement.reference == closing.reference,
                Engagement.until_at.is_(None),
            )
            .values(until_at=clock.now(), outcome=closing.outcome)
            .execution_options(synchronize_session=False)
        )
        if session().execute(statement).rowcount != len(chunk):  # type: ignore[attr-defined]
            raise Conflict(CHANGED, code="unit.engagement")


def _revise(revises: Sequence[Revising], chunk: Sequence[int]) -> None:
    for revising in revises:
        statement = (
            sa.update(Engagement)
            .where(
                criterion(chunk, Engagement.unit_id),
                Engagement.kind == revising.kind,
                Engagement.reference == revising.reference,
                Engagement.outcome == revising.before,
            )
            .values(outcome=revising.outcome)
            .execution_options(synchronize_session=False)
        )
        if session().execute(statement).rowcount != len(chunk):  # type: ignore[attr-defined]
            raise Conflict(CHANGED, code="unit.engagement")


def describe(move: Move, target: str | None) -> dict[str, Any]:
    """What a move does, as its event carries it: all that a replay needs."""
    change: dict[str, Any] = {}
    if target:
        change["state"] = target
    named = {
        "owner": move.owner_id,
        "custodian": move.custodian_id,
        "regime": move.regime,
        "stream": move.stream,
    }
    change |= {name: value for name, value in named.items() if value is not None}
    change |= {
        name: payload.stamp(value)
        for name, value in (("erased_at", move.erased_at), ("tested_at", move.tested_at))
        if value is not None
    }
    if move.clears:
        change["clears"] = sorted(move.clears)
    if move.opens:
        change["opens"] = [o.as_fact() for o in move.opens]
    if move.closes:
        change["closes"] = [c.as_fact() for c in move.closes]
    if move.revises:
        change["revises"] = [r.as_fact() for r in move.revises]
    return change
