"""Verbs on claims: asking (for units of a lot), answering (award, decline, release, withdraw, expire)."""

from reuse_market.claims.services.answering import (
    award_claim,
    decline_claim,
    expire_due,
    release_claim,
    withdraw_claimed_lot,
)
from reuse_market.claims.services.asking import submit_claim

__all__ = [
    "award_claim", "decline_claim", "expire_due", "release_claim", "submit_claim", "withdraw_claimed_lot",
]  # fmt: skip
