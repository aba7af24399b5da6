"""Sealed containers counted later, and the revisions of a handover note."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel.db import Base
from reuse_market.kernel.types import Instant, Json

CONTAINER_KINDS = ("roll", "pallet", "box")
REVISION_STATES = ("proposed", "escalated", "approved", "refused", "withdrawn")
GROUNDS = ("correction", "count", "contest")


class Container(Base):
    """A sealed roll, pallet or box of a pick-up: taken for what it is said to hold, counted at the workshop.

    Its units are the rows of `pickup_check` that name it; what their lines are, the check says.
    """

    __tablename__ = "container"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('" + "','".join(CONTAINER_KINDS) + "')", name="kind"),
        sa.UniqueConstraint("pickup_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(7), unique=True)  # of its QR label
    pickup_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup.id"))
    number: Mapped[int]  # 1, 2, 3 on its pick-up
    kind: Mapped[str] = mapped_column(sa.String(8))
    seal: Mapped[str] = mapped_column(sa.String(40), default="")
    declared: Mapped[int]  # units said to be in it
    weight_g: Mapped[int | None]
    batch: Mapped[str] = mapped_column(sa.String(32), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    counted: Mapped[int | None]  # units found in it
    counted_at: Mapped[datetime | None] = mapped_column(Instant)
    counted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class NoteRevision(Base):
    """What one side says was otherwise than the signed note, REV-2026-0003: a new act, never an edit."""

    __tablename__ = "note_revision"
    __table_args__ = (
        sa.CheckConstraint("state IN ('" + "','".join(REVISION_STATES) + "')", name="state"),
        sa.CheckConstraint("ground IN ('" + "','".join(GROUNDS) + "')", name="ground"),
        sa.Index(
            "uq_note_revision_open",
            "pickup_id",
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'escalated')"),
            postgresql_where=sa.text("state IN ('proposed', 'escalated')"),
        ),
        sa.UniqueConstraint("pickup_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(20), unique=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[int] = mapped_column(default=1)
    pickup_id: Mapped[int] = mapped_column(sa.ForeignKey("pickup.id"), index=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))  # as on the pick-up
    actor_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    container_id: Mapped[int | None] = mapped_column(sa.ForeignKey("container.id"))
    ground: Mapped[str] = mapped_column(sa.String(10))
    number: Mapped[int | None]  # of the revised note, once approved
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(sa.String(500))
    answer_until: Mapped[date] = mapped_column(sa.Date)
    made_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    answer: Mapped[str] = mapped_column(sa.String(500), default="")


class NoteRevisionLine(Base):
    """Some units of one line: what the note says of them, and what it should. An extra has no unit before."""

    __tablename__ = "note_revision_line"
    __table_args__ = (
        sa.CheckConstraint("units > 0", name="units"),
        sa.CheckConstraint("before IS NOT NULL OR after = 'extra'", name="before"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("note_revision.id"), index=True)
    before: Mapped[str | None] = mapped_column(sa.String(8))
    after: Mapped[str] = mapped_column(sa.String(8))
    line: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(sa.String(20))
    units: Mapped[int]
    unit_ids: Mapped[list[Any]] = mapped_column(Json)  # ranges [[first, last], …]; an extra's, once born
    kind: Mapped[str | None] = mapped_column(sa.ForeignKey("kind.code"))  # of an extra
    label: Mapped[str] = mapped_column(sa.String(200), default="")  # of an extra
