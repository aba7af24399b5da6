"""The mails of a claim's life, and of an interest's, queued in the command that causes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.claims.models import Claim, Interest
from reuse_market.kernel.actor import Actor
from reuse_market.lots.models import Lot
from reuse_market.notices.services import queue

Known = dict[int, accounts.Correspondent]


def whom(lot: Lot, claimant: Actor) -> Known:
    """Both sides of a claim about to be made, as its mails know them: read before anything is locked."""
    return accounts.correspondents([lot.holder_id, claimant.organisation_id])


def received(claim: Claim, lot: Lot, units: int, known: Known) -> None:
    """Tell the holder that somebody asks for devices of its lot."""
    _send("claim_received", claim.holder_id, claim, lot, {"units": units}, known)


def taken(claim: Claim, lot: Lot, units: int, known: Known) -> None:
    """Tell the holder that devices of its first-come lot are taken."""
    _send("claim_taken", claim.holder_id, claim, lot, {"units": units}, known)


def awarded(claim: Claim, lot: Lot, units: int, asked: int) -> None:
    """Tell the claimant what it got, and what to do next."""
    _send("claim_awarded", claim.organisation_id, claim, lot, {"units": units, "asked": asked})


def declined(claim: Claim, lot: Lot) -> None:
    """Tell the claimant that it was declined, and why."""
    _send("claim_declined", claim.organisation_id, claim, lot, {"reason": claim.reason})


def released(claim: Claim, lot: Lot, units: int, by_id: int | None) -> None:
    """Tell both sides that the devices are free again, who did it and why."""
    known = accounts.correspondents([claim.holder_id, claim.organisation_id, by_id])
    by = known[by_id].name if by_id in known else ""
    for side in (claim.holder_id, claim.organisation_id):
        _send(
            "claim_released", side, claim, lot, {"units": units, "by_name": by, "reason": claim.reason}, known
        )


def expired(claim: Claim, lot: Lot) -> None:
    """Tell the claimant that nobody answered in time."""
    _send("claim_expired", claim.organisation_id, claim, lot, {})


def standby_called(claim: Claim, lot: Lot, units: int, until: date) -> None:
    """Tell who waits that devices are free again, and until when it may confirm."""
    facts = {"units": units, "until": until.isoformat()}
    _send("standby_called", claim.organisation_id, claim, lot, facts)


def standby_asked(claim: Claim, lot: Lot, units: int, until: date) -> None:
    """Tell the holder who is asked whether it still wants them."""
    _send("standby_asked", claim.holder_id, claim, lot, {"units": units, "until": until.isoformat()})


def standby_confirmed(claim: Claim, lot: Lot, units: int) -> None:
    """Tell the holder that who was asked still wants them: its claim waits for an answer."""
    _send("standby_confirmed", claim.holder_id, claim, lot, {"units": units})


def _send(
    template: str, to_id: int, claim: Claim, lot: Lot, facts: dict[str, Any],
    known: Known | None = None,
) -> None:  # fmt: skip
    known = known or accounts.correspondents([claim.holder_id, claim.organisation_id])
    shared = {
        "actor_name": known[claim.organisation_id].name,
        "holder_name": known[claim.holder_id].name,
        "lot_ref": lot.reference,
        "lot_title": lot.title,
        "claim_ref": claim.reference,
        "url": f"/demandes/{claim.reference}",
    }
    for address, language in known[to_id].addresses:
        queue(template, address, language, shared | facts, f"claim/{claim.reference}")


def interest_received(interest: Interest, lot: Lot) -> None:
    """Tell the holder that somebody would like devices of what it announces."""
    _send_interest("interest_received", lot.holder_id, interest, lot)


def interest_published(interest: Interest, lot: Lot) -> None:
    """Tell who was interested that the lot is published: it may ask for devices now."""
    until = lot.claims_until.isoformat() if lot.claims_until else ""
    _send_interest("interest_published", interest.organisation_id, interest, lot, claims_until=until)


def interest_changed(interest: Interest, lot: Lot) -> None:
    """Tell who is interested that the announcement has changed."""
    _send_interest("interest_changed", interest.organisation_id, interest, lot)


def interest_over(interest: Interest, lot: Lot) -> None:
    """Tell who was interested that the announcement is given up."""
    _send_interest("interest_over", interest.organisation_id, interest, lot)


def _send_interest(template: str, to_id: int, interest: Interest, lot: Lot, **more: Any) -> None:
    facts = {
        "actor_name": accounts.names([interest.organisation_id]).get(interest.organisation_id, ""),
        "lot_ref": lot.reference,
        "lot_title": lot.title,
        "month": lot.expected_month.isoformat() if lot.expected_month else "",
        "units": interest.units,
        "note": interest.note,
        "url": f"/lots/{lot.reference}",
    } | more
    for address, language in accounts.addresses_of(to_id):
        queue(template, address, language, facts, f"lot/{lot.reference}")
