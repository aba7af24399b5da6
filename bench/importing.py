"""What importing an inventory costs beside the least any importer does: read, write as JSON, hash, insert."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, measure, once
from reuse_market.fleets import services as fleets
from reuse_market.kernel import db
from reuse_market.units.models import Unit
from tests.support.world import Party, World

PIPELINE = Goal("ratio", "<=", 1.67)  # at least 60 % of the pipeline's rate
HEADER = ["Nom", "Type", "Fabricant", "Modèle", "Numéro de série", "Numéro d'inventaire", "Date d'achat"]
FLOOR = sa.Table(
    "bench_floor", sa.MetaData(), sa.Column("n", sa.Integer, primary_key=True), sa.Column("body", sa.Text),
    sa.Column("hash", sa.String(64)),
)  # fmt: skip


@measure("import", size=10_000)
def importing(size: int) -> Iterator[Figure]:
    """An inventory of `size` rows from its upload to its units, against CSV → JSON → SHA-256 → insert."""
    data = _inventory(size)
    for backend in ("sqlite", "postgresql"):
        with connected(backend), db.scope():
            holder = World.begin().holder()
            floor = once(lambda: _floor(data))
            found = once(lambda holder=holder: _import(data, holder))  # type: ignore[misc]  # bound now
            made = db.session().scalar(sa.select(sa.func.count()).select_from(Unit))
            assert made == size, made
            yield Figure(
                f"import.{backend}", found.wall_s, "s", "CSV, JSON, SHA-256 and insert of the same rows",
                floor.wall_s, PIPELINE, found,
            )  # fmt: skip


def _inventory(size: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for n in range(size):
        writer.writerow(
            [
                f"PC-{n:06}",
                "Portable",
                "Exemple",
                f"Modèle {n % 12}",
                f"SN{n:08}",
                f"INV-{n:06}",
                "2021-03-15",
            ]
        )
    return text.getvalue().encode()


def _import(data: bytes, holder: Party) -> None:
    row = fleets.upload_inventory(data, "inventaire.csv", actor=holder.actor, site_id=holder.site_id)
    fleets.confirm_mapping(row.id, actor=holder.actor)
    fleets.apply_import(row.id, actor=holder.actor)


@db.command
def _floor(data: bytes) -> None:
    connection = db.session().connection()
    FLOOR.create(connection)
    rows = csv.DictReader(io.StringIO(data.decode()), delimiter=";")
    bodies = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    connection.execute(
        FLOOR.insert(),
        [
            {"n": n, "body": body, "hash": hashlib.sha256(body.encode()).hexdigest()}
            for n, body in enumerate(bodies)
        ],
    )
