"""Queueing messages, and what an administrator does with them."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import make_msgid
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, endings, kept, lock, session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.statements import insert_all
from reuse_market.kernel.words import N_
from reuse_market.notices.lifecycle import workflow
from reuse_market.notices.models import Message
from reuse_market.notices.rendering import LANGUAGES
from reuse_market.notices.settings import settings

OUTBOX = "messages queued"
# One address and nothing that a header could read as two; not the whole of RFC 5322 on purpose.
ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+")


@command
def queue(template: str, address: str, language: str, facts: dict[str, Any], about: str) -> Message:
    """Put a mail in the outbox, in the caller's transaction; it is written and leaves after the commit, or never was.

    `about` is a reference of the code ("claim/DEM-2026-0001"). Refused: an address that is not exactly one.
    """
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise Invalid(
            N_("Enter an email address in the form name@example.org."), field="email", code="email.form"
        )
    if language not in LANGUAGES:
        raise ValueError(f"no mail speaks {language!r}")
    now = clock.now()
    message = Message(
        template=template,
        to_address=address,
        language=language,
        facts=facts,
        about=about,
        message_id=make_msgid(domain=settings().domain),
        next_try_at=now,
        made_at=now,
    )
    kept().setdefault(OUTBOX, []).append(message)
    return message


def post() -> None:
    """Write the messages queued in this command, in one statement. The outermost command does, at its end."""
    if messages := kept().pop(OUTBOX, None):
        insert_all(messages)


@command
def retry(message_id: int, *, actor: Actor) -> Message:
    """Put a failed message back in the queue with all its tries. NotAllowed or Conflict by its life-cycle."""
    message = lock(Message, Message.id == message_id)
    if message is None:
        raise NotFound(N_("This message does not exist."))
    workflow.fire("retry", message, actor, tries=0, next_try_at=clock.now())
    return message


@command
def forget(address: str) -> int:
    """Delete every message to an address (a person asks to be forgotten). Returns how many."""
    post()
    to = sa.func.lower(Message.to_address) == address.strip().lower()
    return len(session().execute(sa.delete(Message).where(to).returning(Message.id)).all())


@command
def purge(before: datetime) -> int:
    """Delete messages no longer waiting that were made before an instant (retention). Returns how many."""
    old = sa.and_(Message.state != "queued", Message.made_at < before)
    return len(session().execute(sa.delete(Message).where(old).returning(Message.id)).all())


endings.append(post)
