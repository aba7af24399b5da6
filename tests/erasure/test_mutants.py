"""Each mutant of the erasure gate is refused with its reason and the next lawful step, by the verb, on the page and
by the API, on both databases: one literal table."""

from __future__ import annotations

import base64
import io
import json
import re
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import html

from reuse_market.accounts import tokens
from reuse_market.erasure import checking, extracts, gate, seconding
from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import RESULTS
from reuse_market.erasure.queries import media_of
from reuse_market.erasure.validation_models import CHECKS
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.lots.models import Lot
from reuse_market.refurbishing import services as bench
from tests.api.conftest import Caller
from tests.erasure.test_checking import colleague
from tests.lots.visiting import ORIGIN, Visitor
from tests.support.erasure_files import Disk, nwipe_log, nwipe_pdf
from tests.support.workshop import GRADE, Workshop, proof
from tests.support.world import World

GOOD = {
    "technique": "sanitize_block_erase",
    "result": "ok",
    "errors": 0,
    "hidden_areas": "none",
    "verified": True,
}
# mutant: kind of medium, what its certificate says otherwise, the code of the refusal, the next step it names (fr)
AT_THE_GATE = {
    "failed": (
        "ssd",
        {"result": "failed"},
        "result.failed",
        "Effacez de nouveau le support, ou retirez-le et faites-le détruire",
    ),
    "partial": (
        "ssd",
        {"result": "exceptions"},
        "result.exceptions",
        "une autre personne peut aussi accepter l’exception",
    ),
    "aborted": (
        "ssd",
        {"result": "aborted"},
        "result.aborted",
        "Recommencez-le et enregistrez le nouveau rapport",
    ),
    "clear on flash": (
        "ssd",
        {"technique": "overwrite"},
        "method.flash-cleared",
        "Utilisez l’effacement par blocs ou cryptographique",
    ),
    "clear on a disk": (
        "hdd",
        {"technique": "overwrite"},
        "method.too-weak",
        "Recommencez avec une technique qui purge",
    ),
    "hidden areas unknown": (
        "ssd",
        {"hidden_areas": "unknown"},
        "hidden.unknown",
        "Vérifiez, puis enregistrez",
    ),
    "hidden areas left": (
        "hdd",
        {"technique": "sanitize_overwrite", "hidden_areas": "present"},
        "hidden.present",
        "(HPA, DCO)",
    ),
    "errors unknown": ("ssd", {"errors": None}, "errors.unknown", "Lisez-le sur le rapport"),
    "errors": ("ssd", {"errors": 1}, "errors.found", "Effacez de nouveau le support, ou retirez-le"),
    "not verified": ("ssd", {"verified": False}, "not-verified", "Vérifiez-le, puis enregistrez"),
    "no certificate": (
        "ssd",
        None,
        "certificate.missing",
        "Effacez ce support et enregistrez son attestation",
    ),
    "a card": (
        "memory_card",
        {"technique": "crypto_erase"},
        "method.no-purge",
        "Retirez ce support et faites-le détruire",
    ),
    "purged, not destroyed": (
        "ssd",
        {},
        "method.destroy-asked",
        "Faites détruire le support et enregistrez son attestation",
    ),
    "not checked": ("ssd", {}, "check.batch", "Faites contrôler et signer leur liste"),
    "none checked": ("ssd", {}, "check.unit", "Faites contrôler et signer celle-ci"),
    "no sample": ("ssd", {}, "check.sample", "Faites tirer, contrôler et signer un échantillon"),
    "refused by who checked": ("ssd", {}, "check.refused", "Effacez de nouveau le support et enregistrez"),
    "media not counted": (None, None, "media.not-counted", "Comptez les supports de stockage"),
    "removed, not destroyed": (
        "ssd",
        "removed",
        "medium.removed",
        "Faites-le détruire et enregistrez son attestation de destruction",
    ),
}
# what the lot asks for when it is not its usual second look (none) or level (purge)
ASKED = {"not checked": "batch", "none checked": "unit", "no sample": "sample"}
LEVELS = {"purged, not destroyed": "destroy"}
# Reasons no door lets anybody reach: what the row would have to say is refused when it is recorded.
REFUSED_BEFORE = {
    "media.not-described": "count and rows are written together",
    "serial.other": "medium.serial, below",
    "check.same-person": "same person twice, below; who signs a list: test_checking.py",
    "technique.not-for-medium": "the form offers what fits; recorded by a program only, too weak for any level",
}
OTHER, FAILED = (
    nwipe_log(Disk("OTHER-9", "SATA-SSD")),
    nwipe_log(Disk("SSD-1", "SATA-SSD", status="-FAILED-")),
)
BAD_PDF = partial(nwipe_pdf, "SSD-1")
TWICE = FAILED.replace(b"-FAILED-", b" Erased ") + b"\n" + FAILED.replace(b"2026/01/05", b"2026/01/06")
# mutant: what the certificate or its file says, the code of the refusal, the next step (fr): never even recorded
AT_THE_RECORD = {
    "wrong disk, typed": ({"serial": "OTHER-9"}, None, "medium.serial", "Prenez le rapport de ce support"),
    "wrong disk, on file": ({}, OTHER, "report.other-medium", "Prenez le rapport de ce support"),
    "failed, typed as good": ({}, FAILED, "report.contradicts", "Enregistrez ce que dit le fichier"),
    "good once, failed the next day": ({}, TWICE, "report.contradicts", "Enregistrez ce que dit le fichier"),
    "failed, no serial told": ({}, FAILED, "report.contradicts", "ou effacez de nouveau"),
    "overwritten, typed as a purge": (
        {},
        BAD_PDF(**{"Method:": "PRNG Stream"}),
        "report.contradicts",
        "plus faible",
    ),
    "errors, typed as none": (
        {},
        BAD_PDF(**{"Errors(pass/sync/verify/retries):": "3/0/0/0"}),
        "report.contradicts",
        "Le fichier dit",
    ),
    "hidden areas, typed as none": (
        {},
        BAD_PDF(hidden="HIDDEN SECTORS DETECTED"),
        "report.contradicts",
        "Enregistrez ce que dit le fichier",
    ),
    "not verified, typed as verified by the tool": (
        {},
        BAD_PDF(**{"Verify Pass(Last/All/None):": "Verify None"}),
        "report.contradicts",
        "vérifié autrement",
    ),
    "same person twice": (
        {"operator_name": "Alix Exemple", "validator_name": "alix  exemple"},
        None,
        None,
        "nommez-la, ou ne nommez personne",
    ),
    "same person otherwise spelled": (
        {"operator_name": "Élodie Exemple-Fictif", "validator_name": "Mme EXEMPLE FICTIF Elodie"},
        None,
        None,
        "nommez-la, ou ne nommez personne",
    ),
    "tomorrow": ({"day": "2099-01-01"}, None, None, "ne peut pas être postérieur"),
}


@pytest.fixture
def shop(app):
    return Workshop(World.begin())


@pytest.fixture
def caller(app, shop):
    _made, secret = tokens.make_token(shop.actor.person_id, shop.actor.organisation_id, ("write",))
    return Caller(app, shop.actor, secret)


def with_medium(shop, kind="ssd", serial="SSD-1"):
    [unit_id] = shop.received()
    shop.tested([unit_id])
    if kind is not None:
        erasure.count_media(unit_id, [erasure.Found(kind, serial)], "opened", actor=shop.actor.actor)
    return unit_id, next((one.id for one, _ in media_of([unit_id])[unit_id].media), None)


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_the_gate_refuses_each_mutant_at_every_door(app, shop, caller):
    visitor = Visitor(app.test_client(), shop.actor)
    for name, (kind, changes, code, step) in AT_THE_GATE.items():
        _force(shop, ASKED.get(name), LEVELS.get(name, "purge"))
        unit_id, medium = with_medium(shop, kind)
        if changes == "removed":
            erasure.remove_medium(medium, actor=shop.actor.actor)
        elif changes is not None:
            erasure.record_certificate(medium, proof(**(GOOD | changes)), actor=shop.actor.actor)
        if code == "check.refused":
            refuse(shop)
        with pytest.raises(Conflict) as refused:
            bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)
        assert refused.value.code == code, name
        by_program(caller, unit_id, code, step, name)
        by_page(visitor, unit_id, step, name)
    _force(shop, None, "purge")
    unit_id, medium = with_medium(shop)
    erasure.record_certificate(medium, proof(**GOOD), actor=shop.actor.actor)
    bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)


def by_program(caller, unit_id, code, step, name):
    """The verb is refused with the code and, in French, the next step; the object says so beforehand."""
    path = f"/units/{unit_id}:make-ready"
    headers = {"Accept-Language": "fr", "Idempotency-Key": f"mutant-{unit_id}"}
    answer = caller.ask("POST", path, json=GRADE, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (409, code), name
    assert step in plain(answer.json["detail"]), name
    assert step in plain(_in_french(caller, f"/units/{unit_id}")), name
    assert code in {reason["code"] for reason in caller.get(f"/units/{unit_id}")["missing"]}, name


def by_page(visitor, unit_id, step, name):
    """The page says the next step beforehand, and refuses the act with it when it is sent all the same."""
    visitor.open(f"/atelier/appareils/{unit_id}")
    assert step in plain(visitor.text), name
    [token, *_] = visitor.tree.xpath("//input[@name='csrf_token']/@value")
    sent = {f"ready-{key}": str(value) for key, value in GRADE.items()}
    sent |= {"ready-vat_scheme": "standard", "ready-warranty_months": "12", "ready-open_to": "all",
             "ready-functional_state": "ok", "csrf_token": token}  # fmt: skip
    answer = visitor.client.post(f"/atelier/appareils/{unit_id}/pret", data=sent, headers=ORIGIN)
    assert answer.status_code == 409, name
    [summary] = html.fromstring(answer.data).xpath("//*[@role='alert']")
    assert step in plain(summary.text_content()), name


def refuse(shop):
    """Another person checks all that waits, and refuses it."""
    other = colleague(shop.actor)
    check = checking.draw_check("lot/LOT-2026-0001", "unit", actor=shop.actor.actor)
    listed = [one.certificate.id for one in seconding.lines(check.id)]
    read = extracts.digest(extracts.sheet(check.id))
    checking.sign_check(check.id, read, listed, actor=other)


def test_each_reason_of_the_gate_is_tried_or_cannot_be_reached():
    source = Path(gate.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'"([a-z]+\.[a-z-]+)"', source))
    families = {f"result.{one}" for one in RESULTS if one != "ok"} | {f"check.{one}" for one in CHECKS}
    known = written | families | {"hidden.present", "hidden.unknown", "not-verified"}
    tried = {code for _kind, _changes, code, _step in AT_THE_GATE.values()}
    assert known == tried | set(REFUSED_BEFORE)
    assert not tried & set(REFUSED_BEFORE)
    text = (Path(__file__).parents[2] / "docs" / "erasure.md").read_text(encoding="utf-8")
    lines = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    told = {code for line in lines for code in re.findall(r"`([a-z.-]+)`", line)}
    assert known <= told, "docs/erasure.md says what is lawful next for each"


def test_what_a_certificate_may_not_say_is_refused_at_every_door(app, shop, caller):
    visitor = Visitor(app.test_client(), shop.actor)
    for name, (changes, file, code, step) in AT_THE_RECORD.items():
        unit_id, medium = with_medium(shop, serial=None if "no serial" in name else "SSD-1")
        day = changes.get("day")
        said = {key: value for key, value in changes.items() if key != "day"}
        typed = said | ({"erased_at": clock.at_paris(clock.today().replace(year=2099), 12)} if day else {})
        with pytest.raises((Conflict, Invalid)) as refused:
            erasure.record_certificate(medium, proof(**(GOOD | typed)), actor=shop.actor.actor, file=file)
        assert code in (None, refused.value.code), name
        sent = (
            {"tool": "Outil", "erased_on": day or str(clock.today()), "operator_name": "Alix Exemple"}
            | GOOD
            | said
        )
        if file:
            sent["report"] = base64.b64encode(file).decode()
        path = f"/units/{unit_id}/media/{medium}:record-certificate"
        status = 422 if code is None else 409
        answer = caller.ask(
            "POST", path, json=sent, headers={"Accept-Language": "fr", "Idempotency-Key": f"record-{unit_id}"}
        )
        assert answer.status_code == status, name
        assert code in (None, answer.json["code"]), name
        assert step in plain(json.dumps(answer.json, ensure_ascii=False)), name
        visitor.open(f"/atelier/appareils/{unit_id}?bloc=medium{medium}")
        form = {f"medium{medium}-{key}": value for key, value in _typed(sent, file).items()}
        visitor.press("Enregistrer l’attestation", status, **form)
        assert step in plain(visitor.text), name
        assert media_of([unit_id])[unit_id].media[0][1] == [], name


def _typed(sent, file):
    """The same values as a person types them."""
    made = {"technique": sent["technique"], "tool": "Outil", "erased_on": sent["erased_on"],
            "operator_name": sent["operator_name"], "validator_name": sent.get("validator_name", ""),
            "serial": sent.get("serial", "")}  # fmt: skip
    return made | ({"file": (io.BytesIO(file), "rapport.log")} if file else {})


def _in_french(caller, path):
    return " ".join(
        reason["detail"]
        for reason in caller.ask("GET", path, headers={"Accept-Language": "fr"}).json["missing"]
    )


def _force(shop, how, level):
    """What the holder asks for and the level; written here, since devices of this lot are in the workshop already."""

    @db.command
    def write():
        percent = 20 if how == "sample" else None
        checking.write_demand("lot/LOT-2026-0001", how, percent, actor=shop.holder.actor)
        db.session().execute(
            sa.update(Lot).where(Lot.reference == "LOT-2026-0001").values(erasure_policy=level)
        )

    write()
