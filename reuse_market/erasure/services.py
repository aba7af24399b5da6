"""Verbs: count media, add or take one off, record a certificate. Each locks the unit and is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import contradictions, policy, queries
from reuse_market.erasure.models import SEEN_HOW, ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.stating import (
    CHOOSE,
    MOST_MEDIA,
    Found,
    Proof,
    check_proof,
    new_medium,
    serial_key,
    stated,
)
from reuse_market.kernel import clock, files
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.shipping import require_here

__all__ = ("CHOOSE", "MOST_MEDIA", "REPORT_TYPES", "Found", "Proof", "check_proof", "new_medium")
REPORT_TYPES = {"application/pdf", "application/xml", "text/plain", "text/csv", "application/json"}
OTHER_MEDIUM = N_(
    "The report names the medium %(serial)s, which is not the one described on its device. Take the report of "
    "this medium, or correct its count."
)


@command
def count_media(
    unit_id: int, media: Sequence[Found], seen_how: str, *, actor: Actor, doing: journal.Act | None = None
) -> MediaCount:
    """Write down the media of a unit, none included, and how they were seen.

    Refused: Conflict once media are described (add or take one off instead); more than 64; no `seen_how`.
    """
    require_own_hand(actor)
    unit = _locked(unit_id, actor)
    if seen_how not in SEEN_HOW:
        raise Invalid(N_("Say how you saw the media."), field="seen_how")
    if len(media) > MOST_MEDIA:
        raise Invalid(N_("Enter a number between 0 and %(most)s."), field="media", most=MOST_MEDIA)
    if queries.media_of([unit_id])[unit_id].media:
        raise Conflict(N_("The media are already counted. Add one, or take one off."), code="media.counted")
    made = [new_medium(unit_id, found) for found in media]
    count = session().get(MediaCount, unit_id) or MediaCount(unit_id=unit_id)
    count.media, count.seen_how, count.void_at = len(made), seen_how, None
    _signed(count, actor)
    count.counted_at = clock.now()
    session().add_all([count, *made])
    session().flush()
    facts = {"media": len(made), "seen_how": seen_how, "kinds": [one.kind for one in made]}
    _tell(doing or journal.Act(actor), unit, "media.counted", facts, _serials(made))
    return count


@command
def count_media_many(unit_ids: Sequence[int], seen_how: str, *, actor: Actor) -> int:
    """Several units without any storage medium, seen the same way: an attestation each, one act; how many."""
    require_own_hand(actor)
    doing = journal.Act(actor)
    for unit_id in sorted(set(unit_ids)):
        count_media(unit_id, [], seen_how, actor=actor, doing=doing)
    return len(set(unit_ids))


@command
def add_medium(unit_id: int, found: Found, *, actor: Actor) -> StorageMedium:
    """One more medium than counted. Conflict while nothing is counted."""
    require_own_hand(actor)
    unit = _locked(unit_id, actor)
    count = session().get(MediaCount, unit_id)
    if count is None or count.void_at is not None:
        raise Conflict(N_("Count the storage media first."), code="media.not-counted")
    if count.media >= MOST_MEDIA:
        raise Invalid(N_("Enter a number between 0 and %(most)s."), field="media", most=MOST_MEDIA)
    made = new_medium(unit_id, found)
    count.media += 1
    session().add(made)
    session().flush()
    facts = {"media": count.media, "medium": made.id, "kind": made.kind}
    _tell(journal.Act(actor), unit, "media.added", facts, _serials([made]))
    return made


@command
def remove_medium(medium_id: int, *, actor: Actor, miscounted: bool = False) -> None:
    """Take a medium out of its unit: from then on only its destruction certificate will do.

    `miscounted`: it never existed; the count goes down by one. Refused (Conflict) once it has a certificate.
    """
    require_own_hand(actor)
    medium, unit = locked_medium(medium_id, actor)
    if medium.removed_at is not None:
        raise Conflict(N_("This medium is already taken out."), code="medium.removed")
    if not miscounted:
        medium.removed_at = clock.now()
        session().flush()
        _tell(journal.Act(actor), unit, "media.removed", {"medium": medium_id, "kind": medium.kind}, {})
        return
    if session().scalar(
        sa.select(ErasureCertificate.id).where(ErasureCertificate.medium_id == medium_id).limit(1)
    ):
        raise Conflict(N_("This medium has a certificate: it cannot be a miscount."), code="medium.certified")
    count = session().get(MediaCount, unit.id)
    assert count is not None
    count.media -= 1
    session().delete(medium)
    session().flush()
    _tell(journal.Act(actor), unit, "media.recounted", {"media": count.media, "medium": medium_id}, {})


@command
def record_certificate(
    medium_id: int, proof: Proof, *, actor: Actor, file: bytes | None = None, report: str | None = None,
    doing: journal.Act | None = None,
) -> ErasureCertificate:  # fmt: skip
    """Add a proof for a medium, successful or not; whether it suffices is the gate's to say.

    `file`: the tool's report (PDF, XML, text, JSON, at most 5 MB), kept by its SHA-256 (`report`: that of a
    file kept already). Refused: values outside the lists, a date to come or before the device came back, a
    validator who is the operator, a serial or a file about another medium, a result its file contradicts.
    """
    require_own_hand(actor)
    medium, unit = locked_medium(medium_id, actor)
    check_proof(proof, [unit.id])
    _same_medium(medium, proof)
    if file is not None:
        media_type = files.accept(file, REPORT_TYPES, field="file")
        contradictions.check(file, medium, proof)
        report = files.put(file, media_type=media_type)
    values = stated(proof)
    made = ErasureCertificate(medium_id=medium_id, recorded_at=clock.now(), file_sha256=report, **values)
    _signed(made, actor)
    session().add(made)
    session().flush()
    if made.file_sha256:
        files.use(made.file_sha256, "erasure", f"certificate/{made.id}")
    facts = {
        "medium": medium_id, "certificate": made.id, "kind": medium.kind, "method": proof.method,
        "technique": proof.technique, "result": proof.result, "verified": proof.verified,
        "errors": proof.errors, "hidden_areas": proof.hidden_areas, "report": made.file_sha256,
        "verification": made.verification, "passes": made.passes, "destination": made.destination,
    }  # fmt: skip
    names = {"operator": proof.operator_name, "validator": proof.validator_name, "tool": proof.tool}
    secret = {name: value for name, value in names.items() if value} | _serials([medium])
    journal.append(
        doing or journal.Act(actor), unit.stream, "media.erased", unit_ids=[unit.id], facts=facts,
        commitments=secret, occurred_at=proof.erased_at,
    )  # fmt: skip
    return made


def _same_medium(medium: StorageMedium, proof: Proof) -> None:
    """The serial on the report is the medium's, or becomes it where none was read. Conflict otherwise."""
    if not serial_key(proof.serial):
        return
    if medium.serial is None:
        medium.serial = proof.serial
    elif serial_key(medium.serial) != serial_key(proof.serial):
        raise Conflict(OTHER_MEDIUM, code="medium.serial", serial=proof.serial)


@command
def rearm_gate(unit_ids: Sequence[int]) -> None:
    """Inside an act that brings units back into sight: counts and media proven before no longer count."""
    now = clock.now()
    for model in (MediaCount, StorageMedium):
        session().execute(
            sa.update(model)
            .where(model.unit_id.in_(unit_ids), model.void_at.is_(None))
            .values(void_at=now)
            .execution_options(synchronize_session="fetch")
        )


def _locked(unit_id: int, actor: Actor) -> Unit:
    unit = lock(Unit, Unit.id == unit_id)
    if unit is None or not policy.may_read(actor, unit):
        raise NotFound(N_("This device does not exist."))
    if not policy.may_record(actor, unit):
        raise NotAllowed(N_("Your organisation may not do this."))
    require_here([unit_id])
    if unit.state not in policy.STATES:
        raise Conflict(
            N_("Erasures are not recorded in this state. Take the device back to the workshop first."),
            code="erasure.state",
        )
    return unit


def locked_medium(medium_id: int, actor: Actor) -> tuple[StorageMedium, Unit]:
    """A medium and its unit, locked for this custodian. Refused as every verb of this module refuses."""
    medium = queries.medium(medium_id)
    if medium is None:
        raise NotFound(N_("This storage medium does not exist."))
    unit = _locked(medium.unit_id, actor)
    fresh = lock(StorageMedium, StorageMedium.id == medium_id, StorageMedium.void_at.is_(None))
    if fresh is None:
        raise NotFound(N_("This storage medium does not exist."))
    return fresh, unit


def _signed(row: Any, actor: Actor) -> None:
    row.organisation_id, row.person_id = actor.organisation_id, actor.person_id


def _serials(media: Sequence[StorageMedium]) -> dict[str, str]:
    return {f"medium_{one.id}": one.serial for one in media if one.serial}


def _tell(
    doing: journal.Act, unit: Unit, event_type: str, facts: dict[str, Any], secret: dict[str, str]
) -> None:
    journal.append(doing, unit.stream, event_type, unit_ids=[unit.id], facts=facts, commitments=secret)
