"""What is settled once, at the end of a command: rooms announce ids while it runs, a handler gets them all.

For rows that sum others up (a count): locked last and in one order, so that no two commands wait for each
other, and written in the transaction of the acts they sum up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reuse_market.kernel import db

_ENDING = "ending"
_handlers: dict[str, Callable[[list[int]], None]] = {}


def at_end(what: str, handler: Callable[[list[int]], None]) -> None:
    """Let `handler` settle the ids announced as `what`, ascending, before the commit (safe to repeat)."""
    _handlers[what] = handler


def announce(what: str, ids: Iterable[int]) -> None:
    """These rows have changed in this command."""
    if what in _handlers:
        db.kept().setdefault((_ENDING, what), set()).update(ids)


def settle() -> None:
    """Settle what was announced and is not settled yet, and what that announces in its turn.

    The outermost command does; earlier on demand.
    """
    done = False
    while not done:
        done = True
        for what, handler in _handlers.items():
            if ids := db.kept().pop((_ENDING, what), None):
                handler(sorted(ids))
                done = False


db.endings.insert(0, settle)  # first: what it settles may queue mails, written last
