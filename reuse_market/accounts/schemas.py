"""Organisations and sites as the API takes and shows them."""

from __future__ import annotations

from reuse_market.accounts.forms import YES_NO
from reuse_market.web.fields import Asked, Choice, Shown, Text, Whole, fields, maybe

TRISTATE = [code for code, _label in YES_NO]
POSTCODE = r"^[0-9]{5}$"


class OrganisationSchema(Shown):
    """A legal body."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    legal_kind = fields.String()
    state = fields.String()
    siret = maybe()
    rna = maybe()
    roles = fields.List(fields.String())
    phone = maybe()
    email = maybe()
    registration_ref = maybe()
    answer_until = maybe(fields.Date, metadata={"description": "When the operator should have answered."})
    charter_accepted_on = maybe(fields.Date)
    decision_reason = maybe(metadata={"description": "Why it was refused or suspended."})


class SiteSchema(Shown):
    """A place where units are kept."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    street = fields.String()
    postcode = fields.String()
    commune_name = fields.String()
    commune_insee = maybe()
    latitude = maybe(fields.Integer, metadata={"description": "Micro-degrees."})
    longitude = maybe(fields.Integer)
    located_by = maybe(metadata={"description": "`address`, or `commune`: the point is its town hall."})
    has_dock = fields.String()
    has_lift = fields.String()
    needs_tail_lift = fields.String()
    floor = fields.String()
    height_limit_cm = maybe(fields.Integer)
    hours = fields.String()
    access_note = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()
    contact_email = fields.String()
    week = maybe(fields.List, fields.List(fields.List(fields.String())), metadata={
        "description": "Opening hours, Monday first: up to two ranges a day; null: not said."})  # fmt: skip
    closed_days = maybe(fields.List, fields.String())
    protocol_wanted = fields.Boolean()


class SiteChange(Asked):
    """What to change of a site; the fields not sent stay."""

    name = Text(120, 1)
    street = Text(200)
    postcode = Text(5, pattern=POSTCODE)
    commune_name = Text(80, 1)
    has_dock = Choice(TRISTATE)
    has_lift = Choice(TRISTATE)
    needs_tail_lift = Choice(TRISTATE)
    floor = Text(40)
    height_limit_cm = Whole(100, 600, allow_none=True)
    hours = Text(200)
    access_note = Text(500)
    contact_name = Text(120)
    contact_phone = Text(30)
    contact_email = Text(200)


class SiteInput(SiteChange):
    """A new site."""

    name = Text(120, 1, required=True)
    postcode = Text(5, pattern=POSTCODE, required=True)
    commune_name = Text(80, 1, required=True)
