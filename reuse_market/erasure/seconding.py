"""Reads on second looks: what is to be checked, what was drawn, who may sign."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure import policy
from reuse_market.erasure.models import (
    CheckedCertificate,
    ErasureCertificate,
    ErasureCheck,
    ErasureDemand,
    ErasureException,
    StorageMedium,
)
from reuse_market.erasure.stating import same_person
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.units.models import Unit


@dataclass(frozen=True, slots=True)
class Line:
    """A certificate of a list: whether it was drawn, and what the signature said of it."""

    certificate: ErasureCertificate
    medium: StorageMedium
    unit: Unit
    drawn: bool
    accepted: bool | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lot with certificates nobody has looked at again: how many, and the second look its holder asks for."""

    stream: str
    certificates: int
    demand: ErasureDemand | None

    @property
    def reference(self) -> str:
        """The lot's reference."""
        return self.stream.partition("/")[2]


def demand_of(stream: str) -> ErasureDemand | None:
    """The second look the holder of a lot asks for, None for none."""
    return session().get(ErasureDemand, stream)


def may_look(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may look at a device's erasures: it may read them, or asks for their second look."""
    return policy.may_read(actor, unit) or _asks(actor, unit.stream)


def may_see(actor: Actor, found: ErasureCheck) -> bool:
    """Whether a list is the actor's to look at and sign: its organisation's, or of a lot whose check it asks for."""
    return actor.is_org(found.organisation_id) or _asks(actor, found.stream)


def _asks(actor: Actor, stream: str) -> bool:
    asked = demand_of(stream)
    return asked is not None and actor.is_org(asked.organisation_id)


def theirs(organisation_id: int) -> Any:
    """The units whose certificates an organisation may look at: it keeps or owns them, or their lot was its own."""
    asked = sa.exists().where(
        ErasureDemand.stream == Unit.stream, ErasureDemand.organisation_id == organisation_id
    )
    return sa.or_(Unit.custodian_id == organisation_id, Unit.owner_id == organisation_id, asked)


def unchecked(organisation_id: int, stream: str | None = None) -> list[tuple[int, str]]:
    """(certificate id, stream): the newest of each medium, fit to be checked, that no list holds yet."""
    newest = (
        sa.select(sa.func.max(ErasureCertificate.id))
        .where(ErasureCertificate.void_at.is_(None))
        .group_by(ErasureCertificate.medium_id)
    )
    listed = sa.exists().where(
        CheckedCertificate.certificate_id == ErasureCertificate.id,
        CheckedCertificate.check_id == ErasureCheck.id,
        sa.or_(ErasureCheck.signed_at.is_(None), CheckedCertificate.accepted.is_not(None)),
    )
    excepted = sa.exists().where(ErasureException.certificate_id == ErasureCertificate.id)
    statement = (
        sa.select(ErasureCertificate.id, Unit.stream)
        .join(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .join(Unit, Unit.id == StorageMedium.unit_id)
        .where(
            ErasureCertificate.id.in_(newest), StorageMedium.void_at.is_(None), ~listed,
            sa.or_(ErasureCertificate.result == "ok", excepted), theirs(organisation_id),
            Unit.stream.like("lot/%"),
        )
        .order_by(ErasureCertificate.id)
    )  # fmt: skip
    if stream is not None:
        statement = statement.where(Unit.stream == stream)
    return [(row[0], row[1]) for row in session().execute(statement)]


def waiting(organisation_id: int) -> list[Waiting]:
    """The lots whose certificates wait for a second look, those that are asked for one first."""
    counts: dict[str, int] = {}
    for _id, stream in unchecked(organisation_id):
        counts[stream] = counts.get(stream, 0) + 1
    asked = session().scalars(sa.select(ErasureDemand).where(ErasureDemand.stream.in_(counts)))
    demands = {one.stream: one for one in asked}
    found = [Waiting(stream, count, demands.get(stream)) for stream, count in counts.items()]
    return sorted(found, key=lambda one: (one.demand is None, one.stream))


def check(check_id: int) -> ErasureCheck | None:
    """One list."""
    return session().get(ErasureCheck, check_id)


def open_check(organisation_id: int, stream: str) -> ErasureCheck | None:
    """The list drawn and not signed yet: a second draw would choose its sample."""
    statement = sa.select(ErasureCheck).where(
        ErasureCheck.organisation_id == organisation_id, ErasureCheck.stream == stream,
        ErasureCheck.signed_at.is_(None),
    )  # fmt: skip
    return session().scalars(statement).first()


def checks(organisation_id: int, limit: int = 20, *, after: int | None = None) -> list[ErasureCheck]:
    """An organisation's lists and those of lots whose check it asks for, the newest first."""
    asked = sa.exists().where(
        ErasureDemand.stream == ErasureCheck.stream, ErasureDemand.organisation_id == organisation_id
    )
    statement = sa.select(ErasureCheck).where(sa.or_(ErasureCheck.organisation_id == organisation_id, asked))
    if after is not None:
        statement = statement.where(ErasureCheck.id < after)
    return list(session().scalars(statement.order_by(ErasureCheck.id.desc()).limit(limit)))


def lines(check_id: int) -> list[Line]:
    """The certificates of a list, those drawn first."""
    statement = (
        sa.select(
            ErasureCertificate, StorageMedium, Unit, CheckedCertificate.drawn, CheckedCertificate.accepted
        )
        .join(CheckedCertificate, CheckedCertificate.certificate_id == ErasureCertificate.id)
        .join(StorageMedium, StorageMedium.id == ErasureCertificate.medium_id)
        .join(Unit, Unit.id == StorageMedium.unit_id)
        .where(CheckedCertificate.check_id == check_id)
        .order_by(CheckedCertificate.drawn.desc(), ErasureCertificate.id)
    )
    return [Line(*row) for row in session().execute(statement)]


def own_work(actor: Actor, certificates: Sequence[ErasureCertificate]) -> int:
    """How many of these the actor recorded, or is named on as who erased: those another person has to check."""
    return sum(
        one.person_id == actor.person_id or same_person(one.operator_name, actor.person_name)
        for one in certificates
    )


def drawn(seed: str, certificate_ids: Sequence[int], percent: int) -> set[int]:
    """So many percent of certificates, at least one: those whose SHA-256 of "seed/id" is smallest.

    Anybody can draw again from the seed and the ids, both in the journal.
    """
    count = max(1, -(-len(certificate_ids) * percent // 100)) if certificate_ids else 0
    ranked = sorted(certificate_ids, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).digest())
    return set(ranked[:count])


def unit_of(certificate_id: int) -> Unit | None:
    """The device a certificate is about."""
    statement = (
        sa.select(Unit)
        .join(StorageMedium, StorageMedium.unit_id == Unit.id)
        .join(ErasureCertificate, ErasureCertificate.medium_id == StorageMedium.id)
    )
    return session().scalar(statement.where(ErasureCertificate.id == certificate_id))


def exceptional(certificate_id: int, actor: Actor) -> dict[str, Any] | None:
    """A certificate, its medium and unit, and the exception accepted for it; None for who may not read it."""
    proof = session().get(ErasureCertificate, certificate_id)
    medium = session().get(StorageMedium, proof.medium_id) if proof is not None else None
    unit = session().get(Unit, medium.unit_id) if medium is not None else None
    if proof is None or unit is None or proof.void_at is not None:
        return None
    if not may_look(actor, unit):
        return None
    known = session().get(ErasureException, certificate_id)
    return {
        "proof": proof,
        "medium": medium,
        "unit": unit,
        "accepted": known,
        "own": own_work(actor, [proof]),
    }
