"""A return in words: why, what is wished, where it stands, whether it is covered."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from reuse_market.kernel.clock import PARIS
from reuse_market.reservations.models import UnitReturn
from reuse_market.web.filters import date_long

REASONS = {
    "does_not_start": _l("It does not start"),
    "battery": _l("The battery does not hold"),
    "screen": _l("The screen has a fault"),
    "keyboard": _l("The keyboard or the mouse pad has a fault"),
    "network": _l("It does not connect to the network"),
    "system": _l("The system has a fault"),
    "noise": _l("It is noisy or gets hot"),
    "damaged": _l("It arrived damaged"),
    "wrong_device": _l("It is not the device that was reserved"),
    "incomplete": _l("Something is missing"),
    "not_needed": _l("It is no longer needed"),
    "other": _l("Another reason"),
}
WISHES = {"repair": _l("Repair it"), "exchange": _l("Exchange it"), "refund": _l("Refund it")}
REMEDIES = {"repair": _l("A repair"), "exchange": _l("An exchange"), "refund": _l("A refund")}


def badge(state: str) -> tuple[str, str]:
    """The state in a word, and its tone."""
    return {
        "asked": (_("To be answered"), "wait"),
        "accepted": (_("Accepted, to be brought back"), "wait"),
        "refused": (_("Refused"), "refused"),
        "received": (_("At the workshop"), "wait"),
        "settled": (_("Settled"), "ok"),
        "cancelled": (_("Cancelled"), "neutral"),
    }[state]


def cover(made: UnitReturn) -> str:
    """Whether the devices were covered the day it was asked, with the date."""
    if made.covered_until is None:
        return _("No cover is recorded for these devices: the seller decides.")
    day = date_long(made.covered_until)
    if made.asked_at.astimezone(PARIS).date() <= made.covered_until:
        return _("Covered: until %(day)s included.", day=day)
    return _("No longer covered since %(day)s: the seller decides.", day=day)


def sentence(made: UnitReturn, beneficiary: str, seller: str, seller_reads: bool = False) -> str:
    """Where the return stands, and who does what; said to the seller itself when it reads."""
    if seller_reads and made.state == "asked":
        return _("%(name)s waits for your answer.", name=beneficiary)
    if seller_reads and made.state == "accepted":
        return _("%(name)s brings the devices, or has them brought: take them in then.", name=beneficiary)
    if seller_reads and made.state == "received" and made.remedy == "repair":
        return _("You repair the devices; they stay those of %(name)s.", name=beneficiary)
    if made.state == "asked":
        return _("%(seller)s has to answer.", seller=seller)
    if made.state == "accepted":
        return _("%(seller)s takes the devices back: bring them, or have them brought.", seller=seller)
    if made.state == "refused":
        return _("%(seller)s does not take the devices back.", seller=seller)
    if made.state == "cancelled":
        return _("Nothing comes back: %(name)s keeps the devices.", name=beneficiary)
    if made.state == "received":
        if made.remedy == "repair":
            return _(
                "%(seller)s repairs the devices; they stay those of %(name)s.",
                seller=seller,
                name=beneficiary,
            )
        return _("%(seller)s has the devices again: what is owed comes next.", seller=seller)
    return {
        "repair": _("Repaired, tested and handed back to %(name)s.", name=beneficiary),
        "exchange": _("Exchanged: the devices are those of %(seller)s again.", seller=seller),
        "refund": _("Refunded: the devices are those of %(seller)s again.", seller=seller),
    }[made.remedy or made.wish]
