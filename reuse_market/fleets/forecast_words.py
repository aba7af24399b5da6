"""What quarters, plans and the reasons of a forecast are called on pages; the edge translates."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.fleets.forecast_models import ForecastGround, RenewalPlan
from reuse_market.kernel.words import N_
from reuse_market.web.filters import month_long, number

PLAN_STATES = {  # word, tone of its badge
    "announced": (N_("Announced"), "ok"),
    "done": (N_("Done"), "neutral"),
    "cancelled": (N_("Cancelled"), "neutral"),
}


def quarter_short(day: date) -> str:
    """« T1 2027 », "Q1 2027"."""
    return _("Q%(number)s %(year)s", number=(day.month + 2) // 3, year=day.year)


def quarter_long(day: date) -> str:
    """« De janvier à mars 2027 », "January to March 2027"."""
    words = {
        1: _("January to March %(year)s", year=day.year),
        4: _("April to June %(year)s", year=day.year),
        7: _("July to September %(year)s", year=day.year),
        10: _("October to December %(year)s", year=day.year),
    }
    return words[day.month]


def when(plan: RenewalPlan) -> str:
    """The month of a plan, else its quarter."""
    return month_long(plan.month) if plan.month else quarter_long(plan.quarter)


def age(months: int) -> str:
    """« 5 ans », « 30 mois »."""
    if months % 12:
        return ngettext("%(num)s month", "%(num)s months", months)
    return ngettext("%(num)s year", "%(num)s years", months // 12)


def reason(ground: ForecastGround) -> str:
    """What the forecast of a kind rests on, in a sentence."""
    if ground.rule_months is None:
        return _("No age of renewal is known for this kind: only what you announce is counted.")
    rule = age(ground.rule_months)
    if ground.discards and ground.since:
        told = ngettext(
            "From your %(count)s discard observed since %(year)s, and the age rule: %(age)s.",
            "From your %(count)s discards observed since %(year)s, and the age rule: %(age)s.",
            ground.discards, count=number(ground.discards), year=ground.since.year, age=rule,
        )  # fmt: skip
    elif ground.own_rule:
        told = _("From your age rule: %(age)s. No discard of this kind has been observed yet.", age=rule)
    else:
        told = _("From the usual age rule: %(age)s. No discard of this kind has been observed yet.", age=rule)
    return " ".join([told, *_notes(ground)])


def _notes(ground: ForecastGround) -> list[str]:
    told = []
    if ground.discards and ground.age_months:
        told.append(_("Half of these devices leave before the age of %(age)s.", age=age(ground.age_months)))
    if ground.undated and ground.undated < ground.in_use:
        told.append(
            ngettext(
                "%(count)s device without a date of purchase is taken to be as old as the others.",
                "%(count)s devices without a date of purchase are taken to be as old as the others.",
                ground.undated, count=number(ground.undated),
            )
        )  # fmt: skip
    elif ground.undated:
        told.append(
            _("No device of this kind has a date of purchase: nothing can be foretold from their age.")
        )
    return told
