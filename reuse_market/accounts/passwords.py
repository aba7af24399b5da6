"""Passwords: Argon2id with OWASP's minimum parameters, a bounded number at a time (memory and CPU)."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = threading.BoundedSemaphore(2)
_decoy = _hasher.hash("no such person")


def digest(password: str) -> str:
    """The Argon2id digest of a password."""
    with _slots:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` gives `kept`. Takes as long when there is nothing kept, so nothing leaks by time."""
    with _slots:
        try:
            return _hasher.verify(kept or _decoy, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(kept: str) -> bool:
    """Whether the digest was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)
