"""`/units`: one unit at the bench."""

from __future__ import annotations

from typing import Any

from reuse_market.refurbishing import listing, schemas, services
from reuse_market.refurbishing.api.shared import UNIT, case_here, row, shown, units
from reuse_market.web import rest
from reuse_market.web.access import current_actor


@units.read("/units", rule="reuse-actor", shape=schemas.UnitRowSchema, listed=True, query=schemas.UnitQuery)
def list_units(query: dict[str, Any]) -> dict[str, Any]:
    """Units in the workshop's hands, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.units(current_actor().organisation_id or 0, after=cursor, limit=limit, **query)
    return rest.page(rows, limit, lambda case: case.unit.id, row)


@units.read(UNIT, rule="reuse-actor", shape=schemas.UnitSchema)
def get_unit(unit_id: int) -> dict[str, Any]:
    """One unit: its identity, test, storage media and proofs, and what it lacks."""
    return shown(unit_id)


@units.verb(f"{UNIT}:receive", rule="reuse-actor", shape=schemas.UnitSchema)
def receive(unit_id: int) -> dict[str, Any]:
    """Take a collected unit in."""
    case_here(unit_id)
    services.receive_units([unit_id], actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:identify", rule="reuse-actor", body=schemas.Identity, shape=schemas.UnitSchema)
def identify(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Say what the unit is; others of yours with its serial are told."""
    case_here(unit_id)
    made = services.identify_unit(unit_id, values, actor=current_actor())
    return shown(unit_id) | {"same_serial": list(made.same_serial)}


@units.verb(f"{UNIT}:record-test", rule="reuse-actor", body=schemas.TestInput, shape=schemas.UnitSchema)
def record_test(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Record a test."""
    case_here(unit_id)
    services.record_test(unit_id, values.pop("results"), actor=current_actor(), **values)
    return shown(unit_id)


@units.verb(f"{UNIT}:make-ready", rule="reuse-actor", body=schemas.ReadyInput, shape=schemas.UnitSchema)
def make_ready(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Grade, price, shop window; refused with the first thing it lacks."""
    case_here(unit_id)
    services.make_ready(unit_id, actor=current_actor(), **values)
    return shown(unit_id)


@units.verb(f"{UNIT}:back-to-workshop", rule="reuse-actor", shape=schemas.UnitSchema)
def back_to_workshop(unit_id: int) -> dict[str, Any]:
    """Take a ready unit out of the shop window."""
    case_here(unit_id)
    services.back_to_workshop(unit_id, actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:to-parts", rule="reuse-actor", shape=schemas.UnitSchema)
def to_parts(unit_id: int) -> dict[str, Any]:
    """Take a unit apart for spare parts: it ends there."""
    case_here(unit_id)
    services.to_parts(unit_id, actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:declare-waste", rule="reuse-actor", body=schemas.WasteInput, shape=schemas.UnitSchema)
def declare_waste(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """The diagnosis: waste, awaiting removal."""
    case_here(unit_id)
    services.declare_waste(unit_id, values.pop("diagnosis"), actor=current_actor(), **values)
    return shown(unit_id)


@units.verb(f"{UNIT}:report-lost", rule="reuse-actor", shape=schemas.UnitSchema)
def report_lost(unit_id: int) -> dict[str, Any]:
    """The unit cannot be found."""
    case_here(unit_id)
    services.report_lost(unit_id, actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:find-again", rule="reuse-actor", shape=schemas.UnitSchema)
def find_again(unit_id: int) -> dict[str, Any]:
    """The unit is back: its media and tests are to be done again."""
    case_here(unit_id)
    services.find_again(unit_id, actor=current_actor())
    return shown(unit_id)


@units.verb(f"{UNIT}:take-back", rule="reuse-actor", body=schemas.ReturnInput, shape=schemas.UnitSchema)
def take_back(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """A provided unit comes back."""
    case_here(unit_id)
    services.take_back_unit(unit_id, actor=current_actor(), ground=values["ground"])
    return shown(unit_id)
