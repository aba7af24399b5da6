"""Two doors, one verb: a form and the schema of the same verb take the same fields within the same limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import marshmallow
import pytest
import wtforms
from flask import Flask
from flask_babel import Babel
from wtforms.validators import InputRequired, Length

from reuse_market.accounts import forms as account_forms
from reuse_market.accounts import (
    people_forms,
    people_schemas,
    registration_forms,
    search_forms,
    search_schemas,
)
from reuse_market.accounts import schemas as account_schemas
from reuse_market.catalogue import api_photos as offer_photos
from reuse_market.catalogue import photo_forms
from reuse_market.claims import forms as claim_forms
from reuse_market.claims import schemas as claim_schemas
from reuse_market.collection import api_door, link_forms, link_schemas, phone_schemas
from reuse_market.collection import forms as pickup_forms
from reuse_market.collection import schemas as pickup_schemas
from reuse_market.collection.arrivals import forms as arrival_forms
from reuse_market.collection.containers import forms as container_forms
from reuse_market.collection.revising import forms as revising_forms
from reuse_market.collection.revising import schemas as revising_schemas
from reuse_market.collection.rounds import forms as round_forms
from reuse_market.collection.rounds import schemas as round_schemas
from reuse_market.collection.shipments import forms as shipment_forms
from reuse_market.collection.shipments import schemas as shipment_schemas
from reuse_market.desk import admission_api, admission_forms
from reuse_market.erasure import forms as erasure_forms
from reuse_market.erasure import schemas as erasure_schemas
from reuse_market.fleets import (
    discard_forms,
    discard_schemas,
    forecast_forms,
    forecast_schemas,
    model_forms,
    model_schemas,
)
from reuse_market.lots import forms as lot_forms
from reuse_market.lots import schemas as lot_schemas
from reuse_market.lots import triage_forms, triage_schemas
from reuse_market.obligations.agec import forms as agec_forms
from reuse_market.obligations.agec import schemas as agec_schemas
from reuse_market.obligations.reen import forms as reen_forms
from reuse_market.obligations.reen import schemas as reen_schemas
from reuse_market.refurbishing import forms as bench_forms
from reuse_market.refurbishing import label_forms, label_schemas, request_forms
from reuse_market.refurbishing import schemas as bench_schemas
from reuse_market.refurbishing.api import solidarity as share_api
from reuse_market.refurbishing.parts import arrival_views
from reuse_market.refurbishing.parts import forms as part_forms
from reuse_market.refurbishing.parts import schemas as part_schemas
from reuse_market.refurbishing.solidarity import forms as share_forms
from reuse_market.reservations import basket_forms, basket_schemas
from reuse_market.reservations import forms as booking_forms
from reuse_market.reservations import schemas as booking_schemas
from reuse_market.reservations.fairness import forms as fair_forms
from reuse_market.reservations.fairness import schemas as fair_schemas
from reuse_market.reservations.handover import forms as handover_forms
from reuse_market.reservations.handover import schemas as handover_schemas
from reuse_market.reservations.invoices import forms as invoice_forms
from reuse_market.reservations.invoices import schemas as invoice_schemas
from reuse_market.reservations.needs import forms as need_forms
from reuse_market.reservations.needs import schemas as need_schemas
from reuse_market.reservations.ordering import forms as order_forms
from reuse_market.reservations.ordering import schemas as order_schemas
from reuse_market.reservations.requests import forms as asking_forms
from reuse_market.reservations.requests import schemas as asking_schemas
from reuse_market.reservations.returns import forms as return_forms
from reuse_market.reservations.returns import schemas as return_schemas
from reuse_market.reservations.waiting import forms as waiting_forms
from reuse_market.reservations.waiting import schemas as waiting_schemas
from reuse_market.web.fields import BIGGEST
from reuse_market.web.forms import EuroField, IntField


@dataclass(frozen=True)
class Pair:
    """A form and a schema. `named`: schema field → form field; `loose`: demanded at one door only, and why."""

    form: type[wtforms.Form]
    schema: type[marshmallow.Schema]
    named: dict[str, str] = field(default_factory=dict)
    form_only: frozenset[str] = frozenset()
    schema_only: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()  # the form asks for it; the API has a default, or keeps what is there
    other_unit: frozenset[str] = frozenset()  # gigabytes or kilograms typed, megabytes or grams sent


def pair(form: Any, schema: Any, **more: Any) -> Pair:
    """A Pair from plain lists."""
    return Pair(
        form, schema, **{k: v if isinstance(v, dict) else frozenset(v.split()) for k, v in more.items()}
    )


PAIRS = [
    pair(invoice_forms.InvoiceForm, invoice_schemas.InvoiceInput, loose="issued_on net_cents"),
    pair(invoice_forms.DisputeForm, invoice_schemas.DisputeInput),
    pair(invoice_forms.CreditForm, invoice_schemas.CreditInput, loose="issued_on"),
    pair(return_forms.ReturnForm, return_schemas.ReturnAsked, loose="reason wish"),
    pair(return_forms.AcceptForm, return_schemas.ReturnAcceptance, loose="remedy"),
    pair(return_forms.RefuseForm, return_schemas.ReturnRefusal, loose="answer"),
    pair(return_forms.SettleForm, return_schemas.ReturnSettlement, loose="remedy"),
    pair(handover_forms.PlanForm, handover_schemas.HandoverPlanInput),
    pair(agec_forms.TotalsForm, agec_schemas.AgecTotalsInput, loose="year"),
    pair(agec_forms.EntryForm, agec_schemas.AgecEntryInput),
    pair(agec_forms.EntryForm, agec_schemas.AgecEntryChange),
    pair(account_forms.SiteForm, account_schemas.SiteInput),
    pair(admission_forms.QualificationForm, admission_api.QualificationInput),
    pair(people_forms.InvitationForm, people_schemas.InvitationInput, loose="language"),
    pair(people_forms.MemberForm, people_schemas.MemberChange),
    pair(people_forms.RemovalForm, people_schemas.MemberRemoval),
    pair(registration_forms.EvidenceForm, people_schemas.EvidenceInput, loose="file"),
    pair(registration_forms.ForSomebodyForm, people_schemas.RegistrationInput, schema_only="language"),
    pair(
        registration_forms.ContactForm,
        people_schemas.OrganisationChange,
        schema_only="name legal_kind roles siret rna",
    ),
    pair(
        admission_forms.DecisionForm,
        admission_api.DecisionReason,
        form_only="roles paper_charter",
        loose="reason",
    ),  # fmt: skip
    pair(model_forms.ModelForm, model_schemas.ModelInput),
    pair(lot_forms.CountedLineForm, lot_schemas.CountedLineInput, schema_only="note"),
    pair(lot_forms.LineForm, lot_schemas.LineChange, schema_only="line", loose="label"),
    pair(
        lot_forms.TermsForm,
        lot_schemas.LotTerms,
        form_only="terms",
        schema_only="regime price_kind expected_month",
        loose="title site_id available_from available_until award_mode erased_by erasure_policy",
    ),  # fmt: skip
    pair(lot_forms.ValueForm, lot_schemas.ValueInput),
    pair(basket_forms.BasketForm, basket_schemas.BasketInput, form_only="once", loose="parts"),
    pair(
        waiting_forms.WaitForm,
        waiting_schemas.WaitInput,
        named={"ram_gb": "ram", "worst_grade": "grade", "most_cents": "most"},
        form_only="offer",
        schema_only="storage_gb screen_tenths",
        loose="ram_gb",
    ),
    pair(search_forms.SearchForm, search_schemas.SearchInput, schema_only="room query", loose="cadence"),
    pair(search_forms.SearchForm, search_schemas.SearchChange, loose="name cadence"),
    pair(search_forms.CapacityForm, search_schemas.CapacityInput, loose="condition minimum_per_stop"),
    pair(lot_forms.ReasonForm, lot_schemas.WithdrawalReason),
    pair(triage_forms.SortForm, triage_schemas.SortInput, loose="line"),
    pair(triage_forms.DescribeForm, triage_schemas.DescribeInput, loose="line"),
    pair(triage_forms.SplitForm, triage_schemas.SplitInput, schema_only="line"),
    pair(triage_forms.DepartureForm, triage_schemas.TriageDeparture, loose="outlet"),
    pair(discard_forms.DecisionForm, discard_schemas.DecisionInput),
    pair(reen_forms.LineForm, reen_schemas.ReenLineInput, schema_only="role"),
    pair(reen_forms.MarkForm, reen_schemas.ReenMarkInput, named={"units": "unit"}, loose="units"),
    pair(claim_forms.ReasonForm, claim_schemas.ReasonInput),
    pair(claim_forms.InterestForm, claim_schemas.InterestInput),
    pair(container_forms.ReadForm, revising_schemas.ReadInput, schema_only="line", loose="code"),
    pair(revising_forms.AnswerForm, revising_schemas.AnswerInput),
    pair(
        round_forms.VehicleForm,
        round_schemas.VehicleInput,
        named={"payload_g": "payload_kg"},
        other_unit="payload_g",
        loose="tail_lift",
    ),
    pair(
        shipment_forms.SendForm,
        shipment_schemas.SendInput,
        named={"weight_g": "weight_kg"},
        other_unit="weight_g",
        form_only="ranges codes",
        schema_only="units",
        loose="transfer receiver_id",
    ),
    pair(
        shipment_forms.AnswerForm,
        shipment_schemas.ShipmentAnswer,
        named={"received_g": "weight_kg"},
        other_unit="received_g",
        form_only="codes",
        loose="units outcome reason",
    ),
    pair(part_forms.TakeForm, part_schemas.TakenInput, loose="medium_id"),
    pair(part_forms.RepairForm, part_schemas.RepairInput, loose="work parts"),
    pair(part_forms.DismantleForm, part_schemas.DismantleInput, schema_only="parts", loose="reason"),
    pair(
        arrival_views.ArrivalForm,
        part_schemas.ArrivalAnswer,
        loose="reason_refused reason_missing",
        form_only="refused_numbers missing_numbers",
    ),  # fmt: skip
    pair(round_forms.RoundForm, round_schemas.RoundChange, loose="depot_site_id vehicle_id"),
    pair(round_forms.NewRoundForm, round_schemas.PlanInput, loose="depot_site_id pickups vehicles"),
    pair(pickup_forms.SlotForm, pickup_schemas.Slot),
    pair(arrival_forms.ProposalForm, arrival_forms.Proposal),
    pair(arrival_forms.ComingForm, arrival_forms.Coming),
    pair(arrival_forms.RulesForm, arrival_forms.Rules),
    pair(pickup_forms.ReasonForm, pickup_schemas.PickupReason),
    pair(pickup_forms.CodeForm, pickup_schemas.CodeCheck, schema_only="outcome reason note", loose="code"),
    pair(pickup_forms.CountForm, pickup_schemas.LineCheck, schema_only="line outcome reason note"),
    pair(pickup_forms.ExtraForm, pickup_schemas.ExtraInput),
    pair(pickup_forms.BrokenForm, pickup_schemas.CodeCheck, schema_only="outcome reason"),
    pair(pickup_forms.StickForm, phone_schemas.StickInput),
    pair(pickup_forms.PhotoForm, api_door.PhotoInput, loose="picture"),
    pair(pickup_forms.DriverForm, pickup_schemas.DriverSignature),
    pair(pickup_forms.HolderForm, pickup_schemas.HolderSignature),
    pair(link_forms.DriverLinkForm, link_schemas.DriverLinkInput),
    pair(label_forms.SeriesForm, label_schemas.SeriesInput),
    pair(label_forms.KeeperForm, label_schemas.KeeperInput),
    pair(label_forms.SheetForm, label_schemas.LabelSheetInput),
    pair(
        bench_forms.IdentityForm,
        bench_schemas.Identity,
        other_unit="ram_mb storage_mb screen_tenths",
        named={"ram_mb": "ram_gb", "storage_mb": "storage_gb", "screen_tenths": "screen"},
    ),  # fmt: skip
    pair(
        bench_forms.TestForm,
        bench_schemas.TestInput,
        schema_only="results battery_percent readings check_notes",
    ),
    pair(bench_forms.ReadyForm, bench_schemas.ReadyInput, loose="warranty_months"),
    pair(bench_forms.WasteForm, bench_schemas.WasteInput, form_only="sure"),
    pair(bench_forms.ReturnForm, bench_schemas.ReturnInput),
    pair(
        bench_forms.BatchForm,
        bench_schemas.RemovalDone,
        named={"weight_g": "weight_kg"},
        loose="removed_on",
        other_unit="weight_g",
    ),  # fmt: skip
    pair(share_forms.ShareForm, share_api.SolidarityShareInput),
    pair(photo_forms.OfferPhotoForm, offer_photos.OfferPhotoInput, loose="picture"),
    pair(
        fair_forms.AllottedFilter, fair_schemas.AllotmentQuery, loose="kind text", schema_only="cursor limit"
    ),
    pair(fair_forms.ExceptionForm, fair_schemas.ExceptionInput),
    pair(order_forms.TakeForm, order_schemas.TakeInput),
    pair(order_forms.OrderForm, order_schemas.PurchaseOrderInput),
    pair(request_forms.RequestForm, bench_schemas.RequestInput, form_only="sure"),
    pair(erasure_forms.MediumForm, erasure_schemas.MediumInput, schema_only="model"),
    pair(
        erasure_forms.CertificateForm,
        erasure_schemas.CertificateInput,
        named={"report": "file", "errors": "error_count"},
        loose="report",
    ),
    pair(
        erasure_forms.ReportForm,
        erasure_schemas.ReportInput,
        named={"report": "file", "errors": "error_count"},
        schema_only="units line count serials",
        form_only="serials",
        loose="report",
    ),
    pair(forecast_forms.RenewalForm, forecast_schemas.RenewalInput),
    pair(forecast_forms.AgeRuleForm, forecast_schemas.AgeRuleInput),
    pair(booking_forms.ReserveForm, booking_schemas.ReservationInput, form_only="once", loose="delivery"),
    pair(booking_forms.ReceiveForm, booking_schemas.Signature, form_only="received"),
    pair(booking_forms.HandOverForm, booking_schemas.CodeSignature),
    pair(booking_forms.ReleaseForm, booking_schemas.Release),
    pair(booking_forms.QuoteForm, booking_schemas.QuoteInput),
    pair(booking_forms.VoucherForm, booking_schemas.VoucherInput),
    pair(booking_forms.CounterForm, booking_schemas.CounterInput),
    pair(need_forms.OfficeNeedForm, need_schemas.NeedInput, loose="kind organisation_id"),
    pair(need_forms.ProposeForm, need_schemas.NeedProposal),
    pair(need_forms.CloseForm, need_schemas.NeedClosing),
    pair(need_forms.DeclineForm, need_schemas.MatchDecline, schema_only="match"),
    pair(need_forms.WithdrawForm, need_schemas.MatchWithdrawal, schema_only="match"),
    pair(need_forms.AttachForm, need_schemas.NeedAttachment),
    pair(asking_forms.OfficeForm, asking_schemas.AssociationRequestInput),
    pair(asking_forms.CallForm, asking_schemas.RequestCallInput),
    pair(asking_forms.FoundForm, asking_schemas.RequestFoundInput),
    pair(asking_forms.EndForm, asking_schemas.RequestEndInput),
    pair(asking_forms.AttachForm, asking_schemas.RequestAttachInput),
]
CHOOSING = (wtforms.SelectField, wtforms.RadioField)


@pytest.fixture(autouse=True)
def _request():
    """A request to word labels in; no database: limits are in the code."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context("/"):
        yield


pytestmark = pytest.mark.parametrize(
    "pair", PAIRS, ids=lambda pair: f"{pair.schema.__module__.split('.')[1]}.{pair.schema.__name__}"
)


def _code(choice):
    """The value of a choice, as a pair or as the library's own."""
    return choice[0] if isinstance(choice, tuple) else choice.value


def doors(pair):
    """(name, form field, schema field) of what both doors take."""
    form, schema = pair.form(), pair.schema()
    for name, asked in schema.fields.items():
        if name not in pair.schema_only:
            yield name, form[pair.named.get(name, name)], asked


def test_they_take_the_same_fields(pair):
    taken = {pair.named.get(name, name) for name in pair.schema().fields if name not in pair.schema_only}
    assert taken == set(pair.form()._fields) - pair.form_only


def test_they_demand_the_same(pair):
    for name, typed, asked in doors(pair):
        if name not in pair.loose and not isinstance(typed, CHOOSING):
            demanded = any(isinstance(rule, InputRequired) for rule in typed.validators)
            assert demanded == asked.required, name


def test_texts_have_the_same_length(pair):
    for name, typed, asked in doors(pair):
        if name in pair.other_unit or isinstance(typed, (*CHOOSING, wtforms.DateField, wtforms.FileField)):
            continue
        longest = [rule.max for rule in typed.validators if isinstance(rule, Length)]
        limits = [rule.max for rule in asked.validators if isinstance(rule, marshmallow.validate.Length)]
        if longest:
            assert limits == longest, name


def test_numbers_have_the_same_bounds(pair):
    for name, typed, asked in doors(pair):
        if name in pair.other_unit:
            continue
        [rule] = [r for r in asked.validators if isinstance(r, marshmallow.validate.Range)] or [None]
        if isinstance(typed, IntField):
            assert (rule.min, rule.max) == (typed.minimum, typed.maximum), name
        if isinstance(typed, EuroField):
            assert (rule.min, rule.max) == (typed.minimum, min(typed.maximum, BIGGEST)), name


def test_choices_are_the_same(pair):
    for name, typed, asked in doors(pair):
        codes = [rule.choices for rule in asked.validators if isinstance(rule, marshmallow.validate.OneOf)]
        if isinstance(typed, CHOOSING) and typed.choices and codes:
            offered = {_code(choice) for choice in typed.choices}
            if any(isinstance(rule, InputRequired) for rule in typed.validators):
                offered -= {""}  # "Choose": no answer
            assert offered == set(codes[0]), name
