"""Reads on revisions and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.collection import sheets
from reuse_market.collection.models import Container, NoteRevision, NoteRevisionLine, Pickup, PickupCheck
from reuse_market.collection.revising import policy
from reuse_market.collection.revising.lifecycle import FLOW
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import payload
from reuse_market.units.models import Unit


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision as pages show it."""

    id: int
    reference: str
    state: str
    ground: str
    number: int | None
    pickup_reference: str
    container_code: str | None
    container_number: int | None
    holder_id: int
    holder: str
    actor_id: int
    actor: str
    asked_by_id: int
    asked_by: str
    answered_by_id: int | None
    answered_by: str
    reason: str
    answer: str
    answer_until: date
    made_at: datetime
    answered_at: datetime | None

    def waits_for(self, actor: Actor) -> bool:
        """Whether the next word is this organisation's."""
        if self.state == "proposed":
            return policy.side(actor, self) and not actor.is_org(self.asked_by_id)
        return self.state == "escalated" and policy.settles(actor, self)


@dataclass(frozen=True, slots=True)
class Difference:
    """So many units of a line, or extras, that were not as planned; `found`: since found at the holder's."""

    outcome: str
    line: int | None
    label: str
    reason: str
    units: int
    found: int


def get(reference: str) -> NoteRevision | None:
    """The revision of that reference, or None."""
    return session().scalars(sa.select(NoteRevision).where(NoteRevision.reference == reference)).one_or_none()


def seen(reference: str, actor: Actor) -> NoteRevision:
    """The revision of that reference; NotFound when there is none or `actor` may not know of it."""
    found = get(reference)
    if found is None or not policy.may_see(actor, found):
        raise NotFound(N_("This revision does not exist."))
    return found


def view(revision: NoteRevision) -> RevisionView:
    """One revision as pages show it."""
    return _views(NoteRevision.id == revision.id)[0]


def of_pickup(pickup_id: int) -> list[RevisionView]:
    """The revisions of a note, in order."""
    return _views(NoteRevision.pickup_id == pickup_id)


def of_ids(ids: Sequence[int]) -> list[RevisionView]:
    """Revisions by id, the newest first."""
    return _views(NoteRevision.id.in_(ids))[::-1]


def lines(revision_id: int) -> list[NoteRevisionLine]:
    """What a revision corrects, in order."""
    statement = sa.select(NoteRevisionLine).where(NoteRevisionLine.revision_id == revision_id)
    return list(session().scalars(statement.order_by(NoteRevisionLine.id)))


def offered(revision: NoteRevision, actor: Actor) -> list[str]:
    """What this actor may do with it now."""
    actions = FLOW.offered(revision, actor)
    if "appeal" in actions and (
        _over(revision.answered_at, "difference.contest") or open_on(revision.pickup_id)
    ):
        actions.remove("appeal")
    return actions


def open_on(pickup_id: int) -> NoteRevision | None:
    """The one revision of a note that waits for an answer, if any."""
    statement = sa.select(NoteRevision).where(
        NoteRevision.pickup_id == pickup_id, NoteRevision.state.in_(("proposed", "escalated"))
    )
    return session().scalars(statement).one_or_none()


def not_arrived(actor_id: int) -> dict[int, str]:
    """Unit id → the open revision that says this actor did not get it, whatever the signed note says."""
    statement = (
        sa.select(NoteRevision.reference, NoteRevisionLine.unit_ids)
        .join(NoteRevisionLine, NoteRevisionLine.revision_id == NoteRevision.id)
        .where(NoteRevision.actor_id == actor_id, NoteRevision.state.in_(("proposed", "escalated")))
        .where(NoteRevisionLine.before == "taken", NoteRevisionLine.after.in_(("refused", "missing")))
    )
    return {i: reference for reference, ids in session().execute(statement) for i in payload.members(ids)}


def propose_until(pickup: Pickup) -> date | None:
    """The last day to propose a revision of its note; None before the driver signed."""
    return _until(pickup.driver_signed_at, "revision.propose")


def contest_until(pickup: Pickup) -> date | None:
    """The last day its holder may contest a difference: counted from the holder's own signature."""
    return _until(pickup.holder_signed_at or pickup.driver_signed_at, "difference.contest")


def differences(pickup: Pickup) -> list[Difference]:
    """What was not as planned, by outcome, line and reason."""
    back = sa.func.count(sa.case((sa.and_(PickupCheck.outcome == "missing", Unit.state != "missing"), 1)))
    statement = (
        sa.select(PickupCheck.outcome, PickupCheck.line, PickupCheck.reason, sa.func.max(PickupCheck.label),
                  sa.func.count(), back)
        .outerjoin(Unit, Unit.id == PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome != "taken")
        .group_by(PickupCheck.outcome, PickupCheck.line, PickupCheck.reason)
        .order_by(PickupCheck.outcome, PickupCheck.line, PickupCheck.reason)
    )  # fmt: skip
    labels = sheets.line_labels(pickup.lot_id)
    return [
        Difference(outcome, line, labels.get(line, "") or extra or "", reason or "", units, found)
        for outcome, line, reason, extra, units, found in session().execute(statement)
    ]


def missing_here(pickup: Pickup) -> dict[int | None, int]:
    """Line → its units that are still missing since this pick-up."""
    statement = (
        sa.select(PickupCheck.line, sa.func.count())
        .join(Unit, Unit.id == PickupCheck.unit_id)
        .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "missing", Unit.state == "missing")
        .where(Unit.owner_id == pickup.holder_id, Unit.custodian_id == pickup.holder_id)
        .group_by(PickupCheck.line)
    )
    return {row[0]: row[1] for row in session().execute(statement)}


def approved(pickup_id: int) -> list[RevisionView]:
    """The revisions a note carries."""
    return [each for each in of_pickup(pickup_id) if each.state == "approved" and each.number]


def _until(instant: datetime | None, delay: str) -> date | None:
    if instant is None:
        return None
    return instant.astimezone(clock.PARIS).date() + timedelta(days=delay_days(delay))


def _over(instant: datetime | None, delay: str) -> bool:
    until = _until(instant, delay)
    return until is not None and until < clock.today()


def _views(*criteria: sa.ColumnElement[bool]) -> list[RevisionView]:
    statement = (
        sa.select(NoteRevision, Pickup.reference, Container.code, Container.number)
        .join(Pickup, Pickup.id == NoteRevision.pickup_id)
        .outerjoin(Container, Container.id == NoteRevision.container_id)
        .where(*criteria)
        .order_by(NoteRevision.id)
    )
    rows = session().execute(statement).all()
    ids = {
        i
        for row in rows
        for i in (row[0].holder_id, row[0].actor_id, row[0].asked_by_id, row[0].answered_by_id)
    }
    names = accounts.names(i for i in ids if i)
    return [
        RevisionView(
            r.id, r.reference, r.state, r.ground, r.number, pickup, code, number, r.holder_id,
            names.get(r.holder_id, ""), r.actor_id, names.get(r.actor_id, ""), r.asked_by_id,
            names.get(r.asked_by_id, ""), r.answered_by_id, names.get(r.answered_by_id or 0, ""), r.reason,
            r.answer, r.answer_until, r.made_at, r.answered_at,
        )
        for r, pickup, code, number in rows
    ]  # fmt: skip
