"""`/reservations`, and what may be done with an offer: reserve it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.accounts import signatures
from reuse_market.catalogue.queries import Group
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import listing, policy, queries, schemas, services, slip
from reuse_market.reservations.lifecycle import BOOKING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.queries import Row
from reuse_market.web import rest
from reuse_market.web.access import current_actor

RESERVATION = "/reservations/<ref:reference>"
NAMES = {
    "confirm": "confirm", "prepare": "prepare", "sign": "sign", "sign_with_code": "sign-with-code",
    "release": "release",
}  # fmt: skip
COLUMNS = (
    "reference", "state", "beneficiary_id", "seller_id", "group_key", "units", "price_cents", "vat_scheme",
    "order_number", "delivery", "note", "until", "placed_at", "confirmed_at", "prepared_at", "provided_at",
    "signer_name", "reason",
)  # fmt: skip
reservations = rest.Collection(
    "reservations", "Ready units held for a beneficiary, until they are handed over."
)
collections = (reservations,)


@reservations.read(
    "/reservations",
    rule="party",
    shape=schemas.ReservationRowSchema,
    listed=True,
    query=schemas.ReservationQuery,
)
def list_reservations(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's reservations, on either side, the newest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.reservations(current_actor(), after=cursor, limit=limit, **query)
    return rest.page(rows, limit, lambda row: row.reservation.id, _row)


@reservations.read(RESERVATION, rule="party", shape=schemas.ReservationSchema)
def get_reservation(reference: str) -> dict[str, Any]:
    """One reservation and its units, for both sides."""
    actor = current_actor()
    found = queries.get(reference, actor)
    [row] = queries.with_names([found])
    may = policy.beneficiary(actor, found) and found.state in SIGNABLE
    code = signatures.current_code(slip.owner(reference)) if may else None
    return _row(row) | {
        "held": queries.held_units(reference), "handover_code": code.code if code is not None else None
    }  # fmt: skip


@reservations.verb(
    "/offers/<ref:key>:reserve", rule="beneficiary", body=schemas.ReservationInput,
    shape=schemas.ReservationSchema, status=201,
)  # fmt: skip
def reserve(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Hold so many units of a group."""
    made = services.place_reservation(key, values.pop("units"), actor=current_actor(), **values)
    return get_reservation(made.reference)


@reservations.verb(f"{RESERVATION}:confirm", rule="reuse-actor", shape=schemas.ReservationSchema)
def confirm(reference: str) -> dict[str, Any]:
    """The seller confirms."""
    queries.get(reference, current_actor())
    services.confirm_reservation(reference, actor=current_actor())
    return get_reservation(reference)


@reservations.verb(f"{RESERVATION}:prepare", rule="reuse-actor", shape=schemas.ReservationSchema)
def prepare(reference: str) -> dict[str, Any]:
    """The units are packed."""
    queries.get(reference, current_actor())
    services.prepare_reservation(reference, actor=current_actor())
    return get_reservation(reference)


@reservations.verb(f"{RESERVATION}:renew-code", rule="beneficiary", shape=schemas.ReservationSchema)
def renew_code(reference: str) -> dict[str, Any]:
    """A new handover code, for the beneficiary."""
    queries.get(reference, current_actor())
    services.renew_code(reference, actor=current_actor())
    return get_reservation(reference)


@reservations.verb(
    f"{RESERVATION}:sign", rule="beneficiary", body=schemas.Signature, shape=schemas.ReservationSchema
)
def sign(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The beneficiary signs for the devices received: they are theirs."""
    queries.get(reference, current_actor())
    services.sign_as_beneficiary(reference, actor=current_actor(), name=values["name"])
    return get_reservation(reference)


def try_code(values: dict[str, Any], reference: str) -> None:
    """Count a wrong code even though the act is refused; the act itself judges all the rest."""
    actor = current_actor()
    found = queries.get(reference, actor)
    if BOOKING.allows("sign_with_code", found, actor):
        signatures.check_code(slip.owner(reference), values["code"])


@reservations.verb(
    f"{RESERVATION}:sign-with-code", rule="reuse-actor", body=schemas.CodeSignature,
    shape=schemas.ReservationSchema, before=try_code,
)  # fmt: skip
def sign_with_code(values: dict[str, Any], reference: str, prepared: None) -> dict[str, Any]:
    """The beneficiary signs on the seller's screen, by name and code."""
    services.sign_with_code(reference, values["name"], values["code"], actor=current_actor())
    return get_reservation(reference)


@reservations.verb(
    f"{RESERVATION}:release", rule="party", body=schemas.Release, shape=schemas.ReservationSchema
)
def release(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Let go: the units are ready again for others."""
    queries.get(reference, current_actor())
    services.release_reservation(reference, actor=current_actor(), reason=values["reason"])
    return get_reservation(reference)


def offer_actions(group: Group, actor: Actor) -> Sequence[str]:
    """What reservations adds to an offer's actions."""
    return ("reserve",) if policy.may_reserve(actor) and not actor.is_org(group.seller_id) else ()


def _offered(found: Reservation, actor: Actor) -> list[str]:
    own = [NAMES[name] for name in BOOKING.offered(found, actor) if name in NAMES]
    if policy.beneficiary(actor, found) and found.state in SIGNABLE:
        own.append("renew-code")
    return rest.actions("reservations", found, actor, own)


def _row(row: Row) -> dict[str, Any]:
    found = row.reservation
    links = {
        "self": rest.address("reservations", found.reference),
        "page": f"/reservations/{found.reference}",
    }
    return {name: getattr(found, name) for name in COLUMNS} | {
        "beneficiary": row.beneficiary, "seller": row.seller, "actions": _offered(found, current_actor()),
        "links": links,
    }  # fmt: skip
