"""The handover's plan and kit as the API takes them."""

from __future__ import annotations

from reuse_market.reservations.handover import kit
from reuse_market.reservations.handover.planning import LONGEST_CARRIER, LONGEST_PLACE
from reuse_market.reservations.placing import DELIVERIES
from reuse_market.web.fields import Asked, Choice, Day, Schema, Text, fields, maybe


class HandoverPlanInput(Asked):
    """Who carries, when and where; `carrier` only with delivery `carrier`."""

    delivery = Choice(DELIVERIES, required=True)
    day = Day(allow_none=True, load_default=None)
    place = Text(LONGEST_PLACE, load_default="")
    carrier = Text(LONGEST_CARRIER, load_default="")


class HandoverKitInput(Asked):
    """What goes with the devices: each item of its kind, or nothing at all."""

    kit = fields.Dict(
        keys=Choice(tuple(kit.LABELS)), values=Choice(kit.TOLD), load_default=dict,
        metadata={"description": "Item → `in`, or why it is missing."},
    )  # fmt: skip


class PlannedHandoverSchema(Schema):
    """What is agreed of the handover, and what to do if a device breaks. Last days included; null: none."""

    delivery = fields.String(required=True)
    day = maybe(fields.Date)
    place = fields.String()
    carrier = fields.String()
    kit = fields.Dict(keys=fields.String(), values=fields.String())
    kit_of_its_kind = fields.List(fields.String())
    call = fields.String(metadata={"description": "The seller’s phone; empty: not provided."})
    warranty_until = maybe(fields.Date)
    legal_guarantee_until = maybe(fields.Date)
    presumed_until = maybe(fields.Date)
