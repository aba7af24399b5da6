"""Long reads, by pieces: the server's cursor is closed when the reading ends, whatever ended it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session


@contextmanager
def streamed(statement: sa.Executable, chunk: int = 1000) -> Iterator[sa.Result[Any]]:
    """The rows of a statement, `chunk` fetched at a time. Nothing may be read from them after the `with`."""
    rows = session().execute(statement, execution_options={"yield_per": chunk})
    try:
        yield rows
    finally:
        rows.close()
