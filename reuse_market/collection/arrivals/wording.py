"""What arrivals mean to who reads them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext


def way(arrival: str) -> str:
    """How the devices travel."""
    return {
        "fetched": _("Fetched at the holder’s"),
        "dropped_off": _("Brought by the holder to who collects"),
        "carrier": _("By a carrier"),
        "collection_day": _("Brought on a grouped collection day"),
    }[arrival]


def missing(code: str) -> str:
    """What a site does not say."""
    return {
        "street": _("number and street"),
        "hours": _("opening hours"),
        "dock": _("loading dock"),
        "tail_lift": _("tail-lift needed or not"),
        "lift": _("lift"),
        "floor": _("floor"),
        "height": _("height limit"),
        "contact": _("contact on site"),
        "phone": _("phone of the contact"),
    }[code]


def yes_no(answer: str) -> str:
    """Yes, no, or not provided (empty)."""
    return {"yes": _("Yes"), "no": _("No")}.get(answer, "")


def protocol(state: str) -> tuple[str, str]:
    """(word, tone) of a protocol's badge."""
    return {
        "prepared": (_("One signature missing"), "wait"),
        "in_force": (pgettext("protocol", "In force"), "ok"),
        "void": (pgettext("protocol", "No longer in force"), "neutral"),
    }[state]


def day(state: str) -> tuple[str, str]:
    """(word, tone) of a collection day's badge."""
    return {
        "open": (pgettext("collection day", "Open"), "ok"),
        "closed": (pgettext("collection day", "Closed to new holders"), "neutral"),
        "cancelled": (_("Cancelled"), "refused"),
    }[state]
