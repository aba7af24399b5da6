"""The shop window: ready units grouped by identical configuration, straight from units and offers.

An identical group is one seller, kind, model, configuration, grade, price, openness and regime (which decides
who may take it), as they are shown: two spellings of a processor are one. Its key is a digest of these, so
that an address stays good as long as the group exists; nothing is stored.
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
from reuse_market.catalogue.asking import Asked, understand
from reuse_market.catalogue.pricing import VAT, Price, price
from reuse_market.equipment import queries as equipment
from reuse_market.equipment.configurations import COLUMNS, Configuration, likeness
from reuse_market.equipment.models import Kind, Model
from reuse_market.equipment.names import fold
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.dated import rate_per_mille
from reuse_market.kernel.db import session
from reuse_market.places import geo
from reuse_market.places.models import Commune
from reuse_market.refurbishing.law import Limit, limit
from reuse_market.refurbishing.models import Offer
from reuse_market.units.models import Unit
from reuse_market.units.shipping import on_the_way

# What the database groups by, and the names under which it comes back.
RAW = {
    "seller_id": Unit.custodian_id, "kind": Unit.kind, "model_id": Unit.model_id, "cpu": Unit.cpu,
    "ram_mb": Unit.ram_mb, "storage_mb": Unit.storage_mb, "screen_tenths": Unit.screen_tenths,
    "grade": Offer.cosmetic_grade, "price_cents": Offer.price_cents, "vat_scheme": Offer.vat_scheme,
    "warranty_months": Offer.warranty_months, "open_to": Offer.open_to, "regime": Unit.regime,
    "faults": Offer.faults,
}  # fmt: skip
SORTS = ("units", "price", "distance", "grade")
FAR = 10**9


@dataclass(frozen=True, slots=True)
class Filters:
    """What the visitor asks for; None or empty means whatever. `text` may hold a whole need in words."""

    text: str = ""
    kind: str | None = None
    units: int | None = None
    ram_gb: int | None = None
    grade: str | None = None  # at least this good
    most_cents: int | None = None  # per device, VAT included
    free: bool = False
    sort: str = "units"

    def active(self) -> int:
        """How many filters are in use."""
        asked = (self.text, self.kind, self.units, self.ram_gb, self.grade, self.most_cents, self.free)
        return sum(bool(one) for one in asked)


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
    grade: str
    price_cents: int
    vat_scheme: str
    price: Price
    warranty_months: int
    open_to: str
    regime: str | None
    faults: str | None  # codes of what does not work, "a,b"; None: every function works
    least_battery: int | None
    commune: str
    distance_m: int | None
    rows: tuple[dict[str, Any], ...] = field(repr=False, default=())

    @property
    def samples(self) -> list[int]:
        """A unit of each row: their origin is the group's."""
        return [row["sample"] for row in self.rows]


def groups(filters: Filters, actor: Actor, base: geo.Point | None = None) -> list[Group]:
    """Groups open to this actor today, filtered and sorted. Five statements at most, whatever the stock."""
    asked = understand(filters.text)
    statement = _matching(_select(actor), filters, asked)
    least = filters.units or asked.units
    found = [
        group
        for group in _read(statement, base)
        if (not least or group.units >= least) and _within(group.price, filters)
    ]
    return _sorted(found, filters.sort)


def group(key: str, actor: Actor, base: geo.Point | None = None) -> Group | None:
    """One group by its key, as open to this actor; None when nothing of it is left."""
    return next((found for found in _read(_select(actor), base) if found.key == key), None)


def ready_ids(found: Group, limit: int) -> list[int]:
    """Lowest ids of ready units of a group, locked until commit where the database can."""
    alike = [sa.and_(*(RAW[name].is_not_distinct_from(row[name]) for name in RAW)) for row in found.rows]
    statement = (
        sa.select(Unit.id)
        .join(Offer, Offer.unit_id == Unit.id)
        .where(
            Unit.state == "ready", Offer.open_from <= clock.today(), ~on_the_way(), sa.or_(sa.false(), *alike)
        )
        .order_by(Unit.id)
        .limit(limit)
        .with_for_update(of=Unit)
    )
    return list(session().scalars(statement))


def limit_of(found: Group) -> Limit | None:
    """Who may take units of the group at its price, and up to which; None: every organisation. Six statements."""
    return limit(found.samples, found.seller_id, found.price.gross_cents)


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


def open_to(actor: Actor, on: date) -> list[sa.ColumnElement[bool]]:
    """Criteria on units and offers: what this actor may see as ready on a day.

    What is kept for associations is shown to them, to its seller, and to those who oversee; the stock of a
    seller that is suspended and what is on its way to another workshop, to nobody.
    """
    opened: list[sa.ColumnElement[bool]] = [
        Offer.open_from <= on, ~on_the_way(), Unit.custodian_id.in_(accounts.verified_ids())
    ]  # fmt: skip
    if not actor.has("recipient", "operator", "administrator", "auditor"):
        opened.append(sa.or_(Offer.open_to == "all", Unit.custodian_id == (actor.organisation_id or 0)))
    return opened


def _select(actor: Actor) -> Any:
    columns = [column.label(name) for name, column in RAW.items()]
    return (
        sa.select(
            *columns,
            sa.func.count().label("units"),
            sa.func.min(Offer.battery_percent).label("least_battery"),
            sa.func.min(Unit.id).label("sample"),
            Model.maker,
            Model.name.label("model"),
        )
        .join(Offer, Offer.unit_id == Unit.id)
        .outerjoin(Model, Model.id == Unit.model_id)
        .where(Unit.state == "ready", *open_to(actor, clock.today()))
        .group_by(*RAW.values(), Model.maker, Model.name)
        .order_by(sa.func.min(Unit.id))
    )


def _matching(statement: Any, filters: Filters, asked: Asked) -> Any:
    """The statement with what the database can tell: kind, sizes, grade and every word typed."""
    if filters.kind:
        statement = statement.where(Unit.kind == filters.kind)
    if ram := filters.ram_gb or asked.ram_gb:
        statement = statement.where(Unit.ram_mb >= ram * 1024 - 512)  # as shown: rounded to the gigabyte
    if asked.storage_gb:
        statement = statement.where(Unit.storage_mb >= asked.storage_gb * 1000 - 500)
    if asked.screen_tenths:
        statement = statement.where(Unit.screen_tenths.between(*_screens(asked.screen_tenths)))
    if filters.grade:
        statement = statement.where(Offer.cosmetic_grade <= filters.grade)
    kinds = equipment.kinds() if asked.words else []
    for word in asked.words:
        statement = statement.where(_says(word, kinds))
    return statement


def _screens(tenths: int) -> tuple[int, int]:
    """15″ is anything from 15.0 to 15.9; 15.6″ is that alone."""
    return (tenths, tenths + 9) if tenths % 10 == 0 else (tenths, tenths)


def _says(word: str, kinds: Sequence[Kind]) -> sa.ColumnElement[bool]:
    """Rows whose kind, model or processor says the (folded) word."""
    codes = [
        kind.code
        for kind in kinds
        if any(word in fold(text) for text in (kind.label_fr, kind.plural_fr, kind.label_en, kind.plural_en))
    ]
    return sa.or_(
        Unit.kind.in_(codes),
        Model.key.contains(word, autoescape=True),
        sa.func.lower(Unit.cpu).contains(word, autoescape=True),
    )


def _within(asked: Price, filters: Filters) -> bool:
    if filters.free:
        return asked.free
    if filters.most_cents is None:
        return True
    paid = asked.net_cents if asked.gross_cents is None else asked.gross_cents
    return paid <= filters.most_cents


def _read(statement: Any, base: geo.Point | None) -> list[Group]:
    """Rows merged into the groups a reader cannot tell apart, with names and places."""
    alike: dict[str, list[dict[str, Any]]] = {}
    for row in session().execute(statement).mappings():
        alike.setdefault(group_key(row), []).append(dict(row))
    sellers = {rows[0]["seller_id"] for rows in alike.values()}
    names, places = accounts.names(sellers), _bases(sellers)
    rate = rate_per_mille(VAT) if alike else None
    return [_group(key, rows, names, places, base, rate) for key, rows in alike.items()]


def _group(
    key: str,
    rows: list[dict[str, Any]],
    names: dict[int, str],
    places: dict[int, Any],
    base: geo.Point | None,
    rate: int | None,
) -> Group:
    # Disks of 240 and 256 GB are one group: it promises what the smallest holds.
    first = min(rows, key=lambda row: (row["storage_mb"] or 0, row["ram_mb"] or 0))
    place = places.get(first["seller_id"])
    far = None
    if base and place and place.latitude is not None and place.longitude is not None:
        far = geo.distance_m(base.latitude, base.longitude, place.latitude, place.longitude)
    batteries = [row["least_battery"] for row in rows if row["least_battery"] is not None]
    return Group(
        key=key,
        units=sum(row["units"] for row in rows),
        seller=names.get(first["seller_id"], ""),
        maker=first["maker"] or "",
        model=first["model"] or "",
        price=price(first["price_cents"], first["vat_scheme"], rate),
        least_battery=min(batteries, default=None),
        commune=place.commune_name if place else "",
        distance_m=far,
        rows=tuple(rows),
        **{name: first[name] for name in RAW},
    )


def group_key(row: Any) -> str:
    """16 hexadecimal characters that name a group, from the columns of RAW as they are shown."""
    alike = likeness(Configuration(*(row[name] for name in COLUMNS)))
    shown = dict(row) | dict(zip(COLUMNS, alike, strict=True))
    text = "\x1f".join("" if shown[name] is None else str(shown[name]) for name in RAW)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _bases(sellers: set[int]) -> dict[int, Any]:
    """Commune and its point of each seller's first located site: a distance must not betray an address."""
    statement = (
        sa.select(Site.organisation_id, Site.commune_name, Commune.latitude, Commune.longitude)
        .join(Commune, Commune.insee == Site.commune_insee)
        .where(Site.organisation_id.in_(sorted(sellers)))
        .order_by(Site.id.desc())
    )
    return {row.organisation_id: row for row in session().execute(statement)} if sellers else {}


def _sorted(found: Sequence[Group], sort: str) -> list[Group]:
    orders: dict[str, Any] = {
        "price": lambda g: (g.price_cents, -g.units),
        "units": lambda g: (-g.units, g.price_cents),
        "distance": lambda g: (FAR if g.distance_m is None else g.distance_m, -g.units),
        "grade": lambda g: (g.grade, g.price_cents),
    }
    return sorted(found, key=lambda g: (*orders.get(sort, orders["units"])(g), g.key))
