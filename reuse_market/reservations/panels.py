"""What reservations show on the page of an identical group: the form, or who may fill it."""

from __future__ import annotations

from typing import Any

from flask import request

from reuse_market.kernel.actor import Actor
from reuse_market.refurbishing.law import origins
from reuse_market.regimes.cases import Refused
from reuse_market.reservations import law, policy
from reuse_market.reservations.forms import ReserveForm
from reuse_market.web.panels import Panel
from reuse_market.web.problems import words


def reserve_group(group: Any, actor: Actor) -> Panel:
    """The reservation form for who may reserve; for others, what they can do instead."""
    if actor.person_id is None:
        why = "visitor"
    elif actor.is_org(group.seller_id):
        why = "own"
    elif policy.may_reserve(actor):
        why = ""
    else:
        why = "commit" if actor.has(*policy.RESERVING) else "role"
    refused = None
    if not why or why == "commit":
        answer = law.ask(origins(group.samples), group.seller_id, actor.organisation_id, group.price)
        refused = answer if isinstance(answer, Refused) else None
        why = "law" if refused else why
    asked = request.args.get("units", "")
    units = min(int(asked), group.units) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    form = ReserveForm(units=units or None) if not why else None
    told = words(refused.error()) if refused else ""
    context = {"group": group, "form": form, "why": why, "asked": units, "told": told}
    return Panel("reservations/_reserve.html", context)
