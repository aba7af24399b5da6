"""The product as gunicorn serves it, with one page more: a query by an index and a bare template."""

from __future__ import annotations

import sqlalchemy as sa

from bench.pages import FLOOR
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.units.models import Unit
from reuse_market.web.access import access

app = create_app()
_floor = app.jinja_env.from_string(FLOOR)


@app.get("/floor")
@access("public")
def floor() -> str:
    """25 rows by the primary key."""
    columns = Unit.id, Unit.kind, Unit.state, Unit.stream, Unit.origin, Unit.regime
    found = sa.select(*columns).order_by(Unit.id).limit(25)
    return _floor.render(rows=db.session().execute(found).all())
