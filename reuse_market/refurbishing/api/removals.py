"""`/removals`: waste that leaves together."""

from __future__ import annotations

from typing import Any

from reuse_market.equipment import queries as equipment
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.lots.models import Triage
from reuse_market.refurbishing import listing, policy, queries, schemas, services
from reuse_market.refurbishing.lifecycle import BATCHES
from reuse_market.refurbishing.models import RemovalBatch
from reuse_market.web import rest
from reuse_market.web.access import current_actor

REMOVAL = "/removals/<ref:reference>"
COLUMNS = (
    "reference", "state", "producer_scheme", "weight_g", "slip_number", "made_at", "removed_on", "requested_at",
    "site_id", "scheme", "contact_email", "estimated_g", "note", "triage",
)  # fmt: skip
removals = rest.Collection("removals", "Waste handed over to a producer scheme, several units at a time.")


@removals.read("/removals", rule="waste-keeper", shape=schemas.RemovalSchema, listed=True)
def list_removals(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's removals, the newest first."""
    mine, limit = current_actor().organisation_id or 0, query["limit"]
    rows = listing.removals(mine, after=rest.after(query["cursor"]), limit=limit)
    return rest.page(rows, limit, lambda row: row.batch.id, lambda row: _row(row.batch, row.units))


@removals.read(REMOVAL, rule="waste-keeper", shape=schemas.RemovalSchema)
def get_removal(reference: str) -> dict[str, Any]:
    """One removal and its units."""
    found = queries.batch(reference)
    if found is None or not policy.own_batch(current_actor(), found):
        raise NotFound(N_("This removal does not exist."))
    ids = queries.units_of_batch(found.id)
    return _row(found, len(ids)) | {"unit_ids": ids}


@removals.verb(
    "/removals", rule="waste-keeper", body=schemas.RemovalInput, shape=schemas.RemovalSchema, status=201
)
def create_removal(values: dict[str, Any]) -> dict[str, Any]:
    """A removal to prepare; an empty one already open is given again."""
    return get_removal(services.open_batch(actor=current_actor(), **values).reference)


@removals.verb(f"{REMOVAL}:add", rule="waste-keeper", body=schemas.Units, shape=schemas.RemovalSchema)
def add(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Put waste in it."""
    services.add_to_batch(reference, values["units"], actor=current_actor())
    return get_removal(reference)


@removals.verb(f"{REMOVAL}:take-out", rule="waste-keeper", body=schemas.Units, shape=schemas.RemovalSchema)
def take_out(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Undo: units leave it and await another one."""
    services.take_out_of_batch(reference, values["units"], actor=current_actor())
    return get_removal(reference)


@removals.verb(
    f"{REMOVAL}:remove", rule="waste-keeper", body=schemas.RemovalDone, shape=schemas.RemovalSchema
)
def remove(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """It has taken place: its units are recycled."""
    services.remove_batch(reference, actor=current_actor(), **values)
    return get_removal(reference)


@removals.verb(
    "/removals:request", rule="holder", body=schemas.WasteRequest, shape=schemas.RemovalSchema, status=201
)
def request(values: dict[str, Any]) -> dict[str, Any]:
    """Declare discarded units waste, and ask a producer scheme for their removal: there is no way back."""
    diagnosis = values.pop("diagnosis")
    diagnoses = dict.fromkeys(values.pop("units"), diagnosis)
    return get_removal(services.request_removal(diagnoses, actor=current_actor(), **values).reference)


@removals.verb(
    "/triages/<ref:reference>:request-removal", rule="holder", body=schemas.RequestInput,
    shape=schemas.RemovalSchema, status=201,
)  # fmt: skip
def request_of_triage(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The same for what a confirmed triage sends to recycling: each line's reason is its diagnosis."""
    made = services.request_triage_removal(reference, actor=current_actor(), **values)
    return get_removal(made.reference)


def triage_actions(triage: Triage, actor: Actor) -> list[str]:
    """What this room offers on a triage."""
    return ["request-removal"] if triage.state == "confirmed" and actor.commits else []


def _row(found: RemovalBatch, count: int) -> dict[str, Any]:
    actor = current_actor()
    own = ["add", "take-out"] if found.state == "open" else []
    own += BATCHES.offered(found, actor) if count else []
    minimum = equipment.scheme_minima().get(found.scheme or "")
    links = {"self": rest.address("removals", found.reference), "page": f"/atelier/reforme/{found.reference}"}
    return {name: getattr(found, name) for name in COLUMNS} | {
        "units": count, "minimum_g": minimum and minimum.minimum_g, "links": links,
        "actions": rest.actions("removals", found, actor, own),
    }  # fmt: skip
