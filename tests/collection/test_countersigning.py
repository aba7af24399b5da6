"""The holder signs from afar: the link, its 48 hours, the note marked meanwhile, and ownership that waits."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pikepdf
import pytest
import sqlalchemy as sa

from reuse_market.accounts import services as accounts
from reuse_market.accounts.signatures import current_code
from reuse_market.collection import countersigning, driving, links, queries, services
from reuse_market.collection.models import Pickup
from reuse_market.documents import queries as documents
from reuse_market.erasure.services import count_media
from reuse_market.kernel import clock
from reuse_market.kernel.actor import SYSTEM, VISITOR
from reuse_market.kernel.db import session
from reuse_market.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from reuse_market.notices.models import Message
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as workshop
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit
from tests.support import world as chain

CONTACT = "contact@sur-place.example"


def signed_by_driver(world, *, contact=CONTACT):
    """A pick-up that the driver alone has signed, at a site whose contact has an address."""
    holder, actor = world.holder(), world.reuse_actor()
    accounts.save_site(
        holder.organisation_id,
        {"name": "Siège", "street": "1 rue de l’Exemple", "postcode": "38320", "commune_name": "Eybens",
         "contact_name": "Contact Exemple", "contact_email": contact},
        actor=holder.actor, site_id=holder.site_id,
    )  # fmt: skip
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, actor)
    made = chain.agreed_pickup(claim, holder, actor)
    kept = SimpleNamespace(
        id=made.id, reference=made.reference, units=[u.unit_id for u in queries.sheet(made)]
    )
    chain.signed_pickup(made, holder, actor, both=False)
    return kept


def mails(template):
    chosen = sa.select(Message).where(Message.template == template).order_by(Message.id)
    return {m.to_address: m for m in session().scalars(chosen)}


def token_of(message):
    return re.search(r"/signature/([\w-]+)", message.text)[1]


def owners(found):
    return set(session().execute(sa.select(Unit.state, Unit.owner_id).where(Unit.id.in_(found.units))).all())


def note(found):
    return documents.current(f"pickup/{found.reference}", "handover_note")


def test_the_code_reaches_the_contact_on_site(world):
    found = signed_by_driver(world)
    first = mails("pickup_code")[CONTACT].facts["signature_code"]
    assert f"Code de remise : {first}" in mails("pickup_code")[CONTACT].text.replace("\u00a0", " ")
    second = services.new_code(found.reference, actor=world.holder().actor)
    assert mails("pickup_code")[CONTACT].facts["signature_code"] == second


def test_ownership_waits_for_the_link_and_passes_with_it(world):
    holder, actor = world.holder(), world.reuse_actor()
    found = signed_by_driver(world)
    assert note(found) is None
    sent = countersigning.ask_signature(found.reference, actor=actor.actor)
    assert sent == [CONTACT, holder.email]
    waiting = note(found)
    until = datetime.fromisoformat(waiting.facts["countersign_until"]) - clock.now()
    assert timedelta(hours=47, minutes=59) < until <= timedelta(hours=48)
    data = documents.content(waiting)
    assert len(data) <= 150_000
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    assert owners(found) == {("collected", holder.organisation_id)}
    workshop.receive_units(found.units, actor=actor.actor)
    count_media(found.units[0], (), "opened", actor=actor.actor)
    workshop.record_tests(found.units[:1], actor=actor.actor, batteries={found.units[0]: 80})
    with pytest.raises((Conflict, NotAllowed)):
        workshop.make_ready(found.units[0], actor=actor.actor, cosmetic_grade="B", price_cents=100)
    token = token_of(mails("signature_asked")[CONTACT])
    with pytest.raises(Invalid):
        countersigning.sign_by_link(token, " ")
    assert countersigning.sign_by_link(token, "Camille Exemple").holder_signer == "Camille Exemple"
    assert owners(found) == {("in_workshop", actor.organisation_id)}
    assert workshop.make_ready(found.units[0], actor=actor.actor, cosmetic_grade="B", price_cents=100)
    final = note(found)
    assert session().get(type(waiting), waiting.id, populate_existing=True).superseded_by == final.number
    assert "countersign_until" not in final.facts
    assert final.facts["contact"]["how"] == "link"
    assert final.size <= 150_000
    event = session().scalars(sa.select(Event).where(Event.type == "pickup.countersigned")).one()
    assert (event.via, event.organisation_id) == ("link", holder.organisation_id)
    assert {CONTACT} == set(mails("signature_given"))
    assert {holder.email, actor.email} == set(mails("pickup_handed_over"))
    for dead in (token, token_of(mails("signature_asked")[holder.email])):
        with pytest.raises(Conflict):
            countersigning.sign_by_link(dead, "Encore")
    assert reconcile() == []


def test_who_may_ask_and_when(world):
    actor, found = world.reuse_actor().actor, signed_by_driver(world)
    driver = replace(
        actor, via="link", roles=driving.ROLES, commits=False, scope=frozenset({found.reference})
    )
    grid = {
        "driver by a link": (driver, "asked"),
        "driver of another round": (replace(driver, scope=frozenset()), "NotFound"),
        "who collects": (actor, "asked"),
        "its helper": (replace(actor, commits=False), "asked"),
        "the holder": (world.holder().actor, "asked"),
        "acting for the holder": (replace(world.holder().actor, via="operator"), "NotAllowed"),
        "suspended": (replace(actor, roles=frozenset()), "NotAllowed"),
        "another": (world.reuse_actor("Réemploi Exemple").actor, "NotFound"),
        "operator": (world.operator().actor, "NotAllowed"),
        "visitor": (VISITOR, "NotFound"),
        "the clock": (SYSTEM, "asked"),
    }
    said, hours = {}, 0
    for who, (one, _expected) in grid.items():
        hours += 2
        with clock.frozen(clock.now() + timedelta(hours=hours)):
            try:
                countersigning.ask_signature(found.reference, actor=one)
                said[who] = "asked"
            except (NotAllowed, NotFound) as error:
                said[who] = type(error).__name__
    assert said == {who: expected for who, (_one, expected) in grid.items()}
    with clock.frozen(clock.now() + timedelta(hours=hours, minutes=30)), pytest.raises(Conflict) as soon:
        countersigning.ask_signature(found.reference, actor=actor)
    assert soon.value.code == "pickup.asked-just-now"


@pytest.mark.parametrize("state", ["proposed", "agreed", "cancelled", "signed"])
def test_nothing_is_asked_in_another_state(world, state):
    holder, actor = world.holder(), world.reuse_actor()
    claim = chain.awarded_claim(chain.published_lot(holder, numbered=1, counted=1), holder, actor)
    slot = {"day": clock.today(), "from_time": "09:00", "to_time": "11:00"}
    made = services.propose_pickup(claim.reference, actor=actor.actor, **slot)
    if state in ("agreed", "signed"):
        services.agree_pickup(made.reference, actor=holder.actor)
    if state == "cancelled":
        services.cancel_pickup(made.reference, "Essai", actor=actor.actor)
    if state == "signed":
        chain.signed_pickup(made, holder, actor)
    with pytest.raises(Conflict):
        countersigning.ask_signature(made.reference, actor=actor.actor)


def test_48_hours_then_a_reminder_then_the_operator(world):
    found = signed_by_driver(world)
    assert countersigning.chase_due() == 0  # the contact may still be at the door
    start = clock.now()
    with clock.frozen(start + timedelta(hours=1, minutes=1)):
        assert countersigning.chase_due() == 1
        first = token_of(mails("signature_asked")[CONTACT])
        assert countersigning.chase_due() == 0
    with clock.frozen(start + timedelta(hours=49)):
        assert links.alive(links.peek(first))
        assert countersigning.chase_due() == 0
    with clock.frozen(start + timedelta(hours=49, minutes=2)):
        with pytest.raises(Conflict):
            countersigning.sign_by_link(first, "Camille Exemple")
        assert countersigning.chase_due() == 1
        reminder = mails("signature_asked")[CONTACT]
        assert reminder.subject.startswith("Rappel")
    with clock.frozen(start + timedelta(days=9)):
        assert countersigning.chase_due() == 0
        pickup = session().get(Pickup, found.id, populate_existing=True)
        assert links.askings(pickup) == 2
        # the code still signs, and ends every link
        code = services.new_code(found.reference, actor=world.holder().actor)
        services.sign_as_holder(found.reference, "Camille", code, actor=world.reuse_actor().actor)
        assert note(found).facts["contact"].get("how") is None


def test_the_code_ends_the_links(world):
    found = signed_by_driver(world)
    countersigning.ask_signature(found.reference, actor=world.reuse_actor().actor)
    token = token_of(mails("signature_asked")[CONTACT])
    code = current_code(f"pickup/{found.reference}").code
    services.sign_as_holder(found.reference, "Camille", code, actor=world.reuse_actor().actor)
    assert not links.shows(links.peek(token))
    with pytest.raises(Conflict):
        countersigning.sign_by_link(token, "Camille")


def test_the_page_of_the_contact(app):
    world = chain.World.begin()
    found = signed_by_driver(world)
    countersigning.ask_signature(found.reference, actor=world.reuse_actor().actor)
    token = token_of(mails("signature_asked")[CONTACT])
    contact, here = app.test_client(), {"Origin": "http://localhost"}
    page = contact.get(f"/signature/{token}")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    text = page.get_data(as_text=True).replace("\u00a0", " ")
    assert "Non contresigné" in text
    pdf = contact.get(f"/signature/{token}/bordereau.pdf")
    assert pdf.mimetype == "application/pdf"
    assert contact.post(f"/signature/{token}", data={"name": "Camille"}).status_code == 403
    assert contact.post(f"/signature/{token}", data={"name": ""}, headers=here).status_code == 422
    assert contact.post(f"/signature/{token}", data={"name": "Camille"}, headers=here).status_code == 302
    assert "signée par les deux parties" in contact.get(f"/signature/{token}").get_data(as_text=True)
    assert contact.get(f"/signature/{token}/bordereau.pdf").status_code == 200
    assert contact.get(f"/enlevements/{found.reference}").status_code == 302
    for nothing in ("/signature/nulle", "/signature/nulle/bordereau.pdf"):
        assert contact.get(nothing).status_code == 404
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert contact.get(f"/signature/{token}").status_code == 404
