"""The words of a unit's states, as a list or a count says them."""

from __future__ import annotations

from reuse_market.kernel.words import N_

STATES: dict[str, str] = {
    "in_use": N_("in use"),
    "discarded": N_("discarded"),
    "listed": N_("published in a lot"),
    "awarded": N_("awarded"),
    "collected": N_("collected"),
    "in_workshop": N_("in the workshop"),
    "ready": N_("ready"),
    "held": N_("reserved"),
    "provided": N_("received for use"),
    "missing": N_("missing"),
    "parts": N_("dismantled for parts"),
    "waste": N_("awaiting recycling"),
    "recycled": N_("recycled"),
    "merged": N_("merged with another record"),
}
