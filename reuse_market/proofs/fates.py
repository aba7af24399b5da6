"""What became of each device a holder let go, for its own inventory tool: state, day, outlet, proofs, lot.

Never who received it: the kind of organisation at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.equipment.models import Model
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.fleets import decisions
from reuse_market.fleets import queries as fleets
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.traceability.models import Event, EventRange, EventUnit
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Engagement, Unit

AT_HOME = ("discarded", "waste", "recycled", "parts", "missing")
OUT_OF_TOOL = "departed"
FATES = {
    "discarded": N_("Discarded, still at your place"),
    "departed": N_("Left outside this tool"),
    "listed": N_("Published in a lot"),
    "awarded": N_("Awarded, to be collected"),
    "collected": N_("Collected"),
    "in_workshop": N_("In the workshop"),
    "ready": N_("Reconditioned, on offer"),
    "held": N_("Reserved"),
    "provided": N_("In use again"),
    "missing": N_("Missing"),
    "parts": N_("Dismantled for parts"),
    "waste": N_("Awaiting recycling"),
    "recycled": N_("Recycled"),
}
KEYS = ("holder_key", "asset_tag", "serial", "maker", "model", "kind")
_EVENTS: dict[str, frozenset[str]] = {
    state: frozenset(t.event for t in LIFE.transitions.values() if t.target == state) | extra
    for state, extra in ((s, frozenset({"pickup.extra"}) if s == "collected" else frozenset()) for s in FATES)
}
_ALL_EVENTS = sorted({event for events in _EVENTS.values() for event in events})


@dataclass(frozen=True, slots=True)
class Fate:
    """A device and what became of it. `outlet`: a regime, a way out of the fleet, "" when none yet."""

    unit: Unit
    maker: str
    model: str
    code: str
    on: date | None
    outlet: str
    recipient: str
    certificates: tuple[int, ...]
    lot: str


def fates(
    holder_id: int,
    *,
    since: date | None = None,
    lot: str = "",
    after: int = 0,
    offset: int = 0,
    limit: int = 25,
) -> list[Fate]:
    """Fates of the devices a holder let go, by unit id; `since`: something happened to them from that day."""
    statement = (
        sa.select(Unit, Model.maker, Model.name)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(*_chosen(holder_id, since, lot), Unit.id > after)
        .order_by(Unit.id)
        .offset(offset)
        .limit(limit)
    )
    rows = session().execute(statement).all()
    return _told(holder_id, [(unit, maker or "", model or "") for unit, maker, model in rows])


def every(holder_id: int, *, since: date | None = None, lot: str = "", size: int = 1_000) -> Iterator[Fate]:
    """All of them, a thousand read at a time."""
    last = 0
    while found := fates(holder_id, since=since, lot=lot, after=last, limit=size):
        last = found[-1].unit.id
        yield from found
        session().expire_all()


def count(holder_id: int, *, since: date | None = None, lot: str = "") -> int:
    """How many `fates` there are in all."""
    statement = sa.select(sa.func.count()).select_from(Unit).where(*_chosen(holder_id, since, lot))
    return session().scalar(statement) or 0


def lots(holder_id: int) -> list[str]:
    """The references of the lots its devices were in, the newest first."""
    mine = sa.select(Engagement.reference).where(Engagement.kind == "lot", Engagement.party_id == holder_id)
    return sorted(session().scalars(mine.distinct()), reverse=True)


def own_columns(holder_id: int) -> tuple[list[tuple[str, str]], str]:
    """(column code, the holder's own label) of what tells a device in its last inventory, and its delimiter.

    Empty labels when no inventory tells: then this tool's words serve.
    """
    row = fleets.last_import(holder_id)
    mapping = (row.mapping or {}) if row is not None else {}
    pairs = zip(mapping.get("targets") or (), mapping.get("header") or (), strict=False)
    found = [(target, str(label)) for target, label in pairs if target in KEYS]
    return found or [(key, "") for key in KEYS], str(mapping.get("delimiter") or ";")[:1]


def _chosen(holder_id: int, since: date | None, lot: str) -> list[sa.ColumnElement[bool]]:
    given = sa.select(Engagement.unit_id).where(Engagement.kind == "lot", Engagement.party_id == holder_id)
    if lot:
        given = given.where(Engagement.reference == lot)
    mine: sa.ColumnElement[bool] = Unit.id.in_(given)
    if not lot:
        mine = sa.or_(mine, sa.and_(Unit.owner_id == holder_id, Unit.state.in_(AT_HOME)))
    chosen: list[sa.ColumnElement[bool]] = [mine, Unit.state.in_(tuple(FATES))]
    if since is not None:
        from_then = datetime(since.year, since.month, since.day, tzinfo=PARIS)
        recent = sa.select(Event.id).where(Event.occurred_at >= from_then, Event.type.in_(_ALL_EVENTS))
        single = sa.exists().where(EventUnit.unit_id == Unit.id, EventUnit.event_id.in_(recent))
        ranged = sa.exists().where(
            EventRange.first <= Unit.id, EventRange.last >= Unit.id, EventRange.event_id.in_(recent)
        )
        chosen.append(sa.or_(single, ranged))
    return chosen


def _told(holder_id: int, rows: Sequence[tuple[Unit, str, str]]) -> list[Fate]:
    ids = [unit.id for unit, _maker, _model in rows]
    days, proofs, references = _days(rows), _certificates(ids), _references(holder_id, ids)
    departures, kinds = decisions.departures_of(ids), _recipients([unit for unit, _, _ in rows])
    found = []
    for unit, maker, model in rows:
        left = departures.get(unit.id) if unit.state == "discarded" else None
        found.append(Fate(
            unit, maker, model, OUT_OF_TOOL if left else unit.state, left.left_on if left else days.get(unit.id),
            left.outlet if left else _outlet(unit), "" if left else kinds.get(unit.id, ""),
            tuple(proofs.get(unit.id, ())), references.get(unit.id, ""),
        ))  # fmt: skip
    return found


def _outlet(unit: Unit) -> str:
    return "recycling" if unit.state in ("waste", "recycled", "parts") else unit.regime or ""


def _days(rows: Sequence[tuple[Unit, str, str]]) -> dict[int, date]:
    """The civil day of the last event that led each unit to its present state."""
    states = {unit.id: unit.state for unit, _maker, _model in rows}
    wanted = Event.type.in_(_ALL_EVENTS)
    single = (
        sa.select(EventUnit.unit_id, Event.id, Event.type, Event.occurred_at)
        .join(Event, Event.id == EventUnit.event_id)
        .where(EventUnit.unit_id.in_(states), wanted)
    )
    ranged = (
        sa.select(Unit.id, Event.id, Event.type, Event.occurred_at)
        .join(EventRange, sa.and_(EventRange.first <= Unit.id, EventRange.last >= Unit.id))
        .join(Event, Event.id == EventRange.event_id)
        .where(Unit.id.in_(states), wanted)
    )
    last: dict[int, tuple[int, datetime]] = {}
    for unit_id, event_id, kind, at in [*session().execute(single), *session().execute(ranged)]:
        if kind in _EVENTS[states[unit_id]] and event_id > last.get(unit_id, (0, at))[0]:
            last[unit_id] = event_id, at
    return {unit_id: at.astimezone(PARIS).date() for unit_id, (_event, at) in last.items()}


def _certificates(ids: Sequence[int]) -> dict[int, list[int]]:
    """Unit → the first accepted proof of each of its media: the holder's own data, not a later owner's."""
    statement = (
        sa.select(StorageMedium.unit_id, sa.func.min(ErasureCertificate.id))
        .join(ErasureCertificate, ErasureCertificate.medium_id == StorageMedium.id)
        .where(StorageMedium.unit_id.in_(ids), ErasureCertificate.result == "ok")
        .group_by(StorageMedium.unit_id, StorageMedium.id)
        .order_by(StorageMedium.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, number in session().execute(statement):
        found[unit_id].append(number)
    return found


def _references(holder_id: int, ids: Sequence[int]) -> dict[int, str]:
    statement = (
        sa.select(Engagement.unit_id, Engagement.reference)
        .where(Engagement.kind == "lot", Engagement.party_id == holder_id, Engagement.unit_id.in_(ids))
        .order_by(Engagement.id)
    )
    return dict(session().execute(statement).all())


def _recipients(units: Sequence[Any]) -> dict[int, str]:
    """Unit → legal kind of who has the use of it, once handed over; never which."""
    owners = {unit.id: unit.owner_id for unit in units if unit.state == "provided"}
    kinds = sa.select(Organisation.id, Organisation.legal_kind).where(
        Organisation.id.in_(set(owners.values()))
    )
    told = dict(session().execute(kinds).all())
    return {unit_id: told.get(owner, "") for unit_id, owner in owners.items()}
