"""Bytes on disk, addressed by SHA-256 and counted by reference.

The row comes before the bytes and is locked until commit, so that a clean-up and a new use of the same
content wait for one another. Bytes without a row (a rolled-back verb, a crash) are swept later.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from reuse_market.kernel import clock
from reuse_market.kernel.db import Base, command, database, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.sniffing import sniff
from reuse_market.kernel.types import Instant
from reuse_market.kernel.words import N_

LIMIT = 5_000_000  # bytes; inventories say their own
GRACE = timedelta(days=1)  # bytes just written belong to a verb that may not have committed yet
DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
_root: Path | None = None


class Damaged(RuntimeError):
    """The bytes on disk are no longer those that were stored: a fault of the disk."""


class StoredFile(Base):
    """One content. `made_at` is the last time it was put."""

    __tablename__ = "stored_file"
    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    media_type: Mapped[str] = mapped_column(sa.String(100))
    made_at: Mapped[datetime] = mapped_column(Instant)


class FileUse(Base):
    """One reference to a content: `room` and `reference` say whose ("documents", "BR-2026-0001")."""

    __tablename__ = "file_use"
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"), primary_key=True)
    room: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(120), primary_key=True)


def configure(url: str) -> None:
    """Choose where bytes live: `file:///absolute/folder`. ValueError for anything else (S3: not yet)."""
    global _root
    parts = urlsplit(url)
    if parts.scheme == "s3":
        raise ValueError("REUSE_MARKET_FILES_URL: s3:// is not supported yet; give file:///absolute/folder")
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.is_absolute():
        raise ValueError(f"REUSE_MARKET_FILES_URL: {url!r} is not file:///absolute/folder")
    path.mkdir(parents=True, exist_ok=True)
    _root = path


def accept(data: bytes, allowed: set[str], *, limit: int = LIMIT, field: str | None = None) -> str:
    """The media type of a received file, or Invalid when it is too heavy, empty or of another type.

    `allowed` holds media types; `limit` is in bytes. The name and type the sender claims are never believed.
    """
    if len(data) > limit:
        raise Invalid(
            N_("This file is too heavy: choose a file of at most %(limit)s MB."),
            field=field,
            code="file.too-heavy",
            limit=limit // 1_000_000,
        )
    if not data:
        raise Invalid(N_("This file is empty."), field=field, code="file.empty")
    media_type = sniff(data)
    if media_type not in allowed:
        raise Invalid(N_("This type of file is not accepted here."), field=field, code="file.type")
    return media_type


@command
def put(data: bytes, *, media_type: str | None = None, limit: int = LIMIT) -> str:
    """Store bytes and return their SHA-256 (hex). The same bytes are kept once.

    `media_type` is sniffed when not given. Refused: more than `limit` bytes, a type outside the allow-list.
    The content is dropped after a day unless `use` refers to it.
    """
    media_type = media_type or accept(data, _KNOWN, limit=limit)
    if len(data) > limit:
        accept(data, {media_type}, limit=limit)
    return _store(io.BytesIO(data), hashlib.sha256(data).hexdigest(), len(data), media_type)


@command
def put_stream(stream: BinaryIO, *, media_type: str, limit: int = LIMIT) -> str:
    """Like `put` for a seekable stream read in pieces (inventories, 200 MB); its type is the caller's."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(CHUNK):
        digest.update(piece)
        size += len(piece)
        if size > limit:
            raise Invalid(
                N_("This file is too heavy: choose a file of at most %(limit)s MB."),
                code="file.too-heavy",
                limit=limit // 1_000_000,
            )
    stream.seek(0)
    return _store(stream, digest.hexdigest(), size, media_type)


@command
def use(sha256: str, room: str, reference: str) -> None:
    """Refer to a stored content; doing it twice changes nothing. NotFound when nothing is stored under it."""
    # Touching the row holds it until commit: a clean-up under way looks again, and leaves it alone.
    touched = sa.update(StoredFile).where(StoredFile.sha256 == sha256).values(made_at=clock.now())
    if session().execute(touched.returning(StoredFile.sha256)).first() is None:
        raise NotFound(N_("This file does not exist."))
    session().merge(FileUse(sha256=sha256, room=room, reference=reference))
    session().flush()


@command
def unuse(sha256: str, room: str, reference: str) -> None:
    """Take a reference back; the bytes go with the next clean-up when it was the last."""
    session().execute(
        sa.delete(FileUse).where(
            FileUse.sha256 == sha256, FileUse.room == room, FileUse.reference == reference
        )
    )


def used_by(room: str, reference: str) -> list[str]:
    """The contents that `reference` of `room` refers to, the one put last first."""
    statement = (
        sa.select(FileUse.sha256)
        .join(StoredFile, StoredFile.sha256 == FileUse.sha256)
        .where(FileUse.room == room, FileUse.reference == reference)
        .order_by(StoredFile.made_at.desc(), FileUse.sha256)
    )
    return list(session().scalars(statement))


def get(sha256: str) -> bytes:
    """The bytes, checked against their address. NotFound when absent, Damaged when altered on disk."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError:
        raise NotFound(N_("This file does not exist.")) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(f"file {sha256} was altered on disk")
    return data


def checked(sha256: str) -> Path:
    """Where the bytes live, checked against their address without being held. Refused as `get` refuses."""
    path, digest = path_of(sha256), hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
    except FileNotFoundError:
        raise NotFound(N_("This file does not exist.")) from None
    if digest.hexdigest() != sha256:
        raise Damaged(f"file {sha256} was altered on disk")
    return path


def path_of(sha256: str) -> Path:
    """Where the bytes of a content live (for streaming). NotFound for anything but a SHA-256 in hex."""
    if not DIGEST.fullmatch(sha256):
        raise NotFound(N_("This file does not exist."))
    return _folder() / sha256[:2] / sha256[2:4] / sha256


def delete_unreferenced(grace: timedelta = GRACE) -> int:
    """Job: drop contents nobody refers to for longer than `grace`, bytes and rows. Returns how many."""
    before = clock.now() - grace
    candidates = set(_stale_strays(before))
    candidates |= set(session().scalars(sa.select(StoredFile.sha256).where(_unused(before))))
    return sum(_delete(sha256, before) for sha256 in sorted(candidates))


_KNOWN = {
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/zip",
    "application/xml",
    "application/json",
    "text/csv",
    "text/plain",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _folder() -> Path:
    if _root is None:
        raise RuntimeError("no place for files: call kernel.files.configure")
    return _root


def _upsert(sha256: str, size: int, media_type: str, made_at: datetime, *, touch: bool) -> None:
    insert = sqlite.insert if database().is_sqlite else postgresql.insert
    statement = insert(StoredFile).values(sha256=sha256, size=size, media_type=media_type, made_at=made_at)
    session().execute(
        statement.on_conflict_do_update(index_elements=["sha256"], set_={"made_at": made_at})
        if touch
        else statement.on_conflict_do_nothing(index_elements=["sha256"])
    )


def _store(stream: BinaryIO, sha256: str, size: int, media_type: str) -> str:
    _upsert(sha256, size, media_type, clock.now(), touch=True)
    path = path_of(sha256)
    if path.exists() and path.stat().st_size == size:
        os.utime(path)
    else:
        _write(path, stream)
    return sha256


def _write(path: Path, stream: BinaryIO) -> None:
    """All or nothing, on the disk before the row can be committed."""
    fresh = [folder for folder in (path.parent.parent, path.parent) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as target:
            while piece := stream.read(CHUNK):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in {path.parent, *(f.parent for f in fresh)}:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unused(before: datetime) -> sa.ColumnElement[bool]:
    used = sa.exists().where(FileUse.sha256 == StoredFile.sha256)
    return sa.and_(StoredFile.made_at < before, ~used)


def _stale_strays(before: datetime) -> list[str]:
    """Contents on disk without a row; half-written files are removed on the way."""
    strays = []
    for path in _folder().glob("??/??/*"):
        old = datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
        if path.name.startswith(".new-") and old:
            path.unlink(missing_ok=True)
        elif DIGEST.fullmatch(path.name) and old and session().get(StoredFile, path.name) is None:
            strays.append(path.name)
    return strays


@command
def _delete(sha256: str, before: datetime) -> int:
    # A stray gets a row first: a verb putting the same content right now holds that row, so we wait for it.
    _upsert(sha256, 0, "application/octet-stream", datetime(2000, 1, 1, tzinfo=UTC), touch=False)
    gone = session().execute(
        sa.delete(StoredFile).where(StoredFile.sha256 == sha256, _unused(before)).returning(StoredFile.sha256)
    )
    if gone.first() is None:
        return 0
    path_of(sha256).unlink(missing_ok=True)
    return 1
