"""What is asked beside what the actor declares it can take: told to it, never refused."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import capacities
from reuse_market.accounts.policy import oversees
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.claims.queries import ClaimView
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots.models import LotLine


@dataclass(frozen=True, slots=True)
class Reach:
    """Units declared a month, and taken by other claims since the first of the month; what goes beyond.

    `beyond`: units above what is left of the month; `others`: units of kinds or in a condition not declared.
    """

    declared: int
    taken: int
    beyond: int = 0
    others: int = 0

    @property
    def exceeded(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.beyond or self.others)


def before_asking(organisation_id: int | None) -> Reach | None:
    """What is left of the month, before anything is asked; None when nothing is declared."""
    declared = capacities.capacity_of(organisation_id) if organisation_id is not None else None
    if declared is None or organisation_id is None:
        return None
    return Reach(declared.units_per_month, _taken(organisation_id))


def of_claim(view: ClaimView, actor: Actor) -> Reach | None:
    """A claim beside its claimant's capacity: for the claimant and those who oversee, while it is alive.

    Its holder, and others, are not told what an organisation declares of itself.
    """
    if not (actor.is_org(view.organisation_id) or oversees(actor)) or view.stage not in (
        "submitted",
        "to_collect",
    ):
        return None
    declared = capacities.capacity_of(view.organisation_id)
    if declared is None:
        return None
    taken = _taken(view.organisation_id, view.id)
    wanted = view.awarded if view.stage == "to_collect" else view.asked
    statement = (
        sa.select(LotLine.kind, LotLine.works, ClaimLine.asked, ClaimLine.awarded)
        .join(ClaimLine, ClaimLine.line == LotLine.number)
        .where(ClaimLine.claim_id == view.id, LotLine.lot_id == view.lot_id)
    )
    others = sum(
        awarded if view.stage == "to_collect" else asked
        for kind, works, asked, awarded in session().execute(statement)
        if not declared.accepts(kind, works)
    )
    return Reach(declared.units_per_month, taken, max(0, taken + wanted - declared.units_per_month), others)


def _taken(organisation_id: int, but: int = 0) -> int:
    """Units awarded to it by claims answered since the first of the month, given up ones left out."""
    since = clock.at_paris(clock.today().replace(day=1))
    statement = (
        sa.select(sa.func.coalesce(sa.func.sum(ClaimLine.awarded), 0))
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            Claim.organisation_id == organisation_id, Claim.state == "awarded", Claim.answered_at >= since,
            Claim.id != but,
        )
    )  # fmt: skip
    return int(session().scalar(statement) or 0)
