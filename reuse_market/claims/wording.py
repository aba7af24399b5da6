"""What a claim's stage means to who reads it, in one sentence; the words of proposals and stages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from reuse_market.accounts.policy import oversees
from reuse_market.claims.queries import ClaimView
from reuse_market.kernel.actor import Actor
from reuse_market.regimes.cases import Refused
from reuse_market.web.filters import date_long, euros, number
from reuse_market.web.problems import words

TONES = {
    "submitted": "wait", "to_collect": "ok", "collected": "ok", "declined": "refused", "released": "neutral",
    "expired": "neutral",
}  # fmt: skip


def stage(view: ClaimView) -> tuple[str, str]:
    """(word, tone) of the badge."""
    said = {
        "submitted": _("Waiting for an answer"),
        "to_collect": _("Chosen"),
        "collected": pgettext("claim", "Collected"),
        "declined": _("Not chosen"),
        "released": _("Given up"),
        "expired": pgettext("claim", "Expired"),
    }
    return said[view.stage], TONES[view.stage]


def to_claimant(view: ClaimView) -> str:
    """The sentence for the organisation that asked: where it stands and what to do next."""
    if view.stage == "submitted" and view.at_closing:
        return _("The devices are shared when requests end. You read what you get and why by %(date)s.",
                 date=date_long(view.answer_until))  # fmt: skip
    if view.stage == "submitted":
        return _("The holder answers before %(date)s.", date=date_long(view.answer_until))
    if view.stage == "to_collect":
        if view.in_pickup:
            return _("Your request is chosen. A pick-up is being arranged.")
        part = view.awarded < view.asked
        said = _("You get a part of what you asked for.") if part else _("Your request is chosen.")
        when = _("Arrange the pick-up before %(date)s.", date=date_long(view.collect_until))
        return f"{said} {when}"
    if view.stage == "collected":
        return _("The devices have been collected.")
    if view.stage == "expired":
        return _("The holder did not answer in time. If the lot is still open, you can ask again.")
    if view.stage == "declined" and not view.reason:
        return _("The lot is shared among those who asked: you get nothing of it. Read why below.")
    if view.stage == "declined":
        return _("Your request was not chosen: %(reason)s", reason=view.reason)
    return _("This request is given up: %(reason)s", reason=view.reason)


def to_holder(view: ClaimView) -> str:
    """The sentence for the holder."""
    if view.stage == "submitted" and view.at_closing:
        return _("Answered with the others, by the proposal of share.")
    if view.stage == "submitted":
        return _("Answer before %(date)s.", date=date_long(view.answer_until))
    if view.stage == "to_collect":
        if view.in_pickup:
            return _("You have chosen it. A pick-up is being arranged.")
        return _("You have chosen it. The pick-up is to be arranged before %(date)s.",
                 date=date_long(view.collect_until))  # fmt: skip
    if view.stage == "collected":
        return _("The devices have been collected.")
    if view.stage == "expired":
        return _("You did not answer in time.")
    if view.stage == "declined" and not view.reason:
        return _("It gets nothing by the share of the lot.")
    if view.stage == "declined":
        return _("You did not choose it: %(reason)s", reason=view.reason)
    return _("This request is given up: %(reason)s", reason=view.reason)


def to_overseer(view: ClaimView) -> str:
    """The sentence for those who oversee: neither side is "you"."""
    day = date_long(view.answer_until)
    if view.stage == "submitted" and view.at_closing:
        return _("The devices are shared when requests end; the answer is due by %(date)s.", date=day)
    if view.stage == "submitted":
        return _("%(holder)s answers before %(date)s.", holder=view.holder, date=day)
    if view.stage == "to_collect" and view.in_pickup:
        return _("Chosen. The pick-up is being arranged between both organisations.")
    if view.stage == "to_collect":
        day = date_long(view.collect_until)
        return _("Chosen. %(name)s arranges the pick-up before %(date)s.", name=view.claimant, date=day)
    if view.stage == "collected":
        return _("The devices have been collected.")
    if view.stage == "expired":
        return _("%(holder)s did not answer in time.", holder=view.holder)
    if view.stage == "declined" and not view.reason:
        return _("It gets nothing by the share of the lot.")
    if view.stage == "declined":
        return _("%(holder)s did not choose it: %(reason)s", holder=view.holder, reason=view.reason)
    return _("This request is given up: %(reason)s", reason=view.reason)


def sentence(view: ClaimView, actor: Actor) -> str:
    """A claim's stage for who reads it; "" for those who may not know of it."""
    if actor.is_org(view.organisation_id):
        return to_claimant(view)
    if actor.is_org(view.holder_id):
        return to_holder(view)
    return to_overseer(view) if oversees(actor) else ""


def refusal(answer: Refused) -> str:
    """Why the law says no, with its article, and what is possible instead."""
    return words(answer.error())


def proposal(view: ClaimView) -> str:
    """What is proposed for the whole claim."""
    if view.proposal == "pay":
        return _("Pays %(amount)s before tax", amount=euros(view.amount_cents))
    if view.proposal == "fee":
        return _("Asks %(amount)s before tax for collecting", amount=euros(view.amount_cents))
    return _("Free of charge")


def quantity(view: ClaimView) -> str:
    """How many: asked, or awarded of asked."""
    if view.stage in ("submitted", "declined", "expired") or not view.awarded:
        return ngettext("%(num)s device asked for", "%(num)s devices asked for", view.asked)
    if view.awarded == view.asked:
        return ngettext("%(num)s device awarded", "%(num)s devices awarded", view.awarded)
    return _(
        "%(awarded)s devices awarded of %(asked)s", awarded=number(view.awarded), asked=number(view.asked)
    )
