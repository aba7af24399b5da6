"""Reports dropped on the page and by the API, matched by hand, checked and signed by somebody else, both databases."""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from reuse_market.accounts import queries as accounts
from reuse_market.accounts import services as people
from reuse_market.accounts import tokens
from reuse_market.erasure import filed, seconding
from reuse_market.erasure import services as erasure
from reuse_market.erasure.gate import gate
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock, db
from reuse_market.lots.models import Lot
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.support.erasure_files import blancco_xml, nwipe_pdf, zipped
from tests.support.workshop import Workshop, make_lot
from tests.support.world import PASSWORD, World

_numbers = itertools.count(1)


@pytest.fixture
def shop(app):
    return Workshop(World.begin())


def colleague(party):
    """Another person of the organisation, who signs in."""
    email = f"second-{next(_numbers)}@test.example"
    person = people.add_person("Deuxième Personne", email, password=PASSWORD)
    people.add_member(person.id, party.organisation_id)
    actor = accounts.actor_of(person.id, party.organisation_id)
    return SimpleNamespace(
        email=email, person_id=person.id, organisation_id=party.organisation_id, actor=actor
    )


def programs(app, party):
    _made, secret = tokens.make_token(party.person_id, party.organisation_id, ("write",))
    return Caller(app, party, secret)


def clean(visitor):
    return " ".join(visitor.text.replace("\u00a0", " ").replace("\u202f", " ").split())


def with_ssd(shop, medium, **columns):
    [unit_id] = shop.received(**columns)
    shop.tested([unit_id])
    erasure.count_media(unit_id, [erasure.Found("ssd", medium)], "opened", actor=shop.actor.actor)
    return unit_id


def test_dropped_on_the_page_matched_by_hand_checked_by_another(app, shop):
    unit_id, other = with_ssd(shop, "PAGE-1"), with_ssd(shop, None, serial="PC-77")
    visitor = Visitor(app.test_client(), shop.actor).open("/atelier")
    archive = zipped(a_pdf=nwipe_pdf("PAGE-1"), b_pdf=nwipe_pdf("PAGE-2"), c_txt=b"notes")
    visitor.press("Lire les rapports", files=(io.BytesIO(archive), "rapports.zip"))
    told = clean(visitor)
    assert "3 fichiers sont reçus. 1 attestation est enregistrée." in told
    assert "1 ligne attend son appareil." in told
    assert "c.txt – Ce fichier n’est pas un rapport d’effacement" in told
    assert gate(unit_id, "purge").passed
    many = {f"n{number}_txt": b"notes %d" % number for number in range(6)}  # one notice a reason, not a file
    visitor.press("Lire les rapports", files=(io.BytesIO(zipped(e_pdf=b"%PDF-1.4 x", **many)), "notes.zip"))
    told = clean(visitor)
    assert told.count("Ce fichier n’est pas un rapport d’effacement") == 1, told
    assert "n0.txt, n1.txt, n2.txt et 3 autres – " in told
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    visitor.press("Lire les rapports", files=(io.BytesIO(out.getvalue()), "effacements.xlsx"))
    assert "effacements.xlsx – Ce fichier est un classeur." in clean(visitor)
    visitor.press("Lire les rapports", files=(io.BytesIO(nwipe_pdf("PAGE-1")), "encore.pdf"))
    assert "1 fichier était déjà là : rien n’a changé." in clean(visitor)
    visitor.press("Lire les rapports", 422)
    assert "Choisissez au moins un fichier." in clean(visitor)
    [line] = filed.waiting(shop.actor.organisation_id)
    visitor.open(f"/effacements/{line.entry.report_id}")
    code = {f"line{line.entry.id}-code": "INCONNU"}
    visitor.press("Enregistrer sur cet appareil", 422, **code)
    assert "Aucun appareil chez vous ne porte ce code." in clean(visitor)
    visitor.press("Enregistrer sur cet appareil", **{f"line{line.entry.id}-code": "pc-77"})
    assert gate(other, "purge").passed
    visitor.press("Reprendre le rattachement PAGE-2")
    assert not gate(other, "purge").passed
    answer = visitor.client.get(f"/effacements/{line.entry.report_id}/fichier")
    assert answer.data == nwipe_pdf("PAGE-2")
    visitor.open("/effacements/controles").press("Faire la liste LOT-2026-0001")
    assert "une autre personne doit signer" in clean(visitor)
    second = Visitor(app.test_client(), colleague(shop.actor)).open("/effacements/controles")
    [check] = seconding.checks(shop.actor.organisation_id)
    second.open(f"/effacements/controles/{check.id}").press("Signer le contrôle", place="Grenoble")
    assert "Signé par Deuxième Personne" in clean(second)
    listed = second.client.get(f"/effacements/controles/{check.id}/liste.csv").data
    signed = seconding.check(check.id).list_sha256
    assert signed == hashlib.sha256(listed).hexdigest()
    assert signed in clean(second)
    visitor.open(f"/effacements/{line.entry.report_id}").press("Écarter la ligne")
    assert "La ligne est écartée : elle n’attend plus." in clean(visitor)
    assert filed.waiting(shop.actor.organisation_id) == []
    visitor.press("Le reprendre PAGE-2")
    assert len(filed.waiting(shop.actor.organisation_id)) == 1
    [mark] = media_of([unit_id])[unit_id].marks.values()
    assert mark.checks == [("sample", 20)]


def test_the_same_by_the_api(app, shop):
    workshop, second = programs(app, shop.actor), programs(app, colleague(shop.actor))
    with_ssd(shop, "API-1")
    other = with_ssd(shop, None, serial="PC-88")
    files = {"files": [(io.BytesIO(nwipe_pdf("API-1")), "a.pdf"), (io.BytesIO(nwipe_pdf("API-2")), "b.pdf")]}
    done = workshop.send("/erasure-reports", files, "multipart/form-data")
    assert (done["recorded"], done["waiting"], len(done["reports"])) == (1, 1, 2)
    raw = workshop.send("/erasure-reports", nwipe_pdf("API-1"), "application/octet-stream")
    assert (raw["reports"][0]["again"], raw["recorded"]) == (True, 0)
    workshop.send("/erasure-reports", b"", "application/octet-stream", 422)
    left = next(one for one in workshop.all("/erasure-reports") if one["lines"][0]["left"])
    assert left["lines"][0]["left"] == "no-disk"
    assert left["lines"][0]["detail"]
    line = f"/erasure-reports/{left['id']}/lines/1"
    assert workshop.post(f"{line}:match", unit=other)["lines"][0]["unit"] == other
    assert workshop.post(f"{line}:undo")["lines"][0]["left"] == "undone"
    workshop.post(f"{line}:match", 404, unit=10**6)
    aside = workshop.post(f"{line}:set-aside", reason="not-ours")
    assert (aside["lines"][0]["left"], aside["actions"]) == ("not-ours", [])
    assert workshop.post(f"{line}:undo")["actions"] == ["match-again"]
    stranger = programs(app, shop.world.reuse_actor("Autre Atelier"))
    stranger.get(f"/erasure-reports/{left['id']}", 404)
    stranger.post(f"{line}:match", 404, unit=other)
    partial = with_ssd(shop, "API-3")
    workshop.send("/erasure-reports", blancco_xml(("API-3", "Erased with exceptions")), "application/xml")
    proof = media_of([partial])[partial].media[0][1][0].id
    refused = workshop.post("/erasure-checks:accept-exception", 409, certificate=proof, ground="encrypted")
    assert refused["code"] == "check.same-person"
    assert second.post("/erasure-checks:accept-exception", certificate=proof, ground="encrypted")["ground"]
    assert gate(partial, "purge").passed
    check = workshop.post("/erasure-checks", 201, lot="LOT-2026-0001", how="sample", percent=50)
    assert sum(one["drawn"] for one in check["certificates"]) == 1
    sign, read = f"/erasure-checks/{check['id']}:sign", {"list_sha256": check["list_sha256"]}
    assert workshop.post(sign, 409, **read)["code"] == "check.same-person"
    second.post(sign, 422)
    assert second.post(sign, 409, list_sha256="0" * 64)["code"] == "check.changed"
    assert second.post(sign, place="Grenoble", **read)["signed_at"]
    stranger.get(f"/erasure-checks/{check['id']}", 404)
    holder = programs(app, shop.holder)
    holder.post("/lots/LOT-2026-0001:ask-erasure-check", 409, how="unit")
    workshop.post("/lots/LOT-2026-0001:ask-erasure-check", 403, how="unit")
    make_lot(shop.holder, "LOT-2026-0002", "purge")
    asked = holder.post("/lots/LOT-2026-0002:ask-erasure-check", how="sample", percent=30)
    show("LOT-2026-0002")
    told = stranger.get("/lots/LOT-2026-0002")
    assert (told["erasure_policy"], told["erasure_check"]) == ("purge", {"how": "sample", "percent": 30}), (
        asked
    )
    assert holder.get("/lots/LOT-2026-0002")["erasure_check"] == told["erasure_check"]
    taker = Visitor(app.test_client(), shop.actor).open("/lots/LOT-2026-0002")
    assert "sur un échantillon de 30 % tiré au sort" in clean(taker)


def show(*references):
    """Make these lots readable by everybody, as published ones are."""

    @db.command
    def write():
        shown = sa.update(Lot).where(Lot.reference.in_(references))
        db.session().execute(shown.values(published_at=clock.now()))

    write()
