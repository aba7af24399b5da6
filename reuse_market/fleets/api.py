"""`/fleet-units`: a holder's devices in use or discarded, and its inventories."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import request

from reuse_market.fleets import forecast_api, listing, queries, schemas, services, staging, words
from reuse_market.fleets.discard_schemas import DecisionInput, FleetDiscard
from reuse_market.fleets.listing import FleetUnit
from reuse_market.fleets.reading import Unreadable, report_json
from reuse_market.fleets.reading.report import LISTS
from reuse_market.fleets.services.harvest import Harvest
from reuse_market.kernel.errors import DomainError, Invalid, NotFound
from reuse_market.kernel.words import N_
from reuse_market.web import bodies, rest
from reuse_market.web.access import current_actor
from reuse_market.web.problems import words as told

UNIT = f"/fleet-units/{rest.UNIT_ID}"
IMPORT = "/fleet-units/imports/<int(min=1, max=2147483647):import_id>"
UNNAMED = "inventaire"
COLUMNS = (
    "id", "state", "kind", "serial", "asset_tag", "cpu", "ram_mb", "storage_mb", "screen_tenths", "os",
    "bought_on", "site_id", "holder_key", "missed_on",
)  # fmt: skip
VERBS = {"in_use": ("discard", "merge"), "discarded": ("annul-discard",)}
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
    },
    "responses": {
        "202": {
            "description": "The file is long: a job imports it. `links.self` tells how far it is.",
            "headers": {"Location": {"schema": {"type": "string"}}},
            "content": {"application/json": {"schema": schemas.ImportReport}},
        }
    },
}
fleet_units = rest.Collection(
    "fleet-units", "What a holder owns: in use, or discarded and not yet published."
)
collections = (fleet_units, forecast_api.forecasts)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file read: its report (None for a long one), the import staged (None for a dry run), what is good."""

    report: dict[str, Any] | None
    import_id: int | None
    harvest: Harvest | None = None


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
    """Read the file outside the transaction; stage it unless it is a dry run. A long one is only staged."""
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
        if row.state in ("judging", "applying") or services.is_long(row):
            return Judged(None, import_id)
        report, harvest = services.judge_and_gather(import_id, actor=actor, most=services.KEPT)
        return Judged(report_json(report, words.said), import_id, harvest)
    except Unreadable as error:
        detail = f"{told(error)} {told(Invalid(error.advice, **error.params))}"
        raise rest.Refused([{"field": "file", "detail": detail}]) from error


@fleet_units.verb(
    "/fleet-units:import", rule="holder", query=schemas.ImportQuery, shape=schemas.ImportReport, before=judge,
    documented=BODY,
)  # fmt: skip
def import_inventory(query: dict[str, Any], prepared: Judged) -> dict[str, Any]:
    """Judge an inventory, and bring its good records in as units in use, one act.

    One that takes more than a few seconds is done by a job: 202, with the address that tells how far it is.
    """
    actor, import_id = current_actor(), prepared.import_id
    if import_id is None:
        return (prepared.report or {}) | {"applied": False, "unit_ids": [], "links": {}}
    if prepared.report is None:
        services.ask_judging(import_id, actor=actor, then_apply=query["apply"])
        return rest.Later({"applied": False, "import_id": import_id, "links": _links(import_id)})
    if not query["apply"]:
        return prepared.report | {
            "applied": False,
            "unit_ids": [],
            "import_id": import_id,
            "links": _links(import_id),
        }
    ids = services.apply_import(import_id, actor=actor, harvest=prepared.harvest)
    links = {"page": f"/parc/importer/{import_id}/confirmation"}
    return prepared.report | {"applied": True, "unit_ids": ids, "import_id": import_id, "links": links}


@fleet_units.read(IMPORT, rule="holder", shape=schemas.ImportSchema, name="get-import")
def get_import(import_id: int) -> dict[str, Any]:
    """An import: how far it is while a job has it, then its counts and the rows that did not come in."""
    row = queries.get_import(import_id, current_actor())
    work, left = row.work or {}, queries.problems(import_id, limit=schemas.MOST_PROBLEMS)
    error = work.get("error")
    return {
        "id": row.id, "state": row.state, "filename": row.filename, "format": row.format,
        "rows": work.get("rows"), "of": work.get("of"), "made_at": row.made_at, "done_at": row.done_at,
        "counts": {name: getattr(row, name) for name in LISTS} | {"gone": (row.mapping or {}).get("gone", 0)},
        "error": told(DomainError(error["message"], **error["params"])) if error else None,
        "problems": [{"row": one.row, "verdict": one.verdict, "reason": _why(one.facts)} for one in left],
        "links": _links(row.id),
    }  # fmt: skip


def _links(import_id: int) -> dict[str, str]:
    page = f"/parc/importer/{import_id}/avancement"
    return {"self": rest.address("fleet-units", "imports", str(import_id)), "page": page}


def _why(facts: dict[str, Any]) -> str:
    return words.said(
        staging.reason_of(facts["faults"][0]["reason"] if "faults" in facts else facts["reason"])
    )


@fleet_units.verb(
    "/fleet-units:discard",
    rule="holder",
    body=FleetDiscard,
    shape=schemas.Discarded,
    name="discard-many",
)
def discard_many(values: dict[str, Any]) -> dict[str, Any]:
    """Take units out of use, one act, by a decision: a public holder gives its date, number and author."""
    return {"units": services.discard_units(values.pop("units"), actor=current_actor(), **values)}


@fleet_units.verb(
    "/fleet-units:annul-discard", rule="holder", body=schemas.FleetSelection, shape=schemas.Discarded,
    name="annul-discard-many",
)  # fmt: skip
def annul_discard_many(values: dict[str, Any]) -> dict[str, Any]:
    """Put discarded units back in use, one act."""
    return {"units": services.annul_discard(values["units"], actor=current_actor())}


@fleet_units.verb(f"{UNIT}:discard", rule="holder", body=DecisionInput, shape=schemas.FleetUnitSchema)
def discard(values: dict[str, Any], unit_id: int) -> dict[str, Any]:
    """Take a unit out of use, by a decision: a public holder gives its date, number and author."""
    services.discard_units([unit_id], actor=current_actor(), **values)
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
    unit, maker, model, decision, left = row
    actor = current_actor()
    own = list(VERBS[unit.state]) if actor.commits and actor.has("holder") and left is None else []
    return {name: getattr(unit, name) for name in COLUMNS} | {
        "maker": maker, "model": model, "decided_on": decision and decision.decided_on,
        "decision_number": decision.decision_number if decision else "",
        "left_as": left and left.outlet, "left_on": left and left.left_on,
        "actions": rest.actions("fleet-units", unit, actor, own),
        "links": {"self": rest.address("fleet-units", unit.id)},
    }  # fmt: skip


from reuse_market.fleets import api_discards as _discards  # noqa: E402, F401 – more operations of the same units
from reuse_market.fleets import api_models as _models  # noqa: E402, F401 – the same
from reuse_market.fleets import api_resync as _resync  # noqa: E402, F401 – the same
