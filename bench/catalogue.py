"""The shop window: a search with four filters and a text beside the smallest list page, and as the stock grows.

Units, offers and groups are written by bulk SQL: 10^4 units on both databases; on PostgreSQL that size again
and 100 times as many, a tenth of them ready, as `--size` says (10^4 by default).
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median, quantiles

import sqlalchemy as sa
from flask import Flask

from bench.databases import connected
from bench.measuring import Figure, Goal, measure
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
ALIKE = 20  # ready units of a group, on average
P95 = Goal("ratio", "<=", 3)
GROWTH = Goal("ratio", "<=", 1.3)
ADDRESS = "/catalogue?text=portable+i5&kind=laptop&ram=8&grade=B&most=400"
BASE = geo.Point(45_188_529, 5_724_524)
CHUNK = 5_000


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
                sellers = _sellers()
                fill(size, sellers)
            small = yield from _pages(app, backend)
            yield from _near(backend)
            if backend == "postgresql":
                with db.scope():
                    fill(size * LARGER - size, sellers, seed=2)
                large = _taken(lambda: getting(app)(ADDRESS))
                yield Figure(
                    "catalogue.search.grown.p50",
                    median(large),
                    "s",
                    f"p50 at {size} units",
                    median(small),
                    GROWTH,
                )


def _pages(app: Flask, backend: str) -> Iterator[Figure]:
    get, floor = getting(app), floor_page(app)
    own, bare = _taken(lambda: get(ADDRESS), floor)
    yield Figure(
        f"catalogue.search.p95.{backend}", _p95(own), "s", "p95 of the list page of 25 rows", _p95(bare), P95
    )
    yield Figure(
        f"catalogue.search.p50.{backend}", median(own), "s", "p50 of the list page", median(bare), P95
    )
    return own


def _near(backend: str) -> Iterator[Figure]:
    def near() -> object:
        with db.scope():
            return queries.search(Filters(sort="distance"), VISITOR, BASE, count=False).groups

    def boxed() -> object:
        group = OfferGroup
        with db.scope() as session:
            wanted = sa.select(group).where(
                group.units > 0, group.latitude.between(45_100_000, 45_280_000),
                group.longitude.between(5_630_000, 5_820_000),
            )  # fmt: skip
            return session.scalars(wanted.limit(25)).all()

    own, bare = _taken(near, boxed)
    yield Figure(
        f"catalogue.near.{backend}", median(own), "s", "indexed bounding-box query", median(bare), P95
    )


def _taken(*acts: Callable[[], object]) -> list:  # type: ignore[type-arg]  # one list of seconds, or one for each act
    """Seconds of each act, the acts by turns so that a busy machine weighs on all."""
    taken: list[list[float]] = [[] for _ in acts]
    for run in range(RUNS + 5):
        for at, act in enumerate(acts):
            start = time.perf_counter()
            act()
            if run >= 5:
                taken[at].append(time.perf_counter() - start)
    return taken[0] if len(acts) == 1 else taken


def _p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]


def _sellers() -> list[int]:
    world = World.begin()
    return [world.reuse_actor(f"Atelier Exemple {n}").organisation_id for n in range(8)]


@db.command
def fill(units: int, sellers: list[int], *, seed: int = 1) -> None:
    """`units` units, a tenth of them ready in groups of some twenty alike, spread over the communes."""
    chance, session = random.Random(seed), db.session()
    places = [(row.latitude, row.longitude, row.name) for row in session.scalars(sa.select(Commune))]
    ready, shapes = units // 10, stock.rows(seed, sellers[0])
    models = {
        (row["kind"], row["maker"], row["model"]): get_or_create_model(
            row["kind"], row["maker"], row["model"]
        ).id
        for row in shapes
    }
    first = session.scalar(sa.select(sa.func.coalesce(sa.func.max(OfferGroup.id), 0))) or 0
    groups = [
        _group(chance, shapes, models, places, sellers, first + n + 1) for n in range(max(1, ready // ALIKE))
    ]
    _write(OfferGroup, groups)
    said = {word for row in groups for word in reading.words(row["search"])}
    said -= set(session.scalars(sa.select(OfferWord.word)))
    _write(OfferWord, [{"word": word} for word in sorted(said)])
    last = session.scalar(sa.select(sa.func.coalesce(sa.func.max(Unit.id), 0))) or 0
    for start in range(0, units, CHUNK):
        rows = [
            _unit(chance, last + n + 1, groups, n < ready) for n in range(start, min(units, start + CHUNK))
        ]
        _write(Unit, [unit for unit, _offer in rows])
        _write(Offer, [offer for _unit, offer in rows if offer])
    counts = (
        sa.select(sa.func.count()).select_from(Offer).where(Offer.group_id == OfferGroup.id).scalar_subquery()
    )
    session.execute(sa.update(OfferGroup).values(units=counts).execution_options(synchronize_session=False))
    if not db.database().is_sqlite:
        session.execute(sa.text("ANALYZE"))


def _write(table: type, rows: list) -> None:  # type: ignore[type-arg]  # rows of whichever table
    for start in range(0, len(rows), CHUNK):
        db.session().execute(sa.insert(table), rows[start : start + CHUNK])


def _group(chance, shapes, models, places, sellers, number) -> dict:  # type: ignore[no-untyped-def, type-arg]  # a row
    row = dict(chance.choice(shapes))
    latitude, longitude, name = chance.choice(places)
    return row | {
        "id": number, "key": f"{number:016x}", "seller_id": chance.choice(sellers), "units": 0, "shown_from": ALREADY,
        "model_id": models[row["kind"], row["maker"], row["model"]], "price_cents": chance.randint(0, 400) * 100,
        "latitude": latitude, "longitude": longitude, "commune_name": name,
    }  # fmt: skip


def _unit(chance, number, groups, ready) -> tuple:  # type: ignore[no-untyped-def, type-arg]  # a unit, its offer or None
    group, now = chance.choice(groups), clock.now()
    unit = {
        "id": number, "state": "ready" if ready else chance.choice(("in_use", "in_workshop", "provided")), "version": 1,
        "owner_id": group["seller_id"], "custodian_id": group["seller_id"], "stream": "lot/LOT-2026-9999",
        "origin": "extra", "kind": group["kind"], "model_id": group["model_id"], "regime": "sale", "count": 1,
        "erased_at": now if ready else None, "tested_at": now if ready else None,
    }  # fmt: skip
    offer = {
        "unit_id": number, "cosmetic_grade": group["grade"], "functional_state": "ok", "price_cents": group["price_cents"],
        "battery_percent": group["least_battery"], "vat_scheme": "exempt", "warranty_months": 12, "open_to": "all",
        "open_from": clock.today(), "made_at": now, "group_id": group["id"],
    }  # fmt: skip
    return unit, offer if ready else None
