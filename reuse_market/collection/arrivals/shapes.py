"""What the API shows of arrivals."""

from __future__ import annotations

from reuse_market.web.fields import Schema, Shown, fields, maybe


class FreeSlot(Schema):
    """A day and hours, Europe/Paris."""

    day = fields.Date(required=True)
    from_time = fields.String(required=True)
    to_time = fields.String(required=True)


class FreeSlots(Schema):
    """Slots worth proposing, by date; none where the site has not said its hours."""

    slots = fields.List(fields.Nested(FreeSlot), required=True)


class SheetSchema(Shown):
    """A place, and a visit of it."""

    arrival = fields.String(metadata={"description": "fetched, dropped_off, carrier or collection_day."})
    missing = fields.List(fields.String(), metadata={"description": "Codes of what the site does not say."})
    street = fields.String()
    postcode = fields.String()
    commune_name = fields.String()
    has_dock = fields.String()
    has_lift = fields.String()
    needs_tail_lift = fields.String()
    floor = fields.String()
    height_limit_cm = maybe(fields.Integer)
    access_note = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()
    week = maybe(fields.List, fields.List(fields.List(fields.String())))
    least_units = maybe(fields.Integer, metadata={"description": "From how many devices on the actor comes."})
    driver_name = fields.String()
    plate = fields.String()
    carrier_name = maybe()
    carrier_ref = maybe()
    protocol_needed = fields.Boolean()
    protocol = maybe(metadata={"description": "prepared or in_force; null: none that says what is true."})
    protocol_ref = maybe()
    clashes = fields.List(fields.String(), metadata={"description": "One's other pick-ups at these hours."})


class ProtocolSchema(Schema):
    """A loading safety protocol, in force once both have signed and until the place changes."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    site_id = fields.Integer()
    host_id = fields.Integer()
    carrier_id = fields.Integer()
    host_rules = fields.String()
    host_signed_at = maybe(fields.AwareDateTime)
    carrier_rules = fields.String()
    carrier_signed_at = maybe(fields.AwareDateTime)


class DaySlotSchema(Schema):
    """Hours of a grouped day."""

    id = fields.Integer(required=True)
    from_time = fields.String(required=True)
    to_time = fields.String(required=True)
    places = fields.Integer(required=True)
    free = fields.Integer(required=True)


class DaySchema(Shown):
    """A grouped collection day."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    day = fields.Date(required=True)
    organiser_id = fields.Integer()
    site_id = fields.Integer()
    place = fields.String()
    commune = fields.String()
    note = fields.String()
    most_units = maybe(fields.Integer)
    slots = fields.List(fields.Nested(DaySlotSchema))
    pickups = fields.List(fields.String(), metadata={"description": "Those one may see."})
