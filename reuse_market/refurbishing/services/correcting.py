"""Rows of the bench brought in line with a correction of the journal. Called inside its command, rights judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.refurbishing.locks import waiting
from reuse_market.refurbishing.models import RemovalBatch, TestRun, WasteRecord
from reuse_market.refurbishing.parts_models import Part, PartFit, Repair
from reuse_market.refurbishing.protocols import protocol
from reuse_market.refurbishing.services.bench import back_to_workshop
from reuse_market.refurbishing.services.waste import check_day
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.shipping import require_here

HELD = N_("This device is reserved: release the reservation first.")
PROVIDED = N_("This device has been handed over: record its return first.")
SEVERAL = N_("This act tells of several devices: say the weight of their removal instead.")
GONE = N_("This act has left nothing that can be corrected.")


def require_open(units: Sequence[Unit], *, voided: bool) -> None:
    """Conflict while what was tested or repaired is on its way to another actor or reserved; and, where the act is
    to be voided, once handed over: what a beneficiary has was tested. Lock them first."""
    require_here([one.id for one in units])
    states = {one.state for one in units}
    if "held" in states:
        raise Conflict(HELD, code="correction.moved-on")
    if voided and "provided" in states:
        raise Conflict(PROVIDED, code="correction.moved-on")


@command
def correct_test(unit_id: int, rank: int, values: Mapping[str, Any] | None, *, actor: Actor) -> None:
    """The `rank`-th test of a unit says another battery, or (values None) never was: the gate is armed again.

    A unit in the shop window goes back to the workshop first. Refused as `require_open` refuses.
    """
    unit = lock(Unit, Unit.id == unit_id)
    require_open([unit], voided=values is None)
    if unit.state == "ready":
        back_to_workshop(unit_id, actor=actor)
    rows = session().scalars(sa.select(TestRun).where(TestRun.unit_id == unit_id).order_by(TestRun.id)).all()
    if rank >= len(rows):
        raise Conflict(GONE, code="correction.gone")
    if values is None:
        _void(unit, rows, rank, actor)
        return
    if rows[rank].battery_percent is None:
        raise Conflict(
            N_("This test said nothing of a battery: test the device again."), code="correction.gone"
        )
    rows[rank].battery_percent = values["battery"]


def _void(unit: Unit, rows: Sequence[TestRun], rank: int, actor: Actor) -> None:
    """The test never was: where it was the last one, the locks that wait for the holder are those of the one before."""
    standing = [row for row in rows if row.void_at is None]
    rows[rank].void_at = rows[rank].void_at or clock.now()
    session().flush()
    if unit.state != "in_workshop" or not standing or standing[-1] is not rows[rank]:
        return
    before = standing[-2] if len(standing) > 1 else None
    found = protocol(before.protocol).locked(before.results) if before is not None else []
    waiting.follow_test(unit, found, journal.Act(actor))


@command
def correct_repair(repair_id: int, work: Sequence[str] | None) -> None:
    """A repair was other work, or (None) never was. Conflict: it put parts in that are still there."""
    row: Repair | None = lock(Repair, Repair.id == repair_id)
    if row is None:
        raise Conflict(GONE, code="correction.gone")
    if work is not None:
        row.work = list(work)
        return
    inside = sa.select(PartFit.id).where(PartFit.repair_id == repair_id, PartFit.until_at.is_(None)).limit(1)
    if session().scalar(inside) is not None:
        raise Conflict(
            N_("This repair put parts in: take them out of the device first."), code="correction.parts"
        )
    row.void_at = clock.now()


@command
def correct_part(part_id: int, grams: int) -> None:
    """A part weighs otherwise. Conflict: it came out of a device taken apart, whose masses were balanced."""
    row: Part | None = lock(Part, Part.id == part_id)
    if row is None:
        raise Conflict(GONE, code="correction.gone")
    if row.dismantled:
        raise Conflict(
            N_("The masses of a device taken apart are balanced: they stay as written."),
            code="correction.mass",
        )
    row.weight_g = grams


@command
def correct_waste(unit_ids: Sequence[int], weight_g: int) -> None:
    """A device declared waste weighs otherwise. Conflict: its act told of several devices."""
    if len(unit_ids) != 1:
        raise Conflict(SEVERAL, code="correction.several")
    row: WasteRecord | None = lock(WasteRecord, WasteRecord.unit_id == unit_ids[0])
    if row is None:
        raise Conflict(GONE, code="correction.gone")
    row.weight_g = weight_g


@command
def correct_removal(reference: str, values: Mapping[str, Any]) -> None:
    """A removal weighed otherwise, or took place another day. Invalid: a day before its diagnoses, or to come."""
    row: RemovalBatch | None = lock(RemovalBatch, RemovalBatch.reference == reference)
    if row is None or row.state != "removed":
        raise Conflict(GONE, code="correction.gone")
    if "removed_on" in values:
        day = date.fromisoformat(values["removed_on"])
        check_day(day, row.id)
        row.removed_on = day
    row.weight_g = values.get("weight_g", row.weight_g)
