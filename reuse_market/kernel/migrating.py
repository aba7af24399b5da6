"""Schema migrations with plain Alembic: one revision per transaction, safe when several nodes start at once.

Rooms are found by walking the package, so the kernel names none. A room whose `models` need database
triggers has a module `triggers` with `install(connection)`: idempotent, doing nothing while its tables are
absent. It runs after every revision, in the same transaction, because SQLite loses the triggers of a table
that a batch migration rebuilds. `remove(connection)`, if it has one, runs before a step down.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import pkgutil
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

import reuse_market
from reuse_market.kernel.db import Base, Database, writing

if TYPE_CHECKING:  # Alembic is loaded by who migrates: a worker that serves pages has no use for it
    from alembic.config import Config
    from alembic.script import ScriptDirectory

SCRIPTS = Path(reuse_market.__file__).parent.parent / "migrations"
_REVISION, _BEFORE = (
    re.compile(rf'^{word} = "(\w+)"', re.MULTILINE) for word in ("revision", "down_revision")
)
ADVISORY_LOCK = 7_264_110  # any number, the same for every node: one migrates, the others wait


def metadata() -> sa.MetaData:
    """The tables of every room, each room's models imported."""
    for name in ("dated", "files", "idempotency", "references"):
        importlib.import_module(f"reuse_market.kernel.{name}")
    for name in rooms_with("models"):
        importlib.import_module(name)
    return Base.metadata


def rooms_with(module: str) -> list[str]:
    """Full names of the rooms' modules (or packages) called `module`."""
    rooms = [m.name for m in pkgutil.iter_modules(reuse_market.__path__, "reuse_market.") if m.ispkg]
    return [f"{room}.{module}" for room in rooms if importlib.util.find_spec(f"{room}.{module}")]


def install_triggers(connection: sa.Connection) -> None:
    """Put back every room's triggers (see this module's opening words)."""
    for name in rooms_with("triggers"):
        importlib.import_module(name).install(connection)


def remove_triggers(connection: sa.Connection) -> None:
    """Before a step down: take away the triggers that write into a table which may be about to go."""
    for name in rooms_with("triggers"):
        remove = getattr(importlib.import_module(name), "remove", None)
        if remove is not None:
            remove(connection)


def head(scripts: Path = SCRIPTS) -> str | None:
    """The newest revision of the checkout; None before the first. Two heads raise."""
    return _script(scripts).get_current_head()


def current(database: Database) -> str | None:
    """The revision the database stands at; None when it is blank."""
    with database.engine.connect() as connection:
        return _current(connection)


def pending(database: Database, scripts: Path = SCRIPTS) -> bool:
    """Whether revisions of the checkout are missing from the database."""
    return current(database) != head(scripts)


def is_current(database: Database, scripts: Path = SCRIPTS) -> bool:
    """The same asked without Alembic, which who serves pages does without. False where no database answers."""
    written = [path.read_text(encoding="utf-8") for path in (scripts / "versions").glob("*.py")]
    named = {one for text in written for one in _REVISION.findall(text)}
    newest = named - {one for text in written for one in _BEFORE.findall(text)}
    try:
        with database.engine.connect() as connection:
            return (
                set(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars())
                == newest
            )
    except SQLAlchemyError:
        return False


def upgrade(database: Database, target: str = "head", scripts: Path = SCRIPTS) -> list[str]:
    """Apply revisions up to `target`, one transaction each; return those applied here, oldest first."""
    wanted = _resolve(target, scripts)
    applied: list[str] = []
    while (step := _one_step(database, wanted, scripts, up=True)) is not None:
        applied.append(step)
    return applied


def downgrade(database: Database, target: str, scripts: Path = SCRIPTS) -> list[str]:
    """Undo revisions down to `target` ("base", a revision or "-1"); return those undone, newest first."""
    wanted = _resolve(target, scripts, start=current(database))
    undone: list[str] = []
    while (step := _one_step(database, wanted, scripts, up=False)) is not None:
        undone.append(step)
    return undone


def compare(database: Database) -> list[Any]:
    """What autogenerate would change: empty when the database is what the models say."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata()))


def new_revision(message: str, database: Database | None = None, scripts: Path = SCRIPTS) -> Path:
    """Write the revision file that brings `database` (a new SQLite one by default) to the models.

    Returns its path. Read the file before keeping it: renames and data moves are not seen.
    """
    from alembic import command

    with tempfile.TemporaryDirectory() as folder:
        base = database or Database(f"sqlite:///{folder}/revision.sqlite")
        try:
            upgrade(base, scripts=scripts)
            with base.engine.connect() as connection:
                made = command.revision(_config(connection, scripts), message, autogenerate=True)
        finally:
            if database is None:
                base.engine.dispose()
    if made is None or isinstance(made, list):
        raise RuntimeError("one revision was expected")
    return Path(made.path)


def _script(scripts: Path) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(scripts))


def _current(connection: sa.Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: sa.Connection, scripts: Path) -> Config:
    """Alembic's settings, without a file: the connection is handed to migrations/env.py."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("timezone", "UTC")
    config.set_main_option(
        "file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
    )
    config.attributes["connection"] = connection
    return config


def _resolve(target: str, scripts: Path, start: str | None = None) -> str | None:
    """The revision meant by `target`; None for "base". `-n` counts back from `start`."""
    line = _line(scripts)
    if target == "head":
        return line[-1]
    if target == "base":
        return None
    if re.fullmatch(r"-\d+", target):
        return line[max(0, line.index(start) - int(target[1:]))]
    return _script(scripts).get_revision(target).revision


def _line(scripts: Path) -> list[str | None]:
    """The one line of revisions, oldest first, from None (a blank database) to the head."""
    script = _script(scripts)
    script.get_current_head()  # two heads raise
    walked = list(script.walk_revisions())
    return [None, *(r.revision for r in reversed(walked))]


def _one_step(database: Database, wanted: str | None, scripts: Path, *, up: bool) -> str | None:
    """Move one revision towards `wanted` in one transaction; None when there. Another node may be ahead."""
    from alembic import command

    line = _line(scripts)
    with _alone(database) as connection:
        at = _current(connection)
        if at not in line:
            raise LookupError(f"the database stands at revision {at}, which this checkout does not have")
        here, there = line.index(at), line.index(wanted)
        if here == there or (here < there) != up:
            return None  # there already, or past it
        config = _config(connection, scripts)
        if up:
            command.upgrade(config, str(line[here + 1]))
        else:
            remove_triggers(connection)
            command.downgrade(config, line[here - 1] or "base")
        install_triggers(connection)
        _check_foreign_keys(database, connection)
        return line[here + 1] if up else at


@contextmanager
def _alone(database: Database) -> Iterator[sa.Connection]:
    """One transaction that no other migration can run beside.

    SQLite's foreign keys are off meanwhile: rebuilding a parent table would otherwise empty its children.
    The pragma only works outside a transaction, hence the driver's own connection.
    """
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if database.is_sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with writing(), connection.begin():
                if not database.is_sqlite:  # SQLite's writer is alone already
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))
                yield connection
        finally:
            if database.is_sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(database: Database, connection: sa.Connection) -> None:
    if database.is_sqlite:
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(f"the migration leaves rows without their parent: {orphans[:5]}")
