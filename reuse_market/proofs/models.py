"""The room's tables: corrections of acts (correction_models.py), self-audits (audit_models.py)."""

from __future__ import annotations

from reuse_market.proofs.audit_models import RefusalTold, SelfAudit, SelfAuditFault
from reuse_market.proofs.correction_models import CORRECTION_STATES, KINDS, REASONS, Correction

__all__ = [
    "CORRECTION_STATES",
    "KINDS",
    "REASONS",
    "Correction",
    "RefusalTold",
    "SelfAudit",
    "SelfAuditFault",
]
