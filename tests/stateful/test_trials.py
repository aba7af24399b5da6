"""Tampering with random lives: a thousand acts of somebody who owns the database, all named; untouched, no alarm."""

from __future__ import annotations

import random
from pathlib import Path
from random import Random

import pytest

from reuse_market.kernel import clock, db
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import checkpoints, keys
from reuse_market.traceability.verify import verify_chains
from tests.stateful.lives import Life, play
from tests.stateful.machine import Surroundings
from tests.support.trials import missed

STAGES = ("published", "awarded", "collected", "ready", "as-is")
EACH = 40  # trials a life
LIVES = {"sqlite": 21, "postgresql": 4}


def faults(around: Surroundings, chance: Random) -> object:
    """One life: its false alarms untouched, else the trials that the expected rule missed."""
    life = type("Lived", (Life,), {"around": around})()
    life.start(STAGES[chance.randrange(len(STAGES))])
    try:
        play(life, chance)
        with clock.frozen(life.now):
            checkpoints.make()
            untouched = [*verify_chains(), *reconcile()]
            db.release()
            return untouched or missed(chance, EACH)
    finally:
        db.release()
        life.opened.__exit__(None, None, None)


@pytest.mark.long
def test_a_thousand_acts_of_an_administrator_are_named(
    backend: str, around: Surroundings, tmp_path: Path
) -> None:
    seeds = [random.getrandbits(32) for _ in range(LIVES[backend])]
    found = {}
    for (
        seed
    ) in seeds:  # a key for each life: they begin alike, and what was signed of another would contradict it
        keys.configure(tmp_path / str(seed) / "signing.key", origin="parc.example/log", own=True)
        found[seed] = faults(around, Random(seed))
    assert {seed: wrong for seed, wrong in found.items() if wrong} == {}
