"""What a round's state and doubts mean to who reads them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from reuse_market.collection.round_models import Round
from reuse_market.collection.rounds.drawing import Doubt
from reuse_market.web.filters import date_long, kilos, number

TONES = {"draft": "neutral", "planned": "wait", "under_way": "wait", "done": "ok", "cancelled": "neutral"}


def state(found: Round) -> tuple[str, str]:
    """(word, tone) of the badge."""
    words = {
        "draft": pgettext("round", "Draft"),
        "planned": pgettext("round", "Planned"),
        "under_way": pgettext("round", "Under way"),
        "done": pgettext("round", "Done"),
        "cancelled": pgettext("round", "Cancelled"),
    }
    return words[found.state], TONES[found.state]


def sentence(found: Round) -> str:
    """What the state means for who keeps the round."""
    return {
        "draft": _("Arrange the stops, then plan the round: each holder is then told its hour."),
        "planned": _("Each holder knows its hour. On the day, start the round."),
        "under_way": _("The driver is on the road. The round ends by itself after the last stop."),
        "done": _("Nothing is left to do at any stop."),
        "cancelled": _("This round is called off. Its pick-ups stand and can go on another round."),
    }[found.state]


def roads(how: str) -> str:
    """Where kilometres and minutes come from."""
    return {
        "service": _("Kilometres and minutes by road, from the road service."),
        "estimate": _(
            "Kilometres and minutes are estimated: as the crow flies, lengthened, at a usual pace."
        ),
        "fallback": _(
            "The road service did not answer: kilometres and minutes are estimated as the crow flies."
        ),
    }[how]


def engine(code: str | None) -> str:
    """Who put the stops in this order."""
    return {
        "savings": _("Order proposed by the planner."), "pyvrp": _("Order proposed by the planner."),
    }.get(code or "", _("Order chosen by hand."))  # fmt: skip


def doubt(one: Doubt) -> str:
    """A doubt as a sentence that says what to do where something can be done."""
    facts = one.facts
    holder, limit = facts.get("holder", ""), facts.get("limit", 0)
    say = {
        "too-many": lambda: _("Too many devices: %(units)s for %(limit)s.", units=number(facts["units"]),
                              limit=number(limit)),
        "too-heavy": lambda: _("Too heavy: %(load)s for %(limit)s.", load=kilos(facts["grams"]), limit=kilos(limit)),
        "weight-unknown": lambda: _("Weight not provided: the mass of one of the kinds is not known."),
        "volume-unknown": lambda: _("Volume not provided: no reference says how much room a device takes. Judge "
                                    "whether all goes into %(limit)s litres.", limit=number(limit)),
        "long": lambda: _("Back at %(home)s, after %(end)s.", home=facts["home"], end=facts["to_time"]),
        "late": lambda: _("%(holder)s: %(minutes)s minutes after the end of the slot (%(end)s).", holder=holder,
                          minutes=facts["minutes"], end=facts["to_time"]),
        "other-day": lambda: _("%(holder)s: the slot is on %(day)s.", holder=holder, day=date_long(facts["day"])),
        "not-agreed": lambda: _("%(holder)s: the day is not agreed yet.", holder=holder),
        "no-place": lambda: _("%(holder)s: the place is not known, its kilometres are not counted.", holder=holder),
        "no-depot": lambda: _("The depot is not known: choose one of your sites."),
        "no-vehicle": lambda: _("No vehicle is chosen: nothing says whether everything fits."),
        "no-tail-lift": lambda: _("%(holder)s: a tail-lift is needed, the vehicle has none.", holder=holder),
        "tail-lift-unknown": lambda: _("%(holder)s: a tail-lift is needed; say whether the vehicle has one.",
                                       holder=holder),
        "too-high": lambda: _("%(holder)s: height limited to %(limit)s cm, the vehicle is %(height)s cm high.",
                              holder=holder, limit=limit, height=facts["height"]),
        "height-unknown": lambda: _("%(holder)s: height limited to %(limit)s cm; say how high the vehicle is.",
                                    holder=holder, limit=limit),
    }  # fmt: skip
    return str(say[one.code]())
