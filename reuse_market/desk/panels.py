"""What the operator finds on an object's page: act for one of its parties."""

from __future__ import annotations

from typing import Any

from flask import request

from reuse_market.accounts import queries as accounts
from reuse_market.desk import on_behalf
from reuse_market.kernel.actor import Actor
from reuse_market.web.panels import Panel

PARTIES = ("holder_id", "organisation_id", "actor_id", "seller_id", "beneficiary_id")


def act_for(subject: Any, actor: Actor) -> Panel | None:
    """A link for each party of a lot, claim, pick-up or reservation that the operator may act for."""
    if not actor.has("operator"):
        return None
    ids = dict.fromkeys(getattr(subject, name, None) for name in PARTIES)
    found = [one for one in map(accounts.organisation, filter(None, ids)) if one is not None]
    allowed = [one for one in found if on_behalf.obstacle(one, actor) is None]
    return Panel("desk/_act_for.html", {"parties": allowed, "here": request.path}) if allowed else None
