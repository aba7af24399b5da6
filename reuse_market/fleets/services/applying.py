"""The end of an import: its good records become units in one act, or it is given up and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.fleets import queries
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import ColumnMapping, ImportRecord, InventoryImport
from reuse_market.fleets.reading import Mapping as Columns
from reuse_market.fleets.reading import read_table
from reuse_market.fleets.services.harvest import Harvest
from reuse_market.fleets.services.judging import Taker, judge_file, shaper
from reuse_market.fleets.services.resync import apply_changes, settle_gone
from reuse_market.fleets.services.writing import Between, bring_in
from reuse_market.kernel import clock, files, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.loading import members
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal

KEPT_DAYS = 30


def apply_import(import_id: int, *, actor: Actor, harvest: Harvest | None = None) -> list[int]:
    """Bring the good records in as units in use, one act on fleet/<org>; their ids in the order of the file.

    What it says of known devices is written too, and the answers on gone ones acted on. The file is read
    again, outside the transaction, unless `harvest` holds what was read. A device that came in meanwhile by
    another import is told as known instead. Nothing new and nothing changed: no event. Refused: an import not
    judged yet, done before (Conflict), or of somebody else.
    """
    if harvest is None:
        row = queries.get_import(import_id, actor)
        IMPORTING.require("apply", row, actor)
        harvest = gather(row)
    return list(members(settle(import_id, harvest, actor=actor, action="apply")))


def gather(row: InventoryImport, takers: Sequence[Taker] = ()) -> Harvest:
    """The good records of an import, read again from its file through the columns it was judged with."""
    table = read_table(files.checked(row.sha256), row.filename)
    harvest = Harvest(shaper(row.organisation_id))
    columns = Columns.settled(table.header, (row.mapping or {})["targets"])
    judge_file(table, columns, holder_id=row.organisation_id, takers=(harvest, *takers))
    return harvest


@command
def settle(
    import_id: int, harvest: Harvest, *, actor: Actor, action: str, between: Between = lambda written: None
) -> list[list[int]]:
    """Write an import whole, in one transaction and one act, and end it by `action`; ids born as ranges."""
    row = locked(import_id, actor, hold=action == "apply")
    IMPORTING.require(action, row, actor)
    _one_at_a_time(row.organisation_id)
    doing = journal.Act(actor)
    born = bring_in(row, harvest, doing=doing, between=between)
    apply_changes(row, doing=doing)
    settle_gone(row, doing=doing)
    row = locked(import_id, actor)
    count = sum(last - first + 1 for first, last in born)
    values = {
        "mapping": (row.mapping or {}) | {"units": born}, "good": count,
        "known": max(row.known, row.good + row.known - count), "work": None, "busy_until": None,
    }  # fmt: skip
    IMPORTING.fire(action, row, actor, done_at=clock.now(), **values)
    return born


@command
def cancel_import(import_id: int, *, actor: Actor) -> InventoryImport:
    """Give an import up: nothing came in; its file and records go. Refused once applied."""
    row = locked(import_id, actor)
    IMPORTING.fire("cancel", row, actor, done_at=clock.now())
    _forget(row)
    return row


def forget_old() -> int:
    """Job: after 30 days, drop files and problem rows (they may hold names), cancel unfinished imports."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = sa.select(InventoryImport.id).where(
        InventoryImport.made_at < before,
        sa.exists().where(
            files.FileUse.room == "fleets",
            files.FileUse.reference == sa.cast(InventoryImport.id, sa.String),
        ),
    )
    return jobs.each(list(session().scalars(old)), _forget_one, "inventory clean-up")


@command
def _forget_one(import_id: int) -> None:
    row = lock(InventoryImport, InventoryImport.id == import_id)
    if row.state not in ("done", "cancelled"):
        IMPORTING.fire("cancel", row, SYSTEM, done_at=clock.now())
    _forget(row)


def _forget(row: InventoryImport) -> None:
    files.unuse(row.sha256, "fleets", str(row.id))
    problems = ImportRecord.verdict.in_(queries.PROBLEMS)
    chosen = problems if row.state == "done" else sa.true()
    session().execute(sa.delete(ImportRecord).where(ImportRecord.import_id == row.id, chosen))


def locked(import_id: int, actor: Actor, *, hold: bool = True) -> InventoryImport:
    """The import, locked (`hold`) or only read anew; NotFound for somebody else's."""
    row: InventoryImport | None = (
        lock(InventoryImport, InventoryImport.id == import_id)
        if hold
        else session().get(InventoryImport, import_id, populate_existing=True)
    )
    if row is None or not (actor.has("holder") and actor.is_org(row.organisation_id)):
        raise NotFound(N_("This import does not exist."))
    return row


def _one_at_a_time(organisation_id: int) -> None:
    """Two imports of one holder wait for one another, so that the second sees the first one's devices."""
    mine = sa.select(ColumnMapping.signature).where(ColumnMapping.organisation_id == organisation_id)
    session().execute(mine.order_by(ColumnMapping.signature).with_for_update()).all()
