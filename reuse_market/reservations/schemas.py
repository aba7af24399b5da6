"""Reservations as the API takes and shows them."""

from __future__ import annotations

from reuse_market.reservations.models import STATES, VOUCHER_STATES
from reuse_market.reservations.services import DELIVERIES, LONGEST_NAME, MOST
from reuse_market.reservations.vouchers import MOST_CENTS
from reuse_market.web.fields import (
    Asked,
    Cents,
    Choice,
    Day,
    Flag,
    Schema,
    Shown,
    Text,
    Whole,
    fields,
    maybe,
)
from reuse_market.web.rest import Paging


class ReservationQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(STATES)


class HeldSchema(Schema):
    """A unit of a reservation."""

    unit_id = fields.Integer(required=True)
    code = maybe(metadata={"description": "On its label."})
    kind = fields.String()
    maker = fields.String()
    model = fields.String()
    cpu = maybe()
    ram_mb = maybe(fields.Integer)
    storage_mb = maybe(fields.Integer)
    screen_tenths = maybe(fields.Integer)
    serial = maybe()
    grade = maybe()
    battery_percent = maybe(fields.Integer)
    warranty_months = maybe(fields.Integer)


class ReservationRowSchema(Shown):
    """A reservation in a list. `price_cents` is of one device, before tax."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    beneficiary_id = fields.Integer()
    beneficiary = fields.String()
    seller_id = fields.Integer()
    seller = fields.String()
    offer = fields.String(attribute="group_key")
    units = fields.Integer(required=True)
    price_cents = fields.Integer()
    vat_scheme = fields.String()
    order_number = fields.String()
    delivery = fields.String()
    note = fields.String()
    until = fields.Date(metadata={"description": "The hold ends after this day."})
    placed_at = fields.AwareDateTime()
    confirmed_at = maybe(fields.AwareDateTime)
    prepared_at = maybe(fields.AwareDateTime)
    provided_at = maybe(fields.AwareDateTime)
    signer_name = fields.String()
    act = maybe(metadata={"description": "resell, give or solidarity_sale."})
    reason = fields.String()
    basket = maybe(metadata={"description": "Placed in one go with the others of this basket."})
    extended_at = maybe(fields.AwareDateTime)
    offered_until = maybe(
        fields.Date, metadata={"description": "Offered from the waiting list: accept it by that day."}
    )


class ReservationSchema(ReservationRowSchema):
    """A reservation. `handover_code` is shown to the beneficiary, while it can be used."""

    held = fields.List(fields.Nested(HeldSchema))
    undertakings = fields.List(
        fields.String(), metadata={"description": "What the beneficiary must undertake when it signs."}
    )
    voucher = maybe(metadata={"description": "The orientation voucher it was sold on."})
    handover_code = maybe()


class ReservationInput(Asked):
    """How many, and how."""

    units = Whole(1, MOST, required=True)
    delivery = Choice(DELIVERIES, load_default="collect")
    order_number = Text(60, load_default="")
    note = Text(500, load_default="")


class Signature(Asked):
    """Who receives the devices."""

    name = Text(LONGEST_NAME, 1, required=True)
    undertaken = Flag(
        load_default=False,
        metadata={"description": "The beneficiary gives the `undertakings` asked of the reservation."},
    )


class CodeSignature(Signature):
    """The beneficiary's signature on the seller's screen."""

    code = Text(4, 4, pattern=r"^[0-9]{4}$", required=True)


class Release(Asked):
    """Why one lets go. The seller has to say."""

    reason = Text(500, load_default="")


class QuoteInput(Asked):
    """How many; nothing is held."""

    units = Whole(1, MOST, required=True)


class QuoteSchema(Schema):
    """A quote, as issued. Cents; `gross_cents` null: the VAT rate is not known."""

    number = fields.String(required=True)
    language = fields.String()
    valid_until = fields.Date()
    units = fields.Integer()
    scheme = fields.String()
    net_cents = fields.Integer()
    gross_cents = maybe(fields.Integer)
    statements = fields.List(fields.String())
    papers = fields.List(fields.String())
    links = fields.Dict(keys=fields.String(), values=fields.String())


class VoucherQuery(Paging):
    """What the list is narrowed by."""

    state = Choice(VOUCHER_STATES)
    kind = Text(40)


class VoucherInput(Asked):
    """For what a voucher is good. `cap_cents`: the most the person pays, VAT included."""

    kind = Text(40, allow_none=True, load_default=None)
    cap_cents = Cents(MOST_CENTS, allow_none=True, load_default=None)
    ends_on = Day(required=True)


class VoucherSchema(Shown):
    """An orientation voucher. `code` is read by its prescriber alone, while it is good."""

    reference = fields.String(required=True)
    state = fields.String(required=True)
    code = maybe()
    prescriber_id = fields.Integer()
    prescriber = fields.String()
    kind = maybe()
    cap_cents = maybe(fields.Integer)
    ends_on = fields.Date()
    issued_at = fields.AwareDateTime()
    ended_at = maybe(fields.AwareDateTime)
    reservation = maybe(metadata={"description": "Where it was used: shown to who may see it."})


class CounterInput(Asked):
    """A voucher presented at the counter, and what is paid, VAT included."""

    voucher = Text(40, 1, required=True)
    price_cents = Cents(MOST_CENTS, required=True)
