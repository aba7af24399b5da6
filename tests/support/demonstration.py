"""The demonstration, loaded by the commands an administrator types: once a run, then copied.

The copy holds its database, its files and its signing key; the workers of a run share what the first of them made.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from flask import Flask

from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.settings import Settings
from tests.support.database import forget_durability
from tests.support.keeping import KEPT_SETTING

PASSWORD = "parc-commun-demo"
SAID = "said.txt"  # what the command printed, kept beside the database


def demonstration(folder: Path) -> Flask:
    """The application with the demonstration in it, on SQLite, in `folder`."""
    shutil.copytree(kept_folder(), folder / "demonstration")
    return _application(folder / "demonstration")


def bring(kept: Path, files: Path) -> None:
    """Put what is kept there into the connected database, on SQLite, and its files and its key into `files`."""
    shutil.copytree(kept / "files", files, dirs_exist_ok=True)
    db.release()
    with (
        closing(sqlite3.connect(kept / "demo.sqlite")) as source,
        closing(db.database().engine.raw_connection()) as connection,
    ):
        source.backup(connection.driver_connection)  # type: ignore[arg-type]  # a connection of sqlite3


def _application(folder: Path) -> Flask:
    made = create_app(
        Settings(
            database_url=f"sqlite:///{folder}/demo.sqlite",
            secret_key="a secret of the tests",
            files_url=f"file://{folder}/files",
            demo=True,
            demo_password=PASSWORD,
        )
    )
    forget_durability(db.database())
    return made


def kept_folder() -> Path:
    """Where this run keeps the demonstration, at rest; the first worker that asks loads it, connected to nothing."""
    kept = Path(os.environ[KEPT_SETTING]) / "demonstration"
    with Path(f"{kept}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_dir():
            making = Path(tempfile.mkdtemp(dir=kept.parent))
            app = _application(making)
            typed = app.test_cli_runner()
            for words in (["db", "upgrade"], ["demo", "load"]):
                answered = typed.invoke(args=words)
                assert answered.exit_code == 0, answered.output
            (making / SAID).write_text(answered.output, encoding="utf-8")
            db.disconnect()  # the last connection folds the write-ahead log into the file
            making.rename(kept)
    return kept
