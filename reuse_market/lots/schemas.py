"""Lots as the API takes and shows them."""

from __future__ import annotations

from dataclasses import fields as members

from reuse_market.erasure.report_schemas import ErasureDemandSchema
from reuse_market.lots import conditions
from reuse_market.lots.models import STATES, TRISTATE, WORKS
from reuse_market.lots.queries import Balance
from reuse_market.lots.sharing_schemas import SharingShown, SharingTerms
from reuse_market.units.models import REGIMES
from reuse_market.web.fields import (
    BIGGEST,
    Asked,
    Cents,
    Choice,
    Day,
    Month,
    QueryFlag,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
    unit_ids,
    validate,
)
from reuse_market.web.rest import Paging

LOCK_SAID = "Whether it is released; empty: not concerned. Locks that are said decide `locks_released`."
BalanceSchema = Schema.from_dict(
    {member.name: fields.Integer(required=True) for member in members(Balance)}, name="Balance"
)


class LotQuery(Paging):
    """What the list is narrowed by."""

    mine = QueryFlag(load_default=False, metadata={"description": "Only the organisation's own."})
    open_now = QueryFlag(data_key="open", load_default=False, metadata={"description": "Takes claims today."})
    state = Choice(STATES)
    regime = Choice(REGIMES)
    kind = Text(40)
    commune = Text(5, metadata={"description": "INSEE code."})


class LineSchema(Schema):
    """Units alike in kind, model and condition."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    label = fields.String()
    declared = fields.Integer(required=True)
    extra = fields.Integer(metadata={"description": "Found at a pick-up, beyond what was declared."})
    left = fields.Integer(metadata={"description": "Still to be claimed."})
    claimed = fields.Integer(metadata={"description": "Awarded, not collected yet."})
    gone = fields.Integer(metadata={"description": "Collected, whatever became of them."})
    works = fields.String()
    charger = fields.String()
    os_installed = fields.String()
    windows_11 = fields.String()
    locks_released = fields.String(
        metadata={"description": "What the locks below say together, or said at once."}
    )
    lock_mdm = maybe(
        metadata={"description": "Autopilot, device management; null: not concerned, or not said."}
    )
    lock_activation = maybe(metadata={"description": "Apple Activation Lock."})
    lock_frp = maybe(metadata={"description": "Android Factory Reset Protection."})
    lock_bios = maybe(metadata={"description": "Password of the firmware."})
    note = fields.String()
    value_cents = maybe(fields.Integer, metadata={
        "description": "Estimated value of one device, tax included; null: not known, or not yours to know."
    })  # fmt: skip
    value_how = maybe()
    valued_on = maybe(fields.Date)


class PlaceSchema(Schema):
    """Where the units are; only the commune for who may not see the address."""

    commune = fields.String()
    site_id = fields.Integer()
    street = fields.String()
    postcode = fields.String()
    has_dock = fields.String()
    has_lift = fields.String()
    needs_tail_lift = fields.String()
    height_limit_cm = maybe(fields.Integer)
    floor = fields.String()
    hours = fields.String()
    access_note = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()
    contact_email = fields.String()


class TakerSchema(Schema):
    """What the law says of an award to one kind of organisation."""

    party = fields.String(required=True)
    allowed = fields.Boolean(required=True)
    article = fields.String()
    documents = fields.List(fields.String())
    code = maybe(metadata={"description": "Why it is refused."})
    instead = fields.List(fields.String())


class LotRowSchema(Shown):
    """A lot in a list."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    title = fields.String()
    holder = maybe(metadata={"description": "null for who is not told."})
    commune = fields.String()
    regime = maybe()
    price_kind = maybe()
    price_cents = maybe(fields.Integer, metadata={"description": "Of the whole lot, before tax."})
    award_mode = fields.String()
    available_from = maybe(fields.Date)
    available_until = maybe(fields.Date)
    claims_until = maybe(fields.Date)
    public_first_until = maybe(
        fields.Date, metadata={"description": "Last day kept for public bodies; null: open to all at once."}
    )
    expected_month = maybe(metadata={"description": "Of an announced lot: 2027-03."})
    planned_at = maybe(fields.AwareDateTime, metadata={"description": "When it was announced."})
    published_at = maybe(fields.AwareDateTime)
    declared = fields.Integer(required=True)
    left = fields.Integer(required=True)
    awarded = fields.Integer(required=True)


class LotSchema(LotRowSchema, SharingShown):
    """A lot."""

    note = fields.String()
    erased_by = maybe()
    erasure_policy = maybe()
    erasure_check = maybe(fields.Nested, ErasureDemandSchema)
    ended_at = maybe(fields.AwareDateTime)
    public_first_days = maybe(fields.Integer)
    takes_as_it_is = fields.Boolean(metadata={"description": "Who uses the devices itself may take them so."})
    takers = fields.List(fields.Nested(TakerSchema))
    place = fields.Nested(PlaceSchema)
    distance_m = maybe(fields.Integer)
    mass_g = maybe(fields.Integer, metadata={"description": "Usual mass of what is declared."})
    lines = fields.List(fields.Nested(LineSchema))
    balance = fields.Nested(BalanceSchema)


class LotUnitSchema(Schema):
    """A unit of a lot, for those who may see serial numbers."""

    id = fields.Integer(required=True)
    line = maybe(fields.Integer)
    kind = fields.String()
    model = fields.String()
    serial = maybe()
    asset_tag = maybe()
    state = fields.String()
    outcome = maybe(metadata={"description": "How it left the lot; null while it is in it."})


class Condition(Asked):
    """The condition of a line."""

    works = Choice(WORKS)
    charger = Choice(TRISTATE)
    os_installed = Choice(TRISTATE)
    windows_11 = Choice(TRISTATE)
    locks_released = Choice(TRISTATE)
    lock_mdm = Choice(("", *TRISTATE), metadata={"description": LOCK_SAID})
    lock_activation = Choice(("", *TRISTATE), metadata={"description": LOCK_SAID})
    lock_frp = Choice(("", *TRISTATE), metadata={"description": LOCK_SAID})
    lock_bios = Choice(("", *TRISTATE), metadata={"description": LOCK_SAID})
    note = Text(300)


class LotInput(Asked):
    """A new draft: empty with a title, or made of fleet units and titled by what they are."""

    title = Text(160, 3)
    site_id = Whole(1, BIGGEST, allow_none=True)
    units = unit_ids(conditions.MOST_UNITS)


class UnitsInput(Asked):
    """Fleet units."""

    units = unit_ids(conditions.MOST_UNITS, required=True)


class CountedLineInput(Condition):
    """Devices without serial numbers: how many of what."""

    kind = Text(40, 1, required=True)
    units = Whole(1, conditions.MOST_UNITS, required=True)
    label = Text(200)


class LineChange(Condition):
    """What to change of a line; `units` of a counted one only."""

    line = Whole(1, conditions.MOST_UNITS, required=True)
    label = Text(200)
    units = Whole(1, conditions.MOST_UNITS)


class LineNumber(Asked):
    """A line."""

    line = Whole(1, conditions.MOST_UNITS, required=True)


class LotTerms(SharingTerms):
    """The terms of a draft; what is not sent stays. It may stay incomplete until it is published."""

    title = Text(160, 3)
    note = Text(1000)
    site_id = Whole(1, BIGGEST, allow_none=True)
    available_from = Day(allow_none=True)
    available_until = Day(allow_none=True)
    claims_until = Day(allow_none=True)
    regime = Choice(conditions.OPEN_REGIMES)
    price_kind = Choice(sorted({kind for kinds in conditions.PRICE_KINDS.values() for kind in kinds}))
    price_cents = Cents(allow_none=True)
    award_mode = Choice(conditions.AWARD_MODES)
    erased_by = Choice(conditions.ERASERS)
    erasure_policy = Choice(conditions.ERASURE_POLICIES)
    public_first_days = Whole(1, conditions.MOST_PUBLIC_FIRST, allow_none=True)
    expected_month = Month(metadata={"description": "Of a lot to announce: 2027-03."})


class ValueInput(Asked):
    """The estimated value of one device of each of these lines, tax included; null: not known."""

    line = fields.List(
        Whole(1, conditions.MOST_UNITS), required=True, validate=validate.Length(1, conditions.MOST_UNITS)
    )
    value_cents = Cents(allow_none=True)
    value_how = Choice(conditions.VALUATIONS)
    valued_on = Day(allow_none=True)


class WithdrawalReason(Asked):
    """Why."""

    reason = Text(500, 3, required=True)


class Deleted(Schema):
    """What is no more."""

    reference = fields.String(required=True)
    deleted = fields.Boolean(required=True)


class DestinationQuery(Asked):
    """Which devices of the fleet: their ids, separated by commas; none: all the discarded ones."""

    units = Text(4000, pattern=r"^([0-9]{1,9}(,[0-9]{1,9})*)?$", load_default="")


class RefusalSchema(Schema):
    """Why some devices may not go this way."""

    units = fields.Integer(required=True)
    code = fields.String(required=True)
    article = fields.String()
    detail = fields.String()
    instead = fields.List(fields.String())


class OutletSchema(Schema):
    """One way out, for one kind of taker."""

    outlet = fields.String(required=True)
    party = fields.String(required=True)
    regime = maybe(metadata={"description": "The regime of a lot that goes this way; null: none does."})
    allowed = fields.Integer(required=True, metadata={"description": "How many of these devices may."})
    needs_value = fields.Boolean(required=True)
    article = fields.String()
    documents = fields.List(fields.String())
    cap_cents = maybe(fields.Integer)
    refused = fields.List(fields.Nested(RefusalSchema))


class DestinationsSchema(Schema):
    """Where devices may go by the law of the day. Ages are advice, never a rule."""

    lot = maybe()
    units = fields.Integer(required=True)
    giver = fields.String(metadata={"description": "What the holder is before the law."})
    ages = fields.Dict(keys=fields.String(), values=fields.Integer())
    outlets = fields.List(fields.Nested(OutletSchema))
