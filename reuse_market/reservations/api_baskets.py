"""Many alike from several sellers in one go, and more time for a reservation."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.errors import NotFound
from reuse_market.reservations import basket_schemas, baskets
from reuse_market.reservations.api_rows import row_of
from reuse_market.reservations.placing import GONE
from reuse_market.web import rest
from reuse_market.web.access import current_actor

made = rest.Collection("baskets", "Reservations placed together: one for each seller.")


@made.read(
    "/offers/<ref:key>/split", rule="beneficiary", shape=basket_schemas.SplitSchema,
    query=basket_schemas.SplitQuery, name="split",
)  # fmt: skip
def split_offer(query: dict[str, Any], key: str) -> dict[str, Any]:
    """Where so many devices like those of an offer could come from; nothing is held."""
    found = baskets.propose(key, query["units"], current_actor())
    if found is None:
        raise NotFound(GONE)
    parts = [
        {
            "offer": part.group.key, "units": part.count, "seller_id": part.group.seller_id,
            "seller": part.group.seller, "grade": part.group.grade, "net_cents": part.group.price.net_cents,
            "gross_cents": part.group.price.gross_cents, "distance_m": part.group.distance_m,
        }
        for part in found.parts
    ]  # fmt: skip
    links = {"self": rest.address("offers", key, "split"), "page": f"/catalogue/{key}/semblables"}
    return {"units": found.units, "missing": found.missing, "parts": parts, "actions": [], "links": links}


@made.verb(
    "/baskets",
    rule="beneficiary",
    body=basket_schemas.BasketInput,
    shape=basket_schemas.BasketSchema,
    status=201,
)
def create_basket(values: dict[str, Any]) -> dict[str, Any]:
    """Reserve parts of several offers, all or none; each is then a reservation like any other."""
    parts = [(part["offer"], part["units"]) for part in values.pop("parts")]
    found = baskets.place_many(parts, actor=current_actor(), **values)
    return get_basket(found[0].basket or "")


@made.read("/baskets/<ref:reference>", rule="party", shape=basket_schemas.BasketSchema)
def get_basket(reference: str) -> dict[str, Any]:
    """A basket and its reservations, for who reserved and those who oversee."""
    rows = baskets.of_basket(reference, current_actor())
    return {
        "reference": reference, "units": sum(row.reservation.units for row in rows),
        "reservations": [row_of(row) for row in rows], "actions": [],
        "links": {"self": rest.address("baskets", reference), "page": f"/paniers/{reference}"},
    }  # fmt: skip
