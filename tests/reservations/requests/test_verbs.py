"""The verbs of a request: who may do what in which state, the needs behind it, the calls, what is forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts import hours
from reuse_market.accounts.models import Site
from reuse_market.catalogue import queries as catalogue
from reuse_market.kernel import clock
from reuse_market.kernel.actor import VISITOR, Actor
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, TooMany
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.reservations.models import AssociationRequest, Need, RequestCall, RequestLine, RequestLink
from reuse_market.reservations.needs import services as needs
from reuse_market.reservations.requests import links, queries, services
from reuse_market.reservations.requests.answers import Answers
from reuse_market.traceability.models import Event
from tests.reservations.requests.test_pages import mail_link
from tests.support.world import World, ready_units

_once = count(1)
ASKED = Answers(
    kinds=("laptop", "desktop"), units=(("laptop", 12), ("desktop", 3)), publics=("families", "unknown"),
    name="Association Exemple", phone="04 00 00 00 00", email="asso@exemple.example",
)  # fmt: skip
# State × who → the actions that go through. Everything else is refused, and nothing changes.
GRID = {
    ("received", "operator"): "call miss complete attach announce close cancel",
    ("called", "operator"): "call miss complete attach announce close cancel",
    ("received", "link"): "change ask_call cancel",
    ("called", "link"): "change ask_call cancel",
}
STATES, WHO = (
    ("received", "called", "closed", "cancelled"),
    ("operator", "auditor", "recipient", "visitor", "link"),
)


def sent(**changes: Any) -> AssociationRequest:
    """A request, sent by an association; a new form each time."""
    values = {name: getattr(ASKED, name) for name in ASKED.__dataclass_fields__} | changes
    return services.send_request(Answers(**values), once=f"{next(_once):032x}")


def link_of(found: AssociationRequest) -> str:
    """A token that opens it."""
    return links.make_link(found).rsplit("/", 1)[1]


def events(found: AssociationRequest) -> list[str]:
    """What the journal says of it."""
    told = sa.select(Event.type, Event.payload).where(Event.type.startswith("request.")).order_by(Event.id)
    return [kind for kind, payload in session().execute(told) if found.reference in str(payload)]


def acting(world: World, who: str) -> Actor:
    """Who tries."""
    if who == "visitor":
        return VISITOR
    return {"operator": world.operator, "recipient": world.recipient}.get(
        who, lambda: world.party("Contrôle Exemple", "auditor")
    )().actor


@pytest.mark.parametrize("backend", ["sqlite"])
def test_who_may_do_what(world: World) -> None:
    """The whole grid, state × actor × verb, by the verbs themselves."""
    operator, organisation = world.operator().actor, world.recipient().organisation_id
    day = clock.today()
    for state in STATES:
        for who in WHO:
            actor, done = acting(world, who), []
            verbs: dict[str, Any] = {
                "call": lambda ref, by: services.record_call(ref, "reached", actor=by),
                "miss": lambda ref, by: services.record_call(ref, "no_answer", actor=by),
                "complete": lambda ref, by: services.complete_request(ref, ASKED, actor=by),
                "attach": lambda ref, by: services.attach_request(ref, organisation, actor=by),
                "announce": lambda ref, by: services.announce(ref, 2, actor=by, come_on=day, come_at="Ici"),
                "close": lambda ref, by: services.close_request(ref, "met", actor=by),
                "cancel": lambda ref, by: services.give_up(ref, actor=by),
            }  # fmt: skip
            by_link = {
                "change": lambda token: services.change_request(token, ASKED),
                "ask_call": services.ask_call, "cancel": services.cancel_request,
            }  # fmt: skip
            found: AssociationRequest | None = None  # the same one as long as it is refused
            for verb in by_link if who == "link" else verbs:
                found = found or brought(state, operator)
                before = (found.state, found.version)
                try:
                    if who == "link":
                        by_link[verb](link_of(found))
                    else:
                        verbs[verb](found.reference, actor)
                    done.append(verb)
                    found = None
                except (NotAllowed, NotFound, Conflict):
                    assert found is not None
                    session().refresh(found)
                    assert (found.state, found.version) == before, (state, who, verb)
            allowed = GRID.get((state, who), "").split()
            assert done == [verb for verb in (by_link if who == "link" else verbs) if verb in allowed], (
                state,
                who,
                done,
            )


def brought(state: str, operator: Actor) -> AssociationRequest:
    """A request in this state, by the verbs; each from a contact of its own, so that no limit is met."""
    made = sent(email="", phone=f"04 {next(_once):08d}")
    if state == "called":
        services.record_call(made.reference, "reached", actor=operator)
    elif state == "closed":
        services.close_request(made.reference, "unmet", actor=operator)
    elif state == "cancelled":
        services.give_up(made.reference, actor=operator)
    return made


def test_what_is_asked_becomes_needs_and_follows(world: World) -> None:
    """A line a kind, the screens of desktop computers too; unknown numbers wait; changes and the end follow."""
    operator, structure = world.operator().actor, world.recipient()
    found = sent()
    asked = [(line.kind, line.units, line.need.source) for line in queries.lines(found) if line.need]
    assert asked == [("laptop", 12, "request"), ("desktop", 3, "request"), ("monitor", 3, "request")]
    assert {line.need.publics for line in queries.lines(found) if line.need} == {"families"}
    assert events(found) == ["request.received"]
    fewer = Answers(kinds=("laptop", "tablet"), units=(("laptop", 5), ("tablet", None)), name="Association Exemple",
                    phone="04 00 00 00 00", email="asso@exemple.example")  # fmt: skip
    services.change_request(mail_link(found.email).rsplit("/", 1)[1], fewer)
    told = {line.kind: (line.units, line.need and line.need.state) for line in queries.lines(found)}
    assert told == {"laptop": (5, "open"), "tablet": (None, None)}
    assert sorted(session().scalars(sa.select(Need.state))) == ["closed", "closed", "open"]
    other = Answers(
        kinds=("tablet",), units=(("tablet", 4),), name="Association Exemple", phone="04 00 00 00 00"
    )
    services.complete_request(found.reference, other, actor=operator)
    services.attach_request(found.reference, structure.organisation_id, actor=operator)
    [line] = queries.lines(found)
    assert line.need
    assert (line.kind, line.units, line.need.organisation_id) == (
        "tablet",
        4,
        structure.organisation_id,
    )
    with pytest.raises(Invalid):
        services.attach_request(
            found.reference, world.recipient("Autre Exemple").organisation_id, actor=operator
        )
    services.close_request(found.reference, "met", actor=operator)
    assert line.need.state == "closed"
    assert reconcile() == []


def test_it_is_called_in_time_told_in_plain_words_and_lands_nowhere_twice(world: World) -> None:
    """Sent twice is once; a call missed waits one delay more; the stages the page tells; links die with the facts."""
    operator = world.operator().actor
    once = "f" * 32
    found = services.send_request(ASKED, once=once)
    assert services.send_request(ASKED, once=once).id == found.id
    assert found.call_by == clock.in_days(3)
    assert [one.id for one in queries.to_call()] == [found.id]
    token = mail_link(found.email).rsplit("/", 1)[1]
    stages = [queries.standing(found).stage]
    with clock.frozen(clock.now() + timedelta(days=2)):
        services.record_call(found.reference, "no_answer", actor=operator, note="Répondeur")
        assert found.call_by == clock.in_days(3)
        services.record_call(found.reference, "reached", actor=operator)
        stages.append(queries.standing(found).stage)
        services.announce(found.reference, 10, actor=operator)
        stages.append(queries.standing(found).stage)
        with pytest.raises(Invalid, match="Say where"):
            services.announce(found.reference, 10, actor=operator, come_on=clock.today())
        services.announce(found.reference, 10, actor=operator, come_on=clock.today(), come_at="Atelier\nRue")
        told = queries.standing(found)
        stages += [told.stage, *told.come_at]
        services.ask_call(token)
        assert (found.state, found.call_back) == ("received", True)
        services.close_request(found.reference, "met", actor=operator)
        stages.append(queries.standing(found).stage)
    assert stages == ["received", "called", "found", "come", "Atelier", "Rue", "met"]
    assert [call.note for call in queries.calls(found)] == ["", "Répondeur"]


def test_the_way_there_says_the_hours_of_that_day_or_whom_to_call(world: World) -> None:
    """Those of the place that keeps the devices, in plain words; never of another place than the one told."""
    operator, seller, asker = world.operator().actor, world.reuse_actor(), world.recipient()
    ready_units(seller, 2)
    told = Answers(
        kinds=("laptop",), units=(("laptop", 2),), name="Association Exemple", email="asso@exemple.example"
    )
    found = services.send_request(told, once="e" * 32)
    services.attach_request(found.reference, asker.organisation_id, actor=operator)
    [need] = [line.need for line in queries.lines(found) if line.need]
    [group] = catalogue.groups(catalogue.Filters(), asker.actor)
    made = needs.propose_match(need.reference, "ready", group.key, 2, actor=seller.actor)
    needs.accept_match(made.reference, actor=asker.actor)
    site = session().get_one(Site, seller.site_id)

    @command
    def put(**values: str) -> None:
        for name, value in values.items():
            setattr(site, name, value)

    put(street="1 rue de l’Exemple", contact_phone="04 00 00 00 09", hours="")
    place, day = queries.place_of(found), clock.in_days(7)
    assert place.endswith(f"1 rue de l’Exemple\n{site.postcode} {site.commune_name}")

    def come(where: str) -> list[str]:
        services.announce(found.reference, 2, actor=operator, come_on=day, come_at=where)
        mail = session().scalars(sa.select(Message).order_by(Message.id.desc())).first()
        assert mail is not None
        return mail.text.replace("\u00a0", " ").splitlines()

    call = ["Téléphonez avant de venir.", "Demandez l’heure.", "Le numéro du lieu est : 04 00 00 00 09"]
    assert "\n".join(call) in "\n".join(come(place)), "nobody has said the hours"
    put(hours="Du lundi au jeudi")
    assert "Les heures sont :\nDu lundi au jeudi" in "\n".join(come(place))
    every = [[["09:00", "12:30"], ["14:00", "17:00"]]] * 7
    hours.set_hours(site.id, every, actor=seller.actor)
    both = "Venez entre 9 heures et 12 heures 30.\nOu venez entre 14 heures et 17 heures."
    assert both in "\n".join(come(place))
    assert queries.standing(found).way.between("en") == [("9:00", "12:30"), ("14:00", "17:00")]
    hours.set_hours(site.id, every, actor=seller.actor, closed_days=[day])
    assert call[0] in come(place), "nobody is there on that day"
    hours.set_hours(site.id, every, actor=seller.actor)
    elsewhere = come("Maison Exemple\n2 rue de l’Exemple\nGrenoble")
    assert [line in elsewhere for line in (*call, both.splitlines()[0])] == [True, True, False, False]


def test_who_asked_is_forgotten(world: World) -> None:
    """After the delay, or at once when the operator is asked to; never a name in the journal; the needs stay."""
    operator = world.operator().actor
    found, other = sent(), sent(email="", name="Association Sans Mail")
    assert session().scalar(sa.select(sa.func.count()).select_from(Message)) == 1, "no address, no mail"
    services.record_call(other.reference, "reached", actor=operator, note="Association Sans Mail rappelle")
    with pytest.raises(Conflict):
        services.forget_request(other.reference, actor=operator)
    for one in (found, other):
        services.close_request(one.reference, "unmet", actor=operator)
    assert services.forget_old() == 0
    token = mail_link("asso@exemple.example").rsplit("/", 1)[1]
    services.forget_request(other.reference, actor=operator)
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert services.forget_old() == 1
        assert services.forget_old() == 0
    assert links.peek(token) is None
    left = json.dumps([
        [str(value) for value in row]
        for table in (AssociationRequest, RequestCall, RequestLine, RequestLink, Message, Event)
        for row in session().execute(sa.select(*table.__table__.columns)).all()
    ], ensure_ascii=False)  # fmt: skip
    for word in ("Association Exemple", "Sans Mail", "04 00 00 00 00", "asso@exemple.example"):
        assert word not in left, word
    assert session().scalar(sa.select(sa.func.count()).select_from(Need)) == 6


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_cannot_be_answered_is_refused(world: World) -> None:
    """A name, and a way to answer; a phone to be called back; three for a contact in a quarter of an hour."""
    cases: list[tuple[dict[str, Any], type[DomainError], str]] = [
        ({"name": " "}, Invalid, "name"), ({"phone": "", "email": ""}, Invalid, "phone"),
        ({"phone": "douze"}, Invalid, "phone"), ({"email": "rien"}, Invalid, "email"),
        ({"phone": "", "call_back": True}, Invalid, "phone"),
    ]  # fmt: skip
    for changes, kind, field in cases:
        with pytest.raises(kind) as refused:
            sent(**changes)
        assert getattr(refused.value, "field", None) == field, changes
    assert session().scalar(sa.select(sa.func.count()).select_from(AssociationRequest)) == 0
    for _ in range(3):
        sent()
    with pytest.raises(TooMany):
        sent()
    with pytest.raises(NotFound):
        services.cancel_request("devine")


def test_requests_of_one_contact_are_told_together(world: World) -> None:
    """The same phone however it is written, or the same address; never two empty ones, nor what is forgotten."""
    office = world.operator().actor

    def taken(phone: str = "", email: str = "") -> AssociationRequest:
        told = {name: getattr(ASKED, name) for name in ASKED.__dataclass_fields__}
        return services.take_request(Answers(**told | {"phone": phone, "email": email}), actor=office)

    written = ("04 00 33 00 01", "04.00.33.00-01", "+33 (0)4 00 33 00 01", "0033400330001", "(04)00/33/00/01")
    alike = [taken(phone) for phone in written]
    mailed = taken("04 00 33 00 02", "Autre@exemple.example")
    both = taken("04 00 33 00 01", "autre@exemple.example")
    alone = [taken("04 00 33 00 03"), taken("", "seule@exemple.example"), taken("1 04 00 33 00 01")]
    names = {one.id: one.reference for one in (*alike, mailed, both, *alone)}
    found = queries.same_contact(list(names))
    five = [one.id for one in alike]
    expected = {one: sorted({*five, both.id} - {one}, reverse=True) for one in five}
    expected |= {both.id: [mailed.id, *reversed(five)], mailed.id: [both.id]}
    assert found == {own: [names[one] for one in others] for own, others in expected.items()}
    assert queries.same_contact([alone[0].id]) == queries.same_contact([]) == {}
    services.close_request(both.reference, "unmet", actor=office)
    services.forget_request(both.reference, actor=office)
    found = queries.same_contact(list(names))
    assert mailed.id not in found
    assert both.id not in found
    assert both.reference not in found[five[0]]
