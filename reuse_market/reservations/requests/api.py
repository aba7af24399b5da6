"""`/requests`: associations that asked without account, for the operator and those who oversee."""

from __future__ import annotations

from typing import Any

from reuse_market.reservations.requests import queries, schemas, services
from reuse_market.reservations.requests.answers import KINDS, Answers
from reuse_market.reservations.requests.lifecycle import REQUEST
from reuse_market.reservations.requests.request_models import AssociationRequest
from reuse_market.web import rest
from reuse_market.web.access import current_actor

AT = "/requests/<ref:reference>"
VERBS = ("call", "complete", "attach", "announce", "close", "cancel")
requests = rest.Collection(
    "requests", "Associations that ask for devices in plain language, without account."
)
Shape = schemas.AssociationRequestSchema
collections = (requests,)


@requests.read("/requests", rule="overseer", shape=Shape, listed=True, query=schemas.RequestQuery)
def list_requests(query: dict[str, Any]) -> dict[str, Any]:
    """Every request, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = queries.listed(query.get("state"), after=cursor or 0, limit=limit + 1)
    return rest.page(rows, limit, lambda one: one.id, _shown)


@requests.read(AT, rule="overseer", shape=Shape)
def get_request(reference: str) -> dict[str, Any]:
    """One request."""
    return _shown(queries.get(reference, current_actor()))


@requests.verb("/requests", rule="operator", body=schemas.AssociationRequestInput, shape=Shape, status=201)
def create_request(values: dict[str, Any]) -> dict[str, Any]:
    """Take a request down for an association that calls."""
    made = services.take_request(_answers(values), actor=current_actor(), note=values["note"])
    return _shown(made)


@requests.verb(f"{AT}:complete", rule="operator", body=schemas.AssociationRequestInput, shape=Shape)
def complete_request(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Answer the four questions with the association on the phone."""
    told = _answers(values)
    return _shown(services.complete_request(reference, told, actor=current_actor(), note=values["note"]))


@requests.verb(f"{AT}:call", rule="operator", body=schemas.RequestCallInput, shape=Shape)
def call_request(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Write a call down."""
    services.record_call(reference, values["outcome"], actor=current_actor(), note=values["note"])
    return get_request(reference)


@requests.verb(f"{AT}:attach", rule="operator", body=schemas.RequestAttachInput, shape=Shape)
def attach_request(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say which organisation asks."""
    return _shown(services.attach_request(reference, values["organisation_id"], actor=current_actor()))


@requests.verb(f"{AT}:announce", rule="operator", body=schemas.RequestFoundInput, shape=Shape)
def announce_request(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Tell the association what was found, the day and the place."""
    return _shown(services.announce(reference, values.pop("units"), actor=current_actor(), **values))


@requests.verb(f"{AT}:close", rule="operator", body=schemas.RequestEndInput, shape=Shape)
def close_request(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Close a request."""
    return _shown(services.close_request(reference, values["outcome"], actor=current_actor()))


@requests.verb(f"{AT}:cancel", rule="operator", shape=Shape)
def cancel_request(reference: str) -> dict[str, Any]:
    """The association gives up, on the phone."""
    return _shown(services.give_up(reference, actor=current_actor()))


@requests.verb(f"{AT}:forget", rule="operator", shape=Shape)
def forget_request(reference: str) -> dict[str, Any]:
    """Forget who asked; the request is over."""
    return _shown(services.forget_request(reference, actor=current_actor()))


def _answers(values: dict[str, Any]) -> Answers:
    counted = tuple((kind, values[kind]) for kind in KINDS if values.get(kind))
    return Answers(
        kinds=tuple(kind for kind, _count in counted), units=counted, publics=tuple(values["publics"]),
        name=values["name"], phone=values["phone"], email=values["email"],
    )  # fmt: skip


def _shown(found: AssociationRequest) -> dict[str, Any]:
    actor, told = current_actor(), queries.standing(found)
    own = [verb for verb in REQUEST.offered(found, actor) if verb in VERBS]
    if found.ended_at is not None and found.forgotten_at is None and actor.has("operator", "administrator"):
        own.append("forget")
    lines = [
        {"kind": line.kind, "units": line.units, "need": line.need.reference if line.need else None}
        for line in queries.lines(found)
    ]
    names = ("reference", "state", "source", "association_name", "phone", "email", "note", "call_back", "call_by",
             "asked_at", "ended_at", "outcome", "organisation_id", "found_units", "come_on", "come_at")  # fmt: skip
    links = {
        "self": rest.address("requests", found.reference),
        "page": f"/console/demandes/{found.reference}",
    }
    return {name: getattr(found, name) for name in names} | {
        "come_between": told.way.ranges, "come_phone": told.way.phone,
        "stage": told.stage, "lines": lines, "publics": [code for code in found.publics.split(",") if code],
        "calls": queries.calls(found), "links": links, "actions": rest.actions("requests", found, actor, own),
    }  # fmt: skip
