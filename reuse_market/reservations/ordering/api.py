"""`/quotes`: read, take at its price, try one, decline; `/reservations/…:order`."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import get_locale

from reuse_market.documents.rendering import Lang
from reuse_market.kernel.actor import Actor
from reuse_market.reservations import queries
from reuse_market.reservations.models import PurchaseOrder, Reservation
from reuse_market.reservations.ordering import attestations, orders, promises, schemas, taking, thresholds
from reuse_market.web import rest
from reuse_market.web.access import current_actor

QUOTE = "/quotes/<ref:number>"
quotes = rest.Collection(
    "quotes", "Prices promised until a day: taken, tried with one device first, declined."
)


@quotes.read(QUOTE, rule="party", shape=schemas.PromiseSchema)
def get_quote(number: str) -> dict[str, Any]:
    """A quote and where it stands, for its two sides."""
    return _shown(promises.of_number(number, current_actor()))


@quotes.verb(f"{QUOTE}:take", rule="beneficiary", body=schemas.TakeInput, shape=schemas.PromiseSchema)
def take(values: dict[str, Any], number: str) -> dict[str, Any]:
    """Reserve what the quote is for, or the rest of it, at its price."""
    taking.take_quote(number, actor=current_actor(), **values)
    return get_quote(number)


@quotes.verb(f"{QUOTE}:try-one", rule="beneficiary", body=schemas.TakeInput, shape=schemas.PromiseSchema)
def try_one(values: dict[str, Any], number: str) -> dict[str, Any]:
    """Reserve one device to try it; the price of the others holds."""
    taking.try_one(number, actor=current_actor(), **values)
    return get_quote(number)


@quotes.verb(f"{QUOTE}:decline", rule="beneficiary", shape=schemas.PromiseSchema)
def decline(number: str) -> dict[str, Any]:
    """Say that the quote, or the rest of it, is not wanted."""
    taking.decline_quote(number, actor=current_actor())
    return get_quote(number)


@quotes.verb(
    "/reservations/<ref:reference>:order", rule="beneficiary", body=schemas.PurchaseOrderInput,
    shape=schemas.PurchaseOrderSchema, status=201,
)  # fmt: skip
def order(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Issue the purchase order of a reservation, with what Chorus Pro asks."""
    actor = current_actor()
    queries.get(reference, actor)
    lang: Lang = "en" if str(get_locale())[:2] == "en" else "fr"
    return _order(orders.issue_order(reference, actor=actor, lang=lang, **values), reference)


def reservation_actions(found: Reservation, actor: Actor) -> tuple[str, ...]:
    """What ordering adds to a reservation's actions."""
    return ("order",) if orders.may_order(actor, found) else ()


def _order(made: PurchaseOrder, reference: str) -> dict[str, Any]:
    return {
        "number": made.number, "reservation": reference, "siret": made.siret,
        "service_code": made.service_code, "commitment": made.commitment, "buyer_reference": made.reference,
        "made_at": made.made_at, "links": {"pdf": f"/commandes/{made.number}.pdf"},
    }  # fmt: skip


def _shown(found: promises.Promise) -> dict[str, Any]:
    facts, terms, need = found.document.facts, found.terms, None
    if terms is not None:
        need = thresholds.of_quote(terms)
    lists = ("statements", "papers", "terms", "attestations", "missing")
    return {name: facts.get(name, []) for name in lists} | {
        "number": found.document.number, "state": found.state, "language": found.document.lang,
        "seller": facts["seller"]["name"], "buyer": facts["buyer"]["name"],
        "valid_until": date.fromisoformat(facts["valid_until_on"]), "scheme": facts["scheme"],
        "units": sum(line["units"] for line in facts["lines"]), "rest": found.rest,
        "net_cents": facts["net_cents"], "gross_cents": facts["gross_cents"],
        "trial": terms.trial if terms else None, "taken": terms.taken if terms else None, "need": need,
        "social_from": attestations.social_from(),
        "actions": list(found.offered),
        "links": {
            "self": rest.address("quotes", found.document.number), "page": f"/devis/{found.document.number}",
            "pdf": f"/devis/{found.document.number}.pdf",
        },
    }  # fmt: skip
