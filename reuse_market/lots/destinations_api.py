"""`/lots/…/destinations` and `/fleet-units/destinations`: the destination page for programs."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.errors import NotFound
from reuse_market.lots import destinations, policy, queries, schemas
from reuse_market.lots.destinations import Outlet, Selection
from reuse_market.lots.services.drafting import NO_LOT
from reuse_market.lots.words import refusal
from reuse_market.web import rest
from reuse_market.web.access import current_actor

lots = rest.Collection("destinations", "Where devices may go, by the law of the day.")


@lots.read(
    "/lots/<ref:reference>/destinations", rule="holder", shape=schemas.DestinationsSchema, name="destinations"
)
def of_lot(reference: str) -> dict[str, Any]:
    """Where the devices of a draft may go: each outlet, allowed or refused, with article and papers."""
    lot = queries.seen(reference, current_actor())
    if not policy.holder(current_actor(), lot) or lot.state != "draft":
        raise NotFound(NO_LOT)
    return _shown(destinations.of_draft(lot))


@lots.read(
    "/fleet-units/destinations", rule="holder", shape=schemas.DestinationsSchema,
    query=schemas.DestinationQuery, name="destinations",
)  # fmt: skip
def of_units(query: dict[str, Any]) -> dict[str, Any]:
    """Where devices of the fleet may go; by default all the discarded ones."""
    asked = [int(number) for number in query["units"].split(",") if number]
    return _shown(destinations.of_fleet(current_actor().organisation_id or 0, asked or None))


def _shown(selection: Selection) -> dict[str, Any]:
    found = destinations.destinations(selection)
    return {
        "lot": selection.lot.reference if selection.lot else None, "units": selection.units,
        "giver": found.giver, "ages": selection.ages, "outlets": [_outlet(one) for one in found.outlets],
    }  # fmt: skip


def _outlet(outlet: Outlet) -> dict[str, Any]:
    permission = outlet.permission
    return {
        "outlet": outlet.code, "party": outlet.party, "regime": outlet.regime or None,
        "allowed": outlet.allowed, "needs_value": outlet.needs_value,
        "article": permission.article if permission else "",
        "documents": permission.documents if permission else (),
        "cap_cents": permission.cap_cents if permission else None,
        "refused": [
            {"units": units, "code": why.code, "article": why.article, "detail": refusal(why),
             "instead": why.instead}
            for why, units in outlet.refused
        ],
    }  # fmt: skip
