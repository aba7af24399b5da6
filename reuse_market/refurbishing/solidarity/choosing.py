"""Verbs of the solidarity share: a lot's people opt in; what was kept opens to all on its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.models import LotShare, Offer
from reuse_market.traceability import journal
from reuse_market.units.models import Engagement, Unit

MOST_DAYS = 90
BETWEEN = N_("Enter a number between %(min)s and %(max)s.")


@dataclass(frozen=True, slots=True)
class TakenBy:
    """Of which lots an organisation was awarded devices, or has some in its hands: one statement for all."""

    organisation_id: int

    def __call__(self, found: Sequence[Lot]) -> Mapping[int, bool]:
        """Lot id → True, for those."""
        own, stream = self.organisation_id, sa.literal("lot/").concat(Lot.reference)
        held = sa.select(Unit.id).where(Unit.stream == stream, Unit.custodian_id == own)
        awarded = (
            sa.select(Engagement.unit_id)
            .join(Unit, Unit.id == Engagement.unit_id)
            .where(Engagement.kind == "award", Engagement.party_id == own, Unit.stream == stream)
        )
        asked = sa.select(Lot.id).where(Lot.id.in_([lot.id for lot in found]))
        taken = asked.where(sa.or_(held.correlate(Lot).exists(), awarded.correlate(Lot).exists()))
        return dict.fromkeys(session().scalars(taken), True)


def may_choose(actor: Actor, lot: Lot, taken: bool | None = None) -> bool:
    """The lot's holder, and a reuse actor that was awarded devices of it, by somebody who commits them.

    `taken`: what `TakenBy` told of the lot; read here when it is not given.
    """
    if not actor.commits:
        return False
    if actor.is_org(lot.holder_id):
        return True
    if not actor.has("reuse_actor") or actor.organisation_id is None:
        return False
    return bool(TakenBy(actor.organisation_id)([lot])) if taken is None else taken


@command
def choose_share(reference: str, percent: int, days: int, *, actor: Actor) -> LotShare:
    """From now on `percent` of each kind of this lot made ready is kept for recipients for `days` days.

    The holder's choice counts for every reuse actor, a reuse actor's for what it makes ready; the greater holds.
    0 percent takes the choice back; what was kept already stays so until its day. Refused: NotFound for a draft
    of others; NotAllowed to who neither lets go nor takes; Invalid outside 0–100 percent, 1–90 days.
    """
    lot = lock(Lot, Lot.reference == reference)
    if lot is None or (lot.state == "draft" and not actor.is_org(lot.holder_id)):
        raise NotFound(N_("This lot does not exist."))
    if not may_choose(actor, lot):
        raise NotAllowed(
            N_(
                "Only the holder of the lot, and the reuse actor that takes it, choose this: ask one of them to."
            ),
            code="share.choose",
        )
    if not 0 <= percent <= 100:
        raise Invalid(BETWEEN, field="percent", min=0, max=100)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(BETWEEN, field="days", min=1, max=MOST_DAYS)
    made = LotShare(
        lot=reference, organisation_id=actor.organisation_id, holds=actor.is_org(lot.holder_id), percent=percent,
        days=days, chosen_at=clock.now(), person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    facts = {"percent": percent, "days": days, "organisation": actor.organisation_id}
    journal.append(journal.Act(actor), f"lot/{reference}", "lot.share-chosen", facts=facts)
    return made


@command
def open_due() -> int:
    """Job: what was kept until today is shown with what is open to all; returns how many units.

    It is open by its date already (`catalogue.queries.open_to`); its day was told when it was made ready.
    """
    due = sa.select(Offer.unit_id).where(Offer.opens_on <= clock.today(), Offer.open_to != "all")
    ids = list(session().scalars(due.order_by(Offer.unit_id).limit(5000)))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        session().execute(sa.update(Offer).where(Offer.unit_id.in_(some)).values(open_to="all"))
    return len(ids)
