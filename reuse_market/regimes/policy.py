"""Who may write what the law allows, and who may record what an organisation is."""

from __future__ import annotations

from reuse_market.kernel.actor import Actor


def may_write_rules(actor: Actor) -> bool:
    """The administrator, through somebody who may commit."""
    return actor.has("administrator") and actor.commits


def may_record(actor: Actor) -> bool:
    """Legal opinions and evidence: the operator, or the administrator."""
    return actor.has("operator", "administrator") and actor.commits
