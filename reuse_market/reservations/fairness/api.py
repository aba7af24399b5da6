"""`/allotments`: who got what over twelve months, the rules of sharing, the operator's exceptions."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.models import Organisation
from reuse_market.kernel.actor import Actor
from reuse_market.reservations.fairness import allotted, rules, schemas, services
from reuse_market.web import rest
from reuse_market.web.access import current_actor

allotments = rest.Collection("allotments", "Who received how many devices over twelve months, and the rules.")


@allotments.read(
    "/allotments", rule="overseer", shape=schemas.AllotmentSchema, listed=True, query=schemas.AllotmentQuery
)
def list_allotments(query: dict[str, Any]) -> dict[str, Any]:
    """What each structure received over twelve months by kind, the most first."""
    start, limit = rest.after(query["cursor"]) or 0, query["limit"]
    found = allotted.rows(query["kind"], query["text"], limit=limit + 1, offset=start)
    return {"items": found[:limit], "next": str(start + limit) if len(found) > limit else None}


@allotments.read("/allotments/rules", rule="public", shape=schemas.SharingRules, name="rules")
def get_rules() -> dict[str, Any]:
    """The rules of sharing in force today, as published."""
    found = rules.in_force()
    return {"shares": found.shares, "ceilings": found.ceilings, "delays": found.delays}


@allotments.verb(
    "/organisations/<int(min=1, max=2147483647):organisation_id>:grant-exception", rule="operator",
    body=schemas.ExceptionInput, shape=schemas.ExceptionSchema, status=201,
)  # fmt: skip
def grant_exception(values: dict[str, Any], organisation_id: int) -> Any:
    """Let a structure take more of a kind than its ceiling, until a day; it is told by mail."""
    return services.grant_exception(organisation_id, actor=current_actor(), **values)


def organisation_actions(found: Organisation, actor: Actor) -> tuple[str, ...]:
    """What fairness adds to an organisation's actions: only who is admitted receives devices."""
    granting = found.state == "verified" and actor.has("operator") and actor.commits
    return ("grant-exception",) if granting else ()
