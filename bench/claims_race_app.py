"""The product as gunicorn serves it, with one page more: a query by an index and a bare template."""

from __future__ import annotations

import sqlalchemy as sa
from flask import render_template_string

from bench.pages import FLOOR
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.units.models import Unit
from reuse_market.web.access import access

app = create_app()


@app.get("/floor")
@access("public")
def floor() -> str:
    """25 rows by the primary key."""
    found = sa.select(Unit.id, Unit.kind, Unit.state, Unit.stream).order_by(Unit.id).limit(25)
    return render_template_string(FLOOR, rows=db.session().execute(found).all())
