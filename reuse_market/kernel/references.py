"""Readable references: PREFIX-YEAR-NNNN, gapless enough for people, unique by constraint."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, command, lock, session


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
    insert = sa.text(
        "INSERT INTO counter (prefix, year, last) VALUES (:p, :y, 0) ON CONFLICT (prefix, year) DO NOTHING"
    )
    session().execute(insert, {"p": prefix, "y": year})
    row = lock(Counter, Counter.prefix == prefix, Counter.year == year)
    row.last += 1
    session().flush()
    return f"{prefix}-{year}-{row.last:04d}"
