"""What an auditor does: figures at entry N, samples anybody draws again, who changed and who saw what."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from dataclasses import asdict

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import sightings, tokens
from reuse_market.accounts.models import Sighting
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid, NotFound
from reuse_market.lots import queries as lots
from reuse_market.observatory import queries as observatory
from reuse_market.proofs import fates, verify
from reuse_market.proofs.auditor import changes, figures, sampling
from reuse_market.refurbishing import services as workshop
from reuse_market.refurbishing.parts import register
from reuse_market.traceability import log
from reuse_market.traceability.models import Event
from reuse_market.units.models import Unit
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.support import world as build
from tests.support.lives import Life, life, reserve, whole_life
from tests.support.world import World

__all__ = ["life"]


def shown() -> dict[str, lots.Balance]:
    """The balance every published lot's page shows now."""
    published = db.session().scalars(sa.select(lots.Lot).where(lots.Lot.published_at.is_not(None)))
    return {lot.reference: lots.balance(lot) for lot in published}


def test_a_figure_at_n_is_what_was_shown_when_the_log_was_there(world: World) -> None:
    told: dict[int, dict[str, lots.Balance]] = {}
    states: dict[int, dict[str, int]] = {}
    others: dict[int, tuple[object, ...]] = {}

    def look() -> None:
        log.sequence_all()
        size = log.size()
        assert figures.entries() == size
        told[size] = shown()
        rows = db.session().execute(sa.select(Unit.state, sa.func.count()).group_by(Unit.state)).all()
        counts = dict(rows)
        states[size] = {
            name: sum(counts.get(state, 0) for state in held) for name, held in figures.DESTINATIONS.items()
        }
        became = Counter(fate.code for fate in fates.every(holder.organisation_id))
        public = asdict(observatory.figures())
        assert public.pop("entry") == size
        lines = register.exits(actor.organisation_id, clock.today().year)
        left = (len({line["batch"] for line in lines}), sum(line["units"] for line in lines))
        others[size] = (public, dict(became), left)

    holder, actor, buyer = world.holder(), world.reuse_actor(), world.buyer()
    lot = build.published_lot(holder, numbered=3, counted=3)
    look()
    pickup = build.agreed_pickup(build.awarded_claim(lot, holder, actor), holder, actor)
    look()
    build.signed_pickup(pickup, holder, actor)
    look()
    build.ready_units(actor, 4)
    look()
    reserve(buyer, 2)
    [waste, *_] = build_in(("in_workshop", "collected"))
    if db.session().get_one(Unit, waste).state == "collected":
        workshop.receive_units([waste], actor=actor.actor)
    workshop.declare_waste(waste, "not_repairable", actor=actor.actor)
    look()
    batch = workshop.open_batch(actor=actor.actor).reference
    workshop.add_to_batch(batch, [waste], actor=actor.actor)
    workshop.remove_batch(batch, actor=actor.actor, producer_scheme="Éco-organisme Exemple")
    look()
    db.session().expire_all()
    assert len(told) == 6
    assert len({str(one) for one in told.values()}) == 5  # a reservation moves nothing: it stays in stock
    for size, balances in told.items():
        found = figures.at(size)
        assert found.lots == balances, size
        assert found.totals == states[size], size
        assert {of: figures.lot(of, size) for of in balances} == balances, size
        assert (found.public, figures.at(size, holder.organisation_id).own.fates) == others[size][:2], size
        assert figures.at(size, actor.organisation_id).own.exits == others[size][2], size
    assert others[max(told)][1]["recycled"] == 1
    assert [told_of[2] for told_of in others.values()][-2:] == [(0, 0), (1, 1)]
    with pytest.raises(NotFound):
        figures.lot(lot.reference, 0)
    with pytest.raises(Invalid):
        figures.checked(log.size() + 1)
    forge(waste)  # a present that somebody altered does not change what the log says
    assert figures.at(max(told)).totals == states[max(told)]


def build_in(states: tuple[str, ...]) -> list[int]:
    """Ids of the devices in these states."""
    return list(db.session().scalars(sa.select(Unit.id).where(Unit.state.in_(states)).order_by(Unit.id)))


@db.command
def forge(unit_id: int) -> None:
    """Alter a present state behind the journal's back."""
    table = Unit.__table__
    db.session().execute(sa.update(table).where(table.c.id == unit_id).values(state="provided"))


def test_the_same_seed_and_size_draw_the_same(life: Life) -> None:
    log.sequence_all()
    size = log.size()
    first = sampling.events("témoin", 8, size)
    units = sampling.units("témoin", 5, size)
    assert len({row.position for row in first}) == 8
    assert len({row.unit_id for row in units}) == 5
    said = f"parc-commun/sample/1:témoin:events:{size}:0".encode()
    assert first[0].position == int.from_bytes(hashlib.sha256(said).digest(), "big") % size
    assert sampling.events("témoin", 8, size - 3) != first
    assert sampling.events("autre", 8, size) != first
    changed = changes.listed(limit=5)
    assert all(row.position is not None for row in changed)
    again = sampling.events("témoin", 8, size), sampling.units("témoin", 5, size)
    assert again == (first, units)
    assert len(sampling.events("tout", 200, 3)) == 3
    for seed, count in ((" ", 3), ("x", 0), ("x", sampling.MOST + 1)):
        with pytest.raises(Invalid):
            sampling.events(seed, count, size)


def test_pages_of_the_audit(app: Flask, world: World) -> None:
    sightings._told.clear()
    played = whole_life(world)
    log.sequence_all()
    size = log.size()
    auditor_of = world.party("Contrôle Exemple", "auditor")
    auditor = Visitor(app.test_client(), auditor_of)
    drawn = auditor.open(f"/audit?quoi=events&combien=4&graine=essai&n={size}")
    assert drawn.text.count("Preuve (JSON)") == 4
    sheet = auditor.client.get(f"/audit/echantillon.csv?quoi=events&combien=4&graine=essai&n={size}").text
    rows = list(csv.reader(io.StringIO(sheet.lstrip("\ufeff")), delimiter=";"))
    assert [row[3] for row in rows[1:]] == [str(e.position) for e in sampling.events("essai", 4, size)]
    proof = auditor.tree.xpath("//main//a[contains(@href, '/preuve.json')]/@href")[0]
    assert auditor.client.get(proof).get_json()["events"][0]["payload"]
    sampled = auditor.open(f"/audit?combien=2&graine=essai&n={size}")
    assert "/dossier.zip" in sampled.page.text
    assert all(one.custodian in sampled.text for one in sampling.units("essai", 2, size))
    auditor.open(f"/audit?graine=essai&n={size + 1000}", 422)
    counted = auditor.open(f"/audit/chiffres?n={size}").text
    assert "Appareils par destination" in counted
    assert "Chiffres publics" in counted
    holder = world.holder()
    own = auditor.open(f"/audit/chiffres?n={size}&organisme={holder.organisation_id}").text
    assert f"Devenir des appareils de l’organisme {holder.organisation_id}" in own
    reader, actor = Visitor(app.test_client(), holder), Visitor(app.test_client(), world.reuse_actor())
    places = (
        (reader, f"/lots/{played.lot}"),
        (reader, "/parc/sort"),
        (reader, "/"),
        (actor, "/atelier/registre"),
    )
    entry = f"Compté à l’entrée {log.entries()} du journal."
    assert [where for who, where in places if entry not in who.open(where).text.replace("\u202f", "")] == []
    assert played.lot in counted
    assert "déclarés" in auditor.open(f"/audit/chiffres?n={size}&lot={played.lot}").text
    changed = auditor.open(f"/audit/modifications?flux=lot/{played.lot}").text
    assert "Atelier Exemple, Personne" in changed
    Visitor(app.test_client(), world.holder()).open("/audit", 403)
    people = f"/organismes/{auditor_of.organisation_id}/personnes"
    assert "/invitation" not in auditor.open(people).page.text  # what could not be sent is not offered


def program(app: Flask, party: build.Party, scope: str) -> Caller:
    """A program with a token of the party."""
    return Caller(app, party, tokens.make_token(party.person_id, party.organisation_id, [scope])[1])


def test_programs_draw_and_count_as_the_pages_do(app: Flask, world: World) -> None:
    sightings._told.clear()
    played = whole_life(world)
    log.sequence_all()
    size = log.size()
    auditor = world.party("Contrôle Exemple", "auditor")
    caller = program(app, auditor, "audit:read")
    drawn = caller.ask("GET", f"/audit/sample?seed=essai&what=events&count=4&size={size}").json
    assert [one["position"] for one in drawn["events"]] == [
        e.position for e in sampling.events("essai", 4, size)
    ]
    assert drawn["units"] == []
    drawn = caller.ask("GET", "/audit/sample?seed=essai&count=3").json
    units = sampling.units("essai", 3, size)
    assert [(u["unit_id"], u["custodian"]) for u in drawn["units"]] == [
        (u.unit_id, u.custodian) for u in units
    ]
    assert all(u.custodian for u in units)
    seen = {row.subject for row in sightings.listed(limit=50) if row.what == "serials"}
    assert seen == {
        f"unit/{u.unit_id}" for u in units if u.serial
    }  # an auditor's look is written down like any
    assert seen
    counted = caller.ask("GET", f"/audit/figures?size={size}").json
    assert counted["destinations"] == figures.at(size).totals
    assert played.lot in counted["lots"]
    assert (counted["public"], counted["own"]) == (figures.at(size).public, None)
    holder = world.holder().organisation_id
    own = caller.ask("GET", f"/audit/figures?size={size}&organisation={holder}").json["own"]
    assert own == {"fates": figures.at(size, holder).own.fates, "removals": 0, "units_removed": 0}
    told = app.test_cli_runner().invoke(args=["figures", "--at", str(size), "--organisation", str(holder)])
    assert json.loads(told.output)["own"]["fates"] == own["fates"]
    assert caller.ask("GET", f"/audit/figures?size={size + 1}").status_code == 422
    assert caller.ask("GET", "/audit/sample?count=3").status_code == 422
    assert program(app, world.holder(), "read").ask("GET", "/audit/figures").status_code == 403
    outside = db.session().scalars(sa.select(Event.uid).where(Event.stream.not_like("lot/%"))).first()
    proven = program(app, auditor, "events:read").ask("GET", f"/events/{outside}/proof").json
    assert (
        verify.check_document(proven, [])["subject"] == f"event/{outside}"
    )  # whatever is drawn has its proof


def test_who_saw_addresses_serials_and_papers(app: Flask, world: World) -> None:
    sightings._told.clear()
    played = whole_life(world)
    workshop_, holder = world.reuse_actor(), world.holder()
    browser = Visitor(app.test_client(), workshop_)
    browser.open(f"/lots/{played.lot}").open(f"/lots/{played.lot}/appareils")
    browser.open(f"/enlevements/{played.pickup}").open(f"/enlevements/{played.pickup}")
    Visitor(app.test_client(), holder).open(f"/lots/{played.lot}")  # its own: nothing to tell
    app.test_client().get(f"/lots/{played.lot}")  # a visitor sees no place
    db.session().expire_all()
    rows = [(row.what, row.subject, row.organisation) for row in sightings.listed(limit=50)]
    name = "Atelier Exemple"
    assert sorted(rows) == sorted([
        ("place", f"lot/{played.lot}", name), ("contacts", f"lot/{played.lot}", name),
        ("serials", f"lot/{played.lot}", name), ("place", f"pickup/{played.pickup}", name),
        ("contacts", f"pickup/{played.pickup}", name),
    ])  # fmt: skip
    sightings._told.clear()  # another process has seen nothing yet: the table itself refuses a second line
    browser.open(f"/enlevements/{played.pickup}")
    db.session().expire_all()
    assert len(sightings.listed(limit=50)) == 5
    assert [
        row.what
        for row in sightings.listed(subject=f"lot/{played.lot}", organisation_id=holder.organisation_id)
    ] == []
    auditor = Visitor(app.test_client(), world.party("Contrôle Exemple", "auditor"))
    assert name in auditor.open(f"/audit/consultations?objet=lot/{played.lot}").text
    with clock.frozen(clock.now() + sightings.KEPT):
        assert sightings.forget_old() == 0
    with clock.frozen(clock.now() + sightings.KEPT * 2):
        assert sightings.forget_old() == 5
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Sighting)) == 0


def test_what_could_not_be_written_down_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, written = world.holder().actor, sightings._write

    def busy(*_: object) -> None:
        raise Conflict("busy", code="busy")

    monkeypatch.setattr(sightings, "_write", busy)
    with pytest.raises(Conflict):
        sightings.note(actor, ["serials"], "lot/LOT-2026-0001", "page")
    monkeypatch.setattr(sightings, "_write", written)
    for _ in range(2):
        sightings.note(actor, ["serials"], "lot/LOT-2026-0001", "page")
    assert [row.subject for row in sightings.listed()] == ["lot/LOT-2026-0001"]
