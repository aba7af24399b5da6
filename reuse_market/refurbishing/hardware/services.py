"""Verbs: take in a report, decide each difference, count the media it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import services as erasure
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy, queries
from reuse_market.refurbishing.hardware import comparing
from reuse_market.refurbishing.hardware.reading import read_report
from reuse_market.refurbishing.models import HardwareReport
from reuse_market.refurbishing.services import work
from reuse_market.refurbishing.services.intake import Identified, identify_unit
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

TYPES = {"application/json", "application/xml", "text/plain"}
LIMIT = 5_000_000
STATES = ("collected", "in_workshop")
DECISIONS = ("accepted", "kept")


@command
def import_report(unit_id: int, data: bytes, name: str, *, actor: Actor) -> HardwareReport:
    """Keep a report and what it says of the device; nothing of the device changes yet.

    Refused: a device not in this workshop; a file that does not tell one device (Invalid). The same file twice
    gives the same report.
    """
    unit = _on_the_bench(unit_id, actor)
    media_type = files.accept(data, TYPES, limit=LIMIT, field="file")
    told = read_report(data, name[-100:], clock.today())
    sha256 = files.put(data, media_type=media_type)
    before = latest(unit_id)
    if before is not None and before.sha256 == sha256:
        return before
    made = HardwareReport(
        unit_id=unit_id, organisation_id=actor.organisation_id, person_id=actor.person_id, sha256=sha256,
        format=told.format, told=told.values, disks=told.disks, made_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    files.use(sha256, "refurbishing", f"hardware/{made.id}")
    case = queries.case(unit_id)
    assert case is not None
    found = comparing.lines(comparing.declared(case), told.values)
    facts = {
        "format": told.format, "file": sha256, "media": len(told.disks),
        "differ": [line.field for line in found if not line.same and not line.fresh],
    }  # fmt: skip
    secret = {"serial": told.values["serial"]} if told.values.get("serial") else {}
    doing = journal.Act(actor)
    journal.append(
        doing, unit.stream, "unit.hardware-read", unit_ids=[unit_id], facts=facts, commitments=secret
    )
    return made


@command
def decide(report_id: int, decisions: Mapping[str, str], *, actor: Actor) -> Identified:
    """Accept or leave each difference (field → accepted | kept); what is accepted becomes the identity.

    Refused: an answer missing for a difference (Invalid); a report decided already (Conflict).
    """
    report = _report(report_id, actor)
    if report.decided_at is not None:
        raise Conflict(
            N_("These differences are decided already: send a new report to compare again."),
            code="hardware.decided",
        )
    case = queries.case(report.unit_id)
    assert case is not None
    found = [line for line in comparing.lines(comparing.declared(case), report.told) if not line.same]
    for line in found:
        if decisions.get(line.field) not in DECISIONS:
            raise Invalid(N_("Choose an answer for each line."), field=line.field)
    accepted = {line.field: line.told for line in found if decisions[line.field] == "accepted"}
    if "maker" in accepted or "model" in accepted:  # a model is known by both
        known = comparing.declared(case) | accepted
        accepted |= {"maker": known["maker"] or "", "model": known["model"] or ""}
    report.decided = {line.field: decisions[line.field] for line in found}
    report.decided_at = clock.now()
    session().flush()
    facts = {
        "accepted": sorted(name for name, what in report.decided.items() if what == "accepted"),
        "kept": sorted(name for name, what in report.decided.items() if what == "kept"),
    }
    journal.append(
        journal.Act(actor), case.unit.stream, "unit.hardware-decided", unit_ids=[report.unit_id], facts=facts
    )
    return (
        identify_unit(report.unit_id, accepted, actor=actor) if accepted else Identified(report.unit_id, ())
    )


@command
def count_told_media(report_id: int, *, actor: Actor) -> int:
    """Count the media the report names, through the erasure room; how many. Refused once counted (Conflict)."""
    require_own_hand(actor)
    report = _report(report_id, actor)
    found = [
        erasure.Found(
            disk["kind"], serial=disk.get("serial"), model=disk.get("model"), size_mb=disk.get("size_mb")
        )
        for disk in report.disks
    ]
    if not found:
        raise Conflict(
            N_("The report names no storage medium: open the device to be sure."), code="hardware.no-media"
        )
    erasure.count_media(report.unit_id, found, "firmware", actor=actor)
    return len(found)


def latest(unit_id: int) -> HardwareReport | None:
    """The last report of a unit."""
    statement = (
        sa.select(HardwareReport).where(HardwareReport.unit_id == unit_id).order_by(HardwareReport.id.desc())
    )
    return session().scalars(statement.limit(1)).first()


def _report(report_id: int, actor: Actor) -> Any:
    found = session().get(HardwareReport, report_id)
    if found is None:
        raise NotFound(N_("This report does not exist."))
    _on_the_bench(found.unit_id, actor)
    return found


def _on_the_bench(unit_id: int, actor: Actor) -> Unit:
    [unit] = work.locked([unit_id], actor)
    if not policy.works_on(actor, unit):
        raise NotAllowed(policy.ELSEWHERE)
    if unit.state not in STATES:
        raise Conflict(N_("Take the device back to the workshop first."), code="unit.identify.state")
    return unit
