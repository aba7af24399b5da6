"""Verbs that make a round and arrange its stops, while it is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundStop, Vehicle
from reuse_market.collection.rounds import mails, policy, reading
from reuse_market.collection.rounds.drawing import drawn
from reuse_market.collection.rounds.facts import FETCHED, OPEN_PICKUPS, open_round_of, stops_of
from reuse_market.collection.rounds.lifecycle import FLOW
from reuse_market.collection.rounds.vehicles import OF_ACTOR
from reuse_market.collection.services.slots import FARTHEST, TIME
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.kernel.references import next_reference
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal
from reuse_market.traceability import journal

MOST_STOPS = 40  # on one round
HELD = N_("The pick-up %(pickup)s is on the round %(round)s already.")


@command
def draft_round(pickups: Sequence[str], *, actor: Actor, **terms: Any) -> Round:
    """A draft over these pick-ups (references), in this order: day, from_time, to_time, vehicle_id, depot_site_id,
    driver_name, note. Returns it.

    Refused: not a reuse actor; a pick-up of somebody else's, over, or on an open round; a day gone by; hours upside
    down; a vehicle or a depot of somebody else's.
    """
    organisation_id = actor.organisation_id or 0
    made = Round(state="draft", organisation_id=organisation_id, made_at=clock.now())
    if not policy.keeps(actor, made):
        raise refusal(lambda one: policy.keeps(one, made), actor, "round.draft", OF_ACTOR)
    for column, value in _terms(organisation_id, terms).items():
        setattr(made, column, value)
    chosen = [_free(reference, organisation_id) for reference in dict.fromkeys(pickups)]
    if len(chosen) > MOST_STOPS:
        raise Invalid(
            N_("A round has at most %(most)s stops."), field="pickups", code="round.many", most=MOST_STOPS
        )
    made.reference = next_reference("TRN")
    session().add(made)
    session().flush()
    for position, pickup in enumerate(chosen, 1):
        session().add(RoundStop(round_id=made.id, pickup_id=pickup.id, position=position))
    redraw(made)
    record("round.drafted", made, actor)
    return made


@command
def change_round(reference: str, *, actor: Actor, **terms: Any) -> Round:
    """Another day, other hours, vehicle, depot or driver, for a draft. Refused as drafting is."""
    found = locked(reference, actor)
    FLOW.fire("change", found, actor, **_terms(found.organisation_id, terms), planned_by="hand")
    redraw(found)
    record("round.changed", found, actor)
    return found


@command
def add_stop(reference: str, pickup: str, *, actor: Actor) -> Round:
    """Put a pick-up at the end of a draft. Refused as drafting is."""
    chosen = _free(pickup, reading.seen(reference, actor).organisation_id)
    found = locked(reference, actor)
    stops = stops_of(found.id)
    if len(stops) >= MOST_STOPS:
        raise Conflict(N_("A round has at most %(most)s stops."), code="round.many", most=MOST_STOPS)
    session().add(RoundStop(round_id=found.id, pickup_id=chosen.id, position=len(stops) + 1))
    return _changed(found, actor)


@command
def remove_stop(reference: str, pickup: str, *, actor: Actor) -> Round:
    """Take a stop off a draft; its holder is told at once, if it was told an hour before."""
    found = locked(reference, actor)
    FLOW.require("change", found, actor)
    stop = _stop(found, pickup)
    if stop.told_at:
        mails.off(found, stop)
    session().delete(stop)
    session().flush()
    return _changed(found, actor)


@command
def move_stop(reference: str, pickup: str, up: bool, *, actor: Actor) -> Round:
    """A stop one place earlier or later. Conflict for the first one earlier, the last one later."""
    found = locked(reference, actor)
    stops = stops_of(found.id)
    here = stops.index(_stop(found, pickup))
    there = here - 1 if up else here + 1
    if not 0 <= there < len(stops):
        raise Conflict(N_("This stop is at the end already."), code="round.end")
    stops[here], stops[there] = stops[there], stops[here]
    return _ordered(found, stops, actor, "hand")


@command
def reorder(reference: str, pickups: Sequence[str], *, actor: Actor, by: str = "hand") -> Round:
    """All stops in another order. Invalid unless each of them is named once."""
    found = locked(reference, actor)
    stops = stops_of(found.id)
    names = {session().get_one(Pickup, stop.pickup_id).reference: stop for stop in stops}
    if sorted(pickups) != sorted(names):
        raise Invalid(N_("Name each stop of the round once."), field="pickups", code="round.order")
    return _ordered(found, [names[name] for name in pickups], actor, by)


def locked(reference: str, actor: Actor) -> Round:
    """The round, locked. NotFound when the actor may not know of it."""
    seen = reading.seen(reference, actor)
    return lock(Round, Round.id == seen.id)


def redraw(found: Round) -> None:
    """Write the plan's figures and each stop's hour, as the stops stand."""
    session().flush()
    plan = drawn(found)
    found.metres, found.minutes = plan.metres, plan.minutes
    found.facts = {"roads": plan.how, "depart": plan.depart, "home": plan.home}
    for stop, leg in zip(stops_of(found.id), plan.legs, strict=True):
        stop.arrive_at, stop.metres, stop.minutes = leg.arrive, leg.metres, leg.minutes
    session().flush()


def record(event: str, found: Round, actor: Actor) -> None:
    """Journal what became of a round, on its organisation's stream."""
    facts = {"round": found.reference, "stops": len(stops_of(found.id))}
    journal.append(journal.Act(actor), f"organisation/{found.organisation_id}", event, facts=facts)


def _changed(found: Round, actor: Actor, by: str = "hand") -> Round:
    FLOW.fire("change", found, actor, planned_by=by)
    for position, stop in enumerate(stops_of(found.id), 1):
        stop.position = position
    redraw(found)
    return found


def _ordered(found: Round, stops: list[RoundStop], actor: Actor, by: str) -> Round:
    FLOW.require("change", found, actor)
    for position, stop in enumerate(stops, 1):
        stop.position = position
    session().flush()
    return _changed(found, actor, by)


def _stop(found: Round, pickup: str) -> RoundStop:
    statement = (
        sa.select(RoundStop)
        .join(Pickup, Pickup.id == RoundStop.pickup_id)
        .where(RoundStop.round_id == found.id, Pickup.reference == pickup)
    )
    stop = session().scalars(statement).one_or_none()
    if stop is None:
        raise NotFound(N_("This stop is not on the round."))
    return stop


def _free(reference: str, organisation_id: int) -> Pickup:
    """A pick-up this organisation may put on a round, locked: two rounds never hold it."""
    found: Pickup | None = lock(Pickup, Pickup.reference == reference, Pickup.actor_id == organisation_id)
    if found is None:
        raise Invalid(N_("This pick-up does not exist."), field="pickups", code="round.pickup")
    if (found.arrival or FETCHED) != FETCHED:
        raise Conflict(N_("The pick-up %(pickup)s comes by itself."), code="round.comes", pickup=reference)
    if found.state not in OPEN_PICKUPS:
        raise Conflict(N_("The pick-up %(pickup)s is over."), code="round.over", pickup=reference)
    on = open_round_of(found.id)
    if on is not None:
        raise Conflict(HELD, code="round.held", pickup=reference, round=on.reference)
    return found


def _terms(organisation_id: int, terms: dict[str, Any]) -> dict[str, Any]:
    day, today = terms["day"], clock.today()
    if not isinstance(day, date) or day < today:
        raise Invalid(N_("Choose a day from today on."), field="day", code="round.past")
    if day > today + timedelta(days=FARTHEST):
        raise Invalid(N_("Choose a day within a year."), field="day", code="round.far")
    for name in ("from_time", "to_time"):
        if not TIME.match(terms[name]):
            raise Invalid(N_("Enter a time, for example 09:30."), field=name, code="round.time")
    if terms["from_time"] >= terms["to_time"]:
        raise Invalid(N_("The end must come after the beginning."), field="to_time", code="round.hours")
    vehicle_id, depot_id = terms.get("vehicle_id"), terms.get("depot_site_id")
    vehicle = session().get(Vehicle, vehicle_id) if vehicle_id else None
    if vehicle_id and (vehicle is None or vehicle.organisation_id != organisation_id or vehicle.retired_at):
        raise Invalid(N_("Choose one of your vehicles."), field="vehicle_id", code="round.vehicle")
    if depot_id and depot_id not in {site.id for site in accounts.sites_of(organisation_id)}:
        raise Invalid(N_("Choose one of your sites."), field="depot_site_id", code="round.depot")
    return {
        "day": day, "from_time": terms["from_time"], "to_time": terms["to_time"], "vehicle_id": vehicle_id or None,
        "depot_site_id": depot_id or None, "driver_name": str(terms.get("driver_name") or "").strip()[:120],
        "note": str(terms.get("note") or "").strip()[:500],
    }  # fmt: skip


def unsaved(organisation_id: int, terms: dict[str, Any]) -> Round:
    """A round with these terms that is nowhere written: to draw or to plan before any exists."""
    return Round(organisation_id=organisation_id, **terms)
