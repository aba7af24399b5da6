"""What shows the proof: a wrong test that is corrected, not edited; an erasure certificate; the file of the lot."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.demo.acting import Act, Actors, Told
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.lots import certificates
from reuse_market.proofs import lot_file
from reuse_market.proofs.corrections import services as corrections
from reuse_market.traceability.models import Checkpoint, Event, EventUnit
from reuse_market.units.models import Unit

READ = 78  # percent: what the battery's own label said


def acts(actors: Actors, told: Told) -> list[Act]:
    """A battery read wrongly is corrected, and the lot gets its certificate."""
    return [
        Act(-2, lambda: _correct(actors, told["walked"]), 11),
        Act(-2, lambda: certificates.issue_for_lot(told["walked"], actor=actors["reuse-actor"]), 12),
    ]


def _correct(actors: Actors, lot: str) -> None:
    """A test of a device that is back in the workshop: nothing on offer changes."""
    tested = (
        sa.select(Event.uid)
        .join(EventUnit, EventUnit.event_id == Event.id)
        .join(Unit, Unit.id == EventUnit.unit_id)
        .where(Event.stream == f"lot/{lot}", Event.type == "unit.tested", Unit.state == "in_workshop")
        .order_by(Event.id)
        .limit(1)
    )
    uid = session().scalars(tested).one()
    corrections.correct_event(
        uid, {"battery": READ}, actor=actors["reuse-actor"], reason="incorrect_data",
        note="Relevé sur une autre batterie.",
    )  # fmt: skip


def file(lot: str, holder: Actor, at: Checkpoint) -> None:
    """The holder's edition of the lot file, at the first checkpoint."""
    lot_file.issue(lot, actor=holder, at=at)
