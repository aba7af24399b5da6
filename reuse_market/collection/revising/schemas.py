"""Sealed containers and revisions as the API takes and shows them."""

from __future__ import annotations

from marshmallow import validate

from reuse_market.collection.container_models import CONTAINER_KINDS, REVISION_STATES
from reuse_market.collection.containers.services import HEAVIEST, MOST
from reuse_market.collection.revising.choosing import REASONS, STILL
from reuse_market.lots.conditions import MOST_UNITS
from reuse_market.web.fields import Asked, Choice, Schema, Shown, Text, Whole, fields, maybe
from reuse_market.web.rest import Paging

CAUSES = sorted({reason for reasons in REASONS.values() for reason in reasons})


class RevisionQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(REVISION_STATES)
    pickup = Text(20)


class NotedUnits(Asked):
    """So many units of a line."""

    line = Whole(1, MOST_UNITS, required=True)
    units = Whole(0, 100_000, required=True)


class SealedInput(Asked):
    """A container: what is said to be in it, by line; or `units` in all, spread over the lines left."""

    kind = Choice(CONTAINER_KINDS, required=True)
    units = Whole(0, 100_000, load_default=0)
    lines = fields.List(fields.Nested(NotedUnits), load_default=list, validate=validate.Length(0, 100))
    seal = Text(40, load_default="")
    weight_grams = Whole(1, HEAVIEST, load_default=None, allow_none=True)


class ContainersInput(Asked):
    """Sealed containers noted in place of their units."""

    containers = fields.List(fields.Nested(SealedInput), required=True, validate=validate.Length(1, MOST))


class ReadInput(Asked):
    """A unit of a container, by what is written on it, or a new label stuck on one of `line`."""

    code = Text(80, 1, required=True)
    line = Whole(1, MOST_UNITS, load_default=None, allow_none=True)
    serial = Text(80, load_default=None, allow_none=True)


class CountInput(Asked):
    """Units found of each line; a line left out holds what was said. Devices of no line, in addition."""

    lines = fields.List(fields.Nested(NotedUnits), load_default=list, validate=validate.Length(0, 100))
    extra_kind = Text(40, load_default=None, allow_none=True)
    extra_label = Text(200, load_default="")
    extra = Whole(0, 10_000, load_default=0)


class CorrectionInput(Asked):
    """Units of a line, or by their numbers: `before` on the note, `after` in truth. An extra has no before."""

    before = Choice(sorted(STILL), allow_none=True, load_default=None)
    after = Choice((*sorted(STILL), "extra"), required=True)
    line = Whole(1, MOST_UNITS, load_default=None, allow_none=True)
    units = Whole(0, 100_000, load_default=0)
    codes = fields.List(Text(80, 1), load_default=list, validate=validate.Length(0, 1000))
    reason = Choice(CAUSES, required=True)
    kind = Text(40, load_default=None, allow_none=True)
    label = Text(200, load_default="")


class RevisionInput(Asked):
    """What was otherwise than the note, and why."""

    lines = fields.List(fields.Nested(CorrectionInput), load_default=list, validate=validate.Length(0, 50))
    reason = Text(500, 1, required=True)


class FoundInput(Asked):
    """Missing devices found at the holder's."""

    lines = fields.List(fields.Nested(NotedUnits), required=True, validate=validate.Length(1, 100))


class FoundSchema(Schema):
    """How many were found."""

    units = fields.Integer(required=True)


class AnswerInput(Asked):
    """Why: both sides read it."""

    reason = Text(500, 1, required=True)


class SettleInput(AnswerInput):
    """What the operator settles: in favour of who proposed it, or not."""

    in_favour = fields.Boolean(required=True)


class ContentSchema(Schema):
    """A line in a container."""

    line = maybe(fields.Integer)
    label = fields.String()
    declared = fields.Integer(required=True)
    read = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    extra = fields.Integer(required=True)


class ContainerSchema(Shown):
    """A sealed container of a pick-up."""

    code = fields.String(required=True)
    pickup = fields.String(required=True)
    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    seal = fields.String()
    declared = fields.Integer(required=True)
    counted = maybe(fields.Integer)
    counted_at = maybe(fields.AwareDateTime)
    weight_grams = maybe(fields.Integer)
    lines = fields.List(fields.Nested(ContentSchema))


class RevisionLineSchema(Schema):
    """What a revision corrects."""

    before = maybe()
    after = fields.String(required=True)
    line = maybe(fields.Integer)
    units = fields.Integer(required=True)
    reason = maybe()
    kind = maybe()
    label = fields.String()


class RevisionSchema(Shown):
    """A revision of a handover note: what one side says was otherwise, and what became of it."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    ground = fields.String(required=True)
    number = maybe(fields.Integer, metadata={"description": "Of the revised note, once approved."})
    pickup = fields.String(required=True)
    container = maybe()
    holder_id = fields.Integer()
    actor_id = fields.Integer()
    asked_by_id = fields.Integer()
    answered_by_id = maybe(fields.Integer)
    reason = fields.String()
    answer = fields.String()
    answer_until = fields.Date()
    made_at = fields.AwareDateTime()
    answered_at = maybe(fields.AwareDateTime)
    lines = fields.List(fields.Nested(RevisionLineSchema))
