"""Turns: of those who ask a process for the same thing at once, one acts while the others wait without a lock.

Who then comes too late is told so by a look, and the database is never kept busy for nothing. It only saves
work: what one process does not see of another, the verb's own locks decide.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reuse_market.kernel import db

LONGEST_S = 5.0  # then one goes on without a turn: the verb waits for its locks as ever


@dataclass(slots=True)
class _Queue:
    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: int = 0


_queues: dict[str, _Queue] = {}
_counting = threading.Lock()


@contextmanager
def turn(name: str) -> Iterator[bool]:
    """One's turn for the thing of this name; True when it had to be waited for: what was read before is old.

    Who waits lets go of what it read and of its connection.
    """
    with _counting:
        queue = _queues.setdefault(name, _Queue())
        queue.wanted += 1
    held = queue.lock.acquire(blocking=False)
    waited = not held
    try:
        if waited:
            db.release()
            held = queue.lock.acquire(timeout=LONGEST_S)
        yield waited
    finally:
        if held:
            queue.lock.release()
        with _counting:
            queue.wanted -= 1
            if not queue.wanted:
                _queues.pop(name, None)
