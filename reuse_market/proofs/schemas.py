"""Events as the API shows them."""

from __future__ import annotations

from reuse_market.web.fields import Day, Schema, Text, fields, maybe
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


class ProvenSchema(Schema):
    """An event in a proof file. `payload`: its stored text, or null when it is not told to this reader."""

    payload = maybe()
    hash = fields.String(required=True, metadata={"description": "SHA-256 of a prefix and the stored text."})
    position = fields.Integer(required=True, metadata={"description": "Its place in the log, from 0."})
    inclusion = fields.List(
        fields.String(), required=True, metadata={"description": "RFC 6962, nearest first."}
    )


class ProofSchema(Schema):
    """A proof file (docs/proof.md): it proves "not altered since this checkpoint", never "true"."""

    format = fields.String(required=True)
    subject = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "Verifier key of the log."})
    checkpoint = fields.String(required=True, metadata={"description": "Signed note."})
    seal = fields.String(required=True, metadata={"description": "Signed note: what the file holds."})
    events = fields.List(fields.Nested(ProvenSchema), required=True)
    left_out = fields.Integer(metadata={"description": "Events that no checkpoint covers yet."})


class FateQuery(Paging):
    """Narrowed by the day something last happened, and by lot."""

    since = Day(load_default=None)
    lot = Text(20, load_default="")


class FateSchema(Schema):
    """What became of a device its holder let go. Who received it is never told, only what kind it is."""

    unit_id = fields.Integer(required=True)
    holder_key = maybe(metadata={"description": "Its key in the holder's own tool."})
    asset_tag = maybe()
    serial = maybe()
    kind = fields.String(required=True)
    maker = fields.String()
    model = fields.String()
    fate = fields.String(required=True, metadata={"description": "The unit's state, or `departed`."})
    on = maybe(fields.Date, metadata={"description": "Since when."})
    outlet = fields.String(metadata={"description": "A regime, `recycling`, or a way out of the fleet."})
    recipient_kind = fields.String()
    erasure_certificates = fields.List(fields.Integer())
    lot = fields.String()
