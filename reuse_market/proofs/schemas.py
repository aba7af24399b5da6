"""Events as the API shows them."""

from __future__ import annotations

from reuse_market.web.fields import Schema, Text, fields, maybe
from reuse_market.web.rest import Paging


class EventQuery(Paging):
    """Whose events: those of a lot."""

    lot = Text(20, 1, required=True)


class EventSchema(Schema):
    """An event of the journal. `organisation` and `facts` are those this reader may know."""

    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    type = fields.String(required=True)
    stream = fields.String(required=True)
    act_id = fields.String(required=True)
    via = fields.String()
    organisation_id = maybe(fields.Integer)
    organisation = maybe()
    occurred_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    units = fields.Integer(metadata={"description": "How many it speaks of."})
    facts = fields.Dict()
    prev = fields.String(metadata={"description": "Hash of the event before."})
    hash = fields.String(required=True)
