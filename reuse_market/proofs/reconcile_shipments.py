"""Shipments between actors, checked on the whole database: what `flask reconcile` says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa

from reuse_market.collection.models import Shipment, ShipmentUnit
from reuse_market.kernel.db import session
from reuse_market.kernel.streams import streamed
from reuse_market.traceability import payload, queries
from reuse_market.traceability.models import Event
from reuse_market.traceability.verify import Fault
from reuse_market.units.models import Engagement, Unit

ANSWERS = {
    "shipment.received": "received",
    "shipment.refused": "refused",
    "shipment.missing": "missing",
    "shipment.voided": "voided",
}


def shipped() -> list[Fault]:
    """Sent = received + refused + missing once answered, unit by unit as engaged; custody stays at the sender
    while it is open; what the rows say is what was told."""
    kept: dict[int, dict[int, str | None]] = defaultdict(dict)
    for row in session().scalars(sa.select(ShipmentUnit)):
        kept[row.shipment_id][row.unit_id] = row.outcome
    told = _told()
    faults: list[Fault] = []
    found = list(session().scalars(sa.select(Shipment).order_by(Shipment.id)))
    for shipment in found:
        faults += _balanced(shipment, kept[shipment.id])
        faults += _as_told(shipment, kept[shipment.id], told.pop(shipment.reference, None))
    faults += [Fault("shipment.told", f"shipment/{one}", "told, and gone") for one in sorted(told)]
    return faults + _engaged(found, kept) + _custody()


def _balanced(shipment: Shipment, units: dict[int, str | None]) -> list[Fault]:
    subject, left = f"shipment/{shipment.reference}", sum(one is None for one in units.values())
    answered = len(units) - left
    reason = ""
    if len(units) != shipment.units:
        reason = f"{shipment.units} sent, {len(units)} listed"
    elif shipment.state == "answered" and left:
        reason = f"answered, and {left} of {shipment.units} are not"
    elif shipment.state == "sent" and not left:
        reason = "every unit is answered, and it is not"
    elif shipment.state == "voided" and answered:
        reason = f"voided with {answered} units answered"
    return [Fault("shipment.balance", subject, reason)] if reason else []


def _engaged(found: list[Shipment], kept: dict[int, dict[int, str | None]]) -> list[Fault]:
    """Each unit of a shipment has the engagement that its outcome says."""
    held: dict[str, Counter[tuple[int, str | None]]] = defaultdict(Counter)
    rows = session().execute(
        sa.select(Engagement.reference, Engagement.unit_id, Engagement.outcome).where(
            Engagement.kind == "shipment"
        )
    )
    for reference, unit_id, outcome in rows:
        held[reference][(unit_id, outcome)] += 1
    faults = []
    for shipment in found:
        closed = "voided" if shipment.state == "voided" else None
        said = Counter((unit_id, outcome or closed) for unit_id, outcome in kept[shipment.id].items())
        if said != held.pop(shipment.reference, Counter()):
            subject = f"shipment/{shipment.reference}"
            faults.append(Fault("shipment.balance", subject, "its units differ from their engagements"))
    return faults + [
        Fault("shipment.balance", f"shipment/{one}", "units engaged, and no shipment") for one in sorted(held)
    ]


def _custody() -> list[Fault]:
    """While a shipment is open the custodian is its sender."""
    statement = (
        sa.select(Unit.id, Shipment.reference)
        .join(Engagement, Engagement.unit_id == Unit.id)
        .join(Shipment, Shipment.reference == Engagement.reference)
        .where(Engagement.kind == "shipment", Engagement.until_at.is_(None))
        .where(sa.or_(Unit.custodian_id != Shipment.sender_id, Engagement.party_id != Shipment.receiver_id))
        .order_by(Unit.id)
    )
    return [
        Fault("shipment.custody", f"unit/{unit_id}", f"on its way with {reference}, and not its sender's")
        for unit_id, reference in session().execute(statement)
    ]


def _told() -> dict[str, dict[str, Any]]:
    """reference → sender, receiver, transfer, price, weight, unit → outcome: what the journal alone says."""
    found: dict[str, dict[str, Any]] = {}
    types = ("shipment.sent", *ANSWERS)
    statement = sa.select(Event).where(Event.type.in_(types)).order_by(Event.id)
    with streamed(statement) as rows:
        for event in rows.scalars():
            body = queries.body(event)
            facts, units = body["facts"], payload.members(body["units"])
            one = found.setdefault(facts["shipment"], {"units": {}})
            if event.type == "shipment.sent":
                one |= {"sender_id": body["actor"]["organisation"], "receiver_id": facts["receiver"]}
                one |= {name: facts[name] for name in ("transfer", "price_cents", "weight_g")}
            one["units"].update(dict.fromkeys(units, ANSWERS.get(event.type)))
    return found


def _as_told(shipment: Shipment, units: dict[int, str | None], told: dict[str, Any] | None) -> list[Fault]:
    subject = f"shipment/{shipment.reference}"
    if told is None:
        return [Fault("shipment.told", subject, "the journal does not know it")]
    names = ("sender_id", "receiver_id", "transfer", "price_cents", "weight_g")
    kept = {name: getattr(shipment, name) for name in names}
    closed = "voided" if shipment.state == "voided" else None
    kept["units"] = {unit_id: outcome or closed for unit_id, outcome in units.items()}
    return [
        Fault("shipment.told", subject, f"{name} is {value}, the journal says {told.get(name)}")
        for name, value in kept.items()
        if told.get(name) != value
    ]
