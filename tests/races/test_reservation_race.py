"""Many buyers, few devices: real threads, both databases. Losers are told cleanly; nothing is held twice."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue import taking
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from reuse_market.kernel.errors import Conflict, NotFound
from reuse_market.kernel.workflow import Workflow
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations import acting, placing, services
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Engagement, Unit
from reuse_market.web import catalogues
from tests.support.races import Outcome, together
from tests.support.world import Party, World, ready_units

RIVALS = 16
CLEAN = (Conflict, NotFound)


@pytest.fixture
def world(database: db.Database) -> World:
    catalogues.compile_stale(catalogues.ROOT)
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


@pytest.fixture
def buyers(world: World) -> list[Party]:
    return [world.buyer(f"Acheteur Exemple {n}") for n in range(RIVALS)]


def _key(buyer: Party) -> str:
    with db.scope():
        [group] = catalogue.groups(Filters(), buyer.actor)
        return group.key


def _rush(buyers: list[Party], key: str, count: int) -> list[Outcome]:
    """Everybody at once; the references of the winners are the values."""

    def reserve(n: int) -> str:
        return services.place_reservation(key, count, actor=buyers[n].actor).reference

    return together(len(buyers), reserve)


def _winners(outcomes: list[Outcome]) -> list[str]:
    """References of the winners; every loser must have been told cleanly."""
    unclean = [o.error for o in outcomes if o.error is not None and not isinstance(o.error, CLEAN)]
    assert not unclean, unclean
    return [o.value for o in outcomes if o.error is None]


def _holds() -> Counter[int]:
    """Open holds by unit, read afresh."""
    with db.scope() as session:
        statement = sa.select(Engagement.unit_id).where(
            Engagement.kind == "hold", Engagement.until_at.is_(None)
        )
        return Counter(session.scalars(statement))


def _deadlocks(database: db.Database) -> int:
    """Deadlocks PostgreSQL had to break in this database, its idle sessions having reported."""
    if database.is_sqlite:
        return 0
    database.engine.dispose()  # a session reports what it counted when it ends
    with db.scope() as session:
        statement = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        return int(session.scalar(sa.text(statement)) or 0)


def _sound() -> None:
    with db.scope():
        assert reconcile() == []
        assert verify_chains() == []


def test_the_last_unit_goes_to_exactly_one(world: World, buyers: list[Party]) -> None:
    seller = world.reuse_actor()
    [unit] = ready_units(seller, 1)
    key = _key(buyers[0])
    for _ in range(12):
        winners = _winners(_rush(buyers, key, 1))
        assert len(winners) == 1, winners
        assert _holds() == {unit: 1}
        with db.scope():
            services.release_reservation(winners[0], actor=seller.actor, reason="Essai")
        assert not _holds()
    _sound()


def test_thirty_in_fours_are_never_thirty_one(world: World, buyers: list[Party]) -> None:
    seller = world.reuse_actor()
    units = ready_units(seller, 30)
    key = _key(buyers[0])
    for _ in range(4):
        winners = _winners(_rush(buyers, key, 4))
        held = _holds()
        assert len(winners) == 7  # 28 held; the eighth would need 32
        assert set(held.values()) == {1}
        assert len(held) == 28
        assert set(held) <= set(units)
        with db.scope():
            for reference in winners:
                services.release_reservation(reference, actor=seller.actor, reason="Essai")
    _sound()


def test_units_of_several_lots_do_not_deadlock(
    database: db.Database, world: World, buyers: list[Party]
) -> None:
    """Holds write on two streams; releases and holds cross each other."""
    seller = world.reuse_actor()
    for _ in range(5):
        ready_units(seller, 2, stream="lot/LOT-2026-9001")
        ready_units(seller, 2, stream="lot/LOT-2026-9002")
    key = _key(buyers[0])

    def take_and_let_go(n: int) -> int:
        made = services.place_reservation(key, 3, actor=buyers[n].actor)
        reference = made.reference
        services.release_reservation(
            reference, actor=seller.actor if n % 2 else buyers[n].actor, reason="Essai"
        )
        return n

    for _ in range(3):
        _winners(together(RIVALS, take_and_let_go))
        assert not _holds()
    assert _deadlocks(database) == 0
    _sound()


def test_the_same_form_sent_twice_at_once_acts_once(world: World) -> None:
    ready_units(world.reuse_actor(), 6)
    buyer = world.buyer()
    key = _key(buyer)

    def send(_n: int) -> str:
        return services.place_reservation(key, 2, actor=buyer.actor, once="form-1").reference

    winners = _winners(together(4, send))
    assert len(set(winners)) == 1
    assert len(_holds()) == 2


# --- mutants: each takes guards away, and the race must then see units held twice


def _check_then_write(
    self: Workflow[Unit], row: object, criteria: tuple, values: dict, told: dict | None = None
) -> int:
    """The UPDATE without its `state IN sources`: what "check, then write" amounts to."""
    db.session().flush()
    statement = (
        sa.update(self.model)
        .where(*criteria)
        .values(state=row.target, version=self.model.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return int(db.session().execute(statement, told).rowcount)


def _ready_unlocked(found: catalogue.Group, limit: int) -> list:
    return taking.facts(_ready_ids_unlocked(found, limit))


def _ready_ids_unlocked(found: catalogue.Group, limit: int) -> list[int]:
    """The first ready units, seen without locking them."""
    statement = sa.select(Unit.id).where(Unit.state == "ready", Unit.kind == found.kind).order_by(Unit.id)
    return list(db.session().scalars(statement.limit(limit)))


def _held_twice(buyers: list[Party], key: str) -> bool:
    """Whether a rush of everybody for the last unit ends with two winners or a unit held twice."""
    outcomes = _rush(buyers, key, 1)
    return sum(o.error is None for o in outcomes) > 1 or max(_holds().values(), default=0) > 1


def _drop_the_index() -> None:
    @db.command
    def drop() -> None:
        db.session().execute(sa.text("DROP INDEX uq_engagement_open"))

    drop()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_mutant_check_then_write(world: World, buyers: list[Party], monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL without row lock, guarded UPDATE and unique index: the race is lost, and we see it."""
    ready_units(world.reuse_actor(), 1)
    key = _key(buyers[0])
    _drop_the_index()
    monkeypatch.setattr(Workflow, "_update", _check_then_write)
    monkeypatch.setattr(taking, "ready", _ready_unlocked)
    monkeypatch.setattr(acting, "queue_up", lambda _seller: None)
    assert _held_twice(buyers, key)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("kept", ["guarded update", "unique index"])
def test_each_guard_alone_suffices(
    world: World, buyers: list[Party], monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    """The mutant above with one of its guards given back: no unit is held twice."""
    ready_units(world.reuse_actor(), 1)
    key = _key(buyers[0])
    monkeypatch.setattr(taking, "ready", _ready_unlocked)
    monkeypatch.setattr(acting, "queue_up", lambda _seller: None)
    if kept == "guarded update":
        _drop_the_index()
    else:
        monkeypatch.setattr(Workflow, "_update", _check_then_write)
    assert len(_winners(_rush(buyers, key, 1))) == 1
    assert max(_holds().values()) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("guarded", [False, True])
def test_mutant_read_before_the_lock(
    world: World, buyers: list[Party], monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """SQLite, units read before BEGIN IMMEDIATE: lost without the guards below, won with them."""
    ready_units(world.reuse_actor(), 1)
    key = _key(buyers[0])
    if not guarded:
        _drop_the_index()
        monkeypatch.setattr(Workflow, "_update", _check_then_write)
    seen = threading.local()
    all_have_read = threading.Barrier(RIVALS)
    monkeypatch.setattr(placing, "reservable", lambda *_: seen.group)
    monkeypatch.setattr(placing, "pick", lambda *_: placing.facts(seen.ids))

    def read_then_lock(n: int) -> str:
        seen.group = catalogue.group(key, buyers[n].actor)
        seen.ids = _ready_ids_unlocked(seen.group, 1)
        db.release()  # the pool is smaller than the crowd
        all_have_read.wait(30)
        return services.place_reservation(key, 1, actor=buyers[n].actor).reference

    outcomes = together(RIVALS, read_then_lock)
    winners = sum(o.error is None for o in outcomes)
    if guarded:
        assert len(_winners(outcomes)) == 1
    else:
        assert winners > 1
        assert max(_holds().values()) > 1
