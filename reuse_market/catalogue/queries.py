"""The shop window: ready units grouped by identical configuration, straight from units and offers.

An identical group is one seller, kind, model, configuration, grade, price and openness. Its key is a digest of
these, so that an address stays good as long as the group exists; nothing is stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.equipment.models import Kind, Model
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.places import geo
from reuse_market.refurbishing.models import Offer
from reuse_market.units.models import Unit

ALIKE = (
    Unit.custodian_id, Unit.kind, Unit.model_id, Unit.cpu, Unit.ram_mb, Unit.storage_mb, Unit.screen_tenths, Unit.os,
    Offer.cosmetic_grade, Offer.price_cents, Offer.vat_scheme, Offer.warranty_months, Offer.open_to,
)  # fmt: skip
NAMES = (
    "seller_id", "kind", "model_id", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os",
    "grade", "price_cents", "vat_scheme", "warranty_months", "open_to",
)  # fmt: skip
SORTS = ("price", "units", "distance", "grade")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor asks for; None means whatever."""

    kind: str | None = None
    text: str = ""
    units: int | None = None
    ram_mb: int | None = None
    grade: str | None = None  # at least this good
    most_cents: int | None = None
    free: bool = False
    sort: str = "units"

    def active(self) -> int:
        """How many filters are in use."""
        return sum(bool(v) for v in (self.kind, self.text, self.units, self.ram_mb, self.grade, self.most_cents, self.free))


@dataclass(frozen=True, slots=True)
class Group:
    """An identical group: what it is, how many are ready, where, at what price."""

    key: str
    units: int
    seller_id: int
    seller: str
    kind: str
    model_id: int | None
    maker: str
    model: str
    cpu: str | None
    ram_mb: int | None
    storage_mb: int | None
    screen_tenths: int | None
    os: str | None
    grade: str
    price_cents: int
    vat_scheme: str
    warranty_months: int
    open_to: str
    least_battery: int | None
    commune: str
    distance_m: int | None
    alike: dict[str, Any] = field(repr=False, default_factory=dict)


def groups(filters: Filters, actor: Actor, base: geo.Point | None = None) -> list[Group]:
    """Groups open to this actor today, filtered and sorted. Three statements whatever the stock."""
    statement = _select(actor)
    if filters.kind:
        statement = statement.where(Unit.kind == filters.kind)
    if filters.ram_mb:
        statement = statement.where(Unit.ram_mb >= filters.ram_mb)
    if filters.grade:
        statement = statement.where(Offer.cosmetic_grade <= filters.grade)
    if filters.free:
        statement = statement.where(Offer.price_cents == 0)
    elif filters.most_cents is not None:
        statement = statement.where(Offer.price_cents <= filters.most_cents)
    for word in filters.text.split()[:6]:
        pattern = f"%{word.lower()}%"
        statement = statement.where(
            sa.or_(
                sa.func.lower(Model.maker).like(pattern),
                sa.func.lower(Model.name).like(pattern),
                sa.func.lower(Unit.cpu).like(pattern),
                sa.func.lower(Kind.label_fr).like(pattern),
                sa.func.lower(Kind.label_en).like(pattern),
            )
        )
    if filters.units:
        statement = statement.having(sa.func.count() >= filters.units)
    return _sorted(_read(statement, base), filters.sort)


def group(key: str, actor: Actor, base: geo.Point | None = None) -> Group | None:
    """One group by its key, as open to this actor; None when nothing of it is left."""
    return next((g for g in _read(_select(actor), base) if g.key == key), None)


def ready_ids(found: Group, limit: int) -> list[int]:
    """Lowest ids of ready units of a group, locked until commit where the database can."""
    statement = (
        sa.select(Unit.id)
        .join(Offer, Offer.unit_id == Unit.id)
        .where(Unit.state == "ready", *_same(found), Offer.open_from <= clock.today())
        .order_by(Unit.id)
        .limit(limit)
        .with_for_update(of=Unit)
    )
    return list(session().scalars(statement))


def _same(found: Group) -> list[sa.ColumnElement[bool]]:
    return [column.is_not_distinct_from(found.alike[name]) for column, name in zip(ALIKE, NAMES, strict=True)]


def open_to(actor: Actor, on: date) -> list[sa.ColumnElement[bool]]:
    """Criteria on Offer: what this actor may see as reservable on a day."""
    if actor.has("recipient", "operator", "administrator", "reuse_actor"):
        return [Offer.open_from <= on]
    return [Offer.open_from <= on, Offer.open_to == "all"]


def _select(actor: Actor) -> sa.Select[Any]:
    return (
        sa.select(
            *ALIKE,
            sa.func.count().label("units"),
            sa.func.min(Offer.battery_percent).label("least_battery"),
            Model.maker,
            Model.name,
        )
        .join(Offer, Offer.unit_id == Unit.id)
        .join(Kind, Kind.code == Unit.kind)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Unit.state == "ready", *open_to(actor, clock.today()))
        .group_by(*ALIKE, Model.maker, Model.name)
    )


def _read(statement: sa.Select[Any], base: geo.Point | None) -> list[Group]:
    rows = session().execute(statement).all()
    sellers = {row[0] for row in rows}
    names = accounts.names(sellers)
    places = _bases(sellers)
    found = []
    for row in rows:
        alike = dict(zip(NAMES, row, strict=False))
        place = places.get(alike["seller_id"])
        far = None
        if base and place and place.latitude is not None and place.longitude is not None:
            far = geo.distance_m(base.latitude, base.longitude, place.latitude, place.longitude)
        found.append(
            Group(
                key=group_key(alike),
                units=row.units,
                seller=names.get(alike["seller_id"], ""),
                maker=row.maker or "",
                model=row.name or "",
                least_battery=row.least_battery,
                commune=place.commune_name if place else "",
                distance_m=far,
                alike=alike,
                **alike,
            )
        )
    return found


def group_key(alike: dict[str, Any]) -> str:
    """16 hexadecimal characters that name a group."""
    text = "\x1f".join("" if alike[name] is None else str(alike[name]) for name in NAMES)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _bases(sellers: set[int]) -> dict[int, Site]:
    """Each seller's first located site, in one statement."""
    statement = sa.select(Site).where(Site.organisation_id.in_(sellers)).order_by(Site.id.desc())
    return {site.organisation_id: site for site in session().scalars(statement) if site.latitude is not None}


def _sorted(found: Sequence[Group], sort: str) -> list[Group]:
    far = 10**9
    orders: dict[str, Any] = {
        "price": lambda g: (g.price_cents, -g.units),
        "units": lambda g: (-g.units, g.price_cents),
        "distance": lambda g: (g.distance_m if g.distance_m is not None else far, -g.units),
        "grade": lambda g: (g.grade, g.price_cents),
    }
    return sorted(found, key=lambda g: (*orders.get(sort, orders["units"])(g), g.key))
