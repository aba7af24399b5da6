"""`/fleet-units`: a holder's devices in use or discarded, and its inventories."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import request

from reuse_market.fleets import listing, schemas, services, words
from reuse_market.fleets.listing import FleetUnit
from reuse_market.fleets.reading import Unreadable, report_json
from reuse_market.kernel.errors import Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import bodies, rest
from reuse_market.web.access import current_actor
from reuse_market.web.problems import words as told

UNIT = f"/fleet-units/{rest.UNIT_ID}"
UNNAMED = "inventaire"
COLUMNS = (
    "id", "state", "kind", "serial", "asset_tag", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os",
    "bought_on", "site_id",
)  # fmt: skip
VERBS = {"in_use": "discard", "discarded": "annul-discard"}
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
BODY = {
    "requestBody": {
        "required": True,
        "description": "The inventory as its tool made it (CSV, XLSX, XLS, ODS), at most 200 MB.",
        "content": {
            "text/csv": {"schema": FILE},
            "application/octet-stream": {"schema": FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": FILE}, "required": ["file"]}
            },
        },
    }
}
fleet_units = rest.Collection(
    "fleet-units", "What a holder owns: in use, or discarded and not yet published."
)
collections = (fleet_units,)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file read: its report, and the import staged (None for a dry run)."""

    report: dict[str, Any]
    import_id: int | None


@fleet_units.read(
    "/fleet-units", rule="holder", shape=schemas.FleetUnitSchema, listed=True, query=schemas.FleetQuery
)
def list_fleet_units(query: dict[str, Any]) -> dict[str, Any]:
    """The fleet, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor"))
    rows = listing.units(current_actor().organisation_id or 0, after=cursor, limit=limit, **query)
    return rest.page(rows, limit, lambda row: row[0].id, _shown)


@fleet_units.read(UNIT, rule="holder", shape=schemas.FleetUnitSchema)
def get_fleet_unit(unit_id: int) -> dict[str, Any]:
    """One unit of the fleet."""
    found = listing.unit(current_actor().organisation_id or 0, unit_id)
    if found is None:
        raise NotFound(N_("This device does not exist."))
    return _shown(found)


def judge(query: dict[str, Any]) -> Judged:
    """Read the file outside the transaction; stage it unless it is a dry run."""
    sent, filename = _sent(query)
    actor = current_actor()
    holder_id = actor.organisation_id or 0
    try:
        table, columns = services.understood(sent, filename, holder_id=holder_id)
        if query["dry_run"]:
            report = services.judge_file(table, columns, holder_id=holder_id, most=services.KEPT)
            return Judged(report_json(report, words.said), None)
        row = services.upload_inventory(sent, filename, actor=actor, site_id=query.get("site_id"))
        import_id = row.id
        report = services.confirm_and_report(
            import_id, columns.targets(), actor=actor, most=services.KEPT
        )  # fmt: skip
        return Judged(report_json(report, words.said), import_id)
    except Unreadable as error:
        detail = f"{told(error)} {told(Invalid(error.advice, **error.params))}"
        raise rest.Refused([{"field": "file", "detail": detail}]) from error


@fleet_units.verb(
    "/fleet-units:import", rule="holder", query=schemas.ImportQuery, shape=schemas.ImportReport, before=judge,
    documented=BODY,
)  # fmt: skip
def import_inventory(query: dict[str, Any], prepared: Judged) -> dict[str, Any]:
    """Judge an inventory, and bring its good records in as units in use, one act."""
    ids: list[int] = []
    if prepared.import_id is not None:
        ids = services.apply_import(prepared.import_id, actor=current_actor())
    applied = prepared.import_id is not None
    links = {"page": f"/parc/importer/{prepared.import_id}/confirmation"} if applied else {}
    return prepared.report | {"applied": applied, "unit_ids": ids, "links": links}


@fleet_units.verb(
    "/fleet-units:discard",
    rule="holder",
    body=schemas.FleetSelection,
    shape=schemas.Discarded,
    name="discard-many",
)
def discard_many(values: dict[str, Any]) -> dict[str, Any]:
    """Take units out of use, one act."""
    return {"units": services.discard_units(values["units"], actor=current_actor())}


@fleet_units.verb(
    "/fleet-units:annul-discard", rule="holder", body=schemas.FleetSelection, shape=schemas.Discarded,
    name="annul-discard-many",
)  # fmt: skip
def annul_discard_many(values: dict[str, Any]) -> dict[str, Any]:
    """Put discarded units back in use, one act."""
    return {"units": services.annul_discard(values["units"], actor=current_actor())}


@fleet_units.verb(f"{UNIT}:discard", rule="holder", shape=schemas.FleetUnitSchema)
def discard(unit_id: int) -> dict[str, Any]:
    """Take a unit out of use."""
    services.discard_units([unit_id], actor=current_actor())
    return get_fleet_unit(unit_id)


@fleet_units.verb(f"{UNIT}:annul-discard", rule="holder", shape=schemas.FleetUnitSchema)
def annul_discard(unit_id: int) -> dict[str, Any]:
    """Put a discarded unit back in use."""
    services.annul_discard([unit_id], actor=current_actor())
    return get_fleet_unit(unit_id)


def _sent(query: dict[str, Any]) -> tuple[Path, str]:
    """Where the bytes of the file stand and its name, from a form or the body itself."""
    if request.mimetype == "multipart/form-data":
        file = request.files.get("file")
        if file is None:
            raise rest.missing("file")
        return bodies.on_disk(file.stream), query.get("filename") or file.filename or UNNAMED
    body = bodies.raw()
    if not body.stat().st_size:
        raise rest.missing("file")
    return body, query.get("filename") or UNNAMED


def _shown(row: FleetUnit) -> dict[str, Any]:
    unit, maker, model = row
    actor = current_actor()
    own = [VERBS[unit.state]] if actor.commits and actor.has("holder") else []
    return {name: getattr(unit, name) for name in COLUMNS} | {
        "maker": maker, "model": model, "actions": rest.actions("fleet-units", unit, actor, own),
        "links": {"self": rest.address("fleet-units", unit.id)},
    }  # fmt: skip
