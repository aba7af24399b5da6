"""What may still be said of signed handover notes, read for many pick-ups at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from reuse_market.claims.models import Claim
from reuse_market.collection.models import NoteRevision, Pickup, PickupCheck
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one note: its last days, whether a revision waits for an answer, what was not as planned."""

    propose_until: date
    contest_until: date
    is_open: bool
    as_is: bool
    differs: bool
    misses: bool


def of(pickups: Sequence[Pickup]) -> dict[int, Standing]:
    """Pick-up id → how its note stands; only those a driver signed. As queries.py tells it of one."""
    signed = [(pickup, pickup.driver_signed_at) for pickup in pickups if pickup.driver_signed_at is not None]
    if not signed:
        return {}
    ids = [pickup.id for pickup, _at in signed]
    propose, contest = delay_days("revision.propose"), delay_days("difference.contest")
    is_open, as_is, differ, miss = _open(ids), _as_is(ids), _differing(ids), _missing(ids)
    return {
        pickup.id: Standing(
            _day(driver_at, propose), _day(pickup.holder_signed_at or driver_at, contest),
            pickup.id in is_open, pickup.id in as_is, pickup.id in differ, pickup.id in miss,
        )
        for pickup, driver_at in signed
    }  # fmt: skip


def _day(instant: datetime, days: int) -> date:
    return instant.astimezone(clock.PARIS).date() + timedelta(days=days)


def _open(ids: Sequence[int]) -> set[int]:
    waiting = NoteRevision.state.in_(("proposed", "escalated"))
    return set(
        session().scalars(sa.select(NoteRevision.pickup_id).where(NoteRevision.pickup_id.in_(ids), waiting))
    )


def _as_is(ids: Sequence[int]) -> set[int]:
    taken = sa.select(Pickup.id).join(Claim, Claim.id == Pickup.claim_id).where(Claim.capacity == "recipient")
    return set(session().scalars(taken.where(Pickup.id.in_(ids))))


def _differing(ids: Sequence[int]) -> set[int]:
    noted = sa.select(PickupCheck.pickup_id).where(PickupCheck.outcome != "taken").distinct()
    return set(session().scalars(noted.where(PickupCheck.pickup_id.in_(ids))))


def _missing(ids: Sequence[int]) -> set[int]:
    statement = (
        sa.select(Pickup.id)
        .join(PickupCheck, PickupCheck.pickup_id == Pickup.id)
        .join(Unit, Unit.id == PickupCheck.unit_id)
        .where(Pickup.id.in_(ids), PickupCheck.outcome == "missing", Unit.state == "missing")
        .where(Unit.owner_id == Pickup.holder_id, Unit.custodian_id == Pickup.holder_id)
        .distinct()
    )
    return set(session().scalars(statement))
