"""Reads for the mailbox page and the system page."""

from __future__ import annotations

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.notices.models import Message


def get(message_id: int) -> Message | None:
    """The message of that id, or None."""
    return session().get(Message, message_id)


def messages(limit: int = 50, offset: int = 0, address: str | None = None) -> list[Message]:
    """Messages, newest first, optionally those to one address."""
    statement = sa.select(Message).order_by(Message.made_at.desc(), Message.id.desc())
    if address is not None:
        statement = statement.where(sa.func.lower(Message.to_address) == address.strip().lower())
    return list(session().scalars(statement.limit(limit).offset(offset)))


def undelivered(limit: int = 200) -> list[Message]:
    """Messages given up, and those that failed at least once and wait for their next try; oldest first."""
    waiting = sa.and_(Message.state == "queued", Message.last_error != "")
    statement = sa.select(Message).where(sa.or_(Message.state == "failed", waiting))
    return list(session().scalars(statement.order_by(Message.made_at, Message.id).limit(limit)))


def about(reference: str) -> list[Message]:
    """Messages about one object ("claim/DEM-2026-0001"), newest first."""
    statement = sa.select(Message).where(Message.about == reference)
    return list(session().scalars(statement.order_by(Message.made_at.desc(), Message.id.desc())))
