"""What builders write again is what their verbs had written, and in doubt the verbs are played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market import notices
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.db import Base
from tests.support.retelling import retold, teller
from tests.support.world import World, collected_units, make_party

Begin = Callable[[], World]


@pytest.fixture
def begin(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Begin]:
    """`begin()`: a test begins on a database and a folder of its own; nothing told before is known."""
    source, made, known = request.getfixturevalue(f"_{backend}_source"), list[str](), teller.kept
    teller.kept = {}

    def start() -> World:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(source.migrated(folder))
        teller.begin(db.connect(made[-1]), fresh=True)
        files.configure(f"file://{folder}/files")
        notices.configure(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
        return World.begin()

    yield start
    teller.end()
    teller.kept = known
    db.disconnect()
    for url in made:
        source.drop(url)


def _spent(what: str) -> int:
    return teller.counts[what]


def _all() -> tuple[dict[str, list[Any]], dict[str, bytes], list[Any]]:
    """Every row, every file, and what the sequences will give next."""
    db.release()
    read = db.session()
    rows = {
        name: sorted(map(repr, read.execute(sa.select(table)).all()))
        for name, table in Base.metadata.tables.items()
    }
    folder = files._folder()
    contents = {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    sequences = sa.text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
    counted = [] if db.database().is_sqlite else [tuple(row) for row in read.execute(sequences)]
    db.release()
    return rows, contents, counted


def test_the_same_rows_files_and_keys(begin: Begin) -> None:
    """A whole chain to a counter-signed pick-up, with its papers."""
    told = []
    for spent in ("told", "again"):
        world = begin()
        before = _spent(spent)
        ids = collected_units(world.holder(), world.reuse_actor())
        assert _spent(spent) == before + 3
        told.append((ids, world.parties, _all()))
    assert told[0] == told[1]
    assert len(told[0][2][1]) > 1
    assert {len(rows) for rows in told[0][2][0].values()} > {0, 1}


@retold
def _met(world: World, *, failing: bool) -> World:
    world.holder()
    if failing:
        _fail()
    return world


def _fail() -> None:
    @db.command
    def fail() -> None:
        make_party("Jamais Exemple", "buyer")
        raise LookupError

    with pytest.raises(LookupError):
        fail()


def _another_write(_world: World) -> None:
    make_party.__wrapped__("Autre Exemple", "buyer")  # type: ignore[attr-defined]  # as no builder


def _undone(_world: World) -> None:
    _fail()


def _another_door(_world: World) -> None:
    engine = db.database().engine
    sa.event.remove(engine, "before_cursor_execute", teller._sent)  # nothing is heard of it
    make_party.__wrapped__("Autre Exemple", "buyer")  # type: ignore[attr-defined]  # as no builder
    sa.event.listen(engine, "before_cursor_execute", teller._sent)


@pytest.mark.parametrize("doubt", [_another_write, _undone, _another_door])
def test_in_doubt_the_verbs_are_played(begin: Begin, doubt: Callable[[World], None]) -> None:
    begin().holder()
    world = begin()
    doubt(world)
    again = _spent("again")
    holder = world.holder()
    assert _spent("again") == again
    assert holder.actor.organisation_name == "Entreprise Exemple"


def test_another_day_or_an_outer_command_is_another_story(begin: Begin) -> None:
    begin().holder()
    for around in (clock.frozen(clock.now() + timedelta(days=1)), db.writing()):
        world, again = begin(), _spent("again")
        with around:
            world.holder()
            db.session().rollback()
        assert _spent("again") == again


def test_a_world_learns_its_parties_and_what_was_undone_is_not_told(begin: Begin) -> None:
    for failing, often in ((False, 1), (True, 0)):
        first = _met(begin(), failing=failing)
        world, again = begin(), _spent("again")
        assert _met(world, failing=failing) is world
        assert _spent("again") == again + often
        assert world.parties.keys() == first.parties.keys() == {"Entreprise Exemple"}
