"""Reads of the bench: what each unit lacks, its latest test, its offer; removal batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.equipment import queries as equipment
from reuse_market.equipment.models import Model
from reuse_market.erasure.gate import Gate, Reason, gates
from reuse_market.kernel.db import session
from reuse_market.kernel.words import N_
from reuse_market.lots.erasing import of_streams
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.models import Offer, RemovalBatch, TestRun, WasteRecord
from reuse_market.refurbishing.protocols import protocol
from reuse_market.traceability.models import Event, EventUnit
from reuse_market.units import labels
from reuse_market.units import queries as units
from reuse_market.units.models import Engagement, Unit
from reuse_market.units.shipping import came_by_shipment

LOT_STREAM = "lot/"
LOSSES = ("unit.lost", "shipment.missing", "pickup.missing")
NOT_OURS = N_(
    "This device came by a shipment and still belongs to who sent it: send it back when your work is done, "
    "or agree on a sale or a gift."
)
UNDER_REPAIR = N_(
    "This device came back for a repair and belongs to its beneficiary: hand it back when it works, on the page of "
    "its return."
)
NOT_OURS_YET = N_(
    "The holder has not countersigned the pick-up: this device is not yours yet. "
    "Have the handover note signed."
)


LENT, REPAIRED = Reason("unit.not-owned", NOT_OURS), Reason("unit.under-repair", UNDER_REPAIR)


@dataclass(frozen=True, slots=True)
class Case:
    """A unit at the bench with all that decides whether it may be ready. `missing`: what it lacks."""

    unit: Unit
    code: str | None
    model: Model | None
    lot: Lot | None
    test: TestRun | None
    gate: Gate
    offer: Offer | None
    missing: tuple[Reason, ...]

    @property
    def lot_reference(self) -> str | None:
        """The lot the unit last came from."""
        return reference_of(self.unit.stream)

    @property
    def policy(self) -> str | None:
        """The erasure policy of its lot, None when it has none (purge then)."""
        return self.lot.erasure_policy if self.lot else None


def reference_of(stream: str) -> str | None:
    """The lot's reference of a unit's stream, or None outside lots."""
    return stream.removeprefix(LOT_STREAM) if stream.startswith(LOT_STREAM) else None


def cases(unit_ids: Sequence[int]) -> list[Case]:
    """The cases of units, in the order asked, in a constant number of statements."""
    ids = list(unit_ids)
    found = {unit.id: unit for unit in units.by_ids(ids)}
    codes, tests, offers = labels.codes_of(ids), latest_tests(ids), _offers(ids)
    models = equipment.models(sorted({u.model_id for u in found.values() if u.model_id is not None}))
    lots = of_streams({u.stream for u in found.values()})
    policies = {i: lots[u.stream].erasure_policy if u.stream in lots else None for i, u in found.items()}
    verdicts = gates(policies)
    foreign = [i for i, unit in found.items() if unit.owner_id != unit.custodian_id]
    lent = dict.fromkeys(came_by_shipment(foreign), LENT) | dict.fromkeys(under_repair(foreign), REPAIRED)
    return [
        Case(
            unit, codes.get(i), models.get(unit.model_id or 0), lots.get(unit.stream), tests.get(i),
            verdicts[i], offers.get(i), _missing(unit, tests.get(i), verdicts[i], lent.get(i)),
        )
        for i in ids
        if (unit := found.get(i)) is not None
    ]  # fmt: skip


def case(unit_id: int) -> Case | None:
    """One case, or None when there is no such unit."""
    return next(iter(cases([unit_id])), None)


def _missing(unit: Unit, test: TestRun | None, verdict: Gate, lent: Reason | None) -> tuple[Reason, ...]:
    reasons = []
    if lent:
        reasons.append(lent)
    elif unit.owner_id != unit.custodian_id:
        reasons.append(Reason("unit.not-countersigned", NOT_OURS_YET))
    if test is None:
        reasons.append(Reason("test.missing", N_("Test the device.")))
    elif not test.passed:
        reasons.append(_fault(test))
    return (*reasons, *verdict.missing)


def _fault(test: TestRun) -> Reason:
    """What to do about a test that found something: only its lock, or a fault."""
    found = protocol(test.protocol)
    faults, locks = found.faults(test.results), {check.code for check in found.checks if check.lock}
    if faults and locks.issuperset(faults):
        text = N_(
            "The device is locked. Once its holder has released it, test it again; or choose parts or removal."
        )
        return Reason("test.locked", text)
    text = N_("The last test found a fault. Repair and test again, or choose parts or removal.")
    return Reason("test.fault", text)


def latest_tests(unit_ids: Sequence[int]) -> dict[int, TestRun]:
    """Unit id → its latest test of this life."""
    statement = sa.select(TestRun).where(TestRun.unit_id.in_(unit_ids), TestRun.void_at.is_(None))
    return {test.unit_id: test for test in session().scalars(statement.order_by(TestRun.id))}


def tests_of(unit_id: int) -> list[TestRun]:
    """All the tests of a unit, the latest first: those of an earlier life too."""
    statement = sa.select(TestRun).where(TestRun.unit_id == unit_id).order_by(TestRun.id.desc()).limit(20)
    return list(session().scalars(statement))


def testers(unit_id: int) -> dict[int, str]:
    """Person id → name of who tested a unit."""
    return accounts.person_names({test.person_id for test in tests_of(unit_id) if test.person_id is not None})


def last_workshop(unit_id: int) -> int | None:
    """The organisation of the last passed test, in any life: the workshop a provided unit comes back to.

    None for a unit handed over as it is: no workshop tested it in this life (`tested_at` empty).
    """
    statement = (
        sa.select(TestRun.organisation_id)
        .join(Unit, Unit.id == TestRun.unit_id)
        .where(TestRun.unit_id == unit_id, good_enough())
        .where(sa.or_(Unit.state != "provided", Unit.tested_at.is_not(None)))
        .order_by(TestRun.id.desc())
        .limit(1)
    )
    return session().scalar(statement)


def under_repair(unit_ids: Sequence[int]) -> set[int]:
    """Those of these units, in a custody that is not their owner's, that came back from a beneficiary.

    The last thing that held them is a reservation handed over: a device of a lot was held by its award since.
    """
    if not unit_ids:
        return set()
    last = (
        sa.select(sa.func.max(Engagement.id)).where(Engagement.unit_id.in_(list(unit_ids)))
        .group_by(Engagement.unit_id)
    )  # fmt: skip
    statement = (
        sa.select(Engagement.unit_id)
        .join(Unit, Unit.id == Engagement.unit_id)
        .where(Engagement.id.in_(last), Engagement.kind == "hold", Engagement.outcome == "provided")
        .where(Unit.owner_id != Unit.custodian_id)
    )
    return set(session().scalars(statement))


def good_enough() -> sa.ColumnElement[bool]:
    """Tests after which a unit may have been offered: passed, or with faults its offer lists."""
    partial = sa.select(Offer.unit_id).where(Offer.functional_state == "partial")
    return sa.or_(TestRun.passed.is_(True), TestRun.unit_id.in_(partial))


def last_loss(unit_id: int) -> str | None:
    """The type of the event that last made the unit missing."""
    statement = (
        sa.select(Event.type)
        .join(EventUnit, EventUnit.event_id == Event.id)
        .where(EventUnit.unit_id == unit_id, Event.type.in_(LOSSES))
        .order_by(Event.id.desc())
        .limit(1)
    )
    return session().scalar(statement)


def last_terms(custodian_id: int, model_id: int | None) -> Offer | None:
    """What this workshop last asked for the same model: a form proposes it again."""
    if model_id is None:
        return None
    statement = (
        sa.select(Offer)
        .join(Unit, Unit.id == Offer.unit_id)
        .where(Unit.model_id == model_id, Unit.custodian_id == custodian_id)
        .order_by(Offer.made_at.desc(), Offer.unit_id.desc())
        .limit(1)
    )
    return session().scalars(statement).first()


def graded() -> sa.Select[int, str]:
    """The (unit_id, grade) of units with an offer: how shipments sort those that are ready."""
    return sa.select(Offer.unit_id.label("unit_id"), Offer.cosmetic_grade.label("grade"))


def waste_record(unit_id: int) -> WasteRecord | None:
    """Why and when a unit was declared waste."""
    return session().get(WasteRecord, unit_id)


def batch(reference: str) -> RemovalBatch | None:
    """A removal by reference."""
    return session().scalars(sa.select(RemovalBatch).where(RemovalBatch.reference == reference)).one_or_none()


def units_of_batch(batch_id: int) -> list[int]:
    """Ids of the units of a removal."""
    statement = sa.select(WasteRecord.unit_id).where(WasteRecord.batch_id == batch_id)
    return list(session().scalars(statement.order_by(WasteRecord.unit_id)))


def removal_of(unit_ids: Sequence[int]) -> str | None:
    """The removal that units declared waste are in; None for none yet."""
    statement = sa.select(RemovalBatch.reference).join(WasteRecord, WasteRecord.batch_id == RemovalBatch.id)
    return session().scalar(
        statement.where(WasteRecord.unit_id.in_(unit_ids)).order_by(RemovalBatch.id).limit(1)
    )


def _offers(unit_ids: Sequence[int]) -> dict[int, Offer]:
    return {o.unit_id: o for o in session().scalars(sa.select(Offer).where(Offer.unit_id.in_(unit_ids)))}
