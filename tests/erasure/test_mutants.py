"""Each mutant of the erasure gate is refused with its reason and the next lawful step, by the verb, on the page and
by the API, on both databases: one literal table."""

from __future__ import annotations

import base64
import io

import pytest

from reuse_market.accounts import tokens
from reuse_market.erasure import checking
from reuse_market.erasure import services as erasure
from reuse_market.erasure.models import ErasureDemand
from reuse_market.erasure.queries import media_of
from reuse_market.kernel import clock, db
from reuse_market.kernel.errors import Conflict, Invalid
from reuse_market.refurbishing import services as bench
from tests.api.conftest import Caller
from tests.lots.visiting import Visitor
from tests.support.erasure_files import Disk, nwipe_log
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
    "not checked": ("ssd", {}, "check.batch", "Faites contrôler et signer leur liste"),
    "media not counted": (None, None, "media.not-counted", "Comptez les supports de stockage"),
    "removed, not destroyed": (
        "ssd",
        "removed",
        "medium.removed",
        "Faites-le détruire et enregistrez son attestation de destruction",
    ),
}
OTHER, FAILED = (
    nwipe_log(Disk("OTHER-9", "SATA-SSD")),
    nwipe_log(Disk("SSD-1", "SATA-SSD", status="-FAILED-")),
)
# mutant: what the certificate or its file says, the code of the refusal, the next step (fr): never even recorded
AT_THE_RECORD = {
    "wrong disk, typed": ({"serial": "OTHER-9"}, None, "medium.serial", "Prenez le rapport de ce support"),
    "wrong disk, on file": ({}, OTHER, "report.other-medium", "Prenez le rapport de ce support"),
    "failed, typed as good": ({}, FAILED, "report.contradicts", "Enregistrez ce que dit le fichier"),
    "same person twice": (
        {"operator_name": "Alix Exemple", "validator_name": "alix  exemple"},
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
        if name == "not checked":
            _force_demand("lot/LOT-2026-0001", shop.holder)
        unit_id, medium = with_medium(shop, kind)
        if changes == "removed":
            erasure.remove_medium(medium, actor=shop.actor.actor)
        elif changes is not None:
            erasure.record_certificate(medium, proof(**(GOOD | changes)), actor=shop.actor.actor)
        with pytest.raises(Conflict) as refused:
            bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)
        assert refused.value.code == code, name
        answer = caller.post(f"/units/{unit_id}:make-ready", 409, **GRADE)
        assert answer["code"] == code, name
        assert step in plain(_in_french(caller, f"/units/{unit_id}")), name
        assert code in {reason["code"] for reason in caller.get(f"/units/{unit_id}")["missing"]}, name
        visitor.open(f"/atelier/appareils/{unit_id}")
        assert step in plain(visitor.text), name
        _undemand("lot/LOT-2026-0001")
    unit_id, medium = with_medium(shop)
    erasure.record_certificate(medium, proof(**GOOD), actor=shop.actor.actor)
    bench.make_ready(unit_id, actor=shop.actor.actor, **GRADE)


def test_what_a_certificate_may_not_say_is_refused_at_every_door(app, shop, caller):
    visitor = Visitor(app.test_client(), shop.actor)
    for name, (changes, file, code, step) in AT_THE_RECORD.items():
        unit_id, medium = with_medium(shop)
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
        answer = caller.post(path, 422 if code is None else 409, **sent)
        assert code in (None, answer["code"]), name
        visitor.open(f"/atelier/appareils/{unit_id}")
        form = {f"medium{medium}-{key}": value for key, value in _typed(sent, file).items()}
        visitor.press("Enregistrer l’attestation", 422 if code is None else 409, **form)
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


def _force_demand(stream, holder):
    """What the holder asks for; written here, since devices of this lot are in the workshop already."""

    @db.command
    def write():
        checking.write_demand(stream, "batch", None, actor=holder.actor)

    write()


def _undemand(stream):
    @db.command
    def write():
        found = db.session().get(ErasureDemand, stream)
        if found is not None:
            db.session().delete(found)

    write()
