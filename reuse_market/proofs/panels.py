"""What proofs shows on the lot's page: its timeline and the sentence that always adds up."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from reuse_market.kernel.actor import Actor
from reuse_market.lots import queries as lots
from reuse_market.proofs import timeline
from reuse_market.web.panels import Panel

# One word per figure of the balance, singular and plural, in the order they are said.
FIGURES = (
    ("listed", "%(num)d to take", "%(num)d to take"),
    ("awarded", "%(num)d awarded", "%(num)d awarded"),
)


def lot_timeline(lot: Any, actor: Actor) -> Panel | None:
    """Timeline and balance, for the holder, the actors of the lot and those who oversee."""
    if not lots.may_see_life(lot, actor):
        return None
    steps = timeline.of_lot(lot.reference)
    return Panel(
        "proofs/_timeline.html",
        {"frise": timeline.as_frise(steps, say), "sentence": ""},
    )


def say(message: str, **params: Any) -> str:
    """Translate a msgid with its figures."""
    return gettext(message, **params) if params else gettext(message)


def devices(count: int) -> str:
    """"1 device", "12 devices"."""
    return ngettext("%(num)d device", "%(num)d devices", count)
