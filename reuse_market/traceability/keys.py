"""The signing key, and what was last signed with it: files outside the database.

The key file holds one line (`PRIVATE+KEY+…`, C2SP). Beside it, `….last` keeps the last checkpoint signed here, so
that a database brought back from an older backup is seen, and `….lock` keeps two writers apart. A key that an
installation was given signs one log. One that it made itself (`own`: a trial, a demonstration) may meet several
databases: what it signed is kept per log, known by its first entry.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_
from reuse_market.traceability import notes


class KeyMissing(Conflict):
    """There is no signing key where it should be."""

    code = "log.key-missing"


@dataclass(frozen=True, slots=True)
class Kept:
    """The last checkpoint signed with the key of this machine."""

    size: int
    root: str
    note: str


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    origin: str
    own: bool


_place: _Place | None = None


def configure(file: Path, *, origin: str, own: bool) -> None:
    """Say where the key is and whose log it signs. `own`: a first one may be made there (see above)."""
    global _place
    if not notes.NAME.match(origin):
        raise ValueError("REUSE_MARKET_LOG_ORIGIN: no space and no plus sign")
    _place = _Place(file, origin, own)


def configured() -> bool:
    """Whether this process was told where the key is."""
    return _place is not None


def origin() -> str:
    """The name of the log, first line of every checkpoint."""
    return _configured().origin


def file() -> Path:
    """Where the key is, or would be."""
    return _configured().file


def exists() -> bool:
    """Whether this machine has the key."""
    return _configured().file.exists()


def signing_key(*, first: bool) -> notes.SigningKey:
    """The key that signs here. `first`: nothing was ever signed, so that one may be made.

    KeyMissing when there is none: a lost key is never replaced in silence.
    """
    place = _configured()
    if not place.file.exists():
        if not (first and place.own):
            raise KeyMissing(
                N_("The signing key is not there: put its file back, or make a new one (journal new-key).")
            )
        _write(place.file, notes.new_key(place.origin).skey + "\n", make=True)
    return notes.read_skey(place.file.read_text(encoding="ascii"))


def replace() -> tuple[notes.SigningKey, Path | None]:
    """Make a new key; the old file stays beside it, named by its hash. (new key, where the old one went)."""
    place = _configured()
    aside: Path | None = None
    with locked():
        if place.file.exists():
            old = notes.read_skey(place.file.read_text(encoding="ascii"))
            aside = place.file.with_name(f"{place.file.name}.{old.public.id.hex()}")
            os.replace(place.file, aside)
        key = notes.new_key(place.origin)
        _write(place.file, key.skey + "\n", make=True)
    return key, aside


def kept(first: str) -> Kept | None:
    """The last checkpoint signed here for the log whose first entry is `first`, or None."""
    told = _signed().get(_name(first))
    return Kept(int(told["size"]), str(told["root"]), str(told["note"])) if told else None


def keep(first: str, one: Kept) -> None:
    """Remember the last checkpoint of this log, replacing the one before in one step."""
    told = {**_signed(), _name(first): {"size": one.size, "root": one.root, "note": one.note}}
    _write(_beside(".last"), json.dumps(told, indent=1), make=False)


def _signed() -> dict[str, Any]:
    path = _beside(".last")
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _name(first: str) -> str:
    return first if _configured().own else "log"


@contextmanager
def locked() -> Iterator[None]:
    """One writer of these files at a time on this machine."""
    path = _beside(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _configured() -> _Place:
    if _place is None:
        raise RuntimeError("no signing key: call traceability.keys.configure")
    return _place


def _beside(suffix: str) -> Path:
    path = _configured().file
    return path.with_name(path.name + suffix)


def _write(path: Path, text: str, *, make: bool) -> None:
    """Write a file for its owner only, whole or not at all; `make` never replaces one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if make:
            os.link(name, path)  # fails when somebody else was quicker
        else:
            os.replace(name, path)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink(missing_ok=True)
