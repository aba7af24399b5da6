"""A reservation in one word and in one sentence, written for who reads it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from reuse_market.reservations.models import Reservation
from reuse_market.web.filters import date_long


def side_of(found: Reservation, organisation_id: int | None) -> str:
    """beneficiary | seller | other."""
    if organisation_id == found.beneficiary_id:
        return "beneficiary"
    return "seller" if organisation_id == found.seller_id else "other"


def badge(state: str) -> tuple[str, str]:
    """The state in a word, and its tone."""
    return {
        "placed": (_("To be confirmed"), "wait"),
        "confirmed": (_("Being prepared"), "wait"),
        "prepared": (_("Ready for handover"), "ok"),
        "provided": (_("Handover done"), "ok"),
        "released": (_("Released"), "neutral"),
        "expired": (_("Expired"), "neutral"),
    }[state]


def badge_of(found: Reservation) -> tuple[str, str]:
    """The same, of a reservation that may only be offered yet."""
    return (_("To be accepted"), "wait") if found.offered_until is not None else badge(found.state)


def voucher_badge(state: str) -> tuple[str, str]:
    """The state of a voucher in a word, and its tone."""
    return {
        "issued": (_("Good"), "ok"),
        "used": (_("Used"), "neutral"),
        "cancelled": (_("Cancelled"), "neutral"),
        "expired": (_("Expired"), "neutral"),
    }[state]


def sentence(found: Reservation, side: str, beneficiary: str, seller: str) -> str:
    """Where the reservation stands, and who has to do what before when."""
    said = {"beneficiary": _to_beneficiary, "seller": _to_seller, "other": _to_others}[side]
    return said(found, beneficiary, seller, date_long(found.until))


def _to_beneficiary(found: Reservation, _name: str, seller: str, until: str) -> str:
    if found.offered_until is not None:
        return _(
            "These devices are offered to you: all is kept for you until %(day)s included. "
            "Accept, or leave them to others.",
            day=until,
        )
    if found.state == "placed":
        return _(
            "%(seller)s has to confirm. All is kept for you until %(day)s included.", seller=seller, day=until
        )
    if found.state == "confirmed":
        return _(
            "%(seller)s has confirmed and prepares your reservation, kept until %(day)s included.",
            seller=seller,
            day=until,
        )
    if found.state == "prepared" and found.delivery != "collect":
        return _("All is ready: %(seller)s is about to deliver to you.", seller=seller)
    if found.state == "prepared":
        return _(
            "All is ready: come and collect at %(seller)s, until %(day)s included.", seller=seller, day=until
        )
    if found.state == "provided":
        day = date_long(found.provided_at)
        return ngettext(
            "You received this device on %(day)s: it is yours.",
            "You received these devices on %(day)s: they are yours.",
            found.units,
            day=day,
        )
    return _let_go(found, until)


def _to_seller(found: Reservation, name: str, _seller: str, until: str) -> str:
    if found.offered_until is not None:
        return _(
            "It is the turn of %(name)s, which has until %(day)s included to accept.",
            name=name,
            day=until,
        )
    if found.state == "placed":
        return _("%(name)s waits for your answer. Confirm by %(day)s.", name=name, day=until)
    if found.state == "confirmed":
        return ngettext(
            "Prepare this device for %(name)s. It is kept until %(day)s included.",
            "Prepare these devices for %(name)s. They are kept until %(day)s included.",
            found.units,
            name=name,
            day=until,
        )
    if found.state == "prepared" and found.delivery != "collect":
        return _("All is ready: deliver to %(name)s, and have the handover signed.", name=name)
    if found.state == "prepared":
        return _("All is ready: %(name)s comes to collect, and signs.", name=name)
    if found.state == "provided" and found.voucher_id is not None:
        return _("Sold on an orientation voucher on %(day)s.", day=date_long(found.provided_at))
    if found.state == "provided":
        day = date_long(found.provided_at)
        return ngettext(
            "%(name)s received this device on %(day)s: it is no longer yours.",
            "%(name)s received these devices on %(day)s: they are no longer yours.",
            found.units,
            name=name,
            day=day,
        )
    return _let_go(found, until)


def _to_others(found: Reservation, name: str, seller: str, until: str) -> str:
    if found.offered_until is not None:
        return _(
            "It is the turn of %(name)s, which has until %(day)s included to accept.",
            name=name,
            day=until,
        )
    if found.state == "placed":
        return _(
            "%(name)s waits for the answer of %(seller)s, until %(day)s.", name=name, seller=seller, day=until
        )
    if found.state == "confirmed":
        return _("%(seller)s prepares the reservation of %(name)s.", seller=seller, name=name)
    if found.state == "prepared":
        return _("All is ready: %(seller)s hands over to %(name)s.", seller=seller, name=name)
    if found.state == "provided":
        day = date_long(found.provided_at)
        return _("Handed over to %(name)s by %(seller)s on %(day)s.", name=name, seller=seller, day=day)
    return _let_go(found, until)


def _let_go(found: Reservation, until: str) -> str:
    if found.state == "released":
        return _("This reservation was released: what it held is in the catalogue again.")
    return _("The end date, %(day)s, has passed: what was held is in the catalogue again.", day=until)


def next_steps(found: Reservation, seller: str) -> list[str]:
    """What happens after a reservation is placed, in order."""
    return [
        _(
            "%(seller)s confirms, and an e-mail tells you. Without an answer all is let go after %(day)s.",
            seller=seller,
            day=date_long(found.until),
        ),
        _("%(seller)s prepares your reservation; an e-mail tells you when it is ready.", seller=seller),
        _(
            "At the handover you sign for what you receive, on your account or with the four-digit code of "
            "the confirmation e-mail."
        ),
        _("The signed handover slip, with the code of each device, is kept on the page of the reservation."),
    ]
