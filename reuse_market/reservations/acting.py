"""What the verbs of reservations share: lock one, move its state, tell its lots' streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import database, lock, session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations.lifecycle import BOOKING
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import following
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as unit_services
from reuse_market.units.models import Unit

UNKNOWN = N_("This reservation does not exist.")


def queue_up(seller_id: int) -> None:
    """One reservation at a time at a seller: its row is the head of its shop window.

    Without it PostgreSQL's rivals lock units they will not get, and block those who let units go. NO KEY
    UPDATE: rows that point at the organisation may still be written meanwhile.
    """
    if not database().is_sqlite:  # its writer is alone anyway
        session().execute(_HEAD, {"seller": seller_id})


def locked(reference: str) -> Reservation:
    """The reservation, locked until the verb ends. NotFound."""
    found = lock(Reservation, Reservation.reference == reference)
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def locked_with_head(reference: str) -> Reservation:
    """The same, its seller's head first: for verbs that free units which others wait for. NotFound."""
    seller = session().scalar(sa.select(Reservation.seller_id).where(Reservation.reference == reference))
    if seller is not None:
        queue_up(seller)
    return locked(reference)


def lock_all(reservation_ids: Iterable[int | None]) -> None:
    """Reservations and, before them, their sellers' heads: for verbs that lock next what follows from them.

    Heads, reservations, needs, proposals: who takes them in this order waits for nobody in a ring.
    """
    wanted = sorted({one for one in reservation_ids if one is not None})
    if database().is_sqlite or not wanted:
        return
    these = Reservation.id.in_(wanted)
    for seller_id in sorted(session().scalars(sa.select(Reservation.seller_id).where(these).distinct())):
        queue_up(seller_id)
    session().execute(sa.select(Reservation.id).where(these).order_by(Reservation.id).with_for_update())


def require_running(found: Reservation) -> None:
    """Conflict once the last day is over, though the clock (a job every hour) has not given the units back yet."""
    if found.until < clock.today():
        raise Conflict(
            N_("This reservation ended on %(day)s: its devices go back to the shop window."),
            code="reservation.over", day=found.until,
        )  # fmt: skip


def fire(action: str, found: Reservation, actor: Actor, **values: Any) -> journal.Act:
    """Move the reservation's state; the act its events share."""
    BOOKING.fire(action, found, actor, **values)
    following.after(found)
    return journal.Act(actor)


def tell(
    doing: journal.Act, found: Reservation, event_type: str, facts: Mapping[str, Any] | None = None
) -> None:
    """An act that moves no unit still speaks of them, on each of their lots' streams."""
    told = {"reservation": found.reference, **(facts or {})}
    for stream, members in by_stream(units.engaged_ids("hold", found.reference)):
        journal.append_all(doing, stream, event_type, members, facts=told)


def by_stream(ids: Iterable[int]) -> list[tuple[str, list[int]]]:
    """Unit ids by their lot's stream, streams in order (an act over several lots: one event a stream)."""
    wanted = sorted(ids)
    found: dict[str, list[int]] = {}
    rows = session().execute(
        sa.select(Unit.id, Unit.stream).where(unit_services.criterion(wanted)).order_by(Unit.stream, Unit.id)
    )
    for unit_id, stream in rows:
        found.setdefault(stream, []).append(unit_id)
    return sorted(found.items())


def days_left(found: Reservation) -> int:
    """Days until the hold ends, one at least."""
    return max(1, (found.until - clock.today()).days + 1)


_HEAD = (
    sa.select(Organisation.id)
    .where(Organisation.id == sa.bindparam("seller"))
    .with_for_update(key_share=True)
)
