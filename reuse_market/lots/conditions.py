"""What a holder decides about a lot, and which choices hold together. Pure rules over plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from reuse_market.kernel import praise
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_
from reuse_market.lots.models import LOCKS as LOCK_NAMES
from reuse_market.lots.models import TRISTATE, WORKS

FIELDS = (
    "title", "note", "site_id", "available_from", "available_until", "claims_until", "regime", "price_kind",
    "price_cents", "award_mode", "erased_by", "erasure_policy", "public_first_days", "expected_month",
    "cap_per_actor", "reserved_percent", "reserved_for",
)  # fmt: skip
OPEN_REGIMES = ("sale", "gift", "free_transfer", "public_transfer")
PRICE_KINDS = {
    "sale": ("fixed", "proposals"),
    "gift": ("free",),
    "free_transfer": ("free",),
    "public_transfer": ("free",),
}
FREE_REGIMES = tuple(regime for regime, kinds in PRICE_KINDS.items() if kinds == ("free",))
VALUATIONS = ("book_value", "depreciation", "market_price", "expert", "other")
MOST_PUBLIC_FIRST = 90
AWARD_MODES = ("first_come", "holder_choice", "at_closing")
RESERVED_FOR = ("recipients", "public_bodies")
ERASERS = ("holder", "reuse_actor")
ERASURE_POLICIES = ("clear", "purge", "destroy")
LINE_CONDITION = {
    "works": WORKS, "charger": TRISTATE, "os_installed": TRISTATE, "windows_11": TRISTATE,
    "locks_released": TRISTATE,
}  # fmt: skip
LOCKS = dict.fromkeys(LOCK_NAMES, TRISTATE)
MOST_UNITS = 10_000
MOST_MONTHS = 36  # how far ahead a lot is announced: what the forecast shows
MOST_CENTS = 2**31 - 1  # what an integer column holds


def goes_as_it_is(lot: Any) -> bool:
    """Whether it may go straight, en l'état, to recipients and public bodies: free, erased by its holder.

    To which of them, the law says (law.takers).
    """
    return lot.regime in FREE_REGIMES and lot.erased_by == "holder"


def check_price(regime: str, price_kind: str | None, cents: int | None) -> None:
    """A sale has a price or asks for proposals; the other regimes are free. None: not said yet."""
    if price_kind is not None and price_kind not in PRICE_KINDS[regime]:
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


def check_public_first(days: int | None, claims_until: date | None, today: date) -> None:
    """The time kept for public bodies ends before requests do: others still get a day at least."""
    if days is None:
        return
    if not 1 <= days <= MOST_PUBLIC_FIRST:
        raise Invalid(
            N_("Enter a number between 1 and %(most)s."), field="public_first_days", most=MOST_PUBLIC_FIRST
        )
    if claims_until and today + timedelta(days=days) >= claims_until:
        raise Invalid(
            N_("The time kept for public bodies must end before the last day for requests."),
            field="public_first_days",
            code="lot.public-first-late",
        )


def check_value(cents: int | None, how: str | None, on: date | None, today: date) -> None:
    """The estimated value of one device: how much, how it was estimated, on a day that has come. Or nothing."""
    if cents is None:
        return
    if not 0 <= cents <= MOST_CENTS:
        raise Invalid(N_("Enter the amount in euros."), field="value_cents")
    if how not in VALUATIONS:
        raise Invalid(N_("Say how the value was estimated."), field="value_how")
    if on is not None and on > today:
        raise Invalid(N_("This day has not come yet."), field="valued_on")


def shared_cents(total: int, parts: Sequence[tuple[int, int | None]]) -> list[int]:
    """The share of one device of each part in the price of the whole, rounded down. `parts`: (units, value).

    In proportion to the estimated values, so that a share is under its value exactly when the total is under
    theirs all together; evenly where a value is not known.
    """
    worth = sum(units * (value or 0) for units, value in parts)
    count = sum(units for units, _value in parts)
    even = total // count if count else 0
    return [even if value is None or not worth else total * value // worth for _units, value in parts]


def check_choice(field: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Refuse a code outside its list."""
    if value not in allowed:
        raise Invalid(N_("Choose an answer."), field=field)


def check_line(values: Mapping[str, Any]) -> dict[str, str | None]:
    """The condition of a line, checked: works, charger, os_installed, windows_11, locks_released, the locks one
    by one ("" or None: not concerned, or not said), note. Locks that are said decide `locks_released`."""
    kept: dict[str, str | None] = {}
    for name, value in values.items():
        if name in LOCKS:
            if value:
                check_choice(name, value, LOCKS[name])
            kept[name] = value or None
            continue
        if name in LINE_CONDITION:
            check_choice(name, value, LINE_CONDITION[name])
        elif name != "note" or len(value) > 300:
            raise Invalid(N_("Use at most 300 characters."), field=name)
        else:
            praise.require_plain(value, field="note")
        kept[name] = value
    return kept


def locks_released(said: Sequence[str | None]) -> str | None:
    """What several locks say together: one that stays is a no, one not known makes all unknown; None: none said."""
    told = [one for one in said if one]
    return next((code for code in ("no", "unknown", "yes") if code in told), None)


def check_month(month: date | None, today: date) -> None:
    """The month a planned lot is expected in: from the running one to MOST_MONTHS later. None: not said yet."""
    if month is None:
        return
    ahead = (month.year - today.year) * 12 + month.month - today.month
    if not 0 <= ahead <= MOST_MONTHS:
        raise Invalid(
            N_("Choose a month from this one to %(months)s months from now."),
            field="expected_month",
            months=MOST_MONTHS,
        )


def first_missing_plan(lot: Any, units: int) -> tuple[str, str] | None:
    """(field, what to do) of the first thing a draft lacks to be announced, or None."""
    wanted = (
        ("lines", units > 0, N_("Say how many devices of what kind you expect.")),
        ("site_id", lot.site_id, N_("Choose the site where the devices are picked up.")),
        ("expected_month", lot.expected_month, N_("Choose the month you expect them in.")),
    )
    return next(((field, told) for field, is_there, told in wanted if not is_there), None)


def first_missing(lot: Any, units: int) -> tuple[str, str] | None:
    """(field, what to do) of the first thing a draft lacks to be published, or None."""
    wanted = (
        ("lines", units > 0, N_("Add at least one device to the lot.")),
        ("site_id", lot.site_id, N_("Choose the site where the devices are picked up.")),
        ("available_from", lot.available_from, N_("Enter the first day of pick-up.")),
        ("available_until", lot.available_until, N_("Enter the last day of pick-up.")),
        ("claims_until", lot.claims_until, N_("Enter the last day for requests.")),
        ("regime", lot.regime, N_("Choose how you part with the devices: sale, gift, transfer.")),
        ("price_kind", lot.price_kind, N_("Say how the price is set: a price, or proposals asked.")),
        ("erased_by", lot.erased_by, N_("Say who erases the data.")),
        ("erasure_policy", lot.erasure_policy, N_("Choose how data are erased.")),
    )
    return next(((field, told) for field, is_there, told in wanted if not is_there), None)
