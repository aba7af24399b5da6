"""What a pick-up's state means to who reads it: a word, a tone, a sentence."""

from __future__ import annotations

from flask_babel import gettext as _

from reuse_market.collection.queries import PickupView
from reuse_market.web.filters import date_long

TONES = {
    "proposed": "wait", "countered": "wait", "agreed": "ok", "done": "ok", "failed": "refused", "expired": "neutral",
    "cancelled": "neutral",
}  # fmt: skip


def state(view: PickupView) -> tuple[str, str]:
    """(word, tone) of the badge."""
    words = {
        "proposed": _("Slot proposed"),
        "countered": _("Another slot proposed"),
        "agreed": _("Agreed"),
        "done": _("Collected"),
        "failed": _("Did not take place"),
        "expired": _("Expired"),
        "cancelled": _("Cancelled"),
    }
    if view.state == "done" and view.holder_signed_at is None:
        return _("To be signed"), "wait"
    return words[view.state], TONES[view.state]


def outcome(code: str) -> tuple[str, str]:
    """(word, tone) of what was noted of a unit."""
    words = {"taken": _("Taken"), "missing": _("Missing"), "refused": _("Refused"), "extra": _("Extra")}
    return words[code], {"taken": "ok", "missing": "refused", "refused": "refused", "extra": "wait"}[code]


def sentence(view: PickupView, organisation_id: int | None) -> str:
    """Where it stands and what comes next, for an organisation."""
    mine = view.waits_for(organisation_id)
    if view.state in ("proposed", "countered"):
        if mine:
            return _("Accept this slot or propose another before %(date)s.", date=date_long(view.answer_until))
        return _("The other side answers before %(date)s.", date=date_long(view.answer_until))
    if view.state == "agreed":
        return _agreed(view, organisation_id)
    if view.state == "done" and view.holder_signed_at is None:
        if organisation_id == view.holder_id:
            return _("The driver has signed. Sign too: the devices then belong to the reuse actor.")
        return _("You have signed. The holder’s contact still has to.")
    sentences = {
        "done": _("Both sides have signed: the handover note is there."),
        "failed": _("The pick-up did not take place. Propose another slot."),
        "expired": _("Nobody answered in time. Propose another slot from the request."),
        "cancelled": _("This pick-up is cancelled."),
    }
    return sentences[view.state]


def _agreed(view: PickupView, organisation_id: int | None) -> str:
    if view.late:
        return _("The day has passed: check the devices off, or say that it did not take place.")
    if organisation_id == view.holder_id:
        return _("Prepare the devices. On site, your contact signs with the handover code.")
    return _("On the day, check the devices off on your phone.")
