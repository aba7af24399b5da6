"""The alarm: mails to the people who operate or administer, queued in the command that finds the reason."""

from __future__ import annotations

from reuse_market.accounts import queries as accounts
from reuse_market.notices.services import queue
from reuse_market.proofs.audit_models import SelfAudit
from reuse_market.proofs.auditing import queries
from reuse_market.proofs.reading import operators
from reuse_market.traceability.log_models import LogRefusal


def failed(audit: SelfAudit) -> None:
    """Faults were found that were not there the time before, or the self-audit broke off."""
    facts = {
        "at": audit.started_at.isoformat() if audit.started_at else "",
        "size": audit.size or 0,
        "faults": audit.faults,
        "broke": bool(audit.broke),
        "rules": [{"rule": rule, "count": count} for rule, count in queries.rules(audit.id)],
        "url": f"/journal/controles/{audit.id}",
    }
    _send("audit_failed", facts, f"self-audit/{audit.id}")


def refused(refusal: LogRefusal) -> None:
    """No checkpoint is signed any more."""
    facts = {"at": refusal.at.isoformat(), "size": refusal.kept_size, "url": "/journal"}
    _send("checkpoint_refused", facts, f"refusal/{refusal.id}")


def _send(template: str, facts: dict[str, object], about: str) -> None:
    addresses = {pair for one in sorted(operators()) for pair in accounts.addresses_of(one)}
    for address, language in sorted(addresses):
        queue(template, address, language, facts, about)
