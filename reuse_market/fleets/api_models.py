"""More operations of `/fleet-units`: identical groups, models and what their spellings stand for."""

from __future__ import annotations

from typing import Any

from reuse_market.fleets import configurations, queries, services, spellings
from reuse_market.fleets import model_schemas as schemas
from reuse_market.fleets.api import fleet_units
from reuse_market.web import rest
from reuse_market.web.access import current_actor

MODEL = "/fleet-units/models/<int(min=1, max=2147483647):model_id>"
CORRECTION = "/fleet-units/corrections/<int(min=1, max=2147483647):correction_id>"


@fleet_units.read(
    "/fleet-units/groups", rule="holder", shape=schemas.GroupSchema, listed=True, query=schemas.GroupsQuery,
    name="groups",
)  # fmt: skip
def groups(query: dict[str, Any]) -> dict[str, Any]:
    """The fleet by identical configuration, in the order of the groups' keys."""
    limit, cursor, holder_id = query.pop("limit"), query.pop("cursor"), _holder()
    found = configurations.groups(holder_id, queries.chosen(holder_id, queries.FleetFilters(**query)))
    rows = sorted((one for one in found if one.key > cursor), key=lambda one: one.key)
    return rest.page(rows, limit, lambda one: one.key, _group)


@fleet_units.read(
    "/fleet-units/models", rule="holder", shape=schemas.FleetModelSchema, listed=True,
    query=schemas.ModelsQuery, name="models",
)  # fmt: skip
def models(query: dict[str, Any]) -> dict[str, Any]:
    """The models of the fleet, the oldest first."""
    limit, cursor = query.pop("limit"), rest.after(query.pop("cursor")) or 0
    found = spellings.models(_holder(), spellings.Filters(**query))
    rows = sorted((one for one in found if one.model_id > cursor), key=lambda one: one.model_id)
    return rest.page(rows, limit, lambda one: one.model_id, _model)


@fleet_units.verb(
    f"{MODEL}:correct", rule="holder", body=schemas.ModelInput, shape=schemas.Followed, name="correct-model"
)
def correct_model(values: dict[str, Any], model_id: int) -> dict[str, Any]:
    """Say what a model is: its units follow, and so do later imports."""
    return {"units": services.correct_model(model_id, actor=current_actor(), **values)}


@fleet_units.verb(
    "/fleet-units/models:merge", rule="holder", body=schemas.MergeInput, shape=schemas.Followed,
    name="merge-models",
)  # fmt: skip
def merge_models(values: dict[str, Any]) -> dict[str, Any]:
    """Say that several models are one."""
    return {"units": services.merge_models(values["models"], into=values["into"], actor=current_actor())}


@fleet_units.read(
    "/fleet-units/corrections", rule="holder", shape=schemas.CorrectionSchema, listed=True,
    name="corrections",
)  # fmt: skip
def corrections(query: dict[str, Any]) -> dict[str, Any]:
    """What was corrected, the oldest first."""
    limit, cursor = query["limit"], rest.after(query["cursor"]) or 0
    rows = [one for one in reversed(spellings.corrected(_holder())) if one.id > cursor]
    return rest.page(rows, limit, lambda one: one.id, _correction)


@fleet_units.verb(f"{CORRECTION}:forget", rule="holder", shape=schemas.Followed, name="forget-correction")
def forget_correction(correction_id: int) -> dict[str, Any]:
    """Take a correction back: its units are as before."""
    return {"units": services.forget_correction(correction_id, actor=current_actor())}


def _holder() -> int:
    return current_actor().organisation_id or 0


def _group(one: configurations.Group) -> dict[str, Any]:
    alike = one.alike
    return {
        "key": one.key, "kind": alike.kind, "maker": one.maker, "model": one.model, "processor": alike.cpu,
        "ram_gb": alike.ram_gb or None, "storage_gb": alike.storage_gb or None,
        "screen_tenths": alike.screen_tenths or None, "windows_11": one.windows_11 or None,
        "units": one.units, "in_use": one.in_use, "discarded": one.discarded, "actions": [],
        "links": {"page": f"/parc?configuration={one.key}"},
    }  # fmt: skip


def _model(one: spellings.Spelt) -> dict[str, Any]:
    return {
        "id": one.model_id, "kind": one.kind, "maker": one.maker, "name": one.name, "units": one.units,
        "confidence": one.confidence, "corrected": one.corrected, "to_check": one.to_check,
        "actions": ["correct"],
        "links": {
            "self": rest.address("fleet-units", "models", str(one.model_id)),
            "page": f"/parc/modeles/{one.model_id}",
        },
    }  # fmt: skip


def _correction(one: spellings.Correction) -> dict[str, Any]:
    return {
        "id": one.id, "written": one.written, "kind": one.kind, "model": one.model,
        "actions": ["forget"],
        "links": {
            "self": rest.address("fleet-units", "corrections", str(one.id)), "page": "/parc/modeles#corrections",
        },
    }  # fmt: skip
