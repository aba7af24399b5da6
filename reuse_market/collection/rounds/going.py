"""Verbs of a round's life: planned, on its way, called off; it ends by itself."""

from __future__ import annotations

from reuse_market.collection.models import Pickup
from reuse_market.collection.round_models import Round, RoundStop
from reuse_market.collection.rounds import mails
from reuse_market.collection.rounds.arranging import locked, record, redraw
from reuse_market.collection.rounds.facts import OPEN_PICKUPS, stops_of
from reuse_market.collection.rounds.lifecycle import FLOW
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_


@command
def plan_round(reference: str, *, actor: Actor) -> Round:
    """The round is settled: each holder is told its hour, once, and again only when it changed.

    Conflict: no stop; a stop whose slot is not agreed, or is of another day; a day gone by. What exceeds a
    capacity or comes late is told, not refused: people know their van.
    """
    found = locked(reference, actor)
    FLOW.require("plan", found, actor)
    stops = stops_of(found.id)
    if not stops:
        raise Conflict(N_("Add a stop first."), code="round.empty")
    if found.day < clock.today():
        raise Conflict(N_("This day has passed: choose another one."), code="round.past")
    for stop in stops:
        pickup = session().get_one(Pickup, stop.pickup_id)
        if pickup.state != "agreed" or pickup.day != found.day:
            raise Conflict(
                N_("The pick-up %(pickup)s is not agreed for this day: take it off, or agree on the day first."),
                code="round.not-agreed", pickup=pickup.reference,
            )  # fmt: skip
    redraw(found)
    FLOW.fire("plan", found, actor)
    for stop in stops:
        if stop.told_at != stop.arrive_at:
            mails.expected(found, stop)
            stop.told_at = stop.arrive_at
    record("round.planned", found, actor)
    return found


@command
def reopen_round(reference: str, *, actor: Actor) -> Round:
    """A planned round becomes a draft again, to be changed; holders are told nothing until it is planned anew."""
    found = locked(reference, actor)
    FLOW.fire("reopen", found, actor)
    record("round.reopened", found, actor)
    return found


@command
def start_round(reference: str, *, actor: Actor) -> Round:
    """The driver sets off. Conflict before its day, or after."""
    found = locked(reference, actor)
    FLOW.require("start", found, actor)
    if found.day != clock.today():
        raise Conflict(N_("A round starts on its day."), code="round.day")
    name = found.driver_name or actor.person_name[:120]
    FLOW.fire("start", found, actor, started_at=clock.now(), driver_id=actor.person_id, driver_name=name)
    record("round.started", found, actor)
    settle(found)
    return found


@command
def cancel_round(reference: str, reason: str, *, actor: Actor) -> Round:
    """Call a round off, and say why. Its pick-ups stand: holders that were told an hour are told so."""
    found = locked(reference, actor)
    if not reason.strip():
        raise Invalid(N_("Say why, in a few words."), field="reason", code="round.reason")
    FLOW.require("cancel", found, actor)
    for stop in stops_of(found.id):
        if stop.told_at and session().get_one(Pickup, stop.pickup_id).state in OPEN_PICKUPS:
            mails.off(found, stop)
    facts = dict(found.facts or {}) | {"reason": reason.strip()[:500]}
    FLOW.fire("cancel", found, actor, ended_at=clock.now(), facts=facts)
    record("round.cancelled", found, actor)
    return found


def settle(found: Round) -> None:
    """End a round under way once nothing is left to do at any stop. Inside a command."""
    if found.state != "under_way":
        return
    states = [session().get_one(Pickup, stop.pickup_id).state for stop in stops_of(found.id)]
    if not any(state in OPEN_PICKUPS for state in states):
        FLOW.fire("finish", found, SYSTEM, ended_at=clock.now())
        record("round.done", found, SYSTEM)


def drop(found: Round, stop: RoundStop) -> None:
    """Take a stop off whatever the state of the round, as its pick-up went away. Inside a command.

    The hours told to the other holders stand until somebody plans the round again.
    """
    told = {one.pickup_id: one.arrive_at for one in stops_of(found.id)}
    session().delete(stop)
    session().flush()
    for position, one in enumerate(stops_of(found.id), 1):
        one.position = position
    redraw(found)
    if found.state != "draft":
        for one in stops_of(found.id):
            one.arrive_at = told[one.pickup_id]
    session().flush()
