"""The transparency log on both databases: positions, proofs, checkpoints, refusals."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.traceability import checkpoints, journal, keys, log, notes, tree
from reuse_market.traceability.log_models import LogEntry, LogPending
from reuse_market.traceability.models import Event
from tests.traceability.conftest import ACTOR, Append


@pytest.fixture(autouse=True)
def _key(tmp_path: Path) -> None:
    keys.configure(tmp_path / "keys" / "signing.key", origin="parc.example/log", own=True)


@db.command
def many(count: int, stream: str = "lot/LOT-2026-0002") -> None:
    """So many events of one act."""
    parts = [journal.Part([], None, {"n": n}) for n in range(count)]
    journal.append_many(journal.Act(ACTOR), stream, "lot.published", parts)


def leaves() -> list[bytes]:
    rows = session().scalars(sa.select(Event.hash).join(LogEntry, LogEntry.event_id == Event.id).order_by(LogEntry.position))
    return [tree.leaf_hash(bytes.fromhex(h)) for h in rows]


def test_positions_follow_commits_and_every_proof_holds(append: Append, database: db.Database) -> None:
    assert log.size() == 0
    assert log.root(0) == tree.EMPTY
    first = append().id
    assert log.position_of(first) is None
    assert log.sequence() == 1
    assert log.sequence() == 0
    assert log.position_of(first) == 0
    many(700)
    assert (log.sequence(limit=300), log.sequence(limit=300), log.sequence_all()) == (300, 300, 100)
    found = leaves()
    assert log.size() == len(found) == 701
    for size in (1, 2, 255, 256, 257, 511, 512, 701):
        assert log.root(size) == tree.root_of(found[:size])
        for position in {0, size // 2, size - 1}:
            proof = log.inclusion(position, size)
            assert tree.proves_inclusion(found[position], position, size, proof, log.root(size))
        proof = log.consistency(size, 701)
        assert tree.proves_consistency(size, 701, proof, log.root(size), log.root(701))
    assert session().scalars(sa.select(LogEntry.position).order_by(LogEntry.position)).all() == list(range(701))
    assert session().scalar(sa.select(sa.func.count()).select_from(LogPending)) == 0
