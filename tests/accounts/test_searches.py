"""Saved searches and their digests; what an actor declares it can take."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import capacities, digests, searches
from reuse_market.accounts.capacities import Declared
from reuse_market.claims import queries as claims
from reuse_market.claims import reach
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotFound
from reuse_market.notices.models import Message
from reuse_market.traceability.models import Event
from tests.support.races import together
from tests.support.world import PASSWORD, Party, World, published_lot, submitted_claim

DAY = timedelta(days=1)
FIRST = clock.at_paris(date(2026, 3, 2), 10)  # a Monday


@pytest.fixture
def world(app: Flask) -> World:
    """A seeded world."""
    with clock.frozen(FIRST - DAY):
        return World.begin()


def mailed() -> list[Message]:
    """The digests in the outbox, oldest first."""
    return list(
        db.session().scalars(
            sa.select(Message).where(Message.template == "search_digest").order_by(Message.id)
        )
    )


def refused(act: Any) -> str:
    """The refusal's name, or ""."""
    try:
        act()
    except DomainError as error:
        return type(error).__name__
    return ""


def test_a_digest_leaves_only_when_something_is_new_and_once_a_day(world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    with clock.frozen(FIRST):
        published_lot(holder)  # there already when the search is kept: not new
        kept = searches.save_search(
            "lots", "  Près  d’ici ", "kind=monitor&page=4&nonsense=1", "daily", actor=taker.actor
        )
        assert (kept.name, kept.query) == ("Près d’ici", "kind=monitor")
        weekly = searches.save_search("lots", "Chaque semaine", "", "weekly", actor=taker.actor)
        searches.save_search("lots", "Sans courriel", "", "never", actor=taker.actor)
        searches.save_search("lots", "Des imprimantes", "kind=printer", "daily", actor=taker.actor)
        digests.send_due()
        assert mailed() == []
    with clock.frozen(FIRST + DAY):
        digests.send_due()
        assert mailed() == []  # nothing new: no mail
    with clock.frozen(FIRST + DAY + timedelta(minutes=1)):
        reference = published_lot(holder).reference
        digests.send_due()
        assert mailed() == []  # looked at today already
    with clock.frozen(FIRST + 2 * DAY):
        digests.send_due()
        digests.send_due()
        [mail] = mailed()
        assert mail.about == f"search/{kept.id}"
        assert (mail.facts["count"], mail.facts["url"]) == (1, "/lots?kind=monitor")
        assert f"/lots/{reference}" in mail.text
        assert "1 nouveau lot pour votre recherche « Près d’ici »" in mail.subject.replace("\u00a0", " ")
    with clock.frozen(FIRST + 3 * DAY):
        digests.send_due()
        assert len(mailed()) == 1  # told once
    with clock.frozen(FIRST + 8 * DAY):
        digests.send_due()
        assert [one.about for one in mailed()[1:]] == [f"search/{weekly.id}"]


def test_a_lot_committed_after_the_digest_read_is_told_by_the_next_one(world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    with clock.frozen(FIRST):
        searches.save_search("lots", "Tout", "", "daily", actor=taker.actor)
    with clock.frozen(FIRST + DAY):
        digests.send_due()  # while a publication dated a second ago is under way
    with clock.frozen(FIRST + DAY - timedelta(seconds=1)):
        late = published_lot(holder).reference  # as that publication commits
    with clock.frozen(FIRST + 2 * DAY):
        digests.send_due()
        [mail] = mailed()
        assert f"/lots/{late}" in mail.text
    with clock.frozen(FIRST + 3 * DAY - timedelta(minutes=1)):
        last = published_lot(holder).reference  # too fresh for the next digest, in the one after
    for days, expected in ((3, 1), (4, 2), (5, 2)):
        with clock.frozen(FIRST + days * DAY):
            digests.send_due()
            assert len(mailed()) == expected
    assert f"/lots/{last}" in mailed()[-1].text


def test_stopped_started_again_renamed_deleted(world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    with clock.frozen(FIRST):
        kept = searches.save_search("lots", "Tout", "", "daily", actor=taker.actor)
        searches.stop_digest(kept.stop_token)
        searches.stop_digest(kept.stop_token)
    with clock.frozen(FIRST + DAY):
        published_lot(holder)
    with clock.frozen(FIRST + 2 * DAY):
        digests.send_due()
        searches.change_search(kept.id, name="Tous les lots", cadence="daily", actor=taker.actor)
    with clock.frozen(FIRST + 3 * DAY):
        digests.send_due()
        assert mailed() == []  # what came while it was stopped is not new
        assert [row.name for row in searches.mine(taker.actor)] == ["Tous les lots"]
        searches.delete_search(kept.id, actor=taker.actor)
        assert list(searches.mine(taker.actor)) == []
    told = db.session().scalars(
        sa.select(Event.type).where(Event.type.like("organisation.search%")).order_by(Event.id)
    )
    assert list(told) == [
        "organisation.search-saved", "organisation.search-changed", "organisation.search-changed",
        "organisation.search-deleted",
    ]  # fmt: skip


def test_who_may_and_how_many(world: World) -> None:
    taker, other = world.reuse_actor(), world.reuse_actor("Autre Atelier Exemple")
    kept = searches.save_search("lots", "Tout", "", "daily", actor=taker.actor)
    assert refused(lambda: searches.save_search("lots", "Tout", "", "daily", actor=VISITOR)) == "NotFound"
    for who in (
        other.actor,
        VISITOR,
        Actor(organisation_id=taker.organisation_id, person_id=other.person_id),
    ):
        with pytest.raises(NotFound):
            searches.change_search(kept.id, name="Pris", actor=who)
        with pytest.raises(NotFound):
            searches.delete_search(kept.id, actor=who)
    with pytest.raises(NotFound):
        searches.stop_digest("x" * 32)
    with pytest.raises(Invalid):
        searches.save_search("nowhere", "Tout", "", "daily", actor=taker.actor)
    with pytest.raises(Invalid):
        searches.save_search("lots", " ", "", "daily", actor=taker.actor)
    with pytest.raises(Invalid):
        searches.change_search(kept.id, cadence="hourly", actor=taker.actor)
    for n in range(searches.MOST - 1):
        searches.save_search("lots", f"N° {n}", "", "never", actor=taker.actor)
    with pytest.raises(Conflict):
        searches.save_search("lots", "Une de trop", "", "never", actor=taker.actor)


def test_the_link_of_a_mail_stops_nothing_until_its_button_is_pressed(world: World, app: Flask) -> None:
    kept = searches.save_search("lots", "Tout", "", "daily", actor=world.reuse_actor().actor)
    path, number = f"/recherches/arret/{kept.stop_token}", kept.id
    db.release()
    visitor = app.test_client()
    for method in ("get", "head"):
        assert getattr(visitor, method)(path).status_code == 200
    with db.scope() as session:
        assert session.get_one(searches.SavedSearch, number).cadence == "daily"
    assert visitor.post(path).status_code == 403  # another site's form, or a scanner's blind POST
    answer = visitor.post(path, headers={"Origin": "http://localhost"})
    assert "Vous ne recevez plus de courriels" in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    with db.scope() as session:
        assert session.get_one(searches.SavedSearch, number).cadence == "never"
    assert visitor.get("/recherches/arret/nobody").status_code == 404


def test_a_visit_is_new_after_half_an_hour_away(world: World) -> None:
    me = world.reuse_actor().actor
    seen = []
    for minutes in (0, 10, 39, 70, 80):
        with clock.frozen(FIRST + timedelta(minutes=minutes)):
            asked = searches.since("lots", me)[0]
            assert searches.look("lots", me) == asked
            seen.append(asked and int((asked - FIRST).total_seconds() / 60))
    assert seen == [None, None, None, 39, 39]
    assert searches.since("lots", VISITOR) == (None, False)
    assert searches.look("lots", VISITOR) is None


def test_two_tabs_opened_at_once_for_the_first_time_both_open(world: World) -> None:
    me = world.reuse_actor().actor
    for room in ("lots", "offers", "one", "two", "three"):
        outcomes = together(8, lambda _n, room=room: searches.look(room, me))
        assert [(one.value, one.error) for one in outcomes] == [(None, None)] * 8


MINE = Declared(40, ("laptop",), "working", 30, (), 5)
DECLARING = [  # who, what, refusal
    ("actor", MINE, ""),
    ("preparing", MINE, "NotAllowed"),
    ("other actor", MINE, "NotAllowed"),
    ("operator", MINE, "NotAllowed"),
    ("visitor", MINE, "NotAllowed"),
    ("actor", Declared(0), "Invalid"),
    ("actor", Declared(100_001), "Invalid"),
    ("actor", Declared(40, ("spaceship",)), "Invalid"),
    ("actor", Declared(40, condition="new"), "Invalid"),
    ("actor", Declared(40, within_km=0), "Invalid"),
    ("actor", Declared(40, communes=("99999",)), "Invalid"),
    ("actor", Declared(40, minimum_per_stop=0), "Invalid"),
]


def test_who_declares_what(world: World) -> None:
    taker = world.reuse_actor()
    preparing = Actor(
        organisation_id=taker.organisation_id,
        person_id=taker.person_id,
        roles=taker.actor.roles,
        commits=False,
    )
    who = {
        "actor": taker.actor, "preparing": preparing, "other actor": world.reuse_actor("Autre Exemple").actor,
        "operator": world.operator().actor, "visitor": VISITOR,
    }  # fmt: skip
    for name, declared, expected in DECLARING:
        act = partial(capacities.declare_capacity, taker.organisation_id, declared, actor=who[name])
        assert refused(act) == expected, (name, declared)
    assert capacities.capacity_of(taker.organisation_id) == MINE
    capacities.declare_capacity(taker.organisation_id, Declared(60), actor=taker.actor)
    assert capacities.capacities([taker.organisation_id, 10**6]) == {taker.organisation_id: Declared(60)}
    said = db.session().scalars(
        sa.select(Event.payload).where(Event.type == "organisation.capacity-declared").order_by(Event.id)
    )
    assert [int(re.findall(rb'"units_per_month":(\d+)', bytes(one))[0]) for one in said] == [40, 60]


def test_beyond_the_capacity_is_told_to_the_claimant_and_those_who_oversee_alone(world: World) -> None:
    holder, taker = world.holder(), world.reuse_actor()
    lot = published_lot(
        holder, numbered=3, counted=4, price_kind="proposals", price_cents=None, award_mode="holder_choice"
    )
    capacities.declare_capacity(taker.organisation_id, Declared(5, ("laptop",)), actor=taker.actor)
    view = claims.view(submitted_claim(lot, taker, {1: 3, 2: 4}))
    told = {
        name: reach.of_claim(view, actor)
        for name, actor in (
            ("claimant", taker.actor), ("operator", world.operator().actor), ("holder", holder.actor),
            ("other", world.reuse_actor("Autre Exemple").actor), ("visitor", VISITOR),
        )
    }  # fmt: skip
    beyond = reach.Reach(declared=5, taken=0, beyond=2, others=4)
    assert told == {"claimant": beyond, "operator": beyond, "holder": None, "other": None, "visitor": None}


def sent(app: Flask, party: Party, path: str, **answers: Any) -> tuple[int, str]:
    """A form sent by somebody signed in."""
    client = app.test_client()
    client.post(
        "/connexion",
        data={"email": party.email, "password": PASSWORD},
        headers={"Origin": "http://localhost"},
    )
    page = client.get(path).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(path, data={"csrf_token": token.group(1), **answers}, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def test_the_pages_keep_what_is_typed(world: World, app: Flask) -> None:
    taker = world.reuse_actor()
    db.release()
    status, page = sent(
        app, taker, "/recherches/nouvelle?room=lots&kind=laptop&works=y", name="Portables", cadence="weekly"
    )
    assert status == 200
    assert 'href="/lots?kind=laptop&amp;works=y"' in page
    assert "Une fois par semaine" in page
    status, page = sent(
        app, taker, "/organisation/capacite", units_per_month="40", condition="working", minimum_per_stop="5",
        kinds="laptop", within_km="30", communes="38185",
    )  # fmt: skip
    assert status == 200
    with db.scope():
        assert capacities.capacity_of(taker.organisation_id) == Declared(
            40, ("laptop",), "working", 30, ("38185",), 5
        )
