"""One-time links of mails: an address confirmed, a password chosen, an organisation joined.

The mail alone holds the token: the table keeps its SHA-256, the journal and the logs nothing. Opening a
link changes nothing, since mail filters open them too; only the button of its page (a POST) uses it up.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from reuse_market.accounts.models import LINK_PURPOSES, AccountLink
from reuse_market.kernel import clock
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict
from reuse_market.kernel.words import N_

DEAD = N_("This link no longer works: it has been used, replaced, or is too old. Ask for a new one.")


@command
def make_link(
    purpose: str,
    *,
    person_id: int | None = None,
    organisation_id: int | None = None,
    invitation_id: int | None = None,
) -> str:
    """A new link's token, which nobody can read again: put it in the mail queued by the same command.

    It works once, for the days of the dated delay `link.<purpose>`. Links sent before go on working until
    one of them is used: a mail may be late, or lost.
    """
    if purpose not in LINK_PURPOSES:
        raise ValueError(f"no link serves {purpose!r}")
    token = secrets.token_urlsafe(32)
    session().add(
        AccountLink(
            purpose=purpose, person_id=person_id, organisation_id=organisation_id,
            invitation_id=invitation_id, token_sha256=_digest(token), made_at=clock.now(),
            expires_at=expiry(purpose),
        )
    )  # fmt: skip
    session().flush()
    return token


def expiry(purpose: str) -> datetime:
    """Until when a link made now works."""
    return clock.now() + timedelta(days=delay_days(f"link.{purpose}"))


def peek(token: str, purpose: str) -> AccountLink | None:
    """The link, unused, as it stands; None when it is unknown, used, replaced or too old, all told alike."""
    return session().scalars(sa.select(AccountLink).where(*_alive(token, purpose))).one_or_none()


@command
def use_link(token: str, purpose: str) -> AccountLink:
    """Use a link up, inside the act it opens: of two at once, one gets it. Conflict when it is dead.

    The other links for the same thing die with it.
    """
    now = clock.now()
    statement = (
        sa.update(AccountLink)
        .where(*_alive(token, purpose))
        .values(used_at=now)
        .returning(AccountLink.id)
        .execution_options(synchronize_session=False)
    )
    found_id = session().execute(statement).scalar_one_or_none()
    if found_id is None:
        raise Conflict(DEAD, code="link.dead")
    found = session().get_one(AccountLink, found_id, populate_existing=True)
    end_links(purpose, person_id=found.person_id, invitation_id=found.invitation_id)
    return found


@command
def end_links(purpose: str, *, person_id: int | None = None, invitation_id: int | None = None) -> int:
    """Withdraw the unused links of a person or an invitation. Returns how many."""
    subject = (
        AccountLink.invitation_id == invitation_id
        if invitation_id is not None
        else sa.and_(AccountLink.person_id == (person_id or 0), AccountLink.invitation_id.is_(None))
    )
    statement = (
        sa.update(AccountLink)
        .where(AccountLink.purpose == purpose, AccountLink.used_at.is_(None), subject)
        .values(used_at=clock.now())
        .returning(AccountLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(session().execute(statement).all())


@command
def forget_old() -> int:
    """Job: delete links past their date. Returns how many."""
    old = sa.delete(AccountLink).where(AccountLink.expires_at < clock.now()).returning(AccountLink.id)
    return len(session().execute(old).all())


def _alive(token: str, purpose: str) -> list[sa.ColumnElement[bool]]:
    return [
        AccountLink.token_sha256 == _digest(token),
        AccountLink.purpose == purpose,
        AccountLink.used_at.is_(None),
        AccountLink.expires_at > clock.now(),
    ]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
