"""Two records of one device: asked when a file makes it unsure, merged only when somebody says so.

The record merged away ends in the state `merged`, uncounted; the one kept takes what the newer one knew.
"""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.fleets import comparing, queries
from reuse_market.fleets.models import ImportRecord, InventoryImport
from reuse_market.fleets.services.describing import describe
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import CHANGED, Move, act

TAKEN = (
    "model_id", "serial", "serial_key", "asset_tag", "holder_key", "cpu", "ram_mb", "storage_mb",
    "screen_tenths", "os", "bought_on",
)  # fmt: skip


@command
def settle(row: InventoryImport, *, doing: journal.Act) -> int:
    """Merge what was answered "the same device": the record just made goes into the one here; how many."""
    statement = sa.select(ImportRecord).where(
        ImportRecord.import_id == row.id, ImportRecord.verdict == "unsure"
    )
    merged = 0
    for record in session().scalars(statement.order_by(ImportRecord.row)).all():
        if comparing.answer_of(row, "unsure", record.facts) != "same":
            continue
        made = comparing.made_from(row.organisation_id, record.facts, record.unit_id or 0)
        kept = session().get(Unit, record.unit_id)
        if made is not None and kept is not None and kept.state in comparing.LIVE:
            _merge(kept, made, doing=doing)
            merged += 1
    return merged


@command
def merge_units(keep_id: int, unit_id: int, *, actor: Actor) -> Unit:
    """Say that `unit_id` and `keep_id` are one device: the first ends as merged, the second stays.

    The one kept takes what the newer record knew, unless it is in a published lot. Refused: devices of
    somebody else, the same one twice, a merged-away one that is not in use, who may not commit the holder.
    """
    if not (actor.has("holder") and actor.commits):
        raise refusal(lambda one: one.has("holder"), actor, "fleet.merge")
    statement = sa.select(Unit).where(Unit.id.in_((keep_id, unit_id)), Unit.owner_id == actor.organisation_id)
    statement = statement.order_by(Unit.id).with_for_update().execution_options(populate_existing=True)
    found = {unit.id: unit for unit in session().scalars(statement)}
    if len(found) != 2:
        raise NotFound(N_("Some of these devices are not in your fleet."))
    if found[unit_id].state != "in_use" or found[keep_id].state not in comparing.LIVE:
        raise Conflict(CHANGED, code="unit.merge.state")
    _merge(found[keep_id], found[unit_id], doing=journal.Act(actor))
    return session().get_one(Unit, keep_id)


def _merge(kept: Unit, gone: Unit, *, doing: journal.Act) -> None:
    stream, kept_id = f"fleet/{gone.owner_id}", kept.id
    newer = gone.id > kept.id
    values = {
        name: new
        for name in TAKEN
        if (new := getattr(gone, name)) is not None
        and new != (old := getattr(kept, name))
        and (newer or old is None)
    }
    free = kept.state in queries.HERE
    act(Move("merge"), [gone.id], doing=doing, stream=stream, facts={"into": kept_id})
    if free:
        describe({kept_id: values} if values else {}, stream=stream, doing=doing)
    session().execute(sa.update(Unit).where(Unit.id == kept_id).values(missed_on=None))
