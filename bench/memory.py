"""What a worker holds in memory after some pages, against a bare Flask with SQLAlchemy behind the same server.

Both are served with the settings of gunicorn.conf.py: loaded once, then forked, each page of memory counted in parts
to those who share it.
"""

from __future__ import annotations

import http.client
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.databases import connected
from bench.measuring import Figure, Goal, measure
from reuse_market.kernel import db
from tests.support.shopping import served
from tests.support.world import World, ready_units

PAGES = ("/catalogue", "/lots", "/connexion")
MOST = Goal("ratio", "<=", 1.6)


@measure("memory", size=20)
def memory(size: int) -> Iterator[Figure]:
    """Proportional set size of a worker once each page was asked `size` times, on SQLite."""
    with connected("sqlite") as database, tempfile.TemporaryDirectory() as name:
        with db.scope():
            ready_units(World.begin().reuse_actor(), 5)
        url = database.url.render_as_string(hide_password=False)
        bare = _worker(url, Path(name), "bench.memory_app:app", size)
        found = _worker(url, Path(name), "app:app", size)
        yield Figure("memory.worker", found, "MB", "worker of a bare Flask with SQLAlchemy", bare, MOST)


def _worker(url: str, folder: Path, app: str, size: int) -> float:
    """Megabytes (PSS) of the larger worker after the pages."""
    with served(url, folder, app) as port:
        for _ in range(size):
            for page in PAGES:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", page)
                connection.getresponse().read()
                connection.close()
        return max(_pss(process) for process in _listening(port))


def _listening(port: int) -> list[Path]:
    """The processes of the server on this port, by what started them."""
    mark = f"127.0.0.1:{port}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "cmdline").read_bytes():
                found.append(process)
        except OSError:  # it ended meanwhile
            continue
    return found


def _pss(process: Path) -> float:
    told = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    assert told is not None
    return int(told[1]) / 1024
