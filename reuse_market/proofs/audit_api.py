"""`/self-audits`: what the service found when it checked itself; asking for one; and the declaration of a restore."""

from __future__ import annotations

from typing import Any

from reuse_market.proofs.audit_models import SelfAudit
from reuse_market.proofs.auditing import queries, services
from reuse_market.traceability import restoring
from reuse_market.traceability.log_models import LogStatement
from reuse_market.web import rest
from reuse_market.web.access import current_actor
from reuse_market.web.fields import BIGGEST, Asked, Schema, Text, fields, maybe

ONE = f"/self-audits/<int(min=1, max={BIGGEST}):audit_id>"
audits = rest.Collection(
    "self-audits", "Everything read again, every night: when, how much, with which result."
)
restores = rest.Collection("restores", "Backups restored, declared by an administrator.")
collections = (audits, restores)


class SelfAuditSchema(Schema):
    """One self-audit. `faults` is 0 when nothing was found; `ended_at` is null until it ended."""

    id = fields.Integer(required=True)
    reason = fields.String(required=True, metadata={"description": "nightly or asked."})
    asked_at = fields.AwareDateTime(required=True)
    started_at = maybe(fields.AwareDateTime)
    ended_at = maybe(fields.AwareDateTime)
    size = maybe(fields.Integer, metadata={"description": "Events of the log it read."})
    root = maybe(metadata={"description": "Root of that log, hexadecimal (RFC 6962)."})
    faults = fields.Integer(required=True)
    broke = fields.Boolean(required=True, metadata={"description": "It broke off: it proves nothing."})
    links = fields.Dict()


class FaultSchema(Schema):
    """Something a self-audit found: the rule broken, on what, and why."""

    number = fields.Integer(required=True)
    rule = fields.String(required=True)
    subject = fields.String(required=True)
    reason = fields.String(required=True)


class RestoreInput(Asked):
    """What happened; everybody reads it."""

    reason = Text(restoring.LONGEST, restoring.SHORTEST, required=True)


class RestoreSchema(Schema):
    """The signed statement of a restore."""

    size = fields.Integer(required=True)
    note = fields.String(required=True)
    key = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


@audits.read("/self-audits", rule="public", shape=SelfAuditSchema, listed=True)
def list_audits(query: dict[str, Any]) -> dict[str, Any]:
    """Every self-audit that ended, newest first."""
    limit = query["limit"]
    found = queries.listed(before=rest.after(query["cursor"]), limit=limit + 1)
    return rest.page(found, limit, lambda one: one.id, _shown)


@audits.read(ONE, rule="public", shape=SelfAuditSchema)
def get_audit(audit_id: int) -> dict[str, Any]:
    """One self-audit, ended or not."""
    return _shown(queries.get(audit_id))


@audits.read(f"{ONE}/faults", rule="overseer", shape=FaultSchema, listed=True, name="faults")
def list_faults(query: dict[str, Any], audit_id: int) -> dict[str, Any]:
    """Everything it found, in full: to those who oversee."""
    queries.get(audit_id)
    limit, after = query["limit"], rest.after(query["cursor"]) or 0
    found = queries.faults(audit_id, after=after, limit=limit + 1)
    return rest.page(found, limit, lambda one: one.number, lambda one: one)


@audits.verb("/self-audits", rule="operator", shape=SelfAuditSchema, status=201, name="ask")
def ask_audit() -> dict[str, Any]:
    """Have everything checked now; ask for it again until `ended_at` is set."""
    return _shown(services.ask_audit(actor=current_actor()))


@restores.verb(
    "/checkpoints:declare-restore", rule="administrator", body=RestoreInput, shape=RestoreSchema, status=201
)
def declare_restore(values: dict[str, Any]) -> LogStatement:
    """Answer a refused checkpoint: an older backup was restored. Signed, published, for ever."""
    return restoring.declare_restore(values["reason"], actor=current_actor())


def _shown(one: SelfAudit) -> dict[str, Any]:
    names = ("id", "reason", "asked_at", "started_at", "ended_at", "size", "root", "faults")
    kept = {name: getattr(one, name) for name in names}
    return kept | {"broke": bool(one.broke), "links": {"self": rest.address("self-audits", one.id)}}
