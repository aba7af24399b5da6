"""`/waits`: places in the waiting list; what is offered is accepted or released as a reservation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.catalogue.queries import Group
from reuse_market.kernel.actor import Actor
from reuse_market.reservations.waiting import policy, queries, schemas, services
from reuse_market.reservations.waiting.lifecycle import WAITING
from reuse_market.web import rest
from reuse_market.web.access import current_actor

COLUMNS = (
    "reference", "state", "organisation_id", "kind", "units", "least_ram_mb", "least_storage_mb",
    "least_screen_tenths", "worst_grade", "most_cents", "fewer", "reservation", "joined_at",
)  # fmt: skip
waits = rest.Collection("waits", "Who waits for devices that are not ready, in order.")


@waits.read("/waits", rule="party", shape=schemas.WaitSchema, listed=True, query=schemas.WaitQuery)
def list_waits(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's places, the oldest first (all for overseers)."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = queries.listed(current_actor(), all_of_them=True, after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda place: place.entry.id, _shown)


@waits.read("/waits/<ref:reference>", rule="party", shape=schemas.WaitSchema)
def get_wait(reference: str) -> dict[str, Any]:
    """One place, with its rank."""
    return _shown(queries.place(queries.get(reference, current_actor())))


@waits.verb("/waits", rule="beneficiary", body=schemas.WaitInput, shape=schemas.WaitSchema, status=201)
def create_wait(values: dict[str, Any]) -> dict[str, Any]:
    """Wait for devices of a kind with these minimums."""
    kind, units, fewer = values.pop("kind"), values.pop("units"), values.pop("fewer")
    wanted = services.Wanted(**values)
    made = services.join(kind, units, actor=current_actor(), wanted=wanted, fewer=fewer)
    return get_wait(made.reference)


@waits.verb(
    "/offers/<ref:key>:wait",
    rule="beneficiary",
    body=schemas.GroupWaitInput,
    shape=schemas.WaitSchema,
    status=201,
)
def wait_for_offer(values: dict[str, Any], key: str) -> dict[str, Any]:
    """Wait for more of an offer than is ready."""
    made = services.join_group(key, values["units"], actor=current_actor(), fewer=values["fewer"])
    return get_wait(made.reference)


@waits.verb("/waits/<ref:reference>:leave", rule="beneficiary", shape=schemas.WaitSchema)
def leave_list(reference: str) -> dict[str, Any]:
    """Give up the place."""
    queries.get(reference, current_actor())
    services.leave(reference, actor=current_actor())
    return get_wait(reference)


def offer_actions(group: Group, actor: Actor) -> Sequence[str]:
    """What the waiting list adds to an offer's actions."""
    return ("wait",) if policy.may_wait(actor) and not actor.is_org(group.seller_id) else ()


def _shown(place: queries.Place) -> dict[str, Any]:
    entry = place.entry
    own = ["leave"] if "leave" in WAITING.offered(entry, current_actor()) else []
    links = {"self": rest.address("waits", entry.reference), "page": "/attente"}
    if entry.reservation:
        links["reservation"] = rest.address("reservations", entry.reservation)
    return {name: getattr(entry, name) for name in COLUMNS} | {
        "offer": entry.group_key, "rank": place.rank or None, "organisation": place.organisation,
        "actions": rest.actions("waits", entry, current_actor(), own), "links": links,
    }  # fmt: skip
