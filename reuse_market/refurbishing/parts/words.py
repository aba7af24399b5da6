"""Codes of parts, repairs and dismantling as words (msgids)."""

from __future__ import annotations

from reuse_market.kernel.words import N_

KINDS = {
    "screen": N_("Screen"),
    "battery": N_("Battery"),
    "keyboard": N_("Keyboard"),
    "memory": N_("Memory module"),
    "storage": N_("Disk or storage card"),
    "board": N_("Motherboard"),
    "power": N_("Power supply"),
    "case": N_("Case"),
    "camera": N_("Camera"),
    "fan": N_("Fan"),
    "other": N_("Another part"),
}
WORK = {
    "screen": N_("Screen changed"),
    "battery": N_("Battery changed"),
    "keyboard": N_("Keyboard changed"),
    "memory": N_("Memory added or changed"),
    "storage": N_("Storage added or changed"),
    "board": N_("Motherboard repaired or changed"),
    "power": N_("Power supply repaired or changed"),
    "case": N_("Case repaired or changed"),
    "cleaning": N_("Cleaned inside"),
    "software": N_("Software reinstalled"),
    "other": N_("Other work"),
}
LOSS_REASONS = {
    "not_weighed": N_("Something was not weighed"),
    "fluids_and_dust": N_("Fluids and dust"),
    "scales": N_("Two scales that differ"),
    "other": N_("Other reason"),
}
STATES = {"in_stock": (N_("In stock"), "ok"), "installed": (N_("In a device"), "neutral")}
