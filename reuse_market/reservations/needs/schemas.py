"""Needs as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.needs.need_models import MATCH_SOURCES, NEED_STATES
from reuse_market.reservations.needs.posting import LIMITS, LONGEST_NOTE, MOST_PRICE, MOST_UNITS
from reuse_market.reservations.needs.proposing import MOST_UNITS as MOST_PROPOSED
from reuse_market.reservations.needs.words import CLOSINGS, DECLINES, PUBLICS, WITHDRAWALS
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Day,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
)
from reuse_market.web.rest import Paging


class NeedQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(NEED_STATES)
    kind = Text(40)


class NeedMatchSchema(Shown):
    """A proposal for a need. `price_cents`: one device, VAT included, the day it was proposed."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    need = fields.String(required=True)
    source = fields.String(required=True)
    units = fields.Integer(required=True)
    structure = fields.String()
    seller = maybe()
    offer = maybe()
    lot = maybe()
    reservation = maybe()
    expected_on = maybe(fields.Date)
    price_cents = maybe(fields.Integer)
    until = fields.Date()
    reason = maybe()
    answers = fields.List(
        fields.String(),
        metadata={"description": "accept, decline, withdraw: what this actor may do, on the need."},
    )


class NeedSchema(Shown):
    """What a structure looks for. `organisation_id` and `note` null for those not told who asks."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    organisation_id = maybe(fields.Integer)
    organisation = maybe()
    structure = maybe(metadata={"description": "The legal kind of who asks."})
    commune = maybe()
    kind = fields.String(required=True)
    units = fields.Integer(required=True)
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer)
    max_price_cents = maybe(fields.Integer)
    wanted_by = maybe(fields.Date)
    publics = fields.List(fields.String())
    note = maybe()
    posted_at = fields.AwareDateTime()
    proposed = fields.Integer()
    promised = fields.Integer()
    reserved = fields.Integer()
    served = fields.Integer()
    left = fields.Integer(metadata={"description": "Devices nothing is proposed for yet."})
    reason = maybe()


class NeedChange(Asked):
    """What a need asks for; what is not sent stays."""

    kind = Text(40, 1)
    units = Whole(1, MOST_UNITS)
    ram_mb = Whole(1, LIMITS["ram_mb"], allow_none=True)
    storage_mb = Whole(1, LIMITS["storage_mb"], allow_none=True)
    screen_tenths = Whole(1, LIMITS["screen_tenths"], allow_none=True)
    max_price_cents = Cents(MOST_PRICE, allow_none=True)
    wanted_by = Day(allow_none=True)
    publics = fields.List(Choice(PUBLICS))
    commune_insee = Text(5, allow_none=True)
    note = Text(LONGEST_NOTE)


class NeedInput(NeedChange):
    """A new need. `organisation_id` is the operator's alone."""

    kind = Text(40, 1, required=True)
    units = Whole(1, MOST_UNITS, required=True)
    organisation_id = Whole(1, BIGGEST, load_default=None, allow_none=True)


class NeedAttachment(Asked):
    """Whose need it is."""

    organisation_id = Whole(1, BIGGEST, required=True)


class NeedClosing(Asked):
    """Why it is closed."""

    reason = Choice(CLOSINGS, required=True)


class NeedProposal(Asked):
    """A supply (`source`, `supply` as `/needs/{ref}/matches` tells) and how many of it."""

    source = Choice(MATCH_SOURCES, required=True)
    supply = Text(120, 1, required=True)
    units = Whole(1, MOST_PROPOSED, required=True)


class MatchAcceptance(Asked):
    """Which proposal."""

    match = Text(20, 1, required=True)


class MatchDecline(MatchAcceptance):
    """Which proposal is declined, and why."""

    reason = Choice(DECLINES, required=True)


class MatchWithdrawal(MatchAcceptance):
    """Which proposal is taken back, and why."""

    reason = Choice(WITHDRAWALS, required=True)


class SharesSchema(Schema):
    """The proposals made."""

    made = fields.List(fields.String(), required=True)


class SupplySchema(Schema):
    """What would serve a need. `units` 0: refused, the reasons say why."""

    source = fields.String(required=True)
    supply = fields.String(required=True)
    units = fields.Integer(required=True)
    available = fields.Integer()
    seller_id = maybe(fields.Integer)
    seller = maybe()
    place = maybe()
    price_cents = maybe(fields.Integer)
    expected_on = maybe(fields.Date)
    refused = fields.Boolean()
    reasons = fields.List(fields.String())


class OutcomeSchema(Shown):
    """What the system proposes for a need, and what it does not."""

    need = fields.String(required=True)
    missing = fields.Integer(required=True)
    supplies = fields.List(fields.Nested(SupplySchema))
