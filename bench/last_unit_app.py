"""The floor of a race for the last unit: a bare Flask application, a conditional UPDATE and a claim row."""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask, Response, jsonify

app = Flask(__name__)
url = sa.make_url(os.environ.get("REUSE_MARKET_DATABASE_URL", "sqlite://"))
lite = url.get_backend_name() == "sqlite"
engine = sa.create_engine(url, **({"connect_args": {"timeout": 15}} if lite else {"pool_size": 10}))
TAKE = sa.text("UPDATE floor_unit SET state = 'held' WHERE id = :id AND state = 'ready' RETURNING id")
CLAIM = sa.text("INSERT INTO floor_claim (unit_id) VALUES (:id)")

if lite:

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # sqlite3's connection has it
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # the same

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@app.post("/take/<int:unit_id>")
def take(unit_id: int) -> tuple[Response, int]:
    """201 to who took it, 409 to the others."""
    with engine.begin() as connection:
        if connection.execute(TAKE, {"id": unit_id}).first() is None:
            return jsonify(status=409), 409
        connection.execute(CLAIM, {"id": unit_id})
    return jsonify(reference=f"RES-{unit_id}"), 201
