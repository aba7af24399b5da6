"""Attempts counted for limits only: sign-ins that failed, resets asked for, tokens that do not exist.

What is counted is kept as a digest (an address, a network), for a quarter of an hour.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts.models import SignInAttempt
from reuse_market.kernel import clock
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import TooMany
from reuse_market.kernel.words import N_

WINDOW = timedelta(minutes=15)


def subject(kind: str, value: str) -> str:
    """What an attempt is counted under."""
    return hashlib.sha256(f"{kind}\0{value}".encode("utf-8", "surrogateescape")).hexdigest()


def refuse_beyond(limits: dict[str, int]) -> None:
    """TooMany when one of these subjects has made as many attempts as it may in a quarter of an hour."""
    for counted, most in limits.items():
        if count(counted) >= most:
            raise TooMany(N_("Too many attempts. Wait a quarter of an hour, then try again."))


def count(counted: str) -> int:
    """Attempts of a subject in the last quarter of an hour."""
    statement = (
        sa.select(sa.func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.subject == counted, SignInAttempt.at > clock.now() - WINDOW)
    )
    return session().scalar(statement) or 0


@command
def record(*subjects: str) -> None:
    """Count one attempt for each; those too old to matter are deleted."""
    session().execute(sa.delete(SignInAttempt).where(SignInAttempt.at < clock.now() - WINDOW))
    session().add_all(SignInAttempt(subject=one, at=clock.now()) for one in subjects)


@command
def forget(counted: str) -> None:
    """Start again from nothing: it succeeded."""
    session().execute(sa.delete(SignInAttempt).where(SignInAttempt.subject == counted))


def note(kind: str, *limits: tuple[str, int]) -> None:
    """Count an attempt under each (value, most in a quarter of an hour); TooMany beyond one of them."""
    counted = {subject(kind, value.strip().lower()): most for value, most in limits if value}
    refuse_beyond(counted)
    record(*counted)
