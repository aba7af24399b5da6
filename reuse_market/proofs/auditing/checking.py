"""One self-audit's reading: every check in turn, in one snapshot of the database, holding no lock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from reuse_market.documents.models import Document
from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.proofs.reconcile import PARTS, judged
from reuse_market.traceability import checkpoints, log
from reuse_market.traceability.models import Checkpoint, Event, StreamHead
from reuse_market.traceability.verify import Fault, verify_chains
from reuse_market.units.models import Engagement, Unit

STEPS: tuple[tuple[str, Callable[[], list[Fault]]], ...] = (("journal", verify_chains), *PARTS)
COUNTED = {
    "events": Event.id,
    "streams": StreamHead.stream,
    "checkpoints": Checkpoint.size,
    "units": Unit.id,
    "engagements": Engagement.id,
    "documents": Document.id,
}


@dataclass(slots=True)
class Progress:
    """How many of STEPS are done: written here, read by whoever waits."""

    done: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The log that was read (entries, root hex), how many of each thing, and every fault."""

    size: int
    root: str | None
    checked: dict[str, int]
    faults: list[Fault] = field(default_factory=list)


def check(progress: Progress) -> Found:
    """Check everything there is, as it was when this began. A scope of its own is needed."""
    with db.scope():
        _one_snapshot()
        size = log.size()
        root = checkpoints.root_or_none(size)
        checked = {name: _count(column) for name, column in COUNTED.items()}
        faults: list[Fault] = []
        for name, part in STEPS:
            faults += judged(name, part)
            progress.done += 1
        return Found(size, root, checked, faults)


def _one_snapshot() -> None:
    """SQLite reads from one anyway; PostgreSQL is asked to."""
    if db.database().is_sqlite:
        session().connection()
    else:
        session().connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _count(column: Any) -> int:
    return session().scalar(sa.select(sa.func.count(column))) or 0
