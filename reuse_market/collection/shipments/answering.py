"""Verbs of the receiver: received, refused or missing, unit by unit or all that is left in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.collection.shipment_models import SHIPMENT_OUTCOMES, Shipment, ShipmentUnit
from reuse_market.collection.shipments import choosing, duties, law, mails, papers, reading, words
from reuse_market.collection.shipments.lifecycle import FLOW
from reuse_market.collection.shipments.sending import HEAVIEST, locked, move_units
from reuse_market.kernel import clock, dated, praise
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import Closing, Move, criterion

UNKNOWN = N_("No device left to answer has the number %(number)s.")
TOLERANCE = "shipment.weight"  # rate: how far two weighings of one load may differ, in thousandths


@command
def answer_units(
    reference: str, outcomes: Mapping[int, str], *, actor: Actor, reason: str | None = None, note: str = "",
    received_g: int | None = None,
) -> int:  # fmt: skip
    """Unit id → received | refused | missing; returns how many are left. The last answer closes the shipment.

    Received: custody passes (and the property, where a sale or gift was proposed and the law still allows it).
    Refused: nothing changes hands. Missing: the unit is missing, at its sender's. Refused: not the receiver, by
    its own hand; a unit answered already or of another shipment (Conflict); no reason where one is needed.
    """
    require_own_hand(actor)
    found = locked(reference, actor)
    FLOW.require("answer", found, actor)
    _require_answers(outcomes, reason, note, received_g)
    waiting = set(reading.waiting_ids(found.id))
    if not set(outcomes) <= waiting:
        raise Conflict(N_("Some of these devices are answered already, or of another shipment."),
                       code="shipment.answered-twice")  # fmt: skip
    if received_g is not None:
        found.received_g = received_g
        session().flush()
    doing = journal.Act(actor)
    for outcome in SHIPMENT_OUTCOMES:
        ids = sorted(unit_id for unit_id, said in outcomes.items() if said == outcome)
        if ids:
            _mark(found, ids, outcome, reason, note.strip(), actor)
            _ACTS[outcome](found, ids, doing, reason)
    left = len(waiting) - len(outcomes)
    if left:
        FLOW.fire("answer", found, actor)
    else:
        _close(found, actor)
    return left


@command
def answer_rest(
    reference: str, outcome: str = "received", *, actor: Actor, reason: str | None = None, note: str = "",
    received_g: int | None = None,
) -> int:  # fmt: skip
    """The same answer for every unit that has none; returns how many there were. Conflict: nothing is left."""
    require_own_hand(actor)
    ids = reading.waiting_ids(locked(reference, actor).id)
    answer_units(reference, dict.fromkeys(ids, outcome), actor=actor, reason=reason, note=note,
                 received_g=received_g)  # fmt: skip
    return len(ids)


@command
def answer_codes(
    reference: str, codes: Sequence[str], outcome: str = "received", *, actor: Actor, reason: str | None = None,
    note: str = "",
) -> int:  # fmt: skip
    """The same for the units that bear these labels, serials or asset tags; returns how many are left.

    Invalid: a code that no unit left to answer bears, or that several do.
    """
    require_own_hand(actor)
    found = locked(reference, actor)
    left = [(row.unit.id, row.codes) for row in reading.rows(found.id) if not row.outcome]
    ids = choosing.by_numbers(codes, left, field="code", unknown=UNKNOWN, code="shipment.unknown")
    if not ids:
        raise Invalid(UNKNOWN, field="code", code="shipment.unknown", number="")
    return answer_units(reference, dict.fromkeys(ids, outcome), actor=actor, reason=reason, note=note)


def within(shipment: Shipment) -> bool | None:
    """Whether both weighings agree within the tolerance of the day; None where one is not known."""
    if not shipment.weight_g or not shipment.received_g:
        return None
    share = dated.rate_per_mille(TOLERANCE)
    difference = abs(shipment.weight_g - shipment.received_g)
    return None if share is None else difference * 1000 <= shipment.weight_g * share


def _require_answers(
    outcomes: Mapping[int, str], reason: str | None, note: str, received_g: int | None
) -> None:
    if not outcomes:
        raise Invalid(N_("Choose at least one device."), field="units")
    if not set(outcomes.values()) <= set(SHIPMENT_OUTCOMES):
        raise Invalid(N_("Choose an answer in the list."), field="outcome")
    for outcome in set(outcomes.values()) - {"received"}:
        if reason not in words.REASONS[outcome]:
            raise Invalid(N_("Choose the reason in the list."), field="reason", code="shipment.reason")
    if len(note) > 300:
        raise Invalid(N_("Shorten this to %(most)s characters."), field="note", most=300)
    praise.require_plain(note, field="note")
    if received_g is not None and not 0 < received_g <= HEAVIEST:
        raise Invalid(
            N_("Enter a weight between 1 and %(most)s kg."), field="weight_kg", most=HEAVIEST // 1000
        )


def _mark(
    found: Shipment, ids: Sequence[int], outcome: str, reason: str | None, note: str, actor: Actor
) -> None:
    statement = (
        sa.update(ShipmentUnit)
        .where(ShipmentUnit.shipment_id == found.id, criterion(ids, ShipmentUnit.unit_id))
        .values(outcome=outcome, reason=None if outcome == "received" else reason, answered_at=clock.now(),
                note="" if outcome == "received" else note, answered_by=actor.person_id)
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip
    session().execute(statement)


def _receive(found: Shipment, ids: Sequence[int], doing: journal.Act, _reason: str | None) -> None:
    """Custody, and the property where the law still allows it; a ready unit is to be made ready again."""
    owner = found.receiver_id if found.transfer != "none" else None
    if owner is not None:
        law.require_transfer(found.transfer, ids, found.sender_id, owner, found.price_cents)
    ready = sa.select(Unit.id).where(criterion(ids), Unit.state == "ready").order_by(Unit.id)
    shown = set(session().scalars(ready))
    facts: dict[str, Any] = {"from": found.sender_id, "to": found.receiver_id, "transfer": found.transfer}
    facts["commitments"] = list(duties.of_units(ids).commitments)
    for chosen, action, clears in (
        (sorted(set(ids) - shown), None, ()), (sorted(shown), "arrive", ("erased_at", "tested_at")),
    ):  # fmt: skip
        move = Move(
            action=action, party_id=found.receiver_id, custodian_id=found.receiver_id, owner_id=owner, clears=clears,
            closes=(Closing("shipment", found.reference, "received"),), values={"site_id": None},
        )  # fmt: skip
        if chosen:
            move_units(found, move, chosen, doing, "shipment.received", facts)


def _refuse(found: Shipment, ids: Sequence[int], doing: journal.Act, reason: str | None) -> None:
    move = Move(closes=(Closing("shipment", found.reference, "refused"),))
    move_units(found, move, ids, doing, "shipment.refused", {"reason": reason})


def _miss(found: Shipment, ids: Sequence[int], doing: journal.Act, reason: str | None) -> None:
    move = Move(
        action="miss_in_shipment", party_id=found.receiver_id,
        closes=(Closing("shipment", found.reference, "missing"),),
    )  # fmt: skip
    move_units(found, move, ids, doing, "shipment.missing", {"reason": reason})


_ACTS = {"received": _receive, "refused": _refuse, "missing": _miss}


def _close(found: Shipment, actor: Actor) -> None:
    FLOW.fire("close", found, actor, answered_at=clock.now(), answered_by=actor.person_id)
    counts = reading.counts(found.id)
    facts = {"shipment": found.reference, "sent": found.units, "sent_g": found.weight_g,
             "received_g": found.received_g, "within": within(found)} | counts  # fmt: skip
    journal.append(journal.Act(actor), f"organisation/{found.receiver_id}", "shipment.answered", facts=facts)
    papers.issue_note(found)
    mails.answered(found, counts)
