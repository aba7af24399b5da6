"""The workshop's shared computer: PIN and badge, limits, whose name is written, what it opens, idle time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from reuse_market.accounts import members, technicians
from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts.models import TechnicianKey
from reuse_market.factory import create_app
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Invalid, NotAllowed, NotFound, TooMany
from reuse_market.refurbishing.models import TestRun
from reuse_market.settings import Settings
from tests.refurbishing.test_pages import Visitor
from tests.support.workshop import Workshop
from tests.support.world import World


@pytest.fixture
def app(database_url, tmp_path):
    made = create_app(
        Settings(
            database_url=database_url, secret_key="k", testing=True, files_url=f"file://{tmp_path / 'f'}"
        )
    )
    yield made
    db.disconnect()


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
            technicians.set_pin(here, second, pin, actor=keeper)
        assert refused.value.field == "pin"
    with pytest.raises(NotAllowed):
        technicians.set_pin(here, shop.person_id, "8052", actor=hers)  # a colleague's: the keeper's alone
    with pytest.raises(NotAllowed):
        technicians.set_pin(here, second, "8052", actor=stranger.actor)
    with pytest.raises(NotFound):
        technicians.set_pin(here, stranger.person_id, "8052", actor=keeper)
    technicians.set_pin(here, second, "80 52", actor=hers)  # her own: herself
    badge = technicians.make_badge(here, second, actor=keeper)
    key = session().scalars(sa.select(TechnicianKey)).one()
    assert (
        "8052" not in key.pin_hash
    )
    assert (
        badge not in (key.badge_sha256 or "")
    )
    assert (
        technicians.looks_like_badge(badge)
    )
    assert technicians.by_pin(here, second, "8052") == technicians.by_badge(here, badge.lower()) == second
    with pytest.raises(Invalid):
        technicians.by_badge(stranger.organisation_id, badge)  # another organisation's
    newer = technicians.make_badge(here, second, actor=keeper)
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
        technicians.set_pin(here, second, "8052", actor=shop.actor.actor)
        badge = technicians.make_badge(here, shop.actor.person_id, actor=shop.actor.actor)
    [one, two] = shop.received(2)
    start = clock.now()
    with clock.frozen(start):
        post = Visitor(app, shop.actor)
        post.get("/atelier/poste")
        post.submit("/atelier/poste/ouverture")
        for page in ("/atelier", "/compte", "/organisation/personnes", f"/atelier/appareils/{one}"):
            assert post.get(page, 302).location == "/atelier/poste", page  # nobody works: nothing opens
        token = re.search(r'name="csrf_token" value="([^"]+)"', post.get("/atelier/poste").text)[1]
        refused = post.client.post(f"/atelier/appareils/{one}/perdu", data={"csrf_token": token})
        assert refused.location == "/atelier/poste"
        wrong = {"person": str(second), "pin": "0000", "csrf_token": token}
        assert post.client.post("/atelier/poste", data=wrong).status_code == 422
        assert post.client.post("/atelier/poste", data=wrong | {"pin": "8052"}).status_code == 302
        assert "Technicienne Exemple" in post.get("/atelier").text
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


def _tested(post, unit_id):
    post.get(f"/atelier/appareils/{unit_id}")
    post.submit(f"/atelier/appareils/{unit_id}/tests", **{"test-battery_percent": "80"})


def test_the_page_of_a_person(app):
    shop = Workshop(World.begin())
    keeper = Visitor(app, shop.actor)
    own = f"/organismes/{shop.actor.organisation_id}/personnes/{shop.actor.person_id}/poste"
    assert own in keeper.get("/organisation/personnes").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', keeper.get(own).text)[1]
    assert keeper.client.post(own, data={"csrf_token": token, "pin": "1234"}).status_code == 422
    assert keeper.client.post(own, data={"csrf_token": token, "pin": "7391"}).status_code == 302
    shown = keeper.client.post(f"{own}/badge", data={"csrf_token": token})
    code = re.search(r"\b[2-9A-HJ-NP-Z]{16}\b", shown.text)[0]
    assert shown.headers["Cache-Control"] == "no-store"
    assert code not in keeper.get(own).text
    keeper.submit(f"{own}/retrait")
    assert "Ni code PIN ni badge" in keeper.get(own).text
    Visitor(app, shop.holder).get(own, 404)
