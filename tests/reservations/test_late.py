"""Who comes too late is told so at once, whoever holds the lock; what the verb's short statement says of a group."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from reuse_market.accounts.models import Organisation
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue import taking
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.refurbishing.models import Offer, OfferGroup
from reuse_market.reservations import services
from tests.support.world import Party, World, ready_units

ONCE = "0" * 31 + "1"


def _held_elsewhere(other: sa.Connection, database: db.Database, seller: Party) -> None:
    """Another client is writing (SQLite), or holds the seller's head (PostgreSQL)."""
    if database.is_sqlite:
        other.exec_driver_sql("COMMIT")  # the transaction of a reader
        other.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        lock = sa.text("SELECT id FROM organisation WHERE id = :seller FOR UPDATE")
        other.execute(lock, {"seller": seller.organisation_id})


def test_the_loser_waits_for_nobody(world: World, database: db.Database) -> None:
    seller, buyer, rival = world.reuse_actor(), world.buyer(), world.buyer("Autre Exemple")
    ready_units(seller, 1)
    [group] = catalogue.groups(Filters(), buyer.actor)
    made = services.place_reservation(group.key, 1, actor=buyer.actor, once=ONCE).reference
    db.release()
    with database.engine.connect() as other:
        _held_elsewhere(other, database, seller)
        with pytest.raises(Conflict) as late:
            services.place_reservation(group.key, 1, actor=rival.actor)
        assert late.value.code == "group-gone"
        other.rollback()
    with pytest.raises(NotAllowed):  # who may not reserve at all is told that, as ever
        services.place_reservation(group.key, 1, actor=seller.actor)
    # The same form again is answered as the first time, though nothing is left.
    again = services.place_reservation(group.key, 1, actor=buyer.actor, once=ONCE)
    assert again.reference == made
    with pytest.raises(NotFound):
        services.place_reservation("f" * 16, 1, actor=rival.actor)


def test_a_verb_and_a_page_are_told_the_same_of_a_group(world: World) -> None:
    """`taking.stock` (in Python) and `queries.stored` (in SQL) are one rule, for every actor and openness."""
    seller, public = world.reuse_actor(), world.public_holder()
    actors = [
        seller.actor, world.buyer().actor, world.recipient().actor, world.operator().actor, public.actor,
    ]  # fmt: skip
    today, later = clock.today(), clock.in_days(5)
    unit_ids = ready_units(seller, 2)
    key = catalogue.groups(Filters(), seller.actor)[0].key

    @db.command
    def stands(**values: object) -> None:
        db.session().execute(sa.update(OfferGroup).values(**values))

    seen = []
    for open_to in ("all", "recipients", "public"):
        for opens_on in (today, later):
            for shown_from in (today, later):
                for units in (2, 0):
                    stands(open_to=open_to, opens_on=opens_on, shown_from=shown_from, units=units)
                    for actor in actors:
                        found, told = taking.stock(key, actor), catalogue.stored(key, actor)
                        assert (found.group and _said(found.group)) == (told and _said(told))
                        assert found.left == taking.left(key) == units
                        seen.append(told is not None)
    assert {True, False} == set(seen)
    stands(open_to="all", opens_on=today, shown_from=today, units=2)
    group = taking.stock(key, actors[1]).group
    assert group is not None
    assert [row.id for row in taking.ready(group, 9)] == catalogue.ready_ids(group, 9) == unit_ids
    assert taking.ready(group, 9) == taking.facts(unit_ids)
    db.command(lambda: db.session().execute(sa.update(Offer).values(open_from=later)))()
    assert taking.ready(group, 9) == []
    db.command(lambda: db.session().execute(sa.update(Organisation).values(state="suspended")))()
    assert taking.stock(key, actors[1]) == taking.Stock(None, None)
    assert taking.left(key) is None
    assert taking.stock("f" * 16, actors[1]) == taking.Stock(None, None)


def _said(group: catalogue.Group) -> tuple[object, ...]:
    return group.key, group.units, group.ids, group.open_to, group.price, group.seller, group.least_battery
