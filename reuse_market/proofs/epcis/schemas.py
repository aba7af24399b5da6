"""The document as OpenAPI knows it: GS1's own JSON Schema says the rest."""

from __future__ import annotations

from reuse_market.web.fields import Schema, fields


class EpcisDocumentSchema(Schema):
    """An EPCISDocument (GS1 EPCIS 2.0, JSON-LD)."""

    context = fields.List(fields.Raw(), data_key="@context", required=True)
    id = fields.String(required=True)
    type = fields.String(required=True, metadata={"description": "`EPCISDocument`."})
    schema_version = fields.String(data_key="schemaVersion", required=True)
    creation_date = fields.AwareDateTime(data_key="creationDate", required=True)
    body = fields.Dict(
        data_key="epcisBody", required=True, metadata={"description": "`eventList`: the events."}
    )
