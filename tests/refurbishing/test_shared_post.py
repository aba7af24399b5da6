"""The workshop's shared computer: PIN and badge, limits, whose name is written, what it opens, idle time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.accounts import members, technicians
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts.models import TechnicianKey
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import DomainError, Invalid, NotFound, TooMany
from reuse_market.refurbishing.models import TestRun
from tests.refurbishing.test_pages import Visitor
from tests.support.workshop import Workshop
from tests.support.world import World


@db.command
def helper(organisation_id, name="Technicienne Exemple", rights="prepare"):
    """A member who may only prepare."""
    person = people.add_person(name, f"{name.split()[0].lower()}-{organisation_id}@test.example")
    people.add_member(person.id, organisation_id, rights=rights)
    return person.id


def test_pins_and_badges(workshop):
    world = workshop.world
    shop, stranger = world.reuse_actor(), world.holder()
    here, keeper = shop.organisation_id, shop.actor
    second = helper(here)
    hers = accounts.actor_of(second, here)
    for pin in ("12", "123456789", "abcd", "1111", "1234"):
        with pytest.raises(Invalid) as refused:
            technicians.set_pin(here, second, pin, actor=hers)
        assert refused.value.field == "pin"
    technicians.set_pin(here, second, "80 52", actor=hers)  # her own: herself
    badge = technicians.make_badge(here, second, actor=hers)
    key = session().scalars(sa.select(TechnicianKey)).one()
    assert "8052" not in key.pin_hash
    assert badge not in (key.badge_sha256 or "")
    assert technicians.looks_like_badge(badge)
    assert technicians.by_pin(here, second, "8052") == technicians.by_badge(here, badge.lower()) == second
    with pytest.raises(Invalid):
        technicians.by_badge(stranger.organisation_id, badge)  # another organisation's
    newer = technicians.make_badge(here, second, actor=hers)
    with pytest.raises(Invalid):
        technicians.by_badge(here, badge)
    for _ in range(technicians.PER_PERSON):
        with pytest.raises(Invalid):
            technicians.by_pin(here, second, "0000")
    with pytest.raises(TooMany):
        technicians.by_pin(here, second, "8052")  # even the right one: wait
    # A turn gives what the person has, and never more than the session that opened the computer.
    assert technicians.turn_of(keeper, second).commits is False
    technicians.set_pin(here, shop.person_id, "7391", actor=keeper)
    assert technicians.turn_of(keeper, shop.person_id).commits is True
    assert technicians.turn_of(hers, shop.person_id).commits is False
    assert technicians.turn_of(stranger.actor, second) is None
    members.remove_member(here, second, actor=keeper, confirmed=True)
    assert technicians.turn_of(keeper, second) is None
    with clock.frozen(clock.now() + timedelta(hours=1)), pytest.raises(Invalid):
        technicians.by_badge(here, newer)  # she left: her badge opens nothing


def test_turns_on_a_shared_computer(app):
    shop = Workshop(World.begin())
    here = shop.actor.organisation_id
    with db.scope():
        second = helper(here)
        technicians.set_pin(here, second, "8052", actor=accounts.actor_of(second, here))
        badge = technicians.make_badge(here, shop.actor.person_id, actor=shop.actor.actor)
    [one, two] = shop.received(2)
    start = clock.now()
    with clock.frozen(start):
        post = Visitor(app, shop.actor)
        post.get("/atelier/poste")
        post.submit("/atelier/poste/ouverture")
        for page in ("/atelier", "/compte", "/organisation/personnes", f"/atelier/appareils/{one}"):
            assert post.get(page, 302).location == "/atelier/poste", page  # nobody works: nothing opens
        asked = post.get("/atelier/poste").text
        assert not {"/lots", "/reservations", "/compte", "/atelier"} & _menu(asked)  # no way in that is shut
        assert shop.actor.actor.person_name not in asked.split("<main")[0]  # whoever opened it is not at work
        token = re.search(r'name="csrf_token" value="([^"]+)"', asked)[1]
        refused = post.client.post(f"/atelier/appareils/{one}/perdu", data={"csrf_token": token})
        assert refused.location == "/atelier/poste"
        wrong = {"person": str(second), "pin": "0000", "csrf_token": token}
        assert post.client.post("/atelier/poste", data=wrong).status_code == 422
        assert post.client.post("/atelier/poste", data=wrong | {"pin": "8052"}).status_code == 302
        bench = post.get("/atelier").text
        assert "Technicienne Exemple" in bench
        assert _menu(bench) & {"/atelier", "/lots", "/reservations", "/compte"} == {"/atelier"}
        assert post.get("/compte", 302).location == "/atelier"  # the account of who opened it stays closed
        _tested(post, one)
    with clock.frozen(start + timedelta(minutes=9)):
        post.get(f"/atelier/appareils/{two}")  # a page: the turn goes on
    with clock.frozen(start + timedelta(minutes=20)):
        assert post.get("/atelier", 302).location == "/atelier/poste"  # eleven minutes without one: over
        scan = {"code": badge, "csrf_token": token}
        assert post.client.post("/atelier/poste/scan", data=scan).location == "/atelier"
        _tested(post, two)
        post.get("/atelier/poste")
        post.submit("/atelier/poste/fin")
        assert post.get("/atelier", 302).location == "/atelier/poste"
        scan["code"] = badge[:-1] + ("A" if badge[-1] != "A" else "B")
        assert post.client.post("/atelier/poste/scan", data=scan).location == "/atelier/poste"
    with db.scope():
        testers = {test.unit_id: test.person_id for test in session().scalars(sa.select(TestRun))}
    assert testers == {one: second, two: shop.actor.person_id}


def _menu(text):
    """The addresses of the links at the head of a page."""
    return set(re.findall(r'<a href="([^"?]+)', text.split("<main")[0]))


def _tested(post, unit_id):
    post.get(f"/atelier/appareils/{unit_id}")
    post.submit(f"/atelier/appareils/{unit_id}/tests", **{"test-battery_percent": "80"})


# who → (sets the PIN of a colleague who prepares, draws a badge, takes both away): None, or the refusal
KEYS = {
    "oneself": (None, None, None),
    "oneself by a token": ("NotAllowed", "NotAllowed", None),
    "keeper": ("NotAllowed", "NotAllowed", None),
    "keeper by a token": ("NotAllowed", "NotAllowed", None),
    "colleague who prepares": ("NotAllowed", "NotAllowed", "NotCommitting"),
    "operator": ("NotAllowed", "NotAllowed", None),
    "operator acting for it": ("NotAllowed", "NotAllowed", "NotAllowed"),
    "another organisation": ("NotAllowed", "NotAllowed", "NotAllowed"),
    "system": ("NotAllowed", "NotAllowed", "NotAllowed"),
    "visitor": ("NotAllowed", "NotAllowed", "NotAllowed"),
}


def test_only_the_person_sets_a_pin_or_a_badge(workshop):
    """Every actor × set, draw, withdraw, in both states (without a key: nobody has one to take away)."""
    world = workshop.world
    shop, stranger, operator = world.reuse_actor(), world.holder(), world.operator()
    here = shop.organisation_id
    person, other = helper(here), helper(here, "Collègue Exemple")
    hers = accounts.actor_of(person, here)
    actors = {
        "oneself": hers, "oneself by a token": replace(hers, via="token"), "keeper": shop.actor,
        "keeper by a token": replace(shop.actor, via="token"),
        "colleague who prepares": accounts.actor_of(other, here), "operator": operator.actor,
        "operator acting for it": replace(
            shop.actor, via="operator", person_id=operator.person_id, on_behalf_id=1
        ),
        "another organisation": stranger.actor, "system": SYSTEM, "visitor": VISITOR,
    }  # fmt: skip
    verbs = (
        lambda actor: technicians.set_pin(here, person, "8052", actor=actor),
        lambda actor: technicians.make_badge(here, person, actor=actor),
        lambda actor: technicians.withdraw(here, person, actor=actor),
    )

    def outcome(act, actor):
        try:
            act(actor)
        except DomainError as error:
            return type(error).__name__
        return None

    found = {}
    for name, actor in actors.items():
        told = []
        for act in verbs:
            if outcome(lambda one: technicians.set_pin(here, person, "7391", actor=one), hers) is None:
                told.append(outcome(act, actor))
        found[name] = tuple(told)
    assert found == KEYS
    outcome(verbs[2], hers)
    assert outcome(verbs[2], shop.actor) == outcome(verbs[2], hers) == "NotFound"  # nothing to take away
    with pytest.raises(NotFound):
        technicians.set_pin(stranger.organisation_id, shop.person_id, "8052",
                            actor=replace(shop.actor, organisation_id=stranger.organisation_id))  # fmt: skip


def test_the_page_of_a_person(app):
    shop = Workshop(World.begin())
    keeper = Visitor(app, shop.actor)
    here = shop.actor.organisation_id
    with db.scope():
        second = helper(here)
        technicians.set_pin(here, second, "8052", actor=accounts.actor_of(second, here))
    own, hers = (f"/organismes/{here}/personnes/{one}/poste" for one in (shop.actor.person_id, second))
    assert own in keeper.get("/compte").text
    assert {own, hers} <= set(re.findall(r'href="([^"]+/poste)"', keeper.get("/organisation/personnes").text))
    token = re.search(r'name="csrf_token" value="([^"]+)"', keeper.get(own).text)[1]
    assert keeper.client.post(own, data={"csrf_token": token, "pin": "1234"}).status_code == 422
    assert keeper.client.post(own, data={"csrf_token": token, "pin": "7391"}).status_code == 302
    shown = keeper.client.post(f"{own}/badge", data={"csrf_token": token})
    code = re.search(r"\b[2-9A-HJ-NP-Z]{16}\b", shown.text)[0]
    assert shown.headers["Cache-Control"] == "no-store"
    assert code not in keeper.get(own).text
    keeper.submit(f"{own}/retrait")
    assert "Ni code PIN ni badge" in keeper.get(own).text
    # A colleague's: read and taken away, never set.
    page = keeper.get(hers).text
    assert 'name="pin"' not in page
    assert "/badge" not in page
    assert "Technicienne Exemple" in page
    refused = keeper.client.post(hers, data={"csrf_token": token, "pin": "7391"})
    assert refused.status_code in (403, 422)
    assert keeper.client.post(f"{hers}/badge", data={"csrf_token": token}).status_code == 403
    with db.scope():
        assert technicians.by_pin(here, second, "8052") == second  # hers still
    keeper.submit(f"{hers}/retrait")
    assert hers not in keeper.get("/organisation/personnes").text
    Visitor(app, shop.holder).get(own, 404)
