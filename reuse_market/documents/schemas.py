"""Papers as the API shows them."""

from __future__ import annotations

from reuse_market.web.fields import Choice, Shown, Text, fields, maybe
from reuse_market.web.rest import Paging


class DocumentQuery(Paging):
    """What the list is narrowed by: the object a paper is about, for example claim/DEM-2026-0017."""

    owner = Text(80, load_default="")


class ReadQuery(Paging):
    """The language to read a paper in; not sent: the one it was issued in."""

    lang = Choice(("fr", "en"))


class DocumentSchema(Shown):
    """An issued paper. `superseded_by` is the number of the newer one."""

    number = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    owner = fields.String(required=True)
    lang = fields.String(required=True)
    made_at = fields.AwareDateTime()
    size = fields.Integer()
    sha256 = fields.String()
    verification_code = fields.String()
    superseded_by = maybe()


class DocumentFileSchema(DocumentSchema):
    """The same, with the PDF."""

    pdf = fields.String(metadata={"description": "The file, in base 64."})
