"""Verbs on claims: asking (for units of a lot), answering (award, decline, release, withdraw, expire); and on
interest in planned lots: following."""

from reuse_market.claims.services.answering import (
    award_claim,
    decline_claim,
    expire_due,
    release_claim,
    withdraw_claimed_lot,
)
from reuse_market.claims.services.asking import submit_claim
from reuse_market.claims.services.following import register_interest, tell_interested, withdraw_interest

__all__ = [
    "award_claim", "decline_claim", "expire_due", "register_interest", "release_claim", "submit_claim",
    "tell_interested", "withdraw_claimed_lot", "withdraw_interest",
]  # fmt: skip
