"""Verbs: take a part, put it in, take it out, write down a repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.erasure import moving
from reuse_market.kernel import clock, praise
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy, queries
from reuse_market.refurbishing.lifecycle import PARTS
from reuse_market.refurbishing.models import TestRun
from reuse_market.refurbishing.parts_models import PART_KINDS, WORK, Part, PartFit, Repair
from reuse_market.refurbishing.services import work
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

MOST_COST = 100_000_00
HEAVIEST = 200_000  # grams
CHOOSE = N_("Choose an answer in the list.")


@dataclass(frozen=True, slots=True)
class Taken:
    """A part as it comes out: its kind (PART_KINDS), and what is known of it. `medium_id`: the disk or card it is."""

    kind: str
    label: str = ""
    serial: str = ""
    weight_g: int | None = None
    note: str = ""
    medium_id: int | None = None


@command
def take_part(unit_id: int, taken: Taken, *, actor: Actor) -> Part:
    """A part leaves a unit of the workshop for the stock of parts; its tests are to be done again.

    Refused: outside the workshop, or a unit of somebody else's; a storage medium that is not named, or not
    proven erased under its lot's policy.
    """
    unit = in_workshop(unit_id, actor)
    work.require_owned(unit)
    made = new_part(unit, taken, actor)
    void_tests(unit_id)
    return made


@command
def install_part(part_id: int, unit_id: int, *, actor: Actor, repair_id: int | None = None) -> PartFit:
    """A part of the stock goes into a unit of the workshop, whose tests are to be done again.

    Refused: another organisation's part; a part that is in a unit (Conflict); a medium into a unit whose media
    are not counted.
    """
    part, unit = _locked_part(part_id, actor), in_workshop(unit_id, actor)
    if part.state != "in_stock":
        raise Conflict(N_("This part is in a device already: take it out first."), code="part.installed")
    if part.medium_id is not None:
        part.medium_id = moving.put_in_erased(unit_id, part.medium_id, actor=actor).id
    made = PartFit(part_id=part_id, unit_id=unit_id, repair_id=repair_id, from_at=clock.now())
    session().add(made)
    PARTS.fire("install", part, actor)
    facts = {"part": part_id, "kind": part.kind, "source": part.source_unit_id}
    _tell(unit, "part.installed", facts, part, actor)
    void_tests(unit_id)
    return made


@command
def remove_part(part_id: int, *, actor: Actor) -> Part:
    """An installed part comes out again, into the stock. Conflict: it is in no device; the device has left."""
    part = _locked_part(part_id, actor)
    fit = lock(PartFit, PartFit.part_id == part_id, PartFit.until_at.is_(None))
    if fit is None:
        raise Conflict(N_("This part is in no device: find it in the stock of parts."), code="part.in-stock")
    unit = in_workshop(fit.unit_id, actor)
    if part.medium_id is not None:
        moving.take_out_erased(part.medium_id, _policy(unit), actor=actor)
    fit.until_at = clock.now()
    PARTS.fire("remove", part, actor)
    _tell(unit, "part.removed", {"part": part_id, "kind": part.kind, "grams": part.weight_g}, part, actor)
    void_tests(unit.id)
    return part


@command
def record_repair(
    unit_id: int, done: Sequence[str], *, actor: Actor, note: str = "", cost_cents: int | None = None,
    part_ids: Sequence[int] = (),
) -> Repair:  # fmt: skip
    """What was done to a unit of the workshop, with the parts put in; it is to be tested again.

    `done`: codes of WORK. Refused: nothing done, a code outside the list; what installing refuses.
    """
    unit = in_workshop(unit_id, actor)
    codes = sorted(set(done), key=list(done).index)
    if not codes or not set(codes) <= set(WORK):
        raise Invalid(N_("Say what was done."), field="work", code="repair.work")
    if cost_cents is not None and not 0 <= cost_cents <= MOST_COST:
        raise Invalid(N_("Enter a cost, 0 if it is free."), field="cost_cents")
    made = Repair(
        unit_id=unit_id, work=codes, note=_short(note, "note", 300), cost_cents=cost_cents,
        organisation_id=actor.organisation_id, person_id=actor.person_id, repaired_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    for part_id in sorted(set(part_ids)):
        install_part(part_id, unit_id, actor=actor, repair_id=made.id)
    facts = {"repair": made.id, "work": codes, "parts": sorted(set(part_ids))}
    journal.append(journal.Act(actor), unit.stream, "unit.repaired", unit_ids=[unit_id], facts=facts)
    void_tests(unit_id)
    return made


def in_workshop(unit_id: int, actor: Actor) -> Unit:
    """The unit, locked, in this workshop. Conflict in another state."""
    [unit] = work.locked([unit_id], actor)
    if not policy.works_on(actor, unit):
        raise NotAllowed(policy.ELSEWHERE)
    if unit.state != "in_workshop":
        raise Conflict(
            N_("Only a device in the workshop is worked on: take it in first."), code="unit.part.state"
        )
    return unit


def new_part(unit: Unit, taken: Taken, actor: Actor, *, dismantled: bool = False) -> Part:
    """A part out of a locked unit, told in the journal. Refused as `take_part` refuses."""
    if taken.kind not in PART_KINDS:
        raise Invalid(CHOOSE, field="kind")
    if taken.weight_g is not None and not 0 < taken.weight_g <= HEAVIEST:
        raise Invalid(N_("Enter a weight above 0."), field="weight_g")
    if (taken.kind == "storage") != (taken.medium_id is not None):
        raise Invalid(N_("Say which storage medium it is: it leaves only once proven erased."),
                      field="medium_id", code="part.medium")  # fmt: skip
    serial = _short(taken.serial, "serial", 80)
    if taken.medium_id is not None:
        medium = moving.take_out_erased(taken.medium_id, _policy(unit), actor=actor)
        if medium.unit_id != unit.id:
            raise NotFound(N_("This storage medium does not exist."))
        serial = serial or medium.serial or ""
    made = Part(
        organisation_id=actor.organisation_id, source_unit_id=unit.id, kind=taken.kind, state="in_stock",
        label=_short(taken.label, "label", 40) or None, serial=serial or None, weight_g=taken.weight_g,
        note=_short(taken.note, "note", 300), medium_id=taken.medium_id, dismantled=dismantled,
        taken_at=clock.now(), person_id=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    facts = {"part": made.id, "kind": made.kind, "grams": made.weight_g, "source": unit.id}
    _tell(unit, "part.removed", facts, made, actor)
    return made


def void_tests(unit_id: int) -> None:
    """What a test said of the unit before it was opened is no longer known."""
    session().execute(
        sa.update(TestRun)
        .where(TestRun.unit_id == unit_id, TestRun.void_at.is_(None))
        .values(void_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def _locked_part(part_id: int, actor: Actor) -> Part:
    part: Part | None = lock(Part, Part.id == part_id)
    if part is None or not actor.is_org(part.organisation_id):
        raise NotFound(N_("This part does not exist."))
    return part


def _policy(unit: Unit) -> str | None:
    case = queries.case(unit.id)
    return case.policy if case is not None else None


def _tell(unit: Unit, event: str, facts: dict[str, object], part: Part, actor: Actor) -> None:
    secret = {"serial": part.serial} if part.serial else {}
    journal.append(
        journal.Act(actor), unit.stream, event, unit_ids=[unit.id], facts=facts, commitments=secret
    )


def _short(text: str, field: str, most: int) -> str:
    plain = " ".join(text.split())
    if len(plain) > most:
        raise Invalid(N_("Shorten this to %(most)s characters."), field=field, most=most)
    praise.require_plain(plain, field=field)
    return plain
