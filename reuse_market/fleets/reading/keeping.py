"""Bytes made while reading (unpacked, gathered), kept in memory while few and in a scratch file beyond."""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

from reuse_market.fleets.reading.source import Source

_IN_MEMORY = 4_000_000


def kept(pieces: Iterable[bytes]) -> Source:
    """The pieces one after the other as a `Source`; its scratch file, if any, vanishes with it."""
    few = bytearray()
    rest = iter(pieces)
    for piece in rest:
        few += piece
        if len(few) > _IN_MEMORY:
            return _on_disk(few, rest)
    return Source(bytes(few))


def _on_disk(first: bytearray, rest: Iterable[bytes]) -> Source:
    with tempfile.NamedTemporaryFile(prefix="inventory-", delete=False) as stream:
        path = Path(stream.name)
        try:
            stream.write(first)
            first.clear()
            for piece in rest:
                stream.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    source = Source(path)
    weakref.finalize(source, path.unlink, missing_ok=True)
    return source
