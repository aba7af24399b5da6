"""Statements past the unit of work: what they write, refuse, and when a look is taken."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.dated import Delay
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.statements import after_a_look, insert, insert_all, plain
from reuse_market.refurbishing.models import OfferGroup

DAYS = sa.select(Delay.__table__.c.days).where(Delay.__table__.c.code == sa.bindparam("of_code"))


def delay(code: str, days: int) -> Delay:
    return Delay(code=code, days=days, source="Exemple de source", confidence="D")


def test_rows_written_at_once_are_as_a_flush_leaves_them(database: db.Database) -> None:
    @db.command
    def write() -> tuple[Delay, list[Delay]]:
        one = insert(delay("test.one", 3))
        several = insert_all([delay("test.two", 5), delay("test.three", 7)])
        assert one.valid_from == date(2020, 1, 1)  # the column's default
        assert sa.inspect(one).persistent
        assert db.session().get(Delay, several[1].id) is several[1]
        one.days = 4  # and followed from then on
        db.session().add(delay("test.flushed", 9))
        assert plain(DAYS, {"of_code": "test.flushed"}).scalar() == 9  # what waited is written before
        return one, list(several)

    one, (two, three) = write()
    assert two.id < three.id
    assert [(row.code, row.days) for row in (one, two, three)] == [
        ("test.one", 4), ("test.two", 5), ("test.three", 7),
    ]  # fmt: skip
    with pytest.raises(RuntimeError, match="outside a command"):
        plain(sa.delete(Delay))
    with pytest.raises(ValueError, match="OfferGroup.fewest"):  # computed by the database
        db.command(lambda: insert(OfferGroup()))()


def test_an_act_undone_leaves_no_ghost_where_the_next_one_writes(database: db.Database) -> None:
    """SQLite gives the key of a row undone to the next row: the session must not take one for the other."""
    kept: list[Delay] = []

    @db.command
    def write(code: str, *, undone: bool) -> Delay:
        kept.append(insert(delay(code, 3)))
        if undone:
            raise Conflict("undone")
        return kept[-1]

    with pytest.raises(Conflict):
        write("test.undone", undone=True)
    made = write("test.done", undone=False)
    assert db.session().get(Delay, made.id) is made
    assert plain(DAYS, {"of_code": "test.undone"}).scalar() is None


def test_a_look_is_taken_before_anything_is_locked_and_on_fresh_rows(database: db.Database) -> None:
    seen: list[tuple[str, bool]] = []

    def look(code: str) -> None:
        seen.append(("look", db.in_command()))
        if plain(DAYS, {"of_code": code}).scalar() == 0:
            raise Conflict("gone")

    @after_a_look(look)
    @db.command
    def verb(code: str) -> str:
        seen.append(("verb", db.in_command()))
        return code

    @db.command
    def outer() -> str:
        return verb("test.none")

    assert verb.is_command  # type: ignore[attr-defined]  # as every verb
    assert plain(DAYS, {"of_code": "test.none"}).scalar() is None
    assert verb("test.none") == outer() == "test.none"
    assert seen == [
        ("look", False),
        ("verb", True),
        ("verb", True),
    ]  # inside another the lock is taken already
    assert plain(DAYS, {"of_code": "test.none"}).scalar() is None  # an old snapshot again: not believed below
    with database.engine.begin() as other:
        other.execute(sa.insert(Delay), {
            "code": "test.none", "days": 0, "source": "Exemple de source", "confidence": "D",
            "valid_from": date(2020, 1, 1),
        })  # fmt: skip
    seen.clear()
    with pytest.raises(Conflict, match="gone"):
        verb("test.none")
    assert seen == [("look", False)]
    db.session().add(delay("test.left", 1))
    with pytest.raises(RuntimeError, match="outside a command"):  # not thrown away in silence by the look
        verb("test.none")
