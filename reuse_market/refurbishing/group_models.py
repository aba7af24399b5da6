"""The stored identical groups: what the shop window lists, kept in the transaction of every change of a unit."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

ALREADY, NEVER = date(1970, 1, 1), date(9999, 12, 31)
CHARGERS = ("yes", "no", "unknown")
_FILLED = sa.text("units > 0")


def _among_filled(name: str, *columns: str) -> sa.Index:
    return sa.Index(name, *columns, sqlite_where=_FILLED, postgresql_where=_FILLED)


class OfferGroup(Base):
    """Ready units of one seller that a reader cannot tell apart, and how many.

    `key` names the group in addresses; units that are shown or open to all on a later day stand in a row of
    their own until then (`shown_from`, `opens_on`: ALREADY, a day to come, NEVER). `ram_mb`, `storage_mb` and
    `least_battery` are what each unit has at least. The point is that of the seller's commune: a distance must
    not betray an address.
    """

    __tablename__ = "offer_group"
    __table_args__ = (
        sa.UniqueConstraint("key", "shown_from", "opens_on"),
        sa.CheckConstraint("units >= 0", name="units"),
        _among_filled("ix_offer_group_units", "fewest", "price_cents", "id"),
        _among_filled("ix_offer_group_price", "price_cents", "id"),
        _among_filled("ix_offer_group_place", "latitude", "longitude"),
        _among_filled("ix_offer_group_kind", "kind", "fewest", "price_cents", "id"),
        # What counts the groups of a usual search reads this index alone.
        _among_filled(
            "ix_offer_group_usual", "kind", "cpu_class", "ram_gb", "storage_gb", "grade", "price_cents", "vat_scheme",
            "seller_id", "shown_from", "opens_on", "open_to", "units",
        ),
        sa.Index("ix_offer_group_seller_id", "seller_id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(16))
    shown_from: Mapped[date] = mapped_column(sa.Date)
    opens_on: Mapped[date] = mapped_column(sa.Date)
    units: Mapped[int] = mapped_column(default=0)
    fewest: Mapped[int] = mapped_column(
        sa.Computed("-units", persisted=True)
    )  # the most units first, by an index
    added_at: Mapped[datetime] = mapped_column(Instant)  # when units last came in

    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    model_id: Mapped[int | None] = mapped_column(sa.ForeignKey("model.id"))
    maker: Mapped[str] = mapped_column(sa.String(80), default="")
    model: Mapped[str] = mapped_column(sa.String(120), default="")
    cpu: Mapped[str | None] = mapped_column(sa.String(120))  # short: i5-8350U
    cpu_class: Mapped[str] = mapped_column(sa.String(40), default="")  # folded: "i5", "ryzen 5"
    cpu_generation: Mapped[int | None]
    ram_mb: Mapped[int | None]
    storage_mb: Mapped[int | None]
    ram_gb: Mapped[int] = mapped_column(default=0)  # sizes as sold, 0 when not known
    storage_gb: Mapped[int] = mapped_column(default=0)
    screen_tenths: Mapped[int | None]
    os: Mapped[str | None] = mapped_column(sa.String(80))
    windows_11: Mapped[str] = mapped_column(sa.String(7), default="unknown")  # yes | no | unknown
    charger: Mapped[str] = mapped_column(sa.String(7), default="unknown")
    grade: Mapped[str] = mapped_column(sa.String(1))
    faults: Mapped[str | None] = mapped_column(sa.String(400))
    least_battery: Mapped[int | None]
    price_cents: Mapped[int]
    vat_scheme: Mapped[str] = mapped_column(sa.String(8))
    warranty_months: Mapped[int]
    open_to: Mapped[str] = mapped_column(sa.String(10))
    regime: Mapped[str | None] = mapped_column(sa.String(16))
    origin: Mapped[str] = mapped_column(sa.String(8), default="unknown")  # private | public: the first holder
    commune_name: Mapped[str] = mapped_column(sa.String(80), default="")
    latitude: Mapped[int | None]  # micro-degrees
    longitude: Mapped[int | None]
    search: Mapped[str] = mapped_column(
        sa.String(400), default=""
    )  # " maker model processor system ", folded


class OfferWord(Base):
    """A word of some group's text: what a misspelt word is compared with."""

    __tablename__ = "offer_word"
    word: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
