"""What the award mode of a lot asks of a claim: the cap, the minimum, the day of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot

AT_CLOSING = N_("This lot is shared at closing: its requests are answered together, by the proposal.")


def check(lot: Lot, wanted: Mapping[int, int], minimum: int | None, organisation_id: int) -> None:
    """Refuse more than the holder's cap for one organisation, what it has of the lot already included; and a
    minimum beyond what is asked or what can be given."""
    asked = sum(wanted.values())
    if lot.cap_per_actor is not None and lot.award_mode == "first_come":
        left = max(0, lot.cap_per_actor - _has(lot.id, organisation_id))
        if asked > left:
            raise Invalid(
                N_("The holder gives at most %(cap)s devices of this lot to one organisation: you may ask for"
                   " %(left)s."),
                field="lines", code="claim.cap", cap=lot.cap_per_actor, left=left,
            )  # fmt: skip
    most = asked if lot.cap_per_actor is None else min(asked, lot.cap_per_actor)
    if minimum is not None and not 1 <= minimum <= most:
        raise Invalid(N_("Enter a number between 1 and %(most)s."), field="minimum", code="claim.minimum",
                      most=most)  # fmt: skip


def answer_until(lot: Lot) -> date:
    """The day a claim sent today is answered by: of a share at closing, a delay after the last day for requests."""
    if lot.award_mode == "at_closing" and lot.claims_until is not None:
        return lot.claims_until + timedelta(days=delay_days("share.answer"))
    return clock.in_days(delay_days("claim.answer"))


def require_by_hand(lot: Lot) -> None:
    """Conflict where claims are not answered one by one."""
    if lot.award_mode == "at_closing":
        raise Conflict(AT_CLOSING, code="claim.at-closing")


def _has(lot_id: int, organisation_id: int) -> int:
    statement = (
        sa.select(sa.func.coalesce(sa.func.sum(ClaimLine.awarded), 0))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.lot_id == lot_id, Claim.organisation_id == organisation_id, Claim.state == "awarded")
    )
    return int(session().scalar(statement) or 0)
