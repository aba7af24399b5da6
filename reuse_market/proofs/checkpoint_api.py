"""`/checkpoints`: signed notes of the log, and the proofs that belong to them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.traceability import checkpoints as signed
from reuse_market.traceability import log
from reuse_market.traceability.log_models import Checkpoint
from reuse_market.traceability.models import Event
from reuse_market.web import rest
from reuse_market.web.fields import Asked, QueryWhole, Schema, Text, fields

SIZE = "<int:size>"
checkpoints = rest.Collection(
    "checkpoints",
    "Signed statements of the journal's log, public, with proofs that it holds an event and only grew.",
)
collections = (checkpoints,)


class CheckpointSchema(Schema):
    """A signed statement: so many events, one root over them all."""

    size = fields.Integer(required=True)
    root = fields.String(required=True, metadata={"description": "Hexadecimal, 32 bytes (RFC 6962)."})
    note = fields.String(required=True, metadata={"description": "C2SP signed note, as published."})
    key = fields.String(required=True, metadata={"description": "Verifier key it was signed by (C2SP)."})
    made_at = fields.AwareDateTime(required=True)
    reason = fields.String()
    links = fields.Dict()


class InclusionQuery(Asked):
    """Which event: its `id`, as `/events` and proof files tell it."""

    event = Text(32, 1, required=True)


class InclusionSchema(Schema):
    """That an event stands in the log of this size (RFC 6962 §2.1.1). The leaf is the event's hash."""

    size = fields.Integer(required=True)
    position = fields.Integer(required=True)
    leaf = fields.String(required=True)
    proof = fields.List(fields.String(), required=True)


class ConsistencyQuery(Asked):
    """The size of an older checkpoint."""

    old = QueryWhole(1, required=True)


class ConsistencySchema(Schema):
    """That the log of this size begins with the older one (RFC 6962 §2.1.2)."""

    old = fields.Integer(required=True)
    size = fields.Integer(required=True)
    proof = fields.List(fields.String(), required=True)


@checkpoints.read("/checkpoints", rule="public", shape=CheckpointSchema, listed=True)
def list_checkpoints(query: dict[str, Any]) -> dict[str, Any]:
    """Every checkpoint, newest first."""
    limit = query["limit"]
    found = signed.listed(before=rest.after(query["cursor"]), limit=limit + 1)
    return rest.page(found, limit, lambda one: one.size, _shown)


@checkpoints.read(f"/checkpoints/{SIZE}", rule="public", shape=CheckpointSchema)
def get_checkpoint(size: int) -> dict[str, Any]:
    """One checkpoint, by the size of the log it states."""
    return _shown(_found(size))


@checkpoints.read(
    f"/checkpoints/{SIZE}/inclusion", rule="public", shape=InclusionSchema, query=InclusionQuery,
    name="prove-inclusion",
)  # fmt: skip
def prove_inclusion(query: dict[str, Any], size: int) -> dict[str, Any]:
    """The proof that this checkpoint covers an event. 404 where it does not."""
    _found(size)
    row = session().execute(sa.select(Event.id, Event.hash).where(Event.uid == query["event"])).one_or_none()
    position = log.position_of(row.id) if row else None
    if row is None or position is None or position >= size:
        raise NotFound(N_("This checkpoint covers no such event."))
    proof = [one.hex() for one in log.inclusion(position, size)]
    return {"size": size, "position": position, "leaf": row.hash, "proof": proof}


@checkpoints.read(
    f"/checkpoints/{SIZE}/consistency", rule="public", shape=ConsistencySchema, query=ConsistencyQuery,
    name="prove-consistency",
)  # fmt: skip
def prove_consistency(query: dict[str, Any], size: int) -> dict[str, Any]:
    """The proof that the log of this checkpoint begins with the log of an older one."""
    _found(size)
    if query["old"] > size:
        raise Invalid(N_("The older checkpoint cannot be the larger one."), field="old")
    proof = [one.hex() for one in log.consistency(query["old"], size)]
    return {"old": query["old"], "size": size, "proof": proof}


def _found(size: int) -> Checkpoint:
    found = signed.at(size)
    if found is None:
        raise NotFound(N_("No checkpoint has this size."))
    return found


def _shown(one: Checkpoint) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in ("size", "root", "note", "key", "made_at", "reason")}
    return kept | {
        "links": {"self": rest.address("checkpoints", one.size), "note": f"/checkpoint/{one.size}"}
    }
