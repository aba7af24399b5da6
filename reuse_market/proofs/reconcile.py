"""The invariants, checked on the whole database: what `flask reconcile` says.

The journal is replayed and compared with the tables; then the rules that no replay needs (balances, gates).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from reuse_market.claims.models import Claim, ClaimLine
from reuse_market.collection.models import Pickup, PickupCheck
from reuse_market.erasure.gate import gates
from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.lots.models import Lot, LotLine
from reuse_market.proofs.corrections.checking import corrected
from reuse_market.proofs.reconcile_asked import asked
from reuse_market.proofs.reconcile_documents import documented
from reuse_market.proofs.reconcile_notes import revised
from reuse_market.proofs.reconcile_parts import parted
from reuse_market.proofs.reconcile_shares import shared
from reuse_market.proofs.reconcile_shipments import shipped
from reuse_market.proofs.reconcile_window import shelved
from reuse_market.proofs.replay import FIELDS, Held, Replayed, fold
from reuse_market.proofs.told import told_otherwise
from reuse_market.refurbishing import queries as refurbishing
from reuse_market.reservations.models import Reservation
from reuse_market.traceability import payload, queries
from reuse_market.traceability.models import EventRange, EventUnit
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
SPAN = 100_000  # units replayed at a time: some hundred megabytes
CHUNK = 1000  # units whose gates are judged at a time
AT_HOLDER = ("in_use", "discarded", "listed", "awarded", "merged")


def reconcile() -> list[Fault]:
    """Every broken invariant of the database, journal replay included; empty when all is well."""
    return [fault for name, part in PARTS for fault in judged(name, part)]


def judged(name: str, part: Callable[[], list[Fault]]) -> list[Fault]:
    """What a part finds. An event or a row so damaged that it cannot be read is a fault too, and hides no other."""
    try:
        return part()
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        return [Fault("reconcile.unreadable", name, f"stopped by {type(error).__name__}: {error}"[:300])]


def _replayed() -> list[Fault]:
    """The journal replayed and compared with the tables, SPAN units at a time: memory does not grow with them."""
    last = max(
        session().scalar(sa.select(sa.func.max(column))) or 0
        for column in (Unit.id, EventUnit.unit_id, EventRange.last, Engagement.unit_id)
    )
    return [fault for start in range(0, last + 1, SPAN) for fault in _replayed_of(range(start, start + SPAN))]


def _replayed_of(within: range) -> list[Fault]:
    with queries.all_events() as events:
        replayed, broken = fold((queries.body(event) for event in events), within=within)
    faults = [Fault("replay.fold", f"unit/{b.unit_id}", f"{b.where}: {b.reason}") for b in broken]
    return faults + _units(replayed, within) + _engagements(replayed, within)


def _units(replayed: dict[int, Replayed], within: range) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[int] = set()
    statement = sa.select(Unit).where(Unit.id.between(within.start, within.stop - 1))
    with streamed(statement) as rows:
        for unit in rows.scalars():
            seen.add(unit.id)
            faults += _unit(unit, replayed.get(unit.id))
    return faults + [
        Fault("replay.unit", f"unit/{i}", "the journal knows it, the table does not")
        for i in replayed.keys() - seen
    ]


def _unit(unit: Unit, told: Replayed | None) -> list[Fault]:
    subject = f"unit/{unit.id}"
    if told is None:
        return [Fault("replay.unit", subject, "the journal does not know it")]
    kept = as_told(unit)
    faults = [
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
    return faults


def as_told(unit: Unit) -> dict[str, Any]:
    """A unit's row in the words of a replay."""
    return {
        "state": unit.state,
        "owner": unit.owner_id,
        "custodian": unit.custodian_id,
        "regime": unit.regime,
        "stream": unit.stream,
        "erased_at": payload.stamp(unit.erased_at) if unit.erased_at else None,
        "tested_at": payload.stamp(unit.tested_at) if unit.tested_at else None,
    }


def _engagements(replayed: dict[int, Replayed], within: range) -> list[Fault]:
    kept_open: dict[int, dict[str, Held]] = defaultdict(dict)
    kept_closed: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    mine = sa.select(Engagement).where(Engagement.unit_id.between(within.start, within.stop - 1))
    with streamed(mine) as rows:
        for row in rows.scalars():
            held = (row.reference, row.line, row.party_id, row.extra)
            if row.until_at is None:
                kept_open[row.unit_id][row.kind] = held
            else:
                kept_closed[row.unit_id][(row.kind, *held, row.outcome)] += 1
    faults = []
    for unit_id in sorted(replayed.keys() | kept_open.keys() | kept_closed.keys()):
        told = replayed.get(unit_id, Replayed())
        if kept_open.get(unit_id, {}) != told.open or kept_closed.get(unit_id, Counter()) != told.closed:
            reason = "engagements differ from the journal"
            faults.append(Fault("replay.engagement", f"unit/{unit_id}", reason))
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
        sa.select(Lot.reference, Lot.state, LotLine.number, LotLine.declared)
        .join(LotLine, LotLine.lot_id == Lot.id)
        # An announcement given up before it was published never had units.
        .where(sa.or_(Lot.published_at.is_not(None), Lot.planned_at.is_(None)))
    )
    for reference, state, line, declared in rows:
        if state in ("draft", "planned"):
            continue
        found = sum(n for (at, _, extra), n in counts[reference].items() if at == line and not extra)
        if found != declared:
            faults.append(
                Fault(
                    "lot.balance",
                    f"lot/{reference}",
                    f"line {line}: {declared} declared, {found} accounted for",
                )
            )
        left = sum(n for (at, outcome, _), n in counts[reference].items() if at == line and outcome is None)
        if left and state != "published":
            faults.append(Fault("lot.over", f"lot/{reference}", f"{state} with {left} units still open"))
    return faults


def _claims() -> list[Fault]:
    faults = []
    counts = _counts("award")
    rows = session().execute(
        sa.select(Claim.reference, ClaimLine.line, ClaimLine.awarded).join(
            ClaimLine, ClaimLine.claim_id == Claim.id
        )
    )
    for reference, line, awarded in rows:
        found = sum(n for (at, _, _), n in counts[reference].items() if at == line)
        if found != awarded:
            faults.append(
                Fault(
                    "claim.balance", f"claim/{reference}", f"line {line}: {awarded} awarded, {found} engaged"
                )
            )
    return faults


def _pickups() -> list[Fault]:
    """Invariant 2: planned + extra = taken + missing + refused; what was checked off is what was recorded."""
    statement = (
        sa.select(Pickup.reference, PickupCheck.outcome, sa.func.count(), sa.func.count(Unit.id))
        .join(PickupCheck, PickupCheck.pickup_id == Pickup.id)
        .outerjoin(Unit, Unit.id == PickupCheck.unit_id)
        .group_by(Pickup.reference, PickupCheck.outcome)
    )
    noted: dict[str, Counter[str]] = defaultdict(Counter)
    unborn: Counter[str] = Counter()
    for reference, outcome, checks, units in session().execute(statement):
        noted[reference][outcome] += checks
        unborn[reference] += checks - units
    faults = []
    counts = _counts("pickup")
    for reference in session().scalars(sa.select(Pickup.reference).where(Pickup.state == "done")):
        recorded: Counter[str | None] = Counter()
        for (_, seen, _extra), units in counts[reference].items():
            recorded[seen] += units
        checked: Counter[str | None] = Counter({k: n for k, n in noted[reference].items() if k != "extra"})
        if recorded != checked or unborn[reference]:
            reason = f"checked off {dict(noted[reference])}, recorded {dict(recorded)}"
            faults.append(Fault("pickup.balance", f"pickup/{reference}", reason))
    return faults


def _reservations() -> list[Fault]:
    faults = []
    counts = _counts("hold")
    for row in session().scalars(sa.select(Reservation)):
        held = counts[row.reference]
        live = row.state in ("placed", "confirmed", "prepared")
        expected = {None} if live else {"provided" if row.state == "provided" else row.state}
        if sum(held.values()) != row.units or {outcome for _, outcome, _ in held} != expected:
            faults.append(
                Fault("reservation.balance", f"reservation/{row.reference}", f"{row.state}: {dict(held)}")
            )
    return faults


def _gates() -> list[Fault]:
    """Invariant 5: nothing ready or held without a passed test and accepted proofs of erasure; nothing handed
    over as it is without the latter, under the policy of its lot."""
    statement = sa.select(Unit.id).where(Unit.state.in_(("ready", "held"))).order_by(Unit.id)
    ids = list(session().scalars(statement))
    return [
        Fault("unit.gate", f"unit/{case.unit.id}", ", ".join(reason.code for reason in case.missing))
        for start in range(0, len(ids), CHUNK)
        for case in refurbishing.cases(ids[start : start + CHUNK])
        if case.missing
    ] + _as_is()


def _as_is() -> list[Fault]:
    statement = (
        sa.select(Unit.id, Unit.erased_at, Lot.erasure_policy)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .join(Lot, Lot.reference == Engagement.reference)
        .where(Engagement.kind == "lot", Engagement.outcome == "provided", Unit.state == "provided")
        .where(Unit.stream == "lot/" + Lot.reference)
        .order_by(Unit.id)
    )
    rows = session().execute(statement).all()
    faults = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        verdicts = gates({row.id: row.erasure_policy for row in chunk})
        faults += [
            Fault("unit.gate", f"unit/{row.id}", "handed over as it is without proof of erasure")
            for row in chunk
            if row.erased_at is None or not verdicts[row.id].passed
        ]
    return faults


# The parts of `reconcile`, in order; a self-audit says which of them is done.
PARTS: tuple[tuple[str, Callable[[], list[Fault]]], ...] = (
    ("replay", _replayed),
    ("lots", _lots),
    ("claims", _claims),
    ("pickups", _pickups),
    ("revisions", revised),
    ("shipments", shipped),
    ("parts", parted),
    ("reservations", _reservations),
    ("shares", shared),
    ("asked", asked),
    ("gates", _gates),
    ("window", shelved),
    ("told", told_otherwise),
    ("documents", documented),
    ("corrections", corrected),
)
