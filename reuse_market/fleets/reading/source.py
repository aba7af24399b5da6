"""The bytes of a file: on the disk and read by pieces, or few and in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
HEAD = 65_536


class Source:
    """A file as the readers take it: its size, its beginning, its pieces, and streams that stand alone."""

    def __init__(self, held: bytes | Path) -> None:
        self._held = held
        self.size = len(held) if isinstance(held, bytes) else held.stat().st_size
        with self.open() as stream:
            self.head = stream.read(HEAD)

    def open(self) -> BinaryIO:
        """A new stream on the bytes, at their beginning."""
        return io.BytesIO(self._held) if isinstance(self._held, bytes) else self._held.open("rb")

    def pieces(self) -> Iterator[bytes]:
        """The bytes, 1 MB at a time."""
        with self.open() as stream:
            while piece := stream.read(CHUNK):
                yield piece


def source_of(held: bytes | Path | Source) -> Source:
    """A `Source` on bytes or a path; one stays as it is."""
    return held if isinstance(held, Source) else Source(held)
