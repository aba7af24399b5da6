"""What makes an act lawful (admission, standing, terms, pledges, proofs, vouchers) cannot be changed unseen.

The list is literal; whatever column it does not try is named in OPEN with the reason why nobody would notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import charter
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import services as claims
from reuse_market.erasure import services as erasure
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, db, migrating
from reuse_market.kernel.db import session
from reuse_market.regimes import services as regimes
from reuse_market.regimes.cases import Cell
from reuse_market.reservations import counter, handing, services, vouchers
from tests.proofs.test_tampering import BY_SQL as OF_UNITS
from tests.support import direct
from tests.support import world as build
from tests.support.tampering import broken_by
from tests.support.workshop import proof
from tests.support.world import Party, World

UNIT, ENGAGED = "replay.unit", "replay.engagement"

# name → (SQL with the marks of `Lawful`, rules broken)
BY_SQL: dict[str, tuple[str, set[str]]] = {
    "suspended in silence": ("UPDATE organisation SET state = 'suspended' WHERE id = :shop", {"organisation.told"}),
    "a role given in silence": (
        "INSERT INTO organisation_role (organisation_id, role) VALUES (:buyer, 'operator')", {"organisation.told"},
    ),
    "a role changed": (
        "UPDATE organisation_role SET role = 'buyer' WHERE organisation_id = :shop", {"organisation.told"},
    ),
    "a role taken": ("DELETE FROM organisation_role WHERE organisation_id = :shop", {"organisation.told"}),
    "a better standing": (
        "UPDATE qualification SET party_kind = 'reuse_body_esus' WHERE organisation_id = :taker",
        {"qualification.told"},
    ),
    "standing from an earlier day": (
        "UPDATE qualification SET valid_from = '2020-01-01' WHERE organisation_id = :taker", {"qualification.told"},
    ),
    "standing that ends": (
        "UPDATE qualification SET until = '2020-01-01' WHERE organisation_id = :taker", {"qualification.told"},
    ),
    "standing of another": (
        "UPDATE qualification SET organisation_id = :buyer WHERE organisation_id = :taker", {"qualification.told"},
    ),
    "standing gone": ("DELETE FROM qualification WHERE organisation_id = :taker", {"qualification.told"}),
    "another charter": (
        "UPDATE charter_signature SET version = '1999-01' WHERE organisation_id = :shop", {"charter.told"},
    ),
    "another text": (
        "UPDATE charter_signature SET text_sha256 = 'x' WHERE organisation_id = :shop", {"charter.told"},
    ),
    "signed by another organisation": (
        "UPDATE charter_signature SET organisation_id = :buyer WHERE organisation_id = :shop", {"charter.told"},
    ),
    "signed on paper": (
        "UPDATE charter_signature SET person_id = NULL WHERE organisation_id = :shop", {"charter.told"},
    ),
    "charter gone": ("DELETE FROM charter_signature WHERE organisation_id = :shop", {"charter.told"}),
    "kept longer for public bodies": (
        "UPDATE lot SET public_first_until = '2039-01-01' WHERE reference = :kept", {"lot.told"},
    ),
    "no longer kept": ("UPDATE lot SET public_first_until = NULL WHERE reference = :kept", {"lot.told"}),
    "another regime": ("UPDATE lot SET regime = 'gift' WHERE reference = :given", {"lot.told"}),
    "erased by another": ("UPDATE lot SET erased_by = 'reuse_actor' WHERE reference = :given", {"lot.told"}),
    "an easier policy": ("UPDATE lot SET erasure_policy = 'purge' WHERE reference = :given", {"lot.told"}),
    "another holder": ("UPDATE lot SET holder_id = :buyer WHERE reference = :given", {"lot.told"}),
    "worth less": ("UPDATE lot_line SET value_cents = 1 WHERE lot_id = :given_id", {"lot.told"}),
    "valued otherwise": ("UPDATE lot_line SET value_how = 'x' WHERE lot_id = :given_id", {"lot.told"}),
    "valued on another day": (
        "UPDATE lot_line SET valued_on = '2020-01-01' WHERE lot_id = :given_id", {"lot.told"},
    ),
    "lot gone": ("DELETE FROM lot WHERE reference = :kept", {"lot.told"}),
    "line gone": ("DELETE FROM lot_line WHERE lot_id = :given_id", {"lot.told"}),
    "published in no time": ("UPDATE lot SET published_at = NULL WHERE reference = :kept", {"lot.told"}),
    "line renumbered": ("UPDATE lot_line SET number = 7 WHERE lot_id = :given_id", {"lot.told", "lot.balance"}),
    "organisation gone": ("DELETE FROM organisation WHERE id = :buyer", {"organisation.told"}),
    "nothing asked": ("DELETE FROM claim_line WHERE claim_id = :claim_id", {"claim.told"}),
    "in another capacity": ("UPDATE claim SET capacity = 'reuse_actor' WHERE reference = :claim", {"claim.told"}),
    "another commitment": (
        "UPDATE claim SET commitment_version = '1999-01' WHERE reference = :claim", {"claim.told"},
    ),
    "undertaking forgotten": (
        "UPDATE claim SET undertaking_version = '' WHERE reference = :claim", {"claim.told"},
    ),
    "claimed by another": (
        "UPDATE claim SET organisation_id = :buyer WHERE reference = :claim", {"claim.told"},
    ),
    "claim declined": ("UPDATE claim SET state = 'declined' WHERE reference = :claim", {"claim.told"}),
    "asked for more": ("UPDATE claim_line SET asked = 9 WHERE claim_id = :claim_id", {"claim.told"}),
    "claim gone": ("DELETE FROM claim WHERE reference = :claim", {"claim.told"}),
    "pick-up undone": ("UPDATE pickup SET state = 'agreed' WHERE reference = :pickup", {"pickup.told"}),
    "holder's signature gone": (
        "UPDATE pickup SET holder_signed_at = NULL WHERE reference = :pickup", {"pickup.told"},
    ),
    "driver's signature gone": (
        "UPDATE pickup SET driver_signed_at = NULL WHERE reference = :pickup", {"pickup.told"},
    ),
    "pick-up gone": ("DELETE FROM pickup WHERE reference = :pickup", {"pickup.told"}),
    "provided without an instant of erasure": (
        "UPDATE unit SET erased_at = NULL WHERE id = :as_is", {UNIT, "unit.gate"},
    ),
    "provided without proof": ("DELETE FROM media_count WHERE unit_id = :as_is", {"unit.gate", "media.told"}),
    "more media": ("UPDATE media_count SET media = 2 WHERE unit_id = :as_is", {"unit.gate", "media.told"}),
    "count of another unit": (
        "UPDATE media_count SET unit_id = 987654 WHERE unit_id = :as_is", {"unit.gate", "media.told"},
    ),
    "count void": ("UPDATE media_count SET void_at = :now WHERE unit_id = :as_is", {"unit.gate"}),
    "purged, not cleared": (
        "UPDATE erasure_certificate SET method = 'destroy' WHERE id = :certificate", {"erasure.told"},
    ),
    "another technique": (
        "UPDATE erasure_certificate SET technique = 'overwrite' WHERE id = :certificate", {"erasure.told"},
    ),
    "failed, now good": ("UPDATE erasure_certificate SET result = 'ok' WHERE id = :failed", {"erasure.told"}),
    "verified": ("UPDATE erasure_certificate SET verified = :no WHERE id = :certificate", {"erasure.told"}),
    "errors": ("UPDATE erasure_certificate SET errors = 7 WHERE id = :certificate", {"erasure.told"}),
    "hidden areas": (
        "UPDATE erasure_certificate SET hidden_areas = 'erased' WHERE id = :certificate", {"erasure.told"},
    ),
    "erased on another day": (
        "UPDATE erasure_certificate SET erased_at = '2020-01-01 00:00:00' WHERE id = :certificate", {"erasure.told"},
    ),
    "another report": (
        "UPDATE erasure_certificate SET file_sha256 = 'x' WHERE id = :certificate", {"erasure.told"},
    ),
    "proof of another medium": (
        "UPDATE erasure_certificate SET medium_id = 987654 WHERE id = :certificate", {"erasure.told"},
    ),
    "medium of another unit": (
        "UPDATE storage_medium SET unit_id = :as_is WHERE id = :medium", {"erasure.told", "unit.gate"},
    ),
    "a certificate taken back": (
        "UPDATE erasure_certificate SET void_at = :now WHERE id = :certificate", {"erasure.seconded"},
    ),
    "an exception nobody accepted": (
        "INSERT INTO erasure_exception (certificate_id, ground, organisation_id, person_name, accepted_at) "
        "VALUES (:failed, 'encrypted', :shop, 'x', :now)", {"erasure.seconded"},
    ),
    "a second look nobody asked for": (
        "INSERT INTO erasure_demand (stream, how, organisation_id, set_at) "
        "VALUES ('lot/LOT-1999-0001', 'unit', :shop, :now)", {"erasure.seconded"},
    ),
    "a check nobody signed": (
        "INSERT INTO erasure_check (organisation_id, stream, how, percent, seed, made_at, signed_at, signer_name, "
        "signer_title, signer_place) VALUES (:shop, 'lot/LOT-1999-0001', 'unit', 100, 'x', :now, :now, '', '', '')",
        {"erasure.seconded"},
    ),
    "medium gone": ("DELETE FROM storage_medium WHERE id = :medium", {"erasure.told"}),
    "certificate gone": ("DELETE FROM erasure_certificate WHERE id = :certificate", {"erasure.told"}),
    "certificate added": (
        "INSERT INTO erasure_certificate (medium_id, method, technique, tool, tool_version, result, verified,"
        " hidden_areas, erased_at, operator_name, validator_name, organisation_id, recorded_at) VALUES (:medium,"
        " 'purge', 'x', 'x', '', 'ok', :yes, 'none', :now, 'x', '', :shop, :now)", {"erasure.told"},
    ),
    "test of another protocol": ("UPDATE test_run SET protocol = 'x' WHERE unit_id = :ready", {"test.told"}),
    "a better battery": ("UPDATE test_run SET battery_percent = 99 WHERE unit_id = :ready", {"test.told"}),
    "test of another unit": (
        "UPDATE test_run SET unit_id = :as_is WHERE unit_id = :ready", {"test.told", "unit.gate"},
    ),
    "tests gone": ("DELETE FROM test_run WHERE unit_id = :ready", {"test.told", "unit.gate"}),
    "undertaking gone": ("DELETE FROM undertaking WHERE reservation_id = :promised", {"undertaking.told"}),
    "another undertaking": (
        "UPDATE undertaking SET code = 'x' WHERE reservation_id = :promised", {"undertaking.told"},
    ),
    "undertaking of another reservation": (
        "UPDATE undertaking SET reservation_id = :counter WHERE reservation_id = :promised", {"undertaking.told"},
    ),
    "voucher good again": (
        "UPDATE orientation_voucher SET state = 'issued' WHERE id = :used", {"voucher.told", "voucher.balance"},
    ),
    "voucher used by nobody": (
        "UPDATE orientation_voucher SET state = 'used' WHERE id = :unused", {"voucher.told", "voucher.balance"},
    ),
    "voucher of another prescriber": (
        "UPDATE orientation_voucher SET prescriber_id = :shop WHERE id = :used", {"voucher.told"},
    ),
    "voucher renamed": (
        "UPDATE orientation_voucher SET reference = 'ORI-2026-0404' WHERE id = :unused", {"voucher.told"},
    ),
    "voucher gone": ("DELETE FROM orientation_voucher WHERE id = :unused", {"voucher.told"}),
    "sold without its voucher": (
        "UPDATE reservation SET voucher_id = NULL WHERE id = :counter", {"voucher.told", "voucher.balance"},
    ),
    "act of another": ("UPDATE event SET act_id = 'x' WHERE id = :event", {"journal.column"}),
    "said to be oneself": ("UPDATE event SET via = 'operator' WHERE id = :event", {"journal.column"}),
    "event renamed": ("UPDATE event SET uid = 'x' WHERE id = :event", {"journal.column"}),
    "range of an import longer": (
        "UPDATE event_range SET last = last + 1 WHERE event_id > 0", {"journal.pairs"},
    ),
    "range of an import gone": ("DELETE FROM event_range WHERE event_id > 0", {"journal.pairs"}),
    "key of a commitment": (
        "UPDATE event_commitment SET key = '00' WHERE event_id = :event", {"journal.commitment"},
    ),
    "head elsewhere": ("UPDATE stream_head SET hash = 'x' WHERE stream = :stream", {"journal.head"}),
    "a public body by decree": (
        "UPDATE organisation SET legal_kind = 'state' WHERE id = :buyer", {"organisation.told"},
    ),
    "engagement of another unit": (
        "UPDATE engagement SET unit_id = :ready WHERE unit_id = :as_is", {ENGAGED},
    ),
    "sale gone": ("DELETE FROM reservation WHERE id = :counter", {"voucher.told", "voucher.balance"}),
}  # fmt: skip

# Why nobody would notice → the tables, or the columns of tables above, of which that is so.
OPEN: dict[str, set[str]] = {
    "who looked at what: no act, proves nothing of a device, kept three years and then forgotten": {
        "sighting"
    },
    "euros that parties tell each other, and a buyer of itself: no device moves (tests/obligations, test_invoices)": {
        "invoice",
        "credit_note",
        "agec_entry",
        "agec_year",
        "agec_import",
        "agec_mapping",
        "agec_reminder",
    },
    "what is agreed of a handover or of a return, beside the events that tell it and move the devices (test_returns)": {
        "handover_plan",
        "kit_item",
        "returned_unit",
        "reservation.warranty_months",
    },
    "sharing: each unit.ready tells it, share.kept and share.early judge it; the papers of a purchase are proven": {
        "lot_share",
        "share_stamp",
        "ceiling_exception",
        "quote_terms",
        "purchase_order",
    },
    "what a self-audit found: asked for again, it finds it again": {
        "self_audit",
        "self_audit_fault",
        "refusal_told",
    },
    "the log and what is signed of it: tried in tests/traceability/test_log.py": {
        "log_pending",
        "log_entry",
        "log_node",
        "checkpoint",
        "log_key",
        "log_refusal",
        "log_statement",
    },
    "corrections of acts, tried one by one in tests/proofs/test_corrections.py": {"correction"},
    "shipments, tried one by one in tests/collection/test_shipments.py": {"shipment", "shipment_unit"},
    "parts and masses, tried one by one in tests/refurbishing/test_parts.py": {
        "part",
        "part_fit",
        "dismantling",
    },
    "asked for, and held against their events (`asked.told`), tried one by one in tests/proofs/test_asked.py": {
        "need",
        "need_match",
        "waiting_entry",
        "unit_return",
    },
    "repairs, tried in tests/proofs/test_corrections.py; note and cost are the workshop's own": {"repair"},
    "a preparation, or a paper's words beside an event that tells the act; the stock is read again from the journal": {
        "departure",
        "association_request",
        "request_call",
        "request_line",
        "request_link",
        "discard",
        "discarded_unit",
        "january_kind",
        "january_stock",
        "reen_line",
        "reen_mark",
        "triage",
        "triage_line",
        "triage_unit",
    },
    "reference rows: dated, sourced and told when a person adds one; what they were is read in the shipped files": {
        "agec_category",
        "delay",
        "grade",
        "impact_factor",
        "kind",
        "kind_mass",
        "kind_renewal",
        "kind_weee",
        "price_cap",
        "purchase_threshold",
        "solidarity_share",
        "unit_ceiling",
        "scheme_minimum",
        "rate",
        "regime_rule",
        "qualification.confidence",
        "qualification.evidence_id",
    },
    "free text and names: kept beside the journal so that they can be forgotten, or bound by a commitment": {
        "pickup_photo",
        "offer_photo",
        "claim.message",
        "claim.reason",
        "lot.title",
        "lot.note",
        "lot_line.label",
        "lot_line.note",
        "pickup.note",
        "pickup.plate",
        "pickup.carrier_name",
        "pickup.carrier_ref",
        "pickup.driver_name",
        "pickup.driver_link_id",
        "pickup.holder_signer",
        "pickup.reason",
        "pickup_check.note",
        "pickup_check.label",
        "pickup_check.serial",
        "reservation.note",
        "reservation.order_number",
        "reservation.signer_name",
        "reservation.reason",
        "test_run.note",
        "test_run.check_notes",
        "test_run.readings",
        "undertaking.name",
        "erasure_certificate.tool",
        "erasure_certificate.tool_version",
        "erasure_certificate.operator_name",
        "erasure_certificate.validator_name",
        "erasure_certificate.maker",
        "erasure_certificate.model",
        "erasure_certificate.serial",
        "erasure_certificate.property_number",
        "erasure_certificate.media_source",
        "erasure_certificate.confidentiality",
        "erasure_certificate.operator_title",
        "erasure_certificate.operator_place",
        "erasure_certificate.validator_title",
        "erasure_certificate.validator_place",
        "erasure_certificate.validated_on",
        "erasure_certificate.report_number",
        "erasure_certificate.verification",
        "erasure_certificate.passes",
        "erasure_certificate.destination",
        "storage_medium.serial",
        "storage_medium.model",
        "organisation.name",
        "organisation.phone",
        "organisation.email",
        "organisation.decision_reason",
        "qualification.source",
        "unit.serial",
        "unit.serial_key",
        "unit.asset_tag",
        "unit.holder_key",
    },
    "who clicked: a commitment of the event names the person": {
        "claim.committed_by",
        "pickup.driver_id",
        "pickup_check.person_id",
        "test_run.person_id",
        "media_count.person_id",
        "erasure_certificate.person_id",
        "undertaking.person_id",
        "lot_line.valued_by",
        "test_run.organisation_id",
        "media_count.organisation_id",
        "erasure_certificate.organisation_id",
    },
    "the journal's own date is the one that proves": {
        "pickup_check.read_at",
        "charter_signature.signed_at",
        "claim.committed_at",
        "claim.submitted_at",
        "claim.answered_at",
        "engagement.from_at",
        "erasure_certificate.recorded_at",
        "lot.made_at",
        "lot.ended_at",
        "lot.planned_at",
        "lot.plan_changed_at",
        "lot.plan_reminded_at",
        "media_count.counted_at",
        "orientation_voucher.issued_at",
        "orientation_voucher.ended_at",
        "organisation.charter_accepted_on",
        "organisation.decided_at",
        "organisation.made_at",
        "pickup.made_at",
        "pickup.site_asked_at",
        "pickup.eve_told_at",
        "pickup.morning_told_at",
        "pickup_check.at",
        "reservation.placed_at",
        "reservation.confirmed_at",
        "reservation.prepared_at",
        "reservation.provided_at",
        "reservation.extended_at",
        "storage_medium.counted_at",
        "storage_medium.removed_at",
        "test_run.tested_at",
        "undertaking.given_at",
    },
    "counts writes, or keys a form or a page": {
        "claim.version",
        "lot.version",
        "organisation.version",
        "orientation_voucher.version",
        "pickup.version",
        "reservation.version",
        "unit.version",
        "pickup_check.batch",
        "reservation.once",
        "reservation.group_key",
        "organisation.registration_ref",
        "orientation_voucher.code",
    },
    "a term between parties, on the papers that both keep; the checkpoints of the proof issue bind the papers": {
        "claim.proposal",
        "claim.minimum",
        "share",
        "share_claim",
        "share_line",
        "claim.amount_cents",
        "claim.answer_until",
        "lot.price_kind",
        "lot.price_cents",
        "lot.award_mode",
        "lot.cap_per_actor",
        "lot.reserved_percent",
        "lot.reserved_for",
        "lot.available_from",
        "lot.available_until",
        "lot.claims_until",
        "lot.site_id",
        "pickup.day",
        "pickup.from_time",
        "pickup.to_time",
        "pickup.asked_by_id",
        "pickup.answer_until",
        "pickup.site_id",
        "pickup.arrival",
        "pickup.slot_id",
        "standby",
        "loading_protocol",
        "collection_day",
        "collection_slot",
        "reservation.price_cents",
        "reservation.vat_scheme",
        "reservation.delivery",
        "reservation.until",
        "reservation.offered_until",
        "reservation.basket",
        "reservation.act",
        "orientation_voucher.kind",
        "orientation_voucher.cap_cents",
        "orientation_voucher.ends_on",
        "orientation_voucher.seller_id",
        "undertaking.version",
        "charter_signature.language",
        "organisation.answer_until",
        "lot.public_first_days",
        "erasure_report",
        "erasure_report_entry",
        "document",
        "document_reader",
        "stored_file",
        "file_use",
        "offer",
        "label",
        "hardware_report",
        "label_series",
        "label_wait",
        "lock_link",
        "lock_request",
        "lock_wait",
        "technician_key",
        "driver_link",
        "signature_link",
    },
    "tried by a row the journal does not know, above: erasure.seconded compares every column that decides": {
        "erasure_exception",
        "erasure_demand",
        "erasure_check",
        "erasure_checked",
    },
    "describes a device, and decides nothing": {
        "lot_line.kind",
        "lot_line.model_id",
        "lot_line.works",
        "lot_line.charger",
        "lot_line.os_installed",
        "lot_line.windows_11",
        "lot_line.lock_activation",
        "lot_line.lock_bios",
        "lot_line.lock_frp",
        "lot_line.lock_mdm",
        "lot_line.locks_released",
        "media_count.seen_how",
        "pickup_check.kind",
        "pickup_check.reason",
        "storage_medium.size_mb",
        "test_run.results",
        "unit.bought_on",
        "unit.count",
        "unit.cpu",
        "unit.kind",
        "unit.model_id",
        "unit.origin",
        "unit.os",
        "unit.ram_mb",
        "unit.screen_tenths",
        "unit.site_id",
        "unit.storage_mb",
        "unit.weight_g",
        "model",
        "waste_record",
        "removal_batch",
    },
    "a copy of what another protected row says, or a second name for it": {
        "claim.holder_id",
        "claim.lot_id",
        "claim.reference",
        "engagement.kind",
        "engagement.reference",
        "engagement.until_at",
        "event.payload",
        "event.seq",
        "lot.reference",
        "lot_line.lot_id",
        "pickup.actor_id",
        "pickup.claim_id",
        "pickup.holder_id",
        "pickup.lot_id",
        "pickup.reference",
        "pickup_check.line",
        "pickup_check.outcome",
        "pickup_check.pickup_id",
        "reservation.beneficiary_id",
        "reservation.reference",
        "reservation.seller_id",
        "storage_medium.kind",
        "storage_medium.void_at",
        "test_run.void_at",
        "stream_head.recorded_at",
        "voucher_party",
    },
    "containers and revisions: each is altered in tests/collection/test_revising.py, on a note that has them": {
        "container",
        "note_revision",
        "note_revision_line",
        "pickup_check.container_id",
    },
    "who may come in: passwords, sessions, memberships and links are a matter of access, kept by its own tests": {
        "account_link",
        "actor_capacity",
        "saved_search",
        "list_visit",
        "api_token",
        "idempotency_key",
        "invitation",
        "membership",
        "person",
        "sign_in_attempt",
        "signature_code",
        "voucher_try",
        "on_behalf",
        "act_told",
        "organisation_evidence",
    },
    "a wish before a lot is published: no claim, gives no right, and ends when the lot is published or given up": {
        "interest",
        "lot.expected_month",
    },
    "how an actor drives: it moves no device; the pick-up it visits is altered above, and tells the act": {
        "round",
        "round_plan",
        "round_stop",
        "vehicle",
    },
    "its number in a public register, where anybody reads it": {"organisation.siret", "organisation.rna"},
    "work in progress or things of the map: nothing is proven by them": {
        "address_point",
        "age_rule",
        "column_mapping",
        "model_correction",
        "commune",
        "counter",
        "import_record",
        "inventory_import",
        "lot_item",
        "unit.missed_on",
        "message",
        "postcode",
        "renewal_plan",
        "site",
        "territory",
    },
    "summed up from the units, held against them by `offers.group` (catalogue/test_window.py); words to find by": {
        "offer_group",
        "offer_word",
    },
    "counted anew every hour from the units, the journal and the plans": {
        "fleet_forecast",
        "forecast_ground",
        "forecast_made",
        "resource_cell",
    },
}


@dataclass
class Lawful:
    """What the SQL above points at."""

    marks: dict[str, object]


@pytest.fixture
def lawful(app: Flask) -> Lawful:
    """A lot given as it is under an undertaking, one kept for public bodies, a purchase with an undertaking, a
    sale on a voucher and a voucher unused, a disk whose erasure failed and then went well."""
    world = World.begin()
    town, taker, shop, buyer = (
        world.public_holder(),
        world.recipient("Fondation"),
        world.reuse_actor(),
        world.buyer(),
    )
    direct.qualified(world, taker, "association_rup")
    _sign_charter(shop)
    lot = direct.lot_as_is(town, "free_transfer", numbered=1, counted=0)
    claim = direct.claim_as_is(lot, taker)
    claims.award_claim(claim.reference, actor=town.actor)
    pickup = build.agreed_pickup(claim, town, taker)
    as_is = session().scalars(sa.text("SELECT id FROM unit WHERE state = 'awarded'")).one()
    direct.prove(town, [as_is])
    build.signed_pickup(pickup, town, taker)
    kept = build.published_lot(world.holder(), numbered=1, counted=0, erased_by="holder", public_first_days=2)
    inventory = b"Serial number;Model;Type\nSN1;Latitude 5400;Laptop\nSN2;Latitude 5400;Laptop\n"
    fleets.import_file(inventory, "parc.csv", actor=world.holder().actor, site_id=None)
    return Lawful(
        _of_the_shop(world, shop, buyer) | {
            "taker": taker.organisation_id, "given": lot.reference, "given_id": lot.id, "claim": claim.reference,
            "claim_id": claim.id, "pickup": pickup.reference, "as_is": as_is, "kept": kept.reference,
            "shop": shop.organisation_id, "buyer": buyer.organisation_id,
            "stream": f"lot/{lot.reference}", "event": _submitted(),
            "now": clock.now().replace(tzinfo=None), "yes": True, "no": False,
        }
    )  # fmt: skip


def _of_the_shop(world: World, shop: Party, buyer: Party) -> dict[str, object]:
    [sold, _ready] = build.ready_units(shop, 2)
    friend = world.recipient()
    used, unused = (
        vouchers.issue_voucher(clock.today() + timedelta(days=9), actor=friend.actor) for _ in "ab"
    )
    counter_sale = counter.sell_on_voucher(sold, used.code, 180_00, actor=shop.actor)
    promised = _promised(world, shop, friend)
    [ready] = build.ready_units(shop, 1, stream="lot/LOT-2026-9997", model="Portable 850")
    [wiped, *_] = build.collected_units(world.holder(), shop, numbered=1, counted=0)
    erasure.count_media(wiped, [erasure.Found("ssd")], "opened", actor=shop.actor)
    medium = session().scalars(sa.text("SELECT id FROM storage_medium")).one()
    failed = erasure.record_certificate(medium, proof(result="failed"), actor=shop.actor)
    good = erasure.record_certificate(medium, proof(errors=0), actor=shop.actor)
    return {
        "ready": ready, "used": used.id, "unused": unused.id, "counter": counter_sale.id, "promised": promised,
        "medium": medium, "failed": failed.id, "certificate": good.id,
    }  # fmt: skip


def _promised(world: World, shop: Party, friend: Party) -> int:
    """A purchase of which an administrator's row asks for an undertaking."""
    admin = world.party("Administration Exemple", "administrator", legal_kind="local_authority")
    regimes.add_rule(
        Cell("sale", "private", "association_other", "association_precarity", "resell"), outcome="allowed",
        article="article d’essai", source="source d’essai, 1er mars", confidence="R",
        valid_from=clock.today(), transfer="purchase", documents=["no_resale_undertaking"], actor=admin.actor,
    )  # fmt: skip
    [group] = catalogue.groups(catalogue.Filters(), friend.actor)
    made = services.place_reservation(group.key, 1, actor=friend.actor)
    services.confirm_reservation(made.reference, actor=shop.actor)
    handing.sign_as_beneficiary(made.reference, actor=friend.actor, name="Personne Exemple", undertaken=True)
    return made.id


def _submitted() -> int:
    return int(session().scalar(sa.text("SELECT min(id) FROM event WHERE type = 'claim.submitted'")) or 0)


def _sign_charter(party: Party) -> None:
    charter.sign_charter(party.organisation_id, charter.CURRENT, language="fr", actor=party.actor)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_each_tampering_is_named(lawful: Lawful) -> None:
    db.release()
    assert broken_by(lambda: None) == set()
    found = {}
    for name, (statement, _expected) in BY_SQL.items():
        used = {key: lawful.marks[key] for key in sa.text(statement)._bindparams}
        found[name] = broken_by(lambda s=statement, m=used: session().execute(sa.text(s), m))
    assert found == {name: expected for name, (_statement, expected) in BY_SQL.items()}


def tried() -> tuple[set[str], set[str]]:
    """Columns that a statement of either list changes, as table.column; tables it deletes from."""
    columns, deleted = set(), set()
    for statement, _rules in (OF_UNITS | BY_SQL).values():
        if change := re.match(r"UPDATE (\w+) SET (.+) WHERE ", statement):
            columns |= {f"{change[1]}.{one.split(' = ')[0]}" for one in change[2].split(", ")}
        if gone := re.match(r"DELETE FROM (\w+) ", statement):
            deleted.add(gone[1])
    return columns, deleted


def test_what_nobody_would_notice_is_named_with_its_reason() -> None:
    tables = migrating.metadata().tables
    columns, deleted = tried()
    touched = {name.split(".")[0] for name in columns} | deleted
    named = [name for names in OPEN.values() for name in names]
    assert len(named) == len(set(named)), "named twice"
    all_columns = {f"{t}.{c.name}" for t in touched for c in tables[t].columns if not c.primary_key}
    whole = {name for name in named if "." not in name}
    assert whole == set(tables) - touched
    assert {name for name in named if "." in name} | columns >= all_columns
    assert {name for name in named if "." in name} & columns == set()
    assert touched - deleted == {"event_commitment"}  # a person is forgotten so: by design nobody complains
