"""A reservation in one word and in one sentence, written for who reads it."""

from __future__ import annotations

from flask_babel import gettext as _

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


def sentence(found: Reservation, side: str, beneficiary: str, seller: str) -> str:
    """Where the reservation stands, and who has to do what before when."""
    said = {"beneficiary": _to_beneficiary, "seller": _to_seller, "other": _to_others}[side]
    return said(found, beneficiary, seller, date_long(found.until))


def _to_beneficiary(found: Reservation, _name: str, seller: str, until: str) -> str:
    day = date_long(found.provided_at)
    return {
        "placed": _("%(seller)s has to confirm. The devices are kept for you until %(day)s included.",
                    seller=seller, day=until),
        "confirmed": _("%(seller)s has confirmed and prepares the devices; kept for you until %(day)s.",
                       seller=seller, day=until),
        "prepared": _("Your devices are ready: %(seller)s is about to deliver them.", seller=seller)
        if found.delivery == "deliver"
        else _("Your devices are ready: collect them at %(seller)s.", seller=seller),
        "provided": _("You received these devices on %(day)s: they are yours.", day=day),
        "released": _("This reservation was released: the devices are offered to others again."),
        "expired": _("The end date, %(day)s, has passed: the devices are offered to others again.",
                     day=until),
    }[found.state]  # fmt: skip


def _to_seller(found: Reservation, name: str, _seller: str, until: str) -> str:
    day = date_long(found.provided_at)
    return {
        "placed": _("%(name)s waits for your answer. Confirm before %(day)s included.", name=name, day=until),
        "confirmed": _("Prepare these devices for %(name)s. They are kept until %(day)s included.",
                       name=name, day=until),
        "prepared": _("Deliver these devices to %(name)s, and have them signed for.", name=name)
        if found.delivery == "deliver"
        else _("These devices wait for %(name)s to collect them, and to sign.", name=name),
        "provided": _("%(name)s received these devices on %(day)s: they are no longer yours.", name=name,
                      day=day),
        "released": _("This reservation was released: your devices are in the catalogue again."),
        "expired": _("The end date, %(day)s, has passed: your devices are in the catalogue again.",
                     day=until),
    }[found.state]  # fmt: skip


def _to_others(found: Reservation, name: str, seller: str, until: str) -> str:
    day = date_long(found.provided_at)
    return {
        "placed": _("%(name)s waits for the answer of %(seller)s, until %(day)s.", name=name, seller=seller,
                    day=until),
        "confirmed": _("%(seller)s prepares the devices for %(name)s.", seller=seller, name=name),
        "prepared": _("The devices of %(seller)s wait for their handover to %(name)s.", seller=seller,
                      name=name),
        "provided": _("%(name)s received the devices of %(seller)s on %(day)s.", name=name, seller=seller,
                      day=day),
        "released": _("Released: the devices are in the catalogue of %(seller)s again.", seller=seller),
        "expired": _("Expired on %(day)s: the devices are in the catalogue of %(seller)s again.", day=until,
                     seller=seller),
    }[found.state]  # fmt: skip


def next_steps(found: Reservation, seller: str) -> list[str]:
    """What happens after a reservation is placed, in order."""
    return [
        _("%(seller)s confirms, and an e-mail tells you. Without an answer all is let go after %(day)s.",
          seller=seller, day=date_long(found.until)),
        _("%(seller)s prepares the devices; an e-mail tells you when they are ready.", seller=seller),
        _("At the handover you sign for what you receive, on your account or with the four-digit code of the "
          "confirmation e-mail."),
        _("The signed handover slip, with the code of each device, is kept on the page of the reservation."),
    ]  # fmt: skip
