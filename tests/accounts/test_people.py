"""Several people in an organisation: invitations, rights, who may change what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from reuse_market.accounts import invitations, links, members, queries, services
from reuse_market.accounts.models import Invitation
from reuse_market.kernel import clock, db
from reuse_market.kernel.actor import Actor
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotCommitting, NotFound
from reuse_market.notices import queries as notices
from reuse_market.traceability.models import Event
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.races import together
from tests.support.world import PASSWORD, Party, World

NEW = "zoe@test.example"
OWN = "une phrase de passe à moi"


@db.command
def colleague(party: Party, rights: str, number: int = 1, until: int | None = None) -> Party:
    """Another person of the party's organisation."""
    email = f"colleague-{party.organisation_id}-{number}@test.example"
    person = services.add_person(f"Collègue {rights} {number}", email, password=PASSWORD)
    day = None if until is None else clock.in_days(until)
    services.add_member(person.id, party.organisation_id, rights=rights, until=day)
    actor = queries.actor_of(person.id, party.organisation_id)
    assert actor is not None
    return Party(party.organisation_id, person.id, email, party.site_id, actor)


def invited(party: Party, email: str = NEW, **values: object) -> Invitation:
    said = {"email": email, "name": "Zoé Exemple", "rights": "prepare"} | values
    return invitations.invite(party.organisation_id, actor=party.actor, **said)


def token_to(email: str = NEW) -> str:
    return str(notices.messages(address=email)[0].facts["secret"])


def events(party: Party) -> list[str]:
    found = session().query(Event).filter_by(stream=f"organisation/{party.organisation_id}")
    return [event.type for event in found.order_by(Event.seq)]


def test_somebody_new_joins(app: Flask, holder: Party) -> None:
    visitor = Visitor(app.test_client(), holder).open("/compte").follow("Voir qui agit pour nous")
    visitor.follow("Inviter quelqu’un")
    visitor.press("Envoyer l’invitation", 422, name="Zoé Exemple", email="zoe", rights="prepare")
    visitor.press("Envoyer l’invitation", name="Zoé Exemple", email=NEW, rights="prepare")
    assert f"L’invitation est en route vers {NEW}." in visitor.page.text
    assert "En attente de réponse" in visitor.text
    guest = Visitor(app.test_client()).open(f"/invitation/{token_to()}")
    assert "Set-Cookie" not in guest.page.headers
    guest.press("Rejoindre l’organisme", 422, password="court")
    guest.press("Rejoindre l’organisme", name="Zoé Exemple", password=OWN)
    guest.press("Se connecter", 302, email=NEW, password=OWN)
    assert guest.client.get_cookie("parc") is not None
    person = queries.person_by_email(NEW)
    assert person is not None
    assert [(m.organisation_id, m.rights) for m in queries.memberships(person.id)] == [
        (holder.organisation_id, "prepare")
    ]
    assert events(holder)[-2:] == ["organisation.invited", "organisation.joined"]
    assert "Zoé Exemple" in visitor.open("/organisation/personnes").text
    assert "En attente de réponse" not in visitor.text


def test_somebody_known_signs_in_then_joins_and_acts_for_both(
    app: Flask, world: World, holder: Party
) -> None:
    known = world.buyer()
    invited(holder, known.email, rights="commit")
    token = token_to(known.email)
    guest = Visitor(app.test_client()).open(f"/invitation/{token}").follow("Se connecter")
    guest.press("Se connecter", email=known.email, password=PASSWORD)
    assert f"/invitation/{token}" in guest.url
    guest.press("Rejoindre l’organisme", 302)
    assert "Entreprise Exemple" in guest.open("/compte").text
    guest.press("Acheteur Exemple", 302)
    assert "Acheteur Exemple" in guest.open("/compte").tree.xpath("string(//dl)")


def test_somebody_else_signed_in_does_not_join(app: Flask, world: World, holder: Party) -> None:
    invited(holder)
    other = Visitor(app.test_client(), world.buyer()).open(f"/invitation/{token_to()}")
    assert f"Cette invitation est destinée à {NEW}" in other.text
    assert not other.tree.xpath("//main//form")
    with pytest.raises(NotAllowed):
        invitations.accept(token_to(), person_id=world.buyer().person_id)
    assert links.peek(token_to(), "join") is not None


def test_an_account_joins_only_signed_in(holder: Party, world: World) -> None:
    invited(holder, world.buyer().email)
    with pytest.raises(Conflict) as refused:
        invitations.accept(token_to(world.buyer().email), person_id=None, password=OWN)
    assert refused.value.code == "invitation.sign-in"


def test_one_invitation_joined_once(holder: Party) -> None:
    invited(holder)
    token = token_to()
    outcomes = together(4, lambda n: invitations.accept(token, person_id=None, password=f"{OWN} {n}"))
    assert [one.error is None for one in outcomes].count(True) == 1
    db.release()
    assert len([m for m in members.members(holder.organisation_id) if m.email == NEW]) == 1


def test_twice_the_same_is_refused_and_said(holder: Party) -> None:
    invited(holder)
    with pytest.raises(Conflict) as twice:
        invited(holder, " Zoe@Test.example ")
    assert twice.value.code == "invitation.twice"
    invitations.accept(token_to(), person_id=None, password=OWN)
    with pytest.raises(Conflict) as member:
        invited(holder)
    assert member.value.code == "invitation.member"


def test_an_invitation_past_its_date_is_made_again(holder: Party) -> None:
    kept = invited(holder)
    old = token_to()
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert invitations.behind(old) is None
        assert invited(holder, rights="commit").id == kept.id
        assert invitations.behind(token_to()) is not None


def test_cancelled_its_links_are_dead(app: Flask, holder: Party) -> None:
    invited(holder)
    Visitor(app.test_client(), holder).open("/organisation/personnes").press(f"Annuler l’invitation {NEW}")
    Visitor(app.test_client()).open(f"/invitation/{token_to()}", 410)
    with pytest.raises(Conflict):
        invitations.accept(token_to(), person_id=None, password=OWN)
    assert queries.person_by_email(NEW) is None


def test_sent_again_and_copied(app: Flask, holder: Party) -> None:
    invited(holder)
    visitor = Visitor(app.test_client(), holder).open("/organisation/personnes").press(f"Renvoyer {NEW}")
    assert len(notices.messages(address=NEW)) == 2
    visitor.press(f"Copier le lien {NEW}")
    shown = visitor.tree.xpath("//input[@id='link']/@value")[0]
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert len(notices.messages(address=NEW)) == 2
    Visitor(app.test_client()).open(shown[shown.index("/invitation/") :]).press(
        "Rejoindre l’organisme", password=OWN
    )
    assert events(holder)[-3:] == [
        "organisation.invited_again", "organisation.link_copied", "organisation.joined",
    ]  # fmt: skip


def test_at_most_fifty_wait(holder: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    for n in range(2):
        invited(holder, f"p{n}@test.example")
    with pytest.raises(Conflict) as refused:
        invited(holder)
    assert refused.value.code == "invitation.too-many"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "zoe"}, "email"), ({"email": "a@b.example, c@d.example"}, "email"), ({"name": " "}, "name"),
        ({"rights": "own"}, "rights"), ({"language": "de"}, "language"), ({"until": "yesterday"}, "until"),
    ],
)  # fmt: skip
def test_wrong_values(holder: Party, changed: dict[str, object], field: str) -> None:
    if changed.get("until"):
        changed = {"until": clock.in_days(-1)}
    with pytest.raises(Invalid) as refused:
        invited(holder, **changed)
    assert refused.value.field == field


def test_changing_rights_and_last_day(app: Flask, holder: Party) -> None:
    other = colleague(holder, "prepare")
    visitor = Visitor(app.test_client(), holder)
    visitor.open(f"/organismes/{holder.organisation_id}/personnes/{other.person_id}")
    visitor.press("Modifier les droits", rights="commit", until=clock.in_days(10).isoformat())
    kept = next(m for m in members.members(holder.organisation_id) if m.person_id == other.person_id)
    assert (kept.rights, kept.until) == ("commit", clock.in_days(10))
    assert notices.messages(address=other.email)[0].template == "member_changed"
    with clock.frozen(clock.now() + timedelta(days=11)):
        assert queries.memberships(other.person_id) == []


def test_the_last_who_commits_stays(holder: Party) -> None:
    colleague(holder, "prepare")
    mine = holder.organisation_id, holder.person_id
    for act in (
        lambda: members.remove_member(*mine, actor=holder.actor, confirmed=True),
        lambda: members.change_member(*mine, rights="prepare", until=None, actor=holder.actor),
        lambda: members.change_member(*mine, rights="commit", until=clock.in_days(3), actor=holder.actor),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "member.last"


def test_who_ended_does_not_count_as_one_who_commits(holder: Party) -> None:
    colleague(holder, "commit", until=-1)
    with pytest.raises(Conflict):
        members.remove_member(holder.organisation_id, holder.person_id, actor=holder.actor, confirmed=True)


def test_two_who_remove_each_other_leave_one(holder: Party) -> None:
    other = colleague(holder, "commit")
    pair = [(holder, other), (other, holder)]
    outcomes = together(
        2,
        lambda n: members.remove_member(holder.organisation_id, pair[n][1].person_id, actor=pair[n][0].actor),
    )
    assert sum(one.error is None for one in outcomes) == 1
    db.release()
    assert len(members.committing(holder.organisation_id)) == 1


def test_removing_oneself_wants_a_tick(app: Flask, holder: Party) -> None:
    colleague(holder, "commit")
    visitor = Visitor(app.test_client(), holder)
    visitor.open(f"/organismes/{holder.organisation_id}/personnes/{holder.person_id}/retrait")
    visitor.press("Me retirer", 409)
    assert "Vous allez vous retirer vous-même" in visitor.text
    visitor.press("Me retirer", confirmed="y")
    assert queries.memberships(holder.person_id) == []


def test_removing_somebody(app: Flask, holder: Party) -> None:
    other = colleague(holder, "prepare")
    theirs = Visitor(app.test_client(), other)
    visitor = Visitor(app.test_client(), holder)
    visitor.open(f"/organismes/{holder.organisation_id}/personnes/{other.person_id}/retrait")
    visitor.press("Retirer cette personne")
    assert "n’agit plus pour l’organisme." in visitor.page.text
    assert notices.messages(address=other.email)[0].template == "member_removed"
    assert theirs.client.get("/organisation/personnes").status_code == 403
    assert events(holder)[-1] == "organisation.member_removed"


KEEPS = {  # (who, of which organisation) → what happens to their verbs on the holder's people
    "commits": None,
    "prepares": NotCommitting,
    "another organisation": NotAllowed,
    "operator": None,
    "operator preparing": NotCommitting,
    "administrator": None,
    "auditor": NotAllowed,
    "operator on behalf": NotAllowed,
    "visitor": NotAllowed,
}


@pytest.mark.parametrize("verb", ["invite", "change", "remove"])
@pytest.mark.parametrize("who", KEEPS)
def test_who_keeps_an_organisations_people(world: World, holder: Party, who: str, verb: str) -> None:
    colleague(holder, "commit", 8)
    target = colleague(holder, "prepare", 9)
    actor = _asking(world, holder, who)
    acts = {
        "invite": lambda: invitations.invite(
            holder.organisation_id, email=NEW, name="Zoé Exemple", rights="prepare", actor=actor
        ),
        "change": lambda: members.change_member(
            holder.organisation_id, target.person_id, rights="commit", until=None, actor=actor
        ),
        "remove": lambda: members.remove_member(holder.organisation_id, target.person_id, actor=actor),
    }
    expected = KEEPS[who]
    if expected is None:
        acts[verb]()
    else:
        with pytest.raises(NotAllowed) as refused:
            acts[verb]()
        assert type(refused.value) is expected


def _asking(world: World, holder: Party, who: str) -> Actor:
    operator = world.operator()
    return {
        "commits": lambda: holder.actor,
        "prepares": lambda: colleague(holder, "prepare").actor,
        "another organisation": lambda: world.buyer().actor,
        "operator": lambda: operator.actor,
        "operator preparing": lambda: colleague(operator, "prepare").actor,
        "administrator": lambda: world.party("Administration Exemple", "administrator").actor,
        "auditor": lambda: world.party("Audit Exemple", "auditor").actor,
        "operator on behalf": lambda: replace(holder.actor, via="operator"),
        "visitor": lambda: Actor(commits=False),
    }[who]()


def test_the_administrators_people_are_not_the_operators_to_keep(world: World) -> None:
    above = world.party("Administration Exemple", "administrator")
    with pytest.raises(NotAllowed):
        invitations.invite(
            above.organisation_id, email=NEW, name="Zoé", rights="commit", actor=world.operator().actor
        )


def test_another_organisations_people_do_not_exist(app: Flask, world: World, holder: Party) -> None:
    kept_id = invited(holder).id
    stranger = Visitor(app.test_client(), world.buyer())
    stranger.open(f"/organismes/{holder.organisation_id}/personnes", 404)
    with pytest.raises(NotFound):
        invitations.cancel(kept_id, actor=world.buyer().actor)
    with pytest.raises(NotFound):
        members.change_member(
            holder.organisation_id, world.buyer().person_id, rights="commit", until=None, actor=holder.actor
        )


def test_who_prepares_sees_the_people_and_whom_to_ask(app: Flask, holder: Party) -> None:
    other = colleague(holder, "prepare")
    visitor = Visitor(app.test_client(), other).open("/organisation/personnes")
    name = queries.person_names([holder.person_id])[holder.person_id]
    assert f"gérées par qui peut l’engager : {name}." in visitor.text.replace("\xa0", " ")
    assert not visitor.tree.xpath("//main//form")
    visitor.open(f"/organismes/{holder.organisation_id}/personnes/invitation", 403)
    assert f"Demandez à {name}, qui peut engager votre organisme." in visitor.text


def test_the_operator_sees_the_auditor_reads(app: Flask, world: World, holder: Party) -> None:
    address = f"/organismes/{holder.organisation_id}/personnes"
    operator = Visitor(app.test_client(), world.operator()).open(address)
    operator.press(f"Copier un lien pour choisir un mot de passe {_name(holder)}")
    assert "/mot-de-passe/" in operator.tree.xpath("//input[@id='link']/@value")[0]
    auditor = Visitor(app.test_client(), world.party("Audit Exemple", "auditor")).open(address)
    assert not auditor.tree.xpath("//main//form")
    refused = auditor.client.post(
        f"/console/organismes/{holder.organisation_id}/personnes/{holder.person_id}/lien", headers=ORIGIN
    )
    assert refused.status_code == 403


def _name(party: Party) -> str:
    return queries.person_names([party.person_id])[party.person_id]


def test_english_throughout(app: Flask, holder: Party) -> None:
    invited(holder, language="en")
    message = notices.messages(address=NEW)[0]
    assert "You are invited to act for Entreprise Exemple" in message.subject
    link = message.facts["url"]
    assert link.endswith("?lang=en")
    guest = Visitor(app.test_client()).open(link).press("Join the organisation", password=OWN)
    assert "You now act for this organisation. Sign in." in guest.text
    person = queries.person_by_email(NEW)
    assert person is not None
    assert person.language == "en"
