"""What a pick-up's state means to who reads it: a word, a tone, a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from reuse_market.collection.queries import PickupView
from reuse_market.web.filters import date_long

SUMMED = ("planned", "taken", "extra", "missing", "refused")
TONES = {
    "proposed": "wait",
    "countered": "wait",
    "agreed": "ok",
    "done": "ok",
    "failed": "refused",
    "expired": "neutral",
    "cancelled": "neutral",
}


def state(view: PickupView) -> tuple[str, str]:
    """(word, tone) of the badge."""
    words = {
        "proposed": _("Slot proposed"),
        "countered": _("Another slot proposed"),
        "agreed": _("Agreed"),
        "done": pgettext("pickup", "Collected"),
        "failed": _("Did not take place"),
        "expired": pgettext("pickup", "Expired"),
        "cancelled": _("Cancelled"),
    }
    if view.state == "done" and view.holder_signed_at is None:
        return _("To be signed"), "wait"
    return words[view.state], TONES[view.state]


def outcome(code: str) -> tuple[str, str]:
    """(word, tone) of what was noted of a unit."""
    words = {
        "taken": pgettext("pickup", "Taken"),
        "missing": pgettext("pickup", "Missing"),
        "refused": pgettext("pickup", "Refused"),
        "extra": pgettext("pickup", "Extra"),
    }
    return words[code], {"taken": "ok", "missing": "refused", "refused": "refused", "extra": "wait"}[code]


def totals(facts: Mapping[str, Any]) -> str:
    """The sentence that adds up: planned and extra on one side, taken, missing and refused on the other."""
    count = {name: sum(line[name] for line in facts["lines"]) for name in SUMMED}
    said = {
        "planned": ngettext("%(num)s device planned", "%(num)s devices planned", count["planned"]),
        "taken": ngettext("%(num)s taken", "%(num)s taken", count["taken"]),
        "extra": ngettext("%(num)s of them extra", "%(num)s of them extra", count["extra"]),
        "missing": ngettext("%(num)s missing", "%(num)s missing", count["missing"]),
        "refused": ngettext("%(num)s refused", "%(num)s refused", count["refused"]),
    }
    if count["extra"]:
        return _("%(planned)s: %(taken)s (%(extra)s), %(missing)s, %(refused)s.", **said)
    del said["extra"]
    return _("%(planned)s: %(taken)s, %(missing)s, %(refused)s.", **said)


def sentence(view: PickupView, organisation_id: int | None) -> str:
    """Where it stands and what comes next, for an organisation; neither side is "you" for one that is none."""
    if organisation_id not in (view.holder_id, view.actor_id):
        return _of_others(view)
    mine = view.waits_for(organisation_id)
    if view.state in ("proposed", "countered"):
        if mine:
            return _(
                "Accept this slot or propose another before %(date)s.", date=date_long(view.answer_until)
            )
        return _("The other side answers before %(date)s.", date=date_long(view.answer_until))
    if view.state == "agreed":
        return _agreed(view, organisation_id)
    if view.state == "done" and view.holder_signed_at is None:
        if organisation_id == view.holder_id:
            return _(
                "Who takes the devices has signed. Sign too: the devices then belong to %(name)s.",
                name=view.actor,
            )
        return _("You have signed. The holder’s contact still has to.")
    sentences = {
        "done": _("Both sides have signed: the handover note is there."),
        "failed": _("The pick-up did not take place. Propose another slot."),
        "expired": _("Nobody answered in time. Propose another slot from the request."),
        "cancelled": _("This pick-up is cancelled."),
    }
    return sentences[view.state]


def _of_others(view: PickupView) -> str:
    if view.state == "agreed" and view.late:
        return _("The day has passed, and nothing is checked off.")
    if view.state == "done" and view.holder_signed_at is None:
        return _("Who takes the devices has signed. The holder’s contact still has to.")
    sentences = {
        "proposed": _(
            "A slot is proposed: an answer is due before %(date)s.", date=date_long(view.answer_until)
        ),
        "countered": _(
            "Another slot is proposed: an answer is due before %(date)s.", date=date_long(view.answer_until)
        ),
        "agreed": _("Both organisations have agreed on the slot."),
        "done": _("Both sides have signed: the handover note is there."),
        "failed": _("The pick-up did not take place."),
        "expired": _("Nobody answered in time."),
        "cancelled": _("This pick-up is cancelled."),
    }
    return sentences[view.state]


def _agreed(view: PickupView, organisation_id: int | None) -> str:
    if view.late:
        return _("The day has passed: check the devices off, or say that it did not take place.")
    if organisation_id == view.holder_id and view.as_is:
        return _(
            "Erase the data and record the proofs, then prepare the devices. Your contact signs on site."
        )
    if organisation_id == view.holder_id and view.arrival in ("dropped_off", "collection_day"):
        return _(
            "Prepare the devices and bring them at the agreed hour. There, sign with the handover code once "
            "they are counted."
        )
    if organisation_id == view.holder_id and view.arrival == "carrier":
        return _(
            "Prepare the devices for the carrier. Once they are counted on arrival, sign with the handover code."
        )
    if organisation_id == view.holder_id:
        return _("Prepare the devices. On site, your contact signs with the handover code.")
    return _("On the day, check the devices off on your phone.")
