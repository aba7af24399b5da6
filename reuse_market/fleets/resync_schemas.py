"""The questions an inventory leaves and their answers, as the API takes and shows them."""

from __future__ import annotations

from marshmallow.validate import Length

from reuse_market.fleets.comparing import GONE_ANSWERS, SAME_ANSWERS
from reuse_market.fleets.discard_schemas import DecisionInput
from reuse_market.web.fields import BIGGEST, Asked, Choice, Schema, Whole, fields, maybe
from reuse_market.web.rest import Paging

LISTS = ("changed", "gone", "unsure")
MOST = 1_000


class RecordQuery(Paging):
    """Which list: what changes, what the file lacks, what may be here already."""

    list = Choice(LISTS, required=True)


class RecordSchema(Schema):
    """What an import says of a device already here. `answer` is empty while none was given for it alone."""

    id = fields.Integer(required=True)
    row = fields.Integer(required=True, metadata={"description": "Of the file; 0 for what it lacks."})
    unit_id = fields.Integer(required=True)
    state = fields.String(required=True)
    serial = maybe()
    asset_tag = maybe()
    changes = fields.Dict(metadata={"description": "Field → {from, to}."})
    in_file = fields.Dict(metadata={"description": "What the file says of a device that may be this one."})
    why = fields.String(metadata={"description": "other_maker, other_serial or no_serial."})
    answer = fields.String()


class RecordAnswer(Asked):
    """The answer for one record: that of its list; without one, the general answer holds."""

    record = Whole(1, BIGGEST, required=True)
    answer = Choice((*GONE_ANSWERS, *SAME_ANSWERS), load_default="")


class AnswersInput(DecisionInput):
    """Answers for whole lists, for single records (they win), and the decision of the discard."""

    gone = Choice(GONE_ANSWERS, load_default=None)
    unsure = Choice(SAME_ANSWERS, load_default=None)
    each = fields.List(fields.Nested(RecordAnswer), load_default=list, validate=Length(max=MOST))


class UnitMergeInput(Asked):
    """The device that is kept."""

    into = Whole(1, BIGGEST, required=True)
