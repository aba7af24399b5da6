"""What the page of a pick-up shows of its containers, its differences and its note's revisions."""

from __future__ import annotations

from flask_babel import get_locale

from reuse_market.collection import papers_sealed, queries
from reuse_market.collection.containers import queries as containers
from reuse_market.collection.models import Pickup
from reuse_market.collection.revising import policy, wording
from reuse_market.collection.revising import queries as revisions
from reuse_market.collection.revising.forms import found_form
from reuse_market.collection.wording import outcome
from reuse_market.collection.words import REASONS
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.web.filters import date_long
from reuse_market.web.panels import Panel


def sealed(pickup: Pickup, actor: Actor) -> Panel | None:
    """Its sealed containers, if any."""
    made = containers.of_pickup(pickup.id)
    if not made:
        return None
    lang = _language()
    rows = [(one, papers_sealed.container(one, lang)) for one in made]
    context = {
        "rows": rows, "view": queries.view(pickup), "until": containers.count_until(pickup),
        "uncounted": containers.uncounted(pickup.id), "taker": actor.is_org(pickup.actor_id),
    }  # fmt: skip
    return Panel("collection/_containers.html", context)


def differences(pickup: Pickup, actor: Actor) -> Panel | None:
    """What was not as planned and what becomes of it; the note's revisions; what one may still say."""
    if pickup.driver_signed_at is None:
        return None
    view, found = queries.view(pickup), revisions.differences(pickup)
    known, pending = revisions.of_pickup(pickup.id), revisions.open_on(pickup.id)
    today, until, last = clock.today(), revisions.contest_until(pickup), revisions.propose_until(pickup)
    free = pending is None and not view.as_is
    may_revise = free and policy.engages(actor, pickup) and last is not None and today <= last
    may_contest = (
        free and bool(found) and policy.contests(actor, pickup) and until is not None and today <= until
    )
    missing = revisions.missing_here(pickup) if pending is None and actor.is_org(pickup.holder_id) else {}
    if not (found or known or may_revise):
        return None
    over = until is None or until < today
    waiting = next((each for each in known if pending is not None and each.id == pending.id), None)
    context = {
        "view": view, "known": known, "wording": wording, "actor": actor, "may_revise": may_revise,
        "may_contest": may_contest, "until": until, "reasons": {c: said[_language()] for c, said in REASONS.items()},
        "rows": [(one, wording.standing(one, waiting, date_long(until) if until else "", over)) for one in found],
        "outcome": outcome,
        "found": found_form(queries.tally(pickup), missing) if missing else None,
    }  # fmt: skip
    return Panel("collection/_differences.html", context)


def _language() -> str:
    return "en" if str(get_locale())[:2] == "en" else "fr"
