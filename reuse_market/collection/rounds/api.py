"""`/rounds`, `/vehicles` and `/round-plans`: the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from reuse_market.collection.round_models import Round, RoundPlan, Vehicle
from reuse_market.collection.rounds import (
    drawing,
    facts,
    policy,
    reading,
    schemas,
    services,
    vehicles,
    wording,
)
from reuse_market.collection.rounds.planning.problem import Answer
from reuse_market.web import access, rest
from reuse_market.web.access import current_actor

ROUND = "/rounds/<ref:reference>"
VEHICLE = "/vehicles/<int(min=1, max=2147483647):vehicle_id>"
PLAN = "/round-plans/<int(min=1, max=2147483647):plan_id>"
NAMES: dict[str, tuple[str, ...]] = {
    "change": ("change", "add-stop", "remove-stop", "move-stop", "reorder", "propose-order"), "plan": ("plan",),
    "reopen": ("reopen",), "start": ("start",), "cancel": ("cancel",),
}  # fmt: skip
ROW = (
    "reference", "state", "day", "from_time", "to_time", "vehicle_id", "depot_site_id", "driver_name", "note",
    "metres", "minutes", "planned_by", "started_at", "ended_at",
)  # fmt: skip
VEHICLE_ROW = (
    "id",
    "name",
    "plate",
    "units",
    "payload_g",
    "volume_l",
    "height_cm",
    "tail_lift",
    "retired_at",
)
rounds = rest.Collection(
    "rounds", "A day's drive of one vehicle over chosen pick-ups: order, hours, what fits."
)
fleet = rest.Collection("vehicles", "A reuse actor's vehicles, and what they hold.")
plans = rest.Collection("round-plans", "Questions put to the planner: pick-ups shared between vehicles.")
collections = (rounds, fleet, plans)


@rounds.read("/rounds", rule="party", shape=schemas.RoundRowSchema, listed=True, query=schemas.RoundQuery)
def list_rounds(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's rounds, the newest first; all for overseers."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = reading.views(current_actor(), after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda row: row.round.id, lambda row: _row(row.round))


@rounds.read(ROUND, rule="party", shape=schemas.RoundSchema)
def get_round(reference: str) -> dict[str, Any]:
    """One round: stops in order, hours, kilometres, what does not fit."""
    found = reading.seen(reference, current_actor())
    plan = drawing.drawn(found)
    told = {stop.pickup_id: stop.told_at or None for stop in facts.stops_of(found.id)}
    return _row(found) | {
        "stops": [_stop(leg, told) for leg in plan.legs], "units": plan.units, "grams": plan.grams,
        "fits": plan.fits, "roads": plan.how,
        "doubts": [{"code": d.code, "blocks": d.blocks, "detail": wording.doubt(d)} for d in plan.doubts],
    }  # fmt: skip


@rounds.verb("/rounds", rule="reuse-actor", body=schemas.RoundInput, shape=schemas.RoundSchema, status=201)
def draft(values: dict[str, Any]) -> dict[str, Any]:
    """A draft over these pick-ups, in this order."""
    made = services.draft_round(values.pop("pickups"), actor=current_actor(), **values)
    return get_round(made.reference)


@rounds.verb(f"{ROUND}:change", rule="reuse-actor", body=schemas.RoundChange, shape=schemas.RoundSchema)
def change(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Another day, other hours, vehicle, depot or driver, for a draft."""
    services.change_round(reference, actor=current_actor(), **values)
    return get_round(reference)


@rounds.verb(f"{ROUND}:add-stop", rule="reuse-actor", body=schemas.StopInput, shape=schemas.RoundSchema)
def add_stop(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Put a pick-up at the end of a draft."""
    services.add_stop(reference, values["pickup"], actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:remove-stop", rule="reuse-actor", body=schemas.StopInput, shape=schemas.RoundSchema)
def remove_stop(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take a pick-up off a draft."""
    services.remove_stop(reference, values["pickup"], actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:move-stop", rule="reuse-actor", body=schemas.StopMove, shape=schemas.RoundSchema)
def move_stop(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """A stop one place earlier or later."""
    services.move_stop(reference, values["pickup"], values["up"], actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:reorder", rule="reuse-actor", body=schemas.OrderInput, shape=schemas.RoundSchema)
def reorder(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """All stops in another order."""
    services.reorder(reference, values["pickups"], actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:propose-order", rule="reuse-actor", shape=schemas.RoundSchema)
def propose_order(reference: str) -> dict[str, Any]:
    """The planner's order: in place at once up to 12 stops; else 202, and the address of its plan."""
    made = services.propose_order(reference, actor=current_actor())
    if isinstance(made, RoundPlan):
        shown = get_round(reference)
        links = shown["links"] | {"self": rest.address("round-plans", made.id)}
        return rest.Later(shown | {"links": links, "actions": []})  # the plan's own, once it is answered
    return get_round(reference)


@rounds.verb(f"{ROUND}:plan", rule="reuse-actor", shape=schemas.RoundSchema)
def plan_round(reference: str) -> dict[str, Any]:
    """Settle the round: each holder is told its hour."""
    services.plan_round(reference, actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:reopen", rule="reuse-actor", shape=schemas.RoundSchema)
def reopen(reference: str) -> dict[str, Any]:
    """A planned round becomes a draft again."""
    services.reopen_round(reference, actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:start", rule="reuse-actor", shape=schemas.RoundSchema)
def start(reference: str) -> dict[str, Any]:
    """The driver sets off."""
    services.start_round(reference, actor=current_actor())
    return get_round(reference)


@rounds.verb(f"{ROUND}:cancel", rule="reuse-actor", body=schemas.RoundReason, shape=schemas.RoundSchema)
def cancel(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Call a round off, and say why; its pick-ups stand."""
    services.cancel_round(reference, values["reason"], actor=current_actor())
    return get_round(reference)


@fleet.read("/vehicles", rule="reuse-actor", shape=schemas.VehicleSchema, listed=True)
def list_vehicles(query: dict[str, Any]) -> dict[str, Any]:
    """The actor's vehicles, those out of use too."""
    since = rest.after(query["cursor"]) or 0
    found = vehicles.of(current_actor().organisation_id or 0, retired=True)
    rows = sorted((one for one in found if one.id > since), key=lambda one: one.id)[: query["limit"] + 1]
    return rest.page(rows, query["limit"], lambda row: row.id, _vehicle)


@fleet.read(VEHICLE, rule="reuse-actor", shape=schemas.VehicleSchema)
def get_vehicle(vehicle_id: int) -> dict[str, Any]:
    """One vehicle."""
    return _vehicle(vehicles.own(vehicle_id, current_actor()))


@fleet.verb(
    "/vehicles", rule="reuse-actor", body=schemas.VehicleInput, shape=schemas.VehicleSchema, status=201
)
def add_vehicle(values: dict[str, Any]) -> dict[str, Any]:
    """Add a vehicle."""
    return _vehicle(services.add_vehicle(actor=current_actor(), **values))


@fleet.verb(f"{VEHICLE}:change", rule="reuse-actor", body=schemas.VehicleInput, shape=schemas.VehicleSchema)
def change_vehicle(values: dict[str, Any], vehicle_id: int) -> dict[str, Any]:
    """Change a vehicle."""
    return _vehicle(services.change_vehicle(vehicle_id, actor=current_actor(), **values))


@fleet.verb(f"{VEHICLE}:retire", rule="reuse-actor", shape=schemas.VehicleSchema)
def retire_vehicle(vehicle_id: int) -> dict[str, Any]:
    """Take a vehicle out of use."""
    return _vehicle(services.retire_vehicle(vehicle_id, actor=current_actor()))


@plans.verb("/round-plans", rule="reuse-actor", body=schemas.PlanInput, shape=schemas.PlanSchema, status=202)
def ask_rounds(values: dict[str, Any]) -> dict[str, Any]:
    """Ask the planner for rounds over these pick-ups with these vehicles, each once."""
    asked = services.ask_rounds(
        values.pop("pickups"), values.pop("vehicles"), actor=current_actor(), **values
    )
    return _plan(asked)


@plans.read(PLAN, rule="reuse-actor", shape=schemas.PlanSchema)
def get_plan(plan_id: int) -> dict[str, Any]:
    """Where the question stands, and the answer."""
    return _plan(reading.plan(plan_id, current_actor()))


@plans.verb(f"{PLAN}:take", rule="reuse-actor", shape=schemas.PlanSchema)
def take(plan_id: int) -> dict[str, Any]:
    """Make the drafts the planner proposes, or put its order in place; once."""
    services.take_rounds(plan_id, actor=current_actor())
    return get_plan(plan_id)


def _row(found: Round) -> dict[str, Any]:
    actor = current_actor()
    acts = access.RULES["reuse-actor"](actor)
    own = [verb for name in reading.offered(found, actor) for verb in NAMES.get(name, ())] if acts else []
    links = {"self": rest.address("rounds", found.reference), "page": f"/tournees/{found.reference}"}
    return {name: getattr(found, name) for name in ROW} | {
        "actions": rest.actions("rounds", found, actor, own), "links": links,
    }  # fmt: skip


def _stop(leg: drawing.Leg, told: dict[int, str | None]) -> dict[str, Any]:
    pickup, site = leg.load.pickup, leg.load.site
    return {
        "pickup": pickup.reference, "state": pickup.state, "holder": leg.load.holder,
        "commune": site.commune_name if site else "", "from_time": pickup.from_time, "to_time": pickup.to_time,
        "arrive_at": leg.arrive, "leave_at": leg.leave, "told_at": told.get(pickup.id), "metres": leg.metres,
        "minutes": leg.minutes, "late_minutes": leg.late, "units": leg.load.units, "grams": leg.load.grams,
    }  # fmt: skip


def _vehicle(found: Vehicle) -> dict[str, Any]:
    keeps = policy.keeps(current_actor(), found)
    own = ("change", "retire") if keeps and found.retired_at is None else ()
    return {name: getattr(found, name) for name in VEHICLE_ROW} | {
        "actions": rest.actions("vehicles", found, current_actor(), own),
        "links": {"self": rest.address("vehicles", found.id)},
    }  # fmt: skip


def _plan(found: RoundPlan) -> dict[str, Any]:
    answer = Answer.from_json(found.answer or {}) if found.state == "answered" else None
    names = found.question["pickups"]
    takes = answer is not None and found.used_at is None and policy.keeps(current_actor(), found)
    return {
        "id": found.id, "state": found.state, "pickups": names, "used_at": found.used_at,
        "routes": [[names[s - 1] for s in route.stops] for route in answer.routes] if answer else [],
        "dropped": [names[s - 1] for s in answer.dropped] if answer else [],
        "metres": answer.metres if answer else None, "engine": answer.engine if answer else None,
        "actions": ["take"] if takes else [], "links": {"self": rest.address("round-plans", found.id)},
    }  # fmt: skip
