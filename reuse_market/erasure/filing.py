"""A line of a report becomes a certificate: its device locked, its medium found, named or counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import policy, queries, services
from reuse_market.erasure.models import (
    CheckedCertificate,
    ErasureCertificate,
    ErasureException,
    ErasureReport,
    MediaCount,
    ReportEntry,
    StorageMedium,
)
from reuse_market.erasure.placing import Place, already, differs, erasable, fitting
from reuse_market.erasure.reading.stated import Stated, of
from reuse_market.erasure.report_models import ASIDE
from reuse_market.erasure.services import Found, Proof
from reuse_market.erasure.stating import CHOOSE, LIMITS, serial_key
from reuse_market.erasure.techniques import reached
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.models import Unit

UNKNOWN = "no-disk"  # before a line is looked at
# Why a line stays: what to do next.
ADVICE = {
    "no-serial": N_("The report names no serial number for this medium. Choose its device by hand."),
    "no-disk": N_("No device here has this medium. Count the media of its device, or choose the device by hand."),
    "two-units": N_("Several devices answer to it. Choose the right one by hand."),
    "other-medium": N_("The device has other media than this one. Correct its count, then match again."),
    "other-kind": N_("The device was counted with another kind of medium. Correct its count, then match again."),
    "foreign": N_("This medium is in a device that is no longer with you. Who keeps the device records it."),
    "already": N_("This erasure is recorded already: nothing to do."),
    "result": N_("The report does not say how the erasure ended. Erase again, or type the certificate on its device."),
    "technique": N_(
        "The report does not say how the medium was erased. Type the certificate on its device, with this file."
    ),
    "kind": N_(
        "This technique does not fit this kind of medium, or its kind is not told. Count the media of the device, "
        "then match again."
    ),
    "uncounted": N_(
        "This report does not say how many media its device holds. Count them on the device, then match again."
    ),
    "date": N_("The report gives no date. Type the certificate on its device, with this file."),
    "state": N_("Erasures are not recorded in this state. Take the device back to the workshop first."),
    "refused": N_("It could not be recorded."),
    "undone": N_("Its match was taken back. Choose its device by hand."),
    "not-ours": N_("Set aside: this medium is none of ours."),
    "trial": N_("Set aside: a trial of the tool, or a medium of its own."),
    "other-proof": N_("Set aside: the erasure of this medium is proven otherwise."),
}  # fmt: skip


def hosts(
    entries: Sequence[ReportEntry], told: Mapping[int, Stated], units: Mapping[int, int | None]
) -> dict[int, list[Stated]]:
    """Unit id → the media its reports name: an uncounted device is counted with all of them."""
    found: dict[int, list[Stated]] = defaultdict(list)
    for entry in entries:
        unit_id, stated = units[entry.id], told[entry.id]
        known = {serial_key(one.serial) for one in found[unit_id or 0]}
        if unit_id is not None and serial_key(stated.serial) not in known:
            found[unit_id].append(stated)
    return found


def record_placed(
    entries: Sequence[ReportEntry], told: Mapping[int, Stated], found: Mapping[int, Place],
    hosted: Mapping[int, list[Stated]], doing: journal.Act,
) -> int:  # fmt: skip
    """Record lines whose device is known; a line that is refused keeps its reason. How many were recorded."""
    ids = sorted({found[one.id].unit_id or 0 for one in entries})
    locked = sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update()
    units = {one.id: one for one in session().scalars(locked.execution_options(populate_existing=True))}
    done = 0
    for entry in sorted(entries, key=lambda one: (units[found[one.id].unit_id or 0].stream, one.id)):
        unit = units[found[entry.id].unit_id or 0]
        entry.left = _file(entry, told[entry.id], unit, hosted.get(unit.id, ()), doing)
        done += entry.left is None
    session().flush()
    return done


def by_hand(entry: ReportEntry, unit_id: int, *, actor: Actor) -> None:
    """The verb's work of `match_by_hand`: Conflict with what to do when the line cannot be recorded there."""
    if entry.certificate_id is not None:
        raise Conflict(N_("This line is recorded already."), code="report.recorded")
    unit = lock(Unit, Unit.id == unit_id)
    if unit is None or unit.custodian_id != actor.organisation_id or not policy.may_read(actor, unit):
        raise NotFound(N_("This device does not exist."))
    stated = of(entry.stated)
    entry.left = _file(entry, stated, unit, [stated], journal.Act(actor), by_hand=True)
    if entry.left is not None:
        raise Conflict(entry.advice or ADVICE[entry.left], code=f"report.{entry.left}")
    entry.by_hand = True
    session().flush()


def undo(entry: ReportEntry, *, actor: Actor) -> None:
    """The verb's work of `undo_match`: a match taken back, or a line taken up again."""
    if entry.left in ASIDE:
        _tell_aside(entry, None, actor)
        entry.left = UNKNOWN
        session().flush()
        return
    proof = session().get(ErasureCertificate, entry.certificate_id or 0)
    if not entry.by_hand or proof is None:
        raise Conflict(N_("Only a match made by hand can be taken back."), code="report.not-by-hand")
    for model in (CheckedCertificate, ErasureException):
        if session().scalar(sa.select(model.certificate_id).where(model.certificate_id == proof.id).limit(1)):
            raise Conflict(
                N_("Another person has looked at this certificate: it can no longer be taken back."),
                code="report.checked",
            )
    medium, unit = services.locked_medium(proof.medium_id, actor)
    proof.void_at = clock.now()
    facts = {"medium": medium.id, "certificate": proof.id}
    journal.append(
        journal.Act(actor), unit.stream, "media.erasure-withdrawn", unit_ids=[unit.id], facts=facts
    )
    _unmake(entry.made, medium, unit, actor)
    entry.certificate_id, entry.by_hand, entry.made, entry.left = None, False, "", "undone"
    session().flush()


def set_aside(entry: ReportEntry, reason: str, *, actor: Actor) -> None:
    """The verb's work of `set_aside`."""
    if reason not in ASIDE:
        raise Invalid(CHOOSE, field="reason")
    if entry.certificate_id is not None:
        raise Conflict(N_("This line is recorded already."), code="report.recorded")
    _tell_aside(entry, reason, actor)
    entry.left, entry.advice = reason, ""
    session().flush()


def _tell_aside(entry: ReportEntry, reason: str | None, actor: Actor) -> None:
    facts = {"report": entry.report_id, "line": entry.number, "reason": reason}
    stream = f"organisation/{actor.organisation_id}"
    journal.append(journal.Act(actor), stream, "erasure.line-set-aside", facts=facts)


def _unmake(made: str, medium: StorageMedium, unit: Unit, actor: Actor) -> None:
    """What the match had named or counted: the medium is nameless again, or never was."""
    if made == "serial":
        medium.serial = None
    elif made == "count":
        now = clock.now()
        media = sa.update(StorageMedium).where(
            StorageMedium.unit_id == unit.id, StorageMedium.void_at.is_(None)
        )
        session().execute(media.values(void_at=now).execution_options(synchronize_session="fetch"))
        count = session().get(MediaCount, unit.id)
        if count is not None:
            count.void_at = now
    session().flush()


def _file(
    entry: ReportEntry,
    stated: Stated,
    unit: Unit,
    hosted: Sequence[Stated],
    doing: journal.Act,
    by_hand: bool = False,
) -> str | None:
    """Record one line on its device; the reason when it stays."""
    lacks = _lacks(stated, unit)
    if lacks is not None:
        return lacks
    try:
        medium, made, left = _medium(stated, unit, hosted, doing, by_hand)
        if medium is None:
            return left
        if reached(stated.technique, medium.kind) is None:
            return "kind"
        if already(medium, stated):
            return "already"
        report = session().get(ErasureReport, entry.report_id)
        proof = _proof(stated, medium, unit, doing.actor)
        certificate = services.record_certificate(
            medium.id, proof, actor=doing.actor, report=report.sha256 if report else None, doing=doing
        )
    except (Invalid, Conflict) as refused:
        entry.advice = refused.message[:300]
        return "refused"
    entry.certificate_id, entry.made, entry.advice = certificate.id, made, ""
    return None


def _lacks(stated: Stated, unit: Unit) -> str | None:
    """What a report must say to become a certificate."""
    if not erasable(unit):
        return "state"
    if stated.result == "unknown":
        return "result"
    if not stated.technique:
        return "technique"
    return None if stated.erased_at else "date"


def _medium(
    stated: Stated, unit: Unit, hosted: Sequence[Stated], doing: journal.Act, by_hand: bool
) -> tuple[StorageMedium | None, str, str | None]:
    """The medium, what was made for it (count | serial), or why there is none."""
    known = queries.media_of([unit.id])[unit.id]
    made = ""
    if known.count is None or known.count.void_at is not None:
        if not stated.kind or any(not one.kind for one in hosted):
            return None, "", "kind"
        if not by_hand and not any(one.host_disks for one in hosted):
            return None, "", "uncounted"  # another medium of the device may be one nobody erased
        seen = [Found(one.kind, one.serial or None, one.model or None, one.size_mb) for one in hosted]
        more = max((one.host_disks or 0 for one in hosted), default=0) - len(seen)
        seen += [Found("other")] * max(more, 0)
        services.count_media(unit.id, seen, "report", actor=doing.actor, doing=doing)
        known, made = queries.media_of([unit.id])[unit.id], "count"
    medium, left = fitting(stated, [one for one, _proofs in known.media])
    if medium is None:
        return None, "", left
    if differs(stated.kind, medium.kind):
        return None, "", "other-kind"
    if medium.serial is None and stated.serial:
        made = made or "serial"
        medium.model = medium.model or stated.model or None
    return medium, made, None


def _proof(stated: Stated, medium: StorageMedium, unit: Unit, actor: Actor) -> Proof:
    """The certificate a line states; who dropped the report answers for it where no operator is named."""
    texts = {
        "maker": stated.maker, "model": stated.model or medium.model, "serial": stated.serial or medium.serial,
        "property_number": stated.host_tag or unit.asset_tag,
        "media_source": " ".join(filter(None, (stated.host_name, stated.host_serial or unit.serial))),
        "report_number": stated.report_number,
    }  # fmt: skip
    kept: dict[str, Any] = {name: (text or "")[: LIMITS[name]] or None for name, text in texts.items()}
    when = stated.when
    assert when is not None
    verification = stated.verification or ("tool" if stated.verified else None)
    return Proof(
        method=reached(stated.technique, medium.kind) or "clear", technique=stated.technique, tool=stated.tool,
        tool_version=stated.tool_version, result=stated.result, verified=bool(stated.verified),
        errors=stated.errors, hidden_areas=stated.hidden_areas, erased_at=when,
        operator_name=stated.operator_name or actor.person_name, validator_name=stated.validator_name,
        passes=stated.passes if stated.passes is not None and stated.passes <= 100 else None,
        verification=verification,
        **kept,
    )  # fmt: skip
