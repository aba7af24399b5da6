"""The shop window: the stored groups (refurbishing.shelf, ADR 0024), filtered, sorted, a page at a time.

An identical group is one seller, kind, model, configuration, grade, price, openness and regime (which decides
who may take it), as they are shown: two spellings of a processor are one. Its key is a digest of these, so
that an address stays good as long as the group exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.catalogue import agec, filtering, lists, near, taking, words
from reuse_market.catalogue.asking import Asked, understand
from reuse_market.catalogue.criteria import Criterion, Ready, compared
from reuse_market.catalogue.filtering import SORTS, Filters, kept_for
from reuse_market.catalogue.groups import MANY_COMING, Group, coming, merged, read
from reuse_market.catalogue.lists import BEST, CHEAPEST, COUNTED, DISTANCE, ORDERS
from reuse_market.catalogue.pricing import VAT, Price, price
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.places import geo
from reuse_market.refurbishing.law import Limit, limit
from reuse_market.refurbishing.models import Offer, OfferPhoto
from reuse_market.refurbishing.photos import queries as photos
from reuse_market.units.models import Unit
from reuse_market.units.shipping import on_the_way

__all__ = [
    "COUNTED", "SORTS", "Filters", "Found", "Group", "base_of", "group", "groups", "kept_for", "limit_of", "open_to",
    "photos_of", "price_of", "ready_ids", "search", "stored",
]  # fmt: skip
SIZE = 25


@dataclass(frozen=True, slots=True)
class Found:
    """A page of groups, the cursor after it when there is more, and what was understood of the text.

    `total` and `units` are those of all pages, up to COUNTED groups; None on the pages that follow.
    """

    groups: list[Group]
    cursor: str | None
    asked: Asked
    total: int | None = None
    units: int | None = None


def search(
    filters: Filters, actor: Actor, base: geo.Point | None = None, *, size: int = SIZE, cursor: str = "",
    count: bool = True, since: datetime | None = None, until: datetime | None = None,
) -> Found:  # fmt: skip
    """A page of the groups open to this actor today. Seven statements at most, whatever the stock.

    `since`, `until`: only groups into which units came between both. An unreadable `cursor` is the first page.
    """
    asked = understand(filters.text, words.shown) if filters.text else Asked()
    criteria = _criteria(filters, asked, actor, base)
    if since is not None and until is not None:
        criteria.append(Criterion(compared("added_at", ">"), (since,)))
        criteria.append(Criterion(compared("added_at", "<="), (until,)))
    order, counting = _order(filters, asked, base), count and not cursor
    counted: tuple[int | None, int | None] = (None, None)
    rows: Sequence[Any]
    if order == DISTANCE and base is not None:
        rows, following = near.page(base, criteria, size, cursor)
        if counting and following is None:
            counted = len(rows), sum(row.units for row in rows)
        elif counting:
            counted = lists.counted(criteria)
    else:
        far = filtering.penalty(filters, asked) if order in (BEST, CHEAPEST) else []
        rows, following = lists.page(criteria, far, order, size, cursor, count=counting)
        if counting:
            counted = lists.told(rows)
    today = clock.today()
    page = [read(row, base, today) for row in rows[:size]]
    return Found(merged(page), following, asked, *counted)


def groups(filters: Filters, actor: Actor, base: geo.Point | None = None) -> list[Group]:
    """Every group open to this actor today, filtered and sorted, up to COUNTED."""
    return search(filters, actor, base, size=COUNTED, count=False).groups


def stored(
    key: str, actor: Actor, base: geo.Point | None = None, kept: tuple[str, ...] | None = None
) -> Group | None:
    """One group by its key, as open to this actor, as its row says: what a verb needs that locks the units next."""
    today = clock.today()
    rows = lists.of_key(key, filtering.shown_to(actor, today, kept))
    return merged([read(row, base, today) for row in rows])[0] if rows else None


def group(key: str, actor: Actor, base: geo.Point | None = None) -> Group | None:
    """One group by its key, as open to this actor; None when nothing of it is left. Counted from the units."""
    kept = kept_for(actor)
    found = stored(key, actor, base, kept)
    if found is None:
        return None
    counted = (
        sa.select(
            Unit.stream, sa.func.min(Unit.id), sa.func.count(), sa.func.min(Offer.battery_percent),
            sa.func.min(Unit.ram_mb), sa.func.min(Unit.storage_mb),
        )
        .join(Offer, Offer.unit_id == Unit.id)
        .where(Offer.group_id.in_(found.ids), Unit.state == "ready", *open_to(actor, clock.today(), kept))
        .group_by(Unit.stream)
    )  # fmt: skip
    told: Sequence[Any] = session().execute(counted).all()
    if not told:
        return None
    least = [min((row[at] for row in told if row[at] is not None), default=None) for at in (3, 4, 5)]
    return found._replace(
        coming=coming(found) if found.coming == MANY_COMING else found.coming,
        units=sum(row[2] for row in told), samples=tuple(row[1] for row in told),
        least_battery=least[0], ram_mb=least[1], storage_mb=least[2],
    )  # fmt: skip


def ready_ids(found: Group, limit: int) -> list[int]:
    """Lowest ids of ready units of a group, locked until commit where the database can."""
    return [row.id for row in taking.ready(found, limit)]


def limit_of(found: Group) -> Limit | None:
    """Who may take units of the group at its price, and up to which; None: every organisation. Six statements.

    Of a group asked for by its key: one of a list does not know its units, and nothing may pass for "no limit".
    """
    if not found.samples:
        raise ValueError("its units are not known: ask for the group by its key")
    return limit(found.samples, found.seller_id, found.price.gross_cents)


def photos_of(found: Group) -> list[OfferPhoto]:
    """The photos its seller shows of devices that look alike, in order; no statement where there is none."""
    if not found.photo_count:
        return []
    return photos.of_look(photos.look(found.seller_id, found.model_id, found.kind, found.grade, found.faults))


def price_of(cents: int, scheme: str, on: date | None = None) -> Price:
    """The price of one device under a scheme, with the VAT rate in force on a day (today by default)."""
    return price(cents, scheme, rate_per_mille(VAT, on))


def base_of(actor: Actor) -> geo.Point | None:
    """Where this actor's distances are counted from: its first located site."""
    if actor.organisation_id is None:
        return None
    site = accounts.base_site(actor.organisation_id)
    if site is None or site.latitude is None or site.longitude is None:
        return None
    return geo.Point(site.latitude, site.longitude)


def open_to(actor: Actor, on: date, kept: tuple[str, ...] | None = None) -> list[sa.ColumnElement[bool]]:
    """Criteria on units and offers: what this actor may see as ready on a day; `filtering.shown_to` of groups.

    What is kept for associations is shown to them, what a holder kept for public bodies first to these, both to
    their seller and to those who oversee; from `Offer.opens_on` on to all, whether or not the job that says so in
    `open_to` has run. `kept`: what `kept_for` says of this actor, when at hand. The stock of a seller that is
    suspended and what is on its way to another workshop, to nobody.
    """
    opened: list[sa.ColumnElement[bool]] = [
        Offer.open_from <= on, ~on_the_way(), Unit.custodian_id.in_(accounts.verified_ids())
    ]  # fmt: skip
    if actor.has(*filtering.OVERSEES):
        return opened
    # Stored groups (offer_group.opens_on) follow the same rule: `kept_for(actor)` says whose kept units it sees.
    mine = Offer.open_to.in_(("all", *(kept_for(actor) if kept is None else kept)))
    own = Unit.custodian_id == (actor.organisation_id or 0)
    opened.append(sa.or_(mine, Offer.opens_on <= on, own))
    return opened


def _criteria(filters: Filters, asked: Asked, actor: Actor, base: geo.Point | None) -> list[Criterion]:
    criteria = [*filtering.shown_to(actor, clock.today()), *filtering.matching(filters, asked)]
    if filters.text and not asked.anything and not asked.cheap and not asked.near and asked.ignored:
        criteria.append(Criterion(sa.false))
    if filters.agec or asked.agec:
        criteria.append(agec.matching(filters.agec or "yes", actor))
    if filters.within_km and base:
        metres = filters.within_km * 1000
        around = near.tiers(base, criteria, COUNTED * COUNTED, within_m=metres)
        places = near.at([place for _far, _count, points in around for place in points])
        criteria.append(Criterion(Ready(places)))
    return criteria


def _order(filters: Filters, asked: Asked, base: geo.Point | None) -> str:
    """The name of the list's order: one of ORDERS, or DISTANCE."""
    sort = filters.sort or ("distance" if asked.near else CHEAPEST if asked.cheap else BEST)
    if sort == DISTANCE and base is None:
        return BEST
    return sort if sort in ORDERS or sort == DISTANCE else "units"
