"""Verbs: declare waste (the diagnosis), then removal in a batch: two acts (C. env. L541-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from reuse_market.accounts.services import stream as organisation_stream
from reuse_market.fleets.decisions import departures_of
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy, queries
from reuse_market.refurbishing.lifecycle import BATCHES
from reuse_market.refurbishing.models import DIAGNOSES, RemovalBatch, WasteRecord
from reuse_market.refurbishing.services import work
from reuse_market.traceability import journal
from reuse_market.units import services as units

NO_BATCH = N_("This removal does not exist.")
HEAVIEST = 500_000  # grams of a device
HEAVIEST_REMOVAL = 100_000_000  # grams
LEFT = N_("This removal is done, nothing in it changes any more: open another one.")


@command
def declare_waste(
    unit_id: int, diagnosis: str, *, actor: Actor, note: str = "", weight_g: int | None = None
) -> WasteRecord:
    """The unit is waste, awaiting removal. From the holder's store (discarded), or the workshop's.

    Refused: before the counter-signature; a diagnosis outside the list; a note over 500 characters.
    """
    if diagnosis not in DIAGNOSES:
        raise Invalid(N_("Choose the reason in the list."), field="diagnosis")
    if len(note) > 500:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="note", most=500)
    praise.require_plain(note, field="note")
    if weight_g is not None and weight_g <= 0:
        raise Invalid(N_("Enter a weight above 0."), field="weight_g")
    [unit] = work.locked([unit_id], actor)
    work.require("declare_waste", unit, actor)
    work.require_owned(unit)
    if unit.state == "discarded" and departures_of([unit_id]):
        raise Conflict(units.CHANGED, code="unit.declare_waste.departed")
    made = WasteRecord(
        unit_id=unit_id, diagnosis=diagnosis, note=note, weight_g=weight_g, declared_at=clock.now()
    )
    session().add(made)
    facts = {"diagnosis": diagnosis, "weight_g": weight_g}
    work.move(units.Move(action="declare_waste"), [unit], journal.Act(actor), facts=facts)
    return made


@command
def open_batch(*, actor: Actor, producer_scheme: str = "") -> RemovalBatch:
    """A removal to prepare, ENV-2026-0001. An empty one already open is given again."""
    if not actor.has("reuse_actor", "holder") or actor.organisation_id is None:
        raise NotAllowed(N_("Only whoever holds waste opens a removal: ask it to."))
    empty = session().scalars(
        sa.select(RemovalBatch)
        .where(RemovalBatch.organisation_id == actor.organisation_id, RemovalBatch.state == "open")
        .where(~sa.exists().where(WasteRecord.batch_id == RemovalBatch.id))
        .limit(1)
    ).first()  # fmt: skip
    if empty is not None:
        return empty
    made = RemovalBatch(
        reference=next_reference("ENV"), state="open", organisation_id=actor.organisation_id,
        producer_scheme=_short(producer_scheme, "producer_scheme", 120), made_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    facts = {"batch": made.reference}
    journal.append(
        journal.Act(actor), organisation_stream(actor.organisation_id), "batch.opened", facts=facts
    )
    return made


@command
def add_to_batch(reference: str, unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Put waste units in an open removal of theirs; how many. Refused: units not awaiting removal."""
    batch = _locked_batch(reference, actor)
    if batch.state != "open":
        raise Conflict(LEFT, code="batch.removed")
    found = work.locked(unit_ids, actor)
    if not found:
        raise Invalid(N_("Choose at least one device."), field="units")
    for unit in found:
        work.require("remove", unit, actor)
    changed = session().execute(
        sa.update(WasteRecord)
        .where(WasteRecord.unit_id.in_([u.id for u in found]), WasteRecord.batch_id.is_(None))
        .values(batch_id=batch.id)
        .execution_options(synchronize_session="fetch")
    )
    if changed.rowcount != len(found):  # type: ignore[attr-defined]
        raise Conflict(
            N_("One of these devices is already in a removal. Look again, then retry."), code="batch.taken"
        )
    return len(found)


@command
def take_out_of_batch(reference: str, unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Undo: units leave an open removal and await the next one; how many."""
    batch = _locked_batch(reference, actor)
    if batch.state != "open":
        raise Conflict(LEFT, code="batch.removed")
    changed = session().execute(
        sa.update(WasteRecord)
        .where(WasteRecord.unit_id.in_(list(unit_ids)), WasteRecord.batch_id == batch.id)
        .values(batch_id=None)
        .execution_options(synchronize_session="fetch")
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]


@command
def remove_batch(
    reference: str,
    *,
    actor: Actor,
    producer_scheme: str,
    weight_g: int | None = None,
    slip_number: str = "",
    removed_on: date | None = None,
) -> RemovalBatch:
    """The removal has taken place: its units are recycled. One act.

    `slip_number` only where there is one (often none when the producers must take back, R541-45). Refused: an
    empty removal, no producer scheme, a date to come or before the last diagnosis.
    """
    batch = _locked_batch(reference, actor)
    day = removed_on or clock.today()
    values = {
        "producer_scheme": _short(producer_scheme, "producer_scheme", 120),
        "slip_number": _short(slip_number, "slip_number", 60), "weight_g": weight_g, "removed_on": day,
    }  # fmt: skip
    BATCHES.require("remove", batch, actor)
    if not values["producer_scheme"]:
        raise Invalid(
            N_("Name the producer scheme or the company that took the devices."), field="producer_scheme"
        )
    if weight_g is not None and weight_g <= 0:
        raise Invalid(N_("Enter a weight above 0."), field="weight_g")
    ids = queries.units_of_batch(batch.id)
    if not ids:
        raise Invalid(N_("This removal is empty: add devices first."))
    check_day(day, batch.id)
    found = work.locked(ids, actor)
    for unit in found:
        work.require("remove", unit, actor)
    doing = journal.Act(actor, occurred_at=_instant(day))
    row = BATCHES.fire("remove", batch, actor, **values)
    work.move(units.Move(action="remove"), found, doing, facts={"batch": reference})
    facts = {"batch": reference, "units": len(ids), "weight_g": weight_g, "removed_on": day.isoformat()}
    journal.append(doing, organisation_stream(batch.organisation_id), row.event, facts=facts)
    return batch


def _locked_batch(reference: str, actor: Actor) -> RemovalBatch:
    batch = lock(RemovalBatch, RemovalBatch.reference == reference)
    if batch is None or not policy.own_batch(actor, batch):
        raise NotFound(NO_BATCH)
    return batch


def check_day(day: date, batch_id: int) -> None:
    """Refuse (Invalid) a day of removal to come, or before the last diagnosis of what it took."""
    if day > clock.today():
        raise Invalid(N_("The removal cannot be later than today."), field="removed_on")
    last = session().scalar(
        sa.select(sa.func.max(WasteRecord.declared_at)).where(WasteRecord.batch_id == batch_id)
    )
    if last is not None and day < last.astimezone(clock.PARIS).date():
        raise Invalid(N_("The removal cannot be before the devices were declared waste."), field="removed_on")


def _instant(day: date) -> datetime | None:
    """The last minute of a past day; now, for today."""
    return None if day >= clock.today() else clock.at_paris(day, 23, 59)


def _short(text: str, field: str, most: int) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=most)
    return text
