"""Mails to people about their own account: a link to choose a password, what has changed, an invitation.

A fact called `secret` is the token of a link: the outbox blanks it once the mail has left.
"""

from __future__ import annotations

from typing import Any

from reuse_market.accounts import queries
from reuse_market.accounts.models import ApiToken, Invitation, Organisation, Person
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.notices.services import queue


def reset_password(person: Person, token: str) -> None:
    """The link by which a person chooses a new password."""
    days = delay_days("link.reset_password")
    _send(
        "password_link", person, f"person/{person.id}", {"days": days} | link("mot-de-passe", token, person)
    )


def password_changed(person: Person) -> None:
    """Told after every change, so that a change by somebody else is seen."""
    _send("password_changed", person, f"person/{person.id}", {"at": clock.now().isoformat()})


def invitation(found: Invitation, organisation: Organisation, token: str) -> None:
    """The link by which somebody joins an organisation; names who invites when a person does."""
    names = queries.person_names([found.invited_by_id]) if found.invited_by_id is not None else {}
    facts = {
        "organisation": organisation.name,
        "rights": found.rights,
        "inviter": names.get(found.invited_by_id or 0, ""),
        "until": found.until.isoformat() if found.until else "",
        "days": delay_days("link.join"),
    }
    _send("invitation", found, f"invitation/{found.id}", facts | link("invitation", token, found))


def member_changed(person: Person, organisation: Organisation, rights: str, until: str) -> None:
    """One's rights in an organisation are others now."""
    facts = {"organisation": organisation.name, "rights": rights, "until": until, "url": "/compte"}
    _send("member_changed", person, f"organisation/{organisation.id}", facts)


def member_removed(person: Person, organisation: Organisation) -> None:
    """One acts for an organisation no more."""
    _send("member_removed", person, f"organisation/{organisation.id}", {"organisation": organisation.name})


def token_made(person: Person, organisation: Organisation, made: ApiToken) -> None:
    """A program may now act in one's name."""
    facts = {
        "organisation": organisation.name,
        "label": made.label,
        "until": made.expires_on.isoformat() if made.expires_on else "",
        "url": "/compte/jetons",
    }
    _send("token_made", person, f"token/{made.id}", facts)


def link(page: str, token: str, reader: Person | Invitation) -> dict[str, str]:
    """`url` and `secret` of a one-time link, its page in the reader's language."""
    return {"url": f"/{page}/{token}{'?lang=en' if reader.language == 'en' else ''}", "secret": token}


def _send(template: str, to: Person | Invitation, about: str, facts: dict[str, Any]) -> None:
    queue(template, to.email, to.language, {"name": to.name} | facts, about)
