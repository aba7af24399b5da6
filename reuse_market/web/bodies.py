"""Files that come with a request: put on the disk by pieces, gone when the request is over."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from flask import g, request

CHUNK = 1 << 20


def on_disk(stream: IO[bytes]) -> Path:
    """Where the bytes of an uploaded file stand until the request is over."""
    held: Any = tempfile.NamedTemporaryFile(prefix="upload-")  # noqa: SIM115 - closed with the request
    stream.seek(0)
    shutil.copyfileobj(stream, held, CHUNK)
    held.flush()
    _kept().append(held)
    return Path(held.name)


def raw() -> Path:
    """The same for a body that is itself the file, however often it is asked for."""
    if "raw_body" not in g:
        held: Any = tempfile.NamedTemporaryFile(prefix="upload-")  # noqa: SIM115 - closed with the request
        shutil.copyfileobj(request.stream, held, CHUNK)
        held.flush()
        _kept().append(held)
        g.raw_body = Path(held.name)
    return g.raw_body


def close() -> None:
    """Let the files of this request go."""
    for held in g.pop("uploads", []):
        held.close()


def _kept() -> list[Any]:
    if "uploads" not in g:
        g.uploads = []
    return g.uploads
