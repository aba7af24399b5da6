"""Corrections in words."""

from __future__ import annotations

from reuse_market.kernel.words import N_

REASON_WORDS: dict[str, str] = {
    "did_not_occur": N_("It did not take place"),
    "incorrect_data": N_("What it says is wrong"),
}
STATE_WORDS: dict[str, str] = {
    "proposed": N_("Waiting for the other organisation"),
    "approved": N_("Corrected"),
    "declined": N_("Not accepted"),
    "withdrawn": N_("Taken back"),
    "expired": N_("Unanswered: the act stays as told"),
}
FIELD_WORDS: dict[str, str] = {
    "battery": N_("Health of the battery, in percent"),
    "work": N_("What was done"),
    "grams": N_("Weight, in grams"),
    "weight_g": N_("Weight, in grams"),
    "removed_on": N_("Removed on"),
}
