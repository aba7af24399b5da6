"""Shipments as the API takes and shows them."""

from __future__ import annotations

from reuse_market.collection.shipment_models import SHIPMENT_OUTCOMES, SHIPMENT_STATES, TRANSFERS
from reuse_market.collection.shipments.choosing import MOST
from reuse_market.collection.shipments.forms import ANY_REASON
from reuse_market.collection.shipments.sending import HEAVIEST
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
)
from reuse_market.web.rest import Paging


class ShipmentQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(SHIPMENT_STATES)


class ShipmentUnitSchema(Schema):
    """A unit of a shipment; `outcome` is null until it is answered."""

    unit_id = fields.Integer(required=True)
    code = maybe()
    kind = fields.String()
    maker = fields.String()
    model = fields.String()
    serial = maybe()
    outcome = maybe()
    reason = maybe()
    note = fields.String()


class ShipmentRowSchema(Shown):
    """A shipment in a list. `transfer`: none (custody only), sale or gift."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    sender_id = fields.Integer()
    receiver_id = fields.Integer()
    sender = fields.String()
    receiver = fields.String()
    units = fields.Integer(required=True)
    waiting = fields.Integer(metadata={"description": "Units nobody answered for yet."})
    transfer = fields.String()
    price_cents = maybe(
        fields.Integer, metadata={"description": "Of one unit, VAT included; only for a sale."}
    )
    weight_g = maybe(fields.Integer)
    received_g = maybe(fields.Integer)
    note = fields.String()
    sent_at = fields.AwareDateTime()
    answered_at = maybe(fields.AwareDateTime)
    voided_at = maybe(fields.AwareDateTime)


class ShipmentSchema(ShipmentRowSchema):
    """A shipment with its units and what follows them."""

    received = fields.Integer()
    refused = fields.Integer()
    missing = fields.Integer()
    weights_agree = maybe(fields.Boolean, metadata={"description": "Null where a weight is not known."})
    regimes = fields.List(fields.String())
    commitments = fields.List(fields.String())
    to_erase = fields.Integer(metadata={"description": "Units whose media are not proven erased."})
    content = fields.List(fields.Nested(ShipmentUnitSchema))


class SendInput(Asked):
    """Units to send to another reuse actor."""

    units = unit_ids(MOST, required=True)
    receiver_id = Whole(1, BIGGEST, required=True)
    transfer = Choice(TRANSFERS, load_default="none")
    price_cents = Cents(load_default=None, allow_none=True)
    weight_g = Whole(1, HEAVIEST, load_default=None, allow_none=True)
    note = Text(300, load_default="")


class ShipmentAnswer(Asked):
    """The same answer for these units; without `units`, for all that are left."""

    units = unit_ids(MOST, load_default=None, allow_none=True)
    outcome = Choice(SHIPMENT_OUTCOMES, load_default="received")
    reason = Choice(ANY_REASON, load_default=None, allow_none=True)
    note = Text(300, load_default="")
    received_g = Whole(1, HEAVIEST, load_default=None, allow_none=True)
