"""Signed checkpoints of the log, and the refusal to sign one that contradicts the last.

What is proven is "not altered since checkpoint N", never "true".
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.db import command, in_command, session
from reuse_market.kernel.errors import Conflict, DomainError
from reuse_market.kernel.words import N_
from reuse_market.traceability import keys, log, notes
from reuse_market.traceability.log_models import (
    Checkpoint,
    LogEntry,
    LogKey,
    LogRefusal,
    LogStatement,
)
from reuse_market.traceability.models import Event

EXPOSURE = timedelta(hours=1)  # the longest an event may stand outside every checkpoint
MARGIN = timedelta(minutes=5)  # the job's own cadence and work, inside that hour
logger = logging.getLogger(__name__)


class Inconsistent(Conflict):
    """The log does not begin with what was last signed: nothing is signed until a restore is declared."""

    code = "log.inconsistent"


def latest() -> Checkpoint | None:
    """The newest checkpoint, or None."""
    return session().scalar(sa.select(Checkpoint).order_by(Checkpoint.size.desc()).limit(1))


def at(size: int) -> Checkpoint | None:
    """The checkpoint of exactly this size, or None."""
    return session().scalar(sa.select(Checkpoint).where(Checkpoint.size == size))


def covering(position: int) -> Checkpoint | None:
    """The oldest checkpoint that covers the entry at `position`, or None."""
    statement = sa.select(Checkpoint).where(Checkpoint.size > position).order_by(Checkpoint.size).limit(1)
    return session().scalar(statement)


def listed(*, before: int | None = None, limit: int = 25) -> Sequence[Checkpoint]:
    """Checkpoints, newest first, of a size below `before`."""
    statement = sa.select(Checkpoint).order_by(Checkpoint.size.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Checkpoint.size < before)
    return session().scalars(statement).all()


def public_keys() -> list[LogKey]:
    """Every verifier key that has signed, oldest first."""
    return list(session().scalars(sa.select(LogKey).order_by(LogKey.since, LogKey.vkey)))


def public_key() -> str:
    """The verifier key (C2SP vkey) of the latest checkpoint; before the first one, that of the key file."""
    last = latest()
    return last.key if last else keys.signing_key(first=True).public.vkey


def statements() -> list[LogStatement]:
    """The signed statements of declared restores, newest first."""
    return list(session().scalars(sa.select(LogStatement).order_by(LogStatement.id.desc())))


def open_refusal() -> LogRefusal | None:
    """The refusal that nobody has answered yet, or None."""
    answered = sa.select(LogStatement.refusal_id)
    return session().scalar(
        sa.select(LogRefusal).where(LogRefusal.id.not_in(answered)).order_by(LogRefusal.id.desc()).limit(1)
    )


def make(reason: str = "asked") -> Checkpoint:
    """Position what is committed, then sign when the log grew; return the latest checkpoint.

    Refused: inside a command (its own events are not committed); `Inconsistent` when the log does not begin with
    what was last signed, which is kept as an open refusal; `keys.KeyMissing`.
    """
    if in_command():
        raise RuntimeError("a checkpoint covers committed events only: not inside a command")
    log.sequence_all()
    with keys.locked():
        made = _sign(reason)
    if isinstance(made, LogRefusal):
        raise refused(made)
    return made


def keep_up(at_once: Collection[str] = ()) -> int:
    """The job: position what is committed; sign when an hour would pass or an event of type `at_once` came.

    Returns how many events got their position. A refusal is logged, and told on the pages.
    """
    done = log.sequence_all()
    reason = due(at_once)
    if reason:
        try:
            make(reason)
        except DomainError as error:
            logger.error("no checkpoint: %s", error)
    return done


def due(at_once: Collection[str] = ()) -> str | None:
    """Why a checkpoint is due now ("closing", "hourly"), or None."""
    last, size = latest(), log.size()
    covered = last.size if last else 0
    if size <= covered or open_refusal() is not None:
        return None
    if at_once and session().scalar(
        sa.select(LogEntry.position)
        .join(Event, Event.id == LogEntry.event_id)
        .where(LogEntry.position >= covered, Event.type.in_(at_once))
        .limit(1)
    ):
        return "closing"
    if last is None or clock.now() - last.made_at >= EXPOSURE - MARGIN:
        return "hourly"
    return None


def refused(refusal: LogRefusal) -> Inconsistent:
    """The error that tells a refusal."""
    return Inconsistent(
        N_(
            "No checkpoint is signed: the log does not begin with the %(size)s entries that were signed last. "
            "Was an older backup restored? An administrator declares it."
        ),
        size=refusal.kept_size,
    )


@command
def _sign(reason: str) -> Checkpoint | LogRefusal:
    log.alone()
    last, size = latest(), log.size()
    refusal = open_refusal() or _contradiction(last, size)
    if refusal is not None:
        return refusal
    if last is not None and last.size == size:
        return last
    first = log.first()
    key = keys.signing_key(first=last is None and keys.kept(first) is None)
    root = log.root(size)
    note = notes.sign(notes.Body(keys.origin(), size, root).text, key)
    made = Checkpoint(
        size=size, root=root.hex(), note=note, key=key.public.vkey, made_at=clock.now(), reason=reason
    )
    list_key(key.public.vkey)
    session().add(made)
    session().flush()
    # Before the commit: a checkpoint that anybody may have seen must never be forgotten here. Should the commit
    # fail, the entries it speaks of are committed all the same, and the next one begins with them.
    keys.keep(first, keys.Kept(size, made.root, note))
    return made


def list_key(vkey: str) -> None:
    """Inside a command: publish a verifier key, once."""
    if session().get(LogKey, vkey) is None:
        session().add(LogKey(vkey=vkey, since=clock.now()))


def _contradiction(last: Checkpoint | None, size: int) -> LogRefusal | None:
    """A new refusal when the log does not begin with the last checkpoint, here or beside the key."""
    signed = [(last.size, last.root)] if last else []
    kept = keys.kept(log.first())
    if kept is not None:
        signed.append((kept.size, kept.root))
    for kept_size, kept_root in signed:
        found = root_or_none(kept_size) if kept_size <= size else None
        if found != kept_root:
            refusal = LogRefusal(
                at=clock.now(), kept_size=kept_size, kept_root=kept_root, found_size=size, found_root=found
            )
            session().add(refusal)
            session().flush()
            return refusal
    return None


def root_or_none(size: int) -> str | None:
    """The root (hex) at this size, or None where the stored tree is too damaged to give one."""
    try:
        return log.root(size).hex()
    except (ValueError, IndexError):
        return None
