"""`/units:…`: several units, one act."""

from __future__ import annotations

from typing import Any

from reuse_market.erasure.services import count_media_many
from reuse_market.refurbishing import schemas, services
from reuse_market.refurbishing.api.shared import units
from reuse_market.web.access import current_actor


@units.verb("/units:receive", rule="reuse-actor", body=schemas.Units, shape=schemas.Many, name="receive-many")
def receive_many(values: dict[str, Any]) -> dict[str, Any]:
    """Take collected units in."""
    return {"units": services.receive_units(values["units"], actor=current_actor())}


@units.verb("/units:record-tests", rule="reuse-actor", body=schemas.TestsInput, shape=schemas.Many)
def record_tests(values: dict[str, Any]) -> dict[str, Any]:
    """The same results for several units, all or nothing."""
    batteries: dict[int, int | None] = {each["unit"]: each["percent"] for each in values["batteries"]}
    made = services.record_tests(
        values["units"], values["results"], actor=current_actor(), batteries=batteries, note=values["note"]
    )
    return {"units": len(made)}


@units.verb("/units:count-no-media", rule="reuse-actor", body=schemas.NoMedia, shape=schemas.Many)
def count_no_media(values: dict[str, Any]) -> dict[str, Any]:
    """Attest that several units have no storage medium."""
    return {"units": count_media_many(values["units"], values["seen_how"], actor=current_actor())}


@units.verb(
    "/units:make-ready",
    rule="reuse-actor",
    body=schemas.ReadyManyInput,
    shape=schemas.Many,
    name="make-ready-many",
)
def make_ready_many(values: dict[str, Any]) -> dict[str, Any]:
    """The same grade and price for several units, all or nothing."""
    return {"units": len(services.make_ready_many(values.pop("units"), actor=current_actor(), **values))}
