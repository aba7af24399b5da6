"""What a verb answers, and nothing of it stays: a state made once is tried by every actor of a grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from reuse_market.kernel import db
from reuse_market.kernel.errors import DomainError, NotAllowed

V = TypeVar("V")


class _Undone(Exception):
    """Rolls the trial back."""


def undone(verb: Callable[[], V]) -> V | str:
    """What the verb gives, done to the end of its command, or its refusal's class; then all is undone."""
    found: list[V | str] = []

    @db.command
    def trial() -> None:
        try:
            given = verb()
            for ending in db.endings:
                ending()
            db.session().flush()
            found.append(given)
        except DomainError as error:
            found.append("NotAllowed" if isinstance(error, NotAllowed) else type(error).__name__)
        raise _Undone

    try:
        trial()
    except _Undone:
        return found[0]
    raise AssertionError("unreachable")
