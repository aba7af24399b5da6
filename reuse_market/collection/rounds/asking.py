"""Asking the planner: small questions are answered at once, others by a job in a process of their own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from reuse_market.collection.round_models import Round, RoundPlan
from reuse_market.collection.rounds import arranging, policy, reading, vehicles
from reuse_market.collection.rounds.drawing import Terms, drawn, problem, terms_of
from reuse_market.collection.rounds.facts import Load, loads, stops_of
from reuse_market.collection.rounds.lifecycle import FLOW, PLANNING
from reuse_market.collection.rounds.planning import process, savings
from reuse_market.collection.rounds.planning.problem import Answer, Problem
from reuse_market.kernel import clock, jobs
from reuse_market.kernel.actor import SYSTEM, Actor
from reuse_market.kernel.db import command, lock, session
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.kernel.words import N_
from reuse_market.kernel.workflow import refusal

log = logging.getLogger(__name__)
AT_ONCE = 12  # stops answered in the request, by savings alone
MOST = 200  # stops put to the planner at once
LEASE = timedelta(minutes=3)  # a job that says nothing for longer is taken up by another one


@command
def propose_order(reference: str, *, actor: Actor) -> Round | RoundPlan:
    """The shortest order found for a draft: put in place at once up to 12 stops, else asked of the planner."""
    found = arranging.locked(reference, actor)
    FLOW.require("change", found, actor)
    stops = stops_of(found.id)
    if len(stops) < 2:
        raise Conflict(N_("Add a stop first."), code="round.empty")
    by_id = loads([stop.pickup_id for stop in stops])
    chosen = [by_id[stop.pickup_id] for stop in stops]
    terms = terms_of(found)
    if len(stops) <= AT_ONCE:
        return _put_in_order(found, chosen, _order(terms, chosen), "savings", actor)
    asked = problem(terms, chosen, [terms.vehicle])
    question = {"problem": asked.to_json(), "pickups": [load.pickup.reference for load in chosen]}
    return _ask(found.organisation_id, question, actor, round_id=found.id)


@command
def ask_rounds(
    pickups: Sequence[str], vehicle_ids: Sequence[int], *, actor: Actor, **terms: Any
) -> RoundPlan:
    """Ask the planner for rounds over these pick-ups with these vehicles, each once. Refused as drafting is."""
    organisation_id = actor.organisation_id or 0
    asker = RoundPlan(organisation_id=organisation_id)
    if not policy.keeps(actor, asker):
        raise refusal(lambda one: policy.keeps(one, asker), actor, "round.draft", vehicles.OF_ACTOR)
    kept = arranging._terms(organisation_id, terms)
    fleet = [vehicles.own(vehicle_id, actor) for vehicle_id in dict.fromkeys(vehicle_ids)]
    if not fleet or any(one.retired_at for one in fleet):
        raise Invalid(N_("Choose at least one of your vehicles."), field="vehicles", code="round.vehicle")
    chosen = [arranging._free(reference, organisation_id) for reference in dict.fromkeys(pickups)]
    if not chosen:
        raise Invalid(N_("Choose at least one pick-up."), field="pickups", code="round.empty")
    if len(chosen) > MOST:
        raise Invalid(N_("Choose at most %(most)s pick-ups."), field="pickups", code="round.many", most=MOST)
    by_id = loads([pickup.id for pickup in chosen])
    made = arranging.unsaved(organisation_id, kept)
    asked = problem(terms_of(made), [by_id[pickup.id] for pickup in chosen], fleet)
    shown = {name: value for name, value in kept.items() if name not in ("day", "vehicle_id")}
    question = {
        "problem": asked.to_json(), "pickups": [pickup.reference for pickup in chosen],
        "vehicles": [one.id for one in fleet], "day": kept["day"].isoformat(), "terms": shown,
    }  # fmt: skip
    return _ask(organisation_id, question, actor)


@command
def take_rounds(plan_id: int, *, actor: Actor) -> list[Round]:
    """Make the drafts an answered plan proposes, or put its order in place; once. Refused as drafting is."""
    seen = reading.plan(plan_id, actor)
    if not policy.keeps(actor, seen):
        raise refusal(lambda one: policy.keeps(one, seen), actor, "round.draft", vehicles.OF_ACTOR)
    found: RoundPlan = lock(RoundPlan, RoundPlan.id == seen.id)
    if found.state != "answered" or found.used_at is not None:
        raise Conflict(N_("This plan is not ready, or was used already."), code="round.plan")
    answer, question = Answer.from_json(found.answer or {}), found.question
    found.used_at = clock.now()
    if found.round_id is not None:
        one = session().get_one(Round, found.round_id)
        names = _named(
            question, [stop for route in answer.routes for stop in route.stops] + list(answer.dropped)
        )
        return [arranging.reorder(one.reference, names, actor=actor, by=answer.engine)]
    made = []
    day = date.fromisoformat(question["day"])
    for route in answer.routes:
        terms = question["terms"] | {"day": day, "vehicle_id": question["vehicles"][route.van]}
        draft = arranging.draft_round(_named(question, route.stops), actor=actor, **terms)
        draft.planned_by = answer.engine
        made.append(draft)
    return made


def run_due(limit: int = 5) -> int:
    """Job: answer the questions asked, oldest first; one left half-way by a dead worker is begun again."""
    stale = sa.and_(RoundPlan.state == "running", RoundPlan.started_at < clock.now() - LEASE)
    statement = sa.select(RoundPlan.id).where(sa.or_(RoundPlan.state == "asked", stale))
    return jobs.each(
        list(session().scalars(statement.order_by(RoundPlan.id).limit(limit))), _run, "rounds.plan"
    )


def _run(plan_id: int) -> None:
    """Begin, let the planner's process think outside any transaction, keep what it said."""
    asked = _begin(plan_id)
    try:
        found = process.plan(asked)
    except process.Unplanned as error:
        log.warning("plan %s: %s", plan_id, error.reason)
        _end(plan_id, "fail", {"reason": error.reason})
        return
    _end(plan_id, "answer", found.to_json())


@command
def _begin(plan_id: int) -> Problem:
    found = lock(RoundPlan, RoundPlan.id == plan_id)
    PLANNING.fire("begin", found, SYSTEM, started_at=clock.now())
    return Problem.from_json(found.question["problem"])


@command
def _end(plan_id: int, action: str, answer: dict[str, Any]) -> None:
    found = lock(RoundPlan, RoundPlan.id == plan_id)
    PLANNING.fire(action, found, SYSTEM, answer=answer, ended_at=clock.now())


def _ask(
    organisation_id: int, question: dict[str, Any], actor: Actor, round_id: int | None = None
) -> RoundPlan:
    made = RoundPlan(
        state="asked", organisation_id=organisation_id, round_id=round_id, question=question,
        asked_at=clock.now(), asked_by=actor.person_id,
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


def _order(terms: Terms, chosen: list[Load]) -> list[int]:
    """The better of two orders: keeping the slots, and, where some stop cannot keep its own, the shortest way."""
    kept = savings.plan(problem(terms, chosen, [terms.vehicle]))
    if not kept.dropped:
        return [stop for route in kept.routes for stop in route.stops]
    loose = savings.plan(problem(terms, chosen, [terms.vehicle], loose=True))
    return [stop for route in loose.routes for stop in route.stops]


def _put_in_order(found: Round, chosen: list[Load], order: list[int], by: str, actor: Actor) -> Round:
    """The new order, unless the one there is as good: it then stays, and so do the hours told."""
    references = [chosen[stop - 1].pickup.reference for stop in order]
    before = drawn(found)
    arranging.reorder(found.reference, references, actor=actor, by=by)
    after = drawn(found)
    worse = (sum(leg.late for leg in after.legs), after.metres) >= (
        sum(leg.late for leg in before.legs),
        before.metres,
    )
    if worse:
        same = [load.pickup.reference for load in chosen]
        arranging.reorder(found.reference, same, actor=actor, by=by)
    return found


def _named(question: dict[str, Any], stops: Sequence[int]) -> list[str]:
    return [question["pickups"][stop - 1] for stop in stops]
