"""Who may do what to a claim: judged on the organisations of both sides."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import oversees
from reuse_market.kernel.actor import Actor


def holder(actor: Actor, claim: Any) -> bool:
    """The lot's holder, by somebody who may commit it."""
    return actor.is_org(claim.holder_id) and actor.commits


def claimant(actor: Actor, claim: Any) -> bool:
    """The organisation that asked, by somebody who may commit it."""
    return actor.is_org(claim.organisation_id) and actor.commits


def either(actor: Actor, claim: Any) -> bool:
    """One of both sides."""
    return holder(actor, claim) or claimant(actor, claim)


def system(actor: Actor, _claim: Any) -> bool:
    """The clock: expiry jobs."""
    return actor.via == "system"


def may_claim(actor: Actor, lot: Any) -> bool:
    """A reuse actor other than the holder. Asking engages (REEN art. 16), so the person must commit."""
    return actor.has("reuse_actor") and actor.commits and not actor.is_org(lot.holder_id)


def may_see(actor: Actor, claim: Any) -> bool:
    """Both sides, and those who oversee: operator, administrator, auditor."""
    return actor.is_org(claim.holder_id) or actor.is_org(claim.organisation_id) or oversees(actor)
