"""`/saved-searches`, and the capacity of `/organisations`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reuse_market.accounts import api as accounts
from reuse_market.accounts import capacities, policy, searches
from reuse_market.accounts import search_schemas as schemas
from reuse_market.accounts.capacities import Declared
from reuse_market.accounts.models import Organisation, SavedSearch
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST

ONE = f"/organisations/<int(min=1, max={BIGGEST}):organisation_id>"
SEARCH = f"/saved-searches/<int(min=1, max={BIGGEST}):search_id>"
NOTHING: dict[str, Any] = {"units_per_month": None, "kinds": [], "condition": "any", "within_km": None, "communes": [],
           "minimum_per_stop": 1}  # fmt: skip
capacity = rest.Collection("capacity", "What a reuse actor says it can take.")
kept = rest.Collection("saved-searches", "Searches a person keeps on a list, with their digests by mail.")
collections = (capacity, kept)


@capacity.read(f"{ONE}/capacity", rule="signed-in", shape=schemas.CapacitySchema, name="capacity")
def get_capacity(organisation_id: int) -> dict[str, Any]:
    """What it declares: for itself and those who oversee."""
    accounts.get_organisation(organisation_id)
    if not policy.may_know_capacity(current_actor(), organisation_id):
        raise NotFound(N_("This organisation does not exist."))
    told = capacities.capacity_of(organisation_id)
    here = rest.address("organisations", organisation_id)
    return (asdict(told) if told else dict(NOTHING)) | {
        "actions": [],
        "links": {"self": f"{here}/capacity", "organisation": here},
    }


@capacity.verb(f"{ONE}:declare-capacity", rule="reuse-actor", body=schemas.CapacityInput,
               shape=schemas.CapacitySchema)  # fmt: skip
def declare_capacity(values: dict[str, Any], organisation_id: int) -> dict[str, Any]:
    """Say what the organisation can take; it holds from now on."""
    accounts.get_organisation(organisation_id)
    values["kinds"], values["communes"] = tuple(values["kinds"]), tuple(values["communes"])
    capacities.declare_capacity(organisation_id, Declared(**values), actor=current_actor())
    return get_capacity(organisation_id)


def organisation_actions(found: Organisation, actor: Actor) -> tuple[str, ...]:
    """What capacity adds to an organisation's actions."""
    return ("declare-capacity",) if policy.may_declare_capacity(actor, found.id) else ()


@kept.read("/saved-searches", rule="organisation-member", shape=schemas.SearchSchema, listed=True)
def list_searches(query: dict[str, Any]) -> dict[str, Any]:
    """One's searches, the oldest first."""
    after = rest.after(query["cursor"]) or 0
    rows = sorted((row for row in searches.mine(current_actor()) if row.id > after), key=lambda row: row.id)
    return rest.page(rows[: query["limit"] + 1], query["limit"], lambda row: row.id, _shown)


@kept.read(SEARCH, rule="organisation-member", shape=schemas.SearchSchema)
def get_search(search_id: int) -> dict[str, Any]:
    """One of them."""
    return _shown(searches.get(search_id, current_actor()))


@kept.verb(
    "/saved-searches", rule="organisation-member", body=schemas.SearchInput, shape=schemas.SearchSchema, status=201
)  # fmt: skip
def create_search(values: dict[str, Any]) -> dict[str, Any]:
    """Keep a search; a mail tells what is new, once a day or a week."""
    made = searches.save_search(
        values["room"], values["name"], values["query"], values["cadence"], actor=current_actor()
    )
    return _shown(made)


@kept.verb(
    f"{SEARCH}:change", rule="organisation-member", body=schemas.SearchChange, shape=schemas.SearchSchema
)
def change_search(values: dict[str, Any], search_id: int) -> dict[str, Any]:
    """Rename it, or be told more or less often."""
    return _shown(searches.change_search(search_id, actor=current_actor(), **values))


@kept.verb(f"{SEARCH}:delete", rule="organisation-member", shape=schemas.SearchSchema)
def delete_search(search_id: int) -> dict[str, Any]:
    """Forget it."""
    told = get_search(search_id)
    searches.delete_search(search_id, actor=current_actor())
    return told | {"actions": []}


def _shown(row: SavedSearch) -> dict[str, Any]:
    names = ("id", "room", "name", "query", "cadence", "made_at")
    return {name: getattr(row, name) for name in names} | {
        "actions": ["change", "delete"],
        "links": {"self": rest.address("saved-searches", row.id), "page": searches.address(row)},
    }
