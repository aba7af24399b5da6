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
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Lot, LotLine
from reuse_market.units.models import Engagement, Label, Unit

ANONYMOUS = sa.and_(Unit.serial.is_(None), Unit.asset_tag.is_(None))


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


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of a pick-up: planned, what was noted, what is left; `loose`: left ones without any number."""

    line: int | None
    label: str
    planned: int = 0
    taken: int = 0
    missing: int = 0
    refused: int = 0
    loose: int = 0

    @property
    def noted(self) -> int:
        """Units with an outcome."""
        return self.taken + self.missing + self.refused

    @property
    def left(self) -> int:
        """Units without one yet."""
        return self.planned - self.noted


@dataclass(frozen=True, slots=True)
class Noted:
    """One act of checking off, as the last ones are shown with their undo."""

    check_id: int
    outcome: str
    units: int
    label: str
    code: str | None
    reason: str | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A unit of a pick-up with what was noted of it."""

    unit_id: int
    line: int | None
    kind: str
    serial: str | None
    asset_tag: str | None
    code: str | None
    outcome: str | None
    reason: str | None
    note: str


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


def of_claim(claim_id: int) -> list[PickupView]:
    """The pick-ups of a claim, by date."""
    return _views(Pickup.claim_id == claim_id)


def without_pickup(claim_reference: str) -> dict[int | None, list[int]]:
    """Line → ids of the units awarded to a claim that no pick-up holds yet."""
    other = aliased(Engagement)
    held = sa.exists().where(other.unit_id == Engagement.unit_id, other.kind == "pickup", other.until_at.is_(None))
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


def tally(pickup: Pickup) -> list[Tally]:
    """The lines of a pick-up in order, counted."""
    statement = (
        sa.select(Engagement.line, PickupCheck.outcome, ANONYMOUS, sa.func.count())
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(PickupCheck, _check_of_unit(pickup.id))
        .where(_planned(pickup.reference))
        .group_by(Engagement.line, PickupCheck.outcome, ANONYMOUS)
    )
    counts: dict[int | None, dict[str, int]] = {}
    for line, outcome, loose, count in session().execute(statement):
        row = counts.setdefault(line, dict.fromkeys(("planned", "taken", "missing", "refused", "loose"), 0))
        row["planned"] += count
        if outcome:
            row[outcome] += count
        elif loose:
            row["loose"] += count
    labels = _line_labels(pickup.lot_id)
    return [
        Tally(line, labels.get(line, ""), **row) for line, row in sorted(counts.items(), key=lambda i: i[0] or 0)
    ]


def extras(pickup: Pickup) -> list[PickupCheck]:
    """The extras noted at a pick-up, in order."""
    statement = sa.select(PickupCheck).where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "extra")
    return list(session().scalars(statement.order_by(PickupCheck.id)))


def last_noted(pickup: Pickup, limit: int = 5) -> list[Noted]:
    """The last acts of checking off, newest first; several units of one act are one entry."""
    check = PickupCheck
    first = sa.func.min(check.id)
    shared = (check.outcome, check.reason, check.note)
    statement = (
        sa.select(
            first, sa.func.count(), sa.func.min(check.line), sa.func.count(sa.distinct(check.line)),
            sa.func.max(check.at), sa.func.max(check.label), sa.func.min(check.unit_id), *shared,
        )
        .where(check.pickup_id == pickup.id)
        .group_by(check.batch, *shared)
        .order_by(first.desc())
        .limit(limit)
    )  # fmt: skip
    rows = session().execute(statement).all()
    labels = _line_labels(pickup.lot_id)
    codes = _codes([row[6] for row in rows if row[1] == 1 and row[6]])
    return [
        Noted(row[0], row[7], row[1], row[5] or (labels.get(row[2], "") if row[3] == 1 else ""),
              codes.get(row[6]), row[8], row[9], row[4])
        for row in rows
    ]  # fmt: skip


def sheet(pickup: Pickup, *, outcomes: tuple[str, ...] | None = None) -> list[Planned]:
    """The planned units one by one, by line and id, with their code and what was noted of them."""
    statement = (
        sa.select(Unit.id, Engagement.line, Unit.kind, Unit.serial, Unit.asset_tag, Label.code,
                  PickupCheck.outcome, PickupCheck.reason, sa.func.coalesce(PickupCheck.note, ""))
        .select_from(Engagement)
        .join(Unit, Unit.id == Engagement.unit_id)
        .outerjoin(Label, Label.unit_id == Unit.id)
        .outerjoin(PickupCheck, _check_of_unit(pickup.id))
        .where(_planned(pickup.reference))
        .order_by(Engagement.line, Unit.id)
    )  # fmt: skip
    if outcomes is not None:
        statement = statement.where(PickupCheck.outcome.in_(outcomes))
    return [Planned(*row) for row in session().execute(statement)]


def line_labels(lot_id: int) -> dict[int | None, str]:
    """Line number → its label."""
    return _line_labels(lot_id)


def _at(day: date, time: str) -> datetime:
    hour, minute = time.split(":")
    return clock.at_paris(day, int(hour), int(minute))


def _line_labels(lot_id: int) -> dict[int | None, str]:
    rows = session().execute(sa.select(LotLine.number, LotLine.label).where(LotLine.lot_id == lot_id))
    return {row[0]: row[1] for row in rows}


def _codes(unit_ids: list[int]) -> dict[int | None, str]:
    rows = session().execute(sa.select(Label.unit_id, Label.code).where(Label.unit_id.in_(unit_ids)))
    return {row[0]: row[1] for row in rows}


def _planned(reference: str) -> sa.ColumnElement[bool]:
    return sa.and_(Engagement.kind == "pickup", Engagement.reference == reference)


def _check_of_unit(pickup_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(PickupCheck.pickup_id == pickup_id, PickupCheck.unit_id == Engagement.unit_id)


def _views(*criteria: sa.ColumnElement[bool]) -> list[PickupView]:
    planned = (
        sa.select(sa.func.count())
        .where(Engagement.kind == "pickup", Engagement.reference == Pickup.reference)
        .scalar_subquery()
    )
    statement = (
        sa.select(Pickup, Claim.reference, Lot.reference, Lot.title, Site.commune_name, planned)
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
            p.asked_by_id, p.answer_until, count, p.driver_signed_at, p.holder_signed_at,
        )
        for p, claim, lot, title, commune, count in rows
    ]  # fmt: skip
