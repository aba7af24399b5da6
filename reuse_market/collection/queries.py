"""Reads on pick-ups. Each takes a constant number of statements, whatever the number of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.claims.models import Claim
from reuse_market.collection import policy
from reuse_market.collection.lifecycle import FLOW
from reuse_market.collection.models import Pickup
from reuse_market.collection.sheets import (
    ANONYMOUS,
    Noted,
    Planned,
    Tally,
    extras,
    last_noted,
    line_labels,
    sheet,
    tally,
)
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot
from reuse_market.units.models import Engagement

__all__ = [
    "ANONYMOUS", "Noted", "PickupView", "Planned", "Tally", "can_have_code", "extras", "get", "holder_site",
    "last_noted",
    "line_labels", "of_claim", "of_lot", "of_organisation", "offered", "seen", "sheet", "tally", "view",
    "without_pickup",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PickupView:
    """A pick-up as lists and pages show it. `planned` counts its units, whatever became of them."""

    id: int
    reference: str
    state: str
    claim_reference: str
    lot_id: int
    lot_reference: str
    lot_title: str
    holder_id: int
    holder: str
    actor_id: int
    actor: str
    day: date
    from_time: str
    to_time: str
    commune: str
    asked_by_id: int
    answer_until: date
    planned: int
    driver_signed_at: datetime | None
    holder_signed_at: datetime | None
    as_is: bool  # straight to who will use the devices, with the holder's erasure proof
    arrival: str = "fetched"  # how the devices travel

    @property
    def from_at(self) -> datetime:
        """The instant the slot begins."""
        return _at(self.day, self.from_time)

    @property
    def to_at(self) -> datetime:
        """The instant the slot ends."""
        return _at(self.day, self.to_time)

    @property
    def late(self) -> bool:
        """Agreed for a day that has passed, and nobody said what happened."""
        return self.state == "agreed" and self.day < clock.today()

    @property
    def open(self) -> bool:
        """Whether something is still to be done by one of both sides."""
        unsigned = self.state == "done" and self.holder_signed_at is None
        return self.state in ("proposed", "countered", "agreed", "failed") or unsigned

    def waits_for(self, organisation_id: int | None) -> bool:
        """Whether the next step is this organisation's."""
        if self.state in ("proposed", "countered"):
            return organisation_id != self.asked_by_id
        if self.state == "agreed":
            return organisation_id == self.actor_id and self.day <= clock.today()
        return self.state == "failed" or (self.state == "done" and self.holder_signed_at is None)


def get(reference: str) -> Pickup | None:
    """The pick-up of that reference, or None."""
    return session().scalars(sa.select(Pickup).where(Pickup.reference == reference)).one_or_none()


def seen(reference: str, actor: Actor) -> Pickup:
    """The pick-up of that reference; NotFound when there is none or `actor` may not know of it."""
    found = get(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This pick-up does not exist."))
    return found


def offered(pickup: Pickup, actor: Actor) -> list[str]:
    """What this actor may do now; a counter-signature is given once, a code is asked for while it is not."""
    actions = FLOW.offered(pickup, actor)
    if pickup.holder_signed_at is not None and "sign_as_holder" in actions:
        actions.remove("sign_as_holder")
    if pickup.state == "done" and pickup.holder_signed_at is None and policy.asks_signature(actor, pickup):
        actions.append("ask_signature")
    if pickup.state == "agreed" and policy.gives_link(actor, pickup):
        actions.append("give_link")
    if can_have_code(pickup) and policy.holder(actor, pickup):
        actions.append("new_code")
    return actions


def can_have_code(pickup: Pickup) -> bool:
    """Whether a signature code means something: agreed, or collected and not yet counter-signed."""
    return pickup.state == "agreed" or (pickup.state == "done" and pickup.holder_signed_at is None)


def view(pickup: Pickup) -> PickupView:
    """One pick-up as pages show it."""
    return _views(Pickup.id == pickup.id)[0]


def of_organisation(organisation_id: int) -> list[PickupView]:
    """The pick-ups of an organisation, on either side, by date."""
    return _views(sa.or_(Pickup.holder_id == organisation_id, Pickup.actor_id == organisation_id))


def of_lot(lot_id: int) -> list[PickupView]:
    """The pick-ups of a lot, by date."""
    return _views(Pickup.lot_id == lot_id)


def of_ids(pickup_ids: list[int]) -> list[PickupView]:
    """Pick-ups by id, the newest first."""
    return sorted(_views(Pickup.id.in_(pickup_ids)), key=lambda view: -view.id)


def holder_site(pickup: Pickup) -> Site | None:
    """The site of the holder's own that a pick-up is about: where both meet, else the lot's.

    Its contact speaks for the holder; where devices are brought to, the place's contact does not.
    """
    met = accounts.site(pickup.site_id)
    if met is not None and met.organisation_id == pickup.holder_id:
        return met
    return accounts.site(session().scalar(sa.select(Lot.site_id).where(Lot.id == pickup.lot_id)))


def of_references(references: list[str]) -> list[PickupView]:
    """Pick-ups by reference, by date."""
    return _views(Pickup.reference.in_(references))


def of_claim(claim_id: int) -> list[PickupView]:
    """The pick-ups of a claim, by date."""
    return _views(Pickup.claim_id == claim_id)


def without_pickup(claim_reference: str) -> dict[int | None, list[int]]:
    """Line → ids of the units awarded to a claim that no pick-up holds yet."""
    other = aliased(Engagement)
    held = sa.exists().where(
        other.unit_id == Engagement.unit_id, other.kind == "pickup", other.until_at.is_(None)
    )
    statement = (
        sa.select(Engagement.line, Engagement.unit_id)
        .where(Engagement.kind == "award", Engagement.reference == claim_reference)
        .where(Engagement.until_at.is_(None), ~held)
        .order_by(Engagement.line, Engagement.unit_id)
    )
    found: dict[int | None, list[int]] = {}
    for line, unit_id in session().execute(statement):
        found.setdefault(line, []).append(unit_id)
    return found


def _at(day: date, time: str) -> datetime:
    hour, minute = time.split(":")
    return clock.at_paris(day, int(hour), int(minute))


def _views(*criteria: sa.ColumnElement[bool]) -> list[PickupView]:
    planned = (
        sa.select(sa.func.count())
        .where(Engagement.kind == "pickup", Engagement.reference == Pickup.reference)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Pickup, Claim.reference, Claim.capacity, Lot.reference, Lot.title, Site.commune_name, planned
        )
        .join(Claim, Claim.id == Pickup.claim_id)
        .join(Lot, Lot.id == Pickup.lot_id)
        .outerjoin(Site, Site.id == Pickup.site_id)
        .where(*criteria)
        .order_by(Pickup.day, Pickup.from_time, Pickup.id)
    )
    rows = session().execute(statement).all()
    names = accounts.names(i for row in rows for i in (row[0].holder_id, row[0].actor_id))
    return [
        PickupView(
            p.id, p.reference, p.state, claim, p.lot_id, lot, title, p.holder_id, names.get(p.holder_id, ""),
            p.actor_id, names.get(p.actor_id, ""), p.day, p.from_time, p.to_time, commune or "",
            p.asked_by_id, p.answer_until, count, p.driver_signed_at, p.holder_signed_at, capacity == "recipient",
            p.arrival or "fetched",
        )
        for p, claim, capacity, lot, title, commune, count in rows
    ]  # fmt: skip
