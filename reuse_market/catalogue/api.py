"""`/offers`: identical groups of ready units."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from reuse_market.catalogue import agec, queries, schemas
from reuse_market.catalogue.queries import Filters, Group
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import rest
from reuse_market.web.access import current_actor

offers = rest.Collection("offers", "Ready units that can be reserved, identical ones together.")
collections = (offers,)


@offers.read("/offers", rule="signed-in", shape=schemas.OfferSchema, listed=True, query=schemas.OfferQuery)
def list_offers(query: dict[str, Any]) -> dict[str, Any]:
    """Groups open to the organisation today, filtered and sorted: the same as the shop window."""
    actor = current_actor()
    limit, cursor = query.pop("limit"), query.pop("cursor")
    base = queries.base_of(actor)
    found = queries.search(Filters(**query), actor, base, size=limit, cursor=cursor, count=False)
    return {"items": [_shown(group) for group in found.groups], "next": found.cursor}


@offers.read("/offers/<ref:key>", rule="signed-in", shape=schemas.OfferSchema)
def get_offer(key: str) -> dict[str, Any]:
    """One group, as long as something of it is left."""
    actor = current_actor()
    found = queries.group(key, actor, queries.base_of(actor))
    if found is None:
        raise NotFound(N_("These devices are no longer available."))
    counts = agec.of_units(list(found.samples), found.seller_id, found.price.gross_cents, actor)
    told = {"counts_for_agec": counts.counts, "agec": gettext(counts.reason, **counts.params)}
    return _shown(found) | told | {"photos": photo_list(found)}


def photo_list(group: Group) -> list[dict[str, Any]]:
    """The photos shown with a group, in order."""
    names = ("id", "words", "size", "width", "height")
    return [
        {name: getattr(one, name) for name in names}
        | {"page": f"/catalogue/{group.key}/photos/{one.id}.webp"}
        for one in queries.photos_of(group)
    ]


def _shown(group: Group) -> dict[str, Any]:
    shown = {name: getattr(group, name) for name in schemas.OfferSchema().fields if hasattr(group, name)}
    links = {"self": rest.address("offers", group.key), "page": f"/catalogue/{group.key}"}
    shown["faults"] = (group.faults or "").split(",") if group.faults else []
    return shown | {"actions": rest.actions("offers", group, current_actor()), "links": links}


from reuse_market.catalogue import api_photos as _photos  # noqa: E402, F401 – what a seller shows of its devices
