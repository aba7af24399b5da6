"""The mails of a return, queued in the command that causes them."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue.describing import title
from reuse_market.kernel.actor import Actor
from reuse_market.notices.services import queue
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.handover import breaking
from reuse_market.reservations.models import Reservation, UnitReturn
from reuse_market.reservations.returns import queries


def asked(made: UnitReturn, found: Reservation, actor: Actor) -> None:
    """Tell the seller what is asked; the beneficiary too, when somebody else asked for it."""
    to = {made.seller_id, made.beneficiary_id} - {actor.organisation_id}
    _send("return_asked", sorted(to), made, found)


def accepted(made: UnitReturn, found: Reservation) -> None:
    """Tell the beneficiary what the seller does, and how to bring the devices."""
    _send("return_accepted", [made.beneficiary_id], made, found)


def refused(made: UnitReturn, found: Reservation) -> None:
    """Tell the beneficiary why not."""
    _send("return_refused", [made.beneficiary_id], made, found)


def received(made: UnitReturn, found: Reservation) -> None:
    """Tell the beneficiary that the devices are at the seller's."""
    _send("return_received", [made.beneficiary_id], made, found)


def settled(made: UnitReturn, found: Reservation) -> None:
    """Tell the beneficiary how it ended."""
    _send("return_settled", [made.beneficiary_id], made, found)


def cancelled(made: UnitReturn, found: Reservation, by_id: int | None) -> None:
    """Tell the other side that nothing comes back."""
    to = {made.seller_id, made.beneficiary_id} - {by_id}
    _send("return_cancelled", sorted(to), made, found)


def _send(template: str, to: list[int], made: UnitReturn, found: Reservation) -> None:
    parties = accounts.correspondents([made.beneficiary_id, made.seller_id])
    what = bookings.contents([found.reference])[found.reference]
    help_ = breaking.help_of(found)
    shared: dict[str, Any] = {
        "return_ref": made.reference, "reservation_ref": found.reference, "units": len(queries.unit_ids(made)),
        "reason": made.reason, "words": made.words, "wish": made.wish, "remedy": made.remedy or "",
        "answer": made.answer, "covered_until": made.covered_until.isoformat() if made.covered_until else None,
        "phone": help_.phone, "beneficiary_name": parties[made.beneficiary_id].name,
        "seller_name": parties[made.seller_id].name, "url": f"/retours/{made.reference}",
    }  # fmt: skip
    for organisation_id in to:
        for address, language in parties[organisation_id].addresses:
            kind = what.kind.label_en if language == "en" else what.kind.label_fr
            facts = shared | {"device": title(kind, what.maker, what.model)}
            queue(template, address, language, facts, f"return/{made.reference}")
