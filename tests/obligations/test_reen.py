"""The REEN rate: A over B, what counts and why the rest does not, lines, marks, paper, doors and rights."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from reuse_market.accounts import tokens
from reuse_market.documents.models import Document
from reuse_market.erasure.services import count_media
from reuse_market.fleets import services as fleets
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from reuse_market.lots import services as lots
from reuse_market.obligations.reen import counting, reading, services
from reuse_market.obligations.reen.counting import Item, Sheet
from reuse_market.proofs.reconcile import reconcile
from reuse_market.refurbishing import services as workshop
from reuse_market.traceability.models import Event
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.support import world as chain
from tests.support.world import Party, World

YEAR = clock.today().year
EVE = clock.at_paris(date(YEAR, 1, 1)) - timedelta(days=20)
SAID = {"decided_on": EVE.date(), "decision_number": "2026-118", "decided_by": "Conseil municipal"}


def test_the_rate_is_exact_not_clamped_and_never_invented() -> None:
    """Literal: A, B, target → rate, reached, lacking. B = 0 has no rate; a rate may exceed 100 %."""
    told = {}
    for a, b, target in ((13, 20, 500), (0, 20, 500), (30, 20, 500), (10, 0, 500), (0, 0, None), (1, 3, 334),
                         (1, 3, 333), (9, 20, 500), (1, -2, 500), (5, 10, None)):  # fmt: skip
        sheet = Sheet(2026, (Item(b, "laptop", ""),), (Item(a, "laptop", "", outlet="gift"),), target)
        told[a, b, target] = sheet.per_mille, sheet.reached, sheet.lacking
    assert told == {
        (13, 20, 500): (650, True, 0), (0, 20, 500): (0, False, 10), (30, 20, 500): (1500, True, 0),
        (10, 0, 500): (None, None, 0), (0, 0, None): (None, None, 0), (1, 3, 334): (333, False, 1),
        (1, 3, 333): (333, True, 0), (9, 20, 500): (450, False, 1), (1, -2, 500): (None, None, 0),
        (5, 10, None): (500, None, 0),
    }  # fmt: skip
    assert [counting.excluded(c, old=o, mark=m) for c, o, m in (
        ("2", False, ""), ("6", False, ""), ("4", False, ""), (None, False, ""), ("6", True, "classified"),
        ("6", False, "classified"), ("2", False, "security"), ("2", False, "justified"), ("2", False, "over_ten"),
    )] == ["", "", "scope", "category_unknown", "over_ten", "classified", "security", "", "over_ten"]  # fmt: skip
    grid = {
        (outlet, committed, proven): counting.justified(outlet, committed=committed, proven=proven)
        for outlet in ("public_body", "gift", "staff", "sale", "domaine", "take_back", "lease_return")
        for committed in (False, True) for proven in (False, True)
    }  # fmt: skip
    unconditional = {"public_body": "", "gift": "", "staff": "", "lease_return": "lease_return"}
    for (outlet, committed, proven), why in grid.items():
        if outlet in unconditional:
            assert why == unconditional[outlet]
        else:
            assert why == ("uncommitted" if not committed else "" if proven else "unproven")


@db.command
def rule_on_targets() -> dict[int, int | None]:
    return {year: reading.regimes.reen_rate(date(year, 1, 1)) for year in (2022, 2023, 2024, 2025, 2031)}


def stocked(town: Party) -> list[int]:
    """Before the year: 8 laptops, one of them over ten years old, a server (category 4) and a carton (none)."""
    with clock.frozen(EVE):
        recent = EVE.date() - timedelta(days=2_000)
        ids = chain.fleet(town, 7, prefix="R", bought_on=recent)
        ids += chain.fleet(town, 1, prefix="V", bought_on=EVE.date() - timedelta(days=4_000))
        ids += chain.fleet(town, 1, prefix="B", kind="server") + chain.fleet(
            town, 1, prefix="C", kind="other"
        )
        fleets.discard_units(ids, actor=town.actor, **SAID)
    return ids


def sold(town: Party, taker: Party, ids: list[int]) -> None:
    """A lot of these devices, sold, collected and counter-signed."""
    lot = lots.draft_from_units(ids, actor=town.actor)
    lots.set_conditions(lot.id, chain.conditions(town), actor=town.actor)
    lots.publish_lot(lot.id, actor=town.actor, decision=chain.decided())
    claim = chain.awarded_claim(lot, town, taker)
    chain.signed_pickup(chain.agreed_pickup(claim, town, taker), town, taker)


def reconditioned(taker: Party, ids: list[int]) -> None:
    """Taken into the workshop, tested, without storage, on offer."""
    workshop.receive_units(ids, actor=taker.actor)
    for unit_id in ids:
        count_media(unit_id, (), "opened", actor=taker.actor)
    workshop.record_tests(ids, actor=taker.actor, batteries=dict.fromkeys(ids, 80))
    workshop.make_ready_many(ids, actor=taker.actor, cosmetic_grade="B", price_cents=10_000)


def figures(town: Party) -> tuple[Any, ...]:
    found = reading.sheet(town.organisation_id, YEAR)
    outlets = {one.code: (one.left, one.counted, dict(one.missing)) for one in found.outlets() if one.left}
    return found.oriented, found.base, counting.why_not(found.stock), outlets


def test_a_year_of_a_public_body(app: Flask) -> None:
    """Stock by the journal, a sale that counts once proven, staff, take-back, exclusions, lines, undo, journal."""
    world = World.begin()
    town, taker = world.public_holder(), world.reuse_actor()
    assert rule_on_targets() == {2022: None, 2023: 250, 2024: 350, 2025: 500, 2031: 500}
    ids = stocked(town)
    left_out = {"over_ten": 1, "scope": 1, "category_unknown": 1}
    assert figures(town) == (0, 7, left_out, {})
    sold(town, taker, ids[:3])
    assert figures(town) == (0, 7, left_out, {"sale": (3, 0, {"unproven": 3})})
    reconditioned(taker, ids[:2])  # committed at the claim, justified by the workshop
    assert figures(town)[3] == {"sale": (3, 2, {"unproven": 1})}
    services.mark_units(ids[2:3], "justified", actor=town.actor, reason="Attestation du preneur 2026-7")
    assert figures(town)[3] == {"sale": (3, 3, {})}
    db.session().execute(sa.text("UPDATE claim SET commitment_version = ''"))
    assert figures(town)[3] == {"sale": (3, 0, {"uncommitted": 3})}
    db.session().rollback()
    today = clock.today()
    fleets.record_departure(ids[3:4], "staff", left_on=today, erased=True, actor=town.actor)
    fleets.record_departure(ids[4:5], "take_back", left_on=today, erased=True, actor=town.actor)
    fleets.record_departure(ids[7:8], "staff", left_on=today, erased=True, actor=town.actor)
    expected = {"sale": (3, 3, {}), "staff": (2, 1, {"over_ten": 1}), "take_back": (1, 0, {"uncommitted": 1})}
    assert figures(town) == (4, 7, left_out, expected)
    services.mark_units(ids[4:5], "justified", actor=town.actor, reason="Contrat 12 et bordereau")
    services.mark_units(ids[5:6], "classified", actor=town.actor, reason="Décision du 4 mars")
    assert figures(town)[:3] == (5, 6, left_out | {"classified": 1})
    services.unmark_units(ids[5:6], actor=town.actor)
    # typed: the store-room of another site, and what went elsewhere; a sale without its proof does not count
    add = {"kind": "laptop", "units": 3}
    with pytest.raises(Invalid, match="why the stock"):
        services.add_line(YEAR, actor=town.actor, role="stock", **add)
    extra = services.add_line(YEAR, actor=town.actor, role="stock", reason="Réserve de l’école", **add)
    out = {"role": "outlet", "left_on": today} | add
    services.add_line(YEAR, actor=town.actor, outlet="public_body", reference="Convention 4", **out)
    sale = services.add_line(YEAR, actor=town.actor, outlet="domaine", **out)
    assert figures(town)[:2] == (8, 10)
    services.change_line(sale.id, actor=town.actor, outlet="domaine", committed=True, justified=True, **out)
    assert figures(town)[:2] == (11, 10)  # 110 %: not clamped
    assert reading.sheet(town.organisation_id, YEAR).per_mille == 1100
    services.delete_line(extra.id, actor=town.actor)
    services.delete_line(extra.id, actor=town.actor)
    assert figures(town)[:2] == (11, 7)
    with pytest.raises(Conflict, match="restore it"):
        services.change_line(extra.id, actor=town.actor, role="stock", reason="x", **add)
    services.restore_line(extra.id, actor=town.actor)
    assert figures(town)[:2] == (11, 10)
    events = sa.select(Event.type).where(Event.type.like("reen.%")).order_by(Event.id)
    assert list(db.session().scalars(events)) == [
        "reen.units-marked", "reen.units-marked", "reen.units-marked", "reen.units-unmarked", "reen.line-added",
        "reen.line-added", "reen.line-added", "reen.line-changed", "reen.line-deleted", "reen.line-restored",
    ]  # fmt: skip
    assert figures(town) == figures(town)
    assert (
        reading.sheet(town.organisation_id, YEAR - 1).per_mille is None
    )  # nothing stood there a year before
    assert [row for row in reconcile() if row.rule != "mails"] == []


def test_who_may(app: Flask) -> None:
    """A literal grid actor × verb: the body alone writes, by its qualification; those who oversee read."""
    world = World.begin()
    town, other, company = world.public_holder(), world.public_holder("Autre Commune"), world.holder()
    hospital = world.party("Hôpital Exemple", "holder", legal_kind="public_body")
    oversees, auditor = world.operator(), world.party("Audit Exemple", "auditor")
    ids = stocked(town)
    line = services.add_line(YEAR, actor=town.actor, role="stock", kind="laptop", units=1, reason="Réserve")
    values = {"role": "stock", "kind": "laptop", "units": 1, "reason": "Réserve"}
    verbs = {
        "add": lambda actor: services.add_line(YEAR, actor=actor, **values),
        "change": lambda actor: services.change_line(line.id, actor=actor, **values),
        "delete": lambda actor: services.delete_line(line.id, actor=actor),
        "restore": lambda actor: services.restore_line(line.id, actor=actor),
        "mark": lambda actor: services.mark_units(ids[:1], "security", actor=actor, reason="Plan 3"),
        "unmark": lambda actor: services.unmark_units(ids[:1], actor=actor),
        "issue": lambda actor: services.issue_sheet(YEAR, actor=actor, lang="fr"),
    }  # fmt: skip
    grid = {
        "town": "add change delete restore mark unmark issue",
        "other": "add issue", "company": "", "hospital": "", "operator": "", "auditor": "",
    }  # fmt: skip
    refusals = {
        "other": {
            "change": NotFound,
            "delete": NotFound,
            "restore": NotFound,
            "mark": NotFound,
            "unmark": NotFound,
        },
        "company": {"change": NotFound, "delete": NotFound, "restore": NotFound},
        "hospital": {"change": NotFound, "delete": NotFound, "restore": NotFound},
    }
    parties = {"town": town, "other": other, "company": company, "hospital": hospital, "operator": oversees,
               "auditor": auditor}  # fmt: skip
    for name, party in parties.items():
        told: dict[str, type | None] = {}
        for verb, act in verbs.items():
            try:
                act(party.actor)
                told[verb] = None
            except DomainError as refused:
                told[verb] = type(refused)
        allowed = grid[name].split()
        assert told == {
            verb: None if verb in allowed else refusals.get(name, {}).get(verb, NotAllowed) for verb in verbs
        }, name
    buying = world.party("Ville Exemple", "obliged_buyer", legal_kind="local_authority", commune="Meylan",
                         postcode="38240")  # fmt: skip
    for body, code in ((buying, "reen.not-holder"), (company, "reen.not-concerned")):
        with pytest.raises(NotAllowed) as told_why:
            services.add_line(YEAR, actor=body.actor, **values)
        assert told_why.value.code == code, "a body that is bound is never told that it is not"
    for wrong, field in (
        ({"year": YEAR + 1}, "year"), ({"year": 2022}, "year"), ({"units": 0}, "units"), ({"kind": "x"}, "kind"),
        ({"role": "outlet", "left_on": None, "outlet": "gift"}, "left_on"), ({"exclusion": "x"}, "exclusion"),
        ({"role": "outlet", "left_on": date(YEAR - 1, 5, 1), "outlet": "gift"}, "left_on"), ({"role": "x"}, "role"),
        ({"role": "outlet", "left_on": clock.today(), "outlet": ""}, "outlet"),
        ({"role": "outlet", "left_on": clock.today(), "outlet": "gift", "units": -1}, "units"),
    ):  # fmt: skip
        asked = values | wrong
        year = asked.pop("year", YEAR)
        with pytest.raises(Invalid) as refused:
            services.add_line(year, actor=town.actor, **asked)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        services.mark_units(ids[:1], "justified", actor=town.actor, reason="  ")


def test_pages_paper_and_programs(app: Flask) -> None:
    """Sentence first; list and CSV; a line with its proof, deleted and restored; the paper; the same by the API."""
    world = World.begin()
    town, company, auditor = world.public_holder(), world.holder(), world.party("Audit Exemple", "auditor")
    ids = stocked(town)
    fleets.record_departure(ids[:4], "staff", left_on=clock.today(), erased=True, actor=town.actor)
    db.release()
    me = Visitor(app.test_client(), town).open("/reen")
    lead = " ".join(me.tree.xpath("string(//main)").split())
    assert f"4 appareils orientés vers le réemploi en {YEAR}, pour 7 réformés" in lead.replace("\u00a0", " ")
    assert "57,1" in lead
    assert me.tree.xpath("//main//svg[@role='img']")
    me.follow("Ajouter des appareils sortis").press("Enregistrer la ligne", 422)
    sent = {"kind": "laptop", "units": "2", "outlet": "gift", "left_on": clock.today().isoformat(),
            "reference": "Convention 9", "proof": (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "preuve.pdf")}  # fmt: skip
    me.press("Enregistrer la ligne", 200, **sent)
    assert "85,7" in me.text
    me.press("Supprimer Don à une association ou à un organisme prévu par la loi")
    assert "57,1" in me.text
    me.press("Rétablir Don à une association ou à un organisme prévu par la loi")
    assert "85,7" in me.text
    me.press("Émettre la fiche (PDF)")
    made = db.session().scalars(sa.select(Document).where(Document.kind == "reen_sheet")).one()
    assert made.number in me.text
    assert made.facts["per_mille"] == 857
    db.release()
    assert me.client.get(f"/documents/{made.number}.pdf").data.startswith(b"%PDF")
    assert me.client.get(f"/verification/{made.verification_code}").status_code == 200
    me.open(f"/reen/{YEAR}/appareils?figure=stock")
    me.press("Marquer les appareils cochés", unit=[str(ids[5])], code="classified", reason="Décision 3")
    assert "support classifié" in me.text
    rows = me.client.get(f"/reen/{YEAR}/appareils.csv?figure=stock").text.splitlines()
    assert len(rows) == 11
    assert sum("support classifié" in row for row in rows) == 1
    assert ";857" in me.client.get(f"/reen/{YEAR}/fiche.csv").text.replace("1000", "857")
    other = Visitor(app.test_client(), company).open(f"/reen/{YEAR}")
    assert "ne concerne pas" in other.text
    other.open(f"/reen/{YEAR}?organisme={town.organisation_id}", 404)
    for step in ("marquer", "demarquer"):  # whatever is sent, one answer: it has no such list
        for sent in ({}, {"unit": str(ids[5]), "code": "classified", "reason": "Décision 3"}):
            other.open(f"/reen/{YEAR}")
            token = other.tree.xpath("string(//input[@name='csrf_token']/@value)")
            answer = other.client.post(f"/reen/{YEAR}/appareils/{step}", data=sent | {"csrf_token": token})
            assert answer.status_code == 404, (step, sent)
    seen = Visitor(app.test_client(), auditor).open("/reen").follow("Commune Exemple")
    assert "Commune Exemple" in seen.text
    assert "Émettre" not in seen.text
    db.release()
    _token, secret = tokens.make_token(town.person_id, town.organisation_id, ["reen:write"])
    program = Caller(app, town, secret)
    sheet = program.get(f"/reen/{YEAR}")
    assert (sheet["oriented"], sheet["stock"], sheet["rate_per_mille"], sheet["target_per_mille"]) == (
        6, 6, 1000, 500,
    )  # fmt: skip
    assert sheet["actions"] == ["add-line", "mark-units", "unmark-units", "issue-sheet"]
    line = program.post(f"/reen/{YEAR}:add-line", 201, role="stock", kind="laptop", units=4, reason="Réserve")
    assert program.get(f"/reen/{YEAR}")["rate_per_mille"] == 600
    program.post(f"/reen/lines/{line['id']}:delete")
    assert program.post(f"/reen/lines/{line['id']}:restore")["actions"] == ["change", "delete"]
    program.post(f"/reen/lines/{line['id']}:change", role="stock", kind="laptop", units=6, reason="Réserve")
    assert program.get(f"/reen/{YEAR}")["rate_per_mille"] == 500
    assert [one["units"] for one in program.get(f"/reen/{YEAR}/lines")["items"]] == [2, 6]
    assert program.post(f"/reen/{YEAR}:unmark-units", units=[ids[5]]) == {"units": 1}
    assert (
        program.post(f"/reen/{YEAR}:mark-units", units=[ids[5]], code="security", reason="Plan")["units"] == 1
    )
    first = program.get(f"/reen/{YEAR}/units?figure=stock&limit=3")
    assert [one["unit_id"] for one in first["items"]] == ids[:3]
    assert program.get(f"/reen/{YEAR}/units?figure=stock&cursor={first['next']}&limit=7")["next"] is None
    assert program.post(f"/reen/{YEAR}:issue-sheet")["new"] is True
    assert program.post(f"/reen/{YEAR}:issue-sheet")["new"] is False
    assert [one["holder_id"] for one in program.get("/reen")["items"]] == [town.organisation_id]
