"""Interest in planned lots, on `/lots`: say it, take it back, see who has one."""

from __future__ import annotations

from typing import Any

from reuse_market.claims import interest, schemas, services
from reuse_market.claims.api import claims
from reuse_market.claims.interest import InterestView
from reuse_market.lots import queries as lots
from reuse_market.web import rest
from reuse_market.web.access import current_actor

LOT = "/lots/<ref:reference>"


@claims.read(f"{LOT}/interests", rule="party", shape=schemas.InterestSchema, listed=True, name="interests")
def list_interests(query: dict[str, Any], reference: str) -> dict[str, Any]:
    """Who is interested in a planned lot: all for its holder and those who oversee, else one's own."""
    actor = current_actor()
    after = rest.after(query["cursor"]) or 0
    rows = [row for row in interest.of_lot(lots.seen(reference, actor), actor) if row.id > after]
    return rest.page(rows, query["limit"], lambda row: row.id, _shown)


@claims.verb(
    f"{LOT}:register-interest", rule="taker", body=schemas.InterestInput, shape=schemas.InterestSchema
)
def register_interest(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say that the organisation would like so many devices, or change what it said. No claim, no right."""
    actor = current_actor()
    made = services.register_interest(reference, values["units"], values.get("note", ""), actor=actor)
    return _shown(interest.view(made.id))


@claims.verb(f"{LOT}:withdraw-interest", rule="taker", shape=schemas.InterestSchema)
def withdraw_interest(reference: str) -> dict[str, Any]:
    """Take the organisation's interest back."""
    found = services.withdraw_interest(reference, actor=current_actor())
    return _shown(interest.view(found.id))


def _shown(row: InterestView) -> dict[str, Any]:
    names = ("id", "state", "organisation_id", "organisation", "units", "note", "made_at")
    links = {"lot": rest.address("lots", row.lot_reference), "page": f"/lots/{row.lot_reference}"}
    return {name: getattr(row, name) for name in names} | {
        "lot": row.lot_reference, "actions": [], "links": links
    }  # fmt: skip
