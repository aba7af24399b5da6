"""A line of 50 claimed in threes by 24 at once: exactly 16 win, the losers get a clean Conflict.

The mutants at the end prove that the race bites: each takes one protection away, and the verdict must fail.
"""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.claims import services
from reuse_market.claims.services import answering
from reuse_market.kernel import db
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.workflow import Workflow
from reuse_market.traceability.verify import verify_chains
from reuse_market.units import queries as units
from reuse_market.units.models import Engagement, Unit
from reuse_market.web import catalogues
from tests.support import world as chain
from tests.support.races import together

RIVALS, LINE, EACH = 24, 50, 3


@pytest.fixture
def contest(database):
    """A first-come lot with one line of 50, and six actors who want it."""
    catalogues.compile_stale(catalogues.ROOT)
    notices.configure(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
    world = chain.World.begin()
    lot = chain.published_lot(
        world.holder(),
        numbered=0,
        counted=LINE,
        price_kind="fixed",
        price_cents=100_000,
        award_mode="first_come",
    )
    actors = [world.reuse_actor(f"Acteur {n} Exemple").actor for n in range(6)]
    reference = lot.reference
    db.release()
    return reference, actors


def claim(reference, actor):
    """One rival's act: its claim's reference."""
    return services.submit_claim(reference, {1: EACH}, actor=actor, proposal="pay", committed=True).reference


def verdict(reference, outcomes):
    """What must hold after the race, whoever won."""
    errors = [o.error for o in outcomes if o.error is not None]
    assert [e for e in errors if not isinstance(e, Conflict)] == []
    with db.scope() as session:
        doubled = session.execute(
            sa.select(Engagement.unit_id)
            .where(Engagement.kind == "award", Engagement.until_at.is_(None))
            .group_by(Engagement.unit_id)
            .having(sa.func.count() > 1)
        ).all()
        awarded = session.scalar(
            sa.select(sa.func.count()).where(Engagement.kind == "award", Engagement.until_at.is_(None))
        )
        left = len(units.engaged_ids("lot", reference, line=1, state="listed"))
        assert doubled == []
        assert (awarded, left) == (48, 2)
        assert (len(outcomes) - len(errors), len(errors)) == (16, 8)
        assert session.scalar(sa.select(sa.func.count()).where(Unit.state == "awarded")) == 48
        assert verify_chains() == []


def test_never_more_than_fifty(contest):
    """`verdict` asserts who won and what is left."""
    reference, actors = contest
    verdict(reference, together(RIVALS, lambda n: claim(reference, actors[n % 6])))


@pytest.mark.long
def test_claimed_and_given_back_again_and_again(contest):
    """8 clients, 50 rounds each on 50 units: nothing is awarded twice or lost, who loses gets a clean Conflict."""
    reference, actors = contest

    def act(n):
        lost = 0
        for turn in range(50):
            try:
                made = services.submit_claim(
                    reference,
                    {1: 1 + (7 * turn + n) % 12},
                    actor=actors[n % 6],
                    proposal="pay",
                    committed=True,
                ).reference
                services.release_claim(made, "Rendu", actor=actors[n % 6])
            except Conflict:
                lost += 1
        return lost

    outcomes = together(8, act)
    assert [one.error for one in outcomes if one.error is not None] == []
    with db.scope():
        assert len(units.engaged_ids("lot", reference, line=1, state="listed")) == LINE
        assert not units.any_engaged("award", reference)
        assert verify_chains() == []


# --- mutants ---------------------------------------------------------------------------------------------


def stale_rivals(reference, actors, monkeypatch):
    """Every rival reads which units are free, all wait for one another, then each writes what it read."""
    seen, everybody_read = threading.local(), threading.Barrier(RIVALS)
    monkeypatch.setattr(answering, "units", SimpleNamespace(at_stake=lambda *_a, **_k: (seen.ids, None)))

    def act(n):
        seen.ids = units.engaged_ids("lot", reference, line=1, state="listed", limit=EACH)
        db.release()
        everybody_read.wait(30)
        return claim(reference, actors[n % 6])

    return together(RIVALS, act)


def unguarded(self, row, criteria, values, told=None):
    """Workflow._update without the source state in its WHERE."""
    statement = (
        sa.update(self.model)
        .where(*criteria)
        .values(state=row.target, version=self.model.version + 1, **values)
    )
    return int(db.session().execute(statement.execution_options(synchronize_session=False), told).rowcount)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_mutant_reading_before_the_lock_is_caught(contest, monkeypatch):
    reference, actors = contest
    outcomes = stale_rivals(reference, actors, monkeypatch)
    with pytest.raises(AssertionError):
        verdict(reference, outcomes)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_mutant_check_then_write_without_guard_nor_index_is_caught(contest, monkeypatch, database):
    reference, actors = contest
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_engagement_open")
    monkeypatch.setattr(Workflow, "_update", unguarded)
    outcomes = stale_rivals(reference, actors, monkeypatch)
    won = sum(o.error is None for o in outcomes)
    assert won * EACH > LINE, f"the mutant did not over-award ({won} won)"
    with pytest.raises(AssertionError):
        verdict(reference, outcomes)


def test_the_guard_alone_still_refuses_what_was_read_too_early(contest, monkeypatch):
    """Not a mutant: with stale reads, guarded UPDATE and index still let one rival win each unit, cleanly."""
    reference, actors = contest
    outcomes = stale_rivals(reference, actors, monkeypatch)
    assert {type(o.error) for o in outcomes if o.error} == {Conflict}
    assert sum(o.error is None for o in outcomes) == 1
