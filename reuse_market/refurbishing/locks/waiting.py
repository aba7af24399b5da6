"""Writes that follow a test: a lock found opens a wait, a test without it ends it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import command, session
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.models import LockWait
from reuse_market.refurbishing.queries import reference_of
from reuse_market.traceability import journal
from reuse_market.units.models import Unit


@command
def follow_test(unit: Unit, kinds: Sequence[str], doing: journal.Act) -> None:
    """Inside a test: `kinds` are the locks it found. One still there although released is asked again."""
    now, wanted = clock.now(), set(kinds)
    for wait in session().scalars(
        sa.select(LockWait).where(LockWait.unit_id == unit.id, LockWait.ended_at.is_(None))
    ):
        if wait.kind not in wanted or wait.answer == "released" or wait.organisation_id != unit.custodian_id:
            wait.ended_at = now
        else:
            wanted.discard(wait.kind)
    opened = sorted(wanted)
    lot = reference_of(unit.stream) or ""
    holder = _holder(lot, unit)
    session().add_all(
        LockWait(
            unit_id=unit.id, kind=kind, organisation_id=unit.custodian_id, holder_id=holder, lot=lot,
            opened_at=now,
        )
        for kind in opened
    )  # fmt: skip
    session().flush()
    if opened:
        journal.append(doing, unit.stream, "unit.locked", unit_ids=[unit.id], facts={"locks": opened})


def _holder(lot: str, unit: Unit) -> int:
    found = session().scalar(sa.select(Lot.holder_id).where(Lot.reference == lot)) if lot else None
    return found if found is not None else unit.owner_id
