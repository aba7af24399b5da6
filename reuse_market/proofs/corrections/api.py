"""`/events/{id}:correct`, `:void`, and what the other side answers."""

from __future__ import annotations

from typing import Any

from reuse_market.proofs.correction_models import Correction
from reuse_market.proofs.corrections import queries, schemas, services
from reuse_market.proofs.corrections.lifecycle import FLOW
from reuse_market.traceability.models import Event
from reuse_market.web import rest
from reuse_market.web.access import RULES, current_actor

EVENT = "/events/<string:uid>"
SHOWN = (
    "kind", "reason", "state", "values", "note", "asked_by_id", "other_id", "answer", "answer_until", "made_at",
    "answered_at",
)  # fmt: skip
ACTIONS = {
    "approve": "approve-correction",
    "decline": "decline-correction",
    "withdraw": "withdraw-correction",
}
corrections = rest.Collection("corrections", "Acts said to be wrong by a later event.")
collections = (corrections,)


@corrections.read(f"{EVENT}/correction", rule="party", shape=schemas.ActCorrectionSchema, name="correction")
def get_correction(uid: str) -> dict[str, Any]:
    """The correction of an event: the one that holds or waits, else the last one that did not come to be."""
    return _shown(*queries.seen(uid, current_actor()))


@corrections.verb(
    f"{EVENT}:correct", rule="taker", body=schemas.ActCorrectionInput, shape=schemas.ActCorrectionSchema
)
def correct(values: dict[str, Any], uid: str) -> dict[str, Any]:
    """Say what an act of yours should have said; the other side is asked when it has the devices since."""
    reason, note = values.pop("reason"), values.pop("note")
    services.correct_event(uid, values, actor=current_actor(), reason=reason, note=note)
    return _shown(*queries.seen(uid, current_actor()))


@corrections.verb(f"{EVENT}:void", rule="taker", body=schemas.ActVoidInput, shape=schemas.ActCorrectionSchema)
def void(values: dict[str, Any], uid: str) -> dict[str, Any]:
    """Say that an act of yours did not take place."""
    services.void_event(uid, actor=current_actor(), **values)
    return _shown(*queries.seen(uid, current_actor()))


@corrections.verb(f"{EVENT}:approve-correction", rule="taker", shape=schemas.ActCorrectionSchema)
def approve_correction(uid: str) -> dict[str, Any]:
    """Agree that the act was wrong."""
    services.approve_correction(uid, actor=current_actor())
    return _shown(*queries.seen(uid, current_actor()))


@corrections.verb(f"{EVENT}:decline-correction", rule="taker", body=schemas.CorrectionDeclined,
                  shape=schemas.ActCorrectionSchema)  # fmt: skip
def decline_correction(values: dict[str, Any], uid: str) -> dict[str, Any]:
    """Do not agree, and say why."""
    services.decline_correction(uid, values["answer"], actor=current_actor())
    return _shown(*queries.seen(uid, current_actor()))


@corrections.verb(f"{EVENT}:withdraw-correction", rule="taker", shape=schemas.ActCorrectionSchema)
def withdraw_correction(uid: str) -> dict[str, Any]:
    """Take the question back."""
    services.withdraw_correction(uid, actor=current_actor())
    return _shown(*queries.seen(uid, current_actor()))


def _shown(of: Event, found: Correction) -> dict[str, Any]:
    actor = current_actor()
    offered = FLOW.offered(found, actor) if RULES["taker"](actor) else []
    return {name: getattr(found, name) for name in SHOWN} | {
        "event": of.uid, "type": of.type, "actions": [ACTIONS[one] for one in offered if one in ACTIONS],
        "links": {"self": rest.address("events", of.uid, "correction"), "page": f"/actes/{of.uid}"},
    }  # fmt: skip
