"""Who reads a REEN sheet, and who writes into it."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor

OVERSEERS = ("operator", "administrator", "auditor")


def may_read(actor: Actor, holder_id: int) -> bool:
    """The body itself, and those who oversee."""
    return may_write(actor, holder_id) or actor.has(*OVERSEERS)


def may_write(actor: Actor, holder_id: int) -> bool:
    """The body itself, as a holder."""
    return actor.has("holder") and actor.is_org(holder_id)


def may_issue(actor: Actor, holder_id: int) -> bool:
    """The body, through somebody who may commit it."""
    return may_write(actor, holder_id) and actor.commits
