"""The menus: what each role finds first. One list, in the order of the user's day."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from reuse_market.kernel.actor import Actor
from reuse_market.web.addresses import fixed

# Pages without an entry of their own: the first entry of this actor under which they are found.
_UNDER = {
    "/attente": ("reservations.mine",),
    "/retours": ("reservations.mine",),
    "/paniers": ("reservations.mine",),
    "/devis": ("reservations.mine",),
    "/recherche": ("catalogue.groups",),
    "/repartition": ("desk.console",),
    "/reen": ("fleets.fleet", "desk.organisations"),
}


def main(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Main menu entries of this actor: {label, url, current}."""
    if actor.via == "link":
        return _links([(_("My stops"), "collection.driver_stops")], path)
    entries = _visitor() if actor.person_id is None else _signed_in(actor)
    return _links(entries, path)


def workshop(path: str) -> list[dict[str, Any]]:
    """Main menu entries during a turn on a workshop's shared computer: nothing else opens there."""
    return _links([(_("Workshop"), "refurbishing.bench")], path)


def account(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Links beside the person's name."""
    return _links([(_("My account"), "accounts.account")], path) if actor.person_id is not None else []


def _visitor() -> list[tuple[str, str]]:
    return [
        (_("Home"), "observatory.home"),
        (_("Map"), "observatory.resource_map"),
        (_("Lots to collect"), "lots.board"),
        (_("Available devices"), "catalogue.groups"),
        (_("Directory"), "observatory.directory"),
    ]


def _signed_in(actor: Actor) -> list[tuple[str, str]]:
    entries: list[tuple[str, str]] = []
    if actor.has("operator", "administrator", "auditor"):
        entries += [
            (_("To do"), "desk.console"),
            (_("All lots"), "desk.lots"),
            (_("Organisations"), "desk.organisations"),
            (_("References"), "references.index"),
            (_("Audit"), "auditor.home"),
        ]
    if actor.has("holder"):
        entries += [
            (_("My fleet"), "fleets.fleet"),
            (_("My lots"), "lots.mine"),
            (_("Claims received"), "claims.mine"),
        ]
    shops = actor.has("buyer", "obliged_buyer", "recipient")
    if shops and not actor.has("reuse_actor"):
        entries.append((_("Available devices"), "catalogue.groups"))
    if shops or actor.has("reuse_actor"):
        entries.append((_("Lots to collect"), "lots.board"))
        if actor.has("reuse_actor") or not actor.has("holder"):
            entries.append((_("My claims"), "claims.mine"))
    if actor.has("holder", "reuse_actor", "recipient", "buyer", "obliged_buyer"):
        entries.append((_("Pick-ups"), "collection.pickups"))
    if actor.has("reuse_actor"):
        entries.append((_("Rounds"), "collection.rounds"))
        entries.append((_("Shipments"), "collection.shipments"))
        entries.append((_("Workshop"), "refurbishing.bench"))
    if (shops and actor.has("reuse_actor")) or not (shops or actor.has("holder", "reuse_actor", "operator")):
        entries.append((_("Available devices"), "catalogue.groups"))
    if actor.has("buyer", "obliged_buyer", "recipient", "reuse_actor"):
        entries.append((_("Reservations"), "reservations.mine"))
    if actor.has("obliged_buyer"):
        entries.append((_("AGEC ledger"), "agec.ledger"))
    if actor.has("reuse_actor"):
        entries.append((_("Counter"), "reservations.counter_page"))
    if actor.has("buyer", "obliged_buyer", "recipient", "reuse_actor", "operator"):
        entries.append((_("Needs"), "needs.needs"))
    if actor.has("recipient", "operator"):
        entries.append((_("Orientation vouchers"), "reservations.voucher_list"))
    return entries


def _links(entries: list[tuple[str, str]], path: str) -> list[dict[str, Any]]:
    known = current_app.view_functions
    plain = [
        (endpoint, label, url, url.split("?")[0])
        for label, endpoint in entries
        if endpoint in known and (url := fixed(endpoint))
    ]
    here = [bare for *_rest, bare in plain if bare == path or (bare != "/" and path.startswith(bare + "/"))]
    nearest = max(here, key=len, default=None) or _above(path, {one[0]: one[3] for one in plain})
    return [{"label": label, "url": url, "current": bare == nearest} for _endpoint, label, url, bare in plain]


def _above(path: str, addresses: dict[str, str]) -> str | None:
    """The address of the entry that leads to a page without one, if this actor has it."""
    leading = next(
        (ends for start, ends in _UNDER.items() if path == start or path.startswith(start + "/")), ()
    )
    return next((addresses[endpoint] for endpoint in leading if endpoint in addresses), None)
