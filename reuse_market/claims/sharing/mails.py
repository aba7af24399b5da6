"""The mails of a share: a proposal waits, its last days, and what each claimant obtained and why."""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.claims.models import Claim, Share, ShareClaim
from reuse_market.lots.models import Lot
from reuse_market.notices.services import queue


def proposed(share: Share, lot: Lot, facts: dict[str, Any]) -> None:
    """Tell the holder that a proposal of share waits for its answer."""
    _send("share_proposed", share, lot, facts)


def reminder(share: Share, lot: Lot) -> None:
    """Remind the holder that the proposal ends soon."""
    _send("share_reminder", share, lot, {})


def answered(share: Share, lot: Lot, claim: Claim, told: ShareClaim) -> None:
    """Tell a claimant what it obtained and which rule decided."""
    facts = {
        "lot_ref": lot.reference, "lot_title": lot.title, "why": why(share, told),
        "url": f"/demandes/{claim.reference}",
    }  # fmt: skip
    for address, language in accounts.addresses_of(claim.organisation_id):
        queue("share_answered", address, language, facts, f"claim/{claim.reference}")


def why(share: Share, told: ShareClaim) -> dict[str, Any]:
    """What the sentence for a claimant is made of: codes and integers (templates/mail/_share.html words it)."""
    changed = told.final is not None and told.final != told.obtained
    return {
        "rule": told.rule, "asked": told.asked, "obtained": told.obtained,
        "final": told.obtained if told.final is None else told.final, "rivals": told.rivals,
        "price_rank": told.price_rank or 0, "load_rank": told.load_rank or 0, "km_rank": told.km_rank or 0,
        "draw_rank": told.draw_rank or 0, "received": told.received, "capacity": told.capacity or 0,
        "km": -1 if told.km is None else told.km, "seed": share.seed, "changed": changed,
        "reason": share.reason if changed else "", "by": share.answered_by,
    }  # fmt: skip


def _send(template: str, share: Share, lot: Lot, facts: dict[str, Any]) -> None:
    shared = {
        "lot_ref": lot.reference, "lot_title": lot.title, "until": share.answer_until.isoformat(),
        "url": f"/lots/{lot.reference}/partage",
    }  # fmt: skip
    for address, language in accounts.addresses_of(share.holder_id):
        queue(template, address, language, shared | facts, f"lot/{lot.reference}")
