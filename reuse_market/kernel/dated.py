"""Dated reference rows: every rate, mass, delay or cap is a row with a date, a source and a confidence."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, database, kept, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.statements import plain
from reuse_market.kernel.words import N_

M = TypeVar("M", bound="Dated")
CONFIDENCES = ("P", "S", "D", "R")  # primary text, secondary source, deduced or default, reported
SHORTEST_SOURCE, LONGEST_SOURCE = 10, 300
VALUES = "dated values"


class Dated:
    """Mixin: `valid_from` (civil date), `source` (text, law article or study), `confidence` (P, S, D, R)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(sa.Date, default=date(2020, 1, 1))
    source: Mapped[str] = mapped_column(sa.String(300))
    confidence: Mapped[str] = mapped_column(sa.String(1))


class Delay(Dated, Base):
    """A delay in days, named by code ("reservation.hold", "claim.answer", …)."""

    __tablename__ = "delay"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)
    code: Mapped[str] = mapped_column(sa.String(60))
    days: Mapped[int]


class Rate(Dated, Base):
    """A rate in thousandths, named by code ("vat.standard": 200 is 20 %)."""

    __tablename__ = "rate"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)
    code: Mapped[str] = mapped_column(sa.String(60))
    per_mille: Mapped[int]


def in_force(model: type[M], on: date | None = None, **keys: Any) -> M | None:
    """The row of `model` matching `keys` in force on `on` (today by default), or None: "non renseigné"."""
    statement = (
        sa.select(model)
        .filter_by(**keys)
        .where(model.valid_from <= (on or clock.today()))
        .order_by(model.valid_from.desc())
        .limit(1)
    )
    return session().scalars(statement).first()


def delay_days(code: str, on: date | None = None) -> int:
    """The delay `code` in days; LookupError when no row is in force (a deployment fault, not a user's)."""
    days = _once(_DAYS, code, on)
    if days is None:
        raise LookupError(f"no delay row for {code}")
    return days


def rate_per_mille(code: str, on: date | None = None) -> int | None:
    """The rate `code` in thousandths, or None when no row is in force: "rate not provided", never 0."""
    return _once(_PER_MILLE, code, on)


def _once(statement: sa.Select[int], code: str, on: date | None) -> int | None:
    """The value of `code` in force on a day: asked once a transaction, whoever asks."""
    found = kept().setdefault(VALUES, {})
    key = (statement, code, on or clock.today())
    if key not in found:
        found[key] = plain(statement, {"code": code, "day": key[2]}).scalar()
    value: int | None = found[key]
    return value


def add(model: type[M], keys: tuple[str, ...], values: dict[str, Any]) -> M:
    """Add a row, for the verb that journals it. `keys` are the columns that name the value it dates.

    What was in force stays: refused are a source too short or long, an unknown confidence, a second row of one
    day, and a day gone by on which another row was in force.
    """
    source, day = str(values.get("source") or "").strip(), values["valid_from"]
    if len(source) < SHORTEST_SOURCE:
        raise Invalid(N_("Say where this comes from: the text, its number and its date."), field="source")
    if len(source) > LONGEST_SOURCE:
        raise Invalid(N_("Use at most 300 characters."), field="source")
    if values.get("confidence") not in CONFIDENCES:
        raise Invalid(N_("Choose an answer."), field="confidence")
    named = {name: values[name] for name in keys}
    if day < clock.today() and in_force(model, day, **named) is not None:
        raise Invalid(
            N_("A row was in force on that day: what was in force is kept. Choose today or a later day."),
            field="valid_from",
        )
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    added = insert(model).values(**{**values, "source": source}).on_conflict_do_nothing().returning(model.id)
    row_id = session().scalar(added)
    kept().pop(VALUES, None)
    if row_id is None:
        raise Conflict(N_("A row of that day exists already. Choose another day."), code="reference.same-day")
    return session().get_one(model, row_id)


def withdraw(row: Dated) -> None:
    """Take back a row that is not in force yet. Refused once its day has come: history is kept."""
    if row.valid_from <= clock.today():
        raise Conflict(
            N_("This row is or was in force: it is kept. Record another one instead."),
            code="reference.in-force",
        )
    session().delete(row)
    session().flush()


def _latest(value: str, model: Any) -> sa.Select[int]:
    """The value of the row of `model` in force: of :code, on :day. Built once."""
    column, day = model.__table__.c, sa.bindparam("day", type_=sa.Date)
    statement: sa.Select[int] = sa.select(column[value]).where(
        column.code == sa.bindparam("code"), column.valid_from <= day
    )
    return statement.order_by(column.valid_from.desc()).limit(sa.literal_column("1"))


_DAYS, _PER_MILLE = _latest("days", Delay), _latest("per_mille", Rate)
