"""Verbs of what comes back from its beneficiary: taken back, kept, or repaired and handed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure.services import rearm_gate
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import queries
from reuse_market.refurbishing.models import TestRun
from reuse_market.refurbishing.services import work
from reuse_market.traceability import journal
from reuse_market.units import services as units
from reuse_market.units.models import Unit

GROUNDS = ("exchange", "refund")  # the device is the workshop's again
REMEDIES = ("repair", *GROUNDS)  # repair: it stays its beneficiary's
GATES = ("erased_at", "tested_at")
NOT_HERE = N_(
    "A device of this return is no longer in the workshop: open its page to see where it is, and have it back first."
)
NOT_TESTED = N_("Test each device of this return again first: none goes back before it works.")


@command
def take_back_unit(unit_id: int, *, actor: Actor, ground: str) -> None:
    """A provided unit comes back to the workshop that tested it, and is that workshop's again.

    `ground`: exchange | refund. Gates are cleared: nobody knows what happened since. Refused: another one.
    """
    if ground not in GROUNDS:
        raise Invalid(N_("Choose an answer in the list."), field="ground")
    seller = queries.last_workshop(unit_id)
    found = work.locked([unit_id], actor) if not actor.is_org(seller) else _locked([unit_id])
    _take_back(found, actor, seller, {"ground": ground}, journal.Act(actor))


@command
def take_back_units(
    unit_ids: Sequence[int], *, actor: Actor, seller_id: int, ground: str, facts: Mapping[str, Any]
) -> None:
    """Units provided by `seller_id` come back to it (design §2): gates cleared, media and tests to do again.

    `ground` repair: the beneficiary stays the owner; exchange or refund: the seller is the owner again.
    """
    if ground not in REMEDIES:
        raise Invalid(N_("Choose an answer in the list."), field="remedy")
    _take_back(_locked(unit_ids), actor, seller_id, {"ground": ground, **facts}, journal.Act(actor))


@command
def keep_units(unit_ids: Sequence[int], *, actor: Actor, event_type: str, facts: Mapping[str, Any]) -> None:
    """Units under repair become the workshop's: they are exchanged or refunded after all. Their state stays."""
    doing, found = journal.Act(actor), work.locked(unit_ids, actor)
    if any(not actor.is_org(unit.custodian_id) for unit in found):
        raise Conflict(NOT_HERE, code="return.not-here")
    parts: dict[str, list[int]] = {}
    for unit in found:
        parts.setdefault(unit.stream, []).append(unit.id)
    move = units.Move(owner_id=actor.organisation_id)
    for stream, ids in sorted(parts.items()):
        units.act(move, ids, doing=doing, stream=stream, event_type=event_type, facts=facts)


@command
def hand_back_units(unit_ids: Sequence[int], *, actor: Actor, facts: Mapping[str, Any]) -> None:
    """Repaired units go back to their owner: provided again. Refused (Conflict): one not in the workshop or without
    a passed test since it came. Its media hold the owner's own data: an erasure is told where one was made.
    """
    found = work.locked(unit_ids, actor)
    for unit in found:
        if unit.state != "in_workshop":
            raise Conflict(NOT_HERE, code="return.not-here")
        work.require("hand_back", unit, actor, party_id=actor.organisation_id)
    doing = journal.Act(actor)
    for case in queries.cases([unit.id for unit in found]):
        lacking = [reason for reason in case.missing if reason.code.startswith("test.")]
        if lacking or case.test is None:
            raise Conflict(NOT_TESTED, code="return.not-tested")
        owner = case.unit.owner_id
        move = units.Move(
            "hand_back", party_id=actor.organisation_id, custodian_id=owner, tested_at=case.test.tested_at,
            erased_at=case.gate.met_at if case.gate.passed else None,
        )  # fmt: skip
        work.move(move, [case.unit], doing, facts)


def rearm(unit_ids: Sequence[int]) -> None:
    """What was proven and tested of these units is void: nobody knows what happened to them since."""
    rearm_gate(list(unit_ids))
    session().execute(
        sa.update(TestRun)
        .where(TestRun.unit_id.in_(list(unit_ids)), TestRun.void_at.is_(None))
        .values(void_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def _take_back(
    found: Sequence[Unit], actor: Actor, seller: int | None, facts: Mapping[str, Any], doing: journal.Act
) -> None:
    for unit in found:
        work.require("take_back", unit, actor, party_id=seller)
    owner = None if facts["ground"] == "repair" else actor.organisation_id
    move = units.Move(
        action="take_back", party_id=seller, owner_id=owner, custodian_id=actor.organisation_id, clears=GATES
    )
    ids = [unit.id for unit in found]
    work.move(move, found, doing, facts=facts)
    rearm(ids)


def _locked(unit_ids: Sequence[int]) -> list[Unit]:
    """The units, locked in id order, whoever has them: they come back from somebody else."""
    ids = sorted(set(unit_ids))
    statement = sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update()
    found = list(session().scalars(statement.execution_options(populate_existing=True)))
    if len(found) != len(ids):
        raise NotFound(N_("This device does not exist."))
    return found
