"""Every field that is signed has its rule, and after its signature every verb that could change it refuses."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reuse_market.accounts.signatures import current_code
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.collection.arrivals import coming
from reuse_market.collection.containers import services as sealing
from reuse_market.collection.models import PickupCheck
from reuse_market.collection.revising import services as revising
from reuse_market.collection.revising.choosing import Correction
from reuse_market.collection.shipments import services as shipments
from reuse_market.kernel import clock, db, files
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict
from reuse_market.notices.settings import configure
from reuse_market.web.fields import Asked
from tests.support.workshop import Workshop
from tests.support.world import World, agreed_pickup, awarded_claim, published_lot, signed_pickup

SIGNATURES = (
    "driver", "holder", "sent", "answered", "part", "proposed", "answer", "settled", "claimed", "awarded",
    "recorded", "validated", "corrected",
)  # fmt: skip
MODULES = (
    "collection.schemas", "collection.phone_schemas", "collection.arrivals.forms", "collection.revising.schemas",
    "collection.shipments.schemas", "erasure.schemas", "erasure.report_schemas", "claims.schemas",
    "proofs.corrections.schemas",
)  # fmt: skip


def rules(text: str) -> dict[str, tuple[set[str], str]]:
    """Schema → its fields and the signature that seals them."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, *fields, signature = line.split()
            found[name] = (set(fields), signature)
    return found


def inputs() -> dict[str, set[str]]:
    """Schema → its fields, for every input of the modules where something is signed."""
    found = {}
    for module in MODULES:
        told = vars(importlib.import_module(f"reuse_market.{module}"))
        for name, one in told.items():
            own = (
                inspect.isclass(one) and issubclass(one, Asked) and one.__module__ == f"reuse_market.{module}"
            )
            if own:
                found[f"{module}.{name}"] = set(one().fields)
    return found


def unruled(found: dict[str, set[str]], said: dict[str, tuple[set[str], str]]) -> list[str]:
    """Fields without a rule, rules without a field, signatures nobody knows."""
    wrong = [
        f"{name}.{one}" for name, fields in found.items() for one in fields ^ said.get(name, (set(), ""))[0]
    ]
    wrong += list(found.keys() ^ said.keys())
    return sorted(wrong + [name for name, (_, one) in said.items() if one not in (*SIGNATURES, "-")])


def test_every_input_field_has_the_signature_that_seals_it() -> None:
    said = rules((Path(__file__).parent / "sealed.txt").read_text(encoding="utf-8"))
    found = inputs()
    assert len(found) > 50
    assert unruled(found, said) == []
    more = found | {"claims.schemas.AwardInput": {"lines", "discount"}}
    assert unruled(more, said) == ["claims.schemas.AwardInput.discount"], "a field without its rule is seen"


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    files.configure(f"file://{tmp_path / 'files'}")
    configure(
        base_url="http://parc.example", mail_url="smtp://localhost:1", sender="Parc <parc@parc.example>"
    )
    return World.begin()


def all_refuse(verbs: dict[str, Callable[[], Any]]) -> None:
    """Each verb answers Conflict: the state no longer allows it, whoever asks."""
    for name, verb in verbs.items():
        try:
            verb()
        except Conflict:
            continue
        raise AssertionError(f"{name} changes what is signed")


def test_after_the_signatures_of_a_handover_note_every_verb_refuses(world: World) -> None:
    """Fields sealed by the driver, then by the holder. `all_refuse` judges."""
    holder, taker = world.holder(), world.reuse_actor()
    lot = published_lot(holder)
    claim = awarded_claim(lot, holder, taker)
    pickup = agreed_pickup(claim, holder, taker)
    mine, theirs = taker.actor, holder.actor
    collection.add_extra(pickup.reference, "dock", "Station", actor=mine)
    check = session().query(PickupCheck).first()
    signed_pickup(pickup, holder, taker, both=False)
    one = pickup.reference
    slot = {"day": clock.today(), "from_time": "10:00", "to_time": "11:00"}
    by_driver = {
        "check_off": partial(collection.check_off, one, "X", outcome="missing", reason="not_found", actor=mine),
        "check_off_line": partial(
            collection.check_off_line, one, 1, 1, outcome="missing", reason="not_found", actor=mine
        ),
        "check_off_rest": partial(collection.check_off_rest, one, actor=mine),
        "add_extra": partial(collection.add_extra, one, "dock", "Autre", actor=mine),
        "undo_check": partial(collection.undo_check, check.id, actor=mine),
        "note_containers": partial(sealing.note_containers, one, [], actor=mine),
        "counter": partial(collection.counter_pickup, one, actor=theirs, **slot),
        "repropose": partial(collection.repropose, one, actor=mine, **slot),
        "agree": partial(collection.agree_pickup, one, actor=theirs),
        "cancel": partial(collection.cancel_pickup, one, "Non", actor=theirs),
        "fail": partial(collection.fail_pickup, one, "Non", actor=mine),
        "announce": partial(
            coming.announce, one, actor=mine, driver_name="Autre", plate="", carrier_name="", carrier_ref=""
        ),
        "sign_as_driver": partial(collection.sign_as_driver, one, actor=mine, plate="ZZ-999-ZZ"),
    }  # fmt: skip
    all_refuse(by_driver)
    code = current_code(f"pickup/{one}")
    collection.sign_as_holder(one, "Contact Exemple", code.code, actor=mine)
    all_refuse(by_driver | {
        "sign_as_holder": partial(collection.sign_as_holder, one, "Autre", "0000", actor=theirs),
        "new_code": partial(collection.new_code, one, actor=theirs),
        "award": partial(claims.award_claim, claim.reference, actor=theirs),
        "retract": partial(claims.release_claim, claim.reference, "Non", actor=mine),
    })  # fmt: skip
    made = revising.propose_revision(
        one,
        [Correction(None, "extra", None, 1, reason="not_declared", kind="dock")],
        "Une de plus.",
        actor=mine,
    )
    again = [Correction(None, "extra", None, 2, reason="not_declared", kind="dock")]
    all_refuse({"propose again": partial(revising.propose_revision, one, again, "Deux.", actor=mine)})
    revising.approve_revision(made.reference, actor=theirs)
    all_refuse({
        "refuse": partial(revising.refuse_revision, made.reference, "Non", actor=theirs),
        "withdraw": partial(revising.withdraw_revision, made.reference, actor=mine),
    })  # fmt: skip


def test_after_the_answer_of_a_shipment_every_verb_refuses(world: World) -> None:
    """Fields sealed when it is sent and when it is answered. `all_refuse` judges."""
    shop, other = Workshop(world), world.reuse_actor("Reconditionneur Exemple")
    ids = shop.collected(2)
    sent = shipments.send_shipment(ids, other.organisation_id, actor=shop.actor.actor).reference
    all_refuse(
        {"send again": partial(shipments.send_shipment, ids, other.organisation_id, actor=shop.actor.actor)}
    )
    shipments.answer_rest(sent, actor=other.actor)
    all_refuse({
        "void": partial(shipments.void_shipment, sent, actor=shop.actor.actor),
        "answer": partial(shipments.answer_units, sent, {ids[0]: "refused"}, actor=other.actor, reason="damaged"),
        "rest": partial(shipments.answer_rest, sent, actor=other.actor),
    })  # fmt: skip
