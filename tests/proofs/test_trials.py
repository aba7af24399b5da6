"""Random tampering by somebody who owns the database: every act is named, by the rule that should name it."""

from __future__ import annotations

import random
from random import Random

from reuse_market.kernel import db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import checkpoints
from reuse_market.traceability.verify import verify_chains
from tests.support.lives import Life
from tests.support.trials import TRIALS, missed


def test_every_act_of_an_administrator_is_named(backend: str, life: Life) -> None:
    """Each kind of trial once on SQLite, a handful on PostgreSQL (all of them: tests/stateful/test_trials.py)."""
    checkpoints.make()
    assert [*verify_chains(), *reconcile()] == []
    db.release()
    assert missed(Random(random.getrandbits(32)), len(TRIALS) if backend == "sqlite" else 8) == {}
    assert [*verify_chains(), *reconcile()] == []
