"""Many buyers ask over HTTP for the last unit, again and again: one gets it, the others a clean 409.

Machine, server, database and clients share the processors; the floor is raced in the same run, the same way.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure
from reuse_market.accounts import tokens
from reuse_market.catalogue import queries as catalogue
from reuse_market.catalogue.queries import Filters
from reuse_market.kernel import db
from tests.support.shopping import Answer, Buyer, rush, served
from tests.support.world import Party, World, ready_units

CROWDS = (16, 64)
CLEAN = "application/problem+json"
THRICE, NONE = Goal("ratio", "<=", 3), Goal("value", "<=", 0)


@measure("last_unit", size=1000)
def last_unit(size: int) -> Iterator[Figure]:
    """`size` rounds with 16 and with 64 clients on both databases: p95 of an answer against the floor race."""
    for backend in ("sqlite", "postgresql"):
        for crowd in CROWDS:
            with connected(backend) as database, tempfile.TemporaryDirectory() as name:
                yield from _raced(database, f"last_unit.{backend}.{crowd}", crowd, size, Path(name))


def _raced(database: db.Database, name: str, crowd: int, rounds: int, folder: Path) -> Iterator[Figure]:
    url = database.url.render_as_string(hide_password=False)
    with db.scope():
        key, secrets, back = _contest()
    _floor_tables(url, rounds)
    with served(url, folder, "bench.last_unit_app:app") as port:
        buyers = [Buyer(port) for _ in range(crowd)]
        bare = [rush(buyers, f"/take/{number}", {}) for number in range(1, rounds + 1)]
    with served(url, folder) as port:
        buyers = [Buyer(port, secrets[n % len(secrets)]) for n in range(crowd)]
        workshop, found = Buyer(port, back), []
        for _ in range(rounds):
            found.append(rush(buyers, f"/api/v1/offers/{key}:reserve", {"units": 1}))
            for answer in found[-1]:
                if answer.status == 201:
                    again = f"/api/v1/reservations/{answer.told['reference']}:release"
                    workshop.post(again, {"reason": "bench"})
    against = "conditional UPDATE and claim row behind a bare Flask"
    yield Figure(f"{name}.p95", _p95(found), "s", against, _p95(bare), THRICE)
    not_one = sum(1 for answers in found if sum(a.status == 201 for a in answers) != 1)
    yield Figure(f"{name}.rounds_without_one_winner", not_one, "rounds", goal=NONE)
    unclean = sum(1 for answers in found for a in answers if a.status != 201 and not _clean(a))
    yield Figure(f"{name}.neither_won_nor_clean_409", unclean, "answers", goal=NONE)


def _contest() -> tuple[str, list[str], str]:
    """A seller with one device, sixteen buyers: the group's key, their tokens, the seller's."""
    world = World.begin()
    seller = world.reuse_actor()
    ready_units(seller, 1)
    buyers = [world.buyer(f"Acheteur Exemple {n}") for n in range(16)]
    [group] = catalogue.groups(Filters(), buyers[0].actor)
    return group.key, [_token(one) for one in buyers], _token(seller)


def _token(party: Party) -> str:
    assert party.actor.person_id is not None
    assert party.actor.organisation_id is not None
    return tokens.make_token(party.actor.person_id, party.actor.organisation_id, ["write"])[1]


def _floor_tables(url: str, rounds: int) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE floor_unit (id INTEGER PRIMARY KEY, state VARCHAR(10))"))
        connection.execute(sa.text("CREATE TABLE floor_claim (unit_id INTEGER PRIMARY KEY)"))
        rows = [{"id": number} for number in range(1, rounds + 1)]
        connection.execute(sa.text("INSERT INTO floor_unit VALUES (:id, 'ready')"), rows)
    engine.dispose()


def _clean(answer: Answer) -> bool:
    return answer.status == 409 and answer.media == CLEAN


def _p95(rounds: list[list[Answer]]) -> float:
    seconds = sorted(answer.seconds for answers in rounds for answer in answers)
    return seconds[int(len(seconds) * 0.95)]
