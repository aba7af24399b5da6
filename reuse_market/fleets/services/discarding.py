"""The discard ("réforme"): an administrative act on units of the fleet, and its annulment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from reuse_market.erasure.services import rearm_gate
from reuse_market.fleets import decisions
from reuse_market.fleets.models import Departure, Discard, DiscardedUnit
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal
from reuse_market.units.models import Unit
from reuse_market.units.services import CHANGED, Move, act, criterion

MOST = 10_000
LEFT = N_("Some of these devices have left already: take that back first.")
UNDECIDED = {
    "decided_on": N_("Enter the date of the decision: a public body discards by decision."),
    "decision_number": N_("Enter the number of the decision: a public body discards by decision."),
    "decided_by": N_("Say who decided, for example the council or a delegated officer."),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """When a discard was decided, under which number and by whom (an assembly, a function)."""

    decided_on: date | None = None
    decision_number: str = ""
    decided_by: str = ""

    @property
    def is_said(self) -> bool:
        """Whether anything of it is told."""
        return bool(self.decided_on or self.decision_number or self.decided_by)

    def texts(self) -> dict[str, str]:
        """Its free texts: committed to in the journal, never written there."""
        both = {"decision_number": self.decision_number, "decided_by": self.decided_by}
        return {name: text for name, text in both.items() if text}


@command
def discard_units(
    unit_ids: Sequence[int],
    *,
    actor: Actor,
    decided_on: date | None = None,
    decision_number: str = "",
    decided_by: str = "",
) -> int:
    """Take units of the fleet out of use, one act on the fleet's stream, dated by its decision; how many.

    Number and author stay beside the journal (free text), bound by a commitment. Refused: units of somebody
    else, a unit that is not in use any more, who may not commit the holder; a public holder without date,
    number and author of its decision; a decision of a day to come.
    """
    ids = mine("discard", "in_use", unit_ids, actor)
    decision = checked(actor.organisation_id or 0, Decision(decided_on, decision_number, decided_by))
    discard(ids, decision, doing=journal.Act(actor), holder_id=actor.organisation_id or 0)
    return len(ids)


@command
def record_decision(
    unit_ids: Sequence[int],
    *,
    actor: Actor,
    decided_on: date | None = None,
    decision_number: str = "",
    decided_by: str = "",
) -> int:
    """Keep the decision of a discard that was recorded without one; how many. Refused as `discard_units`,
    and units whose decision is kept already, or an empty one.
    """
    ids = mine("decide", "discarded", unit_ids, actor)
    holder_id = actor.organisation_id or 0
    decision = checked(holder_id, Decision(decided_on, decision_number, decided_by))
    if not decision.is_said:
        raise Invalid(UNDECIDED["decided_on"], field="decided_on")
    if decisions.decisions_of(ids):
        raise Conflict(
            N_("The decision of some of these devices is recorded already."), code="discard.decided"
        )
    facts: dict[str, Any] = {"units": len(ids)}
    if decision.decided_on is not None:
        facts["decided_on"] = decision.decided_on.isoformat()
    act(
        Move(), ids, doing=journal.Act(actor), stream=f"fleet/{holder_id}", event_type="discard.decided",
        facts=facts, commitments=decision.texts(),
    )  # fmt: skip
    _keep(ids, decision, holder_id)
    return len(ids)


@command
def annul_discard(unit_ids: Sequence[int], *, actor: Actor) -> int:
    """Put discarded units back in use; how many. Refused as for `discard_units`, and what has left.

    They work with data again: what was proven of their erasure before is void.
    """
    ids = mine("annul_discard", "discarded", unit_ids, actor)
    if departed_among(ids):
        raise Conflict(LEFT, code="unit.annul_discard.departed")
    stream = f"fleet/{actor.organisation_id}"
    act(Move("annul_discard"), ids, doing=journal.Act(actor), stream=stream, facts={"units": len(ids)})
    session().execute(sa.delete(DiscardedUnit).where(criterion(ids, DiscardedUnit.unit_id)))
    rearm_gate(unit_ids)
    return len(ids)


def checked(holder_id: int, decision: Decision) -> Decision:
    """The decision, its texts trimmed. Refused with the field: what a public holder must say; a day to come."""
    texts = {
        name: " ".join(getattr(decision, name).split())[:most]
        for name, most in (("decision_number", 60), ("decided_by", 120))
    }
    decision = Decision(decision.decided_on, **texts)
    if decision.decided_on is not None and decision.decided_on > clock.today():
        raise Invalid(N_("This day has not come yet."), field="decided_on")
    if decisions.must_decide(holder_id):
        for name, told in UNDECIDED.items():
            if not getattr(decision, name):
                raise Invalid(told, field=name, code="fleet.discard.undecided")
    return decision


def discard(
    ids: Sequence[int], decision: Decision, *, doing: journal.Act, holder_id: int, **facts: Any
) -> None:
    """Discard units in use inside the caller's act; what the decision says is kept with them."""
    if not ids:
        return
    secret, told = decision.texts(), facts | {"units": len(ids)}
    if decision.decided_on is not None:
        told["decided_on"] = decision.decided_on.isoformat()
        doing = journal.Act(doing.actor, doing.act_id, instant_of(decision.decided_on))
    stream = f"fleet/{holder_id}"
    act(Move("discard"), ids, doing=doing, stream=stream, facts=told, commitments=secret)
    _keep(ids, decision, holder_id)


def _keep(ids: Sequence[int], decision: Decision, holder_id: int) -> None:
    """The decision beside the units it concerns, if anything of it was said."""
    if not decision.is_said:
        return
    texts = decision.texts()
    row = Discard(organisation_id=holder_id, made_at=clock.now(), decided_on=decision.decided_on, **texts)
    session().add(row)
    session().flush()
    pairs = [{"unit_id": unit_id, "discard_id": row.id} for unit_id in ids]
    session().execute(sa.insert(DiscardedUnit), pairs)


def departed_among(ids: Sequence[int]) -> bool:
    """Whether one of these units has left outside the tool."""
    left = sa.select(Departure.unit_id).where(criterion(ids, Departure.unit_id)).limit(1)
    return session().scalar(left) is not None


def instant_of(day: date) -> datetime | None:
    """The last minute of a past day; None (now) for today."""
    return None if day >= clock.today() else clock.at_paris(day, 23, 59)


def mine(action: str, source: str, unit_ids: Sequence[int], actor: Actor) -> list[int]:
    """The ids, sorted, once they are known to be the actor's units in this state."""
    ids = sorted(set(unit_ids))
    if not ids or len(ids) > MOST:
        raise Invalid(N_("Choose between 1 and %(most)s devices."), field="units", most=MOST)
    if not (actor.has("holder") and actor.commits):
        raise refusal(lambda one: one.has("holder"), actor, "fleet.discard")
    found = session().execute(sa.select(Unit.owner_id, Unit.state).where(criterion(ids)).distinct()).all()
    if not found or any(row.owner_id != actor.organisation_id for row in found):
        raise NotFound(N_("Some of these devices are not in your fleet."))
    if {row.state for row in found} != {source}:
        raise Conflict(CHANGED, code=f"unit.{action}.state")
    return ids
