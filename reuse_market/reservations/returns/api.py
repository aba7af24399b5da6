"""`/returns`: devices that come back from their beneficiary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reuse_market.kernel.actor import Actor
from reuse_market.reservations import queries as bookings
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.returns import policy, queries, schemas, services
from reuse_market.web import rest
from reuse_market.web.access import current_actor

ONE = "/returns/<ref:reference>"
COLUMNS = (
    "reference", "state", "beneficiary_id", "seller_id", "reason", "wish", "remedy", "words", "answer",
    "covered_until", "replacement", "asked_at", "answered_at", "received_at", "ended_at",
)  # fmt: skip
returns = rest.Collection("returns", "Devices that come back to their seller: repair, exchange, refund.")


@returns.read("/returns", rule="party", shape=schemas.ReturnSchema, listed=True, query=schemas.ReturnQuery)
def list_returns(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's returns, on either side (all for overseers), the newest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = queries.keyed(current_actor(), after=cursor, limit=limit, **query)
    return rest.page(rows, limit, lambda row: row.made.id, _row)


@returns.read(ONE, rule="party", shape=schemas.OneReturnSchema)
def get_return(reference: str) -> dict[str, Any]:
    """One return with its units, for both sides."""
    made = queries.get(reference, current_actor())
    [row] = queries.rows_of([made])
    return _row(row) | {"units": queries.unit_ids(made)}


@returns.verb(
    "/reservations/<ref:reference>:return", rule="party", body=schemas.ReturnAsked,
    shape=schemas.OneReturnSchema, status=201,
)  # fmt: skip
def ask_return(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Send units of a reservation back."""
    bookings.get(reference, current_actor())
    made = services.ask_return(reference, values.pop("units"), actor=current_actor(), **values)
    return get_return(made.reference)


@returns.verb(
    f"{ONE}:accept", rule="reuse-actor", body=schemas.ReturnAcceptance, shape=schemas.OneReturnSchema
)
def accept(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The seller takes them back."""
    queries.get(reference, current_actor())
    services.accept_return(reference, actor=current_actor(), **values)
    return get_return(reference)


@returns.verb(f"{ONE}:refuse", rule="reuse-actor", body=schemas.ReturnRefusal, shape=schemas.OneReturnSchema)
def refuse(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The seller does not, and says why."""
    queries.get(reference, current_actor())
    services.refuse_return(reference, actor=current_actor(), **values)
    return get_return(reference)


@returns.verb(f"{ONE}:receive", rule="reuse-actor", shape=schemas.OneReturnSchema)
def receive(reference: str) -> dict[str, Any]:
    """They are in the seller's workshop again: to erase and test anew."""
    queries.get(reference, current_actor())
    services.receive_return(reference, actor=current_actor())
    return get_return(reference)


@returns.verb(
    f"{ONE}:settle", rule="reuse-actor", body=schemas.ReturnSettlement, shape=schemas.OneReturnSchema
)
def settle(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Handed back, exchanged or refunded."""
    queries.get(reference, current_actor())
    services.settle_return(reference, actor=current_actor(), **values)
    return get_return(reference)


@returns.verb(f"{ONE}:cancel", rule="party", shape=schemas.OneReturnSchema)
def cancel(reference: str) -> dict[str, Any]:
    """Nothing comes back."""
    queries.get(reference, current_actor())
    services.cancel_return(reference, actor=current_actor())
    return get_return(reference)


@returns.verb(f"{ONE}:replace", rule="beneficiary", shape=schemas.OneReturnSchema)
def replace(reference: str) -> dict[str, Any]:
    """Reserve as many of the same group in exchange."""
    queries.get(reference, current_actor())
    services.replace_units(reference, actor=current_actor())
    return get_return(reference)


def reservation_actions(found: Reservation, actor: Actor) -> Sequence[str]:
    """What returns add to a reservation's actions."""
    return ("return",) if policy.asking(actor, found) and queries.returnable(found) else ()


def _row(row: queries.Row) -> dict[str, Any]:
    made, actor = row.made, current_actor()
    links = {
        "self": rest.address("returns", made.reference), "page": f"/retours/{made.reference}",
        "reservation": rest.address("reservations", row.reservation),
    }  # fmt: skip
    own = queries.offered(made, actor)
    return {name: getattr(made, name) for name in COLUMNS} | {
        "reservation": row.reservation, "beneficiary": row.beneficiary, "seller": row.seller,
        "unit_count": row.units, "actions": rest.actions("returns", made, actor, own), "links": links,
    }  # fmt: skip
