"""Rows that decide what is lawful, against what was told when they were written: `reconcile` calls it.

Units have their replay; here an organisation's admission, what it is before the law, a lot's terms, a claim's
pledges, tests, media and their erasure, undertakings and vouchers are held to the newest event that says them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import CharterSignature, Organisation, OrganisationRole
from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.collection.models import Pickup
from reuse_market.erasure.models import ErasureCertificate, MediaCount, StorageMedium
from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.lots.models import Lot, LotLine
from reuse_market.proofs import second_looks
from reuse_market.proofs.hearing import PROOF, TYPES, Told, hear
from reuse_market.refurbishing.models import TestRun
from reuse_market.regimes.models import Qualification
from reuse_market.reservations.models import OrientationVoucher, Reservation, Undertaking
from reuse_market.traceability import payload, queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement


def told_otherwise() -> list[Fault]:
    """Every row that differs from what was told of it, is missing, or that nothing tells of."""
    told = Told()
    statement = sa.select(Event).where(Event.type.in_(TYPES)).order_by(Event.id)
    with streamed(statement) as rows:
        for event in rows.scalars():
            hear(told, queries.body(event))
    return [
        *_organisations(told), *_lots(told), *_claims(told), *_pickups(told), *_tests(told), *_media(told),
        *_second_looks(told),
        *_undertakings(told), *_vouchers(told),
    ]  # fmt: skip


def _organisations(told: Told) -> list[Fault]:
    held: dict[int, list[str]] = defaultdict(list)
    for organisation_id, role in session().execute(
        sa.select(OrganisationRole.organisation_id, OrganisationRole.role)
    ):
        held[organisation_id].append(role)
    faults, seen = [], set()
    columns = (Organisation.id, Organisation.state, Organisation.legal_kind)
    for key, state, legal_kind in session().execute(sa.select(*columns)):
        seen.add(key)
        said: dict[str, Any] = {"state": told.state.get(key)}
        said |= {"legal_kind": told.legal[key]} if key in told.legal else {}
        said |= {"roles": told.roles[key]} if key in told.roles else {}
        kept = {"state": state, "legal_kind": legal_kind, "roles": sorted(held[key])}
        faults += _each("organisation.told", f"organisation/{key}", kept, said)
    gone = told.state.keys() - seen
    faults += [Fault("organisation.told", f"organisation/{key}", "told, and gone") for key in sorted(gone)]
    return faults + _standing(told)


def _standing(told: Told) -> list[Fault]:
    """What an organisation is before the law, and the charters signed."""
    kept = {
        row.id: (
            row.organisation_id,
            row.party_kind,
            row.valid_from.isoformat(),
            row.until and row.until.isoformat(),
        )
        for row in session().scalars(sa.select(Qualification))
    }
    faults = [
        _differs("qualification.told", f"qualification/{key}", kept.get(key), told.qualified.get(key))
        for key in sorted(kept.keys() | told.qualified.keys())
        if kept.get(key) != told.qualified.get(key)
    ]
    signed = Counter(
        (row.organisation_id, row.version, row.text_sha256, row.person_id is None)
        for row in session().scalars(sa.select(CharterSignature))
    )
    if signed != told.charter:
        for row in sorted(set(signed.items()) ^ set(told.charter.items())):
            faults.append(
                Fault("charter.told", f"organisation/{row[0][0]}", "signatures differ from the journal")
            )
    return faults


def _lots(told: Told) -> list[Fault]:
    """What publication fixes: who parts with it, under which regime, erased how, kept how long, worth what."""
    faults, gone = [], {(lot, line) for lot, lines in told.lots.items() for line in lines}
    rows = session().execute(
        sa.select(Lot, LotLine).join(LotLine, LotLine.lot_id == Lot.id).where(Lot.published_at.is_not(None))
    )
    for lot, line in rows:
        said = told.lots.get(lot.reference, {}).get(line.number)
        gone.discard((lot.reference, line.number))
        if said is None:
            reason = f"line {line.number}: its publication is not told"
            faults.append(Fault("lot.told", f"lot/{lot.reference}", reason))
            continue
        days = said.get("public_first_days")
        wanted = {"value_cents": None, "value_how": None, "valued_on": None} | said
        wanted["public_first_until"] = None if days is None else said["day"] + timedelta(days=days)
        valued_on = line.valued_on if line.value_cents is not None else None
        kept = {
            "organisation": lot.holder_id,
            "regime": lot.regime,
            "erased_by": lot.erased_by,
            "erasure_policy": lot.erasure_policy,
            "public_first_until": lot.public_first_until,
            "value_cents": line.value_cents,
            "value_how": line.value_how if valued_on else None,
            "valued_on": valued_on.isoformat() if valued_on else None,
        }
        faults += _each("lot.told", f"lot/{lot.reference}", kept, wanted)
    return faults + [
        Fault("lot.told", f"lot/{lot}", f"line {line}: told, and gone") for lot, line in sorted(gone)
    ]


def _claims(told: Told) -> list[Fault]:
    asked = dict(
        session().execute(sa.select(ClaimLine.claim_id, sa.func.sum(ClaimLine.asked)).group_by(ClaimLine.claim_id))
        .all()
    )  # fmt: skip
    faults, seen = [], set()
    for claim in session().scalars(sa.select(Claim)):
        seen.add(claim.reference)
        subject, said = f"claim/{claim.reference}", told.claims.get(claim.reference)
        if said is not None:
            said = said | {"state": told.claim_states[claim.reference]}
        kept = {
            "organisation": claim.organisation_id,
            "capacity": claim.capacity,
            "state": claim.state,
            "units": int(asked.get(claim.id, 0)),
            "commitment": claim.commitment_version or None,
            "undertaking": claim.undertaking_version or None,
        }
        if said is None:
            faults.append(Fault("claim.told", subject, "the journal does not know it"))
        else:
            faults += _each("claim.told", subject, kept, said)
    gone = told.claims.keys() - seen
    return faults + [Fault("claim.told", f"claim/{one}", "told, and gone") for one in sorted(gone)]


def _pickups(told: Told) -> list[Fault]:
    kept = {
        row.reference: (row.state, row.holder_signed_at is not None, row.driver_signed_at is not None)
        for row in session().execute(
            sa.select(Pickup.reference, Pickup.state, Pickup.holder_signed_at, Pickup.driver_signed_at)
        )
    }
    said = {key: (state, signed, state == "done") for key, (state, signed) in told.pickups.items()}
    return [
        _differs("pickup.told", f"pickup/{key}", kept.get(key), said.get(key))
        for key in sorted(kept.keys() | said.keys())
        if kept.get(key) != said.get(key)
    ]


def _tests(told: Told) -> list[Fault]:
    kept: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = (TestRun.unit_id, TestRun.protocol, TestRun.passed, TestRun.battery_percent)
    standing: set[tuple[int, int]] = set()
    rows = session().execute(sa.select(*columns, TestRun.void_at).order_by(TestRun.id))
    for unit_id, *row, void_at in rows:
        if void_at is None:
            standing.add((unit_id, len(kept[unit_id])))
        kept[unit_id].append(tuple(row))
    faults = [
        Fault("test.told", f"unit/{unit_id}", "a test that never took place still counts")
        for unit_id, _place in sorted(told.void_tests & standing)
    ]
    return faults + [
        Fault("test.told", f"unit/{unit_id}", "its tests differ from the journal")
        for unit_id in sorted(kept.keys() | told.tests.keys())
        if kept.get(unit_id) != told.tests.get(unit_id)
    ]


def _media(told: Told) -> list[Fault]:
    counts = dict(session().execute(sa.select(MediaCount.unit_id, MediaCount.media)).all())
    faults = [
        _differs("media.told", f"unit/{unit_id}", counts.get(unit_id), told.media.get(unit_id))
        for unit_id in sorted(counts.keys() | told.media.keys())
        if counts.get(unit_id) != told.media.get(unit_id)
    ]
    proofs: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    rows = session().execute(
        sa.select(StorageMedium.unit_id, ErasureCertificate).join(
            StorageMedium, StorageMedium.id == ErasureCertificate.medium_id
        )
    )
    for unit_id, row in rows:
        said = (*(getattr(row, name) for name in PROOF), row.file_sha256, payload.stamp(row.erased_at))
        proofs[unit_id][said] += 1
    return faults + [
        Fault("erasure.told", f"unit/{unit_id}", "its erasure proofs differ from the journal")
        for unit_id in sorted(proofs.keys() | told.proofs.keys())
        if proofs.get(unit_id, Counter()) != told.proofs.get(unit_id, Counter())
    ]


def _second_looks(told: Told) -> list[Fault]:
    return [
        Fault("erasure.seconded", one, "differs from the journal") for one in second_looks.differing(told)
    ]


def _undertakings(told: Told) -> list[Fault]:
    """What the law asked for on the day of the signature (told then) was undertaken in writing."""
    kept: dict[str, set[str]] = defaultdict(set)
    rows = session().execute(
        sa.select(Reservation.reference, Undertaking.code).join(
            Undertaking, Undertaking.reservation_id == Reservation.id
        )
    )
    for reference, code in rows:
        kept[reference].add(code)
    return [
        _differs("undertaking.told", f"reservation/{one}", sorted(kept.get(one, ())), sorted(asked))
        for one in sorted(kept.keys() | told.undertaken.keys())
        if kept.get(one, set()) != (asked := told.undertaken.get(one, set()))
    ]


def _vouchers(told: Told) -> list[Fault]:
    """A voucher is what was told of it; used, it stands for one device handed over, and no more than one."""
    sold = {
        voucher: (reference, state, units)
        for voucher, reference, state, units in session().execute(
            sa.select(
                Reservation.voucher_id,
                Reservation.reference,
                Reservation.state,
                sa.select(sa.func.count())
                .where(
                    Engagement.kind == "hold",
                    Engagement.reference == Reservation.reference,
                    Engagement.outcome == "provided",
                )
                .scalar_subquery(),
            ).where(Reservation.voucher_id.is_not(None))
        )
    }
    faults, seen = [], set()
    for row in session().scalars(sa.select(OrientationVoucher)):
        seen.add(row.reference)
        reference, state, units = sold.get(row.id, (None, None, 0))
        kept = (row.prescriber_id, row.state, reference)
        if told.vouchers.get(row.reference) != kept:
            faults.append(
                _differs("voucher.told", f"voucher/{row.reference}", kept, told.vouchers.get(row.reference))
            )
        expected = ("provided", 1) if row.state == "used" else (None, 0)
        if (state, units) != expected:
            faults.append(
                Fault(
                    "voucher.balance", f"voucher/{row.reference}", f"{row.state}, {units} devices handed over"
                )
            )
    gone = told.vouchers.keys() - seen
    return faults + [Fault("voucher.told", f"voucher/{one}", "told, and gone") for one in sorted(gone)]


def _each(rule: str, subject: str, kept: dict[str, Any], said: dict[str, Any]) -> list[Fault]:
    """Value by value. What a journal of before does not say cannot differ."""
    return [
        _differs(rule, subject, f"{name} {value}", said[name])
        for name, value in kept.items()
        if name in said and said[name] != value
    ]


def _differs(rule: str, subject: str, kept: object, said: object) -> Fault:
    return Fault(rule, subject, f"it says {kept}, the journal {said}")
