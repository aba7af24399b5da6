"""What an approved revision changes: outcomes superseded, custody and ownership with them, a new note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.claims.models import Claim
from reuse_market.collection import papers, papers_gift
from reuse_market.collection.models import NoteRevision, NoteRevisionLine, Pickup, PickupCheck
from reuse_market.collection.revising import queries
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal, payload
from reuse_market.units import services as moves
from reuse_market.units.labels import ensure_labels
from reuse_market.units.services import Closing, Move, Opening, Revising

# outcome at the pick-up → of the award and the lot, and the life-cycle's action that leads there
MOVES = {
    "taken": ("collected", "revise_taken"),
    "missing": ("missing", "revise_missing"),
    "refused": ("refused", "revise_refused"),
}


def apply(revision: NoteRevision, pickup: Pickup, claim: Claim, lot: Lot, doing: journal.Act) -> None:
    """Each line as one act: the units move, their closed engagements and checks say the corrected outcome.

    Conflict when a unit has moved on since it was proposed. Both signed: a new note, numbered, is issued.
    """
    facts = {"lot": lot.reference, "claim": claim.reference, "pickup": pickup.reference,
             "revision": revision.reference}  # fmt: skip
    for line in queries.lines(revision.id):
        told = facts | ({"reason": line.reason} if line.reason else {})
        if line.after == "extra":
            _bear(revision, line, pickup, lot, doing, told)
        else:
            _correct(line, pickup, claim, lot, doing, told)
    session().expire_all()
    if pickup.holder_signed_at is not None:
        papers.issue_note(pickup)
        papers_gift.issue_statement(pickup)


def _correct(
    line: NoteRevisionLine, pickup: Pickup, claim: Claim, lot: Lot, doing: journal.Act, facts: dict[str, Any]
) -> None:
    ids, before = payload.members(line.unit_ids), line.before or ""
    at_lot, action = MOVES[line.after]
    was = MOVES[before][0]
    taken = line.after == "taken"
    owner = pickup.actor_id if taken and pickup.holder_signed_at is not None else pickup.holder_id
    move = Move(
        action=action,
        party_id=pickup.holder_id if before == "taken" else pickup.actor_id,
        owner_id=owner,
        custodian_id=pickup.actor_id if taken else pickup.holder_id,
        regime=lot.regime if taken else None,
        clears=("regime",) if line.after == "refused" else (),
        revises=(
            Revising("pickup", pickup.reference, before, line.after),
            Revising("award", claim.reference, was, at_lot),
            Revising("lot", lot.reference, was, at_lot),
        ),
        values={"site_id": None if taken else pickup.site_id},
    )
    moves.act(move, ids, doing=doing, stream=f"lot/{lot.reference}", facts=facts)
    _note(pickup, ids, line)


def _note(pickup: Pickup, ids: Sequence[int], line: NoteRevisionLine) -> None:
    """The check now says what is true; what it said stands in the revision, the journal and the former note."""
    session().execute(
        sa.update(PickupCheck)
        .where(PickupCheck.pickup_id == pickup.id, moves.criterion(ids, PickupCheck.unit_id))
        .values(outcome=line.after, reason=None if line.after == "taken" else line.reason, note="")
        .execution_options(synchronize_session=False)
    )


def _bear(
    revision: NoteRevision, line: NoteRevisionLine, pickup: Pickup, lot: Lot, doing: journal.Act,
    facts: dict[str, Any],
) -> None:  # fmt: skip
    """Devices found in addition: units of the lot, born where they are."""
    signed = pickup.holder_signed_at is not None
    ids = moves.create(
        [{"kind": line.kind}] * line.units,
        doing=doing,
        stream=f"lot/{lot.reference}",
        event_type="pickup.extra",
        state="collected",
        owner_id=pickup.actor_id if signed else pickup.holder_id,
        custodian_id=pickup.actor_id,
        origin="extra",
        regime=lot.regime,
        opens=(Opening("lot", lot.reference, pickup.holder_id),),
        closes=(Closing("lot", lot.reference, "collected"),),
        extra=True,
        facts=facts,
    )
    line.unit_ids = payload.ranges(ids)
    shared = {"pickup_id": pickup.id, "batch": revision.reference, "outcome": "extra", "reason": line.reason,
              "kind": line.kind, "label": line.label, "at": clock.now(), "person_id": revision.person_id,
              "container_id": revision.container_id, "note": ""}  # fmt: skip
    session().execute(sa.insert(PickupCheck), [shared | {"unit_id": unit_id} for unit_id in ids])
    ensure_labels(ids, actor=doing.actor)
