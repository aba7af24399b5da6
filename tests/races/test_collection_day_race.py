"""The last places of a grouped day: holders ask at the same moment, as many get in as there are places."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.collection.arrivals import days
from reuse_market.collection.models import Pickup
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.errors import Conflict
from reuse_market.traceability.verify import verify_chains
from reuse_market.web import catalogues
from tests.support import world as chain
from tests.support.races import together

RIVALS = 8


@pytest.fixture
def day(database, tmp_path):
    """A day of one slot with one place, and eight holders with devices for it: (slot id, [(claim, actor)])."""
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    notices.configure(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
    world = chain.World.begin()
    taker = world.reuse_actor()
    found = []
    for number in range(RIVALS):
        holder = world.party(f"Détenteur {number}", "holder")
        claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, taker)
        found.append((str(claim.reference), holder.actor))
    made = days.open_day(taker.site_id, clock.in_days(3), [("09:00", "10:00", 1)], actor=taker.actor)
    [slot] = days.slots_of(made)
    db.release()
    return slot.id, found


def race(day):
    """How many got the place, and the refusals."""
    slot, rivals = day
    outcomes = together(RIVALS, lambda n: days.take_slot(rivals[n][0], slot, actor=rivals[n][1]).reference)
    errors = [one.error for one in outcomes if one.error is not None]
    assert [error for error in errors if not isinstance(error, Conflict)] == []
    with db.scope() as session:
        held = session.scalar(
            sa.select(sa.func.count(Pickup.id)).where(Pickup.slot_id == slot, Pickup.state == "agreed")
        )
        assert verify_chains() == []
    return held, [error.code for error in errors]


def test_the_last_place_has_one_taker(day):
    assert race(day) == (1, ["day.full"] * (RIVALS - 1))


@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_the_lock_of_the_day_the_race_is_lost(day, monkeypatch):
    """The mutant: the day is read, not locked, and everybody counts before anybody writes."""
    counted = threading.Barrier(RIVALS)
    check, lock = days._check_place, days.lock

    def unlocked(model, *criteria):
        if model is days.CollectionDay:
            return db.session().scalars(sa.select(model).where(*criteria)).one_or_none()
        return lock(model, *criteria)

    def slow(*terms):
        check(*terms)
        counted.wait(20)

    monkeypatch.setattr(days, "lock", unlocked)
    monkeypatch.setattr(days, "_check_place", slow)
    held, _refused = race(day)
    assert held == RIVALS
