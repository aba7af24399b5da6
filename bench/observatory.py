"""What the map and the forecast cost with ever more units: beside the same pages with 1,000, and a bare list page."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial

import sqlalchemy as sa
from flask import Flask

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, once, timed
from bench.pages import floor_page, getting
from reuse_market.equipment.models import Kind
from reuse_market.factory import create_app
from reuse_market.fleets.models import ResourceCell
from reuse_market.kernel import clock, db
from reuse_market.observatory import memory, publishing
from reuse_market.places import queries as places
from reuse_market.settings import Settings
from reuse_market.units.models import Engagement, Unit
from tests.support.world import Party, World, published_lot

RUNS = 40
SMALL, HOLDERS, QUARTERS = 1_000, 40, 13
FOUR_TIMES = Goal("ratio", "<=", 4)
PAGES = {
    "map": "/carte",
    "map.expected": "/carte?state=forecast&kind=laptop",
    "map.csv": "/carte.csv?state=stock",
    "forecast": "/previsions",
    "home": "/",
}


@measure("observatory", size=1_000_000)
def observatory(size: int) -> Iterator[Figure]:
    """The public pages with 1,000 units, then 100,000 and `size` of them, whose counts are published anew."""
    sizes = sorted({SMALL, min(100_000, size), size})
    for backend in ("sqlite", "postgresql"):
        with connected(backend) as database, tempfile.TemporaryDirectory() as folder:
            app = create_app(
                Settings(
                    database_url=database.url.render_as_string(hide_password=False),
                    secret_key="bench",
                    files_url=f"file://{folder}/files",
                    testing=True,
                )
            )
            with db.scope():
                parties = _holders()
            yield from _asked(app, parties, sizes, backend)


def _asked(app: Flask, parties: list[Party], sizes: list[int], backend: str) -> Iterator[Figure]:
    get, bare, there = getting(app), floor_page(app), 0
    small: dict[str, float] = {}
    for size in sizes:
        with db.scope():
            _grow(parties, size - there)
            _count(parties, size)
            made = once(publishing.publish)
        there = size
        memory.forget()
        first = once(partial(get, PAGES["map"]))
        for name, told in (("publish", made), ("map.counted-anew", first)):
            yield Figure(f"observatory.{name}.{size}.{backend}", told.wall_s, "s", "", None, None, told)
        for name, path in PAGES.items():
            floor, found = timed(bare, runs=RUNS), timed(partial(get, path), runs=RUNS)
            weight = (
                found.wall_s / floor.wall_s
            )  # in list pages of the same moment: neighbours slow both down
            against = "the same page with 1,000 units" if name in small else "list page of 25 rows"
            goal = FOUR_TIMES if name in small else None
            shown = f"observatory.{name}.{size}.{backend}"
            yield Figure(shown, weight, "list pages", against, small.get(name, 1), goal, found)
            small.setdefault(name, weight)


def _holders() -> list[Party]:
    """Forty holders all over the territory, each with an open lot."""
    world, communes = World.begin(), places.communes()
    made = []
    for number in range(HOLDERS):
        commune = communes[number * 7 % 9]
        [postcode, *_others] = places.postcodes_of(commune.insee)
        party = world.party(f"Détenteur {number} Exemple", "holder", commune=commune.name, postcode=postcode)
        published_lot(party, numbered=0, counted=3)
        made.append(party)
    return made


@db.command
def _grow(parties: list[Party], more: int) -> None:
    """Insert units by one statement: of a hundred, eighty-nine in use, ten discarded, one in an open lot."""
    first = (db.session().scalar(sa.select(sa.func.max(Unit.id))) or 0) + 1
    kinds = list(db.session().scalars(sa.select(Kind.code).order_by(Kind.order)))
    lots = list(
        db.session().execute(
            sa.select(Engagement.reference, Engagement.party_id, sa.func.max(Engagement.line)).group_by(
                Engagement.reference, Engagement.party_id
            )
        )
    )
    owners = {owner: (lot, line) for lot, owner, line in lots}
    for start in range(first, first + more, 20_000):
        units, held = [], []
        for number in range(start, min(start + 20_000, first + more)):
            party = parties[number % HOLDERS]
            state = "listed" if number % 100 == 0 else "discarded" if number % 10 == 0 else "in_use"
            lot, line = owners[party.organisation_id]
            stream = f"lot/{lot}" if state == "listed" else f"fleet/{party.organisation_id}"
            units.append(
                {"id": number, "state": state, "owner_id": party.organisation_id, "stream": stream,
                 "custodian_id": party.organisation_id, "site_id": party.site_id,
                 "kind": kinds[number // HOLDERS % len(kinds)], "serial_key": f"bench|{number}"}
            )  # fmt: skip
            if state == "listed":
                held.append(
                    {"unit_id": number, "kind": "lot", "reference": lot, "line": line,
                     "party_id": party.organisation_id, "from_at": clock.now()}
                )  # fmt: skip
        db.session().execute(sa.insert(Unit), units)
        if held:
            db.session().execute(sa.insert(Engagement), held)


@db.command
def _count(parties: list[Party], size: int) -> None:
    """The counts the fleets room would keep of so many units: about a row each until every place is taken."""
    chance = random.Random(size)  # noqa: S311 – spreads counts, no secret
    kinds = list(db.session().scalars(sa.select(Kind.code).order_by(Kind.order)))
    communes = [commune.insee for commune in places.communes()]
    today = clock.today()
    start = today.year * 4 + (today.month - 1) // 3
    quarters = [date(q // 4, q % 4 * 3 + 1, 1) for q in range(start, start + QUARTERS)]
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for _draw in range(min(size, 200_000)):
        basis = chance.choice(("stock", "announced", "forecast", "forecast", "forecast"))
        quarter = quarters[0] if basis == "stock" else chance.choice(quarters)
        place = (
            chance.choice(parties).organisation_id, chance.choice(communes), chance.choice(kinds), basis, quarter
        )  # fmt: skip
        number = max(size // 200_000, 1) + chance.randrange(6)
        rows[place] = {
            "organisation_id": place[0], "commune_insee": place[1], "kind": place[2], "basis": basis,
            "state": "discarded" if basis == "stock" else "", "quarter": quarter, "expected": number,
            "low": max(number - 3, 0), "high": number + 3, "made_at": clock.now(),
        }  # fmt: skip
    db.session().execute(sa.delete(ResourceCell))
    db.session().execute(sa.insert(ResourceCell), list(rows.values()))
