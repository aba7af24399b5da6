"""What links of signature say of themselves, and how they end: reads, and one write inside a counter-signature."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa

from reuse_market.collection.models import Pickup, SignatureLink
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_

DEAD = N_(
    "This link no longer works: the handover is signed, or the link is too old. Call whoever collected."
)


def peek(token: str) -> SignatureLink | None:
    """The link of a token, dead or alive; None when there is none."""
    chosen = sa.select(SignatureLink).where(SignatureLink.digest == digest(token))
    return session().scalars(chosen).one_or_none()


def pickup_of(link: SignatureLink) -> Pickup:
    """The pick-up a link is about."""
    return session().get_one(Pickup, link.pickup_id)


def alive(link: SignatureLink) -> bool:
    """Whether it still signs."""
    return link.used_at is None and link.ended_at is None and link.expires_at > clock.now()


def shows(link: SignatureLink) -> bool:
    """Whether its page still shows the note: while it signs, then, to who signed by it, for as long again."""
    signed = (
        link.used_at is not None and link.used_at + timedelta(days=delay_days("signature.link")) > clock.now()
    )
    return alive(link) or signed


def waiting_until(pickup: Pickup) -> datetime | None:
    """Until when the last asking may be answered; None when nobody was asked, or it is signed."""
    if pickup.holder_signed_at is not None:
        return None
    chosen = sa.select(sa.func.max(SignatureLink.expires_at)).where(SignatureLink.pickup_id == pickup.id)
    return session().scalar(chosen)


def askings(pickup: Pickup) -> int:
    """How many times the signature was asked for by link."""
    chosen = sa.select(sa.func.max(SignatureLink.asking)).where(SignatureLink.pickup_id == pickup.id)
    return session().scalar(chosen) or 0


def asked_at(pickup: Pickup) -> datetime | None:
    """When the signature was last asked for by link."""
    chosen = sa.select(sa.func.max(SignatureLink.asked_at)).where(SignatureLink.pickup_id == pickup.id)
    return session().scalar(chosen)


def signed_by_link(pickup: Pickup) -> bool:
    """Whether the counter-signature came by a link rather than by the code."""
    used = sa.select(SignatureLink.id).where(
        SignatureLink.pickup_id == pickup.id, SignatureLink.used_at.is_not(None)
    )
    return pickup.holder_signed_at is not None and session().scalar(used.limit(1)) is not None


@command
def spend(pickup: Pickup, link_id: int | None) -> None:
    """Inside the counter-signature or a new asking: `link_id` is used up, the others of the pick-up end.

    Conflict when that one no longer works: of two at once, one signs.
    """
    session().flush()
    now = clock.now()
    live = sa.and_(
        SignatureLink.pickup_id == pickup.id,
        SignatureLink.used_at.is_(None),
        SignatureLink.ended_at.is_(None),
    )
    if link_id is not None:
        used = sa.update(SignatureLink).where(
            live, SignatureLink.id == link_id, SignatureLink.expires_at > now
        )
        if not session().execute(used.values(used_at=now)).rowcount:  # type: ignore[attr-defined]
            raise Conflict(DEAD, code="link.dead")
    session().execute(sa.update(SignatureLink).where(live).values(ended_at=now))


def digest(token: str) -> str:
    """What the table keeps of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
