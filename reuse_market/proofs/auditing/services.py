"""Asking for a self-audit, running it as a job, and raising the alarm."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, release, session
from reuse_market.kernel.errors import Conflict, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.proofs.audit_models import RefusalTold, SelfAudit, SelfAuditFault
from reuse_market.proofs.auditing import checking, mails, queries
from reuse_market.proofs.auditing.checking import Found, Progress
from reuse_market.traceability import checkpoints, log

HOUR = 2  # of Paris: the night's self-audit begins after it
BEAT_S = 2.0  # how often a running one says how far it is
DEAD = timedelta(minutes=10)  # without a word for longer, whoever ran it is gone: another begins it again
MOST = 10_000  # faults kept one by one; how many there are is always told
TOLD_APART = "log.refused"  # a refused checkpoint raises its own alarm
logger = logging.getLogger(__name__)


@command
def ask_audit(*, actor: Actor) -> SelfAudit:
    """Have everything checked as soon as the worker is free; the row that will hold the result.

    Refused: anybody but an operator or an administrator; while one waits or runs (Conflict).
    """
    if not actor.has("operator", "administrator"):
        raise NotAllowed(N_("Only an operator or an administrator asks for a self-audit."))
    if queries.under_way() is not None:
        raise Conflict(N_("A self-audit is under way already: its result will stand here."))
    return _asked("asked", actor.organisation_id)


def run_due() -> int:
    """Job: begin the night's self-audit when it is due, and run the one that waits. Returns 1 when one ended."""
    _ask_nightly()
    audit_id = _take()
    if audit_id is None:
        return 0
    release()
    _run(audit_id)
    return 1


def tell_refusal() -> int:
    """Job: write, once, to operators and administrators that checkpoints are refused. Returns 1 when it did."""
    refusal = checkpoints.open_refusal()
    if refusal is None or session().get(RefusalTold, refusal.id) is not None:
        return 0
    return _tell_refusal(refusal.id)


@command
def _tell_refusal(refusal_id: int) -> int:
    refusal = checkpoints.open_refusal()
    if refusal is None or session().get(RefusalTold, refusal_id) is not None:
        return 0
    session().add(RefusalTold(refusal_id=refusal_id, told_at=clock.now()))
    mails.refused(refusal)
    return 1


def _asked(reason: str, by: int | None) -> SelfAudit:
    made = SelfAudit(reason=reason, asked_at=clock.now(), asked_by_id=by)
    session().add(made)
    session().flush()
    return made


def _ask_nightly() -> None:
    due = clock.at_paris(clock.today(), HOUR)
    tonight = sa.select(SelfAudit.id).where(SelfAudit.reason == "nightly", SelfAudit.asked_at >= due)
    if clock.now() < due or session().scalar(tonight.limit(1)) or queries.under_way() or not log.size():
        return
    try:
        _nightly(due)
    except Conflict:  # another node was quicker
        logger.info("self-audit: begun elsewhere")


@command
def _nightly(due: datetime) -> None:
    tonight = sa.select(SelfAudit.id).where(SelfAudit.reason == "nightly", SelfAudit.asked_at >= due)
    if not session().scalar(tonight.limit(1)):
        _asked("nightly", None)


def _take() -> int | None:
    """The one to run here, if any: marked as begun, so that no other worker takes it."""
    waiting = queries.under_way()
    return _taken(waiting.id) if waiting is not None and _free(waiting) else None


@command
def _taken(audit_id: int) -> int | None:
    row = lock(SelfAudit, SelfAudit.id == audit_id)
    if row is None or row.ended_at is not None or not _free(row):
        return None
    row.started_at = row.beat_at = clock.now()
    row.step = 0
    return audit_id


def _free(row: SelfAudit) -> bool:
    return row.beat_at is None or row.beat_at < clock.now() - DEAD


def _run(audit_id: int) -> None:
    """Read in a thread, which has a snapshot of its own; say here how far it is; keep what it found."""
    progress, began = Progress(), clock.now()

    def read() -> Found:
        with clock.frozen(began):
            return checking.check(progress)

    with ThreadPoolExecutor(1, thread_name_prefix="self-audit") as pool:
        reading = pool.submit(read)
        while not wait([reading], timeout=BEAT_S).done:
            _beat(audit_id, progress.done)
    error = reading.exception()
    if error is not None:
        logger.error("self-audit %s broke off", audit_id, exc_info=error)
        _broke(audit_id, type(error).__name__)
    else:
        _ended(audit_id, reading.result())


@command
def _beat(audit_id: int, done: int) -> None:
    row = session().get_one(SelfAudit, audit_id)
    row.step, row.beat_at = done, clock.now()


@command
def _broke(audit_id: int, name: str) -> None:
    row = lock(SelfAudit, SelfAudit.id == audit_id)
    row.broke, row.ended_at, row.under_way = name[:100], clock.now(), None
    session().flush()
    before = queries.last(before=audit_id)
    if before is None or not before.broke:
        mails.failed(row)


@command
def _ended(audit_id: int, found: Found) -> None:
    row = lock(SelfAudit, SelfAudit.id == audit_id)
    row.size, row.root, row.checked, row.faults = found.size, found.root, found.checked, len(found.faults)
    row.step, row.ended_at, row.under_way = len(checking.STEPS), clock.now(), None
    kept = [
        {
            "audit_id": audit_id, "number": number, "rule": fault.rule, "subject": fault.subject[:200],
            "reason": fault.reason,
        }
        for number, fault in enumerate(found.faults[:MOST], 1)
    ]  # fmt: skip
    session().flush()
    if kept:
        session().execute(sa.insert(SelfAuditFault), kept)
    if _news(row):
        mails.failed(row)


def _news(row: SelfAudit) -> bool:
    """Whether it found something that the one before it had not: the same faults are told once."""
    before = queries.last(before=row.id)
    if before is None:
        return any(rule != TOLD_APART for rule, _ in queries.keys(row.id))
    new = {key for key in queries.keys(row.id) - queries.keys(before.id) if key[0] != TOLD_APART}
    return bool(new) or row.faults > max(before.faults, MOST)
