"""A reservation in a list of the API, and what may be done with it."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import extending, policy
from reuse_market.reservations.lifecycle import BOOKING, HOLDING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import Row
from reuse_market.web import rest
from reuse_market.web.access import current_actor

NAMES = {
    "confirm": "confirm", "prepare": "prepare", "sign": "sign", "sign_with_code": "sign-with-code",
    "release": "release", "accept": "accept",
}  # fmt: skip
COLUMNS = (
    "reference", "state", "beneficiary_id", "seller_id", "group_key", "units", "price_cents", "vat_scheme",
    "order_number", "delivery", "note", "until", "placed_at", "confirmed_at", "prepared_at", "provided_at",
    "signer_name", "reason", "act", "basket", "extended_at", "offered_until",
)  # fmt: skip


def _offered(found: Reservation, actor: Actor) -> list[str]:
    own = [NAMES[name] for name in BOOKING.offered(found, actor) if name in NAMES]
    if found.state in HOLDING and (actor.is_org(found.beneficiary_id) or actor.is_org(found.seller_id)):
        own.append("quote")
    if extending.offered(found, actor):
        own.append("extend")
    if policy.own_beneficiary(actor, found) and found.state in SIGNABLE:
        own.append("renew-code")
    return rest.actions("reservations", found, actor, own)


def row_of(row: Row) -> dict[str, Any]:
    """One reservation as `ReservationRowSchema` shows it."""
    found = row.reservation
    links = {
        "self": rest.address("reservations", found.reference),
        "page": f"/reservations/{found.reference}",
    }
    return {name: getattr(found, name) for name in COLUMNS} | {
        "beneficiary": row.beneficiary, "seller": row.seller, "actions": _offered(found, current_actor()),
        "links": links,
    }  # fmt: skip
