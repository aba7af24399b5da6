"""Requests of associations as the API takes and shows them: for the operator's program alone."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.reservations.needs.words import PUBLICS
from reuse_market.reservations.requests.answers import MOST
from reuse_market.reservations.requests.operating import LONGEST_NOTE, LONGEST_PLACE
from reuse_market.reservations.requests.request_models import CALLS, OUTCOMES, STATES
from reuse_market.web.fields import BIGGEST, Asked, Choice, Day, Schema, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging


class RequestQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(STATES)


class RequestLineSchema(Schema):
    """What is asked for; null where the association does not know. `need`: what it was posted as."""

    kind = maybe()
    units = maybe(fields.Integer)
    need = maybe()


class RequestCallSchema(Schema):
    """A call made for a request."""

    outcome = fields.String(required=True)
    note = fields.String()
    called_at = fields.AwareDateTime()


class AssociationRequestSchema(Shown):
    """A request, its contact facts (empty once forgotten), and where it stands."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    stage = fields.String(metadata={"description": "What its page tells the association."})
    source = fields.String()
    name = fields.String(attribute="association_name")
    phone = fields.String()
    email = fields.String()
    note = fields.String()
    publics = fields.List(fields.String())
    call_back = fields.Boolean()
    call_by = fields.Date()
    asked_at = fields.AwareDateTime()
    ended_at = maybe(fields.AwareDateTime)
    outcome = maybe()
    organisation_id = maybe(fields.Integer)
    found_units = maybe(fields.Integer)
    come_on = maybe(fields.Date)
    come_at = fields.String()
    come_between = fields.List(
        fields.List(fields.String()),
        metadata={"description": "Hours of the place on that day, where it has said."},
    )
    come_phone = fields.String(metadata={"description": "Of the place."})
    lines = fields.List(fields.Nested(RequestLineSchema))
    calls = fields.List(fields.Nested(RequestCallSchema))


class AssociationRequestInput(Asked):
    """The four questions, answered with the association on the phone. A phone or an address is needed."""

    name = Text(160, 1, required=True)
    phone = Text(30, load_default="")
    email = Text(200, load_default="")
    laptop = Whole(0, MOST)
    desktop = Whole(0, MOST, metadata={"description": "Each with a screen."})
    smartphone = Whole(0, MOST)
    tablet = Whole(0, MOST)
    publics = fields.List(Choice(PUBLICS), load_default=list, validate=validate.Length(max=len(PUBLICS)))
    note = Text(LONGEST_NOTE, load_default="")


class RequestCallInput(Asked):
    """A call."""

    outcome = Choice(CALLS, required=True)
    note = Text(LONGEST_NOTE, load_default="")


class RequestFoundInput(Asked):
    """What was found; a day needs a place."""

    units = Whole(1, MOST, required=True)
    come_on = Day()
    come_at = Text(LONGEST_PLACE, load_default="")


class RequestEndInput(Asked):
    """How it ended."""

    outcome = Choice(OUTCOMES, required=True)


class RequestAttachInput(Asked):
    """Whose request it is."""

    organisation_id = Whole(1, BIGGEST, required=True)
