"""Fresh databases by stage of the chain, made once by the verbs and copied for every run."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from reuse_market import documents, notices
from reuse_market.claims import services as claims
from reuse_market.documents import services as papers
from reuse_market.kernel import clock, db, files
from reuse_market.web import catalogues
from tests.stateful.machine import START, Surroundings
from tests.support import world as build
from tests.support.database import PostgresqlSource, SqliteSource, forget_durability
from tests.support.direct import claim_as_is, town
from tests.support.world import Party, World

STAGES = ("bare", "published", "awarded", "collected", "ready", "as-is")
GIFT = {"regime": "gift", "price_kind": "free"}
_numbers = itertools.count(1)


def advance(stage: str, who: dict[str, Party]) -> None:
    """From one stage to the next, by the verbs."""
    holder, shop = who["holder"], who["workshop"]
    if stage == "bare":
        build.fleet(holder, 4, prefix="P")
    elif stage == "published":
        build.published_lot(holder, numbered=0, counted=4)
    elif stage == "awarded":
        lot = build.published_lot(holder, numbered=0, counted=3)
        build.agreed_pickup(build.awarded_claim(lot, holder, shop), holder, shop)
    elif stage == "collected":
        build.collected_units(holder, shop, numbered=2, counted=2)
    elif stage == "ready":
        build.ready_units(shop, 3)
    else:
        town = who["town"]
        lot = build.published_lot(holder, numbered=0, counted=3, erased_by="holder", **GIFT)
        claim = claim_as_is(lot, town, {1: 2})
        claims.award_claim(claim.reference, actor=holder.actor)
        build.agreed_pickup(claim, holder, town)


@pytest.fixture
def plain_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are issued and kept but not laid out: what is tested here needs none of their looks."""
    catalogues.compile_stale(catalogues.ROOT)
    files.configure(f"file://{tmp_path / 'files'}")
    documents.configure(base_url="http://parc.example")
    notices.configure(base_url="http://parc.example", mail_url="page:", sender="Parc <parc@test.example>")
    monkeypatch.setattr(papers, "render", lambda *_args, **_told: b"%PDF-1.7\n")


@dataclass
class Stages:
    """A ready database by stage, and the parties, by backend: made on first use, copied ever after."""

    folder: Path
    ready: dict[str, dict[str, str]] = field(default_factory=dict)
    who: dict[str, dict[str, Party]] = field(default_factory=dict)


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """What has been made so far."""
    return Stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture
def around(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, stages: Stages, plain_papers: None
) -> Surroundings:
    """`around.open(stage)`: a connected copy of the database at that stage, and its parties."""
    source: SqliteSource | PostgresqlSource = request.getfixturevalue(f"_{backend}_source")
    if backend not in stages.ready:
        _prepare(source, backend, stages)

    @contextmanager
    def opened(stage: str) -> Iterator[dict[str, Party]]:
        copy = _copied(source, stages.ready[backend][stage], tmp_path / f"run{next(_numbers)}.sqlite")
        mine = db.connect(copy)
        forget_durability(mine)
        try:
            yield stages.who[backend]
        finally:
            if db._database is mine:  # a failed run is let go of late, in the middle of somebody else's test
                db.disconnect()
            source.drop(copy)

    return Surroundings(opened)


def _prepare(source: SqliteSource | PostgresqlSource, backend: str, stages: Stages) -> None:
    url, ready = source.migrated(stages.folder), {}
    forget_durability(db.connect(url))
    with clock.frozen(START):
        world = World.begin()
        who = {"holder": world.holder(), "workshop": world.reuse_actor(), "buyer": world.buyer(),
               "rival": world.reuse_actor("Atelier rival"), "association": world.recipient(),
               "town": town(world), "operator": world.operator()}  # fmt: skip
    for number, stage in enumerate(STAGES):
        with clock.frozen(START + timedelta(hours=number + 1)):
            advance(stage, who)
        ready[stage] = _copied(source, url, stages.folder / f"{stage}.sqlite")
    db.disconnect()
    stages.ready[backend], stages.who[backend] = ready, who


def _copied(source: SqliteSource | PostgresqlSource, url: str, file: Path) -> str:
    name = str(sa.make_url(url).database)
    if isinstance(source, PostgresqlSource):
        db.disconnect()
        copy = source._create(name)
        db.connect(url)
        return copy
    db.release()
    if db._database is not None:
        with db.database().engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(name, file)
    return f"sqlite:///{file}"
