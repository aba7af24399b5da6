"""`/triages`: a holder's devices sorted by where they go."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reuse_market.fleets.discard_schemas import DecisionInput
from reuse_market.fleets.queries import FleetFilters, fleet_ids
from reuse_market.kernel.actor import Actor
from reuse_market.lots import services, triages
from reuse_market.lots import triage_schemas as schemas
from reuse_market.lots.lifecycle import TRIAGE
from reuse_market.lots.models import Triage
from reuse_market.web import rest
from reuse_market.web.access import current_actor

AT = "/triages/<ref:reference>"
LINE = ("kind", "label", "age", "units", "works", "value_cents", "value_how", "valued_on", "advice", "why",
        "outlet", "reason", "note", "lot")  # fmt: skip
OPEN = ("sort", "describe", "split", "confirm", "cancel")
ROW = ("reference", "state", "made_at", "confirmed_at")
triages_api = rest.Collection("triages", "Devices of a holder sorted by outlet, from advice to lots.")


@triages_api.read("/triages", rule="holder", shape=schemas.TriageRowSchema, listed=True)
def list_triages(query: dict[str, Any]) -> dict[str, Any]:
    """The holder's triages, the newest first."""
    actor, limit = current_actor(), query["limit"]
    rows = triages.mine(actor.organisation_id or 0, after=rest.after(query["cursor"]), limit=limit)
    return rest.page(rows, limit, lambda row: row[0].id, lambda row: _row(row[0], row[1], actor))


@triages_api.read(AT, rule="holder", shape=schemas.TriageSchema)
def get_triage(reference: str) -> dict[str, Any]:
    """One triage with its lines and where its devices stand."""
    actor = current_actor()
    triage = triages.seen(reference, actor)
    lines = triages.lines(triage.id)
    shown = [
        {name: getattr(line, name) for name in LINE}
        | {"line": line.number, "unit_ids": triages.unit_ids([line.id])}
        for line in lines
    ]
    units = sum(line.units for line in lines)
    return _row(triage, units, actor) | {"lines": shown, "standing": asdict(triages.standing(triage))}


@triages_api.verb("/triages", rule="holder", body=schemas.TriageInput, shape=schemas.TriageSchema, status=201)
def start(values: dict[str, Any]) -> dict[str, Any]:
    """Sort devices: alike ones of one age share a line, with an outlet advised."""
    actor, ids = current_actor(), values.get("units", [])
    if values["discarded"]:
        ids = fleet_ids(actor.organisation_id or 0, FleetFilters(), states=("discarded",))
    return get_triage(services.start_triage(ids, actor=actor).reference)


@triages_api.verb(f"{AT}:sort", rule="holder", body=schemas.SortInput, shape=schemas.TriageSchema)
def sort(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Send lines to an outlet, and keep why."""
    services.sort_lines(reference, values.pop("line"), actor=current_actor(), **values)
    return get_triage(reference)


@triages_api.verb(f"{AT}:describe", rule="holder", body=schemas.DescribeInput, shape=schemas.TriageSchema)
def describe(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say whether lines work and what one device is worth: the advice follows."""
    services.describe_lines(reference, values.pop("line"), values, actor=current_actor())
    return get_triage(reference)


@triages_api.verb(f"{AT}:split", rule="holder", body=schemas.SplitInput, shape=schemas.TriageSchema)
def split(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take devices out of a line into a line of their own."""
    services.split_line(
        reference, values["line"], actor=current_actor(), unit_ids=values.get("unit", ()),
        units=values.get("units"),
    )  # fmt: skip
    return get_triage(reference)


@triages_api.verb(f"{AT}:confirm", rule="holder", shape=schemas.TriageSchema)
def confirm(reference: str) -> dict[str, Any]:
    """Make a draft lot of each outlet of the marketplace."""
    services.confirm_triage(reference, actor=current_actor())
    return get_triage(reference)


@triages_api.verb(f"{AT}:cancel", rule="holder", shape=schemas.TriageSchema)
def cancel(reference: str) -> dict[str, Any]:
    """Give the triage up: nothing changes in the fleet."""
    services.cancel_triage(reference, actor=current_actor())
    return get_triage(reference)


@triages_api.verb(f"{AT}:decide", rule="holder", body=DecisionInput, shape=schemas.TriageSchema)
def decide(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """Record the decision: what is still in use is discarded by it."""
    services.decide_triage(reference, actor=current_actor(), **values)
    return get_triage(reference)


@triages_api.verb(f"{AT}:depart", rule="holder", body=schemas.TriageDeparture, shape=schemas.TriageSchema)
def depart(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """The devices of an outlet outside the tool have left."""
    services.depart_triage(reference, values.pop("outlet"), actor=current_actor(), **values)
    return get_triage(reference)


def _row(triage: Triage, units: int, actor: Actor) -> dict[str, Any]:
    offered = TRIAGE.offered(triage, actor)
    own = [name for name in OPEN if "sort" in offered] + [n for n in ("decide", "depart") if n in offered]
    links = {"self": rest.address("triages", triage.reference), "page": f"/tri/{triage.reference}"}
    return {name: getattr(triage, name) for name in ROW} | {
        "units": units, "actions": rest.actions("triages", triage, actor, own), "links": links,
    }  # fmt: skip
