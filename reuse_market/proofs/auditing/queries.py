"""Reads of self-audits: the last one, the history, what was found, and what is alarming now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.proofs.audit_models import SelfAudit, SelfAuditFault
from reuse_market.traceability import checkpoints
from reuse_market.traceability.log_models import LogRefusal


@dataclass(frozen=True, slots=True)
class Alarm:
    """What nobody may overlook: a checkpoint refused, or a last self-audit that found faults or broke off."""

    refusal: LogRefusal | None
    audit: SelfAudit | None


def alarm() -> Alarm | None:
    """What is alarming now, or None."""
    refusal, audit = checkpoints.open_refusal(), last()
    failed = audit if audit is not None and (audit.faults or audit.broke) else None
    return Alarm(refusal, failed) if refusal is not None or failed is not None else None


def last(*, before: int | None = None) -> SelfAudit | None:
    """The newest self-audit that ended (before the one of id `before`), or None."""
    statement = sa.select(SelfAudit).where(SelfAudit.ended_at.is_not(None)).order_by(SelfAudit.id.desc())
    if before is not None:
        statement = statement.where(SelfAudit.id < before)
    return session().scalar(statement.limit(1))


def under_way() -> SelfAudit | None:
    """The one that waits or runs, or None."""
    return session().scalar(sa.select(SelfAudit).where(SelfAudit.under_way.is_(True)))


def listed(*, before: int | None = None, limit: int = 25) -> Sequence[SelfAudit]:
    """Those that ended, newest first, of an id below `before`."""
    statement = sa.select(SelfAudit).where(SelfAudit.ended_at.is_not(None))
    if before is not None:
        statement = statement.where(SelfAudit.id < before)
    return session().scalars(statement.order_by(SelfAudit.id.desc()).limit(limit)).all()


def get(audit_id: int) -> SelfAudit:
    """The self-audit of that id; NotFound."""
    found = session().get(SelfAudit, audit_id)
    if found is None:
        raise NotFound(N_("This self-audit does not exist."))
    return found


def kept_faults(audit_id: int) -> int:
    """How many faults of it are kept one by one."""
    counted = sa.select(sa.func.count()).where(SelfAuditFault.audit_id == audit_id)
    return session().scalar(counted.select_from(SelfAuditFault)) or 0


def faults(audit_id: int, *, after: int = 0, limit: int = 25) -> Sequence[SelfAuditFault]:
    """What it found, in its order, from number > `after`."""
    statement = (
        sa.select(SelfAuditFault)
        .where(SelfAuditFault.audit_id == audit_id, SelfAuditFault.number > after)
        .order_by(SelfAuditFault.number)
        .limit(limit)
    )
    return session().scalars(statement).all()


def keys(audit_id: int) -> set[tuple[str, str]]:
    """(rule, subject) of what it found."""
    rows = sa.select(SelfAuditFault.rule, SelfAuditFault.subject).where(SelfAuditFault.audit_id == audit_id)
    return {(rule, subject) for rule, subject in session().execute(rows)}


def rules(audit_id: int) -> list[tuple[str, int]]:
    """Each rule broken and how often, as kept."""
    statement = (
        sa.select(SelfAuditFault.rule, sa.func.count())
        .where(SelfAuditFault.audit_id == audit_id)
        .group_by(SelfAuditFault.rule)
        .order_by(SelfAuditFault.rule)
    )
    return [(rule, count) for rule, count in session().execute(statement)]
