"""What an organisation has under way, by name: what a suspension freezes, said before it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.claims.models import Claim
from reuse_market.collection.models import Pickup
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.reservations.models import Reservation

MOST = 30  # references named; the count above says the rest
FATE = {  # what becomes of each when its organisation is suspended
    "lots": N_("They leave the board and take no claims. They are not withdrawn: they come back when the"
               " suspension is lifted."),
    "claims": N_("They stand still: the suspended side can neither award, collect nor release. The other side"
                 " may still release or decline."),
    "pickups": N_("They stay agreed. The other side may go on or cancel; you follow them by phone. A suspended"
                  " reuse actor cannot sign: cancel its pick-ups, or lift the suspension first."),
    "reservations": N_("They run to their end. What a suspended seller prepared is handed over only once the"
                       " suspension is lifted; the buyer may release."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One sort of thing under way: its code, how many, the first references, and the page of one."""

    what: str
    count: int
    references: list[str]
    endpoint: str


def under_way(organisation_id: int) -> list[UnderWay]:
    """Lots, claims, pick-ups and reservations on either side of the organisation: eight statements."""
    mine = organisation_id
    return [
        _of("lots", "lots.lot", Lot, Lot.holder_id == mine, Lot.state == "published"),
        _of(
            "claims", "claims.claim", Claim, sa.or_(Claim.holder_id == mine, Claim.organisation_id == mine),
            Claim.state.in_(("submitted", "awarded")),
        ),
        _of(
            "pickups", "collection.pickup", Pickup, sa.or_(Pickup.holder_id == mine, Pickup.actor_id == mine),
            Pickup.state.in_(("proposed", "countered", "agreed")),
        ),
        _of(
            "reservations", "reservations.reservation", Reservation,
            sa.or_(Reservation.seller_id == mine, Reservation.beneficiary_id == mine),
            Reservation.state.in_(("placed", "confirmed", "prepared")),
        ),
    ]  # fmt: skip


def _of(what: str, endpoint: str, model: Any, *criteria: sa.ColumnElement[bool]) -> UnderWay:
    count = session().scalar(sa.select(sa.func.count()).select_from(model).where(*criteria)) or 0
    found = sa.select(model.reference).where(*criteria).order_by(model.id.desc()).limit(MOST)
    return UnderWay(what, count, list(session().scalars(found)), endpoint)
