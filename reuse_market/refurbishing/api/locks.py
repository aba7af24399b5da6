"""`/lock-waits`: devices that wait for their holder's release, for the workshop and for the holder asked."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lock_schemas as schemas
from reuse_market.refurbishing.locks import queries, services
from reuse_market.refurbishing.locks.queries import Waiting
from reuse_market.web import rest
from reuse_market.web.access import current_actor

WAIT = "/lock-waits/<int(min=1, max=2147483647):wait_id>"
lock_waits = rest.Collection(
    "lock-waits", "Locks found on devices, which only their holder can release: asked, answered."
)


@lock_waits.read("/lock-waits", rule="waste-keeper", shape=schemas.LockWaitSchema, listed=True)
def list_lock_waits(query: dict[str, Any]) -> dict[str, Any]:
    """What we wait for as a workshop, and what we are asked as a holder, the oldest first."""
    limit = query["limit"]
    rows = queries.mine(current_actor(), after=rest.after(query["cursor"]), limit=limit)
    return rest.page(rows, limit, lambda row: row.wait.id, _shown)


@lock_waits.read(WAIT, rule="waste-keeper", shape=schemas.LockWaitSchema)
def get_lock_wait(wait_id: int) -> dict[str, Any]:
    """One wait, as long as it holds its device back."""
    return _shown(_seen(wait_id))


@lock_waits.verb(
    "/lock-waits:ask", rule="reuse-actor", body=schemas.AskReleaseInput, shape=schemas.AskedSchema
)
def ask(values: dict[str, Any]) -> dict[str, Any]:
    """Write to the holder of a lot about the devices it was not told of yet."""
    return {"units": services.ask_holder(values["lot"], actor=current_actor())}


@lock_waits.verb(
    f"{WAIT}:answer", rule="waste-keeper", body=schemas.ReleaseInput, shape=schemas.LockWaitSchema
)
def answer(values: dict[str, Any], wait_id: int) -> dict[str, Any]:
    """The holder says that the lock is released, or cannot be."""
    services.answer({wait_id: values["answer"]}, actor=current_actor())
    return _shown(_seen(wait_id))


def _seen(wait_id: int) -> Waiting:
    found = queries.wait_seen(wait_id, current_actor())
    if found is None:
        raise NotFound(N_("This request does not exist."))
    return found


def _shown(row: Waiting) -> dict[str, Any]:
    wait, actor = row.wait, current_actor()
    names = (
        "id", "unit_id", "kind", "lot", "organisation_id", "holder_id", "opened_at", "answer", "answered_at",
    )  # fmt: skip
    return {name: getattr(wait, name) for name in names} | {
        "code": row.code, "serial": row.unit.serial, "asset_tag": row.unit.asset_tag,
        "asked_at": row.asked.asked_at if row.asked else None, "actions": _offered(row, actor),
        "links": {"self": rest.address("lock-waits", wait.id), "page": "/atelier/verrous"},
    }  # fmt: skip


def _offered(row: Waiting, actor: Actor) -> list[str]:
    return ["answer"] if row.asked is not None and actor.is_org(row.wait.holder_id) else []
