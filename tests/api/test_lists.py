"""Lists are read by key, in a constant number of statements."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from reuse_market.kernel import db
from tests.support import world as chain


@pytest.fixture
def statements():
    """`statements(act)` says how many statements an act takes."""

    def count(act):
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        event.listen(db.database().engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(db.database().engine, "before_cursor_execute", note)
        return len(seen)

    return count


def test_pages_neither_repeat_nor_hide(world, caller):
    holder = caller(world.holder())
    first = [holder.post("/lots", 201, title=f"Lot {n}")["reference"] for n in range(5)]
    page = holder.get("/lots?limit=2")
    assert [one["reference"] for one in page["items"]] == first[:2:-1]
    holder.post("/lots", 201, title="Arrivé entre-temps")
    rest = holder.get(f"/lots?limit=100&cursor={page['next']}")
    assert [one["reference"] for one in rest["items"]] == first[2::-1]
    assert rest["next"] is None
    assert holder.get("/lots?limit=6")["next"] is None
    assert [one["reference"] for one in holder.all("/lots?state=published")] == []


def test_the_statements_do_not_grow_with_the_list(world, caller, statements):
    holder, actor = world.holder(), world.reuse_actor()

    def more():
        claim = chain.awarded_claim(chain.published_lot(holder), holder, actor)
        chain.signed_pickup(chain.agreed_pickup(claim, holder, actor), holder, actor)
        chain.ready_units(actor, 3)
        key = caller(world.buyer()).get("/offers")["items"][0]["key"]
        caller(world.buyer()).post(f"/offers/{key}:reserve", 201, units=1)

    more()
    asking = caller(actor)
    paths = ("/lots", "/claims", "/pickups", "/units", "/offers", "/reservations", "/removals", "/sites")
    for path in paths:
        asking.get(path)  # whatever is read once
    before = {path: statements(lambda at=path: asking.get(at)) for path in paths}
    more()
    more()
    assert {path: statements(lambda at=path: asking.get(at)) for path in paths} == before
    assert max(before.values()) < 20
