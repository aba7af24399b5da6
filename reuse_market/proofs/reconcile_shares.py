"""The solidarity share, checked on the whole database: what was due was kept, and nobody else had it before its day."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.accounts.models import OrganisationRole
from reuse_market.kernel.clock import PARIS
from reuse_market.kernel.db import session
from reuse_market.refurbishing.models import ShareStamp
from reuse_market.reservations.models import Reservation
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement

KEPT = sa.case((ShareStamp.kept, 1), else_=0)


def shared() -> list[Fault]:
    """Of each seller, basis and kind the whole hundreds of the percents counted were kept at least; what was kept
    by the share was held, before its day, for recipients alone (a voucher's bearer is one)."""
    return [*_counts(), *_early()]


def _counts() -> list[Fault]:
    faults = []
    statement = sa.select(
        ShareStamp.seller_id,
        ShareStamp.basis,
        ShareStamp.kind,
        sa.func.sum(ShareStamp.percent),
        sa.func.sum(KEPT),
    ).group_by(ShareStamp.seller_id, ShareStamp.basis, ShareStamp.kind)
    for seller, basis, kind, percents, kept in session().execute(statement):
        due = int(percents) // 100
        if kept < due:
            subject = f"organisation/{seller}"
            faults.append(Fault("share.kept", subject, f"{basis}, {kind}: {due} due, {kept} kept"))
    return faults


def _early() -> list[Fault]:
    recipient = sa.exists().where(
        OrganisationRole.organisation_id == Reservation.beneficiary_id, OrganisationRole.role == "recipient"
    )
    statement = (
        sa.select(Reservation.reference, Reservation.placed_at, ShareStamp.opens_on, ShareStamp.made_at)
        .join(Engagement, sa.and_(Engagement.kind == "hold", Engagement.reference == Reservation.reference))
        .join(
            ShareStamp,
            sa.and_(ShareStamp.unit_id == Engagement.unit_id, ShareStamp.seller_id == Reservation.seller_id),
        )
        .where(
            ShareStamp.kept, ShareStamp.opens_on.is_not(None), Reservation.voucher_id.is_(None), ~recipient,
            Reservation.placed_at >= ShareStamp.made_at,
        )
        .order_by(Reservation.id)
    )  # fmt: skip
    return [
        Fault("share.early", f"reservation/{reference}", f"placed before {opens_on.isoformat()}")
        for reference, placed_at, opens_on, _made_at in session().execute(statement)
        if opens_on is not None and placed_at.astimezone(PARIS).date() < opens_on
    ]
