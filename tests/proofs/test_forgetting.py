"""A person, or the serials of a device, forgotten: nothing of them is left in a dump, and every hash still verifies."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from reuse_market.accounts import tokens
from reuse_market.accounts.models import Membership, Person, Site
from reuse_market.collection import queries as pickups
from reuse_market.collection.models import Pickup
from reuse_market.erasure import dropping
from reuse_market.erasure import services as erasing
from reuse_market.erasure.models import ErasureCertificate, StorageMedium
from reuse_market.kernel import db, files, migrating
from reuse_market.kernel.actor import SYSTEM
from reuse_market.kernel.db import command, session
from reuse_market.kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from reuse_market.kernel.files import FileUse
from reuse_market.notices.models import Message
from reuse_market.notices.rendering import render
from reuse_market.notices.settings import configure
from reuse_market.proofs.forgetting import open_ends, services
from reuse_market.proofs.forgetting.kept import KEPT
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing.hardware import services as hardware
from reuse_market.traceability import journal
from reuse_market.traceability import queries as told
from reuse_market.traceability.models import Event, EventCommitment
from reuse_market.traceability.verify import verify_chains
from reuse_market.units.models import Unit
from tests.support.erasure_files import Disk, nwipe_log
from tests.support.workshop import Workshop
from tests.support.world import (
    Party,
    World,
    agreed_pickup,
    awarded_claim,
    published_lot,
    signed_pickup,
)

NAME, EMAIL, PHONE = "Zélie Exemplaire", "zelie.exemplaire@atelier.example", "06 00 00 00 99"


@pytest.fixture
def world(database: db.Database, tmp_path: Path) -> World:
    """Seeded rows, files and mails, without an application."""
    files.configure(f"file://{tmp_path / 'files'}")
    configure(
        base_url="http://parc.example", mail_url="smtp://localhost:1", sender="Parc <parc@parc.example>"
    )
    return World.begin()


def dump(*, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """Every row of every table as text, but of those tables."""
    found = {}
    for table in migrating.metadata().sorted_tables:
        if table.name not in but:
            rows = session().execute(sa.select(table)).all()
            found[table.name] = "\n".join(repr(tuple(row)) for row in rows)
    return found


def left(*words: str, but: frozenset[str] = frozenset(KEPT)) -> list[tuple[str, str]]:
    """Where a word still stands, whatever its case and however JSON spells it."""
    forms = [re.escape(form) for word in words for form in (word, word.encode("unicode_escape").decode())]
    pattern = re.compile("|".join(forms), re.IGNORECASE)
    return [(name, one[0]) for name, text in dump(but=but).items() if (one := pattern.search(text))]


def refused(verb: Any) -> DomainError:
    with pytest.raises(DomainError) as said:
        verb()
    return said.value


@command
def colleague(of: Party) -> int:
    """Somebody of this party, with everything a person leaves behind."""
    found = session().get_one(Person, of.person_id)
    made = Person(
        email=EMAIL, name=NAME, phone=PHONE, language="fr", password_hash="x", session_key="k" * 32,
        active=True, made_at=found.made_at,
    )  # fmt: skip
    session().add(made)
    session().flush()
    session().add(Membership(person_id=made.id, organisation_id=of.organisation_id, rights="commit"))
    session().flush()
    return made.id


@command
def write_about(pickup: Pickup, holder: Party) -> None:
    """What others wrote of the person beside the chain."""
    spelled = ("Zelie EXEMPLAIRE", "Zélie\u00a0Exemplaire", "Ze\u0301lie  Exemplaire")
    dialled = ("06.00.00.00.99", "+33 6 00 00 00 99")
    told = " / ".join((NAME.upper(), PHONE, "exemplaire zélie", *spelled, *dialled))
    pickup.holder_signer, pickup.note = NAME, f"Voir {told}"
    site = session().get_one(Site, holder.site_id)
    site.contact_name, site.contact_email = NAME, EMAIL
    journal.append(
        journal.Act(holder.actor), "organisation/1", "organisation.changed", commitments={"signer": NAME}
    )


@pytest.fixture
def administrator(world: World) -> Party:
    return world.party("Métropole Exemple", "administrator", legal_kind="local_authority")


def test_nothing_of_a_person_is_left(world: World, administrator: Party):
    holder, actor = world.holder(), world.reuse_actor()
    person_id = colleague(actor)
    her = replace(actor.actor, person_id=person_id, person_name=NAME)
    party = replace(actor, person_id=person_id, actor=her)
    lot = published_lot(holder)
    pickup = agreed_pickup(awarded_claim(lot, holder, party), holder, party)
    signed_pickup(pickup, holder, party)
    write_about(session().get_one(Pickup, pickup.id), holder)
    tokens.make_token(person_id, actor.organisation_id, ["read"], label=f"Ordinateur de {NAME}")
    with told.all_events() as all_told:
        events = [(one.hash, one.payload) for one in all_told]
    hers = session().scalars(
        sa.select(EventCommitment.event_id).where(
            EventCommitment.value == str(person_id), EventCommitment.name == "person"
        )
    ).all()  # fmt: skip
    assert hers
    where = {name for name, _word in left(NAME, EMAIL, but=frozenset())}
    assert {"person", "pickup", "api_token", "event_commitment"} <= where
    admin = administrator.actor
    said = {
        "herself": her, "holder": holder.actor, "operator": world.party("Opérateur Exemple", "operator").actor,
        "by token": replace(admin, via="token"), "for another": replace(admin, via="operator"),
    }  # fmt: skip
    for name, one in said.items():
        verb = partial(services.forget_person, person_id, actor=one, confirmed=EMAIL)
        assert isinstance(refused(verb), NotAllowed), name
    assert (
        refused(lambda: services.forget_person(person_id, actor=admin, confirmed="autre@x.example")).field
        == "confirmed"
    )
    oneself = refused(lambda: services.forget_person(administrator.person_id, actor=admin, confirmed=""))
    assert oneself.code == "forget.oneself"
    assert isinstance(refused(lambda: services.forget_person(99_999, actor=admin, confirmed="")), NotFound)
    assert services.forget_person(person_id, actor=admin, confirmed=EMAIL.upper()) > 3
    assert left(NAME, EMAIL, PHONE, "Exemplaire Zélie") == []
    note = session().get_one(Pickup, pickup.id).note or ""
    assert "exemplaire" not in note.casefold(), "with or without accents, however spaced"
    assert re.search("99|06", note) is None, "the number, however it is dialled"
    assert isinstance(
        refused(lambda: services.forget_person(person_id, actor=admin, confirmed=EMAIL)), NotFound
    )
    with told.all_events() as all_told:
        after = [(one.hash, one.payload) for one in all_told]
    assert after[: len(events)] == events, "not a byte of the chain changed"
    newest = session().scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (newest.type, set(told.body(newest)["facts"])) == ("person.forgotten", {"rows"})
    assert told.persons_of(hers) == {}
    assert verify_chains() == []
    assert reconcile() == []
    assert pickups.view(session().get_one(Pickup, pickup.id)) is not None
    assert {name for name, _ in left(NAME, but=frozenset())} <= {"document"}, "issued papers alone"


def test_what_is_open_is_finished_first(world: World, administrator: Party):
    """The last who commits an organisation, a pick-up to drive, a note that waits: each says what to do."""
    holder, actor = world.holder(), world.reuse_actor()
    admin = administrator.actor
    assert open_ends.of_person(actor.person_id) == [open_ends.LAST]
    said = refused(lambda: services.forget_person(actor.person_id, actor=admin, confirmed=actor.email))
    assert (said.code, str(said.message)) == ("forget.open", open_ends.LAST)
    person_id = colleague(actor)
    assert open_ends.of_person(person_id) == []
    pickup = agreed_pickup(awarded_claim(published_lot(holder), holder, actor), holder, actor)
    drive(pickup.id, person_id)
    assert open_ends.of_person(person_id) == [open_ends.PICKUPS]
    signed_pickup(pickup, holder, actor, both=False)
    drive(pickup.id, person_id)
    assert open_ends.of_person(person_id) == [open_ends.SIGNATURES]
    her = replace(actor.actor, person_id=person_id)
    assert refused(lambda: services.ask_to_be_forgotten(actor=her)).code == "forget.open"
    drive(pickup.id, actor.person_id)
    services.ask_to_be_forgotten(actor=her)
    asked = (
        session().scalars(sa.select(Message.to_address).where(Message.template == "forgetting_asked")).all()
    )
    assert asked == [administrator.email]
    assert isinstance(
        refused(lambda: services.ask_to_be_forgotten(actor=replace(her, via="operator"))), NotAllowed
    )


def test_who_alone_commits_asks_too_and_the_operator_is_told(world: World, administrator: Party):
    """The request is made; whoever operates names somebody else first, and only then is anything forgotten."""
    actor, operator = world.reuse_actor(), world.operator()
    services.ask_to_be_forgotten(actor=actor.actor)
    asked = session().scalars(sa.select(Message).where(Message.template == "forgetting_asked")).all()
    assert sorted(one.to_address for one in asked) == sorted([administrator.email, operator.email])
    named = [{"name": "Atelier Exemple", "url": f"/organismes/{actor.organisation_id}/personnes"}]
    assert [one.facts["alone"] for one in asked] == [named, named]
    assert (
        "Personne d’autre ne peut engager Atelier Exemple"
        in render("forgetting_asked", "fr", asked[0].facts).text
    )
    forget = partial(
        services.forget_person, actor.person_id, actor=administrator.actor, confirmed=actor.email
    )
    assert str(refused(forget).message) == open_ends.LAST
    colleague(actor)
    assert forget() > 0


@command
def drive(pickup_id: int, person_id: int) -> None:
    session().execute(sa.update(Pickup).where(Pickup.id == pickup_id).values(driver_id=person_id))
    session().expire_all()


def test_a_name_that_others_bear_goes_from_the_account_only(world: World, administrator: Party):
    actor, other = world.reuse_actor(), world.reuse_actor("Second Atelier Exemple")
    person_id = colleague(actor)
    same(other.person_id)
    services.forget_person(person_id, actor=administrator.actor, confirmed=EMAIL)
    assert session().get_one(Person, other.person_id).name == NAME
    assert left(EMAIL, PHONE) == []


@command
def same(person_id: int) -> None:
    session().execute(sa.update(Person).where(Person.id == person_id).values(name=NAME))
    session().expire_all()


def test_serials_of_a_device_are_forgotten_once_it_is_gone(world: World, administrator: Party):
    """Its own, its media's, its proofs': refused while they prove an erasure; the rest of its life stands."""
    shop, admin = Workshop(world), administrator.actor
    [unit_id] = shop.ready(
        1, serial="SERIE-ZX81-42", serial_key="exemple|serie-zx81-42", asset_tag="INV-ZX-7781"
    )
    name_media(unit_id)
    assert (
        refused(lambda: services.forget_serials(unit_id, actor=admin, confirmed=True)).code
        == "forget.unit-state"
    )
    gone(unit_id)
    assert isinstance(
        refused(lambda: services.forget_serials(unit_id, actor=shop.actor.actor, confirmed=True)), NotAllowed
    )
    assert isinstance(
        refused(lambda: services.forget_serials(unit_id, actor=admin, confirmed=False)), Invalid
    )
    assert left("SERIE-ZX81-42", "INV-ZX-7781", "DISQUE-9931") != []
    services.forget_serials(unit_id, actor=admin, confirmed=True)
    assert left("SERIE-ZX81-42", "INV-ZX-7781", "DISQUE-9931") == []
    proof = session().scalars(sa.select(ErasureCertificate.serial)).one()
    medium = session().scalars(sa.select(StorageMedium.serial)).one()
    assert proof == medium != "", "what was the same number still is"
    assert verify_chains() == []


def test_what_tools_wrote_of_a_device_goes_with_its_serials(world: World, administrator: Party):
    """An agent's file and the report of its disk alone go, bytes and all; the report of two devices stays for the
    other one. What the agent read, and nobody declared, is forgotten too."""
    shop, admin = Workshop(world), administrator.actor
    mine, other = shop.received(2, serial=None)
    agent = json.dumps(
        {"deviceid": "pc-exemple", "action": "inventory", "content": {
            "versionclient": "GLPI-Agent_v1.7", "bios": {"smanufacturer": "Dell Inc.", "ssn": "AGENT77ZX"},
            "hardware": {"name": "pc-exemple", "chassis_type": "Notebook"},
            "storages": [{"type": "SSD", "serial": "DISQUE-1", "disksize": 256000, "name": "sda"}],
        }}
    ).encode()  # fmt: skip
    hardware.import_report(mine, agent, "pc.json", actor=shop.actor.actor)
    for unit_id, serial in ((mine, "DISQUE-1"), (other, "DISQUE-2")):
        erasing.count_media(unit_id, [erasing.Found("hdd", serial)], "opened", actor=shop.actor.actor)
    alone, both = nwipe_log(Disk("DISQUE-1")), nwipe_log(Disk("DISQUE-1"), Disk("DISQUE-2"))
    dropping.drop_reports(dropping.opened([("seul.log", alone), ("deux.log", both)]), actor=shop.actor.actor)
    gone(mine)
    assert left("AGENT77ZX", "DISQUE-1") != []
    services.forget_serials(mine, actor=admin, confirmed=True)
    assert left("AGENT77ZX", "DISQUE-1") == []
    digests = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in (("alone", alone), ("both", both), ("agent", agent))
    }
    used = set(session().scalars(sa.select(FileUse.sha256)))
    assert {name: digest in used for name, digest in digests.items()} == {
        "alone": False,
        "both": True,
        "agent": False,
    }
    assert verify_chains() == []


@command
def name_media(unit_id: int) -> None:
    session().execute(sa.update(StorageMedium).values(serial="DISQUE-9931"))
    session().execute(sa.update(ErasureCertificate).values(serial="DISQUE-9931"))
    journal.append(
        journal.Act(SYSTEM), "lot/LOT-2026-0001", "unit.identified", unit_ids=[unit_id],
        commitments={"serial": "SERIE-ZX81-42"},
    )  # fmt: skip


@command
def gone(unit_id: int) -> None:
    """Handed over, in place: how is not the subject."""
    session().execute(sa.update(Unit).where(Unit.id == unit_id).values(state="provided"))
    session().expire_all()
