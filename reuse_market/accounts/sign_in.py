"""Signing in: password check, limited attempts."""

from __future__ import annotations

from reuse_market.accounts import attempts, passwords, queries
from reuse_market.accounts.attempts import WINDOW
from reuse_market.accounts.models import Person
from reuse_market.kernel import clock
from reuse_market.kernel.db import command, lock
from reuse_market.kernel.errors import Invalid
from reuse_market.kernel.words import N_

PER_PERSON = 8
PER_ADDRESS = 40
REFUSAL = N_("The e-mail address or the password is wrong. Check both, then try again.")
__all__ = ["PER_ADDRESS", "PER_PERSON", "REFUSAL", "WINDOW", "sign_in"]


def sign_in(email: str, password: str, *, network: str) -> Person:
    """The person these credentials open, or Invalid. TooMany after 8 failures in 15 minutes (40 a network).

    The refusal is the same whether the address exists or not, and takes as long.
    """
    who = attempts.subject("person", email.strip().lower())
    where = attempts.subject("network", network)
    attempts.refuse_beyond({who: PER_PERSON, where: PER_ADDRESS})
    found = queries.person_by_email(email)
    good = passwords.matches(found.password_hash if found else None, password)
    if found is None or not good or not found.active:
        attempts.record(who, where)
        raise Invalid(REFUSAL, code="sign-in")
    _record_success(found.id, who, password)
    return found


@command
def _record_success(person_id: int, who: str, password: str) -> None:
    attempts.forget(who)
    found = lock(Person, Person.id == person_id)
    found.seen_at = clock.now()
    if passwords.needs_rehash(found.password_hash):
        found.password_hash = passwords.digest(password)
