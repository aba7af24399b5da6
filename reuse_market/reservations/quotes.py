"""Verbs of quotes: what a group, or a reservation, would cost, on a numbered paper kept for both sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.describing import described, title
from reuse_market.catalogue.pricing import Price
from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.documents.rendering import Lang
from reuse_market.equipment import queries as equipment
from reuse_market.kernel import clock, formats
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.refurbishing.law import Origin, origins
from reuse_market.regimes import agec, words
from reuse_market.regimes.cases import Refused
from reuse_market.reservations import acting, law, policy, queries, slip
from reuse_market.reservations.lifecycle import HOLDING
from reuse_market.reservations.models import QuoteTerms
from reuse_market.reservations.ordering import attestations
from reuse_market.traceability import journal
from reuse_market.units import queries as units

KIND = "quote"
PREFIX = "DEV"
MOST = 500
Say = Callable[[str], str]


@command
def quote_group(group_key: str, count: int, *, actor: Actor, lang: Lang, say: Say) -> Document:
    """A quote for `count` units of a group to the actor's organisation, for the dated delay; nothing is held.

    `say` words the law's msgids in `lang`, as the reader's page does. Refused: NotAllowed to who does not
    reserve; NotFound when nothing is left; Conflict for more than are left; Invalid outside 1–500, or with
    the article where the law says no.
    """
    if not actor.has(*policy.RESERVING):
        raise refusal(policy.may_reserve, actor, "quote.group")
    if not 1 <= count <= MOST:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="units", most=MOST)
    group = catalogue.group(group_key, actor)
    if group is None or actor.is_org(group.seller_id):
        raise NotFound(N_("These devices are no longer available."), code="group-gone")
    if count > group.units:
        raise Conflict(N_("Only %(left)s are left. Change the number."), code="too-few", left=group.units)
    buyer = actor.organisation_id or 0
    allowed = _allowed(origins(group.samples), group.seller_id, buyer, group.price)
    label = title(equipment.kind_label(group.kind, lang), group.maker, group.model)
    line = ", ".join(part for part in (label, described(group, lang)) if part)
    facts = _facts(group.seller_id, buyer, line, count, group.price, allowed, say)
    facts |= _attested(group.seller_id, facts["net_cents"], say, lang)
    terms = [
        N_("The price of this quote holds until its last day, while there are devices left; none is held.")
    ]
    if count > 1:
        terms += [
            N_("You may reserve one device first, to try it: the price of the others holds all the same.")
        ]
    facts |= {"terms": [say(one) for one in terms]}
    owner = f"organisation/{buyer}/quote/{group_key}"
    made = _issue(facts, owner, (group.seller_id, buyer), actor, lang, count)
    _promise(made, group, count, buyer)
    return made


@command
def quote_reservation(reference: str, *, actor: Actor, lang: Lang, say: Say) -> Document:
    """A quote for a running reservation, asked for by either side. Conflict once it is over."""
    found = acting.locked(reference)
    if not (actor.is_org(found.beneficiary_id) or actor.is_org(found.seller_id)):
        raise NotAllowed(N_("Your organisation may not do this."), code="quote.reservation")
    if found.state not in HOLDING:
        raise Conflict(N_("This reservation is over: there is nothing to quote."))
    price, held = queries.price(found), queries.held_units(reference)
    ids = units.engaged_ids("hold", reference)
    allowed = _allowed(origins(ids), found.seller_id, found.beneficiary_id, price)
    label = title(equipment.kind_label(held[0].kind, lang), held[0].maker, held[0].model)
    line = ", ".join(part for part in (label, described(held[0], lang)) if part)
    facts = _facts(found.seller_id, found.beneficiary_id, line, found.units, price, allowed, say)
    facts |= {"reservation_ref": reference, "order_number": found.order_number}
    facts |= _attested(found.seller_id, facts["net_cents"], say, lang)
    parties = (found.seller_id, found.beneficiary_id)
    return _issue(facts, slip.owner(reference), parties, actor, lang, found.units)


def _allowed(found: Sequence[Origin], seller: int, buyer: int, price: Price) -> law.Permission:
    answer = law.ask(found, seller, buyer, price)
    if isinstance(answer, Refused):
        raise answer.error("units")
    return answer


def _facts(
    seller_id: int, buyer_id: int, line: str, count: int, price: Price, allowed: law.Permission, say: Say
) -> dict[str, Any]:
    total, strict = price.times(count), allowed.strictest
    counts = agec.together(allowed.answers)  # the answer of the group's page and of the ledger
    statements = [] if counts.reason == agec.NOT_OBLIGED else [say(counts.reason)]
    if allowed.act == "solidarity_sale":
        conditions = ", ".join(say(words.CONDITIONS[code]) for code in strict.conditions)
        statements += [say(words.ACTS[allowed.act]).capitalize() + f" ({strict.article})"]
        statements += [conditions.capitalize()] if conditions else []
    return {
        "seller": _party(seller_id), "buyer": _party(buyer_id), "scheme": price.scheme,
        "valid_until_on": clock.in_days(delay_days("quote.validity")).isoformat(),
        "lines": [
            {"label": line, "units": count, "price_cents": price.net_cents, "total_cents": total.net_cents}
        ],
        "net_cents": total.net_cents, "gross_cents": total.gross_cents, "per_mille": price.per_mille,
        "statements": list(dict.fromkeys(statements)),
        "papers": [say(words.DOCUMENTS[code]) for code in allowed.documents if code in words.DOCUMENTS],
    }  # fmt: skip


def _attested(seller_id: int, net_cents: int, say: Say, lang: Lang) -> dict[str, list[str]]:
    """The seller's attestations by name and last day, and those a buyer would ask at this amount and miss."""
    shown = attestations.of_seller(seller_id)
    until = N_("%(what)s, valid until %(day)s")
    return {
        "attestations": [
            say(until)
            % {"what": say(attestations.KINDS[row.kind]), "day": formats.date_long(row.until, lang)}
            if row.until
            else say(attestations.KINDS[row.kind])
            for row in shown
        ],
        "missing": [say(attestations.KINDS[code]) for code in attestations.missing(seller_id, net_cents)],
        "asked_from": _asked_from(say, lang),
    }


def _asked_from(say: Say, lang: Lang) -> list[str]:
    """From which amount the social attestation is asked and what says so, as the quote's page; [] when not provided."""
    least = attestations.social_from()
    if least is None:
        return []
    amount = say(N_("The social attestation is asked from %(amount)s before tax on."))
    source = say(N_("Source: %(source)s")) % {"source": least.source}
    return [
        amount % {"amount": formats.euros(least.cents, lang)},
        f"{source} – {say(attestations.CONFIDENCES[least.confidence])}.",
    ]


def _promise(made: Document, group: catalogue.Group, count: int, buyer: int) -> None:
    """Keep what the quote promises, so that it can be taken at its price."""
    session().add(
        QuoteTerms(
            number=made.number, seller_id=group.seller_id, buyer_id=buyer, group_key=group.key,
            sample_id=group.samples[0], grade=group.grade, warranty_months=group.warranty_months, units=count,
            price_cents=group.price_cents, vat_scheme=group.vat_scheme,
            valid_until=date.fromisoformat(made.facts["valid_until_on"]),
        )
    )  # fmt: skip
    session().flush()


def _party(organisation_id: int) -> dict[str, str]:
    found, site = accounts.organisation(organisation_id), accounts.base_site(organisation_id)
    place = f"{site.street}, {site.postcode} {site.commune_name}".strip(", ") if site else ""
    return {
        "name": found.name if found else "", "siret": (found.siret or found.rna or "") if found else "",
        "address": place,
    }  # fmt: skip


def _issue(
    facts: dict[str, Any], owner: str, readers: tuple[int, int], actor: Actor, lang: Lang, count: int
) -> Document:
    made = documents.issue(KIND, facts, lang=lang, owner=owner, readers=readers, number_prefix=PREFIX)
    told = {"quote": made.number, "units": count, "seller": readers[0]}
    journal.append(journal.Act(actor), organisation_stream(readers[1]), "quote.issued", facts=told)
    return made
