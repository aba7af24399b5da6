"""Reads: which devices wait for a holder's release, for how long, and what a link opens."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.equipment import queries as equipment
from reuse_market.equipment.models import Model
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import LockLink, LockRequest, LockWait
from reuse_market.units.labels import codes_of
from reuse_market.units.models import Unit

OVERSEERS = ("operator", "administrator", "auditor")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One lock of one device: the wait, the device, its model and code; when the holder was asked."""

    wait: LockWait
    unit: Unit
    model: Model | None
    code: str | None
    asked: LockRequest | None


@dataclass(frozen=True, slots=True)
class Group:
    """The waits of one lot between one workshop and one holder, the oldest first."""

    lot: str
    organisation_id: int
    holder_id: int
    rows: tuple[Waiting, ...]

    @property
    def unasked(self) -> int:
        """Locks nobody wrote to the holder about yet."""
        return sum(1 for row in self.rows if row.asked is None)


def alive() -> sa.ColumnElement[bool]:
    """Waits that still hold a device back: not ended, the device still in that workshop."""
    return sa.and_(
        LockWait.ended_at.is_(None),
        Unit.state == "in_workshop",
        Unit.custodian_id == LockWait.organisation_id,
    )


def of_units(unit_ids: Sequence[int]) -> dict[int, list[LockWait]]:
    """Unit id → the locks it waits for now."""
    found: dict[int, list[LockWait]] = {}
    statement = (
        sa.select(LockWait).join(Unit, Unit.id == LockWait.unit_id)
        .where(LockWait.unit_id.in_(unit_ids), alive()).order_by(LockWait.id)
    )  # fmt: skip
    for wait in session().scalars(statement):
        found.setdefault(wait.unit_id, []).append(wait)
    return found


def groups(actor: Actor, *, asked_of_me: bool) -> list[Group]:
    """What waits: for a workshop its own, for a holder (`asked_of_me`) what it was asked; the oldest first."""
    organisation = actor.organisation_id or 0
    mine = (
        sa.and_(LockWait.holder_id == organisation, LockWait.request_id.is_not(None))
        if asked_of_me
        else LockWait.organisation_id == organisation
    )
    made: dict[tuple[str, int, int], list[Waiting]] = {}
    for row in rows_of(mine):
        key = (row.wait.lot, row.wait.organisation_id, row.wait.holder_id)
        made.setdefault(key, []).append(row)
    return [Group(*key, tuple(rows)) for key, rows in made.items()]


def rows_of(*criteria: sa.ColumnElement[bool], after: int | None = None, limit: int = 2000) -> list[Waiting]:
    """Waits alive that fit, by id, with their devices; a constant number of statements."""
    statement = (
        sa.select(LockWait, Unit, LockRequest)
        .join(Unit, Unit.id == LockWait.unit_id)
        .outerjoin(LockRequest, LockRequest.id == LockWait.request_id)
        .where(alive(), *criteria)
        .order_by(LockWait.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(LockWait.id > after)
    found = session().execute(statement).all()
    models = equipment.models(sorted({unit.model_id for _w, unit, _r in found if unit.model_id is not None}))
    codes = codes_of([unit.id for _w, unit, _r in found])
    return [
        Waiting(wait, unit, models.get(unit.model_id or 0), codes.get(unit.id), request)
        for wait, unit, request in found
    ]


def mine(actor: Actor, *, after: int | None, limit: int) -> list[Waiting]:
    """The waits of this organisation, as workshop or as the holder asked, for the API."""
    organisation = actor.organisation_id or 0
    asked = sa.and_(LockWait.holder_id == organisation, LockWait.request_id.is_not(None))
    return rows_of(sa.or_(LockWait.organisation_id == organisation, asked), after=after, limit=limit + 1)


def wait_seen(wait_id: int, actor: Actor) -> Waiting | None:
    """One wait, for its workshop or for the holder who was asked; None for others."""
    organisation = actor.organisation_id or 0
    asked = sa.and_(LockWait.holder_id == organisation, LockWait.request_id.is_not(None))
    found = rows_of(LockWait.id == wait_id, sa.or_(LockWait.organisation_id == organisation, asked))
    return found[0] if found else None


def peek(token: str) -> LockLink | None:
    """The link of a token while it works; None when it is unknown or too old, all told alike."""
    found = session().scalars(sa.select(LockLink).where(LockLink.digest == digest(token))).one_or_none()
    return found if found is not None and found.expires_at > clock.now() else None


def of_request(request_id: int) -> list[Waiting]:
    """The waits of a request that still hold a device back."""
    return rows_of(LockWait.request_id == request_id)


def request(request_id: int) -> LockRequest | None:
    """A request by id."""
    return session().get(LockRequest, request_id)


def digest(token: str) -> str:
    """What the table keeps of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
