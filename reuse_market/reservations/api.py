"""`/reservations`, and what may be done with an offer: reserve it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from reuse_market.accounts import signatures
from reuse_market.catalogue.queries import Group
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import (
    api_baskets,
    api_vouchers,
    counter,
    extending,
    listing,
    pages,
    placing,
    policy,
    queries,
    quotes,
    schemas,
    services,
    slip,
    tickets,
    vouchers,
)
from reuse_market.reservations.api_rows import row_of
from reuse_market.reservations.fairness import api as fairness_api
from reuse_market.reservations.handover.schemas import HandoverKitInput
from reuse_market.reservations.lifecycle import BOOKING, SIGNABLE
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import api as needs_api
from reuse_market.reservations.ordering import api as ordering_api
from reuse_market.reservations.returns import api as returns_api
from reuse_market.reservations.waiting import api as waiting_api
from reuse_market.reservations.waiting import services as waiting
from reuse_market.web import rest, together
from reuse_market.web.access import current_actor

RESERVATION = "/reservations/<ref:reference>"
reservations = rest.Collection(
    "reservations", "Ready units held for a beneficiary, until they are handed over."
)
collections = (
    reservations, needs_api.needs, api_baskets.made, waiting_api.waits, api_vouchers.vouchers,
    fairness_api.allotments, ordering_api.quotes, returns_api.returns,
)  # fmt: skip


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
    together.listed("reservations", [row.reservation for row in rows])
    return rest.page(rows, limit, lambda row: row.reservation.id, row_of)


@reservations.read(RESERVATION, rule="party", shape=schemas.ReservationSchema)
def get_reservation(reference: str) -> dict[str, Any]:
    """One reservation and its units, for both sides."""
    return _shown(queries.get(reference, current_actor()))


def _shown(found: Reservation) -> dict[str, Any]:
    actor = current_actor()
    [row] = queries.with_names([found])
    may = policy.own_beneficiary(actor, found) and found.state in SIGNABLE
    code = signatures.current_code(slip.owner(found.reference)) if may else None
    voucher = tickets.of_reservation(found)
    return row_of(row) | {
        "held": queries.held_units(found.reference), "handover_code": code.code if code is not None else None,
        "undertakings": pages.undertakings_of(found), "voucher": voucher.reference if voucher else None,
    }  # fmt: skip


def _left(key: str) -> None:
    """Who comes too late is told so before anything is locked: the others are not held up."""
    placing.require_left(key)


@reservations.verb(
    "/offers/<ref:key>:reserve", rule="beneficiary", body=schemas.ReservationInput,
    shape=schemas.ReservationSchema, status=201, look=_left,
)  # fmt: skip
def reserve(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Hold so many units of a group."""
    return _shown(services.place_reservation(key, values.pop("units"), actor=current_actor(), **values))


@reservations.verb(f"{RESERVATION}:confirm", rule="reuse-actor", shape=schemas.ReservationSchema)
def confirm(reference: str) -> dict[str, Any]:
    """The seller confirms."""
    queries.get(reference, current_actor())
    services.confirm_reservation(reference, actor=current_actor())
    return get_reservation(reference)


@reservations.verb(
    f"{RESERVATION}:prepare", rule="reuse-actor", body=HandoverKitInput, shape=schemas.ReservationSchema
)
def prepare(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The units are packed, with what goes with them."""
    queries.get(reference, current_actor())
    services.prepare_reservation(reference, actor=current_actor(), told=values["kit"])
    return get_reservation(reference)


@reservations.verb(f"{RESERVATION}:extend", rule="beneficiary", shape=schemas.ReservationSchema)
def extend(reference: str) -> dict[str, Any]:
    """Keep the units for some days more, once."""
    queries.get(reference, current_actor())
    extending.extend_reservation(reference, actor=current_actor())
    return get_reservation(reference)


@reservations.verb(f"{RESERVATION}:accept", rule="beneficiary", shape=schemas.ReservationSchema)
def accept(reference: str) -> dict[str, Any]:
    """Take what the waiting list offers: a reservation like any other from then on."""
    queries.get(reference, current_actor())
    waiting.accept(reference, actor=current_actor())
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
    services.sign_as_beneficiary(reference, actor=current_actor(), **values)
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
    services.sign_with_code(reference, actor=current_actor(), **values)
    return get_reservation(reference)


@reservations.verb(
    f"{RESERVATION}:release", rule="party", body=schemas.Release, shape=schemas.ReservationSchema
)
def release(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Let go: the units are ready again for others."""
    queries.get(reference, current_actor())
    services.release_reservation(reference, actor=current_actor(), reason=values["reason"])
    return get_reservation(reference)


@reservations.verb(
    "/offers/<ref:key>:quote",
    rule="beneficiary",
    body=schemas.QuoteInput,
    shape=schemas.QuoteSchema,
    status=201,
)
def quote_offer(values: dict[str, Any], key: str) -> dict[str, Any]:
    """A quote for so many units of a group, in the language asked for; nothing is held."""
    actor, lang = current_actor(), pages.reader()
    return _quote(quotes.quote_group(key, values["units"], actor=actor, lang=lang, say=_))


@reservations.verb(f"{RESERVATION}:quote", rule="party", shape=schemas.QuoteSchema, status=201)
def quote_reservation(reference: str) -> dict[str, Any]:
    """A quote for a running reservation."""
    actor, lang = current_actor(), pages.reader()
    queries.get(reference, actor)
    return _quote(quotes.quote_reservation(reference, actor=actor, lang=lang, say=_))


def try_voucher(values: dict[str, Any], unit_id: int) -> None:
    """Count a wrong voucher code even though the sale is refused; a device of others counts nothing."""
    counter.require_own(unit_id, actor=current_actor())
    vouchers.presented(values["voucher"], actor=current_actor())


@reservations.verb(
    f"/units/{rest.UNIT_ID}:sell-on-voucher", rule="reuse-actor", body=schemas.CounterInput,
    shape=schemas.ReservationSchema, status=201, before=try_voucher,
)  # fmt: skip
def sell_on_voucher(values: dict[str, Any], unit_id: int, prepared: None) -> dict[str, Any]:
    """Pass a ready unit on to the bearer of an orientation voucher, in one act."""
    made = counter.sell_on_voucher(unit_id, values["voucher"], values["price_cents"], actor=current_actor())
    return get_reservation(made.reference)


def offer_actions(group: Group, actor: Actor) -> Sequence[str]:
    """What reservations adds to an offer's actions."""
    if actor.is_org(group.seller_id):
        return ()
    quote = ["quote"] if actor.has(*policy.RESERVING) else []
    return (["reserve"] if policy.may_reserve(actor) else []) + quote


def unit_actions(unit: Any, actor: Actor) -> Sequence[str]:
    """What reservations adds to a unit's actions."""
    mine = unit.state == "ready" and actor.is_org(unit.custodian_id) and policy.redeemer(actor)
    return ("sell-on-voucher",) if mine else ()


def _quote(made: Any) -> dict[str, Any]:
    facts = made.facts
    names = ("scheme", "net_cents", "gross_cents", "statements", "papers")
    return {name: facts[name] for name in names} | {
        "number": made.number, "language": made.lang, "units": sum(line["units"] for line in facts["lines"]),
        "valid_until": date.fromisoformat(facts["valid_until_on"]),
        "links": {"self": f"/devis/{made.number}.pdf", "pdf": f"/devis/{made.number}.pdf"},
    }  # fmt: skip
