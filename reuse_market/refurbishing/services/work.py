"""What the bench verbs share: lock units, act on each stream, the counter-signature rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, NotAllowed, NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import policy
from reuse_market.refurbishing.queries import NOT_OURS, NOT_OURS_YET, UNDER_REPAIR, under_repair
from reuse_market.traceability import journal
from reuse_market.units import services as units
from reuse_market.units import shipping
from reuse_market.units.lifecycle import LIFE
from reuse_market.units.models import Unit
from reuse_market.units.policy import UnitsAtStake


def locked(unit_ids: Sequence[int], actor: Actor) -> list[Unit]:
    """The units, locked in id order. NotFound when one does not exist for this actor."""
    ids = sorted(set(unit_ids))
    statement = sa.select(Unit).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update()
    found = list(session().scalars(statement.execution_options(populate_existing=True)))
    if len(found) != len(ids) or not all(policy.knows(actor, unit) for unit in found):
        raise NotFound(N_("This device does not exist."))
    shipping.require_here(ids)
    return found


def require(action: str, unit: Unit, actor: Actor, party_id: int | None = None) -> None:
    """Raise as the life-cycle would, before anything else is looked at: rights first, then the state."""
    row = LIFE.transition(action)
    if not row.policy(actor, UnitsAtStake(unit.owner_id, unit.custodian_id, party_id)):
        raise NotAllowed(policy.ELSEWHERE, code=f"unit.{action}.not-allowed")
    if unit.state not in row.sources:
        raise Conflict(
            N_("The state has changed since you opened the page: open it again to see what is possible."),
            code=f"unit.{action}.state",
        )


def require_owned(unit: Unit) -> None:
    """Ownership passes at the counter-signature; before it nothing is offered, cut up or thrown away."""
    if unit.id in shipping.came_by_shipment([unit.id] if unit.owner_id != unit.custodian_id else []):
        raise Conflict(NOT_OURS, code="unit.not-owned")
    if unit.owner_id != unit.custodian_id and under_repair([unit.id]):
        raise Conflict(UNDER_REPAIR, code="unit.under-repair")
    if unit.owner_id != unit.custodian_id:
        raise Conflict(NOT_OURS_YET, code="unit.not-countersigned")


def move(
    move: units.Move, chosen: Sequence[Unit], doing: journal.Act, facts: Mapping[str, Any] | None = None
) -> None:
    """One act on units of several lots: an event on each stream, owner by owner."""
    parts: dict[tuple[str, int], list[int]] = {}
    for unit in chosen:
        parts.setdefault((unit.stream, unit.owner_id), []).append(unit.id)
    for (stream, _owner), ids in sorted(parts.items()):
        units.act(move, ids, doing=doing, stream=stream, facts=facts)
