"""What who judges an erasure reads: the list it signs, as one file; a report, or its extract about what is its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.erasure import seconding
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.erasure.reading.opening import read
from reuse_market.erasure.stating import serial_key
from reuse_market.kernel import files
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.sniffing import sniff
from reuse_market.kernel.spreadsheets import csv_bytes
from reuse_market.traceability.payload import stamp
from reuse_market.units.models import Unit

OVERSEEING = ("operator", "administrator", "auditor")
ENDINGS = {
    "application/pdf": "pdf", "application/xml": "xml", "text/csv": "csv", "application/json": "json",
    "text/plain": "txt",
}  # fmt: skip
# Columns in codes: a list has the same bytes, and the same SHA-256, whoever reads it in whatever language.
COLUMNS = (
    "certificate", "device", "medium", "kind", "technique", "result", "errors", "hidden_areas", "verified", "tool",
    "tool_version", "erased_by", "erased_at", "report_sha256",
)  # fmt: skip

Certified = tuple[ErasureCertificate, StorageMedium, Unit]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to hand out. `whole`: the report as it was given; otherwise an extract of it."""

    data: bytes
    media_type: str
    name: str
    whole: bool


def sheet(check_id: int) -> bytes:
    """The certificates of a list and which were drawn, as CSV: what its signature is about."""
    rows = sorted(seconding.lines(check_id), key=lambda one: one.certificate.id)
    return csv_bytes(
        [
            (*COLUMNS, "drawn"),
            *((*_row((one.certificate, one.medium, one.unit)), "yes" if one.drawn else "no") for one in rows),
        ]
    )


def digest(data: bytes) -> str:
    """The SHA-256 of a list, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def report_of(certificate_id: int, actor: Actor) -> Paper | None:
    """The report kept with a certificate, for who may look at its device; None for anybody else.

    Who recorded it and who oversees get the file; others too when it is about devices they may look at and no other,
    else an extract: the certificates that this file proves on theirs.
    """
    found = session().execute(_certified().where(ErasureCertificate.id == certificate_id)).one_or_none()
    if found is None or found[0].file_sha256 is None or not seconding.may_look(actor, found[2]):
        return None
    proof: ErasureCertificate = found[0]
    sha256, data = proof.file_sha256 or "", files.get(proof.file_sha256 or "")
    same = session().execute(_certified().where(ErasureCertificate.file_sha256 == sha256)).all()
    every: list[Certified] = [(one[0], one[1], one[2]) for one in same]
    theirs = [one for one in every if seconding.may_look(actor, one[2])]
    given = actor.is_org(proof.organisation_id) or actor.has(*OVERSEEING)
    if given or (len(theirs) == len(every) and not _strangers(data, every)):
        media_type = sniff(data) or "text/plain"
        name = f"effacement-{certificate_id}.{ENDINGS.get(media_type, 'txt')}"
        return Paper(data, media_type, name, True)
    extract = csv_bytes([COLUMNS, *(_row(one) for one in theirs)])
    return Paper(extract, "text/csv", f"effacement-{certificate_id}-extrait.csv", False)


def _strangers(data: bytes, certified: Sequence[Certified]) -> bool:
    """Whether a report names media beside those it proves erased here. One that no reader knows names none."""
    told = read(data).disks
    if len(told) == 1:
        return False  # matched by hand, or refused when it was recorded: it is about this medium
    known = {serial_key(text) for proof, medium, _unit in certified for text in (proof.serial, medium.serial)}
    return not known.issuperset(serial_key(one.serial) or "?" for one in told)


def _row(one: Certified) -> Sequence[object]:
    proof, medium, unit = one
    return (
        proof.id, unit.serial or unit.asset_tag or unit.id, medium.serial or proof.serial, medium.kind, proof.technique,
        proof.result, proof.errors, proof.hidden_areas, "yes" if proof.verified else "no", proof.tool,
        proof.tool_version, proof.operator_name, stamp(proof.erased_at), proof.file_sha256,
    )  # fmt: skip


def _certified() -> sa.Select[ErasureCertificate, StorageMedium, Unit]:
    return (
        sa.select(ErasureCertificate, StorageMedium, Unit)
        .join(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .join(Unit, Unit.id == StorageMedium.unit_id)
        .where(ErasureCertificate.void_at.is_(None))
        .order_by(ErasureCertificate.id)
    )
