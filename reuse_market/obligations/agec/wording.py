"""The ledger in sentences: the year's first, why a line counts, what keeps a declaration from being made."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.obligations.agec.agec_models import AgecEntry
from reuse_market.obligations.agec.categories import SHOWN
from reuse_market.obligations.agec.here import Line
from reuse_market.obligations.agec.queries import Standing
from reuse_market.web.filters import euros, percent

FAULTS = {
    "siret": N_("The SIRET of your organisation is not recorded: ask the operator to add it."),
    "empty": N_("Nothing is recorded for this year: type its two figures, or its lines."),
    "total": N_("%(category)s: say what was spent in all; only purchases made here are known."),
    "negative": N_("%(category)s: an amount of the year is below zero."),
}


def sentence(one: Standing) -> str:
    """« En 2026 : 14 % sur 20 % demandés. Il manque 6 200 € d’achats réemployés. »"""
    if one.rate is None:
        return _("In %(year)s: say what was spent in all to know your share.", year=str(one.year))
    share = percent(one.rate)
    if one.target is None:
        return _("In %(year)s: %(share)s. The share asked is not provided.", year=str(one.year), share=share)
    told = _(
        "In %(year)s: %(share)s of the %(asked)s asked.",
        year=str(one.year), share=share, asked=percent(one.target),
    )  # fmt: skip
    if one.reached:
        reached = _("The share is reached.")
        return f"{told} {reached}"
    missing = _("%(amount)s of reused purchases are missing.", amount=euros(one.missing_cents))
    return f"{told} {missing}"


def because(line: Line) -> str:
    """Why a line counts or not."""
    return _(line.why, **line.params) if line.why else ""


def verdict(line: Line) -> str:
    """Counts, waits, or does not count."""
    if line.counted:
        return _("counts")
    return _("waits") if line.waits else _("does not count")


def counts_elsewhere(row: AgecEntry) -> str:
    """The same for a line of spend made elsewhere."""
    return _("counts") if row.reused_cents or row.gift_cents else _("does not count")


def because_elsewhere(row: AgecEntry) -> str:
    """Why, from what was typed: nobody here checks it."""
    if row.gift_cents:
        return _("A gift of the State’s platform, at its flat value.")
    if not row.reused_cents:
        return _("Nothing reused in it.")
    if row.reused_cents == row.amount_cents:
        return _("Said to be reused by your organisation.")
    return _("Of which %(amount)s said to be reused.", amount=euros(row.reused_cents))


def faults(found: Sequence[tuple[str, str]]) -> list[str]:
    """Why a declaration cannot be made, in words."""
    return [
        _(FAULTS[code], category=SHOWN[category]) if category else _(FAULTS[code]) for code, category in found
    ]


def refusal(code: str, category: str) -> Invalid:
    """The same as the verb's refusal."""
    if category:
        return Invalid(FAULTS[code], code=f"agec.{code}", category=SHOWN[category])
    return Invalid(FAULTS[code], code=f"agec.{code}")
