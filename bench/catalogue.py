"""The shop window: a search with four filters and a text beside the smallest list page, and as the stock grows.

Units, offers and groups are written by bulk SQL: 10^4 units on both databases; on PostgreSQL 100 times as many
after that, a tenth of them ready, as `--size` says (10^4 by default). Every page asked for holds 25 groups, at both
sizes, as the floors hold 25 rows. The floor's template is compiled once, as a real page's is; `…recompiled` is set
beside the same floor compiling its template at each request, which is about twice as dear. The texts and values asked
for change from one request to the next: nothing of an answer is remembered, only the statement of its shape is.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from statistics import median, quantiles
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, once
from bench.pages import floor_page, getting
from reuse_market.catalogue import queries
from reuse_market.catalogue.queries import Filters
from reuse_market.equipment.services import get_or_create_model
from reuse_market.factory import create_app
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import VISITOR
from reuse_market.places import geo
from reuse_market.places.models import Commune
from reuse_market.refurbishing.group_models import ALREADY
from reuse_market.refurbishing.models import Offer, OfferGroup, OfferWord
from reuse_market.refurbishing.shelf import reading
from reuse_market.settings import Settings
from reuse_market.units.models import Unit
from tests.catalogue.search import stock
from tests.support.world import World

RUNS = 80
LARGER = 100  # times the units of the first size
ALIKE = 2  # ready units of a group, on average: a page of 25 groups at both sizes
P95 = Goal("ratio", "<=", 3)
GROWTH = Goal("ratio", "<=", 1.3)
ADDRESS = "/catalogue?text={text}&kind=laptop&ram=8&grade=B&most={most}"
TEXTS = ("portable+i5", "i5", "ordinateur+i5", "portables+i5", "laptop+i5", "pc+portable+i5")
BASE = geo.Point(45_188_529, 5_724_524)
CHUNK = 5_000
SIZE = queries.SIZE
ELSEWHERE = (*("in_use",) * 5, "in_workshop", *("provided",) * 3)  # a ninth is received and not ready


@measure("catalogue", size=10_000)
def catalogue(size: int) -> Iterator[Figure]:
    """Search and "near me" over `size` units; then over 100 times as many on PostgreSQL."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend) as database, tempfile.TemporaryDirectory() as folder:
            app = create_app(
                Settings(
                    database_url=database.url.render_as_string(hide_password=False), secret_key="bench",
                    files_url=f"file://{folder}/files", testing=True,
                )
            )  # fmt: skip
            with db.scope():
                fill(size, _sellers())
            small = yield from _pages(app, backend)
            yield from _near(backend)
            if backend == "postgresql":
                filled = once(partial(_grow, size))
                yield Figure("catalogue.grown.fill", filled.wall_s, "s", timing=filled)
                own, bare = _taken(partial(_asked, getting(app)), floor_page(app))
                large = median(own) / median(
                    bare
                )  # in floors, as the machine is not equally busy at both hours
                yield Figure(
                    "catalogue.search.grown.p50", large, "floors", f"p50 at {size} units", small, GROWTH
                )


def _pages(app: Flask, backend: str) -> Generator[Figure, None, float]:
    get = getting(app)
    own, bare, recompiled = _taken(partial(_asked, get), floor_page(app), floor_page(app, compiled=False))
    for name, of in (("p95", _p95), ("p50", median)):
        against = f"{name} of the list page of 25 rows"
        yield Figure(f"catalogue.search.{name}.{backend}", of(own), "s", against, of(bare), P95)
    yield Figure(
        f"catalogue.search.recompiled.{backend}",
        median(own),
        "s",
        "its template compiled at each request",
        median(recompiled),
    )
    return median(own) / median(bare)


_chance = random.Random(4)


def _asked(get: Callable[[str], bytes]) -> None:
    page = get(ADDRESS.format(text=_chance.choice(TEXTS), most=_chance.randint(350, 400)))
    assert page.count(b"<tr>") == SIZE + 1, "a page that is not full says nothing of its price"


def _near(backend: str) -> Iterator[Figure]:
    chance = random.Random(3)

    def near() -> None:
        base = geo.Point(
            BASE.latitude + chance.randint(-30_000, 30_000), BASE.longitude + chance.randint(-30_000, 30_000)
        )
        with db.scope():
            found = queries.search(Filters(sort="distance"), VISITOR, base, count=False).groups
            assert len(found) == SIZE

    def boxed() -> None:
        group = OfferGroup
        with db.scope() as session:
            wanted = sa.select(group).where(
                group.units > 0, group.latitude.between(45_100_000, 45_280_000),
                group.longitude.between(5_630_000, 5_820_000),
            )  # fmt: skip
            assert len(session.scalars(wanted.limit(SIZE)).all()) == SIZE

    own, bare = _taken(near, boxed)
    yield Figure(
        f"catalogue.near.{backend}",
        median(own),
        "s",
        "indexed bounding-box query, 25 rows",
        median(bare),
        P95,
    )


def _taken(*acts: Callable[[], object]) -> list[list[float]]:
    """Seconds of each act, the acts by turns so that a busy machine weighs on all."""
    taken: list[list[float]] = [[] for _ in acts]
    for run in range(RUNS + 5):
        for at, act in enumerate(acts):
            start = time.perf_counter()
            act()
            if run >= 5:
                taken[at].append(time.perf_counter() - start)
    return taken


def _p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]


def _sellers() -> list[int]:
    world = World.begin()
    return [world.reuse_actor(f"Atelier Exemple {n}").organisation_id for n in range(8)]


@db.command
def fill(units: int, sellers: list[int]) -> None:
    """`units` units, a tenth of them ready in small groups, spread over the communes."""
    chance, session = random.Random(1), db.session()
    places = [(row.latitude, row.longitude, row.name) for row in session.scalars(sa.select(Commune))]
    ready, shapes = units // 10, stock.rows(1, sellers[0])
    models = {
        (row["kind"], row["maker"], row["model"]): get_or_create_model(
            row["kind"], row["maker"], row["model"]
        ).id
        for row in shapes
    }
    groups = [_group(chance, shapes, models, places, sellers, n + 1) for n in range(max(1, ready // ALIKE))]
    _write(OfferGroup, groups)
    said = {word for row in groups for word in reading.words(row["search"])}
    _write(OfferWord, [{"word": word} for word in sorted(said)])
    for start in range(0, units, CHUNK):
        rows = [_unit(chance, n + 1, groups, n < ready) for n in range(start, min(units, start + CHUNK))]
        _write(Unit, [unit for unit, _offer in rows])
        _write(Offer, [offer for _unit, offer in rows if offer])
    counts = (
        sa.select(sa.func.count()).select_from(Offer).where(Offer.group_id == OfferGroup.id).scalar_subquery()
    )
    session.execute(sa.update(OfferGroup).values(units=counts).execution_options(synchronize_session=False))
    if not db.database().is_sqlite:
        session.execute(sa.text("ANALYZE"))


def _grow(size: int) -> None:
    """PostgreSQL: what `fill` wrote, LARGER - 1 times again with other prices and ids; then its statistics."""
    groups = max(1, size // 10 // ALIKE)
    with db.scope():
        _again(size, groups)
    with db.database().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("offer_group", "unit", "offer"):
            connection.execute(sa.text(f"VACUUM ANALYZE {name}"))


@db.command
def _again(size: int, groups: int) -> None:
    for table, told in (
        (OfferGroup, {"id": f"id + n * {groups}", "key": f"lpad(to_hex(id + n * {groups}), 16, '0')",
                      "price_cents": "(price_cents + n * 3700) % 40100"}),
        (Unit, {"id": f"id + n * {size}"}),
        (Offer, {"unit_id": f"unit_id + n * {size}", "group_id": f"group_id + n * {groups}"}),
    ):  # fmt: skip
        names = [column.name for column in table.__table__.columns if column.computed is None]
        values = ", ".join(told.get(name, f'"{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        times = f"generate_series(1, {LARGER - 1}) AS n"
        written = f"INSERT INTO {table.__tablename__} ({columns}) SELECT {values} FROM {table.__tablename__}, {times}"  # noqa: S608 - names of our own tables
        db.session().execute(sa.text(written))


def _write(table: type, rows: list[Any]) -> None:
    for start in range(0, len(rows), CHUNK):
        db.session().execute(sa.insert(table), rows[start : start + CHUNK])


def _group(
    chance: random.Random,
    shapes: list[Any],
    models: dict[Any, int],
    places: list[Any],
    sellers: list[int],
    number: int,
) -> dict[str, Any]:
    row = dict(chance.choice(shapes))
    latitude, longitude, name = chance.choice(places)
    return row | {
        "id": number, "key": f"{number:016x}", "seller_id": chance.choice(sellers), "units": 0, "shown_from": ALREADY,
        "model_id": models[row["kind"], row["maker"], row["model"]], "price_cents": chance.randint(0, 400) * 100,
        "latitude": latitude, "longitude": longitude, "commune_name": name,
    }  # fmt: skip


def _unit(
    chance: random.Random, number: int, groups: list[Any], ready: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    group, now = chance.choice(groups), clock.now()
    unit = {
        "id": number, "state": "ready" if ready else chance.choice(ELSEWHERE), "version": 1,
        "owner_id": group["seller_id"], "custodian_id": group["seller_id"], "stream": "lot/LOT-2026-9999",
        "origin": "extra", "kind": group["kind"], "model_id": group["model_id"], "regime": "sale", "count": 1,
        "erased_at": now if ready else None, "tested_at": now if ready else None,
    }  # fmt: skip
    offer = {
        "unit_id": number, "cosmetic_grade": group["grade"], "functional_state": "ok",
        "price_cents": group["price_cents"],
        "battery_percent": group["least_battery"], "vat_scheme": "exempt", "warranty_months": 12, "open_to": "all",
        "open_from": clock.today(), "made_at": now, "group_id": group["id"],
    }  # fmt: skip
    return unit, offer if ready else None
