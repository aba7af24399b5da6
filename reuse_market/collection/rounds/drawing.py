"""The plan of a round drawn: legs, hours and what does not fit, from its stops in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reuse_market.accounts import queries as accounts
from reuse_market.accounts.models import Site
from reuse_market.collection.round_models import Round, Vehicle
from reuse_market.collection.rounds.facts import Load, hour, loads, point_of, seconds, stops_of
from reuse_market.collection.rounds.planning.problem import Problem, Stop, Van
from reuse_market.kernel.db import session
from reuse_market.places import roads
from reuse_market.places.geo import Point


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that does not fit (`blocks`), or that nobody knows. `code` names its sentence."""

    code: str
    blocks: bool
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a stop and the stop. Hours are "09:30"; `metres` is None where a place is not known."""

    load: Load
    metres: int | None
    minutes: int | None
    arrive: str
    leave: str
    wait: int  # minutes
    late: int  # minutes after the slot's end


@dataclass(frozen=True, slots=True)
class Drawn:
    """A round as it would be driven. `how`: by a road service, estimated, or estimated for want of an answer."""

    legs: list[Leg]
    depart: str
    home: str
    home_metres: int | None
    home_minutes: int | None
    metres: int
    minutes: int  # depot to depot, waits and stops included
    units: int
    grams: int | None
    how: roads.How
    doubts: list[Doubt]

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against driving it so."""
        return not any(doubt.blocks for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the stops are driven with: a round's, or those of one not made yet."""

    day: date
    from_time: str
    to_time: str
    vehicle: Vehicle | None
    depot: Site | None


def terms_of(found: Round) -> Terms:
    """The terms of a round."""
    vehicle = session().get(Vehicle, found.vehicle_id) if found.vehicle_id else None
    return Terms(found.day, found.from_time, found.to_time, vehicle, accounts.site(found.depot_site_id))


def drawn(found: Round) -> Drawn:
    """The plan of a round with its stops as they stand."""
    ids = [stop.pickup_id for stop in stops_of(found.id)]
    by_id = loads(ids)
    return draw(terms_of(found), [by_id[pickup_id] for pickup_id in ids])


def draw(terms: Terms, stops: Sequence[Load]) -> Drawn:
    """The plan of these stops in this order: each reached as early as can be, none begun before its slot."""
    metres, driven, how = matrix(terms.depot, stops)
    start = _departure(terms, stops, driven)
    now, legs, before = start, [], 0
    for place, load in enumerate(stops, 1):
        way = driven[before][place]
        arrive = now + (way or 0)
        begin = max(arrive, seconds(load.pickup.from_time))
        late = max(0, begin - seconds(load.pickup.to_time))
        now = begin + load.service
        legs.append(
            Leg(load, metres[before][place], None if way is None else -(-way // 60), hour(begin), hour(now),
                (begin - arrive) // 60, -(-late // 60))
        )  # fmt: skip
        before = place
    back = driven[before][0] if stops else 0
    end = now + (back or 0)
    grams = [load.grams for load in stops]
    total = sum(leg.metres or 0 for leg in legs) + ((metres[before][0] or 0) if stops else 0)
    plan = Drawn(
        legs, hour(start), hour(end), metres[before][0] if stops else 0, None if back is None else -(-back // 60),
        total, (end - start) // 60, sum(load.units for load in stops),
        None if None in grams else sum(gram or 0 for gram in grams), how, [],
    )  # fmt: skip
    plan.doubts.extend(_doubts(terms, plan, end))
    return plan


Table = list[list[int | None]]


def matrix(depot: Site | None, stops: Sequence[Load]) -> tuple[Table, Table, roads.How]:
    """Metres and seconds between the depot (0) and the stops (1…); None where a place is not known."""
    points = [point_of(depot), *(load.point for load in stops)]
    known: list[Point] = sorted({p for p in points if p is not None}, key=lambda p: (p.latitude, p.longitude))
    found = roads.matrix(known)
    at = {point: index for index, point in enumerate(known)}

    def table(of: list[list[int]]) -> Table:
        return [[None if a is None or b is None else of[at[a]][at[b]] for b in points] for a in points]

    return table(found.metres), table(found.seconds), found.how


def problem(
    terms: Terms, stops: Sequence[Load], vehicles: Sequence[Vehicle | None], *, loose: bool = False
) -> Problem:
    """The planner's problem. A place that is not known costs nothing to reach; `loose`: no slot, no capacity."""
    metres, driven, _how = matrix(terms.depot, stops)
    vans = tuple(
        Van((None, None, None) if v is None or loose else (v.units, v.payload_g, v.volume_l))
        for v in vehicles
    )
    asked = tuple(
        Stop(
            (load.units, load.grams or 0, 0),
            0 if loose else seconds(load.pickup.from_time),
            86_400 if loose else seconds(load.pickup.to_time),
            load.service,
            None if loose else _allowed(load, vehicles),
        )
        for load in stops
    )
    starts, ends = (0, 172_800) if loose else (seconds(terms.from_time), seconds(terms.to_time))
    return Problem(_whole(metres), _whole(driven), asked, vans, starts, ends)


def _whole(table: Table) -> list[list[int]]:
    return [[value or 0 for value in row] for row in table]


def _allowed(load: Load, vehicles: Sequence[Vehicle | None]) -> tuple[int, ...] | None:
    barred = [i for i, v in enumerate(vehicles) if v is not None and any(d.blocks for d in access(v, load))]
    return tuple(i for i in range(len(vehicles)) if i not in barred) if barred else None


def _departure(terms: Terms, stops: Sequence[Load], driven: Table) -> int:
    """As late as the first slot allows: nobody waits at its gate."""
    begin = seconds(terms.from_time)
    if not stops:
        return begin
    return max(begin, seconds(stops[0].pickup.from_time) - (driven[0][1] or 0))


def access(vehicle: Vehicle, load: Load) -> list[Doubt]:
    """What the site asks of the vehicle: a tail-lift, a height."""
    site, found = load.site, []
    where = {"stop": load.pickup.reference, "holder": load.holder}
    if site is None:
        return []
    if site.needs_tail_lift == "yes" and vehicle.tail_lift != "yes":
        found.append(Doubt("no-tail-lift" if vehicle.tail_lift == "no" else "tail-lift-unknown",
                           vehicle.tail_lift == "no", where))  # fmt: skip
    if site.height_limit_cm is not None:
        limit = where | {"limit": site.height_limit_cm}
        if vehicle.height_cm is None:
            found.append(Doubt("height-unknown", False, limit))
        elif vehicle.height_cm > site.height_limit_cm:
            found.append(Doubt("too-high", True, limit | {"height": vehicle.height_cm}))
    return found


def _doubts(terms: Terms, plan: Drawn, end: int) -> list[Doubt]:
    found = _capacity(terms.vehicle, plan)
    if end > seconds(terms.to_time) and plan.legs:
        found.append(Doubt("long", True, {"home": plan.home, "to_time": terms.to_time}))
    if terms.depot is None or point_of(terms.depot) is None:
        found.append(Doubt("no-depot", False, {}))
    for leg in plan.legs:
        pickup = leg.load.pickup
        where = {"stop": pickup.reference, "holder": leg.load.holder}
        if pickup.day != terms.day:
            found.append(Doubt("other-day", True, where | {"day": pickup.day}))
        elif leg.late:
            found.append(Doubt("late", True, where | {"minutes": leg.late, "to_time": pickup.to_time}))
        if pickup.state in ("proposed", "countered"):
            found.append(Doubt("not-agreed", True, where))
        if leg.load.point is None:
            found.append(Doubt("no-place", False, where))
        if terms.vehicle is not None:
            found += access(terms.vehicle, leg.load)
    return found


def _capacity(vehicle: Vehicle | None, plan: Drawn) -> list[Doubt]:
    if vehicle is None:
        return [Doubt("no-vehicle", False, {})]
    found = []
    if vehicle.units is not None and plan.units > vehicle.units:
        found.append(Doubt("too-many", True, {"units": plan.units, "limit": vehicle.units}))
    if vehicle.payload_g is not None and plan.grams is not None and plan.grams > vehicle.payload_g:
        found.append(Doubt("too-heavy", True, {"grams": plan.grams, "limit": vehicle.payload_g}))
    if plan.grams is None:
        found.append(Doubt("weight-unknown", False, {}))
    if vehicle.volume_l is not None and plan.units:
        found.append(Doubt("volume-unknown", False, {"limit": vehicle.volume_l}))
    return found
