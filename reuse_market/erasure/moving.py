"""Verbs: a storage medium that leaves its unit as a spare part, and enters another one: proven erased only."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.erasure import queries
from reuse_market.erasure.gate import DEFAULT_POLICY, judge_medium
from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.erasure.services import add_medium, locked_medium, record_certificate
from reuse_market.erasure.stating import Found, Proof
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal


@command
def take_out_erased(medium_id: int, policy: str | None, *, actor: Actor) -> StorageMedium:
    """The medium leaves its unit as a part, its erasure accepted under this policy; the unit counts one less.

    Refused (Conflict): a medium that is taken out already (only its destruction counts), or not proven erased.
    """
    require_own_hand(actor)
    medium, unit = locked_medium(medium_id, actor)
    if medium.removed_at is not None:
        raise Conflict(N_("This medium is already taken out."), code="medium.removed")
    found = queries.media_of([unit.id])[unit.id]
    proofs = next((proofs for one, proofs in found.media if one.id == medium_id), [])
    missing = judge_medium(policy or DEFAULT_POLICY, medium, proofs, found)
    if missing:
        raise Conflict(missing[0].message, code="medium.not-erased")
    count = session().get_one(MediaCount, unit.id)
    count.media -= 1
    medium.void_at = clock.now()
    session().flush()
    facts = {"media": count.media, "medium": medium_id, "as_part": True}
    journal.append(journal.Act(actor), unit.stream, "media.recounted", unit_ids=[unit.id], facts=facts)
    return medium


@command
def put_in_erased(unit_id: int, medium_id: int, *, actor: Actor) -> StorageMedium:
    """A medium that left a unit as a part enters this one, with the certificate that let it leave; its new row.

    Refused: media of the unit not counted yet (Conflict); an erasure older than the unit's return (Invalid).
    """
    require_own_hand(actor)
    old = session().get_one(StorageMedium, medium_id)
    statement = sa.select(ErasureCertificate).where(
        ErasureCertificate.medium_id == medium_id, ErasureCertificate.result == "ok"
    )
    proof = session().scalars(statement.order_by(ErasureCertificate.id.desc())).first()
    made = add_medium(unit_id, Found(old.kind, old.serial, old.model, old.size_mb), actor=actor)
    if proof is not None:
        stated = {name: getattr(proof, name) for name in Proof.__slots__}
        record_certificate(made.id, Proof(**stated), actor=actor, report=proof.file_sha256)
    return made
