"""`/parts`, the work done on a unit, and the exit register of waste: the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from reuse_market.kernel import clock
from reuse_market.kernel.errors import NotFound
from reuse_market.kernel.words import N_
from reuse_market.refurbishing import lists
from reuse_market.refurbishing.api.removals import removals
from reuse_market.refurbishing.api.shared import UNIT, case_here, units
from reuse_market.refurbishing.parts import register, schemas, stock
from reuse_market.refurbishing.parts.stock import PartRow
from reuse_market.refurbishing.services import arriving, dismantling, repairing
from reuse_market.refurbishing.services.repairing import Taken
from reuse_market.web import rest
from reuse_market.web.access import current_actor

PART = "/parts/<int(min=1, max=2147483647):part_id>"
COLUMNS = (
    "id", "kind", "state", "label", "serial", "weight_g", "note", "source_unit_id", "medium_id", "taken_at",
)  # fmt: skip
parts = rest.Collection("parts", "Spare parts of a workshop: where each came from, and what it is in.")


@parts.read("/parts", rule="reuse-actor", shape=schemas.PartSchema, listed=True, query=schemas.PartQuery)
def list_parts(query: dict[str, Any]) -> dict[str, Any]:
    """The workshop's parts, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = stock.parts(current_actor().organisation_id or 0, after=cursor, limit=limit + 1, **query)
    return rest.page(rows, limit, lambda row: row.part.id, _part)


@parts.read(PART, rule="reuse-actor", shape=schemas.PartSchema)
def get_part(part_id: int) -> dict[str, Any]:
    """One part."""
    found = stock.part(part_id, current_actor().organisation_id or 0)
    if found is None:
        raise NotFound(N_("This part does not exist."))
    return _part(found)


@parts.verb(f"{PART}:install", rule="reuse-actor", body=schemas.InstallInput, shape=schemas.PartSchema)
def install(values: dict[str, Any], part_id: int) -> dict[str, Any]:
    """Put it into a unit of the workshop."""
    repairing.install_part(part_id, values["unit_id"], actor=current_actor())
    return get_part(part_id)


@parts.verb(f"{PART}:remove", rule="reuse-actor", shape=schemas.PartSchema)
def remove(part_id: int) -> dict[str, Any]:
    """Take it out of the unit it is in."""
    repairing.remove_part(part_id, actor=current_actor())
    return get_part(part_id)


@units.read(f"{UNIT}/work", rule="reuse-actor", shape=schemas.WorkSchema, name="work")
def get_work(unit_id: int) -> dict[str, Any]:
    """What was done to a unit: repairs, parts, dismantling."""
    case = case_here(unit_id)
    mine = rest.address("units", unit_id)
    own = ("take-part", "record-repair", "dismantle") if case.unit.state == "in_workshop" else ()
    return {
        "unit_id": unit_id, "state": case.unit.state, "repairs": stock.repairs(unit_id), "actions": list(own),
        "taken": [_part(row) for row in stock.taken_from(unit_id)],
        "fitted": [_part(row) for row in stock.fitted_in(unit_id)],
        "dismantling": stock.dismantling(unit_id),
        "links": {"self": mine, "work": f"{mine}/work", "page": f"/atelier/appareils/{unit_id}/reparations"},
    }  # fmt: skip


@units.verb(f"{UNIT}:take-part", rule="reuse-actor", body=schemas.TakenInput, shape=schemas.WorkSchema)
def take_part(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """A part leaves it for the stock of parts; a storage medium only once proven erased."""
    case_here(unit_id)
    repairing.take_part(unit_id, Taken(**values), actor=current_actor())
    return get_work(unit_id)


@units.verb(f"{UNIT}:record-repair", rule="reuse-actor", body=schemas.RepairInput, shape=schemas.WorkSchema)
def record_repair(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """What was done to it; it is to be tested again."""
    case_here(unit_id)
    repairing.record_repair(
        unit_id, values.pop("work"), actor=current_actor(), part_ids=values.pop("parts"), **values
    )
    return get_work(unit_id)


@units.verb(f"{UNIT}:dismantle", rule="reuse-actor", body=schemas.DismantleInput, shape=schemas.WorkSchema)
def dismantle(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Take it apart: parts, residue and loss add up within the tolerance, or a reason says why not."""
    case_here(unit_id)
    taken = [Taken(**one) for one in values.pop("parts")]
    dismantling.dismantle_unit(unit_id, taken, actor=current_actor(), **values)
    return get_work(unit_id)


@removals.read(
    "/removals/register", rule="waste-keeper", shape=schemas.ExitSchema, listed=True, query=schemas.ExitQuery,
    name="register",
)  # fmt: skip
def exit_register(query: dict[str, Any]) -> dict[str, Any]:
    """The exit register of waste of one year, oldest first."""
    rows = register.exits(current_actor().organisation_id or 0, query["year"] or clock.today().year)
    after, limit = rest.after(query["cursor"]) or 0, query["limit"]
    numbered = list(enumerate(rows, 1))[after : after + limit + 1]
    return rest.page(numbered, limit, lambda one: one[0], lambda one: one[1])


@units.verb(
    "/pickups/<ref:reference>:answer-arrival", rule="reuse-actor", body=schemas.ArrivalAnswer,
    shape=schemas.ArrivedSchema, name="answer-arrival",
)  # fmt: skip
def answer_arrival(values: dict[str, Any], reference: str) -> dict[str, Any]:
    """What a pick-up brought to the workshop: received but for those refused or missing."""
    waiting = lists.arrival_ids(current_actor().organisation_id or 0, pickup=reference, lot=None)
    if not waiting:
        raise NotFound(N_("Nothing of this pick-up is to take in."))
    outcomes = dict.fromkeys(waiting, "received") | dict.fromkeys(values.pop("refused"), "refused")
    outcomes |= dict.fromkeys(values.pop("missing"), "missing")
    made = arriving.answer_arrival(reference, outcomes, actor=current_actor(), **values)
    links = {"pickup": rest.address("pickups", reference)}
    links |= {"revision": rest.address("revisions", made.revision)} if made.revision else {}
    return {"received": made.received, "revision": made.revision, "actions": [], "links": links}


def _part(row: PartRow) -> dict[str, Any]:
    links = {
        "self": rest.address("parts", row.part.id),
        "source": rest.address("units", row.part.source_unit_id),
    }
    own = ["install"] if row.part.state == "in_stock" else ["remove"]
    return {name: getattr(row.part, name) for name in COLUMNS} | {
        "unit_id": row.unit_id, "links": links, "actions": rest.actions("parts", row.part, current_actor(), own),
    }  # fmt: skip
