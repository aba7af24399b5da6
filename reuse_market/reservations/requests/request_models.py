"""Requests of associations (DAS-2026-0001): what was answered, the calls, the personal links.

Name, phone, address and notes stand here alone, never in the journal: they go after the delay `request.keep`.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant

STATES = ("received", "called", "closed", "cancelled")
SOURCES = ("request", "phone")  # the association's own hand, or the operator during a call
OUTCOMES = ("met", "unmet")  # how a closed request ended
CALLS = ("reached", "no_answer")


class AssociationRequest(Base):
    """What an association asked for, how to reach it, and where it stands."""

    __tablename__ = "association_request"
    __table_args__ = (sa.CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10), index=True)
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(sa.String(8))
    language: Mapped[str] = mapped_column(sa.String(2), default="fr")
    publics: Mapped[str] = mapped_column(sa.String(120), default="")  # codes of broad classes, "a,b"
    call_back: Mapped[bool] = mapped_column(default=False)  # "I do not know, call me back"
    association_name: Mapped[str] = mapped_column(sa.String(160), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    email: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.String(500), default="")  # the operator's
    asked_at: Mapped[datetime] = mapped_column(Instant)
    call_by: Mapped[date] = mapped_column(sa.Date)  # somebody has called before that day is over
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    found_units: Mapped[int | None]  # devices found for it
    come_on: Mapped[date | None] = mapped_column(sa.Date)
    come_at: Mapped[str] = mapped_column(sa.String(300), default="")  # where, a line each
    outcome: Mapped[str | None] = mapped_column(sa.String(8))
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)
    once: Mapped[str | None] = mapped_column(sa.String(32), unique=True)  # the form it came from: acts once


class RequestLine(Base):
    """One kind of device asked for; None where the association does not know. `need_id` once it is posted."""

    __tablename__ = "request_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("association_request.id"), index=True)
    kind: Mapped[str | None] = mapped_column(sa.ForeignKey("kind.code"))
    units: Mapped[int | None]
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("need.id"), unique=True)


class RequestCall(Base):
    """A call of the operator to the association: reached or not, and what was said."""

    __tablename__ = "request_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("association_request.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    called_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class RequestLink(Base):
    """A personal link of a mail: its SHA-256 alone. It opens the request until its contact facts are forgotten."""

    __tablename__ = "request_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("association_request.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
