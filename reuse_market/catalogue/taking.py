"""What a verb asks of the shop window before it takes units out of it: one short statement each, built once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.catalogue.filtering import OVERSEES, kept_for
from reuse_market.catalogue.groups import NAMES, TABLE, Group, merged, read
from reuse_market.catalogue.pricing import rate_on
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.statements import plain
from reuse_market.lots.models import Lot
from reuse_market.refurbishing.models import Offer
from reuse_market.units.models import Engagement, Unit


@dataclass(frozen=True, slots=True)
class Stock:
    """The group of a key as open to an actor, None when nothing of it is; what is coming and photos not counted.

    `left`: the most that one of its rows has, open to this actor or not; None where an admitted seller has none.
    """

    group: Group | None
    left: int | None


def stock(key: str, actor: Actor) -> Stock:
    """What there is of a group, as `queries.stored` tells it, in one statement (and one more for what is kept)."""
    today = clock.today()
    rows = [row for row in plain(_OF_KEY, {"key": key, "day": today}) if row.state == "verified"]
    if not rows:
        return Stock(None, None)
    filled = [row for row in rows if row.units > 0 and row.shown_from <= today]
    kept = [row for row in filled if row.open_to != "all" and row.opens_on > today]
    if kept and not actor.has(*OVERSEES) and not actor.is_org(kept[0].seller_id):
        mine = kept_for(actor)
        closed = {row.id for row in kept if row.open_to not in mine}
        filled = [row for row in filled if row.id not in closed]
    group = merged([read(row, None, today) for row in filled])[0] if filled else None
    return Stock(group, max(row.units for row in rows))


def left(key: str) -> int | None:
    """`Stock.left` alone: a look, without a lock."""
    found: int | None = plain(_LEFT, {"key": key}).scalar()
    return found


def ready(found: Group, most: int) -> list[Any]:
    """Up to so many ready units of a group, the lowest ids first, locked until commit where the database can.

    Rows of id, stream, kind, regime, owner_id, custodian_id and holder_id (of their lot; None without one).
    """
    asked = {"ids": list(found.ids), "day": clock.today(), "most": most}
    return list(plain(_READY, asked).all())


def facts(ids: list[int]) -> list[Any]:
    """The same of units already chosen, in the order of their ids."""
    return list(plain(_FACTS, {"ids": ids}).all())


def _of_key() -> sa.Select[Any]:
    """The rows of :key with their seller and the rate of VAT in force on :day."""
    group, organisation = TABLE.c, Organisation.__table__.c
    told = rate_on(sa.bindparam("day", type_=sa.Date))
    zero: sa.ColumnElement[int] = sa.literal_column("0")
    return (
        sa.select(
            *(group[name] for name in NAMES), group.commune_name, group.shown_from, organisation.state,
            organisation.name.label("seller"), told.label("vat_per_mille"),
            zero.label("coming"), zero.label("photo_count"),
        )
        .join(Organisation.__table__, organisation.id == group.seller_id)
        .where(group.key == sa.bindparam("key"))
        .order_by(group.id)
    )  # fmt: skip


def _picked(*, offered: bool) -> sa.Select[Any]:
    """What is told of a unit: `ready`, `facts`."""
    unit, lot, offer = Unit.__table__, Lot.__table__, Offer.__table__
    origin = lot.c.reference == sa.func.substr(unit.c.stream, sa.literal_column("5"))  # after "lot/"
    names = ("id", "stream", "kind", "regime", "owner_id", "custodian_id")
    tables = offer.join(unit, unit.c.id == offer.c.unit_id) if offered else unit
    found = sa.select(*(unit.c[name] for name in names), lot.c.holder_id)
    return found.select_from(tables.outerjoin(lot, origin)).order_by(unit.c.id)


def _ready() -> sa.Select[Any]:
    """Units of :ids (groups) ready on :day and not on their way to another workshop, up to :most."""
    unit, offer, engagement = Unit.__table__, Offer.__table__.c, Engagement.__table__.c
    shipped = sa.exists().where(
        engagement.unit_id == unit.c.id, engagement.kind == _code("shipment"), engagement.until_at.is_(None)
    )
    found = _picked(offered=True).where(
        offer.group_id.in_(sa.bindparam("ids", expanding=True)),
        offer.open_from <= sa.bindparam("day", type_=sa.Date),
        unit.c.state == _code("ready"),
        ~shipped,
    )
    return found.limit(sa.bindparam("most", type_=sa.Integer)).with_for_update(of=unit)


def _code(text: str) -> Any:
    return sa.literal_column(f"'{text}'")


_OF_KEY, _READY = _of_key(), _ready()
_FACTS = _picked(offered=False).where(Unit.__table__.c.id.in_(sa.bindparam("ids", expanding=True)))
_LEFT = (
    sa.select(sa.func.max(TABLE.c.units))
    .join(Organisation.__table__, Organisation.__table__.c.id == TABLE.c.seller_id)
    .where(TABLE.c.key == sa.bindparam("key"), Organisation.__table__.c.state == "verified")
)
