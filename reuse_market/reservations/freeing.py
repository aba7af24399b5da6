"""Units that a reservation lets go are ready again: for who comes first (waiting/serving.py)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel import ending
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import session
from reuse_market.reservations import acting
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs.ending import OFFERS
from reuse_market.reservations.waiting import serving
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units import services as unit_services
from reuse_market.units.services import Closing, Move


def keep() -> None:
    """Free from now on what proposals held, at the end of the command that ended them (safe to repeat)."""
    ending.at_end(OFFERS, _free)


def give_back(doing: journal.Act, found: Reservation, outcome: str) -> None:
    """Inside the act that ends a reservation: its units are ready again, told on each of their lots' streams."""
    closing = Closing("hold", found.reference, outcome)
    for stream, members in acting.by_stream(units.engaged_ids("hold", found.reference)):
        unit_services.act(
            Move("release_hold", party_id=found.beneficiary_id, closes=(closing,)), members, doing=doing,
            stream=stream, event_type=f"reservation.{outcome}", facts={"reservation": found.reference},
        )  # fmt: skip


def _free(reservation_ids: Sequence[int]) -> None:
    """What proposals held that were declined, taken back or not answered, unless it was let go already."""
    rows = sa.select(Reservation.reference).where(Reservation.id.in_(reservation_ids))
    keys = []
    for reference in session().scalars(rows.order_by(Reservation.seller_id, Reservation.id)).all():
        found = acting.locked_with_head(reference)
        if found.state == "placed" and found.offered_until is not None:
            give_back(acting.fire("take_back", found, SYSTEM, offered_until=None), found, "released")
            keys.append(found.group_key)
    serving.after(keys)
