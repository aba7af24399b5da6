"""Delivery: lease one message, send it outside any transaction, settle it; again until none is due.

A worker that dies after its server took the mail, and before settling, leaves a lease that expires: the mail
goes twice, with the same Message-ID. It never goes zero times.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.dated import delay_days
from reuse_market.kernel.db import command, database, lock, session
from reuse_market.notices.lifecycle import workflow
from reuse_market.notices.models import Message
from reuse_market.notices.sending import Outcome, Postman
from reuse_market.notices.services import purge
from reuse_market.notices.settings import settings

log = logging.getLogger(__name__)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 240, 480, 960))  # then it is given up
TRIES = len(BACK_OFF) + 1
BLANK = "…"
# Longer than an attempt can last: about ten exchanges with the server, each cut after sending.TIMEOUT.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A leased message, copied out of its session."""

    id: int
    lease: str
    to_address: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str


def deliver_due(limit: int = 100) -> int:
    """Job: deliver up to `limit` due messages; return how many left (sent, or kept in the demo).

    When the server cannot be reached at all the round ends: the other messages keep their tries.
    """
    done = 0
    with Postman(settings()) as postman:
        for _ in range(limit):
            attempt = _take()
            if attempt is None:
                break
            outcome = postman.deliver(attempt)
            _settle(attempt, outcome)
            done += outcome.result in ("sent", "kept")
            if outcome.unreachable:
                break
    return done


@command
def _take() -> Attempt | None:
    now = clock.now()
    free = sa.or_(Message.leased_until.is_(None), Message.leased_until < now)
    due = sa.select(Message).where(Message.state == "queued", Message.next_try_at <= now, free)
    due = due.order_by(Message.next_try_at, Message.id).limit(1)
    if not database().is_sqlite:
        due = due.with_for_update(skip_locked=True)
    due = due.execution_options(populate_existing=True)
    while True:
        message = session().scalars(due).first()
        if message is None:
            return None
        if _written(message):
            break
    message.lease, message.leased_until = secrets.token_hex(16), now + LEASE
    message.tries += 1
    return Attempt(
        message.id,
        message.lease,
        message.to_address,
        message.subject,
        message.text,
        message.html,
        message.message_id,
        message.language,
    )


def _written(message: Message) -> bool:
    """Write its texts; given up, and looked at, where its template fails: the others do not wait for it."""
    try:
        message.write()
    except Exception as error:  # whatever one template does
        log.exception("message %s (%s) cannot be written", message.id, message.template)
        workflow.fire("give_up", message, SYSTEM, last_error=f"{type(error).__name__}: {error}"[:500])
        return False
    return True


@command
def _settle(attempt: Attempt, outcome: Outcome) -> None:
    message = lock(Message, Message.id == attempt.id, Message.lease == attempt.lease)
    if message is None:
        log.warning("message %s: the lease was lost, another attempt decides", attempt.id)
        return
    freed = {"lease": None, "leased_until": None, "last_error": outcome.error[:500]}
    if outcome.result == "sent":
        workflow.fire("sent", message, SYSTEM, sent_at=clock.now(), **freed, **_without_secret(message))
    elif outcome.result == "kept":
        workflow.fire("keep", message, SYSTEM, **freed)
    elif outcome.result == "refused" or message.tries >= TRIES:
        log.warning("message %s to be looked at: %s", attempt.id, outcome.error)
        workflow.fire("give_up", message, SYSTEM, **freed)
    else:
        message.lease, message.leased_until, message.last_error = None, None, outcome.error[:500]
        message.next_try_at = clock.now() + BACK_OFF[message.tries - 1]


def _without_secret(message: Message) -> dict[str, Any]:
    """The texts and facts of a mail that has left, its one-time link blanked: only its reader has it now."""
    secret = message.facts.get("secret")
    if not secret:
        return {}
    facts = {k: v.replace(secret, BLANK) if isinstance(v, str) else v for k, v in message.facts.items()}
    return {
        "facts": facts | {"secret": ""},
        "written_text": message.text.replace(secret, BLANK),
        "written_html": message.html.replace(secret, BLANK),
    }


def forget_old() -> int:
    """Job: delete messages no longer waiting, older than the dated delay `message.keep`. Returns how many."""
    return purge(clock.now() - timedelta(days=delay_days("message.keep")))
