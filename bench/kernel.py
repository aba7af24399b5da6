"""What the kernel costs."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, timed
from reuse_market.kernel import clock, db
from reuse_market.kernel.references import next_reference

BARE = sa.text("UPDATE counter SET last = last + 1 WHERE prefix = 'BARE' AND year = :year RETURNING last")


@measure("references", size=200)
def references(size: int) -> Iterator[Figure]:
    """References given out, one transaction each, against bare UPDATEs, one transaction each."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend) as database:
            full = timed(lambda: [next_reference("LOT") for _ in range(size)])
            db.release()
            bare = timed(lambda database=database: _bare_updates(database, size))  # type: ignore[misc]
            yield Figure(
                f"references.{backend}",
                size / full.wall_s,
                "references/s",
                "bare UPDATE … RETURNING",
                size / bare.wall_s,
                Goal("ratio", ">=", 0.2),
                full,
            )


def _bare_updates(database: db.Database, size: int) -> None:
    year = clock.today().year
    with db.writing():
        with database.engine.begin() as connection:
            row = {"prefix": "BARE", "year": year, "last": 0}
            connection.execute(sa.text("DELETE FROM counter WHERE prefix = 'BARE'"))
            connection.execute(sa.text("INSERT INTO counter VALUES (:prefix, :year, :last)"), row)
        for _ in range(size):
            with database.engine.begin() as connection:
                connection.execute(BARE, {"year": year}).scalar_one()
