"""The options on who gets how much, as the API takes and shows them."""

from __future__ import annotations

from reuse_market.lots import conditions
from reuse_market.web.fields import Asked, Choice, Schema, Whole, fields, maybe

CAP = "Units one organisation may have at most, first come or shared at closing; null: no cap."
KEPT = "Share of the units kept for `reserved_for`, when shared at closing; null: none."


class SharingTerms(Asked):
    """Options of a draft; those that do not go with its award mode are forgotten."""

    cap_per_actor = Whole(1, conditions.MOST_UNITS, allow_none=True, metadata={"description": CAP})
    reserved_percent = Whole(1, 100, allow_none=True, metadata={"description": KEPT})
    reserved_for = Choice(conditions.RESERVED_FOR, allow_none=True)


class SharingShown(Schema):
    """The same, of a lot."""

    cap_per_actor = maybe(fields.Integer, metadata={"description": CAP})
    reserved_percent = maybe(fields.Integer, metadata={"description": KEPT})
    reserved_for = maybe()
