"""`/shipments`: the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from reuse_market.collection.shipments import answering, duties, reading, schemas, services
from reuse_market.collection.shipments.reading import Row, ShipmentView
from reuse_market.web import rest
from reuse_market.web.access import current_actor

SHIPMENT = "/shipments/<ref:reference>"
ROW = (
    "reference", "state", "sender_id", "receiver_id", "units", "transfer", "price_cents", "weight_g", "received_g",
    "note", "sent_at", "answered_at", "voided_at",
)  # fmt: skip
shipments = rest.Collection(
    "shipments", "Sorted units that one reuse actor sends to another, answered unit by unit."
)
collections = (shipments,)


@shipments.read(
    "/shipments", rule="party", shape=schemas.ShipmentRowSchema, listed=True, query=schemas.ShipmentQuery
)
def list_shipments(query: dict[str, Any]) -> dict[str, Any]:
    """Shipments sent or received by the organisation, the newest first; all for overseers."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    found = reading.views(current_actor(), after=cursor, limit=limit + 1, **query)
    return rest.page(found, limit, lambda one: one.shipment.id, _row)


@shipments.read(SHIPMENT, rule="party", shape=schemas.ShipmentSchema)
def get_shipment(reference: str) -> dict[str, Any]:
    """One shipment: its units, each with its answer, and the duties that follow them."""
    found = reading.seen(reference, current_actor())
    content = reading.rows(found.id)
    follows = duties.of_units([row.unit.id for row in content])
    return _row(reading.view(found)) | reading.counts(found.id) | {
        "weights_agree": answering.within(found), "regimes": list(follows.regimes),
        "commitments": list(follows.commitments), "to_erase": follows.to_erase,
        "content": [_unit(row) for row in content],
    }  # fmt: skip


@shipments.verb(
    "/shipments", rule="reuse-actor", body=schemas.SendInput, shape=schemas.ShipmentSchema, status=201
)
def send(values: dict[str, Any]) -> dict[str, Any]:
    """Send units to another reuse actor: engaged until it answers."""
    made = services.send_shipment(
        values.pop("units"), values.pop("receiver_id"), actor=current_actor(), **values
    )
    return get_shipment(made.reference)


@shipments.verb(
    f"{SHIPMENT}:answer", rule="reuse-actor", body=schemas.ShipmentAnswer, shape=schemas.ShipmentSchema
)
def answer(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Received, refused or missing: some units, or all that are left."""
    units, outcome = values.pop("units"), values.pop("outcome")
    if units is None:
        services.answer_rest(reference, outcome, actor=current_actor(), **values)
    else:
        services.answer_units(reference, dict.fromkeys(units, outcome), actor=current_actor(), **values)
    return get_shipment(reference)


@shipments.verb(f"{SHIPMENT}:void", rule="reuse-actor", shape=schemas.ShipmentSchema)
def void(reference: str) -> dict[str, Any]:
    """The sender takes it back before anything is answered."""
    services.void_shipment(reference, actor=current_actor())
    return get_shipment(reference)


def _row(view: ShipmentView) -> dict[str, Any]:
    found, mine = view.shipment, rest.address("shipments", view.shipment.reference)
    links = {"self": mine, "page": f"/expeditions/{found.reference}",
             "documents": f"{rest.ROOT}/documents?owner=shipment/{found.reference}"}  # fmt: skip
    own = reading.offered(found, current_actor())
    return {name: getattr(found, name) for name in ROW} | {
        "sender": view.sender, "receiver": view.receiver, "waiting": view.waiting, "links": links,
        "actions": rest.actions("shipments", found, current_actor(), own),
    }  # fmt: skip


def _unit(row: Row) -> dict[str, Any]:
    return {
        "unit_id": row.unit.id, "code": row.code, "kind": row.unit.kind, "maker": row.maker, "model": row.model,
        "serial": row.unit.serial, "outcome": row.outcome, "reason": row.reason, "note": row.note,
    }  # fmt: skip
