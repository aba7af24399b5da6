"""Flask-Login's view of a person: identity in the session, nothing more."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session as cookie
from flask_login import UserMixin

from reuse_market.accounts import queries


@dataclass
class SignedIn(UserMixin):
    """A person signed in. `get_id` carries the session key, so that a new password ends old sessions."""

    person_id: int
    session_key: str
    language: str
    organisation_id: int | None = None

    def get_id(self) -> str:
        """What the session keeps."""
        return f"{self.person_id}:{self.session_key}"


def load_signed_in(kept: str) -> SignedIn | None:
    """The person a session names, or None when the password changed since or the account is closed."""
    number, _, key = kept.partition(":")
    found = queries.person(int(number)) if number.isdigit() else None
    if found is None or not found.active or found.session_key != key:
        return None
    return SignedIn(found.id, key, found.language, cookie.get("organisation"))
