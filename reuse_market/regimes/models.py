"""Tables of the room: dated rows, each with its source and how sure we are of it (kernel.dated)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import code

REGIMES = ("sale", "gift", "free_transfer", "public_transfer")
ACTS = ("publish", "award", "resell", "give", "solidarity_sale", "lend", "take_back")
OUTCOMES = ("allowed", "refused")
READINGS = ("text", "prudent", "opinion")  # what the text says; our prudent reading; a recorded legal opinion
PRICES = ("", "free", "real_value")
LIMITS = ("price", "value")
CELL = ("regime", "origin_kind", "giver_kind", "recipient_kind", "act", "kind")
TRANSFERS = ("", "purchase", "gift", "loan")  # what AGEC art. 58 makes of it


def _in(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ('" + "','".join(values) + "')", name=column)


class RegimeRule(Dated, Base):
    """One cell of the law. `kind` is a kind of device or "*"; a cell's newest row in force decides.

    `documents` and `instead` are codes parted by spaces (words.py). `price`: free, or never below the
    estimated value (`real_value`). `cap` names the price_cap that limits the price or the estimated value.
    """

    __tablename__ = "regime_rule"
    __table_args__ = (
        sa.UniqueConstraint(*CELL, "valid_from"),
        _in("regime", REGIMES),
        _in("act", ACTS),
        _in("outcome", OUTCOMES),
        _in("reading", READINGS),
        _in("price", PRICES),
        _in("transfer", TRANSFERS),
        sa.CheckConstraint("length(source) > 0", name="sourced"),
    )
    regime: Mapped[str] = mapped_column(code())
    origin_kind: Mapped[str] = mapped_column(code())  # private | public
    giver_kind: Mapped[str] = mapped_column(code())
    recipient_kind: Mapped[str] = mapped_column(code())
    act: Mapped[str] = mapped_column(code())
    kind: Mapped[str] = mapped_column(code(), default="*")
    outcome: Mapped[str] = mapped_column(code())
    reading: Mapped[str] = mapped_column(code(), default="text")
    price: Mapped[str] = mapped_column(code(), default="")
    cap: Mapped[str] = mapped_column(code(), default="")
    transfer: Mapped[str] = mapped_column(code(), default="")
    documents: Mapped[str] = mapped_column(sa.String(200), default="")
    instead: Mapped[str] = mapped_column(sa.String(200), default="")
    article: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str] = mapped_column(code(), default="")


class PriceCap(Dated, Base):
    """A ceiling in cents TTC on the price or the estimated value of one device, with what it supposes."""

    __tablename__ = "price_cap"
    __table_args__ = (sa.UniqueConstraint("code", "kind", "valid_from"), _in("limits", LIMITS))
    code: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(40), default="*")
    limits: Mapped[str] = mapped_column(sa.String(40))
    cents: Mapped[int]
    conditions: Mapped[str] = mapped_column(sa.String(200), default="")


class PurchaseThreshold(Dated, Base):
    """An amount in cents before tax that public purchasing hangs on; information, it never blocks.

    `need.year`: no competition below it, per homogeneous need and year; `seller.attestation`: the buyer asks the
    seller's social attestation from it on.
    """

    __tablename__ = "purchase_threshold"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)
    code: Mapped[str] = mapped_column(sa.String(40))
    cents: Mapped[int]


class AgecCategory(Dated, Base):
    """The AGEC category of a kind of device (arrêté du 29 février 2024); no row: not provided."""

    __tablename__ = "agec_category"
    __table_args__ = (sa.UniqueConstraint("kind", "valid_from"),)
    kind: Mapped[str] = mapped_column(sa.ForeignKey("kind.code"))
    category: Mapped[str] = mapped_column(code())


class Qualification(Dated, Base):
    """What an organisation is before the law, on evidence (`source`), from a day and until one if any."""

    __tablename__ = "qualification"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "valid_from"),)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    party_kind: Mapped[str] = mapped_column(code())
    until: Mapped[date | None] = mapped_column(sa.Date)
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation_evidence.id"))  # the file
