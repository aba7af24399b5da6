"""What a quote promised, and where it stands: reads only."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.documents import queries as documents
from reuse_market.documents.models import Document
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.reservations import policy
from reuse_market.reservations.models import QuoteTerms, Reservation

UNKNOWN = N_("This document does not exist.")
KIND = "quote"


@dataclass(frozen=True, slots=True)
class Promise:
    """A quote as its two sides see it. `state`: open | taken | declined | over | replaced | plain.

    `plain`: made for a reservation, there is nothing to take. `rest`: how many may still be taken at the price.
    """

    document: Document
    terms: QuoteTerms | None
    state: str
    rest: int
    trial: Reservation | None
    offered: tuple[str, ...]


def of_number(number: str, actor: Actor) -> Promise:
    """The quote of that number and what this actor may do with it. NotFound for who is no side of it."""
    document = documents.readable(number, actor)
    if document.kind != KIND:
        raise NotFound(UNKNOWN)
    terms = session().scalars(sa.select(QuoteTerms).where(QuoteTerms.number == number)).one_or_none()
    trial = _reservation(terms.trial) if terms else None
    rest = left(terms, trial) if terms else 0
    state = standing(document, terms)
    return Promise(document, terms, state, rest, trial, _offered(terms, trial, state, actor))


def left(terms: QuoteTerms, trial: Reservation | None) -> int:
    """How many of the quote are not reserved yet: the one tried is not counted twice."""
    return terms.units - (1 if trial is not None and trial.state not in ("released", "expired") else 0)


def standing(document: Document, terms: QuoteTerms | None) -> str:
    """Where the quote stands today (Promise.state)."""
    if terms is None:
        return "plain"
    if terms.taken:
        return "taken"
    if terms.declined_at is not None:
        return "declined"
    if terms.valid_until < clock.today():
        return "over"
    return "replaced" if document.superseded_by else "open"


def _offered(
    terms: QuoteTerms | None, trial: Reservation | None, state: str, actor: Actor
) -> tuple[str, ...]:
    if terms is None or state != "open" or not actor.is_org(terms.buyer_id) or not policy.may_reserve(actor):
        return ()
    return ("take", *(("try-one",) if terms.units > 1 and trial is None else ()), "decline")


def _reservation(reference: str | None) -> Reservation | None:
    if reference is None:
        return None
    return session().scalars(sa.select(Reservation).where(Reservation.reference == reference)).one_or_none()
