"""What accounts shows on pages of others."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import members, queries
from reuse_market.kernel.actor import Actor
from reuse_market.web.panels import Panel


def who_commits(_subject: Any, actor: Actor) -> Panel | None:
    """On a refusal for want of the right to commit: the colleagues to ask."""
    if actor.organisation_id is None:
        return None
    context = {
        "names": members.committing(actor.organisation_id),
        "admitted": queries.is_verified(actor.organisation_id),
    }
    return Panel("accounts/_who_commits.html", context)
