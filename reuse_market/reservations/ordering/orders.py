"""The purchase order of a buyer on a reservation: what Chorus Pro asks the invoice to bear, on a numbered paper."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.catalogue.describing import described, title
from reuse_market.documents import services as documents
from reuse_market.documents.rendering import Lang
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.reservations import acting, policy, queries, slip
from reuse_market.reservations.models import PurchaseOrder, Reservation
from reuse_market.reservations.ordering import mails
from reuse_market.traceability import journal

KIND, PREFIX = "purchase_order", "BC"
OPEN = ("placed", "confirmed", "prepared", "provided")
LONGEST = {"service_code": 100, "commitment": 50, "reference": 60}
SIRET = re.compile(r"[0-9]{14}")
DELIVERY = {
    "fr": {"collect": "Retrait chez le vendeur", "deliver": "Livraison par le vendeur",
           "carrier": "Livraison par un transporteur"},
    "en": {"collect": "Collected at the seller’s", "deliver": "Delivered by the seller",
           "carrier": "Brought by a carrier"},
}  # fmt: skip


@command
def issue_order(
    reference: str,
    *,
    actor: Actor,
    lang: Lang,
    siret: str,
    service_code: str = "",
    commitment: str = "",
    buyer_reference: str = "",
) -> PurchaseOrder:
    """The beneficiary's order on its reservation, told to the seller; a newer one replaces it.

    `siret` of the establishment that pays, code of its service, number of its legal commitment, its own
    reference: as Chorus Pro asks. Refused: NotAllowed to others and on another's behalf; Conflict once the
    reservation is over, only offered yet, or nothing is to be paid; Invalid for what is no SIRET or too long.
    """
    require_own_hand(actor)
    found = acting.locked(reference)
    if not policy.beneficiary(actor, found):
        raise NotAllowed(N_("Only the buyer orders, by somebody who may commit it."), code="order.issue")
    _require_orderable(found)
    typed = _checked(siret, service_code, commitment, buyer_reference)
    facts = _facts(found, lang) | {"siret": siret} | typed
    document = documents.issue(
        KIND, facts, lang=lang, owner=slip.owner(reference), number_prefix=PREFIX,
        readers=(found.beneficiary_id, found.seller_id),
    )  # fmt: skip
    made = PurchaseOrder(
        number=document.number, reservation_id=found.id, buyer_id=found.beneficiary_id, siret=siret,
        made_at=clock.now(), **typed,
    )  # fmt: skip
    session().add(made)
    found.order_number = found.order_number or typed["reference"] or typed["commitment"]
    session().flush()
    _tell(found, made, actor)
    return made


def _tell(found: Reservation, made: PurchaseOrder, actor: Actor) -> None:
    told = {"order": made.number, "reservation": found.reference, "seller": found.seller_id}
    stream = organisation_stream(found.beneficiary_id)
    journal.append(journal.Act(actor), stream, "order.issued", facts=told)
    mails.ordered(found, made)


def _checked(siret: str, service_code: str, commitment: str, buyer_reference: str) -> dict[str, str]:
    """What was typed, by column of the order; Invalid for what is no SIRET or too long."""
    typed = {
        "service_code": service_code.strip(), "commitment": commitment.strip(),
        "reference": buyer_reference.strip(),
    }  # fmt: skip
    if not SIRET.fullmatch(siret):
        raise Invalid(N_("Enter the 14 digits of the SIRET."), field="siret")
    for name, text in typed.items():
        if len(text) > LONGEST[name]:
            field = "buyer_reference" if name == "reference" else name
            raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=LONGEST[name])
    return typed


def _require_orderable(found: Reservation) -> None:
    if found.state not in OPEN:
        raise Conflict(N_("This reservation is over: there is nothing to order."))
    if found.offered_until is not None:
        raise Conflict(N_("Accept what is offered before you order it."), code="order.offered")
    if found.price_cents == 0:
        raise Conflict(N_("Nothing is to be paid: no order is needed."), code="order.free")


def may_order(actor: Actor, found: Reservation) -> bool:
    """Whether this actor may issue an order on the reservation now."""
    orderable = found.state in OPEN and found.offered_until is None and found.price_cents > 0
    return actor.own_hand and policy.beneficiary(actor, found) and orderable


def current(found: Reservation) -> PurchaseOrder | None:
    """The order in force on a reservation."""
    statement = sa.select(PurchaseOrder).where(PurchaseOrder.reservation_id == found.id)
    return session().scalars(statement.order_by(PurchaseOrder.id.desc()).limit(1)).first()


def remembered(found: Reservation) -> dict[str, str]:
    """What the buyer typed last: on this reservation, else on any; its own SIRET the first time."""
    last = current(found) or session().scalars(
        sa.select(PurchaseOrder)
        .where(PurchaseOrder.buyer_id == found.beneficiary_id)
        .order_by(PurchaseOrder.id.desc())
        .limit(1)
    ).first()  # fmt: skip
    if last is None:
        buyer = accounts.organisation(found.beneficiary_id)
        return {"siret": (buyer.siret or "") if buyer else "", "buyer_reference": found.order_number}
    same = last.reservation_id == found.id
    return {
        "siret": last.siret, "service_code": last.service_code, "commitment": last.commitment,
        "buyer_reference": last.reference if same else found.order_number,
    }  # fmt: skip


def _facts(found: Reservation, lang: Lang) -> dict[str, Any]:
    price, held = queries.price(found), queries.held_units(found.reference)
    total = price.times(found.units)
    label = title(equipment.kind_label(held[0].kind, lang), held[0].maker, held[0].model)
    line = ", ".join(part for part in (label, described(held[0], lang)) if part)
    return {
        "seller": _party(found.seller_id), "buyer": _party(found.beneficiary_id),
        "ordered_on": clock.today().isoformat(), "reservation_ref": found.reference, "scheme": price.scheme,
        "lines": [
            {"label": line, "units": found.units, "price_cents": price.net_cents, "total_cents": total.net_cents}
        ],
        "net_cents": total.net_cents, "gross_cents": total.gross_cents, "per_mille": price.per_mille,
        "delivery": DELIVERY[lang][found.delivery],
    }  # fmt: skip


def _party(organisation_id: int) -> dict[str, str]:
    found, site = accounts.organisation(organisation_id), accounts.base_site(organisation_id)
    place = f"{site.street}, {site.postcode} {site.commune_name}".strip(", ") if site else ""
    return {
        "name": found.name if found else "", "siret": (found.siret or found.rna or "") if found else "",
        "address": place,
    }  # fmt: skip
