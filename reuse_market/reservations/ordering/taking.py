"""Verbs of a quote: taken at its price while it holds and stock remains, one device first to try, declined."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.catalogue import queries as catalogue
from reuse_market.documents import queries as documents
from reuse_market.equipment.configurations import COLUMNS, Configuration, likeness
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import law, policy
from reuse_market.reservations.models import QuoteTerms, Reservation
from reuse_market.reservations.ordering import mails, promises
from reuse_market.reservations.services import place_reservation
from reuse_market.traceability import journal
from reuse_market.units import queries as units
from reuse_market.units.models import Unit

ENDED = {
    "taken": N_("This quote has been taken already."),
    "declined": N_("This quote has been declined."),
    "over": N_("This quote was valid until %(day)s. Ask for a new one."),
    "replaced": N_("A newer quote replaces this one: %(number)s."),
}
GONE = N_("No device of this quote is left: the price holds only while there are any.")


@command
def take_quote(
    number: str, *, actor: Actor, delivery: str = "collect", order_number: str = "", note: str = ""
) -> Reservation:
    """Reserve what the quote is for, or the rest of it after a trial, at its price, whatever the price now.

    Refused: NotFound to who is not its customer; Conflict once it is taken, declined, over or replaced, and when
    fewer are left than it says; and all that `place_reservation` refuses.
    """
    terms = _open(number, actor)
    trial = _trial(terms)
    made = _reserve(terms, promises.left(terms, trial), actor, delivery, order_number, note)
    terms.taken = made.reference
    _tell(terms, "quote.taken", actor, {"reservation": made.reference, "units": made.units})
    return made


@command
def try_one(
    number: str, *, actor: Actor, delivery: str = "collect", order_number: str = "", note: str = ""
) -> Reservation:
    """Reserve one device of the quote to try it; the price of the others holds until the quote's last day.

    The others are not held. Refused as `take_quote`; Conflict for a second trial, Invalid for a quote of one.
    """
    terms = _open(number, actor)
    if terms.units < 2:
        raise Invalid(N_("This quote is for one device: reserve it."), code="quote.one")
    if terms.trial:
        raise Conflict(N_("One device of this quote has been taken to try already."), code="quote.tried")
    made = _reserve(terms, 1, actor, delivery, order_number, note)
    terms.trial = made.reference
    _tell(terms, "quote.tried", actor, {"reservation": made.reference})
    return made


@command
def decline_quote(number: str, *, actor: Actor) -> QuoteTerms:
    """The customer does not want it, or the rest of it; the seller gets a mail. Refused as `take_quote`."""
    terms = _open(number, actor)
    terms.declined_at = clock.now()
    session().flush()
    _tell(terms, "quote.declined", actor, {})
    mails.declined(terms, promises.left(terms, _trial(terms)))
    return terms


def _open(number: str, actor: Actor) -> QuoteTerms:
    terms: QuoteTerms | None = lock(QuoteTerms, QuoteTerms.number == number)
    if terms is None or not (actor.is_org(terms.buyer_id) or actor.is_org(terms.seller_id)):
        raise NotFound(promises.UNKNOWN)
    if not actor.is_org(terms.buyer_id) or not policy.may_reserve(actor):
        raise NotAllowed(
            N_("Only the customer takes a quote, by somebody who may commit it."), code="quote.take"
        )
    document = documents.get(number)
    assert document is not None
    state = promises.standing(document, terms)
    if state != "open":
        told: dict[str, dict[str, Any]] = {
            "over": {"day": terms.valid_until},
            "replaced": {"number": document.superseded_by},
        }
        raise Conflict(ENDED[state], code=f"quote.{state}", **told.get(state, {}))
    return terms


def _trial(terms: QuoteTerms) -> Reservation | None:
    statement = sa.select(Reservation).where(Reservation.reference == terms.trial)
    return session().scalars(statement).one_or_none() if terms.trial else None


def _reserve(
    terms: QuoteTerms, count: int, actor: Actor, delivery: str, order_number: str, note: str
) -> Reservation:
    group = _alike(terms, actor)
    if group is None:
        raise Conflict(GONE, code="quote.gone")
    made = place_reservation(
        group.key, count, actor=actor, delivery=delivery, order_number=order_number, note=note
    )
    if (made.price_cents, made.vat_scheme) != (terms.price_cents, terms.vat_scheme):
        made.price_cents, made.vat_scheme = terms.price_cents, terms.vat_scheme
        ids = units.engaged_ids("hold", made.reference)
        made.act = law.require_provision(made, ids, field="units").act
        session().flush()
    return made


def _alike(terms: QuoteTerms, actor: Actor) -> catalogue.Group | None:
    """The group as it was quoted; once its seller asks another price, the one of the same devices."""
    same = catalogue.group(terms.group_key, actor)
    if same is not None:
        return same
    sample = session().get_one(Unit, terms.sample_id)
    wanted = _shown(sample)
    found = [
        group
        for group in catalogue.groups(catalogue.Filters(kind=sample.kind), actor)
        if group.seller_id == terms.seller_id and _shown(group) == wanted and group.grade == terms.grade
        and group.warranty_months == terms.warranty_months
    ]  # fmt: skip
    return max(found, key=lambda group: group.units, default=None)


def _shown(one: Unit | catalogue.Group) -> tuple[object, ...]:
    return likeness(Configuration(*(getattr(one, name) for name in COLUMNS)))


def _tell(terms: QuoteTerms, event: str, actor: Actor, more: dict[str, object]) -> None:
    session().flush()
    facts = {"quote": terms.number, "seller": terms.seller_id, **more}
    journal.append(journal.Act(actor), organisation_stream(terms.buyer_id), event, facts=facts)
