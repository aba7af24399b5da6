"""Codes of shipments as words (msgids)."""

from __future__ import annotations

from reuse_market.kernel.words import N_

STATES = {
    "sent": (N_("To answer"), "wait"),
    "answered": (N_("Answered"), "ok"),
    "voided": (N_("Voided"), "neutral"),
}
OUTCOMES = {
    "received": (N_("Received"), "ok"),
    "refused": (N_("Refused"), "refused"),
    "missing": (N_("Missing"), "refused"),
}
TRANSFERS = {
    "none": N_("The owner does not change"),
    "sale": N_("Sold on receipt"),
    "gift": N_("Given on receipt"),
}
TRANSFER_FACTS = {
    "none": N_("The owner stays the same"),
    "sale": N_("Sold on receipt"),
    "gift": N_("Given on receipt"),
}
UNIT_STATES = {
    "collected": N_("To take in"),
    "in_workshop": N_("In the workshop"),
    "ready": N_("Ready"),
}
REASONS = {
    "refused": {
        "not_announced": N_("Not what was announced"),
        "damaged": N_("Damaged"),
        "no_room": N_("No room to take it"),
        "other": N_("Other reason"),
    },
    "missing": {
        "not_loaded": N_("Not in the load"),
        "lost_on_the_way": N_("Lost on the way"),
        "other": N_("Other reason"),
    },
}


def reason(outcome: str | None, code: str | None) -> str:
    """The words of a reason, or nothing."""
    return REASONS.get(outcome or "", {}).get(code or "", "")
