"""Nobody signs for somebody else: every verb that signs, attests or commits for ever refuses the operator.

The list is written by hand. A verb whose name sounds like one must be on it, or be excused by name.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import reuse_market
from reuse_market.kernel import db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotAllowed

SIGNING = {
    "collection.services.signing.sign_as_driver",
    "collection.services.signing.sign_as_holder",
    "collection.services.signing.new_code",
    "collection.services.signing.countersign_by_link",
    "collection.services.phone.sign_what_was_seen",
    "collection.arrivals.protocols.sign",
    "collection.countersigning.ask_signature",
    "collection.driving.give_link",
    "collection.driving.revoke_link",
    "collection.shipments.answering.answer_units",
    "collection.shipments.answering.answer_rest",
    "collection.shipments.answering.answer_codes",
    "erasure.moving.take_out_erased",
    "erasure.moving.put_in_erased",
    "collection.revising.services.propose_revision",
    "collection.revising.services.contest_differences",
    "collection.revising.services.approve_revision",
    "collection.revising.services.refuse_revision",
    "collection.revising.services.withdraw_revision",
    "collection.revising.services.appeal_revision",
    "collection.revising.services.settle_revision",
    "reservations.handing.sign_as_beneficiary",
    "reservations.handing.sign_with_code",
    "reservations.handing.renew_code",
    "erasure.services.record_certificate",
    "erasure.services.count_media",
    "erasure.services.count_media_many",
    "refurbishing.hardware.services.count_told_media",
    "erasure.services.add_medium",
    "erasure.services.remove_medium",
    "erasure.dropping.drop_reports",
    "erasure.dropping.match_again",
    "erasure.dropping.match_by_hand",
    "erasure.dropping.undo_match",
    "erasure.checking.draw_check",
    "erasure.checking.sign_check",
    "erasure.checking.accept_exception",
    "reservations.counter.sell_on_voucher",
    "erasure.bulk.count_for_many",
    "erasure.bulk.record_for_many",
    "accounts.charter.sign_charter",
    "accounts.members.change_member",
    "accounts.members.remove_member",
    "accounts.members.require_keeper",
    "accounts.invitations.invite",
    "accounts.password_reset.copy_link",
    "accounts.tokens.make_own_token",
}
SOUNDS = (
    "sign", "validate", "attest", "certif", "charter", "undertak", "code", "password", "token", "member",
    "invit", "media", "medium",
)  # fmt: skip
EXCUSED = {
    "collection.arrivals.protocols.may_sign": "a question; it says no to the operator",
    "collection.arrivals.protocols.unsigned_side": "a question",
    "accounts.charter.may_sign": "a question; it says no to the operator",
    "accounts.tokens.revoke_token": "takes a power away, and only one's own",
    "desk.inviting.invite_contact": "the operator's own act: it needs the operator's role",
    "erasure.services.locked_medium": "a step inside the verbs above, which have asked already",
    "desk.inviting.invite_next": "the operator's own act: it needs the operator's role",
}
OPERATOR = Actor(organisation_id=1, person_id=1, via="operator", roles=frozenset({"holder", "reuse_actor"}))


def verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of a room that takes an actor and is not a read, by its dotted name."""
    for found in pkgutil.walk_packages(reuse_market.__path__, "reuse_market."):
        parts = found.name.split(".")
        if {"views", "api", "cli", "demo", "panels", "policy", "queries", "listing", "tests"} & set(parts):
            continue
        module = importlib.import_module(found.name)
        for name, member in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(member) or member.__module__ != found.name:
                continue
            if "actor" in inspect.signature(member).parameters:
                yield f"{found.name.removeprefix('reuse_market.')}.{name}", member


VERBS = dict(verbs())


def test_what_sounds_like_signing_is_on_the_list() -> None:
    sounding = {name for name in VERBS if any(word in name.rsplit(".", 1)[1] for word in SOUNDS)}
    assert sounding - SIGNING - set(EXCUSED) == set()
    assert SIGNING - set(VERBS) == set(), "no longer there"
    assert set(EXCUSED) - set(VERBS) == set(), "no longer there"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", sorted(SIGNING))
def test_each_refuses_the_operator_before_anything_else(database: db.Database, name: str) -> None:
    verb = VERBS[name]
    given: dict[str, Any] = {
        key: None
        for key, parameter in inspect.signature(verb).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    with pytest.raises(NotAllowed) as refused:
        verb(**(given | {"actor": OPERATOR}))
    assert refused.value.code == "own-hand"
