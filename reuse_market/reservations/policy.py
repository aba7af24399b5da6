"""Who may act on a reservation."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.models import Reservation

RESERVING = ("buyer", "obliged_buyer", "recipient")


def may_reserve(actor: Actor, _subject: object = None) -> bool:
    """Buyers, obliged buyers and recipients, by somebody who commits them."""
    return actor.commits and actor.has(*RESERVING)


def beneficiary(actor: Actor, reservation: Reservation) -> bool:
    """The organisation the units are held for."""
    return actor.commits and actor.is_org(reservation.beneficiary_id)


def seller(actor: Actor, reservation: Reservation) -> bool:
    """The reuse actor that owns the units."""
    return actor.commits and actor.is_org(reservation.seller_id)


def either(actor: Actor, reservation: Reservation) -> bool:
    """Seller or beneficiary."""
    return seller(actor, reservation) or beneficiary(actor, reservation)


def clock(actor: Actor, _reservation: Reservation) -> bool:
    """The expiry job."""
    return actor.via == "system"


def may_see(actor: Actor, reservation: Reservation) -> bool:
    """Either party, and those who oversee."""
    return (
        actor.is_org(reservation.beneficiary_id)
        or actor.is_org(reservation.seller_id)
        or actor.has("operator", "administrator", "auditor")
    )
