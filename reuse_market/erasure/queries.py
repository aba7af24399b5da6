"""Reads on media and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from reuse_market.erasure.models import (
    CheckedCertificate,
    ErasureCertificate,
    ErasureCheck,
    ErasureDemand,
    ErasureException,
    MediaCount,
    StorageMedium,
)
from reuse_market.kernel.db import session
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.units.models import Unit

# The unit was out of sight, or in use again: what was proven before is void.
REARMED = ("unit.returned", "unit.found", "unit.discard-annulled")


@dataclass(slots=True)
class Marks:
    """What others put on a certificate: the ground of an exception, the checks that cover it, a refusal.

    `checks`: (how, percent) of each signed list that took it in.
    """

    exception: str | None = None
    checks: list[tuple[str, int]] = field(default_factory=list)
    refused: bool = False


@dataclass(slots=True)
class UnitMedia:
    """A unit's count, its media of this life with their certificates, oldest first, and what others put on them.

    `demand`: (how, percent) of the second look the holder of its lot asks for.
    """

    count: MediaCount | None = None
    media: list[tuple[StorageMedium, list[ErasureCertificate]]] = field(default_factory=list)
    marks: dict[int, Marks] = field(default_factory=dict)
    demand: tuple[str, int | None] | None = None


def media_of(unit_ids: Sequence[int]) -> dict[int, UnitMedia]:
    """Counts, media, certificates, what is asked and what others put on them, in three statements."""
    found = {unit_id: UnitMedia() for unit_id in unit_ids}
    counted = (
        sa.select(Unit.id, MediaCount, ErasureDemand.how, ErasureDemand.percent)
        .outerjoin(MediaCount, MediaCount.unit_id == Unit.id)
        .outerjoin(ErasureDemand, ErasureDemand.stream == Unit.stream)
        .where(Unit.id.in_(unit_ids))
    )
    for unit_id, count, how, percent in session().execute(counted):
        found[unit_id].count = count
        found[unit_id].demand = (how, percent) if how else None
    alive = sa.and_(StorageMedium.unit_id.in_(unit_ids), StorageMedium.void_at.is_(None))
    proofs, marks = _proofs(alive)
    for medium in session().scalars(sa.select(StorageMedium).where(alive).order_by(StorageMedium.id)):
        ours = proofs.get(medium.id, [])
        found[medium.unit_id].media.append((medium, ours))
        found[medium.unit_id].marks |= {proof.id: marks[proof.id] for proof in ours}
    return found


def _proofs(
    alive: sa.ColumnElement[bool],
) -> tuple[dict[int, list[ErasureCertificate]], dict[int, Marks]]:
    """The certificates of media, by medium, oldest first; and what others put on each."""
    statement = (
        sa.select(
            ErasureCertificate, ErasureException.ground, ErasureCheck.how, ErasureCheck.percent,
            CheckedCertificate.accepted,
        )
        .join(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .outerjoin(ErasureException, ErasureException.certificate_id == ErasureCertificate.id)
        .outerjoin(CheckedCertificate, CheckedCertificate.certificate_id == ErasureCertificate.id)
        .outerjoin(
            ErasureCheck,
            sa.and_(ErasureCheck.id == CheckedCertificate.check_id, ErasureCheck.signed_at.is_not(None)),
        )
        .where(alive, ErasureCertificate.void_at.is_(None))
        .order_by(ErasureCertificate.id)
    )  # fmt: skip
    proofs: dict[int, list[ErasureCertificate]] = {}
    marks: dict[int, Marks] = {}
    for proof, ground, how, percent, accepted in session().execute(statement):
        if proof.id not in marks:
            proofs.setdefault(proof.medium_id, []).append(proof)
        mark = marks.setdefault(proof.id, Marks(ground))
        if how is not None and accepted:
            mark.checks.append((how, percent))
        mark.refused = mark.refused or (how is not None and accepted is False)
    return proofs, marks


def medium(medium_id: int) -> StorageMedium | None:
    """One medium."""
    return session().get(StorageMedium, medium_id)


def certificate(certificate_id: int) -> ErasureCertificate | None:
    """One certificate."""
    return session().get(ErasureCertificate, certificate_id)


def last_certificate(organisation_id: int, kind: str) -> ErasureCertificate | None:
    """This organisation's latest successful certificate on that kind of medium: a form proposes it again."""
    statement = (
        sa.select(ErasureCertificate)
        .join(StorageMedium)
        .where(
            ErasureCertificate.organisation_id == organisation_id,
            ErasureCertificate.result == "ok",
            ErasureCertificate.void_at.is_(None),
            StorageMedium.kind == kind,
        )
        .order_by(ErasureCertificate.id.desc())
        .limit(1)
    )
    return session().scalars(statement).first()


def rearmed_at(unit_ids: Sequence[int]) -> datetime | None:
    """When the gate of one of these units was last armed again (found again, taken back), or None."""
    statement = (
        sa.select(sa.func.max(Event.recorded_at))
        .join(EventUnit, EventUnit.event_id == Event.id)
        .where(EventUnit.unit_id.in_(unit_ids), Event.type.in_(REARMED))
    )
    return session().scalar(statement)
