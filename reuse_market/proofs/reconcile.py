"""The invariants, checked on the whole database: what `flask reconcile` says.

The journal is replayed and compared with the tables; then the rules that no replay needs (balances, gates).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa

from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.kernel.db import session
from reuse_market.lots.models import Lot, LotLine
from reuse_market.proofs.replay import FIELDS, Replayed, fold
from reuse_market.refurbishing.models import TestRun
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import payload, queries
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement, Unit

# Design §2: which engagements may be open in which state (required, allowed).
HELD_BY: dict[str, tuple[set[str], set[str]]] = {
    "listed": ({"lot"}, {"lot"}),
    "awarded": ({"lot", "award"}, {"lot", "award", "pickup"}),
    "collected": (set(), {"shipment"}),
    "in_workshop": (set(), {"shipment"}),
    "ready": (set(), {"shipment"}),
    "held": ({"hold"}, {"hold"}),
}
AT_HOLDER = ("in_use", "discarded", "listed", "awarded", "merged")


def reconcile() -> list[Fault]:
    """Every broken invariant of the database, journal replay included; empty when all is well."""
    replayed, broken = fold(queries.body(event) for event in queries.all_events())
    faults = [Fault("replay.fold", f"unit/{b.unit_id}", f"{b.where}: {b.reason}") for b in broken]
    faults += _units(replayed)
    faults += _engagements(replayed)
    faults += _lots()
    faults += _claims()
    faults += _pickups()
    faults += _reservations()
    faults += _tested()
    return faults


def _units(replayed: dict[int, Replayed]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[int] = set()
    for unit in session().scalars(sa.select(Unit).execution_options(yield_per=1000)):
        seen.add(unit.id)
        subject = f"unit/{unit.id}"
        told = replayed.get(unit.id)
        if told is None:
            faults.append(Fault("replay.unit", subject, "the journal does not know it"))
            continue
        kept = _as_told(unit)
        faults += [
            Fault("replay.unit", subject, f"{name} is {kept[name]}, the journal says {getattr(told, name)}")
            for name in FIELDS
            if kept[name] != getattr(told, name)
        ]
        required, allowed = HELD_BY.get(unit.state, (set(), set()))
        held = set(told.open)
        if not required <= held or not held <= allowed:
            faults.append(Fault("unit.engaged", subject, f"{unit.state} with {sorted(held)} open"))
        if unit.state in AT_HOLDER and unit.owner_id != unit.custodian_id:
            faults.append(Fault("unit.custody", subject, f"{unit.state} but not in its owner's custody"))
        if unit.state in ("ready", "held") and unit.owner_id != unit.custodian_id:
            faults.append(Fault("unit.custody", subject, "offered by somebody who does not own it"))
    faults += [
        Fault("replay.unit", f"unit/{i}", "the journal knows it, the table does not")
        for i in replayed.keys() - seen
    ]
    return faults


def _as_told(unit: Unit) -> dict[str, Any]:
    return {
        "state": unit.state,
        "owner": unit.owner_id,
        "custodian": unit.custodian_id,
        "regime": unit.regime,
        "stream": unit.stream,
        "erased_at": payload.stamp(unit.erased_at) if unit.erased_at else None,
        "tested_at": payload.stamp(unit.tested_at) if unit.tested_at else None,
    }


def _engagements(replayed: dict[int, Replayed]) -> list[Fault]:
    kept_open: dict[int, dict[str, tuple[str, int | None, int]]] = defaultdict(dict)
    kept_closed: dict[int, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    for row in session().scalars(sa.select(Engagement).execution_options(yield_per=1000)):
        if row.until_at is None:
            kept_open[row.unit_id][row.kind] = (row.reference, row.line, row.party_id)
        else:
            kept_closed[row.unit_id][(row.kind, row.reference, row.outcome or "")] += 1
    faults = []
    for unit_id in replayed.keys() | kept_open.keys() | kept_closed.keys():
        told = replayed.get(unit_id, Replayed())
        if kept_open.get(unit_id, {}) != told.open or kept_closed.get(unit_id, Counter()) != told.closed:
            faults.append(Fault("replay.engagement", f"unit/{unit_id}", "engagements differ from the journal"))
    return faults


def _counts(kind: str) -> dict[str, Counter[tuple[int | None, str | None, bool]]]:
    """reference → Counter of (line, outcome or None while open, extra)."""
    statement = (
        sa.select(
            Engagement.reference, Engagement.line, Engagement.outcome, Engagement.extra, sa.func.count()
        )
        .where(Engagement.kind == kind)
        .group_by(Engagement.reference, Engagement.line, Engagement.outcome, Engagement.extra)
    )
    counts: dict[str, Counter[tuple[int | None, str | None, bool]]] = defaultdict(Counter)
    for reference, line, outcome, extra, units in session().execute(statement):
        counts[reference][(line, outcome, extra)] += units
    return counts


def _lots() -> list[Fault]:
    """Invariant 2: declared + extra = sum over outcomes and open engagements, line by line."""
    faults = []
    counts = _counts("lot")
    rows = session().execute(
        sa.select(Lot.reference, Lot.state, LotLine.number, LotLine.declared).join(LotLine, LotLine.lot_id == Lot.id)
    )
    for reference, state, line, declared in rows:
        if state in ("draft", "planned"):
            continue
        found = sum(n for (at, _, extra), n in counts[reference].items() if at == line and not extra)
        if found != declared:
            faults.append(
                Fault("lot.balance", f"lot/{reference}", f"line {line}: {declared} declared, {found} accounted for")
            )
        left = sum(n for (at, outcome, _), n in counts[reference].items() if at == line and outcome is None)
        if left and state != "published":
            faults.append(Fault("lot.over", f"lot/{reference}", f"{state} with {left} units still open"))
    return faults


def _claims() -> list[Fault]:
    faults = []
    counts = _counts("award")
    rows = session().execute(
        sa.select(Claim.reference, ClaimLine.line, ClaimLine.awarded).join(ClaimLine, ClaimLine.claim_id == Claim.id)
    )
    for reference, line, awarded in rows:
        found = sum(n for (at, _, _), n in counts[reference].items() if at == line)
        if found != awarded:
            faults.append(
                Fault("claim.balance", f"claim/{reference}", f"line {line}: {awarded} awarded, {found} engaged")
            )
    return faults


def _pickups() -> list[Fault]:
    """Invariant 2: planned + extra = taken + missing + refused (extra is inside taken), each with a reason."""
    faults = []
    counts = _counts("pickup")
    extras: Counter[str] = Counter()
    noted = session().execute(
        sa.select(Pickup.reference, sa.func.count())
        .join(PickupCheck, PickupCheck.pickup_id == Pickup.id)
        .where(PickupCheck.outcome == "extra")
        .group_by(Pickup.reference)
    )
    extras.update({reference: units for reference, units in noted})
    for pickup in session().scalars(sa.select(Pickup).where(Pickup.state == "done")):
        subject = f"pickup/{pickup.reference}"
        open_units = sum(n for (_, outcome, _), n in counts[pickup.reference].items() if outcome is None)
        if open_units:
            faults.append(Fault("pickup.balance", subject, f"done with {open_units} units still on it"))
        born = session().scalar(
            sa.select(sa.func.count())
            .select_from(PickupCheck)
            .join(Unit, Unit.id == PickupCheck.unit_id)
            .where(PickupCheck.pickup_id == pickup.id, PickupCheck.outcome == "extra", Unit.origin == "extra")
        )
        if born != extras[pickup.reference]:
            faults.append(Fault("pickup.balance", subject, "an extra unit was noted and never born"))
    return faults


def _reservations() -> list[Fault]:
    faults = []
    counts = _counts("hold")
    for row in session().scalars(sa.select(Reservation)):
        held = counts[row.reference]
        live = row.state in ("placed", "confirmed", "prepared")
        expected = {None} if live else {"provided" if row.state == "provided" else row.state}
        if sum(held.values()) != row.units or {outcome for _, outcome, _ in held} != expected:
            faults.append(Fault("reservation.balance", f"reservation/{row.reference}", f"{row.state}: {dict(held)}"))
    return faults


def _tested() -> list[Fault]:
    """Invariant 5: nothing ready or held without a passed functional test."""
    statement = sa.select(Unit.id).where(
        Unit.state.in_(("ready", "held")),
        ~sa.exists().where(TestRun.unit_id == Unit.id, TestRun.passed.is_(True)),
    )
    return [Fault("unit.gate", f"unit/{i}", "ready without a passed test") for i in session().scalars(statement)]
