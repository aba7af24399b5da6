"""Turns: of those who ask a process for the same thing at once, one acts while the others wait without a lock.

Who then comes too late is told so by one look, made for all who wait, and the database is never kept busy for
nothing. It only saves work: what one process does not see of another, the verb's own locks decide.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reuse_market.kernel import db
from reuse_market.kernel.errors import DomainError

LONGEST_S = 5.0  # then one goes on without a turn: the verb waits for its locks as ever


@dataclass(slots=True, eq=False)
class Turn:
    """One's turn for a thing: `asked` is what for, `waited` when it was not at once: what was read before is old.

    `told`: the refusal somebody else was met with, by a look begun after this one had come: it is true of both.
    """

    asked: Any
    queue: list[Turn] = field(default_factory=list)  # who waits, the longest first
    waited: bool = False
    held: bool = True  # to be passed on at the end
    told: DomainError | None = None
    called: threading.Event = field(default_factory=threading.Event)

    def behind(self) -> list[Turn]:
        """Who waits now: a look begun after this serves them too."""
        with _counting:
            return list(self.queue)

    def tell(self, those: Sequence[Turn], refusal: DomainError) -> None:
        """Let those go of the ones behind with what was refused here."""
        with _counting:
            for one in those:
                if one in self.queue:  # the others wait no longer
                    self.queue.remove(one)
                    one.told = refusal
                    one.called.set()


_queues: dict[str, list[Turn]] = {}  # of each thing somebody has the turn for
_counting = threading.Lock()


@contextmanager
def turn(name: str, asked: Any = None) -> Iterator[Turn]:
    """One's turn for the thing of this name. Who waits lets go of what it read and of its connection."""
    mine = Turn(asked)
    with _counting:
        mine.waited = name in _queues
        mine.queue = _queues.setdefault(name, [])
        if mine.waited:
            mine.queue.append(mine)
    try:
        if mine.waited:
            _wait(mine)
        yield mine
    finally:
        if mine.held:
            _next(name)


def _wait(mine: Turn) -> None:
    """Until the turn comes, or word that it is too late, or the end of patience: the last two hold nothing."""
    try:
        db.release()
        mine.called.wait(LONGEST_S)
    finally:
        with _counting:
            mine.held = mine.called.is_set() and mine.told is None
            if mine in mine.queue:
                mine.queue.remove(mine)
            if not mine.held:
                mine.queue = []  # who waits there is somebody else's to serve


def _next(name: str) -> None:
    with _counting:
        queue = _queues[name]
        if queue:
            queue.pop(0).called.set()
        else:
            del _queues[name]
