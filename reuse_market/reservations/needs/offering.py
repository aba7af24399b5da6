"""Ready devices proposed for a need are held for its structure until the last day to answer."""

from __future__ import annotations

from datetime import date

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.reservations import placing
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs import ending, mails, supply, telling
from reuse_market.reservations.needs.matching import Supply
from reuse_market.reservations.needs.need_models import Need, NeedMatch
from reuse_market.traceability import journal

GONE = N_("These devices are no longer available.")


def offer(
    need: Need, found: Supply, count: int, *, actor: Actor, lot_id: int | None = None, promise_id: int | None = None
) -> NeedMatch:  # fmt: skip
    """Write a proposal and tell the structure; inside a verb, the need locked, the seller's head before it.

    Ready devices are held first: Conflict when too few are left, Invalid where the law or a ceiling refuses.
    """
    until = clock.in_days(delay_days("need.answer"))
    held = _hold(need, found.key, count, until) if found.source == "ready" else None
    made = NeedMatch(
        reference=next_reference("RAP"), state="proposed", need_id=need.id, source=found.source, units=count,
        organisation_id=need.organisation_id, seller_id=found.seller_id, promise_id=promise_id,
        group_key=found.key if held is not None else None, lot_id=lot_id, expected_on=found.expected_on,
        price_cents=found.price_cents, proposed_by=actor.organisation_id, until=until, made_at=clock.now(),
        reservation_id=held.id if held is not None else None,
    )  # fmt: skip
    session().add(made)
    session().flush()
    telling.match(actor, "need.match-proposed", made, need, {"reservation": held.reference} if held else None)
    ending.settle(need)
    mails.proposed(made, need)
    return made


def _hold(need: Need, key: str, count: int, until: date) -> Reservation:
    party = supply.asker(need)
    group = catalogue.group(key, party)
    if group is None:
        raise NotFound(GONE, code="supply-gone")
    if not accounts.is_verified(need.organisation_id or 0):
        raise Conflict(N_("This organisation is not admitted now."), code="need.suspended")
    common = {"until": until, "offered_until": until, "delivery": "collect"}
    [held] = placing.hold([placing.Part(group, count)], doing=journal.Act(party), common=common)
    session().flush()
    return held
