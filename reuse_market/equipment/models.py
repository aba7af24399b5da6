"""Tables of the room. Figures are dated rows, each with its source and confidence (kernel.dated)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.dated import Dated
from reuse_market.kernel.db import Base
from reuse_market.kernel.types import code

KIND = "kind.code"


class Kind(Base):
    """A kind of device (design §6). Labels stand inside a sentence, hence in lower case."""

    __tablename__ = "kind"
    code: Mapped[str] = mapped_column(code(), primary_key=True)
    label_fr: Mapped[str] = mapped_column(sa.String(80))
    plural_fr: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(80))
    plural_en: Mapped[str] = mapped_column(sa.String(80))
    order: Mapped[int]


class KindMass(Dated, Base):
    """The usual mass of one device of a kind, in grams."""

    __tablename__ = "kind_mass"
    __table_args__ = (
        sa.UniqueConstraint("kind", "valid_from"),
        sa.CheckConstraint("mass_g > 0", name="known"),
    )
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND))
    mass_g: Mapped[int]


class KindWeee(Dated, Base):
    """The WEEE category of a kind: "2", "4", "6"… (code de l'environnement R543-172 II)."""

    __tablename__ = "kind_weee"
    __table_args__ = (sa.UniqueConstraint("kind", "valid_from"),)
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND))
    weee_category: Mapped[str] = mapped_column(sa.String(2))


class ImpactFactor(Dated, Base):
    """Greenhouse gas of one device of a kind, in grams of CO2 equivalent, with the study's range if any.

    `measure`: `embedded` (made and delivered new) or `avoided_per_year` (each year of second life).
    """

    __tablename__ = "impact_factor"
    __table_args__ = (
        sa.UniqueConstraint("kind", "measure", "valid_from"),
        sa.CheckConstraint("factor > 0 AND low > 0 AND low <= factor AND factor <= high", name="range"),
    )
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND))
    measure: Mapped[str] = mapped_column(code())
    factor: Mapped[int]
    low: Mapped[int | None]
    high: Mapped[int | None]


class KindRenewal(Dated, Base):
    """The age at which a kind is usually renewed, in months: where a forecast begins when nothing is known."""

    __tablename__ = "kind_renewal"
    __table_args__ = (
        sa.UniqueConstraint("kind", "valid_from"),
        sa.CheckConstraint("months BETWEEN 6 AND 240", name="likely"),
    )
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND))
    months: Mapped[int]


class Grade(Dated, Base):
    """One step of a scale and what it means in words. `scale`: `cosmetic` (A to D) or `functional_state`."""

    __tablename__ = "grade"
    __table_args__ = (sa.UniqueConstraint("scale", "code", "valid_from"),)
    scale: Mapped[str] = mapped_column(code())
    code: Mapped[str] = mapped_column(code())
    label_fr: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(80))
    text_fr: Mapped[str] = mapped_column(sa.String(300))
    text_en: Mapped[str] = mapped_column(sa.String(300))
    order: Mapped[int]


class SchemeMinimum(Dated, Base):
    """The least a producer scheme picks up at a holder's, in grams (and litres where it says one)."""

    __tablename__ = "scheme_minimum"
    __table_args__ = (
        sa.UniqueConstraint("code", "valid_from"),
        sa.CheckConstraint("minimum_g > 0", name="known"),
    )
    code: Mapped[str] = mapped_column(code())
    name: Mapped[str] = mapped_column(sa.String(80))
    minimum_g: Mapped[int]
    minimum_litres: Mapped[int | None]


class Model(Base):
    """A maker's model. `key` is what makes two spellings the same model."""

    __tablename__ = "model"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.ForeignKey(KIND), index=True)
    maker: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(120))
    key: Mapped[str] = mapped_column(sa.String(300), unique=True)
