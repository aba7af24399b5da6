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

from reuse_market.kernel import ending
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.traceability import journal, payload
from reuse_market.traceability.models import Event
from reuse_market.units import engaging, shipping
from reuse_market.units.engaging import (
    CHANGED,
    Closing,
    Opening,
    Revising,
    close_all,
    criterion,
    open_all,
    revise_all,
)
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.policy import UnitsAtStake

__all__ = [
    "CHANGED", "Closing", "Move", "Opening", "Revising", "act", "create", "criterion", "describe", "move_rows",
]  # fmt: skip


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
    here: bool = False,
    before: Sequence[journal.Part] = (),
) -> list[Event]:
    """Move units and write it down: one event per 1,000 units, all or nothing.

    `stake`: owner and custodian of all of them, as read with their rows locked; `here`: they were read as not on
    their way, too. `before`: events of the same act and stream that come first.
    Refused: NotAllowed by the life-cycle's policy; Conflict when one unit is not in a source state,
    lacks an engagement to close, already has one to open, or owner and custodian are not the same.
    """
    ids = sorted(set(unit_ids))
    if not ids:
        if before:
            raise ValueError("events come before an act on units: there is none")
        return []
    kind = event_type or (LIFE.transition(move.action).event if move.action else None)
    if kind is None:
        raise ValueError("an act without a transition needs its event type")
    parts = list(before)
    for start in range(0, len(ids), journal.UNITS_PER_EVENT):
        chunk = ids[start : start + journal.UNITS_PER_EVENT]
        target = move_rows(move, chunk, doing.actor, stake, here=here)
        close_all(move.closes, chunk)
        open_all(move.opens, chunk)
        revise_all(move.revises, chunk)
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
        open_all(opens, chunk, extra=extra)
        close_all(closes, chunk)
        journal.append(doing, stream, event_type, unit_ids=chunk, change=change, facts=facts)
    return ids


def move_rows(
    move: Move, chunk: Sequence[int], actor: Actor, stake: UnitsAtStake | None = None, *, here: bool = False
) -> str | None:
    """Write the rows of a move: the state it leads to. Refused as `act` refuses; its event is the caller's."""
    if not here:
        shipping.require_movable(move.action, [closing.kind for closing in move.closes], chunk)
    if _shows(move):
        ending.announce("units", chunk)
    stake = replace(stake or _stake(criterion(chunk), len(chunk)), party_id=move.party_id)
    values: dict[str, Any] = dict(move.values)
    for name in ("owner_id", "custodian_id", "regime", "stream", "erased_at", "tested_at"):
        if (value := getattr(move, name)) is not None:
            values[name] = value
    values |= dict.fromkeys(move.clears)
    if move.action:
        which, told = engaging.chosen(chunk)
        fired = LIFE.fire_many(move.action, which, len(chunk), actor, subject=stake, told=told, **values)
        return fired.target
    statement = sa.update(Unit).where(criterion(chunk)).values(version=Unit.version + 1, **values)
    session().execute(statement.execution_options(synchronize_session=False))
    return None


def _shows(move: Move) -> bool:
    """Whether a move may bring units into the shop window, take them out, or change what it says of them."""
    if move.action is None:
        engaged = [*(one.kind for one in move.opens), *(one.kind for one in move.closes)]
        return "shipment" in engaged or move.custodian_id is not None or move.regime is not None
    row = LIFE.transition(move.action)
    return row.target == "ready" or "ready" in row.sources


def _stake(chosen: sa.ColumnElement[bool], count: int) -> UnitsAtStake:
    owners = sa.select(Unit.owner_id, Unit.custodian_id, sa.func.count()).where(chosen)
    found = session().execute(owners.group_by(Unit.owner_id, Unit.custodian_id)).all()
    if len(found) != 1 or found[0][2] != count:
        raise Conflict(CHANGED, code="unit.mixed")
    return UnitsAtStake(found[0][0], found[0][1])


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
