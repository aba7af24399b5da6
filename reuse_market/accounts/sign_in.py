"""Signing in: password check, limited attempts."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.accounts import passwords, queries
from reuse_market.accounts.models import Person, SignInAttempt
from reuse_market.kernel import clock
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Invalid, TooMany
from reuse_market.kernel.words import N_

WINDOW = timedelta(minutes=15)
PER_PERSON = 8
PER_ADDRESS = 40
REFUSAL = N_("The e-mail address or the password is wrong. Check both, then try again.")


def sign_in(email: str, password: str, *, network: str) -> Person:
    """The person these credentials open, or Invalid. TooMany after 8 failures in 15 minutes (40 a network).

    The refusal is the same whether the address exists or not, and takes as long.
    """
    subjects = [_subject("person", email.strip().lower()), _subject("network", network)]
    _refuse_beyond(subjects)
    found = queries.person_by_email(email)
    good = passwords.matches(found.password_hash if found else None, password)
    if found is None or not good or not found.active:
        _record_failure(subjects)
        raise Invalid(REFUSAL, code="sign-in")
    _record_success(found.id, subjects[0], password)
    return found


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}\0{value}".encode()).hexdigest()


def _refuse_beyond(subjects: list[str]) -> None:
    since = clock.now() - WINDOW
    for subject, most in zip(subjects, (PER_PERSON, PER_ADDRESS), strict=True):
        count = session().scalar(
            sa.select(sa.func.count())
            .select_from(SignInAttempt)
            .where(SignInAttempt.subject == subject, SignInAttempt.at > since)
        )
        if (count or 0) >= most:
            raise TooMany(N_("Too many attempts. Wait a quarter of an hour, then try again."))


@command
def _record_failure(subjects: list[str]) -> None:
    session().execute(sa.delete(SignInAttempt).where(SignInAttempt.at < clock.now() - WINDOW))
    session().add_all(SignInAttempt(subject=s, at=clock.now()) for s in subjects)


@command
def _record_success(person_id: int, subject: str, password: str) -> None:
    session().execute(sa.delete(SignInAttempt).where(SignInAttempt.subject == subject))
    found = lock(Person, Person.id == person_id)
    found.seen_at = clock.now()
    if passwords.needs_rehash(found.password_hash):
        found.password_hash = passwords.digest(password)
