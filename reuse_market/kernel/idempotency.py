"""A request repeated with its key acts once: the answer is kept in the transaction of the act itself.

So a crash leaves either both or none, and of two requests at once one acts while the other waits for its
answer. A refusal is not kept: the same request may be tried again.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, command, session
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.statements import plain
from reuse_market.kernel.types import Instant
from reuse_market.kernel.words import N_

KEPT_DAYS = 7


class IdempotencyKey(Base):
    """A key of an owner (who acts for whom), what it asked, and the answer it got."""

    __tablename__ = "idempotency_key"
    __table_args__ = (sa.UniqueConstraint("owner", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str] = mapped_column(sa.String(200))
    request: Mapped[str] = mapped_column(sa.String(300))  # method and path
    digest: Mapped[str] = mapped_column(sa.String(64))  # of query and body
    status: Mapped[int]
    location: Mapped[str] = mapped_column(sa.String(300), default="")
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)  # deflated
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its key knows it."""

    owner: str
    key: str
    request: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `again`: an earlier request of the same key got it."""

    status: int
    body: bytes
    location: str = ""
    again: bool = False


def kept(asked: Asked) -> Answer | None:
    """The answer kept under the key, or None. Invalid when the key served for another request."""
    found = plain(_KEPT, {"of": asked.owner, "under": asked.key}).one_or_none()
    if found is None:
        return None
    if (found.request, found.digest) != (asked.request, asked.digest):
        raise Invalid(
            N_("This Idempotency-Key has already served for another request: make a new one."),
            code="idempotency.reused",
        )
    return Answer(found.status, zlib.decompress(found.body), found.location, again=True)


def answered(those: Sequence[Asked]) -> set[Asked]:
    """Those of them whose key has an answer (`kept` gives it, or says that it served for another request)."""
    if len(those) == 1:
        named = {"of": those[0].owner, "under": those[0].key}
        return set(those) if plain(_KEPT, named).one_or_none() is not None else set()
    rows = plain(_AMONG, {"those": [(one.owner, one.key) for one in those]})
    known = {(row.owner, row.key) for row in rows}
    return {one for one in those if (one.owner, one.key) in known}


@command
def once(asked: Asked, act: Callable[[], Answer]) -> Answer:
    """Run `act` and keep its answer, or give the one kept: key and act share one transaction.

    The key is taken first: a rival with the same key waits for this commit, then reads the answer.
    """
    values = {
        "owner": asked.owner, "key": asked.key, "request": asked.request, "digest": asked.digest,
        "made_at": clock.now(), "status": 0, "location": "", "body": b"",
    }  # fmt: skip
    if not plain(_TAKE, values).rowcount:
        answered = kept(asked)
        assert answered is not None, "the rival's key is visible once it has committed"
        return answered
    answer = act()
    told = {"status": answer.status, "location": answer.location, "body": zlib.compress(answer.body)}
    plain(_KEEP, told | {"of": asked.owner, "under": asked.key})
    return answer


_table: Any = IdempotencyKey.__table__
_COLUMNS = ("owner", "key", "request", "digest", "made_at", "status", "location", "body")
_TAKE = sa.text(
    f"INSERT INTO idempotency_key ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)}) "  # noqa: S608 – fixed names
    "ON CONFLICT (owner, key) DO NOTHING"
).bindparams(sa.bindparam("made_at", type_=IdempotencyKey.made_at.type))
_KEPT = sa.select(*(_table.c[name] for name in ("request", "digest", "status", "body", "location"))).where(
    _table.c.owner == sa.bindparam("of"), _table.c.key == sa.bindparam("under")
)
_AMONG = sa.select(_table.c.owner, _table.c.key).where(
    sa.tuple_(_table.c.owner, _table.c.key).in_(sa.bindparam("those", expanding=True))
)
_KEEP = sa.update(_table).where(_table.c.owner == sa.bindparam("of"), _table.c.key == sa.bindparam("under"))


@command
def forget_old() -> int:
    """Job: drop keys older than a week; how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    gone = sa.delete(IdempotencyKey).where(IdempotencyKey.made_at < before)
    return int(session().execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]
