"""What a database administrator can do: raw SQL with every guard of the database taken off, then undone."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from reuse_market.kernel import db
from reuse_market.kernel.db import session
from reuse_market.proofs.reconcile import reconcile
from reuse_market.traceability import triggers
from reuse_market.traceability.verify import verify_chains


def broken_by(tamper: Callable[[], None]) -> set[str]:
    """Rules that speak up after `tamper`, in a transaction that is thrown away."""
    try:
        with db.writing():
            disarm()
            tamper()
            session().expire_all()
            return {fault.rule for fault in (*verify_chains(), *reconcile())}
    finally:
        db.release()


def disarm() -> None:
    """Somebody who owns the database drops the triggers; foreign keys they get past by deleting children."""
    if db.database().is_sqlite:
        for name in triggers.NAMES:
            session().execute(sa.text(f"DROP TRIGGER IF EXISTS {name}"))
        session().execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        return
    for table in triggers.TABLES:
        session().execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session().execute(sa.text("SET LOCAL session_replication_role = replica"))
