"""Words of the auditor's pages: checks of a sample, destinations, what was seen."""

from __future__ import annotations

from reuse_market.kernel.words import N_

CHECKS: dict[str, tuple[str, ...]] = {
    "units": (
        N_("The device is where it is said to be, in the state written here"),
        N_("Its serial number is the one written here"),
        N_("Its papers are those of the folder"),
        N_("Its erasure is proven, or it has no storage medium"),
        N_("verify.py accepts its folder"),
    ),
    "events": (
        N_("verify.py accepts its proof"),
        N_("The organisation confirms that it did this"),
        N_("A paper or an object shows it"),
    ),
}
DESTINATIONS: dict[str, str] = {
    "provided": N_("In use again"),
    "recycled": N_("Recycled"),
    "parts": N_("Dismantled for parts"),
    "waste": N_("Awaiting recycling"),
    "in_workshop": N_("In the workshop"),
    "in_stock": N_("In stock, ready or reserved"),
    "in_transit": N_("Collected, not received yet"),
    "missing": N_("Missing"),
}
PUBLIC: dict[str, str] = {
    "lots": N_("Open lots"),
    "to_collect": N_("Devices to collect"),
    "ready": N_("Devices available"),
    "provided": N_("Devices in use again"),
    "recycled": N_("Recycled devices"),
    "collectors": N_("Reuse actors admitted"),
    "to_recipients": N_("Devices handed to associations"),
}
SEEN: dict[str, str] = {
    "place": N_("Address"),
    "contacts": N_("Contact"),
    "serials": N_("Serial numbers"),
    "paper": N_("Paper"),
}
DOORS: dict[str, str] = {"page": N_("A page"), "api": N_("The API"), "link": N_("A driver’s link")}
