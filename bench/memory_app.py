"""The floor of memory: a bare Flask application with an engine, and one page with one query."""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask, render_template_string

app = Flask(__name__)
engine = sa.create_engine(os.environ.get("REUSE_MARKET_DATABASE_URL", "sqlite://"))


@app.get("/catalogue")
@app.get("/lots")
@app.get("/connexion")
def page() -> str:
    """A row, a template."""
    with engine.connect() as connection:
        return render_template_string("<p>{{ n }}</p>", n=connection.execute(sa.text("SELECT 1")).scalar())
