"""The end of an import: its good records become units in one act, or it is given up and forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment.names import model_key
from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets import queries, staging
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import ColumnMapping, ImportRecord, InventoryImport
from reuse_market.kernel import clock, files, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.services import create

KEPT_DAYS = 30


@command
def apply_import(import_id: int, *, actor: Actor) -> list[int]:
    """Bring the good records in as units in use, one act on fleet/<org>; their ids in the order of the file.

    A device that came in meanwhile by another import is told as known instead. Refused: an import not judged
    yet, done before (Conflict), or of somebody else.
    """
    row = locked(import_id, actor)
    IMPORTING.require("apply", row, actor)
    _one_at_a_time(row.organisation_id)
    _tell_known(row)
    facts = {
        "format": row.format, "file": f"sha256:{row.sha256}", "good": row.good, "known": row.known,
        "to_correct": row.to_correct, "set_aside": row.set_aside,
    }  # fmt: skip
    doing, ids = journal.Act(actor), []
    for records in _pages(import_id):
        made = create(
            _unit_rows(row, records),
            doing=doing,
            stream=f"fleet/{row.organisation_id}",
            event_type=IMPORTING.transition("apply").event,
            state="in_use",
            owner_id=row.organisation_id,
            custodian_id=row.organisation_id,
            origin="import",
            facts=facts,
        )
        pairs = [{"id": record.id, "unit_id": unit} for record, unit in zip(records, made, strict=True)]
        session().execute(sa.update(ImportRecord), pairs)
        ids += made
    IMPORTING.fire("apply", row, actor, done_at=clock.now())
    return ids


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
    if row.state in ("read", "judged"):
        IMPORTING.fire("cancel", row, SYSTEM, done_at=clock.now())
    _forget(row)


def _forget(row: InventoryImport) -> None:
    files.unuse(row.sha256, "fleets", str(row.id))
    problems = ImportRecord.verdict.in_(queries.PROBLEMS)
    chosen = problems if row.state == "done" else sa.true()
    session().execute(sa.delete(ImportRecord).where(ImportRecord.import_id == row.id, chosen))


def locked(import_id: int, actor: Actor) -> InventoryImport:
    row: InventoryImport | None = lock(InventoryImport, InventoryImport.id == import_id)
    if row is None or not (actor.has("holder") and actor.is_org(row.organisation_id)):
        raise NotFound(N_("This import does not exist."))
    return row


def _one_at_a_time(organisation_id: int) -> None:
    """Two imports of one holder wait for one another, so that the second sees the first one's devices."""
    mine = sa.select(ColumnMapping.signature).where(ColumnMapping.organisation_id == organisation_id)
    session().execute(mine.order_by(ColumnMapping.signature).with_for_update()).all()


def _pages(import_id: int) -> Iterator[list[Any]]:
    """The good records in the order of the file, as many at a time as one event covers."""
    last = 0
    while True:
        statement = (
            sa.select(ImportRecord.id, ImportRecord.row, ImportRecord.facts)
            .where(ImportRecord.import_id == import_id, ImportRecord.verdict == "good")
            .where(ImportRecord.row > last)
            .order_by(ImportRecord.row)
            .limit(journal.UNITS_PER_EVENT)
        )
        records = list(session().execute(statement))
        if not records:
            return
        last = records[-1].row
        yield records


def _tell_known(row: InventoryImport) -> None:
    """Good records that came in meanwhile by another import become known, and the counts follow."""
    for records in _pages(row.id):
        keys = {r.id: queries.key_of(r.facts["serial_key"]) for r in records if r.facts.get("serial_key")}
        held = queries.known_devices(row.organisation_id, sorted(set(keys.values())))
        here = [record for record in records if keys.get(record.id) in held]
        for record in here:
            told = {"serial": record.facts["serial"], "changes": {}}
            known = sa.update(ImportRecord).where(ImportRecord.id == record.id)
            session().execute(known.values(verdict="known", facts=told))
        row.good, row.known = row.good - len(here), row.known + len(here)
    session().flush()


def _unit_rows(row: InventoryImport, records: Sequence[Any]) -> list[dict[str, Any]]:
    named = {names for record in records if (names := staging.model_names(record.facts)) is not None}
    keys = {names: model_key(*names) for names in named}
    known = queries.model_ids(sorted(set(keys.values())))
    for names, key in sorted(keys.items()):
        if key not in known:
            known[key] = get_or_create_model(*names).id
    sites = {staging.place_key(site.name): site.id for site in accounts.sites_of(row.organisation_id)}
    rows = []
    for record in records:
        names = staging.model_names(record.facts)
        model_id = known[keys[names]] if names else None
        site_id = sites.get(staging.place_key(record.facts.get("site")), row.site_id)
        rows.append(staging.unit_row(record.facts, model_id, site_id))
    return rows
