"""Who may do what to a claim: judged on the organisations of both sides."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts.policy import APPLICANT, oversees
from reuse_market.kernel.actor import Actor
from reuse_market.regimes import parties


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


def may_ask(actor: Actor, lot: Any) -> bool:
    """Somebody who commits an organisation that is not the holder: asking engages (REEN art. 16, CG3P)."""
    return actor.organisation_id is not None and actor.commits and not actor.is_org(lot.holder_id)


def takes_as_is(actor: Actor, party_kind: str) -> bool:
    """For its own use: an admitted recipient, or a public body in any role it has here.

    `party_kind` as regimes.parties tells it. Which lots the law lets go to them is asked of `regimes`.
    """
    public = party_kind in parties.PUBLIC and actor.has("buyer", "obliged_buyer", "holder")
    return actor.has("recipient") or public


def interested(actor: Actor, interest: Any) -> bool:
    """The organisation that is interested: anybody of it, as it engages nothing."""
    return actor.is_org(interest.organisation_id)


def may_be_interested(actor: Actor, lot: Any, party_kind: str) -> bool:
    """An admitted reuse actor, recipient or public body that is not the holder. Nothing is engaged by it."""
    if actor.organisation_id is None or actor.is_org(lot.holder_id) or actor.has(APPLICANT):
        return False
    return actor.has("reuse_actor") or takes_as_is(actor, party_kind)


def sees_interest(actor: Actor, lot: Any) -> bool:
    """Who is interested: told to the holder and to those who oversee; others see counts."""
    return actor.is_org(lot.holder_id) or oversees(actor)


def may_see(actor: Actor, claim: Any) -> bool:
    """Both sides, and those who oversee: operator, administrator, auditor."""
    return actor.is_org(claim.holder_id) or actor.is_org(claim.organisation_id) or oversees(actor)
