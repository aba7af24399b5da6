"""A driver without an account: what the link of the day opens, what it never does, how it ends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from reuse_market.accounts import admission
from reuse_market.accounts.signatures import current_code
from reuse_market.collection import driving, queries, services
from reuse_market.collection.models import DriverLink, Pickup, PickupCheck, Round, RoundStop
from reuse_market.kernel import clock, db
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.traceability.models import Event
from reuse_market.web.access import RULES, rule_of
from tests.collection.test_grid import tried
from tests.support import world as chain

HERE = {"Origin": "http://localhost"}
# What a driver by a link may fire on a pick-up of the link: proposed countered agreed done failed expired cancelled.
BY_LINK = {
    "counter": "no no no no no no no",
    "agree": "no no no no no no no",
    "cancel": "no no no no no no no",
    "fail": "no no no no no no no",
    "repropose": "no no no no no no no",
    "expire": "no no no no no no no",
    "check_off": "late late agreed late late late late",
    "sign_as_driver": "late late done late late late late",
    "sign_as_holder": "late late late done late late late",
}


def agreed(world, day=None):
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, actor)
    made = chain.agreed_pickup(claim, holder, actor, day)
    return SimpleNamespace(id=made.id, reference=made.reference)


@db.command
def round_of(world, *pickups):
    """A round of today over pick-ups, as its table has it."""
    made = Round(
        reference="TRN-2026-0001", state="planned", organisation_id=world.reuse_actor().organisation_id,
        day=clock.today(), made_at=clock.now(),
    )  # fmt: skip
    session().add(made)
    session().flush()
    for position, one in enumerate(pickups, 1):
        session().add(RoundStop(round_id=made.id, pickup_id=one.id, position=position))
    return made


def begun(app, token):
    """A browser that pressed the button of a link."""
    client = app.test_client()
    answer = client.post(f"/chauffeur/{token}", headers=HERE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/chauffeur")
    return client


def test_who_may_give_and_withdraw_a_link(world):
    found = agreed(world)
    actor = world.reuse_actor().actor
    given = {
        "who collects": actor,
        "its helper": replace(actor, commits=False),
        "acting for it": replace(actor, via="operator"),
        "by a link": driving.actor_of(driving.give_link(found.reference, "Premier", actor=actor).link.id),
        "suspended": replace(actor, roles=frozenset(), commits=False),
        "the holder": world.holder().actor,
        "another": world.reuse_actor("Réemploi Exemple").actor,
        "operator": world.operator().actor,
    }

    def tries(verb):
        said = {}
        for who, one in given.items():
            try:
                verb(one)
                said[who] = "yes"
            except (NotAllowed, NotFound) as error:
                said[who] = type(error).__name__.replace("NotCommitting", "NotAllowed")
        return said

    expected = {
        "who collects": "yes", "its helper": "NotAllowed", "acting for it": "NotAllowed", "by a link": "NotFound",
        "suspended": "NotAllowed", "the holder": "NotFound", "another": "NotFound", "operator": "NotFound",
    }  # fmt: skip
    assert tries(lambda one: driving.give_link(found.reference, "Lou Exemple", actor=one)) == expected
    last = session().scalar(sa.select(sa.func.max(DriverLink.id)))
    expected["by a link"] = "NotAllowed"
    assert tries(lambda one: driving.revoke_link(last, actor=one)) == expected
    with pytest.raises(Invalid):
        driving.give_link(found.reference, " ", actor=actor)
    with pytest.raises(Invalid):
        driving.give_link(found.reference, "Lou", email="pas une adresse", actor=actor)


def test_what_a_link_may_fire(world):
    from tests.collection.test_grid import pickups as build

    found = build.__wrapped__(world) if hasattr(build, "__wrapped__") else build.__pytest_wrapped__.obj(world)
    link = driving.give_link(found["agreed"], "Lou Exemple", actor=world.reuse_actor().actor).link
    actor = driving.actor_of(link.id)
    assert actor.scope == {found["agreed"]}
    wide, none = replace(actor, scope=frozenset(found.values())), replace(actor, scope=frozenset())
    states = ("proposed", "countered", "agreed", "done", "failed", "expired", "cancelled")
    told = {a: " ".join(tried(a, found[s], wide) for s in states) for a in BY_LINK}
    assert told == BY_LINK
    assert {tried(a, found[s], none) for a in BY_LINK for s in states} == {"no"}


def test_it_works_that_day_only_and_stops_when_withdrawn_or_suspended(world):
    actor, tomorrow = world.reuse_actor().actor, clock.in_days(1)
    found = agreed(world, tomorrow)
    given = driving.give_link(found.reference, "Lou Exemple", actor=actor)
    with pytest.raises(Conflict) as early:
        driving.open_link(given.token)
    assert early.value.code == "link.early"
    last_second = clock.at_paris(tomorrow + timedelta(days=1), 0, 0) - timedelta(seconds=1)
    with clock.frozen(last_second):
        assert driving.actor_of(driving.open_link(given.token).id).organisation_id == actor.organisation_id
    with clock.frozen(last_second + timedelta(seconds=1)):
        assert driving.actor_of(given.link.id) is None
        with pytest.raises(Conflict):
            driving.open_link(given.token)
    with clock.frozen(clock.at_paris(tomorrow, 12, 0)):
        operator = world.operator().actor
        admission.decide_on_organisation(actor.organisation_id, "suspend", actor=operator, reason="Essai")
        assert driving.actor_of(given.link.id) is None
        admission.decide_on_organisation(actor.organisation_id, "reinstate", actor=operator, reason="Essai")
        assert driving.actor_of(given.link.id) is not None
        driving.revoke_link(given.link.id, actor=actor)
        assert driving.actor_of(given.link.id) is None


def test_a_round_opens_its_own_stops_and_follows_it(world):
    one, two, other = agreed(world), agreed(world), agreed(world)
    made = round_of(world, two, one)
    actor = world.reuse_actor().actor
    link = driving.give_link(made.reference, "Lou Exemple", actor=actor).link
    assert [each.reference for each in driving.stops(link)] == [two.reference, one.reference]
    driver = driving.actor_of(link.id)
    assert queries.seen(one.reference, driver).id == one.id
    with pytest.raises(NotFound):
        queries.seen(other.reference, driver)
    with pytest.raises(NotFound):
        services.check_off_rest(other.reference, actor=driver)

    @db.command
    def cancelled():
        session().execute(sa.update(Round).values(state="cancelled"))

    cancelled()
    assert driving.actor_of(link.id) is None


@pytest.fixture
def pages(app):
    return chain.World.begin()


def test_the_whole_day_of_a_driver(app, pages):
    found, other = agreed(pages), agreed(pages)
    actor = pages.reuse_actor().actor
    made = driving.give_link(found.reference, "Lou Exemple", email="lou@test.example", actor=actor)
    given = SimpleNamespace(token=made.token, link=SimpleNamespace(id=made.link.id))
    scanner = app.test_client()
    answer = scanner.get(f"/chauffeur/{given.token}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert session().get(DriverLink, given.link.id, populate_existing=True).opened == 0
    assert scanner.post(f"/chauffeur/{given.token}").status_code == 403  # no origin: not our page's button
    client = begun(app, given.token)
    stops = client.get("/chauffeur").get_data(as_text=True)
    assert "Entreprise Exemple" in stops
    assert "1 rue de l’Exemple" in stops
    assert "Lou Exemple" in stops
    assert found.reference in stops
    assert other.reference not in stops
    door = f"/enlevements/{found.reference}/pointage"
    assert client.get(door).status_code == 200
    assert client.get(f"/enlevements/{other.reference}/pointage").status_code == 404
    assert client.get("/enlevements/telephone").get_data(as_text=True).count("ENL-") >= 0
    assert other.reference not in client.get("/enlevements/telephone").get_data(as_text=True)
    assert client.post(f"{door}/tout", headers=HERE).status_code == 302
    assert client.post(f"{door}/tout").status_code == 403  # from elsewhere
    hand = f"/enlevements/{found.reference}/remise"
    assert 'value="Lou Exemple"' in client.get(hand).get_data(as_text=True)
    assert (
        client.post(f"{hand}/conducteur", data={"driver_name": "Lou Exemple"}, headers=HERE).status_code
        == 302
    )
    code = current_code(f"pickup/{found.reference}").code
    signed = client.post(f"{hand}/detenteur", data={"name": "Contact", "code": code}, headers=HERE)
    assert signed.status_code == 302
    page = client.get(hand).get_data(as_text=True)
    assert "signée par les deux parties" in page.replace("\u00a0", " ") or "signée" in page
    assert "/bordereau.pdf" not in page
    kept = session().get(Pickup, found.id, populate_existing=True)
    assert (kept.driver_name, kept.driver_id, kept.driver_link_id) == ("Lou Exemple", None, given.link.id)
    via = dict(session().execute(sa.select(Event.type, Event.via).where(Event.via == "link")).all())
    assert {"driver.link-opened", "pickup.collected", "pickup.done", "pickup.countersigned"} <= set(via)
    driving.revoke_link(given.link.id, actor=actor)
    refused = client.get(hand)
    assert refused.status_code == 302
    assert refused.headers["Location"].startswith("/connexion")
    assert client.post(f"{door}/tout", headers=HERE).status_code == 403
    assert client.get(f"/chauffeur/{given.token}").status_code == 404
    assert client.post(f"/chauffeur/{given.token}", headers=HERE).status_code == 409


# The only addresses that do anything for a driver by a link, besides those that anybody may read.
OPEN_TO_DRIVERS = """
collection.ask_signature collection.broken collection.check_line collection.check_rest collection.difference
collection.door_acts collection.door_state collection.driver_stops collection.extra collection.handover
collection.photo collection.problem
collection.remove_container collection.remove_photo collection.road collection.sealing collection.sign_driver
collection.sign_holder collection.stop
collection.stick collection.stop_driving collection.take_photo collection.undo
"""


def test_every_other_page_is_refused(app, pages):
    """Literally every address: a driver's are listed, public ones are a visitor's, all others answer 403."""
    found = agreed(pages)
    made = driving.give_link(found.reference, "Lou Exemple", actor=pages.reuse_actor().actor)
    given = SimpleNamespace(token=made.token, link=SimpleNamespace(id=made.link.id))
    client = begun(app, given.token)
    opened, answers = set(), {}
    for rule in app.url_map.iter_rules():
        named = rule_of(app, rule.endpoint)
        if rule.rule.startswith("/api/") or named == "public":
            continue
        if named in ("door", "driver"):
            opened.add(rule.endpoint)
            continue
        address = re.sub(r"<[^<>]*>", lambda at: "1" if "int:" in at[0] else found.reference, rule.rule)
        for method in {"GET", "POST"} & set(rule.methods or ()):
            answers[f"{method} {rule.rule}"] = client.open(address, method=method, headers=HERE).status_code
    assert opened == set(OPEN_TO_DRIVERS.split())
    assert {where: said for where, said in answers.items() if said not in (403, 404)} == {}
    assert len(answers) > 150
    assert not [name for name, rule in RULES.items() if rule(driving.actor_of(given.link.id))
                and name not in ("public", "door", "driver", "demo")]  # fmt: skip
    assert client.get("/lots").get_data() == app.test_client().get("/lots").get_data()
    assert session().scalar(sa.select(sa.func.count(PickupCheck.id))) == 0


def test_the_organisation_gives_copies_and_withdraws(app, pages):
    from tests.collection.test_pages import Visitor

    found = agreed(pages)
    person, stranger = Visitor(app, pages.reuse_actor()), Visitor(app, pages.reuse_actor("Réemploi Exemple"))
    for one in (person, stranger):
        one.get("/compte")
    assert "Chauffeur sans compte" in person.get(f"/enlevements/{found.reference}")[1]
    page = f"/chauffeurs/{found.reference}"
    assert stranger.get(page)[0] == 404
    assert stranger.post(page, name="Moi")[0] == 404
    assert person.post(page, name="")[0] == 422
    status, made = person.post(page, name="Lou Exemple", email="lou@test.example", language="en")
    assert status == 201
    [token] = set(re.findall(r"/chauffeur/([\w-]{20,})", made))
    assert driving.peek(token).name == "Lou Exemple"
    assert token not in person.get(page)[1]
    link = driving.peek(token).id
    assert stranger.post(f"{page}/retirer/{link}")[0] == 404
    assert "retiré" in person.post(f"{page}/retirer/{link}")[1]
    assert driving.actor_of(link) is None
