"""Which pages and operations show what is not for everybody, and under what name it is written down.

A view that shows it to some readers only says so itself (web.seen.shown).
"""

from __future__ import annotations

import logging

from flask import Flask, Response, request

from reuse_market.accounts import sightings
from reuse_market.kernel.errors import DomainError
from reuse_market.web.access import current_actor
from reuse_market.web.problems import wants_json
from reuse_market.web.seen import all_shown

logger = logging.getLogger(__name__)
# Endpoint → (what, of what: the values of the address fill it in).
SHOWS: dict[str, tuple[tuple[str, ...], str]] = {
    "lots.units": (("serials",), "lot/{reference}"),
    "lots.erasures": (("serials",), "lot/{reference}"),
    "lots.unit_media": (("serials",), "unit/{unit_id}"),
    "collection.lot_annex": (("serials",), "lot/{reference}"),
    "collection.claim_annex": (("serials",), "claim/{reference}"),
    "collection.pickup": (("place", "contacts"), "pickup/{reference}"),
    "collection.site_sheet": (("place", "contacts"), "pickup/{reference}"),
    "collection.stop": (("place", "contacts", "serials"), "pickup/{reference}"),
    "collection.devices": (("serials",), "pickup/{reference}"),
    "collection.paper": (("paper",), "pickup/{reference}"),
    "refurbishing.unit": (("serials",), "unit/{unit_id}"),
    "documents.paper": (("paper",), "document/{number}"),
    "proving.lot_folder": (("serials", "paper"), "lot/{reference}"),
    "proving.unit_folder": (("serials", "paper"), "unit/{unit_id}"),
    "desk.organisation": (("place", "contacts"), "organisation/{organisation_id}"),
    "api-lots.lots_units": (("serials",), "lot/{reference}"),
    "api-lots.lots_erasure": (("serials",), "lot/{reference}"),
    "api-pickups.pickups_get": (("place", "contacts"), "pickup/{reference}"),
    "api-pickups.pickups_units": (("serials",), "pickup/{reference}"),
    "api-pickups.pickups_site_sheet": (("place", "contacts"), "pickup/{reference}"),
    "api-units.units_get": (("serials",), "unit/{unit_id}"),
    "api-organisations.organisations_get": (("place", "contacts"), "organisation/{organisation_id}"),
}


def install(app: Flask) -> None:
    """After each answer: write down who saw what, once a person, a thing and a day."""

    @app.after_request
    def write_down(response: Response) -> Response:
        if response.status_code != 200 or request.endpoint is None:
            return response
        actor = current_actor()
        seen = all_shown()
        if request.endpoint in SHOWS:
            what, name = SHOWS[request.endpoint]
            seen.append((name.format(**(request.view_args or {})), what))
        door = "api" if wants_json() else actor.via if actor.via == "link" else "page"
        for subject, kinds in seen:
            try:
                sightings.note(actor, kinds, subject, door)
            except DomainError:
                logger.exception("who saw %s is not written down", subject)
        return response
