"""What an inventory costs beside the least any importer does: read the CSV, put the same columns in by COPY."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from bench.databases import connected
from bench.measuring import Figure, Goal, Timing, measure, once
from reuse_market.equipment.services import get_or_create_model
from reuse_market.fleets import services as fleets
from reuse_market.fleets.models import ImportRecord
from reuse_market.kernel import db
from reuse_market.units.models import Unit
from tests.support.world import Party, World

FLOOR = Goal("ratio", "<=", 1 / 0.35)  # at least 35 % of the floor's rate
STEADY = Goal("ratio", "<=", 1.5)
MEMORY = Goal("value", "<=", 200)
FASTER = Goal("ratio", "<=", 1 / 1.5)
HEADER = [
    "Nom", "Type", "Fabricant", "Modèle", "Numéro de série", "Numéro d'inventaire", "Lieu", "Mémoire (Mio)",
    "Système d'exploitation", "Date d'achat", "Usager", "Statut",
]  # fmt: skip
MODELS = [
    ("Portable", "Dell Inc.", "Latitude {}"), ("Ordinateur de bureau", "HP", "ProDesk {}"),
    ("Portable", "LENOVO", "ThinkPad {}"), ("Écran", "Iiyama", "ProLite {}"),
]  # fmt: skip
COLUMNS = (
    "id", "serial", "serial_key", "asset_tag", "kind", "model_id", "site_id", "ram_mb", "os", "bought_on",
    "state", "version", "owner_id", "custodian_id", "stream", "origin", "count",
)  # fmt: skip
BACKENDS = ("sqlite", "postgresql")
_BATCH = 5_000


class Parents(NamedTuple):
    """What the rows of a floor refer to."""

    holder_id: int
    site_id: int
    models: list[int]


@measure("import-100k", size=100_000)
def importing(size: int) -> Iterator[Figure]:
    """A CSV of `size` rows into the fleet, whole path, beside CSV → COPY (PostgreSQL) or executemany (SQLite)."""
    with tempfile.TemporaryDirectory() as name:
        file = inventory(Path(name), size)
        for backend in BACKENDS:
            with connected(backend), db.scope():
                holder = World.begin().holder()
                parents = _parents(holder)
                bare = once(lambda: _floor(file, parents, bare=True))  # noqa: B023 – called now
                _drop_floor()
                floor = once(lambda: _floor(file, parents))  # noqa: B023 – called now
                _drop_floor()
                found = once(lambda: bring_in(file, holder))  # noqa: B023 – called now
                _expect(size)
                yield Figure(
                    f"import-100k.{backend}", found.wall_s, "s",
                    "the same CSV loaded in bulk, same columns, indexes and constraints", floor.wall_s, FLOOR, found,
                )  # fmt: skip
                yield Figure(
                    f"import-100k.cpu.{backend}", found.cpu_s, "s", "processor time of that floor, this process",
                    floor.cpu_s, timing=floor,
                )  # fmt: skip
                yield Figure(
                    f"import-100k.bare.{backend}", found.wall_s, "s", "the same with no foreign key and no check",
                    bare.wall_s, timing=bare,
                )  # fmt: skip


@measure("resync-100k", size=100_000)
def resync(size: int) -> Iterator[Figure]:
    """The same rows again, shuffled, 1 % of them changed, beside their first import; the difference is exact."""
    with tempfile.TemporaryDirectory() as name:
        file = inventory(Path(name), size)
        again, changed = shuffled(file, random.Random(size))
        for backend in BACKENDS:
            with connected(backend), db.scope():
                holder = World.begin().holder()
                first = once(lambda: bring_in(file, holder))  # noqa: B023 – called now
                found = once(lambda: bring_in(again, holder))  # noqa: B023 – called now
                _expect(size)
                told = db.session().scalars(
                    sa.select(ImportRecord.facts).where(ImportRecord.verdict == "known")
                )
                assert {one["serial"] for one in told} == changed
                yield Figure(
                    f"resync-100k.{backend}", found.wall_s, "s", "the first import of the same file",
                    first.wall_s, FASTER, found,
                )  # fmt: skip


@measure("import-growth", size=1_000_000)
def growth(size: int) -> Iterator[Figure]:
    """Processor time a row of `size` rows beside a hundredth of them, and its memory, each in a process apart."""
    with tempfile.TemporaryDirectory() as name:
        for backend in BACKENDS:
            few, many = (_weighed(backend, Path(name), count) for count in (size // 100, size))
            timing = Timing(many["wall_s"], many["cpu_s"])
            yield Figure(
                f"import-growth.{backend}", 1e6 * many["cpu_s"] / size, "us/row", f"the same of {size // 100} rows",
                1e8 * few["cpu_s"] / size, STEADY, timing,
            )  # fmt: skip
            yield Figure(
                f"import-growth.memory.{backend}", many["grown_mb"], "MB", goal=MEMORY, timing=timing
            )


def inventory(folder: Path, size: int) -> Path:
    """A CSV of `size` devices as a tool exports it: 40 models, 60 days of purchase, users nobody keeps."""
    file = folder / f"inventaire-{size}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADER)
        for n in range(size):
            kind, maker, model = MODELS[n % 4]
            writer.writerow(
                [
                    f"PC-{n:07}", kind, maker, model.format(5400 + n // 4 % 10 * 10), f"SN{n * 7919 % 10**9:09}",
                    f"INV-{n:07}", f"Site {n % 9} > Bureau {n % 90}", 8192 * (1 + n % 3), "Windows 11 Pro",
                    f"{2018 + n % 5}-{1 + n % 12:02}-15", f"usager{n:07}", "En service",
                ]
            )  # fmt: skip
    return file


def shuffled(file: Path, rng: random.Random) -> tuple[Path, set[str]]:
    """The file in another order with another inventory number on 1 % of its rows, and their serial numbers."""
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    rng.shuffle(lines)
    cut = len(lines) // 100
    lines[:cut] = [line.replace("INV-", "NEW-") for line in lines[:cut]]
    rng.shuffle(lines)
    again = file.with_name("again.csv")
    again.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return again, {line.split(";")[4] for line in lines if "NEW-" in line}


def bring_in(file: Path, holder: Party) -> None:
    """The whole path, as a program's push takes it."""
    fleets.import_file(file, file.name, actor=holder.actor, site_id=holder.site_id)


def _expect(size: int) -> None:
    made = db.session().scalar(sa.select(sa.func.count()).select_from(Unit))
    events = sum(
        1 for _ in db.session().scalars(sa.text("SELECT 1 FROM event WHERE type = 'fleet.imported'"))
    )
    assert (made, events) == (size, 1), (made, events)


@db.command
def _parents(holder: Party) -> Parents:
    """What rows of units refer to, made beforehand: the floor's rows keep the same foreign keys."""
    names = {(MODELS[n % 4][1], MODELS[n % 4][2].format(5400 + n // 4 % 10 * 10)) for n in range(40)}
    models = [get_or_create_model("laptop", *one).id for one in sorted(names)]
    assert holder.site_id is not None
    return Parents(holder.organisation_id, holder.site_id, models)


@db.command
def _floor(file: Path, parents: Parents, *, bare: bool = False) -> None:
    """Rows of the same columns in a table with the same indexes, nothing judged.

    With the constraints of the table of units too, CHECKs of SQLite left out as by `kernel.loading`; `bare`:
    without any.
    """
    connection = db.session().connection()
    floor = _bare_table() if bare else _same_table()
    floor.create(connection)
    driver = connection.connection.driver_connection
    assert driver is not None
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, delimiter=";")
        next(reader)
        rows = (_row(n, cells, parents) for n, cells in enumerate(reader, 1))
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(COLUMNS))
            driver.execute("PRAGMA ignore_check_constraints = ON")
            driver.executemany(f"INSERT INTO bench_floor ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
            driver.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY bench_floor ({', '.join(COLUMNS)}) FROM STDIN") as copy,
            ):
                while batch := list(islice(rows, _BATCH)):
                    copy.write("".join("\t".join(map(str, row)) + "\n" for row in batch))


@db.command
def _drop_floor() -> None:
    db.session().execute(sa.text("DROP TABLE bench_floor"))


def _bare_table() -> sa.Table:
    table = _unit()
    columns = [
        sa.Column(c.name, c.type, primary_key=c.primary_key, nullable=c.nullable) for c in table.columns
    ]
    floor = sa.Table("bench_floor", sa.MetaData(), *columns)
    for index in table.indexes:
        sa.Index(f"bench_{index.name}", *(floor.c[c.name] for c in index.columns))
    return floor


def _same_table() -> sa.Table:
    apart = sa.MetaData()
    for key in _unit().foreign_keys:
        key.column.table.to_metadata(apart)
    floor = _unit().to_metadata(apart, name="bench_floor")
    floor.primary_key.name = "bench_pk"
    for index in floor.indexes:
        index.name = sa.sql.quoted_name(f"bench_{index.name}", quote=None)
    return floor


def _unit() -> sa.Table:
    table = Unit.__table__
    assert isinstance(table, sa.Table)
    return table


def _row(n: int, cells: list[str], parents: Parents) -> tuple[object, ...]:
    serial, holder = cells[4], parents.holder_id
    return (
        n, serial, f"{serial}|{cells[2]}", cells[5], "laptop", parents.models[n % 40], parents.site_id,
        int(cells[7]), cells[8], cells[9], "in_use", 1, holder, holder, "fleet/1", "import", 1,
    )  # fmt: skip


def _weighed(backend: str, folder: Path, count: int) -> dict[str, float]:
    """{"wall_s", "cpu_s", "grown_mb"} of an import in a fresh process."""
    file = inventory(folder, count)
    command = [sys.executable, "-m", "bench.weighing", backend, str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    wall, cpu, grown = map(float, told.split())
    return {"wall_s": wall, "cpu_s": cpu, "grown_mb": grown}
