"""A long read that stops in the middle leaves nothing open at the server."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.streams import streamed

NUMBERS = sa.select(sa.func.generate_series(1, 50))


@pytest.mark.unseeded
@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_cursor_is_closed_whatever_ends_the_reading(database: db.Database) -> None:
    opened = sa.text("SELECT count(*) FROM pg_cursors")
    with streamed(NUMBERS, 10) as rows:
        assert (next(rows.scalars()), db.session().scalar(opened)) == (1, 1)
    assert db.session().scalar(opened) == 0
    with pytest.raises(LookupError), streamed(NUMBERS, 10) as rows:
        {}[next(rows)]
    assert db.session().scalar(opened) == 0
    with streamed(NUMBERS, 10) as rows:
        assert list(rows.scalars()) == list(range(1, 51))
