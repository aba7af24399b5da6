"""What a revision and a difference mean to who reads them: a word, a tone, a sentence."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from reuse_market.collection.models import NoteRevisionLine
from reuse_market.collection.revising import policy
from reuse_market.collection.revising.queries import Difference, RevisionView
from reuse_market.kernel.actor import Actor
from reuse_market.web.filters import date_long

TONES = {
    "proposed": "wait",
    "escalated": "wait",
    "approved": "ok",
    "refused": "refused",
    "withdrawn": "neutral",
}


def state(view: RevisionView) -> tuple[str, str]:
    """(word, tone) of the badge."""
    words = {
        "proposed": _("To be answered"),
        "escalated": _("With the operator"),
        "approved": pgettext("revision", "Accepted"),
        "refused": pgettext("revision", "Not accepted"),
        "withdrawn": _("Taken back"),
    }
    return words[view.state], TONES[view.state]


def ground(view: RevisionView) -> str:
    """Where it comes from."""
    return {
        "correction": _("Correction"),
        "count": _("Count of a sealed container"),
        "contest": _("Difference contested"),
    }[view.ground]


def reason(view: RevisionView) -> str:
    """Why it is proposed; of a count, the product wrote the numbers only."""
    if view.ground == "count":
        return _(
            "Container %(number)s, said then counted: %(change)s",
            number=view.container_number,
            change=view.reason,
        )
    return view.reason


def sentence(view: RevisionView, actor: Actor) -> str:
    """Where it stands, for who reads it."""
    if view.state == "proposed":
        day = date_long(view.answer_until)
        if view.waits_for(actor):
            return _(
                "Accept it, or say why not, before %(date)s. After that, the operator settles.", date=day
            )
        return _("%(name)s answers before %(date)s. After that, the operator settles.",
                 name=view.holder if view.asked_by_id == view.actor_id else view.actor, date=day)  # fmt: skip
    if view.state == "escalated":
        if policy.settles(actor, view):
            return _("Read what both sides say, then settle. Both are told why.")
        return _("The operator settles, and tells both sides why.")
    if view.state == "approved" and view.number:
        return _("The handover note carries this revision: number %(number)s.", number=view.number)
    if view.state == "approved":
        return _("The operator agrees with the holder; the counts stay.")
    return _("The handover note stays as it is.")


def line(one: NoteRevisionLine) -> str:
    """What it changes: noted so, to be written otherwise."""
    said = {
        "taken": pgettext("pickup", "Taken"),
        "missing": pgettext("pickup", "Missing"),
        "refused": pgettext("pickup", "Refused"),
        "extra": pgettext("pickup", "Extra"),
    }
    if one.before is None:
        return said[one.after]
    return _("%(before)s → %(after)s", before=said[one.before], after=said[one.after])


def standing(difference: Difference, view: RevisionView | None, until: str, over: bool) -> str:
    """What becomes of a difference. `view` is what waits on its note; `until`: the last day to contest it."""
    if difference.found:
        found = ngettext("%(num)s found since", "%(num)s found since", difference.found)
        return _("%(found)s at the holder’s", found=found)
    if view is not None:
        return _("Under revision")
    if over:
        return _("Closed")
    return _("Closed on %(date)s unless the holder contests it", date=until)
