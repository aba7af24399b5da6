"""A restored backup, declared: the answer to a refused checkpoint, signed and published."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor, require_own_hand
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed
from reuse_market.kernel.words import N_
from reuse_market.traceability import checkpoints, journal, keys, log, notes
from reuse_market.traceability.log_models import LogStatement
from reuse_market.traceability.models import EventCommitment

SHORTEST, LONGEST = 20, 500
FORMAT = "parc-commun/restore/1"


@command
def declare_restore(reason: str, *, actor: Actor) -> LogStatement:
    """Say, signed and for all to read, that an older backup was restored, and sign checkpoints again from here.

    The statement names the checkpoint that is no longer continued and the log as it is now, and carries the SHA-256
    of the reason. Journal: `log.restored` on the administrator's organisation, the reason as a commitment. Refused:
    nothing is refused at present; anybody but an administrator; a reason too short to be one.
    """
    require_own_hand(actor)
    if not actor.has("administrator") or actor.organisation_id is None:
        raise NotAllowed(N_("Only an administrator declares a restore."))
    reason = reason.strip()
    if not SHORTEST <= len(reason) <= LONGEST:
        raise Invalid(
            N_("Say what happened, in %(least)s to %(most)s characters."),
            field="reason", least=SHORTEST, most=LONGEST,
        )  # fmt: skip
    log.alone()
    refusal = checkpoints.open_refusal()
    if refusal is None:
        raise Conflict(N_("No checkpoint is refused: there is nothing to declare."))
    size = log.size()
    root = log.root(size)
    key = keys.signing_key(first=False)
    told = (
        keys.origin(), FORMAT, str(refusal.kept_size), _b64(bytes.fromhex(refusal.kept_root)), str(size),
        _b64(root), _b64(hashlib.sha256(reason.encode()).digest()),
    )  # fmt: skip
    note = notes.sign("\n".join(told) + "\n", key)
    event = journal.append(
        journal.Act(actor),
        f"organisation/{actor.organisation_id}",
        "log.restored",
        facts={"kept_size": refusal.kept_size, "size": size},
        commitments={"reason": reason},
    )
    statement = LogStatement(
        refusal_id=refusal.id, event_id=event.id, made_at=clock.now(), size=size, note=note,
        key=key.public.vkey,
    )  # fmt: skip
    session().add(statement)
    checkpoints.list_key(key.public.vkey)
    session().flush()
    with keys.locked():
        keys.keep(log.first(), keys.Kept(size, root.hex(), note))
    return statement


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def reasons(statements: Sequence[LogStatement]) -> dict[int, str]:
    """Statement id → the reason given, where it has not been forgotten."""
    rows = session().execute(
        sa.select(EventCommitment.event_id, EventCommitment.value).where(
            EventCommitment.event_id.in_([one.event_id for one in statements]),
            EventCommitment.name == "reason",
        )
    )
    told = dict(rows.all())
    return {one.id: told.get(one.event_id, "") for one in statements}
