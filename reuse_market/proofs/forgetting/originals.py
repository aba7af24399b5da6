"""What programs wrote of a device, as they wrote it: files that speak of it alone are let go with its numbers.

A file that names media of other devices too stays, whole, for it proves theirs; the pages say so. The SHA-256 of
every file stays in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from reuse_market.erasure.models import ErasureCertificate, ErasureReport, ReportEntry, StorageMedium
from reuse_market.erasure.reading.stated import serial_of
from reuse_market.kernel.db import session
from reuse_market.kernel.files import FileUse
from reuse_market.refurbishing.models import HardwareReport


def numbers_told(unit_id: int) -> Iterator[str]:
    """The numbers that agents and erasure tools read on a device, whatever was declared of it; what a maker left
    in their place ("Default string", "0000000") is none."""
    for told, disks in session().execute(
        sa.select(HardwareReport.told, HardwareReport.disks).where(HardwareReport.unit_id == unit_id)
    ):
        yield from filter(_tells, [told.get("serial"), *(one.get("serial") for one in disks)])
    for stated in session().scalars(
        sa.select(ReportEntry.stated)
        .join(ErasureCertificate, ErasureCertificate.id == ReportEntry.certificate_id)
        .where(ErasureCertificate.medium_id.in_(_media(unit_id)))
    ):
        yield from filter(_tells, (stated.get(name) for name in ("serial", "host_serial", "host_tag")))


def let_go(unit_id: int) -> int:
    """Drop the uses of the files that speak of this device alone (their bytes go with the next clean-up); how many."""
    read = sa.select(HardwareReport.id).where(HardwareReport.unit_id == unit_id)
    dropped = _drop(
        "refurbishing", FileUse.reference.in_([f"hardware/{one}" for one in session().scalars(read)])
    )
    reports = session().scalars(
        sa.select(ErasureCertificate.file_sha256)
        .where(ErasureCertificate.medium_id.in_(_media(unit_id)), ErasureCertificate.file_sha256.is_not(None))
        .distinct()
    )
    alone = [one for one in reports if one and not _shared(one, unit_id)]
    return dropped + _drop("erasure", FileUse.sha256.in_(alone))


def _media(unit_id: int) -> sa.Select[int]:
    return sa.select(StorageMedium.id).where(StorageMedium.unit_id == unit_id)


def _shared(sha256: str, unit_id: int) -> bool:
    """Whether a file proves, or may yet prove, the erasure of another device."""
    other = (
        sa.select(ErasureCertificate.id)
        .join(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .where(ErasureCertificate.file_sha256 == sha256, StorageMedium.unit_id != unit_id)
    )
    waits = (
        sa.select(ReportEntry.id)
        .join(ErasureReport, ErasureReport.id == ReportEntry.report_id)
        .where(ErasureReport.sha256 == sha256, ReportEntry.certificate_id.is_(None))
    )
    return bool(session().scalar(sa.select(sa.or_(other.exists(), waits.exists()))))


def _drop(room: str, which: sa.ColumnElement[bool]) -> int:
    done: sa.CursorResult[object] = session().execute(sa.delete(FileUse).where(FileUse.room == room, which))  # type: ignore[assignment]  # of a DELETE
    return int(done.rowcount)


def _tells(number: str | None) -> bool:
    return serial_of(number) != ""
