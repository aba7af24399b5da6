"""Long stories told once a worker: the database a fixture has filled is kept, later tests begin from a copy.

A fixture named in KEPT gives a value that pickles (references, ids, actors: no row of the database). The first
test that asks for it plays the story; `database_url` copies the kept database for the next ones.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar, cast

from reuse_market.kernel import db

KEPT_SETTING = "REUSE_MARKET_TEST_KEPT"  # a folder of this run that its workers share
KEPT = ("life", "loaded")
V = TypeVar("V")


class Source(Protocol):
    """Where databases are copied from."""

    kept: dict[str, Kept]

    def keep(self, name: str, url: str) -> None:
        """Keep the database at `url`, at rest, under that name."""


@dataclass
class Kept:
    """The value a fixture gave, and the files its story wrote."""

    value: bytes
    files: Path


def told_before(names: list[str], source: Source) -> str | None:
    """The kept story a test that uses these fixtures begins with, if it has been told."""
    return next((name for name in KEPT if name in names and name in source.kept), None)


def once(name: str, source: Source, folder: Path, keep_in: Path, tell: Callable[[], V]) -> V:
    """What `tell` gives: told now and kept, or found again with its files in `folder`."""
    if name in source.kept:
        kept = source.kept[name]
        shutil.copytree(kept.files, folder, dirs_exist_ok=True)
        return cast(V, pickle.loads(kept.value))
    value = tell()
    database = db.database()
    db.release()
    database.engine.dispose()
    files = keep_in / f"files-{name}"
    shutil.copytree(folder, files, dirs_exist_ok=True)
    source.keep(name, database.url.render_as_string(hide_password=False))
    source.kept[name] = Kept(pickle.dumps(value), files)
    return value
