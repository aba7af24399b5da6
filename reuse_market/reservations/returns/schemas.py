"""Returns as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.invoices.services import LONGEST_NUMBER, MOST_CENTS
from reuse_market.reservations.return_models import REASONS, REMEDIES, RETURN_STATES
from reuse_market.reservations.returns.services import LONGEST
from reuse_market.web.fields import Asked, Cents, Choice, Day, Shown, Text, fields, maybe, unit_ids
from reuse_market.web.rest import Paging


class ReturnQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(RETURN_STATES)


class ReturnAsked(Asked):
    """Which units of the reservation, why, and what is wished."""

    units = unit_ids(500, required=True)
    reason = Choice(REASONS, required=True)
    wish = Choice(REMEDIES, required=True)
    words = Text(LONGEST, load_default="")


class ReturnAcceptance(Asked):
    """What the seller does, and how to bring the devices."""

    remedy = Choice(REMEDIES, required=True)
    answer = Text(LONGEST, load_default="")


class ReturnRefusal(Asked):
    """Why not."""

    answer = Text(LONGEST, 1, required=True)


class ReturnSettlement(Asked):
    """How it ends: as accepted unless told; the credit note of a purchase that was invoiced."""

    remedy = Choice(REMEDIES, allow_none=True, load_default=None)
    credit_number = Text(LONGEST_NUMBER, load_default="")
    credit_cents = Cents(MOST_CENTS, allow_none=True, load_default=None)
    credited_on = Day(allow_none=True, load_default=None)


class ReturnSchema(Shown):
    """A return. `covered_until`: last day of the cover when asked, null: none recorded."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    reservation = fields.String(required=True)
    beneficiary = fields.String()
    beneficiary_id = fields.Integer()
    seller = fields.String()
    seller_id = fields.Integer()
    reason = fields.String()
    wish = fields.String()
    remedy = maybe()
    words = fields.String()
    answer = fields.String()
    covered_until = maybe(fields.Date)
    replacement = maybe(metadata={"description": "The reservation made in exchange."})
    unit_count = fields.Integer()
    asked_at = fields.AwareDateTime()
    answered_at = maybe(fields.AwareDateTime)
    received_at = maybe(fields.AwareDateTime)
    ended_at = maybe(fields.AwareDateTime)


class OneReturnSchema(ReturnSchema):
    """A return with its units."""

    units = fields.List(fields.Integer())
