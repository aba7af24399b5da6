"""Reads on orientation vouchers."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.policy import oversees
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import policy
from reuse_market.reservations.models import OrientationVoucher, Reservation, VoucherParty


@dataclass(frozen=True, slots=True)
class Ticket:
    """A voucher in a list: with its prescriber, and the seller and reservation it was used at."""

    voucher: OrientationVoucher
    prescriber: str
    seller: str
    reservation: str | None


def by_code(code: str) -> OrientationVoucher | None:
    """The voucher of a (normalised) code, in whatever state."""
    return session().scalars(
        sa.select(OrientationVoucher).where(OrientationVoucher.code == code)
    ).one_or_none()  # fmt: skip


def get(reference: str, actor: Actor) -> Ticket:
    """A voucher this actor may see; NotFound otherwise."""
    found = session().scalars(
        sa.select(OrientationVoucher).where(OrientationVoucher.reference == reference)
    ).one_or_none()  # fmt: skip
    if found is None or not policy.may_see_voucher(actor, found):
        raise NotFound(N_("This voucher does not exist."))
    return _told([found])[0]


def count(actor: Actor, *, state: str | None = None, kind: str | None = None) -> int:
    """How many vouchers the list holds."""
    chosen = _chosen(sa.select(OrientationVoucher.id), actor, state, kind).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(chosen)) or 0


def listed(
    actor: Actor, *, state: str | None = None, kind: str | None = None, limit: int = 25, offset: int = 0,
    after: int | None = None,
) -> list[Ticket]:  # fmt: skip
    """The organisation's own vouchers (all for overseers), the newest first."""
    statement = _chosen(sa.select(OrientationVoucher), actor, state, kind)
    if after is not None:
        statement = statement.where(OrientationVoucher.id < after)
    statement = statement.order_by(OrientationVoucher.id.desc()).limit(limit).offset(offset)
    return _told(list(session().scalars(statement)))


def due() -> list[int]:
    """Ids of vouchers past their last day."""
    statement = sa.select(OrientationVoucher.id).where(
        OrientationVoucher.state == "issued", OrientationVoucher.ends_on < clock.today()
    )
    return list(session().scalars(statement.order_by(OrientationVoucher.id)))


def of_reservation(found: Reservation) -> OrientationVoucher | None:
    """The voucher a reservation was made on, if any."""
    return session().get(OrientationVoucher, found.voucher_id) if found.voucher_id is not None else None


def party_id() -> int | None:
    """The party that stands for the people who come with a voucher; None before the first of them."""
    return session().scalar(sa.select(VoucherParty.organisation_id))


def _chosen(statement: sa.Select, actor: Actor, state: str | None, kind: str | None) -> sa.Select:
    if not oversees(actor):
        statement = statement.where(OrientationVoucher.prescriber_id == (actor.organisation_id or 0))
    if state:
        statement = statement.where(OrientationVoucher.state == state)
    return statement.where(OrientationVoucher.kind == kind) if kind else statement


def _told(found: list[OrientationVoucher]) -> list[Ticket]:
    names = accounts.names([v.prescriber_id for v in found] + [v.seller_id for v in found])
    used = sa.select(Reservation.voucher_id, Reservation.reference).where(
        Reservation.voucher_id.in_([v.id for v in found])
    )
    sold = {row.voucher_id: row.reference for row in session().execute(used)}
    return [
        Ticket(v, names.get(v.prescriber_id, ""), names.get(v.seller_id or 0, ""), sold.get(v.id))
        for v in found
    ]
