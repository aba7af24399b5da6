"""The way to what was found: when somebody is there on that day, whom to call where nobody has said."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.accounts import hours
from reuse_market.accounts.models import Site
from reuse_market.kernel.db import session
from reuse_market.reservations import queries as reservations
from reuse_market.reservations.models import Reservation
from reuse_market.reservations.needs.need_models import NeedMatch
from reuse_market.reservations.requests.request_models import AssociationRequest, RequestLine

FOUND = ("proposed", "promised", "reserved", "served")  # matches that put devices before the association
HOUR = {"fr": ("{h} heure", "{h} heures", "{h} heure {m}", "{h} heures {m}"), "en": ("{h}:{m}",) * 4}


@dataclass(frozen=True, slots=True)
class Way:
    """`ranges`: when the place is open on the day to come; `said`: its hours in its own words; `phone`: its number.

    All empty: nobody has said, and one calls before one comes.
    """

    ranges: tuple[hours.Range, ...] = ()
    said: str = ""
    phone: str = ""

    def between(self, lang: str) -> list[tuple[str, str]]:
        """The hours of that day in plain words: « 9 heures », « 12 heures 30 »."""
        return [(_hour(start, lang), _hour(end, lang)) for start, end in self.ranges]


def kept_for(found: AssociationRequest) -> Reservation | None:
    """The first reservation that keeps devices for a request."""
    return session().scalars(
        sa.select(Reservation)
        .join(NeedMatch, NeedMatch.reservation_id == Reservation.id)
        .join(RequestLine, RequestLine.need_id == NeedMatch.need_id)
        .where(RequestLine.request_id == found.id, NeedMatch.state.in_(FOUND))
        .order_by(Reservation.id)
        .limit(1)
    ).one_or_none()  # fmt: skip


def way_to(found: AssociationRequest) -> Way:
    """The way to the place of `come_at` on `come_on`. Hours are those of the site that keeps the devices, and only
    where the address told is that site's: another place may open at other hours."""
    kept = kept_for(found)
    site = reservations.place(kept) if kept is not None else None
    if site is None or found.come_on is None or not _same_place(site, found.come_at):
        return Way()
    open_on = hours.ranges(site, found.come_on)
    return Way(tuple(open_on or ()), site.hours if open_on is None else "", site.contact_phone)


def _same_place(site: Site, told: str) -> bool:
    street, place = site.street.strip().casefold(), told.casefold()
    return bool(street) and street in place and site.commune_name.casefold() in place


def _hour(time: str, lang: str) -> str:
    h, m = (int(part) for part in time.split(":"))
    form = HOUR["en" if lang == "en" else "fr"][(h > 1) + 2 * (m > 0)]
    return form.format(h=h, m=f"{m:02d}")
