"""A table of the kernel tests' own, with a life-cycle and a unique name."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import db
from reuse_market.kernel.types import Instant


class Widget(db.Base):
    """Something that is open, then taken, then gone."""

    __tablename__ = "kernel_test_widget"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), default="open")
    version: Mapped[int] = mapped_column(default=1)
    taker: Mapped[str | None] = mapped_column(sa.String(40))
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


# The product's metadata must not know it: the schema tests compare that metadata with the revisions.
WIDGETS: sa.Table = Widget.__table__
db.Base.metadata.remove(WIDGETS)


@pytest.fixture
def widget(database: db.Database) -> type[Widget]:
    """The `Widget` class, its table made in this test's database."""
    with db.writing(), database.engine.begin() as connection:
        WIDGETS.create(connection)
    return Widget
