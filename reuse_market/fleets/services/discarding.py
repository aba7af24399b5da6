"""The discard ("réforme"): an administrative act on units of the fleet, and its annulment."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from reuse_market.erasure.services import rearm_gate
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import CHANGED, Move, act

MOST = 10_000


@command
def discard_units(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Take units of the fleet out of use, one act on the fleet's stream; how many.

    Refused: units of somebody else, a unit that is not in use any more, who may not commit the holder.
    """
    return _act("discard", "in_use", unit_ids, actor)


@command
def annul_discard(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Put discarded units back in use; how many. Refused as for `discard_units`.

    They work with data again: what was proven of their erasure before is void.
    """
    count = _act("annul_discard", "discarded", unit_ids, actor)
    rearm_gate(unit_ids)
    return count


def _act(action: str, source: str, unit_ids: Sequence[int], actor: Actor) -> int:
    ids = sorted(set(unit_ids))
    if not ids or len(ids) > MOST:
        raise Invalid(N_("Choose between 1 and %(most)s devices."), field="units", most=MOST)
    if not (actor.has("holder") and actor.commits):
        raise refusal(lambda one: one.has("holder"), actor, "fleet.discard")
    found = session().execute(sa.select(Unit.owner_id, Unit.state).where(Unit.id.in_(ids)).distinct()).all()
    if not found or any(row.owner_id != actor.organisation_id for row in found):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    if {row.state for row in found} != {source}:
        raise Conflict(CHANGED, code=f"unit.{action}.state")
    stream = f"fleet/{actor.organisation_id}"
    act(Move(action), ids, doing=journal.Act(actor), stream=stream, facts={"units": len(ids)})
    return len(ids)
