"""Who may act on a reservation, and on an orientation voucher."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor
from reuse_market.reservations.models import OrientationVoucher, Reservation

RESERVING = ("buyer", "obliged_buyer", "recipient")
PRESCRIBING = ("recipient", "operator")


def may_reserve(actor: Actor, _subject: object = None) -> bool:
    """Buyers, obliged buyers and recipients, by somebody who commits them."""
    return actor.commits and actor.has(*RESERVING)


def beneficiary(actor: Actor, reservation: Reservation) -> bool:
    """The organisation the units are held for."""
    return actor.commits and actor.is_org(reservation.beneficiary_id)


def own_beneficiary(actor: Actor, reservation: Reservation) -> bool:
    """The beneficiary by its own people: they see the code, and sign."""
    return beneficiary(actor, reservation) and actor.own_hand


def own_seller(actor: Actor, reservation: Reservation) -> bool:
    """The seller by its own people: the beneficiary signs on their screen."""
    return seller(actor, reservation) and actor.own_hand


def seller(actor: Actor, reservation: Reservation) -> bool:
    """The reuse actor that owns the units."""
    return actor.commits and actor.is_org(reservation.seller_id)


def offered(actor: Actor, reservation: Reservation) -> bool:
    """Who is offered these units from the waiting list, and has not answered yet."""
    return reservation.offered_until is not None and beneficiary(actor, reservation)


def confirming(actor: Actor, reservation: Reservation) -> bool:
    """The seller, once the units are asked for: not while they are only offered."""
    return reservation.offered_until is None and seller(actor, reservation)


def signing_beneficiary(actor: Actor, reservation: Reservation) -> bool:
    """The beneficiary itself: nobody signs for it, the operator neither."""
    return actor.own_hand and beneficiary(actor, reservation)


def signing_seller(actor: Actor, reservation: Reservation) -> bool:
    """The seller itself, on whose screen the beneficiary signs."""
    return actor.own_hand and seller(actor, reservation)


def counter(actor: Actor, reservation: Reservation) -> bool:
    """The seller itself, for whoever comes with an orientation voucher."""
    return reservation.voucher_id is not None and signing_seller(actor, reservation)


def either(actor: Actor, reservation: Reservation) -> bool:
    """Seller or beneficiary; the latter alone lets pass what the waiting list offers it."""
    return confirming(actor, reservation) or beneficiary(actor, reservation)


def clock(actor: Actor, _subject: object) -> bool:
    """The expiry job."""
    return actor.via == "system"


def taking_back(actor: Actor, reservation: Reservation) -> bool:
    """The end of the proposal that held them, while it is not answered."""
    return reservation.offered_until is not None and clock(actor, reservation)


def may_see(actor: Actor, reservation: Reservation) -> bool:
    """Either party, and those who oversee."""
    return (
        actor.is_org(reservation.beneficiary_id)
        or actor.is_org(reservation.seller_id)
        or actor.has("operator", "administrator", "auditor")
    )


def may_see_basket(actor: Actor, reservation: Reservation) -> bool:
    """Who asked for all of it, and those who oversee: a seller sees its own part only."""
    return actor.is_org(reservation.beneficiary_id) or actor.has("operator", "administrator", "auditor")


def may_prescribe(actor: Actor, _subject: object = None) -> bool:
    """Associations that serve fragile publics, and the operator, by somebody who commits them."""
    return actor.commits and actor.has(*PRESCRIBING)


def prescriber(actor: Actor, voucher: OrientationVoucher) -> bool:
    """Who issued the voucher."""
    return actor.commits and actor.is_org(voucher.prescriber_id)


def redeemer(actor: Actor, _voucher: object = None) -> bool:
    """A seller at its own counter: a provision is never signed through the operator."""
    return actor.commits and actor.has("reuse_actor") and actor.own_hand


def may_see_voucher(actor: Actor, voucher: OrientationVoucher) -> bool:
    """Its prescriber, those who oversee, and, once used, the seller that took it."""
    return (
        actor.is_org(voucher.prescriber_id)
        or actor.is_org(voucher.seller_id)
        or actor.has("operator", "administrator", "auditor")
    )


def may_read_code(actor: Actor, voucher: OrientationVoucher) -> bool:
    """The code is money: its prescriber alone reads it, and only while it is good."""
    return actor.is_org(voucher.prescriber_id) and voucher.state == "issued"
