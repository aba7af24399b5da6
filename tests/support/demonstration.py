"""The demonstration, loaded by the verbs that load it for a visitor."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from reuse_market.command_line import prepare_database
from reuse_market.demo import loading
from reuse_market.factory import create_app
from reuse_market.kernel import db
from reuse_market.settings import Settings
from tests.support.database import forget_durability

PASSWORD = "parc-commun-demo"


def demonstration(folder: Path, url: str = "", password: str = PASSWORD) -> Flask:
    """The application with the demonstration in it: in `folder`, on SQLite there unless an address is given."""
    made = create_app(
        Settings(
            database_url=url or f"sqlite:///{folder}/demo.sqlite",
            secret_key="a secret of the tests",
            files_url=f"file://{folder}/files",
            demo=True,
        )
    )
    forget_durability(db.database())
    with db.scope():
        prepare_database()
        loading.load(password)
    return made
