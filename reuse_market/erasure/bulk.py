"""Verbs for many units at once: the same count, or one report for many media. One act, one event per stream.

What is told of each unit is the same (an event of at most 1,000 units); the certificates stay one per medium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import contradictions, policy, queries
from reuse_market.erasure.models import MEDIUM_KINDS, SEEN_HOW, ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.services import (
    CHOOSE,
    MOST_MEDIA,
    REPORT_TYPES,
    Found,
    Proof,
    check_proof,
    new_medium,
)
from reuse_market.erasure.stating import stated
from reuse_market.erasure.techniques import reached
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.shipping import require_here

MOST_UNITS = 1000  # in one act


@dataclass(frozen=True, slots=True)
class Report:
    """One report for many media: what it states, the kind of medium it is about, how the media were seen.

    `serials`: unit id → serial number of its medium, as far as the report says.
    """

    proof: Proof
    kind: str
    seen_how: str = "report"
    serials: Mapping[int, str] | None = None


@command
def count_for_many(unit_ids: Sequence[int], media: Sequence[Found], seen_how: str, *, actor: Actor) -> int:
    """Write the same media down for several units (none: an attestation); how many units.

    Refused: Conflict once media of one of them are described; no `seen_how`; more than 1,000 units.
    """
    require_own_hand(actor)
    if seen_how not in SEEN_HOW:
        raise Invalid(N_("Say how you saw the media."), field="seen_how")
    if len(media) > MOST_MEDIA:
        raise Invalid(N_("Enter a number between 0 and %(most)s."), field="media", most=MOST_MEDIA)
    units = _locked_units(unit_ids, actor)
    known = queries.media_of([unit.id for unit in units])
    if any(known[unit.id].media for unit in units):
        raise Conflict(
            N_("The media of one of these devices are already counted: open it on its own."),
            code="media.counted",
        )
    made = [new_medium(unit.id, found) for unit in units for found in media]
    _write_counts(units, len(media), seen_how, actor, known)
    session().add_all(made)
    session().flush()
    facts = {"media": len(media), "seen_how": seen_how, "kinds": [one.kind for one in media]}
    _tell(journal.Act(actor), units, "media.counted", facts, _serials(made))
    return len(units)


@command
def record_for_many(
    unit_ids: Sequence[int], report: Report, *, actor: Actor, file: bytes | None = None
) -> list[ErasureCertificate]:
    """A certificate for each medium of these units, from one report; the file is kept once.

    A unit not counted yet is counted with one medium of the report's kind. Refused: a unit counted without
    any medium, or with one of another kind (Conflict: it is opened on its own); what a certificate refuses.
    """
    require_own_hand(actor)
    _check_report(report)
    units = _locked_units(unit_ids, actor)
    media = _media_to_prove(units, report, actor)
    check_proof(report.proof, [unit.id for unit in units])
    for one in media if file is not None else ():
        contradictions.check(file or b"", one, report.proof)
    sha256 = _kept(file)
    values = {name: value for name, value in stated(report.proof).items() if name != "serial"}
    made = [
        ErasureCertificate(
            medium_id=one.id, recorded_at=clock.now(), organisation_id=actor.organisation_id,
            person_id=actor.person_id, file_sha256=sha256, serial=one.serial, **values,
        )
        for one in media
    ]  # fmt: skip
    session().add_all(made)
    session().flush()
    if sha256:
        files.use(sha256, "erasure", f"certificates/{made[0].id}-{made[-1].id}")
    _tell_erased(units, media, report, sha256, actor)
    return made


def _check_report(report: Report) -> None:
    if report.kind not in MEDIUM_KINDS:
        raise Invalid(CHOOSE, field="kind")
    if report.seen_how not in SEEN_HOW:
        raise Invalid(N_("Say how you saw the media."), field="seen_how")
    if reached(report.proof.technique, report.kind) is None:
        text = N_("This technique does not erase this kind of medium. Use one that does, then record it.")
        raise Invalid(text, field="technique")


def _media_to_prove(units: Sequence[Unit], report: Report, actor: Actor) -> list[StorageMedium]:
    """The media the report is about: those described, or one more for each unit not counted yet."""
    known, serials = queries.media_of([unit.id for unit in units]), report.serials or {}
    found: list[StorageMedium] = []
    bare: list[Unit] = []
    for unit in units:
        count, media = known[unit.id].count, [one for one, _ in known[unit.id].media]
        if count is None or count.void_at is not None:
            bare.append(unit)
        elif not media or any(one.kind != report.kind or one.removed_at is not None for one in media):
            raise Conflict(
                N_("One of these devices is counted without such a medium: open it on its own."),
                code="media.other",
            )
        else:
            found += media
            _name(media, serials.get(unit.id))
    made = [new_medium(unit.id, Found(report.kind, serial=serials.get(unit.id))) for unit in bare]
    _write_counts(bare, 1, report.seen_how, actor, known)
    session().add_all(made)
    session().flush()
    if bare:
        facts = {"media": 1, "seen_how": report.seen_how, "kinds": [report.kind]}
        _tell(journal.Act(actor), bare, "media.counted", facts, _serials(made))
    return sorted([*found, *made], key=lambda one: one.id)


def _name(media: Sequence[StorageMedium], serial: str | None) -> None:
    """Note the serial the report gives, where the one medium of the unit had none."""
    if serial and len(media) == 1 and media[0].serial is None:
        media[0].serial = serial
    elif serial and serial not in {one.serial for one in media}:
        raise Conflict(
            N_("The report names the medium %(serial)s, which is not the one described on its device."),
            code="media.serial", serial=serial,
        )  # fmt: skip


def _write_counts(
    units: Sequence[Unit], media: int, seen_how: str, actor: Actor, known: Mapping[int, queries.UnitMedia]
) -> None:
    for unit in units:
        count = known[unit.id].count
        if count is None:
            count = MediaCount(unit_id=unit.id)
            session().add(count)
        count.media, count.seen_how, count.void_at, count.counted_at = media, seen_how, None, clock.now()
        count.organisation_id, count.person_id = actor.organisation_id, actor.person_id  # type: ignore[assignment]
    session().flush()


def _locked_units(unit_ids: Sequence[int], actor: Actor) -> list[Unit]:
    """The units, locked by id. NotFound when one does not exist for the actor; else as for a single one."""
    wanted = sorted(set(unit_ids))
    if not wanted:
        raise Invalid(N_("Choose at least one device."), field="units")
    if len(wanted) > MOST_UNITS:
        raise Invalid(N_("Choose at most %(most)s devices at once."), field="units", most=MOST_UNITS)
    statement = sa.select(Unit).where(Unit.id.in_(wanted)).order_by(Unit.id).with_for_update()
    found = list(session().scalars(statement.execution_options(populate_existing=True)))
    if len(found) < len(wanted) or not all(policy.may_read(actor, unit) for unit in found):
        raise NotFound(N_("This device does not exist."))
    if not all(policy.may_record(actor, unit) for unit in found):
        raise NotAllowed(N_("Your organisation may not do this."))
    require_here(wanted)
    if any(unit.state not in policy.STATES for unit in found):
        raise Conflict(
            N_("One of these devices is no longer yours to erase: it has been collected or handed over."),
            code="erasure.state",
        )
    return found


def _kept(file: bytes | None) -> str | None:
    if file is None:
        return None
    return files.put(file, media_type=files.accept(file, REPORT_TYPES, field="file"))


def _tell_erased(
    units: Sequence[Unit], media: Sequence[StorageMedium], report: Report, sha256: str | None, actor: Actor
) -> None:
    proof = report.proof
    facts = {
        "certificates": len(media), "kind": report.kind, "method": proof.method, "technique": proof.technique,
        "result": proof.result, "verified": proof.verified, "errors": proof.errors,
        "hidden_areas": proof.hidden_areas, "report": sha256,
    }  # fmt: skip
    names = {"operator": proof.operator_name, "validator": proof.validator_name, "tool": proof.tool}
    secret = {name: value for name, value in names.items() if value} | _serials(media)
    _tell(journal.Act(actor, occurred_at=proof.erased_at), units, "media.erased", facts, secret)


def _serials(media: Sequence[StorageMedium]) -> dict[str, str]:
    return {f"medium_{one.id}": one.serial for one in media if one.serial}


def _tell(
    doing: journal.Act, units: Sequence[Unit], event: str, facts: dict[str, Any], secret: dict[str, str]
) -> None:
    """One event in each stream the units are in."""
    by_stream: dict[str, list[int]] = {}
    for unit in units:
        by_stream.setdefault(unit.stream, []).append(unit.id)
    for stream, ids in sorted(by_stream.items()):
        journal.append(doing, stream, event, unit_ids=ids, facts=facts, commitments=secret)
