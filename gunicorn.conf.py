"""How gunicorn serves the product: `.venv/bin/gunicorn app:app` in this folder reads it. Its command line wins.

The application is loaded once, before the door opens, and shared by its workers: they answer from their first
request on, and hold in memory only what they write themselves.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

workers, threads, keepalive = 2, 8, 30
preload_app = True


def when_ready(server: Any) -> None:
    """What is loaded stays as it is: the collector leaves it alone, so that its pages stay shared."""
    if "reuse_market.factory" in sys.modules:
        from reuse_market.serving import warm

        warm(server.app.wsgi())
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """A worker opens its own connections to the database, never those of who loaded the application."""
    if (db := sys.modules.get("reuse_market.kernel.db")) is not None:
        db.database().engine.dispose(close=False)
