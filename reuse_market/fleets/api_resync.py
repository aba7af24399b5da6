"""More operations of `/fleet-units`: the questions an import leaves, their answers, two records of one device."""

from __future__ import annotations

from typing import Any

from reuse_market.fleets import comparing, queries, services
from reuse_market.fleets import resync_schemas as schemas
from reuse_market.fleets.api import IMPORT, UNIT, fleet_units, get_fleet_unit, get_import
from reuse_market.fleets.comparing import Asked
from reuse_market.fleets.schemas import FleetUnitSchema, ImportSchema
from reuse_market.fleets.services.discarding import Decision
from reuse_market.web import rest
from reuse_market.web.access import current_actor

VERDICTS = {"changed": "known", "gone": "gone", "unsure": "unsure"}
DECISION = ("decided_on", "decision_number", "decided_by")


@fleet_units.read(
    f"{IMPORT}/records", rule="holder", shape=schemas.RecordSchema, listed=True, query=schemas.RecordQuery,
    name="list-import-records",
)  # fmt: skip
def list_records(query: dict[str, Any], import_id: int) -> dict[str, Any]:
    """What an import says of devices already here, a list at a time."""
    queries.get_import(import_id, current_actor())
    limit, after = query["limit"], rest.after(query["cursor"])
    rows = comparing.asked(import_id, VERDICTS[query["list"]], after=after, limit=limit + 1)
    return rest.page(rows, limit, lambda row: row.record.id, _shown)


@fleet_units.verb(
    f"{IMPORT}:answer", rule="holder", body=schemas.AnswersInput, shape=ImportSchema, name="answer-import"
)
def answer(values: dict[str, Any], import_id: int) -> dict[str, Any]:
    """Keep what is answered of devices gone or unsure; an answer may be changed until the import is applied."""
    told = {name: values[name] for name in DECISION}
    each = {one["record"]: one["answer"] for one in values["each"]}
    services.answer_import(
        import_id, actor=current_actor(), gone=values["gone"], unsure=values["unsure"], each=each,
        decision=Decision(**told) if any(told.values()) else None,
    )  # fmt: skip
    return get_import(import_id)


@fleet_units.verb(f"{IMPORT}:apply", rule="holder", shape=ImportSchema, name="apply-import")
def apply(import_id: int) -> dict[str, Any]:
    """Bring in what is new and changed, and act on the answers, in one act; a long one by a job."""
    row = queries.get_import(import_id, current_actor())
    act = services.ask_applying if services.is_long(row) else services.apply_import
    act(import_id, actor=current_actor())
    return get_import(import_id)


@fleet_units.verb(f"{UNIT}:merge", rule="holder", body=schemas.UnitMergeInput, shape=FleetUnitSchema)
def merge(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """This unit and another are one device: this one ends as merged, the other is shown."""
    kept = services.merge_units(values["into"], unit_id, actor=current_actor())
    return get_fleet_unit(kept.id)


def _shown(asked: Asked) -> dict[str, Any]:
    facts = asked.record.facts
    changes = {name: {"from": old, "to": new} for name, (old, new) in facts.get("changes", {}).items()}
    in_file = {name: facts[name] for name in ("serial", "asset_tag", "maker", "model") if name in facts}
    unsure = asked.record.verdict == "unsure"
    return {
        "id": asked.record.id, "row": asked.record.row, "unit_id": asked.unit.id, "state": asked.unit.state,
        "serial": asked.unit.serial, "asset_tag": asked.unit.asset_tag, "changes": changes,
        "in_file": in_file if unsure else {}, "why": facts.get("why", ""), "answer": facts.get("answer", ""),
    }  # fmt: skip
