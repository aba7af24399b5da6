"""An identical group as it is shown, read from its stored row."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.catalogue.pricing import Price, price, rate_on
from reuse_market.kernel import clock
from reuse_market.kernel.db import session
from reuse_market.places import geo
from reuse_market.refurbishing.models import OfferGroup
from reuse_market.refurbishing.photos import queries as photos
from reuse_market.units.models import Unit

COMING = ("collected", "in_workshop")  # received or about to be: ready once tested, erased and graded
MANY_COMING = 100  # a list counts what is coming up to there: "100+"
NAMES = (
    "id", "key", "units", "seller_id", "kind", "model_id", "maker", "model", "cpu", "ram_mb", "storage_mb",
    "screen_tenths", "os", "windows_11", "charger", "grade", "price_cents", "vat_scheme", "warranty_months", "regime",
    "faults", "least_battery", "open_to", "opens_on", "latitude", "longitude",
)  # fmt: skip


class Group(NamedTuple):
    """An identical group: what it is, how many are ready, where, at what price.

    `coming`: units of the same model in the same workshop that are not ready yet, MANY_COMING for
    more. `samples`: a unit of each origin, known where the group was asked for by its key.
    """

    key: str
    units: int
    seller_id: int
    kind: str
    model_id: int | None
    maker: str
    model: str
    cpu: str | None
    ram_mb: int | None
    storage_mb: int | None
    screen_tenths: int | None
    os: str | None  # installed after erasure; None: without one (a computer), or not known
    windows_11: str  # yes | no | unknown
    charger: str
    grade: str
    price_cents: int
    vat_scheme: str
    warranty_months: int
    regime: str | None
    faults: str | None  # codes of what does not work, "a,b"; None: every function works
    least_battery: int | None
    seller: str
    price: Price
    open_to: str
    commune: str
    distance_m: int | None
    coming: int
    photo_count: int  # of devices that look alike
    ids: tuple[int, ...]  # of its stored rows
    samples: tuple[int, ...]


TABLE = OfferGroup.__table__
NONE: sa.ColumnElement[int] = sa.literal_column(
    "0", sa.Integer
)  # written out: an index is limited to "units > 0"
FROM_ROW = Group._fields[: Group._fields.index("seller")]  # what a group tells first are columns


def _columns() -> list[Any]:
    """What a list reads of its groups: their seller's name, and how many of the same model are coming."""
    group, unit, organisation = TABLE.c, Unit.__table__.c, Organisation.__table__.c
    received = (
        sa.select(unit.id)
        .where(
            unit.custodian_id == group.seller_id,
            unit.model_id == group.model_id,
            unit.kind == group.kind,
            unit.state.in_([sa.literal_column(f"'{state}'") for state in COMING]),
        )
        .correlate(TABLE)
        .limit(sa.literal_column(str(MANY_COMING)))
        .subquery("received")
    )
    coming = sa.select(sa.func.count()).select_from(received).scalar_subquery()
    seller = (
        sa.select(organisation.name)
        .where(organisation.id == group.seller_id)
        .correlate(TABLE)
        .scalar_subquery()
    )
    own = [group[name] for name in (*NAMES, "commune_name")]
    rate = rate_on(sa.bindparam("rate_on", type_=sa.Date, callable_=clock.today))
    return [
        *own, seller.label("seller"), coming.label("coming"), photos.counted().label("photo_count"),
        rate.label("vat_per_mille"),
    ]  # fmt: skip


COLUMNS = tuple(_columns())


def listed(page: sa.Select[Any], *order: str, beside: sa.CTE | None = None) -> sa.Select[Any]:
    """The groups of a page: `page` says which ids (its column "id") and in what order, the rest is read of these.

    `beside`: one row, told with each.
    """
    ids = page.subquery("page")
    more = [column for column in ids.c if column.name != "id"]
    tables = sa.join(ids, TABLE, TABLE.c.id == ids.c.id)
    if beside is not None:
        more, tables = [*more, *beside.c], tables.join(beside, sa.true())
    found = sa.select(*COLUMNS, *more).select_from(tables)
    return found.order_by(*(ids.c[name] for name in order))


_of_row = itemgetter(*(NAMES.index(name) for name in FROM_ROW))  # COLUMNS begin with NAMES


def read(row: Any, base: geo.Point | None, today: date) -> Group:
    """A row as a group, with its distance from the reader's base. Its columns begin with NAMES."""
    far = None
    if base and row.latitude is not None and row.longitude is not None:
        far = geo.distance_m(base.latitude, base.longitude, row.latitude, row.longitude)
    paid = price(row.price_cents, row.vat_scheme, row.vat_per_mille)
    open_to = "all" if row.opens_on <= today else row.open_to
    more = (
        row.seller or "",
        paid,
        open_to,
        row.commune_name,
        far,
        row.coming,
        row.photo_count,
        (row.id,),
        (),
    )
    return Group._make(_of_row(row) + more)


def coming(found: Group) -> int:
    """`Group.coming` to the last one."""
    criteria = (
        Unit.custodian_id == found.seller_id,
        Unit.model_id == found.model_id,
        Unit.kind == found.kind,
    )
    statement = sa.select(sa.func.count()).select_from(Unit).where(*criteria, Unit.state.in_(COMING))
    return session().scalar(statement) or 0


def merged(found: list[Group]) -> list[Group]:
    """Rows of one key as one group: those whose day has come and are not settled yet stand beside the others."""
    by_key: dict[str, Group] = {}
    for group in found:
        first = by_key.get(group.key)
        if first is None:
            by_key[group.key] = group
            continue
        batteries = [one.least_battery for one in (first, group) if one.least_battery is not None]
        by_key[group.key] = first._replace(
            units=first.units + group.units, ids=first.ids + group.ids,
            least_battery=min(batteries, default=None),
        )  # fmt: skip
    return list(by_key.values())
