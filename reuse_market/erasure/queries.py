"""Reads on media and certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.kernel.db import session
from reuse_market.traceability.models import Event, EventUnit

# The unit was out of sight, or in use again: what was proven before is void.
REARMED = ("unit.returned", "unit.found", "unit.discard-annulled")


@dataclass(slots=True)
class UnitMedia:
    """A unit's count, and its media of this life with their certificates, oldest first."""

    count: MediaCount | None = None
    media: list[tuple[StorageMedium, list[ErasureCertificate]]] = field(default_factory=list)


def media_of(unit_ids: Sequence[int]) -> dict[int, UnitMedia]:
    """Counts, media and certificates of units, in three statements."""
    found = {unit_id: UnitMedia() for unit_id in unit_ids}
    for count in session().scalars(sa.select(MediaCount).where(MediaCount.unit_id.in_(unit_ids))):
        found[count.unit_id].count = count
    alive = sa.and_(StorageMedium.unit_id.in_(unit_ids), StorageMedium.void_at.is_(None))
    proofs: dict[int, list[ErasureCertificate]] = {}
    statement = sa.select(ErasureCertificate).join(StorageMedium).where(alive).order_by(ErasureCertificate.id)
    for proof in session().scalars(statement):
        proofs.setdefault(proof.medium_id, []).append(proof)
    for medium in session().scalars(sa.select(StorageMedium).where(alive).order_by(StorageMedium.id)):
        found[medium.unit_id].media.append((medium, proofs.get(medium.id, [])))
    return found


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
