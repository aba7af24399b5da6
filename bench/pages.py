"""What a lot's page costs beside the smallest list page: one indexed query, 25 rows, a template."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template, render_template_string, request
from flask.testing import FlaskClient
from jinja2 import DictLoader

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, timed
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.settings import Settings
from reuse_market.units.models import Unit
from tests.support.lives import Life, whole_life
from tests.support.world import PASSWORD, World

RUNS = 60
LIST = Goal("ratio", "<=", 3)  # a page of ours takes at most three times the floor's list page
FLOOR = """<!doctype html><title>Floor</title><table>{% for row in rows %}
<tr><td><a href="/u/{{ row.id }}">{{ row.id }}</a></td><td>{{ row.kind }}</td><td>{{ row.state }}</td>\
<td>{{ row.stream }}</td><td>{{ row.origin }}</td><td>{{ row.regime }}</td></tr>
{% endfor %}</table>"""
PAGES = {"lot": "/lots/{lot}", "units": "/lots/{lot}/appareils", "board": "/lots", "catalogue": "/catalogue"}


@measure("pages", size=1)
def pages(size: int) -> Iterator[Figure]:
    """The lot page, its devices, the board and the catalogue as the holder reads them, per request."""
    for backend in ("sqlite", "postgresql"):
        with connected(backend) as database, tempfile.TemporaryDirectory() as folder:
            settings = Settings(
                database_url=database.url.render_as_string(hide_password=False),
                secret_key="bench",
                files_url=f"file://{folder}/files",
                testing=True,
            )
            app = create_app(settings)
            with db.scope():
                life = whole_life(World.begin())
            yield from _asked(app, life, backend)


def _asked(app: Flask, life: Life, backend: str) -> Iterator[Figure]:
    get = _signed_in(app, life.holder.email)
    floor = timed(floor_page(app), runs=RUNS)
    for name, path in PAGES.items():
        found = timed(partial(get, path.format(lot=life.lot)), runs=RUNS)
        against = "list page of 25 rows"
        yield Figure(f"page.{name}.{backend}", found.wall_s, "s", against, floor.wall_s, LIST, found)


def _signed_in(app: Flask, email: str) -> Callable[[str], Any]:
    client = app.test_client()
    sent = {"email": email, "password": PASSWORD}
    assert client.post("/connexion", data=sent, headers={"Origin": "http://localhost"}).status_code == 302

    return getting(app, client)


def getting(app: Flask, client: FlaskClient | None = None) -> Callable[[str], Any]:
    """Asks for a page as `client` (a visitor by default) and gives its bytes."""
    client = client or app.test_client()

    def get(path: str) -> Any:
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.get_data()

    return get


def floor_page(app: Flask, *, compiled: bool = True) -> Callable[[], Any]:
    """The smallest list page: three filters of the address, one indexed query of 25 rows, a template.

    In an application without anything around it. `compiled`: its template is found by name and compiled once, as
    that of a real page; else at each request, as `render_template_string` does.
    """
    bare = Flask("floor")
    bare.jinja_loader = DictLoader({"floor.html": FLOOR})
    columns = [getattr(Unit, name) for name in ("id", "kind", "state", "stream", "origin", "regime")]

    @bare.get("/")
    def listed() -> str:
        asked = request.args
        wanted = sa.select(*columns).where(
            Unit.kind != asked["kind"], Unit.state != asked["state"], Unit.origin != asked["origin"]
        )
        with db.scope() as session:
            rows = session.execute(wanted.order_by(Unit.id).limit(25)).all()
            if compiled:
                return render_template("floor.html", rows=rows)
            return render_template_string(FLOOR, rows=rows)

    client = bare.test_client()
    return lambda: client.get("/?kind=other&state=recycled&origin=found").get_data()
