"""One run of positions read by a process of its own: asked on its standard input, answered on its output.

    python -m reuse_market.traceability.apart

A fresh interpreter with the driver alone: neither the threads nor the connections of who asks are shared.
"""

from __future__ import annotations

import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import reuse_market
from reuse_market.traceability.reading import MAPPED, Reading, read

Asked = tuple[bool, str, int, int, int, list[int]]  # SQLite or not, address, first, end, careful from, sizes


class Apart:
    """A run that is being read by another process."""

    def __init__(self, asked: Asked) -> None:
        home = str(Path(reuse_market.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reuse_market.traceability.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._process.stdin is not None
        with self._process.stdin as out:
            pickle.dump(asked, out)

    def result(self) -> Reading:
        """What it found; RuntimeError when it ended otherwise (it says why on standard error)."""
        assert self._process.stdout is not None
        with self._process.stdout as answer:
            told = answer.read()
        if self._process.wait() != 0:
            raise RuntimeError("a part of the journal could not be read")
        found: Reading = pickle.loads(told)  # written by our own child
        return found


def serve() -> None:
    """Answer one question."""
    asked: Asked = pickle.load(sys.stdin.buffer)  # asked by our own parent
    sqlite, address, first, end, careful_from, sizes = asked
    with closing(_connected(sqlite, address)) as connection:
        cursor = connection.cursor() if sqlite else connection.cursor(binary=True)
        found = read(cursor, sqlite, first, end, careful_from, sizes)
    pickle.dump(found, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


def _connected(sqlite: bool, address: str) -> Any:
    if sqlite:
        connection = sqlite3.connect(address, timeout=15)
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
        return connection
    import psycopg

    return psycopg.connect(address)


if __name__ == "__main__":
    serve()
