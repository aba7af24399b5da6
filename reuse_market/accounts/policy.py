"""Who may change accounts."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel.actor import Actor


def is_operator(actor: Actor, _subject: Any = None) -> bool:
    """The Métropole's operators and the administrators."""
    return actor.has("operator", "administrator")


def oversees(actor: Actor) -> bool:
    """Those who see every lot and organisation: operator, administrator, auditor."""
    return actor.has("operator", "administrator", "auditor")


def is_member(actor: Actor, organisation_id: int) -> bool:
    """Acting for that organisation."""
    return actor.is_org(organisation_id)
