"""`/removals`: waste that leaves together."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import listing, policy, queries, schemas, services
from reuse_market.refurbishing.lifecycle import BATCHES
from reuse_market.refurbishing.models import RemovalBatch
from reuse_market.web import rest
from reuse_market.web.access import current_actor

REMOVAL = "/removals/<ref:reference>"
COLUMNS = ("reference", "state", "producer_scheme", "weight_g", "slip_number", "made_at", "removed_on")
removals = rest.Collection("removals", "Waste handed over to a producer scheme, several units at a time.")


@removals.read("/removals", rule="reuse-actor", shape=schemas.RemovalSchema, listed=True)
def list_removals(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's removals, the newest first."""
    mine, limit = current_actor().organisation_id or 0, query["limit"]
    rows = listing.removals(mine, after=rest.after(query["cursor"]), limit=limit)
    return rest.page(rows, limit, lambda row: row.batch.id, lambda row: _row(row.batch, row.units))


@removals.read(REMOVAL, rule="reuse-actor", shape=schemas.RemovalSchema)
def get_removal(reference: str) -> dict[str, Any]:
    """One removal and its units."""
    found = queries.batch(reference)
    if found is None or not policy.own_batch(current_actor(), found):
        raise NotFound(N_("This removal does not exist."))
    ids = queries.units_of_batch(found.id)
    return _row(found, len(ids)) | {"unit_ids": ids}


@removals.verb(
    "/removals", rule="reuse-actor", body=schemas.RemovalInput, shape=schemas.RemovalSchema, status=201
)
def create_removal(values: dict[str, Any]) -> dict[str, Any]:
    """A removal to prepare; an empty one already open is given again."""
    return get_removal(services.open_batch(actor=current_actor(), **values).reference)


@removals.verb(f"{REMOVAL}:add", rule="reuse-actor", body=schemas.Units, shape=schemas.RemovalSchema)
def add(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Put waste in it."""
    services.add_to_batch(reference, values["units"], actor=current_actor())
    return get_removal(reference)


@removals.verb(f"{REMOVAL}:take-out", rule="reuse-actor", body=schemas.Units, shape=schemas.RemovalSchema)
def take_out(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Undo: units leave it and await another one."""
    services.take_out_of_batch(reference, values["units"], actor=current_actor())
    return get_removal(reference)


@removals.verb(f"{REMOVAL}:remove", rule="reuse-actor", body=schemas.RemovalDone, shape=schemas.RemovalSchema)
def remove(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """It has taken place: its units are recycled."""
    services.remove_batch(reference, actor=current_actor(), **values)
    return get_removal(reference)


def _row(found: RemovalBatch, count: int) -> dict[str, Any]:
    actor = current_actor()
    own = ["add", "take-out"] if found.state == "open" else []
    own += BATCHES.offered(found, actor) if count else []
    links = {"self": rest.address("removals", found.reference), "page": f"/atelier/reforme/{found.reference}"}
    return {name: getattr(found, name) for name in COLUMNS} | {
        "units": count, "actions": rest.actions("removals", found, actor, own), "links": links
    }  # fmt: skip
