"""What a new inventory says of devices already here: changed ones follow, gone ones get an answer.

`answer_import` keeps what a person says of them. `apply_changes`, then `settle_gone`, run inside the command
and the act that apply an import, after its new devices are made. What nobody answered stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets import comparing, queries, staging
from reuse_market.fleets.lifecycle import IMPORTING
from reuse_market.fleets.models import ImportRecord, InventoryImport
from reuse_market.fleets.services import discarding, merging
from reuse_market.fleets.services.describing import describe
from reuse_market.fleets.services.discarding import Decision
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import criterion

WRITTEN = (
    "kind", "model_id", "site_id", "serial", "serial_key", "asset_tag", "holder_key", "cpu", "ram_mb",
    "storage_mb", "screen_tenths", "os", "bought_on",
)  # fmt: skip


@command
def answer_import(
    import_id: int, *, actor: Actor, gone: str | None = None, unsure: str | None = None,
    each: Mapping[int, str] | None = None, decision: Decision | None = None,
) -> InventoryImport:  # fmt: skip
    """Keep what the holder answers before it applies an import; an answer may be changed until then.

    `gone` (unknown | still_there | discarded) and `unsure` (two | same) hold for a whole list; `each` (record
    id → answer, "" for none) for one device, and wins; `decision` is that of the discard. Refused: another
    word (Invalid), a record of another import, an import that is not judged; "discarded" and "same" from who
    may not commit the holder.
    """
    row = queries.get_import(import_id, actor)
    lock(InventoryImport, InventoryImport.id == import_id)
    IMPORTING.require("apply", row, actor)
    given = {"gone": gone, "unsure": unsure}
    for verdict, answer in given.items():
        _known_answer(verdict, answer, actor)
    mapping = dict(row.mapping or {})
    mapping["answers"] = mapping.get("answers", {}) | {k: v for k, v in given.items() if v is not None}
    if decision is not None:
        day = decision.decided_on.isoformat() if decision.decided_on else ""
        mapping["decision"] = [day, decision.decision_number, decision.decided_by]
    row.mapping = mapping
    wanted = dict(each or {})
    chosen = ImportRecord.id.in_(sorted(wanted)), ImportRecord.import_id == import_id
    records = list(session().scalars(sa.select(ImportRecord).where(*chosen))) if wanted else []
    if len(records) != len(wanted):
        raise NotFound(N_("This import does not exist."))
    for record in records:
        answer = wanted[record.id] or None
        _known_answer(record.verdict, answer, actor)
        kept = {name: value for name, value in record.facts.items() if name != "answer"}
        record.facts = kept | ({"answer": answer} if answer else {})
    session().flush()
    return row


@command
def apply_changes(row: InventoryImport, *, doing: journal.Act) -> int:
    """Write what an import says is new of devices in use or discarded; how many devices changed.

    A device in a published lot or beyond keeps what was published. The act's event names the fields and the
    devices, never a value.
    """
    changed = 0
    for records in comparing.pages(row.id, "known"):
        wanted = {r.unit_id: values for r in records if r.unit_id and (values := _values(r.facts))}
        free = _in_hand(row.organisation_id, sorted(wanted))
        wanted = {unit_id: wanted[unit_id] for unit_id in free}
        describe(wanted, stream=f"fleet/{row.organisation_id}", doing=doing)
        changed += len(wanted)
    return changed


@command
def settle_gone(row: InventoryImport, *, doing: journal.Act) -> dict[str, int]:
    """Act on what was answered for devices the file lacks, and on those that are one device after all.

    "Discarded" ones are discarded in the import's act; of "unknown" ones the day is kept; one that is
    still there, or seen again, loses that day. Answer → how many, `merged` too.
    """
    by_answer: dict[str, list[int]] = defaultdict(list)
    for records in comparing.pages(row.id, "gone"):
        still = set(_in_use(row.organisation_id, sorted({r.unit_id for r in records if r.unit_id})))
        for record in records:
            if record.unit_id in still:
                by_answer[comparing.answer_of(row, "gone", record.facts)].append(record.unit_id)
    out = by_answer["discarded"]
    if out:
        if not doing.actor.commits:
            raise refusal(lambda one: one.has("holder"), doing.actor, "fleet.discard")
        decided = discarding.checked(row.organisation_id, _decision(row))
        discarding.discard(out, decided, doing=doing, holder_id=row.organisation_id)
    _note_missed(row, [*by_answer["discarded"], *by_answer["still_there"]])
    told = {answer: len(ids) for answer, ids in sorted(by_answer.items()) if ids}
    merged = merging.settle(row, doing=doing)
    return told | ({"merged": merged} if merged else {})


def _decision(row: InventoryImport) -> Decision:
    day, number, author = (row.mapping or {}).get("decision") or ("", "", "")
    return Decision(dt.date.fromisoformat(day) if day else None, number, author)


def _known_answer(verdict: str, answer: str | None, actor: Actor) -> None:
    if answer is not None and answer not in comparing.ANSWERS.get(verdict, ()):
        raise Invalid(N_("Choose an answer in the list."), field=verdict)
    if answer in ("discarded", "same") and not actor.commits:
        raise refusal(lambda one: one.has("holder"), actor, "fleet.answer")


def _values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to write of a known record: those judged new, or the new side of its changes."""
    new = facts.get("new") or {name: pair[1] for name, pair in facts.get("changes", {}).items()}
    values = {name: value for name, value in new.items() if name in WRITTEN}
    if "model" in new and "model_id" not in values:
        names = staging.model_names({"kind": new.get("kind") or facts.get("kind"), **new})
        if names and names[0]:
            values["model_id"] = get_or_create_model(*names).id
    if isinstance(values.get("bought_on"), str):
        values["bought_on"] = dt.date.fromisoformat(values["bought_on"])
    return values


def _in_hand(holder_id: int, ids: Sequence[int]) -> list[int]:
    """Of these, the units still the holder's and in no lot, locked."""
    statement = sa.select(Unit.id).where(
        criterion(ids), Unit.owner_id == holder_id, Unit.state.in_(queries.HERE)
    )
    return list(session().scalars(statement.order_by(Unit.id).with_for_update()))


def _in_use(holder_id: int, ids: Sequence[int]) -> list[int]:
    statement = sa.select(Unit.id).where(criterion(ids), Unit.owner_id == holder_id, Unit.state == "in_use")
    return list(session().scalars(statement.order_by(Unit.id).with_for_update()))


def _note_missed(row: InventoryImport, answered: Sequence[int]) -> None:
    """Whom this file lacks is missed since today; whom it holds, or who was answered for, is no longer missed."""
    mine = (Unit.owner_id == row.organisation_id, Unit.state == "in_use")
    lacked = sa.select(ImportRecord.unit_id).where(
        ImportRecord.import_id == row.id, ImportRecord.verdict.in_(("gone", "unsure"))
    )
    missed = list(session().scalars(sa.select(Unit.id).where(*mine, Unit.missed_on.is_not(None))))
    for ids in _cut(missed):
        still = set(session().scalars(lacked.where(ImportRecord.unit_id.in_(ids))))
        _miss(sorted(set(ids) - still), None)
    for verdict in ("gone", "unsure"):
        for records in comparing.pages(row.id, verdict):
            _miss([r.unit_id for r in records if r.unit_id], clock.today(), *mine, Unit.missed_on.is_(None))
    for ids in _cut(answered):
        _miss(ids, None, Unit.missed_on.is_not(None))
    session().expire_all()


def _miss(ids: Sequence[int], day: dt.date | None, *also: sa.ColumnElement[bool]) -> None:
    if ids:
        statement = sa.update(Unit).where(criterion(ids), *also).values(missed_on=day)
        session().execute(statement, execution_options={"synchronize_session": False})


def _cut(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + 1_000] for start in range(0, len(ids), 1_000)]
