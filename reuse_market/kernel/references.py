"""Readable references: PREFIX-YEAR-NNNN, gapless enough for people, unique by constraint."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, command, session


class Counter(Base):
    """Last number given for a prefix and year."""

    __tablename__ = "counter"
    prefix: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


@command
def next_reference(prefix: str) -> str:
    """The next reference of this prefix for the civil year, e.g. LOT-2026-0042. Inside a command."""
    year = clock.today().year
    last = session().scalar(_NEXT, {"prefix": prefix, "year": year})
    return f"{prefix}-{year}-{last:04d}"


_NEXT = sa.text(
    "INSERT INTO counter (prefix, year, last) VALUES (:prefix, :year, 1)"
    " ON CONFLICT (prefix, year) DO UPDATE SET last = counter.last + 1 RETURNING last"
)  # the row stays locked until commit: a number given up with its act is given again
