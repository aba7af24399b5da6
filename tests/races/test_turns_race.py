"""Who waits, joins and answers at the same moment, as PostgreSQL lets them: nobody fails, nobody waits in a ring."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from reuse_market import notices
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock, db
from reuse_market.reservations import acting, services
from reuse_market.reservations.needs import reading
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.waiting import services as waiting
from reuse_market.reservations.waiting.waiting_models import WaitingEntry
from reuse_market.web import catalogues
from tests.support.races import together
from tests.support.world import World, ready_units

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])  # SQLite has one writer at a time


@pytest.fixture
def world(database: db.Database) -> World:
    catalogues.compile_stale(catalogues.ROOT)
    notices.configure(
        base_url="http://parc.example", mail_url="page:", sender="Parc commun <parc@test.example>"
    )
    return World.begin()


def test_who_joins_while_others_are_served_waits_for_the_next_one(
    world: World, database: db.Database
) -> None:
    seller, taker = world.reuse_actor(), world.buyer()
    early, late = world.buyer("Premier Exemple"), world.buyer("Second Exemple")
    ready_units(seller, 1)
    [group] = catalogue.groups(catalogue.Filters(), taker.actor)
    held = services.place_reservation(group.key, 1, actor=taker.actor).reference
    references = [waiting.join("laptop", 1, actor=early.actor).reference]

    def meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM waiting_entry" in statement and "FOR UPDATE" in statement and len(references) == 1:
            [joined] = together(1, lambda _n: waiting.join("laptop", 1, actor=late.actor).reference)
            assert joined.error is None
            references.append(joined.value)

    event.listen(database.engine, "after_cursor_execute", meanwhile)
    services.release_reservation(held, actor=taker.actor)
    event.remove(database.engine, "after_cursor_execute", meanwhile)
    db.release()
    states = dict(db.session().execute(sa.select(WaitingEntry.reference, WaitingEntry.state)).all())
    assert [states[one] for one in references] == ["offered", "waiting"]


@pytest.mark.parametrize("way", ["accept", "decline", "withdraw", "close", "lapse"])
def test_an_answer_takes_the_seller_s_head_before_the_need(
    world: World, database: db.Database, way: str
) -> None:
    """As reservations do, which lock the needs of promises next: nobody holds what the other waits for."""
    seller, structure = world.reuse_actor(), world.recipient()
    ready_units(seller, 1)
    need = needs.post_need(actor=structure.actor, kind="laptop", units=1)
    best, asked = reading.proposals(need).matches[0].supply, need.reference
    made = needs.propose_match(asked, "ready", best.key, 1, actor=seller.actor)
    match, after = made.reference, clock.at_paris(made.until + timedelta(1), 9)

    def lapse() -> None:
        with clock.frozen(after):
            assert needs.lapse_due() == 1

    ways: dict[str, Callable[[], object]] = {
        "accept": lambda: needs.accept_match(match, actor=structure.actor),
        "decline": lambda: needs.decline_match(match, "far", actor=structure.actor),
        "withdraw": lambda: needs.withdraw_match(match, "late", actor=seller.actor),
        "close": lambda: needs.close_need(asked, "over", actor=structure.actor),
        "lapse": lapse,
    }
    outcomes = []
    answering = threading.Thread(target=lambda: outcomes.extend(together(1, lambda _n: ways[way]())))

    @db.command
    def busy() -> bool:
        """The head is held: whether the need is free once the answer waits for something."""
        acting.queue_up(seller.organisation_id)
        answering.start()
        with database.engine.connect() as other:
            waits = sa.text(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()"
            )
            give_up = time.monotonic() + 10
            while not other.scalar(waits) and time.monotonic() < give_up:
                time.sleep(0.02)
                other.rollback()
            free = sa.text("SELECT id FROM need FOR UPDATE SKIP LOCKED")
            return other.scalar(free) is not None

    db.release()
    assert busy()
    answering.join(20)
    assert [one.error for one in outcomes] == [None]
