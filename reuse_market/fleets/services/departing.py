"""Leaving outside the tool: given or sold to staff, taken back by its maker, returned to its lessor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from reuse_market.fleets.models import DEPARTURES, Departure
from reuse_market.fleets.services.discarding import LEFT, departed_among, instant_of, mine
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.traceability import journal
from reuse_market.units.services import Move, act, criterion


@command
def record_departure(
    unit_ids: Sequence[int],
    outlet: str,
    *,
    actor: Actor,
    left_on: date,
    reason: str = "other",
    note: str = "",
    erased: bool = False,
) -> int:
    """Discarded units have left the holder outside the tool (DEPARTURES), on a day; how many. One act.

    They stay `discarded`: no later state is known of them. They are offered and counted no more.
    Refused: units not discarded, or gone already; a day to come; data not said erased or media taken out.
    """
    if outlet not in DEPARTURES:
        raise Invalid(N_("Choose an answer."), field="outlet")
    if left_on > clock.today():
        raise Invalid(N_("This day has not come yet."), field="left_on")
    if not erased:
        raise Invalid(N_("Erase the data or take the disks out first, then say so here."), field="erased")
    ids = mine("depart", "discarded", unit_ids, actor)
    if departed_among(ids):
        raise Conflict(LEFT, code="unit.depart.departed")
    facts = {"outlet": outlet, "reason": reason, "left_on": left_on.isoformat(), "units": len(ids)}
    doing = journal.Act(actor, occurred_at=instant_of(left_on))
    stream, note = f"fleet/{actor.organisation_id}", " ".join(note.split())[:300]
    secret = {"note": note} if note else None
    act(Move(), ids, doing=doing, stream=stream, event_type="unit.departed", facts=facts, commitments=secret)
    shared: dict[str, Any] = {
        "organisation_id": actor.organisation_id, "outlet": outlet, "reason": reason, "note": note,
        "left_on": left_on, "made_at": clock.now(),
    }  # fmt: skip
    session().execute(sa.insert(Departure), [shared | {"unit_id": unit_id} for unit_id in ids])
    return len(ids)


@command
def annul_departure(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """They are still there after all: discarded and offered again; how many. Refused: what has not left."""
    ids = mine("annul_departure", "discarded", unit_ids, actor)
    gone = sa.delete(Departure).where(criterion(ids, Departure.unit_id))
    if session().execute(gone).rowcount != len(ids):  # type: ignore[attr-defined]
        raise Conflict(N_("Some of these devices have not left."), code="unit.annul_departure.here")
    stream, facts = f"fleet/{actor.organisation_id}", {"units": len(ids)}
    act(
        Move(),
        ids,
        doing=journal.Act(actor),
        stream=stream,
        event_type="unit.departure-annulled",
        facts=facts,
    )
    return len(ids)
