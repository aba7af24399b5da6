"""Who may only prepare: every verb that commits refuses them, names the colleague to ask, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask

from reuse_market.accounts import queries
from reuse_market.catalogue import queries as catalogue
from reuse_market.claims import services as claims
from reuse_market.collection import services as collection
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.errors import NotCommitting
from reuse_market.lots import services as lots
from reuse_market.refurbishing import services as refurbishing
from reuse_market.reservations import services as reservations
from tests.accounts.test_people import colleague
from tests.lots.visiting import Visitor
from tests.support import world as make
from tests.support.world import Party, World


@dataclass
class Case:
    """A prepared situation: who acts, and the act tried."""

    party: Party
    act: Callable[[Actor], Any]


def _publish(world: World) -> Case:
    holder = world.holder()
    lot = lots.draft_lot(actor=holder.actor, title="Portables")
    lots.add_counted_line(lot.id, actor=holder.actor, kind="laptop", units=2, label="Portables")
    lots.set_conditions(lot.id, make.conditions(holder), actor=holder.actor)
    lot_id = lot.id
    return Case(holder, lambda actor: lots.publish_lot(lot_id, actor=actor))


def _withdraw(world: World) -> Case:
    holder = world.holder()
    lot_id = make.published_lot(holder).id
    return Case(holder, lambda actor: lots.withdraw_lot(lot_id, actor=actor, reason="Erreur"))


def _withdraw_claimed(world: World) -> Case:
    holder = world.holder()
    reference = make.published_lot(holder).reference
    return Case(holder, lambda actor: claims.withdraw_claimed_lot(reference, "Erreur", actor=actor))


def _claim(world: World) -> Case:
    lot = make.published_lot(world.holder()).reference
    return Case(world.reuse_actor(), lambda actor: claims.submit_claim(
        lot, {1: 1}, actor=actor, proposal="pay", amount_cents=100_00, committed=True
    ))  # fmt: skip


def _answer(verb: str) -> Callable[[World], Case]:
    def prepare(world: World) -> Case:
        reference = make.submitted_claim(make.published_lot(world.holder()), world.reuse_actor()).reference
        acts: dict[str, Callable[[Actor], Any]] = {
            "award": lambda actor: claims.award_claim(reference, actor=actor),
            "decline": lambda actor: claims.decline_claim(reference, "Non", actor=actor),
        }
        return Case(world.holder(), acts[verb])

    return prepare


def _release(world: World) -> Case:
    lot = make.published_lot(world.holder())
    reference = make.awarded_claim(lot, world.holder(), world.reuse_actor()).reference
    return Case(world.reuse_actor(), lambda actor: claims.release_claim(reference, "Non", actor=actor))


def _discard(world: World) -> Case:
    ids = make.fleet(world.holder(), 2)
    return Case(world.holder(), lambda actor: fleets.discard_units(ids, actor=actor))


def _reserve(world: World) -> Case:
    make.ready_units(world.reuse_actor())
    key = catalogue.groups(catalogue.Filters(), world.buyer().actor)[0].key
    return Case(world.buyer(), lambda actor: reservations.place_reservation(
        key, 1, actor=actor, delivery="collect"
    ))  # fmt: skip


SLOT: dict[str, Any] = {"from_time": "09:00", "to_time": "11:00"}


def _proposed(world: World) -> str:
    lot = make.published_lot(world.holder())
    claim = make.awarded_claim(lot, world.holder(), world.reuse_actor()).reference
    return collection.propose_pickup(
        claim, actor=world.reuse_actor().actor, day=clock.in_days(3), **SLOT
    ).reference


def _propose(world: World) -> Case:
    lot = make.published_lot(world.holder())
    claim = make.awarded_claim(lot, world.holder(), world.reuse_actor()).reference
    return Case(world.reuse_actor(), lambda actor: collection.propose_pickup(
        claim, actor=actor, day=clock.in_days(3), **SLOT
    ))  # fmt: skip


def _slot(verb: str) -> Callable[[World], Case]:
    def prepare(world: World) -> Case:
        reference = _proposed(world)
        acts: dict[str, Callable[[Actor], Any]] = {
            "counter": lambda actor: collection.counter_pickup(
                reference, actor=actor, day=clock.in_days(4), **SLOT
            ),
            "agree": lambda actor: collection.agree_pickup(reference, actor=actor),
            "cancel": lambda actor: collection.cancel_pickup(reference, "Panne", actor=actor),
        }
        return Case(world.holder(), acts[verb])

    return prepare


def _booked(world: World) -> str:
    make.ready_units(world.reuse_actor())
    key = catalogue.groups(catalogue.Filters(), world.buyer().actor)[0].key
    return reservations.place_reservation(key, 1, actor=world.buyer().actor, delivery="collect").reference


def _booking(verb: str) -> Callable[[World], Case]:
    def prepare(world: World) -> Case:
        reference = _booked(world)
        seller, buyer = world.reuse_actor(), world.buyer()
        if verb in ("prepare", "sign"):
            reservations.confirm_reservation(reference, actor=seller.actor)
        acts: dict[str, Callable[[Actor], Any]] = {
            "confirm": lambda actor: reservations.confirm_reservation(reference, actor=actor),
            "prepare": lambda actor: reservations.prepare_reservation(reference, actor=actor),
            "release": lambda actor: reservations.release_reservation(reference, actor=actor, reason="Non"),
            "sign": lambda actor: reservations.sign_as_beneficiary(reference, actor=actor, name="Lou Modèle"),
        }
        return Case(buyer if verb == "sign" else seller, acts[verb])

    return prepare


def _remove(world: World) -> Case:
    actor = world.reuse_actor()
    unit = make.ready_units(actor)[0]
    refurbishing.back_to_workshop(unit, actor=actor.actor)
    refurbishing.declare_waste(unit, "not_repairable", actor=actor.actor)
    batch = refurbishing.open_batch(actor=actor.actor).reference
    refurbishing.add_to_batch(batch, [unit], actor=actor.actor)
    return Case(actor, lambda who: refurbishing.remove_batch(
        batch, producer_scheme="Éco-organisme Exemple", weight_g=2100, actor=who
    ))  # fmt: skip


COMMITTING: dict[str, Callable[[World], Case]] = {
    "publish a lot": _publish,
    "withdraw a lot": _withdraw,
    "withdraw a claimed lot": _withdraw_claimed,
    "claim": _claim,
    "award": _answer("award"),
    "decline": _answer("decline"),
    "release": _release,
    "discard": _discard,
    "reserve": _reserve,
    "propose a pick-up": _propose,
    "counter a pick-up": _slot("counter"),
    "agree a pick-up": _slot("agree"),
    "cancel a pick-up": _slot("cancel"),
    "confirm a reservation": _booking("confirm"),
    "prepare a reservation": _booking("prepare"),
    "release a reservation": _booking("release"),
    "sign for a reservation": _booking("sign"),
    "hand a removal batch over": _remove,
}


@pytest.mark.parametrize("verb", COMMITTING)
def test_who_prepares_is_refused_who_commits_is_not(world: World, verb: str) -> None:
    case = COMMITTING[verb](world)
    with pytest.raises(NotCommitting):
        case.act(replace(case.party.actor, commits=False))
    case.act(case.party.actor)


def test_the_page_names_whom_to_ask(app: Flask, world: World, holder: Party) -> None:
    preparing = Visitor(app.test_client(), colleague(holder, "prepare"))
    lot = make.published_lot(holder)
    page = preparing.open(f"/lots/{lot.reference}")
    assert "Retirer le lot" not in page.text
    page.open("/compte")
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    refused = preparing.client.post(
        f"/lots/{lot.reference}/retirer", data={"csrf_token": token, "reason": "Erreur"}
    )
    name = queries.person_names([holder.person_id])[holder.person_id]
    assert refused.status_code == 403
    assert f"Demandez à {name}, qui peut engager votre organisme." in refused.text
