"""`/audit`: a sample drawn again by anybody with its seed, and every figure at entry N. Nothing here writes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from reuse_market.proofs.auditor import figures, sampling
from reuse_market.proofs.seeing import serials_shown
from reuse_market.web import rest
from reuse_market.web.fields import BIGGEST, Asked, Choice, QueryWhole, Schema, Text, fields

audit = rest.Collection("audit", "What an auditor draws and counts again from the log alone.")
collections = (audit,)


class AuditSampleQuery(Asked):
    """What to draw. The same seed and size give the same draw, here and by hand (docs/audit.md)."""

    seed = Text(64, 1, required=True)
    what = Choice(sampling.WHAT, load_default="units")
    count = QueryWhole(1, sampling.MOST, load_default=10)
    size = QueryWhole(
        0, BIGGEST, load_default=None, metadata={"description": "Entries of the log; all by default."}
    )


class DrawnEntrySchema(Schema):
    """An entry of the log that was drawn; its proof is at `/events/{id}/proof`."""

    position = fields.Integer(required=True)
    id = fields.String(required=True, attribute="uid")
    type = fields.String(required=True)
    stream = fields.String(required=True)
    occurred_at = fields.AwareDateTime(required=True)
    hash = fields.String(required=True)


class DrawnDeviceSchema(Schema):
    """A device that was drawn."""

    unit_id = fields.Integer(required=True)
    kind = fields.String(required=True)
    serial = fields.String(required=True)
    code = fields.String(required=True)
    state = fields.String(required=True)
    custodian = fields.String(required=True, metadata={"description": "Who holds it, by name."})
    lot = fields.String(required=True)


class AuditSampleSchema(Schema):
    """The draw, in its order: `events` or `units`, the other one empty."""

    seed = fields.String(required=True)
    size = fields.Integer(required=True)
    events = fields.List(fields.Nested(DrawnEntrySchema), required=True)
    units = fields.List(fields.Nested(DrawnDeviceSchema), required=True)


class AuditFiguresQuery(Asked):
    """At which entry; the present one by default."""

    size = QueryWhole(0, BIGGEST, load_default=None)
    organisation = QueryWhole(
        1, BIGGEST, load_default=None, metadata={"description": "Fates and exits of this organisation too."}
    )


class AuditOwnSchema(Schema):
    """One organisation's: devices it let go by fate, and the waste removals of its register."""

    fates = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    removals = fields.Integer(required=True)
    units_removed = fields.Integer(required=True)


class AuditFiguresSchema(Schema):
    """What the log says at `size`. `destinations`: devices by where they are; `lots`: the balance of each;
    `public`: the figures of the home page."""

    size = fields.Integer(required=True)
    destinations = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    lots = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)
    removals = fields.Integer(required=True)
    units_removed = fields.Integer(required=True)
    public = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    own = fields.Nested(AuditOwnSchema, required=True, allow_none=True)


@audit.read("/audit/sample", rule="overseer", shape=AuditSampleSchema, query=AuditSampleQuery, name="sample")
def get_sample(query: dict[str, Any]) -> dict[str, Any]:
    """A sample of entries or devices with a stated seed; 422 beyond the log."""
    size = figures.checked(query["size"])
    drawn: dict[str, Any] = {"events": [], "units": []}
    if query["what"] == "events":
        drawn["events"] = sampling.events(query["seed"], query["count"], size)
    else:
        drawn["units"] = serials_shown(sampling.units(query["seed"], query["count"], size))
    return {"seed": query["seed"], "size": size, **drawn}


@audit.read(
    "/audit/figures", rule="overseer", shape=AuditFiguresSchema, query=AuditFiguresQuery, name="figures"
)
def get_figures(query: dict[str, Any]) -> dict[str, Any]:
    """Every figure again, from the events alone."""
    found = figures.at(figures.checked(query["size"]), query["organisation"])
    own = found.own and {
        "fates": found.own.fates, "removals": found.own.exits[0], "units_removed": found.own.exits[1],
    }  # fmt: skip
    return {
        "size": found.size,
        "destinations": found.totals,
        "lots": {reference: asdict(balance) for reference, balance in found.lots.items()},
        "removals": found.exits[0],
        "units_removed": found.exits[1],
        "public": found.public,
        "own": own,
    }
