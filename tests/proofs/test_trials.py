"""Random tampering by somebody who owns the database: every act is named, by the rule that should name it."""

from __future__ import annotations

import random
from random import Random

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import checkpoints
from reuse_market.traceability.verify import verify_chains
from tests.support.lives import Life
from tests.support.tampering import disarm
from tests.support.trials import TRIALS, missed


def test_every_act_of_an_administrator_is_named(backend: str, life: Life) -> None:
    """Each kind of trial once on SQLite, a handful on PostgreSQL (all of them: tests/stateful/test_trials.py)."""
    checkpoints.make()
    assert [*verify_chains(), *reconcile()] == []
    db.release()
    assert missed(Random(random.getrandbits(32)), len(TRIALS) if backend == "sqlite" else 8) == {}
    assert [*verify_chains(), *reconcile()] == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_reading_that_stops_half_way_leaves_no_cursor_open(life: Life) -> None:
    """Events that cannot be read any more stop every part that replays them, each in the middle of its rows."""
    try:
        with db.writing():
            disarm()
            session().execute(
                sa.text("UPDATE event SET payload = 'x' WHERE id > (SELECT min(id) + 3 FROM event)")
            )
            stopped = {
                fault.subject for fault in (*verify_chains(), *reconcile()) if "unreadable" in fault.rule
            }
            assert stopped >= {"replay", "told", "documents", "corrections"}
            assert session().execute(sa.text("SELECT name, statement FROM pg_cursors")).all() == []
    finally:
        db.release()
