"""Links of drivers as the API takes and shows them."""

from __future__ import annotations

from reuse_market.web.fields import Choice, Schema, Text, Whole, fields, maybe


class DriverLinkInput(Schema):
    """Whom the day's link is for; with an e-mail address it is sent there."""

    name = Text(120, required=True)
    email = Text(200)
    phone = Text(30)
    language = Choice(("fr", "en"))


class DriverLinkSchema(Schema):
    """A link, without its secret."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    email = fields.String()
    phone = fields.String()
    day = fields.Date(required=True)
    made_at = fields.DateTime()
    seen_at = maybe(fields.DateTime)
    opened = fields.Integer()
    revoked_at = maybe(fields.DateTime)
    works = fields.Boolean(required=True)


class DriverLinkMade(DriverLinkSchema):
    """A link just made, with the address to hand on: shown this once."""

    address = fields.String(required=True)


class DriverLinkRevoked(Schema):
    """Which link."""

    link = Whole(required=True)
