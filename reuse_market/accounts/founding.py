"""Organisations that exist before any operator does: the first administrator's, the demo's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reuse_market.accounts import services
from reuse_market.accounts.admission import decide_on_organisation
from reuse_market.accounts.models import Organisation
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command

_FOUNDER = Actor(via="system", roles=frozenset({"administrator"}))


@command
def found_organisation(
    name: str, legal_kind: str, roles: Iterable[str], *, actor: Actor, **details: Any
) -> Organisation:
    """Register and admit in one go, by the system: only for the command line and the demo."""
    if actor.via != "system":
        raise ValueError("founding is the system's")
    made = services.register_organisation(name, legal_kind, roles, actor=actor, **details)
    return decide_on_organisation(made.id, "admit", actor=_FOUNDER)
