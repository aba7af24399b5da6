"""A blank database given its schema, and the rows every service starts with."""

from __future__ import annotations

import os
import sys

import sqlalchemy as sa

from reuse_market.equipment import services as equipment
from reuse_market.kernel import db, migrating
from reuse_market.places import services as places
from reuse_market.regimes import services as regimes

SCHEMA_SETTING = "REUSE_MARKET_TEST_SCHEMA"  # "models": tables from the models, revisions left aside


def prepare(url: str) -> None:
    """Give the blank database at `url` its schema: by the revisions, or from the models where they differ.

    Somebody who has just changed a model can so run the tests; tests/migrations stay red until the revision
    is written.
    """
    database = db.Database(url)
    try:
        if not _migrated(database):
            _create_from_models(database)
    finally:
        database.engine.dispose()
    settle(url)


def settle(url: str) -> None:
    """Put everything in SQLite's one file, which is what gets copied."""
    database = db.Database(url)
    try:
        if database.is_sqlite:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.engine.dispose()


def seed(url: str) -> None:
    """The rows every service starts with (reference rows, what the law allows, territory), as `make run` puts
    them in on its first start. Thousands of tests begin from a copy."""
    db.connect(url)
    try:
        with db.scope():
            equipment.seed_reference()
            regimes.seed_reference()
            places.ensure_territory()
    finally:
        db.disconnect()
    settle(url)


def _migrated(database: db.Database) -> bool:
    """Migrate; False, with nothing left in the database, when there is no revision or the models differ."""
    if migrating.head() is None or os.environ.get(SCHEMA_SETTING) == "models":
        return False
    try:
        migrating.upgrade(database)
        behind = len(migrating.compare(database))
        if not behind:
            return True
        _say(f"the revisions are behind the models ({behind} differences): tables come from the models")
    except ImportError as error:
        _say(f"the models cannot all be imported: {error!r}")
    found = sa.MetaData()
    found.reflect(database.engine)
    with db.writing(), database.engine.begin() as connection:
        found.drop_all(connection)
    return False


def _say(words: str) -> None:
    print(f"\n!! {words}", file=sys.__stderr__)


def _create_from_models(database: db.Database) -> None:
    metadata = _known_metadata()
    tables = _buildable(metadata)
    with db.writing(), database.engine.begin() as connection:
        metadata.create_all(connection, tables=tables)
        migrating.install_triggers(connection)


def _known_metadata() -> sa.MetaData:
    """The models that can be imported: a room still being written must not stop the others' tests."""
    try:
        return migrating.metadata()
    except Exception as error:
        _say(f"some models are left out: {error!r}")
        return db.Base.metadata


def _buildable(metadata: sa.MetaData) -> list[sa.Table]:
    """Tables whose foreign keys all lead to known tables."""
    tables = dict(metadata.tables)
    while True:
        targets = {n: {f.target_fullname.split(".")[0] for f in t.foreign_keys} for n, t in tables.items()}
        lost = {name for name, wanted in targets.items() if not wanted <= tables.keys()}
        if not lost:
            return list(tables.values())
        _say(f"tables left out, their foreign keys lead nowhere: {sorted(lost)}")
        tables = {name: table for name, table in tables.items() if name not in lost}
