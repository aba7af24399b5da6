"""What a holder decides about a lot, and which choices hold together. Pure rules over plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import TRISTATE, WORKS

FIELDS = (
    "title", "note", "site_id", "available_from", "available_until", "claims_until", "regime", "price_kind",
    "price_cents", "award_mode", "erased_by", "erasure_policy",
)  # fmt: skip
OPEN_REGIMES = ("sale", "gift")
PRICE_KINDS = {"sale": ("fixed", "proposals"), "gift": ("free",)}
AWARD_MODES = ("first_come", "holder_choice")
ERASERS = ("holder", "reuse_actor")
ERASURE_POLICIES = ("clear", "purge", "destroy")
LINE_CONDITION = {
    "works": WORKS, "charger": TRISTATE, "os_installed": TRISTATE, "windows_11": TRISTATE,
    "locks_released": TRISTATE,
}  # fmt: skip
MOST_UNITS = 10_000
MOST_CENTS = 2**31 - 1  # what an integer column holds


def check_open(regime: str) -> None:
    """Refuse a regime that no lot can follow yet. What the law makes of the others is asked of `regimes`.

    The free transfer and the transfer between public bodies (CG3P L3212-2) suppose estimated values and
    written undertakings, which a lot does not carry yet.
    """
    if regime not in OPEN_REGIMES:
        raise Invalid(
            N_(
                "This regime is not open yet. Choose a sale, or a gift if you are a company or an association."
            ),
            field="regime",
            code="regime.not-open",
        )


def check_price(regime: str, price_kind: str | None, cents: int | None) -> None:
    """A sale has a price or asks for proposals; a gift is free."""
    if price_kind not in PRICE_KINDS[regime]:
        raise Invalid(N_("Say how the price is set: a price, or proposals asked."), field="price_kind")
    if price_kind == "fixed" and not 0 < (cents or 0) <= MOST_CENTS:
        raise Invalid(N_("Enter the price of the whole lot, before tax."), field="price_cents")


def check_award(mode: str, price_kind: str | None) -> None:
    """First come, first served needs nothing left to compare."""
    if mode not in AWARD_MODES:
        raise Invalid(N_("Say how the lot is awarded."), field="award_mode")
    if mode == "first_come" and price_kind == "proposals":
        raise Invalid(
            N_("When you ask for proposals, you choose among them: the lot cannot go to the first who asks."),
            field="award_mode",
        )


def check_dates(start: date | None, end: date | None, claims_until: date | None, today: date) -> None:
    """Claims end before the window does, and nothing lies in the past. Civil dates of Europe/Paris."""
    if start and end and end < start:
        raise Invalid(N_("The last day comes before the first one."), field="available_until")
    if end and end < today:
        raise Invalid(N_("This day is over. Choose a later one."), field="available_until")
    if claims_until and claims_until < today:
        raise Invalid(N_("This day is over. Choose a later one."), field="claims_until")
    if claims_until and end and claims_until > end:
        raise Invalid(
            N_("Requests must end before the last day of pick-up."),
            field="claims_until",
            code="lot.claims-late",
        )


def check_choice(field: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a code outside its list."""
    if value not in allowed:
        raise Invalid(N_("Choose an answer."), field=field)


def check_line(values: Mapping[str, Any]) -> dict[str, str]:
    """The condition of a line, checked: works, charger, os_installed, windows_11, locks_released, note."""
    kept = {}
    for name, value in values.items():
        if name in LINE_CONDITION:
            check_choice(name, value, LINE_CONDITION[name])
        elif name != "note" or len(value) > 300:
            raise Invalid(N_("Use at most 300 characters."), field=name)
        kept[name] = value
    return kept


def first_missing(lot: Any, units: int) -> tuple[str, str] | None:
    """(field, what to do) of the first thing a draft lacks to be published, or None."""
    wanted = (
        ("lines", units > 0, N_("Add at least one device to the lot.")),
        ("site_id", lot.site_id, N_("Choose the site where the devices are picked up.")),
        ("available_from", lot.available_from, N_("Enter the first day of pick-up.")),
        ("available_until", lot.available_until, N_("Enter the last day of pick-up.")),
        ("claims_until", lot.claims_until, N_("Enter the last day for requests.")),
        ("regime", lot.regime, N_("Choose a sale or a gift.")),
        ("price_kind", lot.price_kind, N_("Say how the price is set: a price, or proposals asked.")),
        ("erased_by", lot.erased_by, N_("Say who erases the data.")),
        ("erasure_policy", lot.erasure_policy, N_("Choose how data are erased.")),
    )
    return next(((field, told) for field, is_there, told in wanted if not is_there), None)
