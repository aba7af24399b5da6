"""Second looks: what a lot asks for, who checked which certificates, which exceptions were accepted."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

CHECKS = ("sample", "batch", "unit")  # in rising strength
# Why an erasure that did not end well is accepted all the same, by somebody else than who erased.
GROUNDS = ("never_used", "encrypted", "harmless_sectors", "checked_otherwise")


class ErasureDemand(Base):
    """The second look the holder of a lot asks for; no row: none."""

    __tablename__ = "erasure_demand"
    stream: Mapped[str] = mapped_column(sa.String(80), primary_key=True)  # lot/LOT-2026-0001
    how: Mapped[str] = mapped_column(sa.String(8))  # CHECKS
    percent: Mapped[int | None]  # of a sample
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))  # the holder
    set_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)


class ErasureCheck(Base):
    """A list of certificates to look at again: made with its draw, then signed once by another person."""

    __tablename__ = "erasure_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    stream: Mapped[str] = mapped_column(sa.String(80), index=True)
    how: Mapped[str] = mapped_column(sa.String(8))  # CHECKS
    percent: Mapped[int]
    seed: Mapped[str] = mapped_column(sa.String(32))
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    signer_name: Mapped[str] = mapped_column(sa.String(120), default="")
    signer_title: Mapped[str] = mapped_column(sa.String(80), default="")
    signer_place: Mapped[str] = mapped_column(sa.String(120), default="")
    list_sha256: Mapped[str | None] = mapped_column(sa.String(64))  # of the list as it was signed (CSV)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)


class CheckedCertificate(Base):
    """A certificate of such a list. `accepted` None: not signed yet, or covered by the sample only."""

    __tablename__ = "erasure_checked"
    check_id: Mapped[int] = mapped_column(sa.ForeignKey("erasure_check.id"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        sa.ForeignKey("erasure_certificate.id"), primary_key=True, index=True
    )
    drawn: Mapped[bool]
    accepted: Mapped[bool | None]


class ErasureException(Base):
    """A certificate accepted though its erasure did not end well, by a named person and for a stated ground."""

    __tablename__ = "erasure_exception"
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("erasure_certificate.id"), primary_key=True)
    ground: Mapped[str] = mapped_column(sa.String(20))  # GROUNDS
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(sa.String(120), default="")
    accepted_at: Mapped[datetime] = mapped_column(Instant)
