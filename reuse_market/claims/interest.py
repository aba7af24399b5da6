"""Reads on interest in planned lots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.claims import policy
from reuse_market.claims.models import Interest
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import queries as lots
from reuse_market.lots.models import Lot
from reuse_market.regimes import queries as regimes


@dataclass(frozen=True, slots=True)
class InterestView:
    """An interest as pages show it."""

    id: int
    state: str
    lot_reference: str
    lot_title: str
    lot_state: str
    expected_month: date | None
    organisation_id: int
    organisation: str
    units: int
    note: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How many organisations would like how many devices in all."""

    organisations: int = 0
    units: int = 0


def may_register(lot: Lot, actor: Actor) -> bool:
    """Whether this actor's organisation may say its interest in this lot now."""
    if lot.state != "planned" or actor.organisation_id is None or not lots.holder_acts(lot):
        return False
    return policy.may_be_interested(actor, lot, regimes.party_kind(actor.organisation_id))


def open_of(lot_id: int, organisation_id: int | None) -> Interest | None:
    """The interest an organisation has in a lot now, or None."""
    mine = (Interest.lot_id == lot_id, Interest.organisation_id == organisation_id, Interest.state == "open")
    return session().scalars(sa.select(Interest).where(*mine)).one_or_none()


def counts(lot_ids: Sequence[int]) -> dict[int, Counts]:
    """Lot id → how many have an interest in it, and in how many devices; lots without any are left out."""
    statement = (
        sa.select(Interest.lot_id, sa.func.count(), sa.func.sum(Interest.units))
        .where(Interest.lot_id.in_(lot_ids), Interest.state == "open")
        .group_by(Interest.lot_id)
    )
    return {lot_id: Counts(found, int(units)) for lot_id, found, units in session().execute(statement)}


def of_lot(lot: Lot, actor: Actor) -> list[InterestView]:
    """Those who are interested, in the order they came: all for the holder and those who oversee, else one's own.

    Of a lot published or given up: those who were then.
    """
    criteria: list[Any] = [Interest.lot_id == lot.id, Interest.state != "withdrawn"]
    if not policy.sees_interest(actor, lot):
        criteria.append(Interest.organisation_id == (actor.organisation_id or 0))
    return _views(*criteria)


def view(interest_id: int) -> InterestView:
    """One interest."""
    return _views(Interest.id == interest_id)[0]


def of_organisation(organisation_id: int) -> list[InterestView]:
    """What an organisation is interested in now, the soonest first."""
    found = _views(Interest.organisation_id == organisation_id, Interest.state == "open")
    return sorted(found, key=lambda one: (one.expected_month or date.max, one.id))


def _views(*criteria: sa.ColumnElement[bool]) -> list[InterestView]:
    rows = (
        session()
        .execute(
            sa.select(Interest, Lot.reference, Lot.title, Lot.state, Lot.expected_month)
            .join(Lot, Lot.id == Interest.lot_id)
            .where(*criteria)
            .order_by(Interest.id)
        )
        .all()
    )
    names = accounts.names(row[0].organisation_id for row in rows)
    return [
        InterestView(
            found.id, found.state, reference, title, state, month, found.organisation_id,
            names.get(found.organisation_id, ""), found.units, found.note, found.made_at,
        )
        for found, reference, title, state, month in rows
    ]  # fmt: skip
