"""The erasure certificate as a paper: of one device, or of all the proven devices of a lot at one place.

Issued by whoever keeps the devices, by its own hand; read by it and by the holder of the lot. Made again by a job
when the certificates of their media have changed: a better one replaces the paper, a worse one withdraws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.documents import services as documents
from reuse_market.documents.models import Document
from reuse_market.documents.policy import may_read as may_see
from reuse_market.documents.texts import both
from reuse_market.equipment import queries as equipment
from reuse_market.equipment.models import Model
from reuse_market.equipment.names import full_name
from reuse_market.erasure import queries, words
from reuse_market.erasure.gate import DEFAULT_POLICY, gates, judge_certificate
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.erasure.policy import may_read
from reuse_market.erasure.queries import UnitMedia
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots import papers
from reuse_market.lots.models import Lot
from reuse_market.traceability import journal
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.units.labels import codes_of
from reuse_market.units.models import Unit

KIND = "erasure_certificate"
PREFIX = "AE"
MOST = 500  # devices of one paper: what keeps it under 150 kB
TOUCHING = (
    "media.erased", "media.erasure-withdrawn", "media.exception-accepted", "erasure.checked", "media.added",
    "media.removed", "media.recounted", "media.counted",
)  # fmt: skip
NO_DEVICE = N_("This device does not exist.")
UNPROVEN = N_("The erasure of this device is not proven yet: its page says what is missing.")
NONE_PROVEN = N_("No device of this lot with you has its erasure proven yet.")
Facts = dict[str, Any]


def unit_owner(unit_id: int) -> str:
    """Under what the certificate of a device is kept."""
    return f"unit/{unit_id}"


def lot_owner(reference: str, organisation_id: int) -> str:
    """Under what the certificate of an organisation for the devices of a lot is kept."""
    return f"erasure/{reference}/{organisation_id}"


@command
def issue_for_unit(unit_id: int, *, actor: Actor) -> Document:
    """Issue the certificate of a device with this actor, or give the one in force when nothing has changed.

    Refused: not its custodian's own hand; its erasure is not proven (Conflict, with what is missing).
    """
    require_own_hand(actor)
    unit = lock(Unit, Unit.id == unit_id)
    if unit is None or not may_read(actor, unit):
        raise NotFound(NO_DEVICE)
    if not may_issue(actor, unit.custodian_id):
        raise NotAllowed(N_("Your organisation may not do this."))
    gate = gates({unit_id: _policy(_lot_of(unit))})[unit_id]
    if not gate.passed:
        raise Conflict(UNPROVEN, code="erasure.unproven")
    return _issue(unit_owner(unit_id), [unit], _lot_of(unit), unit.custodian_id, actor)


@command
def issue_for_lot(reference: str, *, actor: Actor) -> Document:
    """Issue one certificate for every device of a lot with this actor whose erasure is proven, 500 at most.

    Refused: none is; not by its own hand.
    """
    require_own_hand(actor)
    lot = lock(Lot, Lot.reference == reference)
    here = actor.organisation_id or 0
    units = _units_of(f"lot/{reference}", here) if lot is not None else []
    if lot is None or not units:
        raise NotFound(N_("This lot does not exist."))
    if not may_issue(actor, here):
        raise NotAllowed(N_("Your organisation may not do this."))
    verdicts = gates(dict.fromkeys([unit.id for unit in units], _policy(lot)))
    proven = [unit for unit in units if verdicts[unit.id].passed][:MOST]
    if not proven:
        raise Conflict(NONE_PROVEN, code="erasure.unproven")
    return _issue(lot_owner(reference, here), proven, lot, here, actor)


def may_issue(actor: Actor, custodian_id: int) -> bool:
    """The custodian's own people."""
    return actor.is_org(custodian_id) and actor.has("holder", "reuse_actor") and actor.own_hand


def has_devices(reference: str, custodian_id: int) -> bool:
    """Whether this organisation keeps a device of the lot."""
    mine = sa.select(Unit.id).where(Unit.stream == f"lot/{reference}", Unit.custodian_id == custodian_id)
    return session().scalar(mine.limit(1)) is not None


def of_unit(unit: Unit, actor: Actor) -> list[Document]:
    """The certificates of a device this actor reads: its own paper, then those of its lot that name it."""
    owners = [unit_owner(unit.id)]
    like = Document.owner.like(f"erasure/{unit.stream.removeprefix('lot/')}/%")
    statement = sa.select(Document).where(
        Document.kind == KIND, Document.superseded_by.is_(None), sa.or_(Document.owner.in_(owners), like)
    )
    found = [one for one in session().scalars(statement.order_by(Document.id.desc())) if may_see(one, actor)]
    return [one for one in found if any(device["unit"] == unit.id for device in one.facts["devices"])]


def outdated(found: Document) -> bool:
    """Whether the certificates of its media say something else by now."""
    facts = _facts_anew(found)
    return facts is not None and any(
        found.facts.get(name) != facts[name] for name in ("proven", "devices", "missing")
    )


def reissue_due() -> int:
    """The job: papers whose media were acted on since they were made, made again where they say otherwise."""
    done = 0
    for number in _touched():
        done += _reissue(number)
    return done


@command
def _reissue(number: str) -> int:
    found = lock(Document, Document.number == number, Document.superseded_by.is_(None))
    if found is None or not outdated(found):
        return 0
    facts = _facts_anew(found)
    assert facts is not None
    documents.issue(
        KIND, facts, lang="fr", owner=found.owner, number_prefix=PREFIX,
        readers=[reader.organisation_id for reader in found.readers],
    )  # fmt: skip
    return 1


def _touched() -> list[str]:
    """Numbers of papers in force about a device whose media were acted on after them."""
    rows = session().execute(
        sa.select(Document.number, Document.made_at, Document.facts).where(
            Document.kind == KIND, Document.superseded_by.is_(None)
        )
    )
    last = dict(
        session().execute(
            sa.select(EventUnit.unit_id, sa.func.max(Event.recorded_at))
            .join(Event, Event.id == EventUnit.event_id)
            .where(Event.type.in_(TOUCHING))
            .group_by(EventUnit.unit_id)
        ).all()
    )  # fmt: skip
    return [
        number
        for number, made_at, facts in rows
        if any(last.get(device["unit"], made_at) > made_at for device in facts["devices"])
    ]


def _issue(owner: str, units: Sequence[Unit], lot: Lot | None, custodian_id: int, actor: Actor) -> Document:
    readers = {custodian_id} | ({lot.holder_id} if lot is not None else set())
    facts = _facts(units, lot, custodian_id, actor.person_name, True, [])
    document, new = documents.issue_anew(
        KIND, facts, lang="fr", owner=owner, readers=sorted(readers), number_prefix=PREFIX
    )
    if new and lot is not None:
        told = {"lot": lot.reference, "kind": KIND, "number": document.number, "units": len(units)}
        journal.append(journal.Act(actor), f"lot/{lot.reference}", "document.issued", facts=told)
    return document


def _facts_anew(found: Document) -> Facts | None:
    """The facts of a paper as they are today; None when its devices have left who made it, or begun another life."""
    ids = [device["unit"] for device in found.facts["devices"]]
    units = list(session().scalars(sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id)))
    custodian = found.facts["giver_id"]
    if not units or any(unit.custodian_id != custodian for unit in units):
        return None
    again = queries.rearmed_at(ids)
    if again is not None and again > found.made_at:
        return None
    lot = _lot_of(units[0])
    verdicts = gates(dict.fromkeys(ids, _policy(lot)))
    missing = [both(reason.message) for gate in verdicts.values() for reason in gate.missing]
    unique = [text for rank, text in enumerate(missing) if text not in missing[:rank]]
    return _facts(units, lot, custodian, found.facts["issued_by"], not missing, unique)


def _facts(
    units: Sequence[Unit], lot: Lot | None, custodian_id: int, issuer: str, proven: bool, missing: list[Facts]
) -> Facts:
    """What the paper says (documents/erasure_deed.py)."""
    found = queries.media_of([unit.id for unit in units])
    stuck, names = codes_of([unit.id for unit in units]), _names(units)
    policy = _policy(lot)
    facts: Facts = {
        "made_at": clock.now().isoformat(), "giver": papers.party(custodian_id), "giver_id": custodian_id,
        "policy": policy, "proven": proven, "missing": missing, "issued_by": issuer,
        "devices": [
            {
                "unit": unit.id, "label": names[unit.id], "code": stuck.get(unit.id), "serial": unit.serial,
                "tag": unit.asset_tag, **_seen(found[unit.id]), "media": _media(found[unit.id], policy),
            }
            for unit in units
        ],
    }  # fmt: skip
    if lot is not None:
        facts |= {"taker": papers.party(lot.holder_id), "lot_ref": lot.reference}
    return facts


def _seen(found: UnitMedia) -> Facts:
    count = found.count
    if count is None or count.void_at is not None:
        return {"count": None, "seen_how": None}
    return {"count": count.media, "seen_how": both(words.SEEN_HOW[count.seen_how])}


def _media(found: UnitMedia, policy: str) -> list[Facts]:
    """Each medium with the certificate that is accepted, or the latest one."""
    told = []
    for medium, proofs in found.media:
        accepted = [proof for proof in proofs if not judge_certificate(policy, medium, proof, found)]
        if proofs:
            told.append(_medium(medium, (accepted or proofs)[-1], found))
    return told


def _medium(medium: StorageMedium, proof: ErasureCertificate, found: UnitMedia) -> Facts:
    mark = found.marks.get(proof.id)
    plain = (
        "maker", "property_number", "media_source", "confidentiality", "method", "tool", "tool_version", "passes",
        "errors", "report_number",
    )  # fmt: skip
    return {name: getattr(proof, name) for name in plain} | {
        "certificate": proof.id, "kind": both(words.MEDIA[medium.kind]), "model": proof.model or medium.model,
        "serial": proof.serial or medium.serial, "size_mb": medium.size_mb, "removed": medium.removed_at is not None,
        "technique": _said(words.TECHNIQUES, proof.technique), "result": _said(words.RESULTS, proof.result),
        "verification": _said(words.VERIFICATIONS, proof.verification),
        "hidden_areas": _said(words.HIDDEN_AREAS, proof.hidden_areas),
        "destination": _said(words.DESTINATIONS, proof.destination),
        "exception": _said(words.GROUNDS, mark.exception if mark else None),
        "erased_at": proof.erased_at.isoformat(), "report_sha256": proof.file_sha256,
        "validated_on": proof.validated_on.isoformat() if proof.validated_on else None,
        "operator": [proof.operator_name, proof.operator_title or "", proof.operator_place or ""],
        "validator": [proof.validator_name, proof.validator_title or "", proof.validator_place or ""],
    }  # fmt: skip


def _said(known: dict[str, str], code: str | None) -> Facts | str | None:
    return both(known[code]) if code in known else code


def _names(units: Sequence[Unit]) -> dict[int, str | Facts]:
    """What each device is called: its model, or its kind in both languages."""
    models = {unit.model_id for unit in units if unit.model_id}
    rows = session().execute(sa.select(Model.id, Model.maker, Model.name).where(Model.id.in_(models)))
    known = {key: full_name(maker, name) for key, maker, name in rows}
    return {
        unit.id: known.get(unit.model_id or 0)
        or {lang: equipment.kind_label(unit.kind, lang) for lang in ("fr", "en")}
        for unit in units
    }


def _units_of(stream: str, custodian_id: int) -> list[Unit]:
    statement = sa.select(Unit).where(Unit.stream == stream, Unit.custodian_id == custodian_id)
    return list(session().scalars(statement.order_by(Unit.id)))


def _lot_of(unit: Unit) -> Lot | None:
    """The latest lot of a device."""
    reference = unit.stream.removeprefix("lot/")
    return session().scalars(sa.select(Lot).where(Lot.reference == reference)).one_or_none()


def _policy(lot: Lot | None) -> str:
    return (lot.erasure_policy if lot is not None else None) or DEFAULT_POLICY
