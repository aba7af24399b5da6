"""Sealed containers and revised notes, checked on the whole database: what `flask reconcile` says of them."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from reuse_market.collection.models import Container, NoteRevision, NoteRevisionLine, Pickup, PickupCheck
from reuse_market.kernel.db import session
from reuse_market.traceability import payload, queries
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement


def revised() -> list[Fault]:
    """Invariant 2 on notes counted later: each container holds what was signed or a revision says otherwise;
    each unit of a revision is, on the note, what its last approved revision says; the journal says the same."""
    return [*_containers(), *_lines(), *_empty(), *_told()]


def _containers() -> list[Fault]:
    planned = sa.case((PickupCheck.outcome != "extra", 1))
    statement = (
        sa.select(Container.code, Container.declared, Container.counted, sa.func.count(planned),
                  sa.func.count(sa.distinct(NoteRevision.id)))
        .outerjoin(PickupCheck, PickupCheck.container_id == Container.id)
        .outerjoin(NoteRevision, NoteRevision.container_id == Container.id)
        .group_by(Container.id)
        .order_by(Container.id)
    )  # fmt: skip
    faults = []
    for code, declared, counted, rows, revisions in session().execute(statement):
        held = rows // max(1, revisions)  # a row of the join for each revision
        if held != declared:
            faults.append(
                Fault("container.balance", f"container/{code}", f"{declared} signed, {held} units in it")
            )
        if counted is not None and counted != declared and not revisions:
            reason = f"{declared} signed, {counted} counted, and no revision"
            faults.append(Fault("container.balance", f"container/{code}", reason))
    return faults


def _lines() -> list[Fault]:
    said: dict[tuple[int, str], dict[int, str]] = defaultdict(dict)
    faults = []
    statement = (
        sa.select(NoteRevision.reference, NoteRevision.pickup_id, Pickup.reference, NoteRevisionLine)
        .join(NoteRevision, NoteRevision.id == NoteRevisionLine.revision_id)
        .join(Pickup, Pickup.id == NoteRevision.pickup_id)
        .where(NoteRevision.state == "approved")
        .order_by(NoteRevision.pickup_id, NoteRevision.number, NoteRevisionLine.id)
    )
    for reference, pickup_id, pickup, line in session().execute(statement):
        ids = payload.members(line.unit_ids)
        note = said[(pickup_id, pickup)]
        if len(ids) != line.units:
            faults.append(
                Fault(
                    "revision.balance", f"revision/{reference}", f"{line.units} corrected, {len(ids)} named"
                )
            )
        broken = [i for i in ids if i in note and note[i] != line.before]
        faults += [
            Fault("revision.balance", f"unit/{i}", f"corrected from {line.before}, was {note[i]}")
            for i in broken
        ]
        note |= dict.fromkeys(ids, line.after)
    for (pickup_id, pickup), note in said.items():
        faults += _as_revised(pickup_id, pickup, note)
    return faults


def _empty() -> list[Fault]:
    """A revision that made a new note corrected something."""
    lines = sa.exists().where(NoteRevisionLine.revision_id == NoteRevision.id)
    found = session().scalars(
        sa.select(NoteRevision.reference).where(NoteRevision.number.is_not(None), ~lines)
    )
    return [Fault("revision.balance", f"revision/{one}", "numbered, and corrects nothing") for one in found]


def _as_revised(pickup_id: int, pickup: str, note: dict[int, str]) -> list[Fault]:
    checks = dict(session().execute(
        sa.select(PickupCheck.unit_id, PickupCheck.outcome).where(PickupCheck.pickup_id == pickup_id)
    ).all())  # fmt: skip
    held = dict(session().execute(
        sa.select(Engagement.unit_id, Engagement.outcome)
        .where(Engagement.kind == "pickup", Engagement.reference == pickup)
    ).all())  # fmt: skip
    return [
        Fault(
            "revision.balance", f"unit/{unit_id}", f"revised to {after}, the note says {checks.get(unit_id)}"
        )
        for unit_id, after in sorted(note.items())
        if checks.get(unit_id) != after or (after != "extra" and held.get(unit_id) != after)
    ]


def _told() -> list[Fault]:
    """The state of each revision is the last that its events say."""
    states = {
        "revision.proposed": "proposed", "difference.contested": "escalated", "revision.appealed": "escalated",
        "revision.escalated": "escalated",
    }  # fmt: skip
    told: dict[str, str] = {}
    with queries.all_events() as events:
        for event in events:
            if event.type.startswith(("revision.", "difference.")):
                facts = queries.body(event)["facts"]
                told[facts["revision"]] = states.get(event.type, facts["outcome"])
    kept = dict(session().execute(sa.select(NoteRevision.reference, NoteRevision.state)).all())
    return [
        Fault("revision.told", f"revision/{key}", f"{kept.get(key)}, the journal says {told.get(key)}")
        for key in sorted(kept.keys() | told.keys())
        if kept.get(key) != told.get(key)
    ]
